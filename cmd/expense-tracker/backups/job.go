package backups

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Job makes backups, one at a time.
type Job struct {
	Source     Source
	Repository Repository
	Base       *Stanza // whose base backups are made as well; nil for none
	Work       string  // folder of the job alone, for the file, the scratch storage and restic's cache
	Keep       Keep
	Timeout    time.Duration // of one attempt
	Logger     *slog.Logger
	Now        func() time.Time
	// Check demands that a storage which a backup was restored into is right, and counts its expenses.
	Check func(ctx context.Context, url string) (expenses int64, err error)
}

// InAnyCase is a moment that no backup is younger than: with it, Once always makes one.
func InAnyCase(now time.Time) time.Time { return now.AddDate(100, 0, 0) }

// Once makes a backup, unless another was restored after fresh; ErrFresh then. Whatever it is interrupted by, no earlier backup is harmed.
func (j Job) Once(ctx context.Context, fresh time.Time) (result Result, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, j.Timeout, fmt.Errorf("the backup took longer than %s (backup.timeout)", j.Timeout))
	defer cancel()
	release, err := j.begin(ctx)
	if err != nil {
		return Result{}, err
	}
	defer release()
	result.Took = map[Phase]time.Duration{}
	timed := func(phase Phase, do func() error) error {
		began := time.Now()
		err := do()
		result.Took[phase] += time.Since(began)
		if err != nil {
			return &phaseError{phase, err}
		}
		return nil
	}
	var before []Backup
	if err := timed(PhaseOpen, func() (err error) {
		before, err = j.open(ctx, fresh)
		return err
	}); err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, j.clear()) }()
	result.Time = j.Now().Truncate(time.Second)
	file := filepath.Join(j.Work, "dump")
	if err := timed(PhaseDump, func() error { return j.Source.Dump(ctx, file) }); err != nil {
		return result, err
	}
	if err := timed(PhaseStore, func() error { return j.store(ctx, file, &result) }); err != nil {
		return result, err
	}
	if err := timed(PhaseFetch, func() error { return j.fetch(ctx, file, result.ID) }); err != nil {
		return result, err
	}
	if err := timed(PhaseTry, func() error { return j.try(ctx, file, &result) }); err != nil {
		return result, err
	}
	// That the place does not take the note, since it is full or held by another, says nothing against the backup.
	if err := timed(PhaseStore, func() error { return j.note(ctx, before, &result) }); err != nil {
		return result, err
	}
	result.Aged = timed(PhaseForget, func() error { return j.forget(ctx, before, &result) })
	if j.Base != nil {
		result.Base = timed(PhaseBase, func() error { return j.base(ctx) })
	}
	return result, nil
}

// base makes a base backup. While it does, and if it fails, the folder has no mark of a good one.
func (j Job) base(ctx context.Context) error {
	if err := os.Remove(j.baseMark()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := j.Base.Once(ctx, j.Work, j.Now(), func(ctx context.Context, url string) error {
		_, err := j.Check(ctx, url)
		return err
	}); err != nil {
		return err
	}
	return os.WriteFile(j.baseMark(), nil, 0o600)
}

func (j Job) baseMark() string { return filepath.Join(j.Work, "based") }

// owesBase reports whether there ought to be a base backup, and the last one was broken off or failed, or there was none yet.
func (j Job) owesBase() bool {
	if j.Base == nil {
		return false
	}
	_, err := os.Stat(j.baseMark())
	return errors.Is(err, fs.ErrNotExist)
}

// ErrFresh is the error of an attempt for which there is no need: another scheduler has made a backup meanwhile.
var ErrFresh = errors.New("there is a backup already")

// ownMode is the work folder's: PostgreSQL's user has to pass through.
const ownMode = 0o711

// begin takes the folder and the storage for this job, and removes what one that was killed has left.
func (j Job) begin(ctx context.Context) (release func(), err error) {
	if err := os.MkdirAll(j.Work, ownMode); err != nil {
		return nil, &phaseError{PhaseOpen, err}
	}
	ofFolder, err := lockFile(filepath.Join(j.Work, "lock"))
	if err != nil {
		return nil, &phaseError{PhaseOpen, err}
	}
	ofStorage, err := j.Source.Lock(ctx)
	if err != nil {
		ofFolder()
		return nil, &phaseError{PhaseOpen, err}
	}
	release = func() { ofStorage(); ofFolder() }
	if err := errors.Join(j.Source.Tidy(ctx, j.Work), j.clear()); err != nil {
		release()
		return nil, &phaseError{PhaseOpen, err}
	}
	return release, nil
}

// clear removes the files of an attempt.
func (j Job) clear() error {
	return errors.Join(os.RemoveAll(filepath.Join(j.Work, "dump")), os.RemoveAll(filepath.Join(j.Work, "tmp")))
}

func (j Job) open(ctx context.Context, fresh time.Time) ([]Backup, error) {
	all, err := j.Repository.Open(ctx)
	if err != nil {
		return nil, err
	}
	if newest, found := Newest(all, j.Now()); found && newest.Time.After(fresh) {
		return nil, ErrFresh
	}
	return all, nil
}

// store puts the file into the repository. What a try that failed has left there is removed: it may be what filled the place.
func (j Job) store(ctx context.Context, file string, result *Result) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	result.Bytes = info.Size()
	if result.ID, err = j.Repository.Store(ctx, file, result.Time); err != nil {
		if ctx.Err() == nil {
			if tidying := j.Repository.Prune(ctx); tidying != nil {
				j.Logger.WarnContext(ctx, "what the failed backup has left could not be removed", "error", tidying)
			}
		}
		return err
	}
	return nil
}

// fetch brings the file back out of the repository, in the place of the one that went in, and compares the two.
func (j Job) fetch(ctx context.Context, file, id string) error {
	went, err := hashOf(file)
	if err != nil {
		return err
	}
	target, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // our own
	if err != nil {
		return err
	}
	came, err := j.Repository.Fetch(ctx, id, target)
	if err = errors.Join(err, target.Close()); err != nil {
		return err
	}
	if came != went {
		return errors.New("what comes back out of the repository is not what went in: it is damaged; see docs/BACKUPS.md")
	}
	return nil
}

func hashOf(path string) (sum [sha256.Size]byte, err error) {
	file, err := os.Open(path) //nolint:gosec // our own
	if err != nil {
		return sum, err
	}
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	return [sha256.Size]byte(hash.Sum(nil)), errors.Join(err, file.Close())
}

// try restores the file into a scratch storage, and checks that.
func (j Job) try(ctx context.Context, file string, result *Result) error {
	return j.Source.Try(ctx, file, j.Work, func(ctx context.Context, url string) (err error) {
		result.Expenses, err = j.Check(ctx, url)
		return err
	})
}

// note says of a backup in the repository that it was restored and found right.
func (j Job) note(ctx context.Context, before []Backup, result *Result) error {
	if last, found := Newest(before, j.Now()); found && shrank(last.Expenses, result.Expenses) {
		j.Logger.WarnContext(ctx, "the storage has lost most of its expenses since the last backup, which is kept for good", "kept", last.ID,
			"its_expenses", last.Expenses, "expenses", result.Expenses)
		if err := j.Repository.Pin(ctx, last.ID); err != nil {
			return err
		}
	}
	if err := j.Repository.MarkRestored(ctx, result.ID, result.Expenses, result.Bytes); err != nil {
		return err
	}
	result.Restored = true
	return nil
}

// shrank reports whether most of what there was is gone: by a mistake, or since a lost storage began anew. The backup of after that must
// not push out the one of before.
func shrank(before, after int64) bool {
	const few = 20
	return before > few && 2*after < before
}

func (j Job) forget(ctx context.Context, before []Backup, result *Result) error {
	forgotten := j.Repository.Forget(ctx, before, j.Keep, result.Time)
	checked := j.Repository.Check(ctx, j.Now())
	all, err := j.Repository.List(ctx)
	result.Kept = countRestored(all)
	for _, one := range all { // to note that it was restored has given it another number
		if one.Restored && one.Time.Equal(result.Time) {
			result.ID = one.ID
		}
	}
	return errors.Join(forgotten, checked, err)
}

// Fetch writes a backup's file.
func (j Job) Fetch(ctx context.Context, id string, to io.Writer) (Backup, error) {
	all, err := j.Repository.List(ctx)
	if err != nil {
		return Backup{}, err
	}
	found, err := Find(all, id, j.Now())
	if err != nil {
		return Backup{}, err
	}
	_, err = j.Repository.Fetch(ctx, found.ID, to)
	return found, err
}

// Restore makes a backup the storage; the program must be stopped.
func (j Job) Restore(ctx context.Context, id string, replace bool) (found Backup, said string, err error) {
	release, err := j.begin(ctx)
	if err != nil {
		return Backup{}, "", err
	}
	defer release()
	defer func() { err = errors.Join(err, j.clear()) }()
	path := filepath.Join(j.Work, "dump")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // our own
	if err != nil {
		return Backup{}, "", err
	}
	found, err = j.Fetch(ctx, id, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return Backup{}, "", err
	}
	said, err = j.Source.Restore(ctx, path, replace)
	return found, said, err
}
