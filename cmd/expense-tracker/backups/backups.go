// Package backups keeps copies of the storage: it takes one on a schedule, puts it into a repository of restic's, fetches it from there
// again, restores it into a scratch storage and has that checked. Only what passed all of this counts.
//
// restic encrypts, stores in a folder or in an S3-compatible place, and forgets what is too old. PostgreSQL's own programs dump and
// restore.
package backups

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Phase is a step of an attempt, in which it may fail. Its text is a metric's label.
type Phase string

// The phases in their order.
const (
	PhaseOpen   Phase = "open"   // of the repository
	PhaseDump   Phase = "dump"   // the storage into a file
	PhaseStore  Phase = "store"  // the file into the repository
	PhaseFetch  Phase = "fetch"  // the file out of the repository
	PhaseTry    Phase = "try"    // the file restored into a scratch storage, and that checked
	PhaseForget Phase = "forget" // what is too old, and a look at the rest
)

// Phases returns all of them.
func Phases() []Phase {
	return []Phase{PhaseOpen, PhaseDump, PhaseStore, PhaseFetch, PhaseTry, PhaseForget, PhaseBase}
}

// phaseError is of an attempt that failed in a phase.
type phaseError struct {
	Phase Phase
	err   error
}

func (e *phaseError) Error() string { return e.err.Error() }
func (e *phaseError) Unwrap() error { return e.err }

// failedIn returns the phase of an attempt's error.
func failedIn(err error) Phase {
	var failed *phaseError
	if errors.As(err, &failed) {
		return failed.Phase
	}
	return PhaseOpen
}

// ErrBusy is the error of an attempt while another scheduler makes a backup of the same storage.
var ErrBusy = errors.New("another scheduler makes a backup of this storage now")

// Source is a storage that is backed up.
type Source interface {
	// Lock makes sure that nobody else makes a backup of the storage until it is released; ErrBusy if somebody does.
	Lock(ctx context.Context) (release func(), err error)
	// Dump writes all of the storage, as of one moment, to a new file.
	Dump(ctx context.Context, file string) error
	// Try restores the file into a scratch storage within the folder, hands its URL to check, and takes the storage away.
	Try(ctx context.Context, file, folder string, check func(ctx context.Context, url string) error) error
	// Restore makes the file the storage. One that holds expenses is refused, unless it is to be replaced. It returns what is said of it.
	Restore(ctx context.Context, file string, replace bool) (string, error)
	// Tidy ends and removes what an attempt that was killed has left in the folder.
	Tidy(ctx context.Context, folder string) error
}

// Backup is one in the repository.
type Backup struct {
	ID       string
	Time     time.Time // when its dump began
	Restored bool      // it was restored into a scratch storage and found right
	Expenses int64     // that it holds; -1 if that is not known
	Bytes    int64     // of its dump; -1 if that is not known
}

// Result is what a successful attempt brought.
type Result struct {
	Backup
	Took map[Phase]time.Duration
	Kept int   // restored backups in the repository
	Aged error // what went wrong after the backup was restored: forgetting old ones, or the look at the others
	Base error // what went wrong with the base backup, where there is one
}

// Keep is how many backups stay: the last one of so many days, weeks and months that have one.
type Keep struct{ Daily, Weekly, Monthly int }

// skew is how far clocks may be apart.
const skew = 5 * time.Minute

// Newest returns the newest backup that was restored, of those that are not from the future: a clock that was wrong once must not make
// a backup look young for ever.
func Newest(all []Backup, now time.Time) (newest Backup, found bool) {
	for _, one := range all {
		if one.Restored && one.Time.Before(now.Add(skew)) && (!found || one.Time.After(newest.Time)) {
			newest, found = one, true
		}
	}
	return newest, found
}

// countFuture counts the restored backups that are from the future.
func countFuture(all []Backup, now time.Time) (n int) {
	for _, one := range all {
		if one.Restored && one.Time.After(now.Add(skew)) {
			n++
		}
	}
	return n
}

// countRestored counts the backups that were restored.
func countRestored(all []Backup) (n int) {
	for _, one := range all {
		if one.Restored {
			n++
		}
	}
	return n
}

// Find returns the backup whose number begins with id; the newest that was restored for "latest".
func Find(all []Backup, id string, now time.Time) (Backup, error) {
	if id == "latest" {
		newest, found := Newest(all, now)
		if !found {
			return Backup{}, errors.New("there is no backup that was restored and checked; name another by its number: expense-tracker backups list")
		}
		return newest, nil
	}
	var found []Backup
	for _, one := range all {
		if len(id) >= shortID && len(id) <= len(one.ID) && one.ID[:len(id)] == id {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return Backup{}, fmt.Errorf("no backup has the number %s (%d digits of it or more): see expense-tracker backups list", id, shortID)
	}
	if len(found) > 1 {
		return Backup{}, fmt.Errorf("%d backups have the number %s: see expense-tracker backups list", len(found), id)
	}
	return found[0], nil
}

// shortID is how much of a number names a backup.
const shortID = 8
