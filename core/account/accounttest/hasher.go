package accounttest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"expense-tracker/core/account"
)

// Hasher is an account.Hasher that takes no time, and guards nothing.
type Hasher struct {
	Parameters string       // of new hashes
	Err        error        // the answer of every call, unless it is nil
	made       atomic.Int64 // hashes
	Verified   atomic.Int64 // how often a password was compared with a hash
}

var _ account.Hasher = (*Hasher)(nil)

// Hash implements account.Hasher.
func (h *Hasher) Hash(_ context.Context, password string) (string, error) {
	if h.Err != nil {
		return "", h.Err
	}
	return h.hash(password, h.Parameters, h.made.Add(1)), nil
}

func (h *Hasher) hash(password, parameters string, salt int64) string {
	return fmt.Sprintf("%s.%d.%x", parameters, salt, account.DigestOf(password, strconv.FormatInt(salt, 10)))
}

// Verify implements account.Hasher.
func (h *Hasher) Verify(_ context.Context, password, stored string) (bool, error) {
	h.Verified.Add(1)
	if h.Err != nil {
		return false, h.Err
	}
	parameters, rest, _ := strings.Cut(stored, ".")
	salt, _, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseInt(salt, 10, 64)
	return err == nil && h.hash(password, parameters, n) == stored, nil
}

// NeedsRehash implements account.Hasher.
func (h *Hasher) NeedsRehash(stored string) bool {
	parameters, _, _ := strings.Cut(stored, ".")
	return parameters != h.Parameters
}

// Decoy implements account.Hasher.
func (h *Hasher) Decoy() string { return h.Parameters + ".0.decoy" }
