//go:build linux

package backups

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// content is a source whose dump is some bytes.
type content struct {
	bytes []byte
	wrong error // of what is restored
}

func (c content) Lock(context.Context) (func(), error) { return func() {}, nil }
func (c content) Dump(_ context.Context, file string) error {
	return os.WriteFile(file, c.bytes, 0o600)
}
func (c content) Restore(context.Context, string, bool) (string, error) { return "", nil }
func (c content) Tidy(context.Context, string) error                    { return nil }
func (c content) Try(ctx context.Context, file, _ string, check func(context.Context, string) error) error {
	found, err := os.ReadFile(file)
	if err == nil && !bytes.Equal(found, c.bytes) {
		err = errors.New("restored is something else")
	}
	return errors.Join(err, c.wrong, check(ctx, ""))
}

func newJob(t *testing.T, place string, size int) Job {
	t.Helper()
	work := t.TempDir()
	made := content{bytes: make([]byte, size)}
	if _, err := rand.Read(made.bytes); err != nil {
		t.Fatal(err)
	}
	return Job{
		Source:     made,
		Repository: Repository{Place: place, Key: "a key of the tests alone", Environ: os.Environ(), Cache: filepath.Join(work, "cache")},
		Work:       work, Keep: Keep{Daily: 7, Weekly: 4, Monthly: 12}, Timeout: 5 * time.Minute,
		Logger: slog.New(slog.DiscardHandler), Now: time.Now,
		Check: func(context.Context, string) (int64, error) { return 50, nil },
	}
}

// once makes a backup, and demands that it failed in a phase; "" for success. It returns what the error says.
func once(t *testing.T, j Job, phase Phase) string {
	t.Helper()
	result, err := j.Once(t.Context(), time.Now().AddDate(10, 0, 0))
	switch {
	case phase == "" && (err != nil || result.Aged != nil):
		t.Fatalf("%v, %v", err, result.Aged)
	case phase != "" && (err == nil || failedIn(err) != phase):
		t.Fatalf("%v in %q, want it to fail in %q", err, failedIn(err), phase)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// A bit that flips, and a file that is cut short, are found by the backup that needs it, or by the daily look at a part of the place.
func TestDamageOfThePlaceIsFound(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func([]byte) []byte{
		"a bit flips":     func(b []byte) []byte { b[len(b)/3] ^= 4; return b },
		"it is cut short": func(b []byte) []byte { return b[:len(b)/2] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := filepath.Join(t.TempDir(), "place")
			j := newJob(t, place, 200_000)
			once(t, j, "")
			largest := largestFile(t, filepath.Join(place, "data"))
			before, err := os.ReadFile(largest)
			if err != nil {
				t.Fatal(err)
			}
			write(t, largest, damage(slices.Clone(before)))
			once(t, j, PhaseFetch) // what was the same yesterday is not stored again
			all, err := j.Repository.List(t.Context())
			if err != nil || countRestored(all) != 1 {
				t.Errorf("%+v, %v: what could not be fetched counts, or what was restored before does not", all, err)
			}
			found := 0
			for day := range shares {
				if j.Repository.Check(t.Context(), time.Unix(int64(day)*86400, 0)) != nil {
					found++
				}
			}
			if found == 0 {
				t.Error("no look in a week finds it")
			}
			write(t, largest, before)
			once(t, j, "")
		})
	}
}

// With a clock far in the past every other backup is from the future. The one that is made is kept, and so are the others: else the
// schedule would see none, and make one after the other.
func TestAClockFarInThePastForgetsNoBackup(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1970, 2000} {
		t.Run(strconv.Itoa(year), func(t *testing.T) {
			t.Parallel()
			j := newJob(t, filepath.Join(t.TempDir(), "place"), 2000)
			j.Keep = Keep{Daily: 2}
			today := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
			j.Now = func() time.Time { return today }
			for range 3 {
				once(t, j, "")
				today = today.AddDate(0, 0, 1)
			}
			today = time.Date(year, 1, 1, 0, 0, 5, 0, time.UTC)
			result, err := j.Once(t.Context(), today.AddDate(100, 0, 0))
			if err != nil || result.Aged == nil || !strings.Contains(result.Aged.Error(), "from the future") {
				t.Errorf("%v; of what was forgotten it says %v", err, result.Aged)
			}
			all, err := j.Repository.List(t.Context())
			if newest, found := Newest(all, today); err != nil || !found || newest.ID != result.ID || countRestored(all) != 3 {
				t.Errorf("the newest is %+v of %+v, %v", newest, all, err)
			}
			// With the clock put right again, all goes on.
			today = time.Date(2026, 12, 3, 3, 0, 0, 0, time.UTC)
			once(t, j, "")
			if all, err := j.Repository.List(t.Context()); err != nil || countRestored(all) != 2 {
				t.Errorf("afterwards there are %+v, %v", all, err)
			}
		})
	}
}

func largestFile(t *testing.T, folder string) (largest string) {
	t.Helper()
	var size int64
	if err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Size() > size {
			largest, size = path, info.Size()
		}
		return err
	}); err != nil || largest == "" {
		t.Fatalf("no file in %s: %v", folder, err)
	}
	return largest
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// The last backups of days, weeks and months are kept, and what could not be restored takes the place of none that was.
func TestOldBackupsAreForgottenByDaysWeeksAndMonths(t *testing.T) {
	t.Parallel()
	j := newJob(t, filepath.Join(t.TempDir(), "place"), 1000)
	j.Keep = Keep{Daily: 2, Weekly: 1, Monthly: 2}
	if _, err := j.Repository.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	for n, moment := range []string{"2026-09-30 03:00", "2026-10-30 03:00", "2026-11-27 03:00", "2026-11-28 03:00", "2026-11-28 15:00"} {
		store(t, j, file, moment, n)
	}
	bad := j
	bad.Source = content{bytes: []byte("bad"), wrong: errors.New("a wrong total")}
	once(t, bad, PhaseTry)
	j.Now = func() time.Time { return at(t, "2026-11-29 03:00") }
	once(t, j, "")
	// A storage that began anew on the same day does not push out the last backup of before.
	j.Now = func() time.Time { return at(t, "2026-11-29 15:00") }
	j.Check = func(context.Context, string) (int64, error) { return 0, nil }
	once(t, j, "")
	all, err := j.Repository.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var kept, taken []string
	for _, one := range all {
		moment := one.Time.UTC().Format("2006-01-02 15:04")
		if one.Restored {
			kept = append(kept, moment)
		} else {
			taken = append(taken, moment)
		}
	}
	want := []string{"2026-10-30 03:00", "2026-11-28 15:00", "2026-11-29 03:00", "2026-11-29 15:00"}
	if !slices.Equal(kept, want) || len(taken) != 1 {
		t.Errorf("kept are %v, want %v; not restored are %v, want one", kept, want, taken)
	}
}

func at(t *testing.T, moment string) time.Time {
	t.Helper()
	parsed, err := time.Parse("2006-01-02 15:04", moment)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func store(t *testing.T, j Job, file, moment string, n int) {
	t.Helper()
	write(t, createEmpty(t, file), bytes.Repeat([]byte{byte(n)}, 100))
	id, err := j.Repository.Store(t.Context(), file, at(t, moment))
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Repository.MarkRestored(t.Context(), id, 1, 100); err != nil {
		t.Fatal(err)
	}
}

func createEmpty(t *testing.T, file string) string {
	t.Helper()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A place without room fails that backup, keeps what was there, and takes the next one once there is room.
func TestAFullPlaceCostsThatBackup(t *testing.T) {
	t.Parallel()
	place := smallDisk(t, "3m")
	j := newJob(t, place, 200_000)
	once(t, j, "")
	large := newJob(t, place, 8<<20)
	large.Repository.Place = place
	said := once(t, large, PhaseStore)
	if !strings.Contains(said, "is full") && !strings.Contains(said, "no space left") {
		t.Errorf("it says %s", said)
	}
	once(t, j, "")
	all, err := j.Repository.List(t.Context())
	if err != nil || len(all) == 0 || len(all) != countRestored(all) {
		t.Errorf("%+v, %v, want restored ones alone", all, err)
	}
}

// Another program that holds the place keeps a backup from being noted as restored. That is no damage of it.
func TestAPlaceThatIsHeldIsNoDamage(t *testing.T) {
	t.Parallel()
	j := newJob(t, filepath.Join(t.TempDir(), "place"), 1000)
	once(t, j, "")
	holder := exec.Command("restic", "--repo", j.Repository.Place, "--no-cache", "backup", "--stdin")
	holder.Env = append(os.Environ(), "RESTIC_PASSWORD="+j.Repository.Key)
	input, err := holder.StdinPipe()
	if err == nil {
		err = holder.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = holder.Process.Kill() // it may be gone
		_, _ = input.Close(), holder.Wait()
	})
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		locks, err := os.ReadDir(filepath.Join(j.Repository.Place, "locks"))
		if err != nil || time.Since(began) > 30*time.Second {
			t.Fatalf("nobody holds it: %v", err)
		}
		if len(locks) > 0 {
			break
		}
	}
	if said := once(t, j, PhaseStore); !strings.Contains(said, "already locked") {
		t.Errorf("it says %s", said)
	}
}

// A key that can be guessed makes no new repository. One that has such a key goes on, for nothing else opens it.
func TestAShortKeyOpensOnlyWhatItHasMade(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]error{"k": ErrShortKey, "nineteen characters": ErrShortKey, "": nil, "twenty characters ok": nil} {
		r := newJob(t, filepath.Join(t.TempDir(), "place"), 0).Repository
		r.Key = key
		if _, err := r.Open(t.Context()); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", key, err, want)
		}
		if _, err := os.Stat(r.Place); want != nil && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q: the place was made: %v", key, err)
		}
	}
	old := newJob(t, filepath.Join(t.TempDir(), "place"), 1000)
	old.Repository.Key = "k"
	if err := old.Repository.restic(t.Context(), nil, nil, "init"); err != nil { // as an earlier version of the program did
		t.Fatal(err)
	}
	once(t, old, "")
	if all, err := old.Repository.Open(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v: want the one backup", all, err)
	}
}
