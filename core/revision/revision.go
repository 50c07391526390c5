// Package revision says what a change starts from: the revision of a row that its author saw, and what the row said.
package revision

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// Basis says what a change starts from and what it wants. So a stale change is refused and a repeated one is recognised.
type Basis struct {
	Revision    int                     // that the author of the change saw
	Fingerprint idempotency.Fingerprint // of what the change does
	At          time.Time               // when it is made; zero if that does not matter
	By          ledger.UserID           // who makes it; 0 if that does not matter
}

// Seen names a row as the author of a change saw it. After a restore, another row or another content can have the same ID and
// revision; the digest tells them apart. A Seen without a digest names the revision alone.
type Seen struct {
	Revision int
	digest   string
	beside   string // digest of what was shown with the row, and is not its own; empty if there is none
}

// At returns the Seen of a revision, whatever its content.
func At(revision int) Seen { return Seen{Revision: revision} }

// Of returns the Seen of a revision with its content.
func Of(revision int, content ...string) Seen {
	return Seen{Revision: revision, digest: digestOf(content...)}
}

// Beside returns the Seen with what the reader saw beside the row, such as the name of its category. No revision of the row counts it,
// for it is changed on its own.
func (s Seen) Beside(content ...string) Seen {
	s.beside = digestOf(content...)
	return s
}

// digestBytes is how much of a digest is written: enough that no two contents agree by accident.
const digestBytes = 6

func digestOf(content ...string) string {
	digest := idempotency.FingerprintOf(content...)
	return fmt.Sprintf("%x", digest[:digestBytes])
}

// Parse reads what String writes, or a revision alone.
func Parse(text string) (Seen, error) {
	number, digests, _ := strings.Cut(text, "-")
	digest, beside, _ := strings.Cut(digests, "-")
	revision, err := strconv.ParseInt(number, 10, 32) // as wide as the storages keep it
	if err != nil || revision < 1 {
		return Seen{}, fault.Refuse("say which revision you saw: the form on the page has it")
	}
	return Seen{Revision: int(revision), digest: digest, beside: beside}, nil
}

// String returns the revision and the digests, such as "3-9f86d081884c-1b4f0e985197".
func (s Seen) String() string {
	text := strconv.Itoa(s.Revision)
	for _, digest := range []string{s.digest, s.beside} {
		if digest != "" {
			text += "-" + digest
		}
	}
	return text
}

// SawBeside reports whether this is what the reader saw beside the row.
func (s Seen) SawBeside(content ...string) bool {
	return s.beside != "" && s.beside == digestOf(content...)
}

// SawOtherBeside reports whether the reader saw something else beside the row. A Seen that does not say what tells nothing.
func (s Seen) SawOtherBeside(content ...string) bool {
	return s.beside != "" && s.beside != digestOf(content...)
}

// IsOther reports whether the row now has another content than this one had at the same revision. What stands beside it does not count.
func (s Seen) IsOther(now Seen) bool {
	return s.Revision == now.Revision && s.digest != "" && s.digest != now.digest
}
