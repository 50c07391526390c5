package accounttest

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

func (f fixture) wantFactor(t *testing.T, what string, want account.Factor) {
	t.Helper()
	byID, err := f.ByID(t.Context(), 1)
	if err != nil || !byID.Factor.Equal(want) {
		t.Errorf("%s: by ID the factor is %+v, %v, want %+v", what, byID.Factor, err, want)
	}
	byName, err := f.ByName(t.Context(), "anna")
	if err != nil || !byName.Factor.Equal(want) {
		t.Errorf("%s: by name the factor is %+v, %v, want %+v", what, byName.Factor, err, want)
	}
}

func testFactor(t *testing.T, f fixture) {
	given := someone("Anna")
	given.Factor = account.Factor{Secret: "is set by Change alone"}
	if _, err := f.Create(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	f.create(t, "Ben")
	f.wantFactor(t, "at first", account.Factor{})
	for _, factor := range []account.Factor{
		{Secret: "A"},
		{Secret: "A", On: true, Step: 1<<53 + 1, Recovery: []account.Digest{digest("one"), digest("two"), {}}},
		{Secret: "A", On: true, Step: 1<<53 + 2, Recovery: []account.Digest{digest("two")}},
		{Secret: "A", On: true, Step: 1<<53 + 2},
		{},
		{Secret: "B"},
	} {
		now := f.change(t, 1, func(a *account.Account) { a.Factor = factor })
		if !now.Factor.Equal(factor) {
			t.Errorf("changed to %+v, want %+v", now.Factor, factor)
		}
		f.wantFactor(t, "changed", factor)
		f.change(t, 1, func(a *account.Account) { a.Language += "x" })
		f.wantFactor(t, "after another change", factor)
	}
	refused := errors.New("refused")
	_, err := f.Change(t.Context(), 1, func(a account.Account) (account.Account, error) { a.Factor = account.Factor{}; return a, refused })
	if !errors.Is(err, refused) {
		t.Errorf("a change that revise refuses: %v", err)
	}
	f.wantFactor(t, "after a refused change", account.Factor{Secret: "B"})
	if ben, err := f.ByID(t.Context(), 2); err != nil || !ben.Factor.IsZero() {
		t.Errorf("another user's is %+v, %v", ben.Factor, err)
	}
}

// Of many that use one recovery code at once, one does; each code is used once, and none is lost.
func testRecoveryAtOnce(t *testing.T, f fixture) {
	f.create(t, "Anna")
	words := []string{"one", "two", "three"}
	f.change(t, 1, func(a *account.Account) {
		a.Factor = account.Factor{Secret: "A", On: true}
		for _, word := range words {
			a.Factor.Recovery = append(a.Factor.Recovery, digest(word))
		}
	})
	gone := errors.New("used")
	const each = 8
	outcomes := make(chan error, len(words)*each)
	for _, word := range words[:2] {
		for range each {
			go func() {
				_, err := f.Change(t.Context(), 1, func(a account.Account) (account.Account, error) {
					at := slices.Index(a.Factor.Recovery, digest(word))
					if at < 0 {
						return a, gone
					}
					a.Factor.Recovery = slices.Delete(slices.Clone(a.Factor.Recovery), at, at+1)
					return a, nil
				})
				outcomes <- err
			}()
		}
	}
	used := 0
	for range 2 * each {
		switch err := <-outcomes; {
		case err == nil:
			used++
		case !errors.Is(err, gone):
			t.Error(err)
		}
	}
	if used != 2 {
		t.Errorf("two codes were used %d times", used)
	}
	f.wantFactor(t, "after that", account.Factor{Secret: "A", On: true, Recovery: []account.Digest{digest("three")}})
}

func begun(purpose account.Purpose, ends time.Time) account.Begun {
	return account.Begun{Purpose: purpose, User: 7, Generation: 3, Data: []byte("\x00data\xff"), Ends: ends}
}

func (f fixture) begin(t *testing.T, token string, given account.Begun, now time.Time) {
	t.Helper()
	if err := f.Begin(t.Context(), digest(token), given, now); err != nil {
		t.Fatalf("begin %s: %v", token, err)
	}
}

func testHalves(t *testing.T, f fixture) {
	ctx := t.Context()
	given := begun("code", noon.Add(time.Minute))
	f.begin(t, "a", given, noon)
	f.begin(t, "a", begun("other", noon.Add(time.Hour)), noon) // changes nothing
	f.begin(t, "empty", account.Begun{Purpose: "x", Ends: noon.Add(time.Hour)}, noon)
	same := func(got account.Begun, err error) {
		t.Helper()
		if err != nil || got.Purpose != given.Purpose || got.User != given.User || got.Generation != given.Generation ||
			string(got.Data) != string(given.Data) || !got.Ends.Equal(given.Ends) {
			t.Errorf("begun is %+v, %v, want %+v", got, err, given)
		}
	}
	same(f.Begun(ctx, digest("a")))
	same(f.Begun(ctx, digest("a"))) // is still there
	same(f.Finish(ctx, digest("a")))
	for what, err := range map[string]error{
		"finished twice": second(f.Finish(ctx, digest("a"))), "finished": second(f.Begun(ctx, digest("a"))),
		"never begun": second(f.Finish(ctx, digest("A"))),
	} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, err := f.Finish(ctx, digest("empty")); err != nil || len(got.Data) != 0 || got.User != 0 {
		t.Errorf("without data: %+v, %v", got, err)
	}
	f.begin(t, "old", begun("code", noon.Add(-time.Second)), noon.Add(-time.Minute))
	if _, err := f.Begun(ctx, digest("old")); err != nil {
		t.Errorf("what has ended is there until something else begins: %v", err)
	}
	f.begin(t, "at the end", begun("code", noon), noon)
	f.begin(t, "new", begun("code", noon.Add(time.Minute)), noon)
	if _, err := f.Begun(ctx, digest("old")); !errors.Is(err, fault.NotFound) {
		t.Errorf("what has ended is not forgotten: %v", err)
	}
	if _, err := f.Begun(ctx, digest("at the end")); err != nil {
		t.Errorf("what ends now is forgotten: %v", err)
	}
}

func testHalvesAtOnce(t *testing.T, f fixture) {
	f.begin(t, "a", begun("code", noon.Add(time.Minute)), noon)
	const many = 16
	outcomes := make(chan error, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			_, err := f.Finish(t.Context(), digest("a"))
			outcomes <- err
		})
		all.Go(func() { // others begin, and all forget what has ended
			if err := f.Begin(t.Context(), account.DigestOf("other", string(rune('a'+i))), begun("code", noon), noon.Add(time.Second)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(outcomes)
	finished := 0
	for err := range outcomes {
		switch {
		case err == nil:
			finished++
		case !errors.Is(err, fault.NotFound):
			t.Error(err)
		}
	}
	if finished != 1 {
		t.Errorf("it was finished %d times", finished)
	}
}
