// Package argon2id hashes passwords with Argon2id, in the form that PHC strings have, and lets few hashes be made at once, with rests in
// between: each takes memory and a processor for some time, and whoever else asks the program must not wait for that.
package argon2id

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// parameters say what a hash costs.
type parameters struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// today are the parameters that new hashes have: those that OWASP recommends at least.
var today = parameters{memory: 19456, passes: 2, threads: 1}

// most bounds what a stored hash may ask for.
var most = parameters{memory: 1 << 20, passes: 64, threads: 16}

const (
	saltBytes = 16
	keyBytes  = 32
)

// Options bound a Hasher. The zero value of each field stands for what is said with it.
type Options struct {
	Random  func([]byte)                               // fills bytes so that nobody guesses them; must be set
	AtOnce  int                                        // hashes being made at a time; half of the processors, at least 1
	Waiting int                                        // that may wait for their turn; as many as get it within Wait, about
	Wait    time.Duration                              // for a turn, at most; 5s
	Waited  func(ctx context.Context, _ time.Duration) // told how long each waited; nil for nobody
}

func (o Options) withDefaults() Options {
	o.AtOnce = cmp.Or(o.AtOnce, max(1, runtime.GOMAXPROCS(0)/2))
	o.Waiting = cmp.Or(o.Waiting, 24*o.AtOnce)
	o.Wait = cmp.Or(o.Wait, 5*time.Second)
	if o.Waited == nil {
		o.Waited = func(context.Context, time.Duration) {}
	}
	return o
}

// Hasher implements account.Hasher. It is safe for concurrent use.
type Hasher struct {
	options Options
	turns   *semaphore.Weighted
	waiting atomic.Int64
	litter  atomic.Int64 // KiB that hashes took and nobody has collected yet
}

var _ account.Hasher = (*Hasher)(nil)

// New returns a Hasher.
func New(options Options) *Hasher {
	options = options.withDefaults()
	return &Hasher{options: options, turns: semaphore.NewWeighted(int64(options.AtOnce))}
}

// Hash implements account.Hasher.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	h.options.Random(salt)
	key, err := h.key(ctx, "argon2id.Hash", password, hash{parameters: today, salt: salt, key: make([]byte, keyBytes)})
	if err != nil {
		return "", err
	}
	return hash{today, salt, key}.String(), nil
}

// Verify implements account.Hasher.
func (h *Hasher) Verify(ctx context.Context, password, stored string) (bool, error) {
	const op = "argon2id.Verify"
	want, err := parse(stored)
	if err != nil {
		return false, fault.Wrap(fault.Internal, op, err)
	}
	key, err := h.key(ctx, op, password, want)
	return err == nil && subtle.ConstantTimeCompare(key, want.key) == 1, err
}

// NeedsRehash implements account.Hasher.
func (h *Hasher) NeedsRehash(stored string) bool {
	of, err := parse(stored)
	return err == nil && (of.parameters != today || len(of.salt) != saltBytes || len(of.key) != keyBytes)
}

// Decoy implements account.Hasher: it has a key that was drawn, and made of no password.
func (h *Hasher) Decoy() string {
	decoy := hash{parameters: today, salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}
	h.options.Random(decoy.salt)
	h.options.Random(decoy.key)
	return decoy.String()
}

// key makes the key of a password as another hash was made, when its turn comes.
func (h *Hasher) key(ctx context.Context, op, password string, as hash) ([]byte, error) {
	started := time.Now()
	if err := h.takeTurn(ctx); err != nil {
		busy := fault.New(fault.Busy, op, "too many people are signing in just now")
		busy.RetryAfter, busy.Err = time.Second, err
		return nil, busy
	}
	began := time.Now()
	defer func() { h.rest(time.Since(began)) }()
	h.options.Waited(ctx, began.Sub(started))
	length := uint32(len(as.key)) //nolint:gosec // parsed: at most 64
	key := argon2.IDKey([]byte(password), as.salt, as.passes, as.memory, as.threads, length)
	h.collect(as.memory)
	return key, nil
}

// After each hash its turn rests four times as long, and mostRest at most, should the machine be slow: so hashing takes a fifth of half of
// the processors. With two of them, hashes without a rest made one in a hundred pages six times as slow, at whatever priority.
const (
	restFor  = 4
	mostRest = 250 * time.Millisecond
)

// rest gives a turn back when it has rested from a hash that took so long. Who asked for that hash does not wait for it.
func (h *Hasher) rest(took time.Duration) {
	time.AfterFunc(min(restFor*took, mostRest), func() { h.turns.Release(1) })
}

// mostLitter is how much hashes may leave behind, in KiB. The collector alone would let it grow to several times what lives in the program,
// which a small machine or container has not got while log-ins flood.
const mostLitter = 64 << 10

// collect has the memory of hashes collected once it is much. Who hashes waits for it, while it is still their turn.
func (h *Hasher) collect(memory uint32) {
	if h.litter.Add(int64(memory)) >= mostLitter {
		h.litter.Store(0)
		runtime.GC()
	}
}

var errTooMany = errors.New("too many wait for a hash")

func (h *Hasher) takeTurn(ctx context.Context) error {
	if h.turns.TryAcquire(1) {
		return nil
	}
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > int64(h.options.Waiting) {
		return errTooMany
	}
	ctx, cancel := context.WithTimeout(ctx, h.options.Wait)
	defer cancel()
	return h.turns.Acquire(ctx, 1)
}

// hash is a hashed password.
type hash struct {
	parameters
	salt, key []byte
}

// String returns the hash in PHC form.
func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// parse reads what String writes, with any parameters up to most. No error holds a part of the hash.
func parse(text string) (h hash, err error) {
	malformed := errors.New("a stored hash of a password is malformed")
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, malformed
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil {
		return hash{}, malformed
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return hash{}, malformed
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return hash{}, malformed
	}
	switch {
	case h.memory < 8 || h.passes < 1 || h.threads < 1, h.memory > most.memory || h.passes > most.passes || h.threads > most.threads,
		len(h.salt) < 8 || len(h.salt) > 64, len(h.key) < 16 || len(h.key) > 64:
		return hash{}, malformed
	}
	return h, nil
}
