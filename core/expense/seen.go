package expense

import (
	"fmt"
	"strconv"
	"strings"

	"expense-tracker/core/fault"
)

// Seen names a row as the author of a change saw it. After a restore, another row or another content can have the same ID and
// revision; the digest tells them apart. A Seen without a digest names the revision alone.
type Seen struct {
	Revision int
	digest   string
	category string // digest of the name of an expense's category, which no revision of the expense counts
}

// At returns the Seen of a revision, whatever its content.
func At(revision int) Seen { return Seen{Revision: revision} }

// digestBytes is how much of a digest is written: enough that no two contents agree by accident.
const digestBytes = 6

// Seen returns the name of what a reader of the expense sees. The category stands apart, for it is renamed and merged on its own.
func (e Expense) Seen() Seen {
	saw := seen(e.Revision, e.Date.String(), e.Price.String(), e.Note, strconv.FormatBool(e.Deleted))
	saw.category = digestOf(string(e.Category.Name))
	return saw
}

// Seen returns the name of what a reader of the category sees.
func (s CategorySummary) Seen() Seen { return seen(s.Revision, string(s.Category.Name)) }

func seen(revision int, content ...string) Seen {
	return Seen{Revision: revision, digest: digestOf(content...)}
}

func digestOf(content ...string) string {
	digest := fingerprintOf(content...)
	return fmt.Sprintf("%x", digest[:digestBytes])
}

// ParseSeen reads what String writes, or a revision alone.
func ParseSeen(text string) (Seen, error) {
	number, digests, _ := strings.Cut(text, "-")
	digest, category, _ := strings.Cut(digests, "-")
	revision, err := strconv.ParseInt(number, 10, 32) // as wide as the storages keep it
	if err != nil || revision < 1 {
		return Seen{}, fault.Refuse("say which revision you saw: the form on the page has it")
	}
	return Seen{Revision: int(revision), digest: digest, category: category}, nil
}

// String returns the revision and the digests, such as "3-9f86d081884c-1b4f0e985197".
func (s Seen) String() string {
	text := strconv.Itoa(s.Revision)
	for _, digest := range []string{s.digest, s.category} {
		if digest != "" {
			text += "-" + digest
		}
	}
	return text
}

// sawCategory reports whether the expense's category had the name.
func (s Seen) sawCategory(name CategoryName) bool {
	return s.category != "" && s.category == digestOf(string(name))
}

// isOther reports whether the row now has another content than this one had at the same revision.
func (s Seen) isOther(now Seen) bool {
	return s.Revision == now.Revision && s.digest != "" && s.digest != now.digest
}
