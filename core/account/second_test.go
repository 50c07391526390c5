package account_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/fault"
)

// code returns what an app shows some steps from now, for a user whose secret was drawn as that number.
func (h *house) code(name string, steps int64) string {
	h.t.Helper()
	found, err := h.store.ByName(h.t.Context(), account.Folded(name))
	if err != nil {
		h.t.Fatal(err)
	}
	code, err := (&accounttest.Codes{}).Code(found.Factor.Secret, h.now.Unix()/30+steps)
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// guard turns the second factor of a user on, and returns the session and the recovery codes.
func (h *house) guard(name string) (account.Opened, []string) {
	h.t.Helper()
	who := h.signIn(name, right)
	if err := h.StartFactor(h.t.Context(), who.Signed, right, here); err != nil {
		h.t.Fatal(err)
	}
	opened, codes, err := h.ConfirmFactor(h.t.Context(), who.Signed, h.code(name, 0), here)
	if err != nil {
		h.t.Fatal(err)
	}
	h.now = h.now.Add(account.StepLength)
	return opened, codes
}

// forgive makes tries from here uncounted.
func (h *house) forgive() {
	h.t.Helper()
	if err := h.store.Forget(h.t.Context(), account.DigestOf("address", here.Address), account.DigestOf("code", "1"),
		account.DigestOf("name at address", "anna", here.Address)); err != nil {
		h.t.Fatal(err)
	}
}

// half signs in with the password, and wants to be asked for a code.
func (h *house) half(name string) string {
	h.t.Helper()
	opened := h.signIn(name, right)
	if opened.Token != "" || opened.User.ID != 0 || len(opened.Half) != 64 {
		h.t.Fatalf("the password alone opens %+v", opened)
	}
	return opened.Half
}

func (h *house) wantCodeWrong(what string, err error) {
	h.t.Helper()
	h.wantKind(what, err, fault.Unauthenticated)
	if violations := fault.ViolationsOf(err); len(violations) != 1 || violations[0].Field != account.FieldCode {
		h.t.Errorf("%s: %v", what, err)
	}
}

func (h *house) wantTooLate(what string, err error) {
	h.t.Helper()
	h.wantKind(what, err, fault.Unauthenticated)
	if len(fault.ViolationsOf(err)) != 0 {
		h.t.Errorf("%s: %v", what, err)
	}
}

func TestACodeIsAskedForOnceItWasConfirmed(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	who, elsewhere := h.signIn("Anna", right), h.signIn("Anna", right)
	h.wantKind("another's password", h.StartFactor(ctx, who.Signed, other, here), fault.Invalid)
	if state, err := h.SecondFactor(ctx, who.Signed); err != nil || state != (account.SecondFactor{}) {
		t.Errorf("before it is set up: %+v, %v", state, err)
	}
	if _, _, err := h.ConfirmFactor(ctx, who.Signed, "123456", here); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a code before there is a secret: %v", err)
	}
	if err := h.StartFactor(ctx, who.Signed, right, here); err != nil {
		t.Fatal(err)
	}
	state, err := h.SecondFactor(ctx, who.Signed)
	if err != nil || state.On || state.Secret != "SECRET1" || !strings.Contains(state.Link, "Anna?secret=SECRET1") {
		t.Errorf("while it is set up: %+v, %v", state, err)
	}
	h.signIn("Anna", right) // is asked for no code yet
	for _, wrong := range []string{"", "000000", "12345", "1234567", "abcdef", h.code("Anna", 2), h.code("Anna", -2)} {
		_, _, err := h.ConfirmFactor(ctx, who.Signed, wrong, here)
		h.wantKind("confirming with "+wrong, err, fault.Invalid)
	}
	code := h.code("Anna", 1)
	opened, codes, err := h.ConfirmFactor(ctx, who.Signed, code[:3]+" "+code[3:], here)
	if err != nil || len(codes) != account.RecoveryCodes || opened.Token == "" {
		t.Fatalf("confirmed: %+v, %v, %v", opened, codes, err)
	}
	for _, token := range []string{who.Token, elsewhere.Token} {
		h.wantOver("a session from before", token)
	}
	if state, err := h.SecondFactor(ctx, opened.Signed); err != nil || state != (account.SecondFactor{On: true, Left: 10}) {
		t.Errorf("once it is on: %+v, %v", state, err)
	}
	h.wantKind("setting another up", h.StartFactor(ctx, opened.Signed, right, here), fault.Conflict)
	if err := h.DropFactor(ctx, opened.Signed); err != nil {
		t.Error(err)
	}
	half := h.half("Anna") // still asked: what is on is not dropped
	_, err = h.EnterCode(ctx, half, code, here)
	h.wantCodeWrong("the code that confirmed it", err)
	h.now = h.now.Add(2 * account.StepLength)
	if opened, err := h.EnterCode(ctx, half, h.code("Anna", 0), here); err != nil || opened.User.Name != "Anna" {
		t.Errorf("with a code: %+v, %v", opened, err)
	}
}

func TestACodeWorksOnce(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	h.guard("Anna")
	late, now, early := h.code("Anna", 0), h.code("Anna", 1), h.code("Anna", 2)
	h.now = h.now.Add(account.StepLength)
	enter := func(code string) error {
		_, err := h.EnterCode(ctx, h.half("Anna"), code, here)
		return err
	}
	if err := enter(now); err != nil {
		t.Fatal(err)
	}
	h.wantCodeWrong("the same again", enter(now))
	h.wantCodeWrong("one from before it", enter(late))
	if err := enter(early); err != nil {
		t.Errorf("one of the next step: %v", err)
	}
	h.wantCodeWrong("that again", enter(early))
}

// Of many log-ins that bring one code at the same moment one gets in, and so with a recovery code.
func TestOfManyWithOneCodeOneGetsIn(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	_, recovery := h.guard("Anna")
	for _, code := range []string{h.code("Anna", 0), recovery[0]} {
		const many = 8 // within the limit
		h.forgive()
		halves := make([]string, many)
		for i := range halves {
			halves[i] = h.half("Anna")
		}
		var all sync.WaitGroup
		var in sync.Map
		for i, half := range halves {
			all.Go(func() {
				_, err := h.EnterCode(t.Context(), half, code, here)
				if err == nil {
					in.Store(i, true)
				} else if fault.KindOf(err) != fault.Unauthenticated {
					t.Error(err)
				}
			})
		}
		all.Wait()
		entered := 0
		in.Range(func(any, any) bool { entered++; return true })
		if entered != 1 {
			t.Errorf("with %s, %d got in", code, entered)
		}
	}
}

func TestARecoveryCodeStandsInOnce(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	who, codes := h.guard("Anna")
	if _, err := h.EnterCode(ctx, h.half("Anna"), strings.ToLower(strings.ReplaceAll(codes[3], "-", " ")), here); err != nil {
		t.Fatalf("a recovery code as people type it: %v", err)
	}
	half := h.half("Anna")
	_, err := h.EnterCode(ctx, half, codes[3], here)
	h.wantCodeWrong("the same again", err)
	if state, err := h.SecondFactor(ctx, who.Signed); err != nil || state.Left != 9 {
		t.Errorf("left: %+v, %v", state, err)
	}
	other, fresh, err := h.NewRecoveryCodes(ctx, who.Signed, right, here)
	if err != nil || len(fresh) != account.RecoveryCodes {
		t.Fatal(fresh, err)
	}
	h.wantOver("a session from before", who.Token)
	_, err = h.EnterCode(ctx, half, fresh[0], here)
	h.wantTooLate("a log-in from before", err)
	half = h.half("Anna")
	_, err = h.EnterCode(ctx, half, codes[4], here)
	h.wantCodeWrong("a code from before", err)
	if _, err = h.EnterCode(ctx, half, fresh[0], here); err != nil {
		t.Error(err)
	}
	found, err := h.store.ByID(ctx, other.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, digest := range found.Factor.Recovery {
		for _, code := range fresh {
			if strings.Contains(string(digest[:]), code) {
				t.Error("a recovery code is kept as it is")
			}
		}
	}
}

func TestALogInThatWaitsForItsCodeEnds(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	h.guard("Anna")
	half := h.half("Anna")
	if err := h.NeedsCode(ctx, half); err != nil {
		t.Error(err)
	}
	h.wantOver("a half as a session", half)
	for _, forged := range []string{"", "x", half[1:] + "0", strings.Repeat("0", 64), strings.ToUpper(half)} {
		_, err := h.EnterCode(ctx, forged, h.code("Anna", 0), here)
		h.wantTooLate("forged "+forged, err)
	}
	session := h.signIn("Anna", right).Half
	if _, err := h.EnterCode(ctx, session, h.code("Anna", 0), here); err != nil {
		t.Fatal(err)
	}
	_, err := h.EnterCode(ctx, session, h.code("Anna", 1), here)
	h.wantTooLate("one that has gone on", err)
	h.now = h.now.Add(h.HalfEnds())
	h.wantTooLate("after five minutes", h.NeedsCode(ctx, half))
	_, err = h.EnterCode(ctx, half, h.code("Anna", 0), here)
	h.wantTooLate("a code after five minutes", err)

	half = h.half("Anna")
	h.relieve()
	if _, err := h.Disable(ctx, "Anna"); err != nil {
		t.Fatal(err)
	}
	_, err = h.EnterCode(ctx, half, h.code("Anna", 1), here)
	h.wantTooLate("of who was kept out meanwhile", err)
	if _, err := h.Enable(ctx, "Anna"); err != nil {
		t.Fatal(err)
	}
	half = h.half("Anna")
	if _, err := h.ResetPassword(ctx, "Anna", other); err != nil {
		t.Fatal(err)
	}
	_, err = h.EnterCode(ctx, half, h.code("Anna", 1), here)
	h.wantTooLate("after another password", err)
}

// Codes are tried ten times, and then once in five minutes, from wherever; recovery codes are counted apart.
func TestCodesAreNotTriedOut(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	_, recovery := h.guard("Anna")
	half := h.half("Anna")
	for i := range 10 {
		from := account.Client{Address: strings.Repeat("1", i+1)}
		_, err := h.EnterCode(ctx, half, "000000", from)
		h.wantCodeWrong("a guess", err)
		h.half("Anna") // the right password gives no guess back
	}
	_, err := h.EnterCode(ctx, half, h.code("Anna", 0), here)
	h.wantKind("a try too many", err, fault.Throttled)
	var f *fault.Error
	if !errors.As(err, &f) || f.RetryAfter < 4*time.Minute {
		t.Errorf("it waits %s", f.RetryAfter)
	}
	if _, err := h.EnterCode(ctx, half, recovery[0], here); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if _, err := h.EnterCode(ctx, h.half("Anna"), h.code("Anna", 0), here); err != nil {
		t.Errorf("once somebody was let in: %v", err)
	}
}

// A wrong password gets the answer that it gets where there is no second factor, at the same cost.
func TestAWrongPasswordDoesNotTellOfASecondFactor(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	h.guard("Anna")
	said := map[string]bool{}
	for _, name := range []string{"Anna", "Ben", "nobody"} {
		before := h.hasher.Verified.Load()
		_, err := h.SignIn(t.Context(), name, other, here)
		h.wantKind(name, err, fault.Unauthenticated)
		said[err.Error()] = true
		if cost := h.hasher.Verified.Load() - before; cost != 1 {
			t.Errorf("%s costs %d comparisons", name, cost)
		}
	}
	if len(said) != 1 {
		t.Errorf("the answers are %v", said)
	}
}

func TestItIsTurnedOffWithACodeOrThePassword(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	for what, proof := range map[string]func(codes []string) string{
		"the password":    func([]string) string { return right },
		"a code":          func([]string) string { return h.code("Anna", 0) },
		"a recovery code": func(codes []string) string { return codes[9] },
	} {
		who, codes := h.guard("Anna")
		for _, wrong := range []string{"", other, "000000", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"} {
			_, err := h.EndFactor(ctx, who.Signed, wrong, here)
			h.wantKind(wrong, err, fault.Invalid)
			if violations := fault.ViolationsOf(err); len(violations) != 1 || violations[0].Field != account.FieldProof {
				t.Errorf("%q: %v", wrong, err)
			}
			h.forgive()
		}
		opened, err := h.EndFactor(ctx, who.Signed, proof(codes), here)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		h.wantOver("a session from before", who.Token)
		if _, err := h.EndFactor(ctx, opened.Signed, right, here); fault.KindOf(err) != fault.Conflict {
			t.Errorf("turned off twice: %v", err)
		}
		if _, _, err := h.NewRecoveryCodes(ctx, opened.Signed, right, here); fault.KindOf(err) != fault.Conflict {
			t.Errorf("recovery codes of none: %v", err)
		}
		if in := h.signIn("Anna", right); in.Token == "" {
			t.Error("a code is still asked for")
		}
	}
}

// The operator gives another password, and turns the second factor off only when asked to.
func TestTheOperatorTurnsTheSecondFactorOff(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	who, _ := h.guard("Anna")
	if _, err := h.ResetPassword(ctx, "Anna", right); err != nil {
		t.Fatal(err)
	}
	h.wantOver("after another password", who.Token)
	h.half("Anna")
	if _, err := h.ResetAll(ctx, "Anna", right); err != nil {
		t.Fatal(err)
	}
	if in := h.signIn("Anna", right); in.Token == "" {
		t.Error("a code is still asked for")
	}
}
