// Package rate is what a ledger's people say a foreign currency is worth in their own, from a day on, and what amounts of several
// currencies make together at that. Service holds the use cases, Store is the port that a storage implements, and ratetest is its
// contract. The totals it asks through a port of its own, Spending.
package rate

import (
	"fmt"
	"strconv"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/revision"
)

// Key names a rate: a ledger has one at most for two currencies and a day.
type Key struct {
	Home     string     // code of the currency that the rate leads to
	Currency string     // code of the one that it is about
	Day      civil.Date // from which it counts
}

// ID is a key as a number above zero. IDs sort by day first.
type ID int64

// letters is how many codes of three letters there are.
const letters = 26 * 26 * 26

// ID returns the key's number. Its codes are three capital letters, and its year has four digits at most.
func (k Key) ID() ID {
	day := int64(k.Day.Year)*10000 + int64(k.Day.Month)*100 + int64(k.Day.Day)
	return ID((day*letters+numberOf(k.Home))*letters + numberOf(k.Currency))
}

// Key returns the key that the number stands for; false if it stands for none.
func (id ID) Key() (Key, bool) {
	n := int64(id)
	if n < 0 {
		return Key{}, false
	}
	currency, home, day := n%letters, n/letters%letters, n/letters/letters
	key := Key{Home: codeOf(home), Currency: codeOf(currency)}
	if day > 9999_12_31 {
		return Key{}, false
	}
	key.Day = civil.Date{Year: int(day / 10000), Month: time.Month(day / 100 % 100), Day: int(day % 100)}
	parsed, err := civil.ParseDate(fmt.Sprintf("%04d-%02d-%02d", key.Day.Year, int(key.Day.Month), key.Day.Day))
	return key, err == nil && parsed == key.Day && key.Home != key.Currency
}

func numberOf(code string) (n int64) {
	for _, letter := range []byte(code) {
		n = n*26 + int64(letter-'A')
	}
	return n
}

func codeOf(n int64) string {
	letters := []byte("AAA")
	for i := len(letters) - 1; i >= 0; i-- {
		letters[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n%26]
		n /= 26
	}
	return string(letters)
}

// Rate is what one unit of a currency is worth in another, from a day on until the next one's day.
type Rate struct {
	Key
	Value    Value // above zero
	Revision int   // 1 when entered, one more with each change
	Removed  bool  // it counts no more, and can be put back
}

// Seen returns the name of what a reader of the rate sees.
func (r Rate) Seen() revision.Seen {
	return revision.Of(r.Revision, strconv.FormatInt(int64(r.ID()), 10), r.Value.String(), strconv.FormatBool(r.Removed))
}

// says reports whether the rate is there and has this value.
func (r Rate) says(value Value) bool { return !r.Removed && r.Value == value }
