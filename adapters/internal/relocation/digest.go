package relocation

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/bits"
)

// redrawn are the columns that a copy draws anew and no comparison looks at: no state of a ledger in the copy may have the name of one in
// the original, since browsers and kept pages know states by their names.
var redrawn = map[string]string{"ledger": "mark"}

// Sum is what rows of a table add up to, in whatever order they came.
type Sum struct {
	Table  string
	Rows   int64
	Digest Digest
	Money  map[string]*big.Int // minor units by currency, of each row that has both, as "price USD"
	Last   int64               // number that was given; 0 where the storage gives none
}

// Digest is the sum of the SHA-256 of each row, as a number of 256 bits. So it does not depend on the order of rows, and a row that is
// there twice does not cancel itself out.
type Digest [4]uint64

// String returns the digest in hexadecimal digits.
func (d Digest) String() string {
	var all [sha256.Size]byte
	for i, part := range d {
		binary.BigEndian.PutUint64(all[i*8:], part)
	}
	return hex.EncodeToString(all[:])
}

func (d *Digest) add(row [sha256.Size]byte) {
	var carry uint64
	for i := len(d) - 1; i >= 0; i-- {
		d[i], carry = bits.Add64(d[i], binary.BigEndian.Uint64(row[i*8:]), carry)
	}
}

// summer adds rows up.
type summer struct {
	pair     Pair
	skipped  int // column; -1 for none
	currency int // column; -1 for none
	sum      Sum
	buffer   []byte
}

func newSummer(p Pair) *summer {
	s := &summer{pair: p, skipped: -1, currency: p.column("currency"), sum: Sum{Table: p.Name(), Money: map[string]*big.Int{}}}
	if name, is := redrawn[p.Name()]; is {
		s.skipped = p.column(name)
	}
	return s
}

// row returns the SHA-256 of a row: each value with its kind and length, so that no two rows are written alike.
func (s *summer) row(values []any) ([sha256.Size]byte, error) {
	b := s.buffer[:0]
	for i, value := range values {
		if i == s.skipped {
			continue
		}
		switch v := value.(type) {
		case nil:
			b = append(b, 0)
		case int64:
			b = append(b, 1)
			b = binary.BigEndian.AppendUint64(b, uint64(v)) //nolint:gosec // the same bits
		case string:
			b = append(b, 2)
			b = binary.BigEndian.AppendUint64(b, uint64(len(v)))
			b = append(b, v...)
		case []byte:
			b = append(b, 3)
			b = binary.BigEndian.AppendUint64(b, uint64(len(v)))
			b = append(b, v...)
		default:
			return [sha256.Size]byte{}, fmt.Errorf("%s.%s is a %T", s.pair.Name(), s.pair.From.Columns[i].Name, value)
		}
	}
	s.buffer = b
	return sha256.Sum256(b), nil
}

func (s *summer) add(values []any) error {
	digest, err := s.row(values)
	if err != nil {
		return err
	}
	s.sum.Rows++
	s.sum.Digest.add(digest)
	if s.currency < 0 {
		return nil
	}
	for i, kind := range s.pair.Kinds {
		minor, is := values[i].(int64)
		currency, known := values[s.currency].(string)
		if kind != Money || !is || !known {
			continue
		}
		key := s.pair.From.Columns[i].Name + " " + currency
		total := s.sum.Money[key]
		if total == nil {
			total = new(big.Int)
			s.sum.Money[key] = total
		}
		total.Add(total, big.NewInt(minor))
	}
	return nil
}
