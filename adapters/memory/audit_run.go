package memory

import (
	"context"
	"time"

	"expense-tracker/core/expense"
)

// auditRun is when totals were last audited, and what came of it.
type auditRun struct {
	begun time.Time
	last  expense.AuditReport
}

// BeginAudit implements expense.Auditor.
func (s *expenseStore) BeginAudit(_ context.Context, now time.Time, every time.Duration) (bool, error) {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	begun := s.audit.begun
	if !begun.IsZero() && begun.After(now.Add(-every)) && !begun.After(now.Add(every)) {
		return false, nil
	}
	s.audit.begun = now
	return true, nil
}

// EndAudit implements expense.Auditor.
func (s *expenseStore) EndAudit(_ context.Context, found expense.AuditReport) error {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	found.Ended = found.Ended.UTC().Truncate(time.Microsecond)
	s.audit.last = found
	return nil
}

// LastAudit implements expense.Auditor.
func (s *expenseStore) LastAudit(context.Context) (expense.AuditReport, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return s.audit.last, nil
}
