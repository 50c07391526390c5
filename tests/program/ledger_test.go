package program_test

import (
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// The settings say what the default ledger has; the storage keeps it, and a start writes only what is another.
func TestTheSettingsOfTheLedgerAreStored(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		serve := func(yaml, currency string) (ledger string, version int64) {
			t.Helper()
			p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "config.yaml", yaml))
			check.Equal(t, "currency on the form", programtest.Visit(t, p.URL).Get("/").Field("currency"), currency)
			if err := p.Stop(); err != nil {
				t.Fatal(err)
			}
			return programtest.Ask[string](t, storage, "SELECT name || ', ' || currency || ', ' || time_zone FROM ledger WHERE id = 1"),
				programtest.Ask[int64](t, storage, "SELECT version FROM ledger WHERE id = 1")
		}
		first, version := serve("ledger:\n  currency: eur\n  time_zone: Pacific/Auckland\n", "EUR")
		check.Equal(t, "ledger", first, "Expenses, EUR, Pacific/Auckland")
		again, same := serve("ledger:\n  currency: EUR\n  time_zone: Pacific/Auckland\n", "EUR")
		check.Equal(t, "ledger of the same settings", again, first)
		check.Equal(t, "version of the same settings", same, version)
		programtest.Execute(t, storage, "UPDATE ledger SET name = 'Household'")
		other, later := serve("ledger:\n  currency: JPY\n  time_zone: UTC\n", "JPY")
		check.Equal(t, "ledger of other settings", other, "Household, JPY, UTC")
		check.Equal(t, "version of other settings", later, version+1)
	})
}
