package accounttest

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// Keys is an account.Keys without cryptography, whose answers Answer and AnswerOf write. A record is how often a passkey was used.
type Keys struct{ asked atomic.Int64 }

var _ account.Keys = (*Keys)(nil)

// Answer returns what a browser answers to the newest question for a new passkey.
func (k *Keys) Answer(credential string) []byte {
	return fmt.Appendf(nil, "make %d %s", k.asked.Load(), credential)
}

// AnswerOf returns what a browser answers to the newest question for a passkey, with how often it was used.
func (k *Keys) AnswerOf(user ledger.UserID, credential string, count int) []byte {
	return fmt.Appendf(nil, "use %d %d %s %d", k.asked.Load(), user, credential, count)
}

func (k *Keys) ask(what string) (options, held []byte, err error) {
	held = fmt.Appendf(nil, "%s %d", what, k.asked.Add(1))
	return []byte(strconv.Quote(string(held))), held, nil
}

// Make implements account.Keys.
func (k *Keys) Make(string, account.User, []account.Passkey) (options, held []byte, err error) {
	return k.ask("make")
}

// Use implements account.Keys.
func (k *Keys) Use(string) (options, held []byte, err error) { return k.ask("use") }

// Made implements account.Keys.
func (*Keys) Made(held, answer []byte) (account.Passkey, error) {
	var asked int64
	var credential string
	if _, err := fmt.Sscanf(string(answer), "make %d %s", &asked, &credential); err != nil || string(held) != fmt.Sprintf("make %d", asked) {
		return account.Passkey{}, wrongAnswer()
	}
	return account.Passkey{Credential: []byte(credential), Record: []byte("0")}, nil
}

func wrongAnswer() error { return account.WrongAnswer("accounttest.Keys", nil) }

// used is an answer as AnswerOf writes it.
type used struct {
	asked, count int64
	user         ledger.UserID
	credential   string
}

func readUsed(answer []byte) (u used, err error) {
	if _, err = fmt.Sscanf(string(answer), "use %d %d %s %d", &u.asked, &u.user, &u.credential, &u.count); err != nil {
		return u, wrongAnswer()
	}
	return u, nil
}

// UserOf implements account.Keys.
func (*Keys) UserOf(answer []byte) (ledger.UserID, error) {
	u, err := readUsed(answer)
	return u.user, err
}

// Used implements account.Keys.
func (*Keys) Used(held, answer []byte, user ledger.UserID, have []account.Passkey) (account.Passkey, error) {
	u, err := readUsed(answer)
	at := slices.IndexFunc(have, func(p account.Passkey) bool { return string(p.Credential) == u.credential })
	if err != nil || at < 0 || u.user != user || string(held) != fmt.Sprintf("use %d", u.asked) {
		return account.Passkey{}, wrongAnswer()
	}
	found := have[at]
	if before, err := strconv.ParseInt(string(found.Record), 10, 64); err != nil || u.count <= before {
		return account.Passkey{}, wrongAnswer()
	}
	found.Record = strconv.AppendInt(nil, u.count, 10)
	return found, nil
}
