package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// slack is what a piece of the log may take from the server to the archive, besides the time that the server waits.
const slack = 5 * time.Second

// drill does all scenarios, and writes the report.
func drill(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	began := time.Now()
	say := func(format string, args ...any) {
		_, _ = fmt.Fprintf(stderr, "%5.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...)) // progress only
	}
	folder, err := os.MkdirTemp("", "drill-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	say("building the program, starting PostgreSQL")
	s, err := newSite(ctx, o, folder)
	if s != nil {
		defer func() { err = errors.Join(err, s.end(ctx)) }()
	}
	if err != nil {
		return err
	}
	prepared, err := s.prepare(ctx, say)
	if err != nil {
		return err
	}
	people := newCrowd(s.program.URL)
	var all []*outcome
	for _, scenario := range []func(context.Context, *crowd, func(string, ...any)) (*outcome, error){
		s.loseAndReplay, s.regret, s.loseAndRestoreDump,
	} {
		one, err := scenario(ctx, people, say)
		if err != nil {
			return err
		}
		one.judge(o.rto)
		people.forget(one.lost)
		all = append(all, one)
	}
	return report(stdout, o, prepared, all)
}

// end ends what runs.
func (s *site) end(ctx context.Context) (err error) {
	if s.program != nil {
		err = s.program.Kill()
	}
	if s.server != nil {
		if _, there := s.server.PID(); there == nil {
			err = errors.Join(err, s.server.Stop(ctx))
		}
	}
	return err
}

// preparation is how long the backups took that everything else stands on.
type preparation struct{ fill, base, dump time.Duration }

// prepare fills the database, backs it up in both ways, and starts the program.
func (s *site) prepare(ctx context.Context, say func(string, ...any)) (took preparation, err error) {
	timed := func(what string, took *time.Duration, do func() error) {
		if err == nil {
			began := time.Now()
			err = do()
			*took = time.Since(began)
			say("%s: %s", what, took.Round(time.Millisecond))
		}
	}
	timed("filling", &took.fill, func() error {
		if err := s.server.Execute(ctx, "postgres", "CREATE DATABASE "+database); err != nil {
			return err
		}
		return s.command(ctx, "generate", "--count", fmt.Sprint(s.count))
	})
	timed("base backup", &took.base, func() error {
		if err := s.pgbackrest(ctx, "stanza-create"); err != nil {
			return err
		}
		return s.pgbackrest(ctx, "backup", "--type=full")
	})
	timed("dump, restored and checked", &took.dump, func() error {
		return s.command(ctx, "backups", "now")
	})
	if err != nil {
		return took, err
	}
	return took, s.serve(ctx)
}

// loseAndReplay loses the volume under load, and restores base backup and log. The program runs on.
func (s *site) loseAndReplay(ctx context.Context, people *crowd, say func(string, ...any)) (*outcome, error) {
	o := &outcome{name: "volume lost, base backup and log", allowed: s.archive + slack}
	stop := people.work(ctx, s.clients)
	defer stop()
	wait(ctx, s.load)
	err := people.sound()
	if err != nil {
		return nil, err
	}
	if o.lostAt, err = s.loseVolume(ctx); err != nil {
		return nil, err
	}
	say("the volume is lost under load; %d were acknowledged", people.acknowledged())
	again := people.next()
	if err := s.replay(ctx, o, "--type=default"); err != nil {
		return nil, err
	}
	if err := s.awaitAdds(ctx, o, again); err != nil {
		return nil, err
	}
	stop()
	return o, s.conclude(ctx, people, o, time.Time{}, say)
}

// regret restores the moment before a mistake.
func (s *site) regret(ctx context.Context, people *crowd, say func(string, ...any)) (*outcome, error) {
	o := &outcome{name: "mistake, back to the moment before"}
	if err := s.pgbackrest(ctx, "backup", "--type=diff"); err != nil { // the first after a restore
		return nil, err
	}
	stop := people.work(ctx, s.clients)
	wait(ctx, min(s.load, 10*time.Second))
	stop()
	wait(ctx, 2*time.Second) // so that no add is at the moment itself
	until := time.Now()
	wait(ctx, time.Second)
	stop = people.work(ctx, s.clients)
	wait(ctx, 2*time.Second)
	stop()
	if err := s.server.Execute(ctx, database, "TRUNCATE expense_entry CASCADE"); err != nil {
		return nil, err
	}
	o.lostAt = time.Now()
	say("a mistake is made; going back to %s", until.UTC().Format(time.RFC3339Nano))
	if err := s.server.Stop(ctx); err != nil { // which archives the rest of the log
		return nil, err
	}
	again := people.next()
	if err := s.replay(ctx, o, "--delta", "--type=time", "--target="+until.UTC().Format("2006-01-02 15:04:05.000000")+"+00",
		"--target-action=promote"); err != nil {
		return nil, err
	}
	// Before anybody adds: what is stored has to be what was acknowledged until the moment.
	if err := people.compare(ctx, s.url(), o, until); err != nil {
		return nil, err
	}
	stop = people.work(ctx, s.clients)
	defer stop()
	if err := s.awaitAdds(ctx, o, again); err != nil {
		return nil, err
	}
	stop()
	people.dropAfter(until, o.lostAt)
	var err error
	if o.verified, err = s.verify(ctx); err != nil {
		return nil, err
	}
	return o, s.agree(ctx)
}

// loseAndRestoreDump loses server, archive and all, and restores the last dump on another server.
func (s *site) loseAndRestoreDump(ctx context.Context, people *crowd, say func(string, ...any)) (*outcome, error) {
	o := &outcome{name: "all lost but the dumps"}
	taken := time.Now()
	if err := s.command(ctx, "backups", "now"); err != nil {
		return nil, err
	}
	stop := people.work(ctx, s.clients)
	defer func() { stop() }()
	wait(ctx, min(s.load, 15*time.Second))
	var err error
	if o.lostAt, err = s.loseVolume(ctx); err != nil {
		return nil, err
	}
	o.allowed = o.lostAt.Sub(taken) // the age of the backup
	say("server and archive are lost under load; the last dump is %s old", o.allowed.Round(time.Second))
	if err := s.program.Kill(); err != nil {
		return nil, err
	}
	stop()
	began := time.Now()
	if err := s.newServer(ctx, "two"); err != nil {
		return nil, err
	}
	if err := s.server.Execute(ctx, "postgres", "CREATE DATABASE "+database); err != nil {
		return nil, err
	}
	if err := s.command(ctx, "backups", "restore", "latest"); err != nil {
		return nil, err
	}
	o.restore = time.Since(began)
	if err := s.serve(ctx); err != nil {
		return nil, err
	}
	people.moved(s.program.URL)
	again := people.next()
	stop = people.work(ctx, s.clients)
	if err := s.awaitAdds(ctx, o, again); err != nil {
		return nil, err
	}
	stop()
	return o, s.conclude(ctx, people, o, time.Time{}, say)
}

// replay restores the server's files and log by pgBackRest, and starts it.
func (s *site) replay(ctx context.Context, o *outcome, args ...string) error {
	began := time.Now()
	if err := s.asServer(ctx, "mkdir", "-p", "-m", "700", s.server.Data()); err != nil {
		return err
	}
	if err := s.pgbackrest(ctx, append(args, "restore")...); err != nil {
		return err
	}
	if err := s.server.Begin(ctx); err != nil {
		return err
	}
	o.restore = time.Since(began)
	return s.awaitPromotion(ctx)
}

// awaitPromotion waits until the server takes writes.
func (s *site) awaitPromotion(ctx context.Context) error {
	for {
		err := s.server.Execute(ctx, database, "CREATE TEMPORARY TABLE writable ()")
		if err == nil || ctx.Err() != nil {
			return err
		}
		wait(ctx, 50*time.Millisecond)
	}
}

// awaitAdds waits for the next acknowledgement, and notes how long after the loss it came.
func (s *site) awaitAdds(ctx context.Context, o *outcome, again <-chan time.Time) error {
	select {
	case at := <-again:
		o.rto = at.Sub(o.lostAt)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * time.Minute):
		return errors.New("nobody could add within two minutes of the restore")
	}
}

// conclude compares, and lets the program check itself.
func (s *site) conclude(ctx context.Context, people *crowd, o *outcome, until time.Time, say func(string, ...any)) (err error) {
	if err := people.compare(ctx, s.url(), o, until); err != nil {
		return err
	}
	if o.verified, err = s.verify(ctx); err != nil {
		return err
	}
	say("%s: %d of %d acknowledged are lost, adds again after %s", o.name, len(o.lost), o.acknowledged, o.rto.Round(10*time.Millisecond))
	return s.agree(ctx)
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
