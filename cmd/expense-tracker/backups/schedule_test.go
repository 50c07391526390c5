package backups

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestABackupFromTheFutureIsNotTheNewest(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
	all := []Backup{
		{ID: "0000000a", Time: now.Add(-48 * time.Hour), Restored: true},
		{ID: "0000000b", Time: now.Add(-24 * time.Hour), Restored: true},
		{ID: "0000000c", Time: now.Add(-time.Hour)},                  // was never restored
		{ID: "0000000d", Time: now.AddDate(3, 0, 0), Restored: true}, // made while the clock was wrong
	}
	newest, found := Newest(all, now)
	if !found || newest.ID != "0000000b" {
		t.Errorf("the newest is %+v, %v", newest, found)
	}
	if _, found := Newest(all[2:], now); found {
		t.Error("what was not restored counts")
	}
	for id, want := range map[string]string{"latest": "0000000b", "0000000c": "0000000c"} {
		if one, err := Find(all, id, now); err != nil || one.ID != want {
			t.Errorf("%s is %+v, %v", id, one, err)
		}
	}
	for _, id := range []string{"", "0", "0000000e", "0000000a1"} {
		if one, err := Find(all, id, now); err == nil {
			t.Errorf("%q is %+v", id, one)
		}
	}
}

func TestTriesThatFailAreTriedMoreSeldom(t *testing.T) {
	t.Parallel()
	s := Schedule{Every: 24 * time.Hour, Soonest: time.Minute, Latest: time.Hour}
	for failures, want := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 4: 8 * time.Minute, 7: time.Hour, 1000: time.Hour} {
		if got := s.pause(failures); got != want {
			t.Errorf("after %d failures: %s, want %s", failures, got, want)
		}
	}
	if s.Every = 10 * time.Minute; s.pause(9) != 10*time.Minute {
		t.Errorf("seldomer than backups are due: %s", s.pause(9))
	}
}

// A clock that was far ahead when a backup was due, and is put back, is not waited for; nor is one that jumps ahead.
func TestAClockThatJumpsIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
	s := Schedule{Every: 24 * time.Hour, Job: Job{Now: func() time.Time { return now }}}
	for what, due := range map[string]time.Time{"put back by years": now.AddDate(4, 0, 0), "ahead by years": now.AddDate(-4, 0, 0)} {
		began := time.Now()
		if !s.sleep(t.Context(), due) || time.Since(began) > 2*time.Second {
			t.Errorf("%s: it waited for %s", what, time.Since(began))
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if s.sleep(ended, now.Add(time.Hour)) {
		t.Error("it goes on after its end")
	}
}

// Whatever becomes of a backup in the place, the next is not made at once.
func TestABackupThatIsGoneIsNotMadeAgainAtOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
	s := Schedule{Every: 24 * time.Hour, Job: Job{Now: func() time.Time { return now }}}
	hour := time.Hour
	for what, c := range map[string]struct{ newest, made, want time.Time }{
		"none yet":                     {want: now},
		"one of before":                {newest: now.Add(-5 * hour), want: now.Add(19 * hour)},
		"one that is gone":             {made: now.Add(-hour), want: now.Add(23 * hour)},
		"one that an older is left of": {newest: now.Add(-30 * hour), made: now.Add(-hour), want: now.Add(23 * hour)},
		"a younger one of another":     {newest: now.Add(-hour), made: now.Add(-5 * hour), want: now.Add(23 * hour)},
		"a clock that was put back":    {made: now.AddDate(3, 0, 0), want: now},
	} {
		if due := s.due(c.newest, c.made); !due.Equal(c.want) {
			t.Errorf("%s: due at %s, want %s", what, due, c.want)
		}
	}
}

// A base backup that an end of the program broke off is made at once, though the dump before it was good.
func TestABaseBackupThatWasBrokenOffIsMadeAtOnce(t *testing.T) {
	bin := readableFolder(t)
	if err := os.WriteFile(filepath.Join(bin, "pgbackrest"), []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	now := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
	s := Schedule{Every: 24 * time.Hour, Job: Job{Work: t.TempDir(), Now: func() time.Time { return now }}}
	if s.owesBase() {
		t.Error("it owes base backups that nobody wants")
	}
	s.Base = &Stanza{Name: "expenses", Source: Postgres{URL: "postgres://owner@db/expenses"}, Environ: []string{"PATH=" + os.Getenv("PATH")}}
	if !s.owesBase() {
		t.Error("it owes none, and none was made yet")
	}
	if err := os.WriteFile(s.baseMark(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s.owesBase() {
		t.Error("it owes one after a good one")
	}
	if err := s.base(t.Context()); err == nil || !s.owesBase() {
		t.Errorf("after one that broke off, %v, it owes none", err)
	}
	dumped := now.Add(-time.Hour)
	if fresh := s.fresh(now, true); dumped.After(fresh) {
		t.Errorf("a dump of an hour ago is in the way: fresh after %s", fresh)
	}
	if fresh := s.fresh(now, false); !dumped.After(fresh) {
		t.Errorf("a dump of an hour ago is not in the way: fresh after %s", fresh)
	}
}

func TestTheServerOfAPlaceIsKnown(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]string{
		"/backups": "", "s3:https://s3.example.org/bucket": "https://s3.example.org", "s3:http://127.0.0.1:9000/bucket": "http://127.0.0.1:9000",
		"s3:s3.amazonaws.com/bucket": "https://s3.amazonaws.com", "rest:http://host/": "http://host", "sftp:host:/folder": "", "rclone:x:y": "",
	} {
		got := ""
		if server := (Repository{Place: place}).server(); server != nil {
			got = server.Scheme + "://" + server.Host
		}
		if got != want {
			t.Errorf("%s: %q, want %q", place, got, want)
		}
	}
}

func TestAnErrorSaysInWhichPhaseItWas(t *testing.T) {
	t.Parallel()
	err := errors.Join(errors.New("other"), &phaseError{PhaseStore, ErrKey})
	if failedIn(err) != PhaseStore || !errors.Is(err, ErrKey) {
		t.Errorf("%v is of phase %s", err, failedIn(err))
	}
}
