package argon2id_test

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/argon2id"
	"expense-tracker/core/fault"
)

func random(b []byte) { _, _ = rand.Read(b) } // it never fails

const password = "correct horse battery staple"

func TestAPasswordFitsItsHashAlone(t *testing.T) {
	h := argon2id.New(argon2id.Options{Random: random})
	hash, err := h.Hash(t.Context(), password)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(hash, password) {
		t.Fatalf("%s, %v", hash, err)
	}
	if other, err := h.Hash(t.Context(), password); err != nil || other == hash {
		t.Errorf("the same password has the same hash twice, %v", err)
	}
	for typed, want := range map[string]bool{password: true, "": false, password + " ": false, strings.ToUpper(password): false} {
		if got, err := h.Verify(t.Context(), typed, hash); err != nil || got != want {
			t.Errorf("%q fits: %t, %v", typed, got, err)
		}
	}
	if decoy := h.Decoy(); len(decoy) != len(hash) || h.NeedsRehash(decoy) {
		t.Errorf("the decoy is %s", decoy)
	} else if fits, err := h.Verify(t.Context(), password, decoy); fits || err != nil {
		t.Errorf("the decoy is fitted: %t, %v", fits, err)
	}
}

// Vectors of the reference implementation (argon2 -id, version 1.3), so that what another program hashed can be verified.
func TestOtherParametersAreUnderstood(t *testing.T) {
	h := argon2id.New(argon2id.Options{Random: random})
	const old = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if fits, err := h.Verify(t.Context(), "password", old); err != nil || !fits {
		t.Errorf("the reference's hash: %t, %v", fits, err)
	}
	if !h.NeedsRehash(old) {
		t.Error("a hash of other parameters need not be made anew")
	}
}

func TestWhatIsNoHashIsRefused(t *testing.T) {
	h := argon2id.New(argon2id.Options{Random: random})
	for _, stored := range []string{
		"", "$", "secret", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ",
		"$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
		"$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
		"$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
		"$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$!", "$argon2id$v=19$m=19456,t=2,p=1$!$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$",
	} {
		fits, err := h.Verify(t.Context(), "", stored)
		if fits || fault.KindOf(err) != fault.Internal || stored != "" && strings.Contains(err.Error(), "c29tZXNhbHQ") {
			t.Errorf("%q: %t, %v", stored, fits, err)
		}
	}
}

// Few hashes are made at once, few wait, and nobody for long.
func TestAFloodWaitsAndIsRefused(t *testing.T) {
	const flood = 40
	waited := make(chan time.Duration, flood)
	h := argon2id.New(argon2id.Options{Random: random, AtOnce: 1, Waiting: 2, Wait: time.Minute,
		Waited: func(_ context.Context, d time.Duration) { waited <- d }})
	done := make(chan error, flood)
	for range flood {
		go func() {
			_, err := h.Hash(t.Context(), password)
			done <- err
		}()
	}
	made, refused := 0, 0
	for range flood {
		var f *fault.Error
		switch err := <-done; {
		case err == nil:
			made++
		case errors.Is(err, fault.Busy) && errors.As(err, &f) && f.RetryAfter > 0:
			refused++
		default:
			t.Error(err)
		}
	}
	if made < 3 || refused == 0 || len(waited) != made {
		t.Errorf("%d made, %d refused, %d waits told", made, refused, len(waited))
	}
	gone, cancel := context.WithCancel(t.Context())
	hold := make(chan error)
	go func() {
		_, err := h.Hash(t.Context(), password)
		hold <- err
	}()
	cancel()
	for range 3 {
		if _, err := h.Hash(gone, password); err != nil && !errors.Is(err, fault.Busy) {
			t.Errorf("one who has gone: %v", err)
		}
	}
	if err := <-hold; err != nil {
		t.Error(err)
	}
}

// Between two hashes the processor is others'.
func TestATurnRestsAfterAHash(t *testing.T) {
	var longest time.Duration
	h := argon2id.New(argon2id.Options{Random: random, AtOnce: 1,
		Waited: func(_ context.Context, d time.Duration) { longest = max(longest, d) }})
	began := time.Now()
	const hashes = 5
	for range hashes {
		if _, err := h.Hash(t.Context(), password); err != nil {
			t.Fatal(err)
		}
	}
	if each := time.Since(began) / hashes; longest < min(each/4, 200*time.Millisecond) || longest > time.Second {
		t.Errorf("a hash that came after another waited %s at most, of %s that each took with its wait", longest, each)
	}
}

// BenchmarkHash measures a hash and the rest before it.
func BenchmarkHash(b *testing.B) {
	h := argon2id.New(argon2id.Options{Random: random})
	for b.Loop() {
		if _, err := h.Hash(b.Context(), password); err != nil {
			b.Fatal(err)
		}
	}
}

// The memory of hashes does not pile up, however rarely the collector comes by itself.
func TestAFloodLeavesLittleBehind(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const enough = 160 << 20
	h := argon2id.New(argon2id.Options{Random: random, AtOnce: 1})
	decoy := h.Decoy()
	for n := range 20 {
		if fits, err := h.Verify(t.Context(), password, decoy); fits || err != nil {
			t.Fatalf("the decoy is fitted: %t, %v", fits, err)
		}
		var now runtime.MemStats
		if runtime.ReadMemStats(&now); now.HeapAlloc > enough {
			t.Fatalf("%d MiB are in use after %d hashes", now.HeapAlloc>>20, n+1)
		}
	}
}
