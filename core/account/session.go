package account

import (
	"time"

	"expense-tracker/core/ledger"
)

// SessionID names a session on a page. It is no secret.
type SessionID int64

// Session is a browser that is signed in.
type Session struct {
	ID         SessionID
	User       ledger.UserID
	Generation int // of the account that it was opened for
	Client     Client
	Opened     time.Time
	Used       time.Time // last, to the minute
}

// Ends are when sessions do, by themselves.
type Ends struct {
	Idle time.Duration // after the last use
	Max  time.Duration // after they were opened
}

// skew is how far the clocks of two instances may be apart.
const skew = time.Hour

// isOver reports whether a session has ended by itself. One that was opened after now is of a clock that was wrong, and has no end that
// could be told.
func (e Ends) isOver(s Session, now time.Time) bool {
	return !now.Before(s.Used.Add(e.Idle)) || !now.Before(s.Opened.Add(e.Max)) || s.Opened.After(now.Add(skew))
}

// touchAfter is how old the last use must be before another is written down: a page costs no write.
const touchAfter = time.Minute

// Signed is a user in a session: who asks.
type Signed struct {
	User    User
	Session Session
}

// Opened is a session that was just opened, with the token that its browser keeps and nobody else. Where a log-in needs a code besides
// the password, there is no session yet: Token is empty, and Half is what EnterCode goes on with.
type Opened struct {
	Signed
	Token  string
	Half   string
	Device string // by which the browser is known when it signs in again; it lets nobody in
}
