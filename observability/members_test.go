package observability_test

import (
	"testing"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/member/membertest"
	"expense-tracker/observability"
)

// measuredDatabase is a storage in memory whose members are measured.
type measuredDatabase struct {
	*memory.DB
	members member.Storage
}

func (d measuredDatabase) Members() member.Storage { return d.members }
func (d measuredDatabase) Ledgers() ledger.Store   { return d.DB.Ledgers() }

// A measured storage of members keeps every promise of the one that is measured.
func TestMeasuredMembersKeepTheContract(t *testing.T) {
	membertest.TestStorage(t, func(t *testing.T) membertest.Database {
		db := memory.New()
		return measuredDatabase{db, newTelemetry(t, observability.Options{}).Members(db.Members())}
	})
}
