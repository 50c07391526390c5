package program_test

import (
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// Without a login, a program that a proxy of this machine hands on is everybody's: that is warned of.
func TestAProgramWithoutALoginBehindAProxyWarns(t *testing.T) {
	t.Parallel()
	for setting, warns := range map[string]bool{
		"EXPENSE_TRACKER_BASE_URL=https://expenses.example.org": true, "EXPENSE_TRACKER_WEB_HOSTS=expenses.example.org": true,
		"EXPENSE_TRACKER_WEB_TRUSTED_PROXIES=127.0.0.1": true, "EXPENSE_TRACKER_BASE_URL=http://localhost:5000": false,
	} {
		p := programtest.StartIn(t, []string{setting}, "memory:")
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
		check.Equal(t, setting+" is warned of", strings.Contains(p.Output(), "nobody signs in"), warns)
	}
}
