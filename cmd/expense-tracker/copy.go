package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/adapters/relocated"
	"expense-tracker/config"
	"expense-tracker/observability"
)

const longCopy = `Copy everything from one storage into another, exactly: people with their passwords, second steps, passkeys and links, who
is signed in, ledgers, members, invitations, tokens, expenses with their keys, history and bin, budgets, repeats, rates and the log.

Stop the program first. The target has to be empty, or what a first start leaves. Nobody sees anything of the copy until it is compared
with the source, row by row; whatever interrupts it before leaves the target as it was. With PostgreSQL a copy is made by the owner of the
tables. What is left out of --from and --to is the configured storage. Passwords need not stand in the URLs: PGPASSWORD and a file of
passwords (PGPASSFILE) are read.`

// whereabouts is one end of a copy: the settings with its storage in place of the configured one.
type whereabouts struct{ settings config.Config }

// url returns the storage's URL, with the password that may have been given apart from it.
func (w whereabouts) url() string  { return servingURL(w.settings) }
func (w whereabouts) name() string { return w.settings.Storage.Masked() }

// copying is what the flags of a copy say.
type copying struct {
	from, to, fromOwner, toOwner string
	inUse, compare               bool
}

func newCopy(p process) *cobra.Command {
	var c copying
	command := &cobra.Command{
		Use: "copy --from URL --to URL", Short: "Copy everything from one storage into another that is empty, and compare the two",
		Long: longCopy, Args: nothingElse,
	}
	flags := command.Flags()
	flags.StringVar(&c.from, "from", "", "the storage that is copied")
	flags.StringVar(&c.to, "to", "", "the storage that gets everything")
	flags.StringVar(&c.fromOwner, "from-owner", "", "postgres:// URL of the owner of the tables in --from, where that is another role")
	flags.StringVar(&c.toOwner, "to-owner", "",
		"postgres:// URL of the owner of the tables in --to; the role of --to is made if it is not there")
	flags.BoolVar(&c.inUse, "in-use", false, "copy one moment of a source that is in use; what it takes afterwards is not in the copy")
	flags.BoolVar(&c.compare, "compare", false, "copy nothing: only compare the two")
	command.RunE = func(command *cobra.Command, _ []string) error {
		load := loadConfig
		if c.from != "" && c.to != "" { // the storage in the user's data folder is neither, and perhaps there can be none
			load = readConfig
		}
		settings, _, err := load(p, command)
		if err != nil {
			return err
		}
		logger, err := observability.NewLogger(p.stderr, settings.Log.Level, settings.Log.Format)
		if err != nil {
			return err
		}
		from, to, err := c.ends(settings)
		if err != nil {
			return err
		}
		return c.run(command.Context(), p, logger, from, to)
	}
	return command
}

// ends returns what is copied where.
func (c copying) ends(settings config.Config) (from, to whereabouts, err error) {
	if c.from == "" && c.to == "" {
		return from, to, errors.New("say what is copied where: expense-tracker copy --from URL --to URL")
	}
	from, to = end(settings, c.from, c.fromOwner), end(settings, c.to, c.toOwner)
	if from.url() == to.url() {
		return from, to, errors.New("--from and --to are the same storage")
	}
	if err := checkEnd("from", from, c.fromOwner); err != nil {
		return from, to, err
	}
	return from, to, checkEnd("to", to, c.toOwner)
}

// checkEnd refuses a storage that nobody knows, and an owner that has no tables there. The flag is that of the storage, without hyphens.
func checkEnd(flag string, w whereabouts, owner string) error {
	known, err := schemeOf(w.settings.Storage)
	if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	if owner == "" {
		return nil
	}
	of, err := schemeOf(config.StorageURL(owner))
	if err != nil || !of.hasOwner || !known.hasOwner {
		return fmt.Errorf("--%s-owner: an owner of tables goes with --%s in PostgreSQL, and is one there", flag, flag)
	}
	return nil
}

// end returns one end. The configured passwords and owner are those of the configured storage alone.
func end(settings config.Config, url, owner string) whereabouts {
	configured := url == "" || url == string(settings.Storage)
	if url != "" {
		settings.Storage = config.StorageURL(url)
	}
	if !configured {
		settings.StoragePassword = ""
	}
	if owner != "" || !configured {
		settings.StorageOwner, settings.StorageOwnerPassword = config.StorageURL(owner), ""
	}
	return whereabouts{settings}
}

func (c copying) run(ctx context.Context, p process, logger *slog.Logger, from, to whereabouts) error {
	if c.compare {
		return compareEnds(ctx, p, from, to)
	}
	source, err := leave(ctx, from, c.inUse) // which changes nothing, as verify could
	if err != nil {
		return err
	}
	if err := source.Close(); err != nil {
		return err
	}
	if err := verifyEnd(ctx, p, logger, from); err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w, nothing was copied: %w", errInterrupted, err)
	} else if err != nil {
		return fmt.Errorf("nothing was copied, since the source is not right: %w", err)
	}
	started := time.Now()
	sums, err := c.copyEnds(ctx, p, from, to)
	switch {
	case errors.Is(err, relocated.ErrUnknownOutcome):
		return fmt.Errorf("%w: expense-tracker copy --compare, with the same URLs", err)
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%w, nothing was copied: %w", errInterrupted, err)
	case err != nil:
		return fmt.Errorf("nothing was copied: %w", err)
	}
	if err := printSums(p.stdout, sums); err != nil {
		return err
	}
	if ctx.Err() != nil { // while it was being kept, which nothing breaks off
		return errors.New("the copy is there, and was interrupted before its last check: expense-tracker verify on it does that")
	}
	if err := verifyEnd(ctx, p, logger, to); err != nil {
		return fmt.Errorf("the copy is there, but %w", err)
	}
	_, err = fmt.Fprintf(p.stdout, "copied %s to %s in %s; both hold the same, row by row\n", from.name(), to.name(),
		time.Since(started).Round(time.Millisecond))
	return err
}

// copyEnds makes the copy, and closes both ends. What goes wrong with the closing of a copy that was kept is no matter.
func (c copying) copyEnds(ctx context.Context, p process, from, to whereabouts) (sums []relocated.Sum, err error) {
	closeAfter := func(end io.Closer) {
		if closing := end.Close(); err != nil {
			err = errors.Join(err, closing)
		}
	}
	source, err := leave(ctx, from, c.inUse)
	if err != nil {
		return nil, err
	}
	defer closeAfter(source)
	s, err := schemeOf(to.settings.Storage)
	if err != nil {
		return nil, err
	}
	target, err := s.copies.arrive(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", to.name(), err)
	}
	defer closeAfter(target)
	return relocated.Copy(ctx, source, target, relocated.Options{
		Live: c.inUse, Progress: func(table string, rows int) { _, _ = fmt.Fprintf(p.stderr, "%s: %d rows\n", table, rows) },
	})
}

func leave(ctx context.Context, from whereabouts, inUse bool) (relocated.Source, error) {
	s, err := schemeOf(from.settings.Storage)
	if err != nil {
		return nil, err
	}
	source, err := s.copies.leave(ctx, from, inUse)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from.name(), err)
	}
	return source, nil
}

// compareEnds compares two storages, which may be in use: then what one has taken since differs.
func compareEnds(ctx context.Context, p process, from, to whereabouts) (err error) {
	one, err := leave(ctx, from, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, one.Close()) }()
	other, err := leave(ctx, to, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.Close()) }()
	sums, err := relocated.Compare(ctx, one, other)
	if err != nil {
		return err
	}
	if err := printSums(p.stdout, sums); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s and %s hold the same, row by row\n", from.name(), to.name())
	return err
}

// verifyEnd is the command verify on one end.
func verifyEnd(ctx context.Context, p process, logger *slog.Logger, w whereabouts) (err error) {
	store, err := openStorage(ctx, w.settings, logger, watchers{logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if _, err := fmt.Fprintf(p.stdout, "verify %s\n", w.name()); err != nil {
		return err
	}
	err = errors.Join(checkItself(ctx, p, store), verify(ctx, p, store.ExpenseAuditor(), false))
	if errors.Is(err, errSilent) { // which has been said, but not what that means here
		return fmt.Errorf("%s is not as verify wants it; see above", w.name())
	}
	return err
}

// printSums writes what both ends hold.
func printSums(out io.Writer, sums []relocated.Sum) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(table, "table\trows\tdigest of all rows\tsums in minor units")
	for _, sum := range sums {
		var money []string
		for _, name := range slices.Sorted(maps.Keys(sum.Money)) {
			money = append(money, name+" "+sum.Money[name].String())
		}
		_, printed := fmt.Fprintf(table, "%s\t%d\t%.16s\t%s\n", sum.Table, sum.Rows, sum.Digest.String(), shorten(money))
		err = errors.Join(err, printed)
	}
	return errors.Join(err, table.Flush())
}

// shorten joins the first few of what would make a line too long.
func shorten(parts []string) string {
	const most = 4
	text := ""
	for i, part := range parts {
		if i == most {
			return text + fmt.Sprintf(", and %d more", len(parts)-most)
		}
		if i > 0 {
			text += ", "
		}
		text += part
	}
	return text
}
