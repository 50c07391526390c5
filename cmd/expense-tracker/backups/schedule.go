package backups

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Watcher is told how backups go.
type Watcher interface {
	// Known is told of what the repository holds, when it was read: the newest restored backup, the zero one if there is none, and how
	// many there are.
	Known(newest Backup, kept int)
	// Due is told when the next attempt is.
	Due(at time.Time)
	// Began is told of an attempt.
	Began(at time.Time)
	// Succeeded is told of a backup that was restored and checked.
	Succeeded(result Result)
	// Failed is told in which phase an attempt failed.
	Failed(phase Phase)
	// Skipped is told that another scheduler was at it, and whether it has made a backup.
	Skipped(made bool)
	// Aged is told whether forgetting and checking what is old went well.
	Aged(err error)
	// Based is told of a base backup that was tried, and when it began.
	Based(at time.Time, err error)
}

// Schedule makes backups for as long as its context lasts.
type Schedule struct {
	Job
	Every time.Duration // from one backup's beginning to the next's
	Told  Watcher
	// Soonest and Latest bound the wait after a failure, which grows.
	Soonest, Latest time.Duration
}

// reread is how often the repository is looked at, for what others do to it.
const reread = 30 * time.Minute

// look is how often the clock is asked, so that one that jumps, or a machine that slept, is noticed.
const look = 10 * time.Second

// Run makes a backup when one is due, and at once where there is none yet, or where a base backup was broken off before. What is due
// follows from the repository and the work folder, so a restart forgets nothing. Where the repository or the storage lets nobody in, it is
// tried at once, so that this is told today and not when the next one is due.
func (s Schedule) Run(ctx context.Context) {
	failures, owes := 0, s.owesBase()
	var made time.Time // the last one of this process
	for {
		due := s.Now()
		if failures > 0 {
			due = due.Add(s.pause(failures))
		} else if newest, err := s.newest(ctx); err == nil && !owes && s.letsIn(ctx) {
			due = s.due(newest, made)
		}
		s.Told.Due(due)
		soon := s.Now().Add(reread)
		if due.After(soon) { // somebody may make a backup meanwhile, or remove some
			if !s.sleep(ctx, soon) {
				return
			}
			if failures == 0 {
				continue
			}
		}
		if !s.sleep(ctx, due) {
			return
		}
		began := s.Now()
		switch err := s.attempt(ctx, s.fresh(began, owes)); {
		case ctx.Err() != nil:
			return
		case err == nil: // the next base backup comes with the next backup, whatever became of this one
			failures, made, owes = 0, began, false
		case errors.Is(err, ErrFresh):
			failures = 0
		default:
			failures++
		}
	}
}

// letsIn reports whether the storage can be backed up as far as is seen from here: that it is there, and takes the password.
func (s Schedule) letsIn(ctx context.Context) bool {
	release, err := s.Source.Lock(ctx)
	if release != nil {
		release()
	}
	return err == nil || errors.Is(err, ErrBusy)
}

// due returns when the next backup is due, by the newest in the repository and by when this process made its last: what takes that one away
// again is no reason to make one after the other.
func (s Schedule) due(newest, made time.Time) time.Time {
	now := s.Now()
	if made.After(newest) && !made.After(now) {
		newest = made
	}
	if newest.IsZero() {
		return now
	}
	return newest.Add(s.Every)
}

// fresh returns how young a backup of another scheduler has to be for none to be made now. One that is half as old as a backup may be was
// made just now. None is young enough if a base backup is owed, which comes with the next.
func (s Schedule) fresh(now time.Time, owesBase bool) time.Time {
	if owesBase {
		return InAnyCase(now)
	}
	return now.Add(-s.Every / 2)
}

// newest returns when the newest restored backup was made; the zero time if there is none, an error if that cannot be known.
func (s Schedule) newest(ctx context.Context) (time.Time, error) {
	all, err := s.Repository.List(ctx)
	if errors.Is(err, errMissing) {
		all, err = nil, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	newest, _ := Newest(all, s.Now())
	s.Told.Known(newest, countRestored(all))
	return newest.Time, nil
}

// pause is how long to wait after so many failures in a row.
func (s Schedule) pause(failures int) time.Duration {
	wait := s.Soonest
	for range failures - 1 {
		if wait *= 2; wait >= s.Latest {
			break
		}
	}
	return min(wait, s.Latest, s.Every)
}

// sleep waits until the clock says so, and returns false if there is no use in it any more. A clock that was put back far is not
// waited for.
func (s Schedule) sleep(ctx context.Context, until time.Time) bool {
	for {
		left := until.Sub(s.Now())
		if left > s.Every+look {
			left = 0
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(min(max(left, 0), look)):
		}
		if left <= look {
			return true
		}
	}
}

// attempt makes one backup, unless another was restored after fresh, and says how that went.
func (s Schedule) attempt(ctx context.Context, fresh time.Time) error {
	began := s.Now()
	s.Told.Began(began)
	s.Logger.InfoContext(ctx, "a backup begins")
	result, err := s.Once(ctx, fresh)
	switch {
	case err == nil:
		s.Told.Succeeded(result)
		s.Told.Aged(result.Aged)
		if s.Base != nil {
			s.Told.Based(began, result.Base)
		}
		s.Logger.InfoContext(ctx, "a backup was made, restored and checked", "id", result.ID, "expenses", result.Expenses, "bytes", result.Bytes,
			"kept", result.Kept, slog.Group("took_ms", took(result)...))
		if result.Aged != nil {
			s.Logger.ErrorContext(ctx, "the backup is good, but old ones could not be forgotten, or not all are whole", "error", result.Aged)
		}
		if result.Base != nil {
			s.Logger.ErrorContext(ctx, "the backup is good, but the base backup for moments in between failed", "error", result.Base)
		}
	case ctx.Err() != nil:
		s.Logger.WarnContext(ctx, "a backup was broken off: the program ends", "phase", failedIn(err))
	case errors.Is(err, ErrBusy):
		s.Told.Skipped(false)
		s.Logger.WarnContext(ctx, "no backup was made", "error", err)
	case errors.Is(err, ErrFresh):
		s.Told.Skipped(true)
		s.Logger.InfoContext(ctx, "no backup was made: there is a young one already")
	default:
		s.Told.Failed(failedIn(err))
		s.Logger.ErrorContext(ctx, "the backup failed", "phase", failedIn(err), "error", err)
	}
	return err
}

func took(result Result) (all []any) {
	for _, phase := range Phases() {
		all = append(all, string(phase), float64(result.Took[phase].Microseconds())/1000)
	}
	return all
}
