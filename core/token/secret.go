package token

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"expense-tracker/core/ledger"
)

// Prefix is how every token begins, so that scanners of code and logs know one when they see it.
const Prefix = "et_"

// secretBytes are what makes a token hard to guess.
const secretBytes = 32

// Secret is what a program brings: the ledger's number and 256 bits that nobody guesses. It prints as nothing, so that no log has it by
// mistake.
type Secret struct {
	ledger ledger.ID
	bytes  [secretBytes]byte
}

// Digest is what a storage keeps of a secret.
type Digest [sha256.Size]byte

// Digest returns what a storage keeps.
func (s Secret) Digest() Digest { return sha256.Sum256([]byte(s.Text())) }

// String returns what stands for any secret.
func (s Secret) String() string { return "[token]" }

// GoString returns what stands for any secret.
func (s Secret) GoString() string { return s.String() }

// Text returns the secret as a program sends it, such as "et_12_9f86d0…".
func (s Secret) Text() string {
	return Prefix + strconv.FormatInt(int64(s.ledger), 10) + "_" + hex.EncodeToString(s.bytes[:])
}

// parseSecret reads what Text writes, and nothing else.
func parseSecret(text string) (s Secret, ok bool) {
	rest, ok := strings.CutPrefix(text, Prefix)
	digits, secret, _ := strings.Cut(rest, "_")
	id, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || id < 1 || len(secret) != hex.EncodedLen(secretBytes) {
		return Secret{}, false
	}
	s.ledger = ledger.ID(id)
	if _, err := hex.Decode(s.bytes[:], []byte(secret)); err != nil || s.Text() != text {
		return Secret{}, false
	}
	return s, true
}

// newSecret draws a secret for a ledger.
func (s *Service) newSecret(in ledger.ID) Secret {
	drawn := Secret{ledger: in}
	s.settings.Random(drawn.bytes[:])
	return drawn
}
