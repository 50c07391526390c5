package backups

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// PhaseBase is of a base backup: PostgreSQL's files, from which and the archived log any moment since can be restored.
const PhaseBase Phase = "base"

// Stanza is what pgBackRest calls a server whose files and log it keeps. Its own configuration says where and how.
type Stanza struct {
	Name    string
	Source  Postgres
	Environ []string
}

// fullEvery is how old the last full base backup becomes before the next one; between them are differences.
const fullEvery = 6 * 24 * time.Hour

// Once makes a base backup, and restores it with all of the log that is archived, into a scratch server that is handed to check.
func (s Stanza) Once(ctx context.Context, work string, now time.Time, check func(ctx context.Context, url string) error) error {
	if err := s.run(ctx, nil, "stanza-create"); err != nil { // which finds one that is there
		return err
	}
	kind := "diff"
	if full, err := s.lastFull(ctx); err != nil {
		return err
	} else if now.Sub(full) > fullEvery {
		kind = "full"
	}
	if err := s.run(ctx, nil, "backup", "--type="+kind, "--start-fast"); err != nil {
		return err
	}
	return s.try(ctx, work, check)
}

// lastFull returns when the last full base backup was made; the zero time if there is none.
func (s Stanza) lastFull(ctx context.Context) (last time.Time, err error) {
	var output bytes.Buffer
	if err := s.run(ctx, &output, "info", "--output=json"); err != nil {
		return last, err
	}
	var stanzas []struct {
		Backups []struct {
			Type      string `json:"type"`
			Timestamp struct {
				Stop int64 `json:"stop"`
			} `json:"timestamp"`
		} `json:"backup"`
	}
	if err := json.Unmarshal(output.Bytes(), &stanzas); err != nil {
		return last, fmt.Errorf("the list of base backups cannot be read: %w", err)
	}
	for _, stanza := range stanzas {
		for _, one := range stanza.Backups {
			if stop := time.Unix(one.Timestamp.Stop, 0); one.Type == "full" && stop.After(last) {
				last = stop
			}
		}
	}
	return last, nil
}

// try restores the newest base backup and the log into a scratch server.
func (s Stanza) try(ctx context.Context, work string, check func(ctx context.Context, url string) error) (err error) {
	scratch := server{folder: filepath.Join(work, "scratch"), environ: s.Environ}
	if err := errors.Join(os.MkdirAll(scratch.data(), 0o700), giveToServer(scratch.folder), giveToServer(scratch.data())); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, scratch.remove(context.WithoutCancel(ctx))) }()
	if err := s.run(ctx, nil, "restore", "--pg1-path="+scratch.data(), "--archive-mode=off"); err != nil {
		return err
	}
	// Whoever reaches the socket is let in; the settings that a standby must share with its primary are not asked for.
	rules := filepath.Join(scratch.folder, "hba")
	if err := errors.Join(os.WriteFile(rules, []byte("local all all trust\n"), 0o600), giveToServer(rules)); err != nil {
		return err
	}
	if err := scratch.start(ctx, "-c hba_file="+rules+" -c hot_standby=off -c archive_mode=off -c autovacuum=off -c ssl=off"); err != nil {
		return err
	}
	user, database, err := s.Source.names()
	if err != nil {
		return err
	}
	return check(ctx, scratch.urlAs(user, database))
}

// run runs pgBackRest as the user that owns the server's files. The password is for servers that ask for one on their sockets, too.
func (s Stanza) run(ctx context.Context, stdout io.Writer, command string, args ...string) error {
	path, err := findTool("pgbackrest")
	if err != nil {
		return err
	}
	_, password, err := s.Source.address()
	if err != nil {
		return err
	}
	return tool{
		path: path, args: append([]string{"--stanza=" + s.Name, "--log-level-console=off", "--log-level-stderr=error", command}, args...),
		env: withPassword(s.Environ, password), stdout: stdout, asServer: true,
	}.run(ctx)
}
