package accounttest

import (
	"testing"
	"time"

	"expense-tracker/core/account"
)

func charge(by string, burst int, every time.Duration) account.Charge {
	return account.Charge{By: digest(by), Limit: account.Limit{Burst: burst, Every: every}}
}

// take counts a try and returns how long to wait.
func (f fixture) take(t *testing.T, charges ...account.Charge) time.Duration {
	t.Helper()
	wait, err := f.Take(t.Context(), charges...)
	if err != nil {
		t.Fatal(err)
	}
	return wait
}

func testThrottle(t *testing.T, f fixture) {
	address, name := charge("address", 5, time.Hour), charge("name", 3, 2*time.Hour)
	for i := range 3 {
		if wait := f.take(t, address, name); wait != 0 {
			t.Errorf("try %d waits %s", i+1, wait)
		}
	}
	if wait := f.take(t, address, name); wait <= time.Hour || wait > 2*time.Hour {
		t.Errorf("a try too many waits %s, want about 2h", wait)
	}
	// What was refused was counted nowhere.
	for i := range 2 {
		if wait := f.take(t, address); wait != 0 {
			t.Errorf("try %d of the address alone waits %s", i+1, wait)
		}
	}
	if wait := f.take(t, address); wait <= 0 || wait > time.Hour {
		t.Errorf("a try too many of the address waits %s, want about 1h", wait)
	}
	if wait := f.take(t, address, name); wait <= time.Hour {
		t.Errorf("with both in the way the wait is %s, want about 2h", wait)
	}
	if err := f.Forget(t.Context(), name.By); err != nil {
		t.Fatal(err)
	}
	if wait := f.take(t, name); wait != 0 {
		t.Errorf("after it was forgotten a try waits %s", wait)
	}
	if wait := f.take(t); wait != 0 {
		t.Errorf("a try that counts against nothing waits %s", wait)
	}
	if err := f.Tidy(t.Context(), noon, noon); err != nil {
		t.Fatal(err)
	}
	if wait := f.take(t, address); wait <= 0 {
		t.Error("tidying forgets tries that count")
	}
}

// What was counted while the clock was years ahead keeps nobody out when it is set right.
func testThrottleOfAWrongClock(t *testing.T, f fixture) {
	ahead, today := charge("x", 2, 24*time.Hour), charge("x", 1, time.Minute)
	for range 2 {
		if wait := f.take(t, ahead); wait != 0 {
			t.Fatalf("it waits %s", wait)
		}
	}
	if wait := f.take(t, ahead); wait <= 0 {
		t.Error("it waits for nothing: this test shows nothing")
	}
	if wait := f.take(t, today); wait != 0 {
		t.Errorf("it waits %s for a time that no limit leads to", wait)
	}
	if wait := f.take(t, today); wait <= 0 || wait > time.Minute {
		t.Errorf("from then on it waits %s", wait)
	}
}

func testThrottlePasses(t *testing.T, f fixture) {
	limit := charge("x", 1, 40*time.Millisecond)
	if wait := f.take(t, limit); wait != 0 {
		t.Fatalf("the first waits %s", wait)
	}
	for passed := 0; passed < 3; {
		wait := f.take(t, limit)
		if wait > 40*time.Millisecond {
			t.Fatalf("it waits %s", wait)
		}
		if wait == 0 {
			passed++
		}
		time.Sleep(wait)
	}
}

func testThrottleAtOnce(t *testing.T, f fixture) {
	const many, burst = 24, 7
	address, name := charge("address", 100, time.Hour), charge("name", burst, time.Hour)
	waits := make(chan time.Duration, many)
	for i := range many {
		go func() {
			charges := []account.Charge{address, name}
			if i%2 == 0 { // in the other order
				charges[0], charges[1] = charges[1], charges[0]
			}
			wait, err := f.Take(t.Context(), charges...)
			if err != nil {
				t.Error(err)
			}
			waits <- wait
		}()
	}
	taken := 0
	for range many {
		if <-waits == 0 {
			taken++
		}
	}
	if taken != burst {
		t.Errorf("%d of %d passed, want %d", taken, many, burst)
	}
}
