package backups

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/config"
)

// OpenKey is what backups are encrypted with where no key is set: restic always encrypts, so this is its form of not doing so.
const OpenKey = "open to everybody"

const (
	host        = "expense-tracker" // of every backup, so that they are one line whatever machine makes them
	fileName    = "expense-tracker.dump"
	tagTaken    = "taken"    // stored, and not yet restored
	tagRestored = "restored" // restored and checked
	tagPinned   = "pinned"   // kept for good
	// keepTaken is how many backups stay that could not be restored: they may be the best there is.
	keepTaken = 2
	// shares is in how many parts all of the repository is read and checked, one with each backup.
	shares = 7
)

// Repository is where backups are kept, by restic.
type Repository struct {
	Place         string // a folder, or as restic names it
	Key           string // that encrypts; "" for none. A new repository takes none of less than config.ShortestSecret bytes
	S3ID, S3Token string // of an S3-compatible place; "" to leave it to restic
	Environ       []string
	Cache         string        // folder
	Patience      time.Duration // with a place that is asked what it holds; 0: five minutes
}

// patience is long for a list over a slow line, and short beside the hours that a backup may take.
const patience = 5 * time.Minute

// Errors of a repository that only the operator can mend.
var (
	ErrKey = errors.New("the key does not open the backups: they were made with another key, or without one")
	// ErrNotEmpty is of a folder that has lost what makes it a repository, or is something else.
	ErrNotEmpty = errors.New("the folder holds something that is no repository of backups: " +
		"name an empty folder, or bring back the file config in it")
	// ErrShortKey is of a place without backups. Those that were made with such a key are opened with it as ever.
	ErrShortKey = fmt.Errorf("backup.key has fewer than %d characters, and no backup needs it yet: take a longer one, "+
		"such as of openssl rand -base64 30", config.ShortestSecret)
	errMissing = errors.New("there is no repository yet")
	errRefused = errors.New("refuses backup.s3_key_id and backup.s3_secret")
)

// Open makes sure that the repository is there and opens with the key, and returns the backups. A new one is made in an empty place.
func (r Repository) Open(ctx context.Context) ([]Backup, error) {
	all, err := r.List(ctx)
	if !errors.Is(err, errMissing) && !errors.Is(err, errRefused) { // who may not list is refused what is not there
		return all, err
	}
	if err := r.checkEmpty(); err != nil {
		return nil, err
	}
	if r.Key != "" && len(r.Key) < config.ShortestSecret {
		if errors.Is(err, errRefused) { // perhaps there are backups, and only the place's own secret is wrong
			return nil, err
		}
		return nil, ErrShortKey
	}
	return nil, r.explain(r.restic(ctx, nil, nil, "init"))
}

// checkEmpty refuses to make a repository where there is something.
func (r Repository) checkEmpty() error {
	if !r.isFolder() {
		return nil
	}
	entries, err := os.ReadDir(r.Place)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if entry.Name() != "lost+found" {
			return fmt.Errorf("%s: %w", r.Place, ErrNotEmpty)
		}
	}
	return err
}

func (r Repository) isFolder() bool {
	kind, _, found := strings.Cut(r.Place, ":")
	return !found || strings.ContainsAny(kind, `/\`) || len(kind) == 1 // a drive of Windows
}

// explain makes a clear error of what restic says.
func (r Repository) explain(err error) error {
	const noRepository, wrongKey = 10, 12 // exit codes since restic 0.17
	var failed *toolError
	if !errors.As(err, &failed) {
		return err
	}
	says := func(text string) bool { return strings.Contains(failed.said, text) }
	switch {
	case failed.code() == wrongKey || says("wrong password") || says("no key found"):
		return fmt.Errorf("%s: %w", r.Place, ErrKey)
	case says("Access Denied") || says("InvalidAccessKeyId") || says("SignatureDoesNotMatch") || says("Access Key Id you provided"):
		return fmt.Errorf("%s %w: %w", r.Place, errRefused, err)
	case failed.code() == noRepository || says("Is there a repository"):
		return errors.Join(errMissing, err)
	case says("no space left"):
		return fmt.Errorf("%s is full: %w", r.Place, err)
	}
	return err
}

// List returns the backups, oldest first.
func (r Repository) List(ctx context.Context) ([]Backup, error) {
	bound := cmp.Or(r.Patience, patience)
	ctx, cancel := context.WithTimeoutCause(ctx, bound, fmt.Errorf("%s has not answered for %s", r.Place, bound))
	defer cancel()
	if err := r.reach(ctx); err != nil {
		return nil, err
	}
	var output bytes.Buffer
	if err := r.explain(r.restic(ctx, nil, &output, "snapshots", "--json", "--no-lock", "--host", host)); err != nil {
		return nil, err
	}
	var snapshots []struct {
		ID   string    `json:"id"`
		Time time.Time `json:"time"`
		Tags []string  `json:"tags"`
	}
	if err := json.Unmarshal(output.Bytes(), &snapshots); err != nil {
		return nil, fmt.Errorf("the list of backups cannot be read: %w", err)
	}
	all := make([]Backup, 0, len(snapshots))
	for _, s := range snapshots {
		all = append(all, Backup{
			ID: s.ID, Time: s.Time, Restored: slices.Contains(s.Tags, tagRestored),
			Expenses: tagged(s.Tags, "expenses"), Bytes: tagged(s.Tags, "bytes"),
		})
	}
	slices.SortStableFunc(all, func(a, b Backup) int { return a.Time.Compare(b.Time) })
	return all, nil
}

// tagged returns the number of a tag NAME=NUMBER; -1 without one.
func tagged(tags []string, name string) int64 {
	for _, tag := range tags {
		if text, is := strings.CutPrefix(tag, name+"="); is {
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				return n
			}
		}
	}
	return -1
}

// Store puts a file into the repository, as of a moment, and returns its number. Either all of it is there afterwards, or nothing.
func (r Repository) Store(ctx context.Context, file string, moment time.Time) (id string, err error) {
	content, err := os.Open(file) //nolint:gosec // our own
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	var output bytes.Buffer
	// The program reads the file itself: if this process dies, it meets no end of input that looks like the end of the file.
	if err := r.explain(r.restic(ctx, content, &output, "backup", "--json", "--stdin", "--stdin-filename", fileName, "--host", host,
		"--tag", tagTaken, "--time", moment.UTC().Format(time.DateTime))); err != nil {
		return "", err
	}
	for line := range bytes.Lines(output.Bytes()) {
		var message struct {
			Kind string `json:"message_type"`
			ID   string `json:"snapshot_id"`
		}
		if json.Unmarshal(line, &message) == nil && message.Kind == "summary" {
			id = message.ID
		}
	}
	if id == "" {
		return "", errors.New("restic does not say which number the backup has")
	}
	return id, nil
}

// Fetch writes a backup's file to another, and returns its hash.
func (r Repository) Fetch(ctx context.Context, id string, to io.Writer) ([sha256.Size]byte, error) {
	hash := sha256.New()
	if err := r.explain(r.restic(ctx, nil, io.MultiWriter(to, hash), "dump", id, "/"+fileName)); err != nil {
		return [sha256.Size]byte{}, err
	}
	return [sha256.Size]byte(hash.Sum(nil)), nil
}

// MarkRestored notes with a backup that it was restored and found right.
func (r Repository) MarkRestored(ctx context.Context, id string, expenses, size int64) error {
	return r.explain(r.restic(ctx, nil, nil, "tag", "--host", host, "--set", tagRestored, "--set", fmt.Sprintf("expenses=%d", expenses),
		"--set", fmt.Sprintf("bytes=%d", size), id))
}

// Pin keeps a backup for good, until the operator removes it.
func (r Repository) Pin(ctx context.Context, id string) error {
	return r.explain(r.restic(ctx, nil, nil, "tag", "--host", host, "--add", tagPinned, id))
}

// Forget removes backups that are too old. One that was not restored takes the place of none that was. With a clock that is far behind,
// nothing is removed: the newest backup would look like the oldest.
func (r Repository) Forget(ctx context.Context, all []Backup, keep Keep, now time.Time) error {
	if younger := countFuture(all, now); 2*younger > countRestored(all) {
		return fmt.Errorf("no backup was forgotten: by the clock, which says %s, %d of them are from the future",
			now.UTC().Format(time.RFC3339), younger)
	}
	if len(all)-countRestored(all) > keepTaken {
		if err := r.explain(r.restic(ctx, nil, nil, "forget", "--host", host, "--tag", tagTaken, "--group-by", "host",
			"--keep-last", strconv.Itoa(keepTaken))); err != nil {
			return err
		}
	}
	args := []string{"forget", "--host", host, "--tag", tagRestored, "--group-by", "host", "--keep-tag", tagPinned, "--prune"}
	for name, n := range map[string]int{"--keep-daily": keep.Daily, "--keep-weekly": keep.Weekly, "--keep-monthly": keep.Monthly} {
		if n > 0 {
			args = append(args, name, strconv.Itoa(n))
		}
	}
	return r.explain(r.restic(ctx, nil, nil, args...))
}

// Prune removes what no backup needs, such as what one that failed has left.
func (r Repository) Prune(ctx context.Context) error {
	return r.explain(r.restic(ctx, nil, nil, "prune"))
}

// Check looks whether the repository is whole, and reads one part of it, another each day.
func (r Repository) Check(ctx context.Context, today time.Time) error {
	const day = 24 * time.Hour
	share := today.Unix()/int64(day/time.Second)%shares + 1
	return r.explain(r.restic(ctx, nil, nil, "check", fmt.Sprintf("--read-data-subset=%d/%d", share, shares)))
}

// restic runs restic on the repository. A lock that a process has left which is gone is removed; one of a process that lives is not.
func (r Repository) restic(ctx context.Context, stdin *os.File, stdout io.Writer, args ...string) error {
	err := r.once(ctx, stdin, stdout, args...)
	var failed *toolError
	if !errors.As(err, &failed) || !strings.Contains(failed.said, "already locked") {
		return err
	}
	if err := r.once(ctx, nil, nil, "unlock"); err != nil {
		return err
	}
	if stdin != nil { // nothing was read or written before the lock
		if _, err := stdin.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	return r.once(ctx, stdin, stdout, args...)
}

func (r Repository) once(ctx context.Context, stdin *os.File, stdout io.Writer, args ...string) error {
	path, err := findTool("restic")
	if err != nil {
		return err
	}
	key := r.Key
	if key == "" {
		key = OpenKey
	}
	env := without(r.Environ, "RESTIC_REPOSITORY", "RESTIC_REPOSITORY_FILE", "RESTIC_PASSWORD", "RESTIC_PASSWORD_FILE",
		"RESTIC_PASSWORD_COMMAND", "RESTIC_CACHE_DIR", "TZ")
	env = append(env, "RESTIC_REPOSITORY="+r.Place, "RESTIC_PASSWORD="+key, "RESTIC_CACHE_DIR="+r.Cache, "TZ=UTC")
	if r.S3ID != "" {
		env = append(without(env, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "AWS_ACCESS_KEY_ID="+r.S3ID, "AWS_SECRET_ACCESS_KEY="+r.S3Token)
	}
	if home := filepath.Dir(r.Cache); !slices.ContainsFunc(env, func(v string) bool { return strings.HasPrefix(v, "HOME=") }) {
		env = append(env, "HOME="+home)
	}
	return tool{path: path, args: append([]string{"--quiet"}, args...), env: env, stdin: stdin, stdout: stdout}.run(ctx)
}
