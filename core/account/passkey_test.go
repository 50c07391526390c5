package account_test

import (
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

const site = "https://example.org"

// makePasskey adds a passkey to who is signed in, and returns the session that goes on.
func (h *house) makePasskey(who account.Opened, credential string) account.Opened {
	h.t.Helper()
	asked, err := h.AskForNew(h.t.Context(), who.Signed, site, "phone", right, here)
	if err != nil {
		h.t.Fatal(err)
	}
	opened, err := h.AddPasskey(h.t.Context(), who.Signed, asked.Token, "phone", h.keys.Answer(credential), here)
	if err != nil {
		h.t.Fatal(err)
	}
	return opened
}

// usePasskey signs in with a passkey.
func (h *house) usePasskey(name, credential string, count int) (account.Opened, error) {
	h.t.Helper()
	found, err := h.store.ByName(h.t.Context(), account.Folded(name))
	if err != nil {
		h.t.Fatal(err)
	}
	asked, err := h.AskForAny(h.t.Context(), site, here)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.SignInWithPasskey(h.t.Context(), asked.Token, h.keys.AnswerOf(found.ID, credential, count), here)
}

func TestAPasskeySignsInWithoutPasswordAndCode(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	guarded, _ := h.guard("Anna")
	who := h.makePasskey(guarded, "A")
	h.wantOver("a session from before", guarded.Token)
	in, err := h.usePasskey("Anna", "A", 1)
	if err != nil || in.Token == "" || in.User.Name != "Anna" {
		t.Fatalf("with the passkey: %+v, %v", in, err)
	}
	all, err := h.Passkeys(ctx, who.Signed)
	if err != nil || len(all) != 1 || all[0].Name != "phone" || !all[0].Used.Equal(h.now) || string(all[0].Record) != "1" {
		t.Errorf("passkeys: %+v, %v", all, err)
	}
	_, err = h.usePasskey("Anna", "A", 1)
	h.wantTooLate("a count from before, as of a copy", err)
	_, err = h.usePasskey("Anna", "B", 2)
	h.wantTooLate("one that is not known", err)

	if _, err := h.RemovePasskey(ctx, who.Signed, all[0].ID+1, right, here); fault.KindOf(err) != fault.NotFound {
		t.Errorf("removing one that is not there: %v", err)
	}
	for _, wrong := range []string{"", other, "123456"} {
		_, err := h.RemovePasskey(ctx, who.Signed, all[0].ID, wrong, here)
		h.wantKind("removing one without a proof", err, fault.Invalid)
		if v := fault.ViolationsOf(err); len(v) != 1 || v[0].Field != account.FieldProof {
			t.Errorf("with %q: %v", wrong, v)
		}
	}
	if all, err := h.Passkeys(ctx, who.Signed); err != nil || len(all) != 1 {
		t.Fatalf("passkeys after refused removals: %+v, %v", all, err)
	}
	after, err := h.RemovePasskey(ctx, who.Signed, all[0].ID, right, here)
	if err != nil {
		t.Fatal(err)
	}
	h.wantOver("a session from before", who.Token)
	h.wantOver("that of the passkey", in.Token)
	_, err = h.usePasskey("Anna", "A", 3)
	h.wantTooLate("one that was removed", err)
	if all, err := h.Passkeys(ctx, after.Signed); err != nil || len(all) != 0 {
		t.Errorf("passkeys: %+v, %v", all, err)
	}
}

func TestAChallengeWorksOnce(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	h.add("Ben")
	who := h.makePasskey(h.signIn("Anna", right), "A")
	asked, err := h.AskForAny(ctx, site, here)
	if err != nil {
		t.Fatal(err)
	}
	answer := h.keys.AnswerOf(1, "A", 1)
	for _, forged := range []string{"", "x", strings.Repeat("0", 64), asked.Token[1:] + "0"} {
		_, err := h.SignInWithPasskey(ctx, forged, answer, here)
		h.wantTooLate("the token "+forged, err)
	}
	if _, err := h.SignInWithPasskey(ctx, asked.Token, answer, here); err != nil {
		t.Fatal(err)
	}
	_, err = h.SignInWithPasskey(ctx, asked.Token, h.keys.AnswerOf(1, "A", 2), here)
	h.wantTooLate("a token that was used", err)

	asked, err = h.AskForAny(ctx, site, here)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SignInWithPasskey(ctx, asked.Token, answer, here)
	h.wantTooLate("an answer to another challenge", err)
	_, err = h.SignInWithPasskey(ctx, asked.Token, h.keys.AnswerOf(1, "A", 3), here)
	h.wantTooLate("a token whose answer was wrong", err)

	for name, wrong := range map[string]func(token string) (string, []byte){
		"an old one": func(token string) (string, []byte) {
			h.now = h.now.Add(h.HalfEnds())
			return token, h.keys.AnswerOf(1, "A", 4)
		},
		"another user's":    func(token string) (string, []byte) { return token, h.keys.AnswerOf(2, "A", 4) },
		"nobody's":          func(token string) (string, []byte) { return token, h.keys.AnswerOf(9, "A", 4) },
		"what is no answer": func(token string) (string, []byte) { return token, []byte("\x00{}") },
	} {
		asked, err := h.AskForAny(ctx, site, here)
		if err != nil {
			t.Fatal(err)
		}
		token, answer := wrong(asked.Token)
		_, err = h.SignInWithPasskey(ctx, token, answer, here)
		h.wantTooLate(name, err)
	}

	// A challenge of one kind is none of another.
	half, err := h.AskForNew(ctx, who.Signed, site, "phone", right, here)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SignInWithPasskey(ctx, half.Token, answer, here)
	h.wantTooLate("one for a new passkey", err)
}

func TestANewPasskeyIsOfWhoAskedForIt(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	h.add("Ben")
	anna, ben := h.signIn("Anna", right), h.signIn("Ben", right)
	for field, try := range map[string][2]string{account.FieldName: {" ", right}, account.FieldPassword: {"phone", other}} {
		_, err := h.AskForNew(ctx, anna.Signed, site, try[0], try[1], here)
		h.wantKind(field, err, fault.Invalid)
		if violations := fault.ViolationsOf(err); len(violations) != 1 || violations[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	ask := func() string {
		t.Helper()
		asked, err := h.AskForNew(ctx, anna.Signed, site, "phone", right, here)
		if err != nil {
			t.Fatal(err)
		}
		return asked.Token
	}
	token := ask()
	_, err := h.AddPasskey(ctx, ben.Signed, token, "phone", h.keys.Answer("A"), here)
	h.wantKind("another user's challenge", err, fault.Conflict)
	_, err = h.AddPasskey(ctx, anna.Signed, token, "phone", h.keys.Answer("A"), here)
	h.wantKind("a challenge that was used", err, fault.Conflict)
	_, err = h.AddPasskey(ctx, anna.Signed, ask(), "phone", []byte("make 0 A"), here)
	h.wantKind("an answer to another", err, fault.Invalid)
	token = ask()
	h.now = h.now.Add(h.HalfEnds())
	_, err = h.AddPasskey(ctx, anna.Signed, token, "phone", h.keys.Answer("A"), here)
	h.wantKind("too late", err, fault.Conflict)
	token = ask()
	if _, err := h.ResetPassword(ctx, "Anna", right); err != nil {
		t.Fatal(err)
	}
	_, err = h.AddPasskey(ctx, anna.Signed, token, "phone", h.keys.Answer("A"), here)
	h.wantKind("after another password", err, fault.Conflict)
	if found, err := h.store.ByID(ctx, 1); err != nil || len(found.Passkeys) != 0 {
		t.Errorf("passkeys: %+v, %v", found.Passkeys, err)
	}
}

func TestWhoMayNotComeInHasNoPasskey(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add("Anna")
	h.makePasskey(h.signIn("Anna", right), "A")
	h.relieve()
	if _, err := h.Disable(ctx, "Anna"); err != nil {
		t.Fatal(err)
	}
	_, err := h.usePasskey("Anna", "A", 1)
	h.wantTooLate("of a disabled user", err)
	if _, err := h.Enable(ctx, "Anna"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ResetPassword(ctx, "Anna", right); err != nil {
		t.Fatal(err)
	}
	if _, err := h.usePasskey("Anna", "A", 2); err != nil {
		t.Errorf("after another password: %v", err)
	}
	if _, err := h.ResetAll(ctx, "Anna", right); err != nil {
		t.Fatal(err)
	}
	_, err = h.usePasskey("Anna", "A", 3)
	h.wantTooLate("after the operator has removed them", err)
}

func TestPasskeysAreBounded(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	who := h.signIn("Anna", right)
	for i := range account.MaxPasskeys {
		h.forgive()
		who = h.makePasskey(who, fmt.Sprint("key", i))
	}
	_, err := h.AskForNew(t.Context(), who.Signed, site, "phone", right, here)
	h.wantKind("one too many", err, fault.Conflict)
	for range 30 {
		if _, err := h.AskForAny(t.Context(), site, account.Client{Address: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.AskForAny(t.Context(), site, account.Client{Address: "x"})
	h.wantKind("a challenge too many", err, fault.Throttled)
}
