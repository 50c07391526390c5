package upgrade_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// The version before and this one serve at the same time, while the schema goes from the one's to the other's: each adds, edits and shows
// what the other has added, and no total is wrong. Then only the older one is left, as after a rollback.
func TestTheVersionBeforeServesOnThisSchema(t *testing.T) {
	before := older(t)
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		old := start(t, before.binary, storage)
		add(t, old, "old-1", "1.00")
		add(t, old, "old-2", "2.00")
		current := programtest.Start(t, storage) // which migrates under the old one
		together(t, old, current)
		stop(t, current)
		add(t, old, "old-alone", "8.00")
		check.Equal(t, "the old one's total", programtest.Visit(t, old.URL).Get("/").Total(), "155.25")
		stop(t, old)
		wantSound(t, storage)

		rolledBack(t, before, storage)
		last := programtest.Start(t, storage)
		check.Contains(t, "total", programtest.Visit(t, last.URL).Get("/").Total(), "1")
		stop(t, last)
		wantSound(t, storage)
	})
}

// rolledBack starts the version before alone on this schema. One from before schemas said whom they serve refuses, and says so.
func rolledBack(t *testing.T, before built, storage string) {
	t.Helper()
	knows, err := git(t.Context(), "grep", "--count", "expense_schema_reach", before.commit, "--", "adapters/internal/sqlkit")
	if err != nil || knows == "" {
		result, err := program.Run(t.Context(), before.binary, programtest.Home(t), "--storage", storage, "--listen", "127.0.0.1:0")
		if err != nil || result.Code != 1 || !strings.Contains(result.Stderr, "newer version") {
			t.Errorf("the version before, alone: %+v, %v, want that it refuses the newer schema", result, err)
		}
		return
	}
	old := start(t, before.binary, storage)
	add(t, old, "rolled-back", "1.00")
	if _, err := programtest.SendOnce(old.URL, form("new-1", "16.00")); err != nil {
		t.Error(err)
	}
	stop(t, old)
	wantSound(t, storage)
}

// together lets an older and a newer program work on the rows of each other. Before, 3.00 are stored; afterwards, 147.25.
func together(t *testing.T, old, current *program.Program) {
	t.Helper()
	add(t, current, "new-1", "16.00")
	add(t, old, "old-3", "4.00")
	add(t, current, "new-2", "32.00")
	for _, again := range []struct {
		at  *program.Program
		key string
	}{{old, "new-1"}, {current, "old-1"}, {old, "old-1"}, {current, "new-1"}} {
		price := map[string]string{"new-1": "16.00", "old-1": "1.00"}[again.key]
		one, err := programtest.SendOnce(again.at.URL, form(again.key, price))
		if err != nil {
			t.Fatal(err)
		}
		other, err := programtest.SendOnce(current.URL, form(again.key, price))
		if err != nil {
			t.Fatal(err)
		}
		check.Equal(t, again.key+" sent again", one.ID, other.ID)
	}
	oldUser, newUser := programtest.Visit(t, old.URL), programtest.Visit(t, current.URL)
	check.Equal(t, "total of the old one", oldUser.Get("/").Total(), "55.00")
	check.Equal(t, "total of the new one", newUser.Get("/").Total(), "55.00")

	link := newUser.Add("both", "64.00").Newest().Link
	oldUser.Submit(link, oldUser.Get(link).Change("price", "64.25", "note", "by the old one"))
	check.Equal(t, "an edit by the old one", newUser.Get(link).Field("price"), "64.25")
	newUser.Submit(link, newUser.Get(link).Change("price", "92.25", "note", "by the new one"))
	check.Equal(t, "an edit by the new one", oldUser.Get(link).Field("price"), "92.25")
	check.Equal(t, "total of the old one", oldUser.Get("/").Total(), "147.25")
	check.Equal(t, "total of the new one", newUser.Get("/").Total(), "147.25")
}

// A version to come that only adds to the schema can be taken back: this one serves on.
func TestThisVersionServesOnTheNextSchemaThatOnlyAdds(t *testing.T) {
	const added = "ALTER TABLE expense_entry ADD COLUMN of_the_future %s;\n" +
		"CREATE TABLE of_the_future (ledger_id bigint NOT NULL, id bigint NOT NULL);"
	expands := newer(t, "00998_expand.sql", strings.ReplaceAll(fmt.Sprintf(added, "TEXT"), "bigint", "INTEGER"), fmt.Sprintf(added, "text"))
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		current := programtest.Start(t, storage)
		add(t, current, "old-1", "1.00")
		add(t, current, "old-2", "2.00")
		next := start(t, expands, storage)
		together(t, current, next)
		stop(t, next)
		stop(t, current)
		back := programtest.Start(t, storage)
		add(t, back, "rolled-back", "8.00")
		check.Equal(t, "total after the rollback", programtest.Visit(t, back.URL).Get("/").Total(), "155.25")
		stop(t, back)
		wantSound(t, storage)

		again := start(t, expands, storage)
		check.Equal(t, "total of the next version", programtest.Visit(t, again.URL).Get("/").Total(), "155.25")
		stop(t, again)
	})
}

func TestThisVersionRefusesTheNextSchemaThatTakesAway(t *testing.T) {
	const taken = "UPDATE expense_schema_reach SET oldest = 998;"
	contracts := newer(t, "00998_contract.sql", taken, taken)
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		stop(t, start(t, contracts, storage))
		result := programtest.Command(t, "--storage", storage, "--listen", "127.0.0.1:0")
		if result.Code != 1 || !strings.Contains(result.Stderr, "newer version") {
			t.Errorf("on a schema that has taken something away: %+v", result)
		}
	})
}

// start runs a binary of another version on a storage. It ends with the test.
func start(t *testing.T, binary, storage string) *program.Program {
	t.Helper()
	p, err := program.Start(t.Context(), binary, programtest.Home(t), "--storage", storage, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("another version printed:\n%s", programtest.Tail(p.Output()))
		}
	})
	return p
}

func stop(t *testing.T, p *program.Program) {
	t.Helper()
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
}

func form(key, price string) url.Values {
	return programtest.Form("category", "food", "price", price, "idempotency_key", key)
}

func add(t *testing.T, p *program.Program, key, price string) {
	t.Helper()
	if _, err := programtest.Persist(p.URL, form(key, price)); err != nil {
		t.Fatal(err)
	}
}

func wantSound(t *testing.T, storage string) {
	t.Helper()
	if said := programtest.Succeed(t, "verify", "--storage", storage); !strings.Contains(said, " 0 differences") {
		t.Error(said)
	}
}
