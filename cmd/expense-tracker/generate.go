package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"expense-tracker/config"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// generateBatch is how many expenses one transaction holds: enough that its commit costs little, few enough to be quick.
const generateBatch = 5000

func newGenerate(p process) *cobra.Command {
	var wanted generation
	command := &cobra.Command{
		Use:   "generate",
		Short: "Fill the storage with made-up expenses, the same for the same seed",
		Long: "Fill the storage with made-up expenses, the same for the same seed, spread over the days from --from to --to.\n" +
			"Running it again with the same seed adds only what is missing. The storage has to be named, by --storage or as a setting.",
		Args: nothingElse,
	}
	command.Flags().IntVar(&wanted.count, "count", 1000, "number of expenses")
	command.Flags().Uint64Var(&wanted.seed, "seed", 1, "seed of what is made up")
	command.Flags().StringVar(&wanted.from, "from", "", "first day, YYYY-MM-DD (a year before the last if left out)")
	command.Flags().StringVar(&wanted.to, "to", "", "last day, YYYY-MM-DD (today if left out)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if err := needNamedStorage(p, command); err != nil {
			return err
		}
		return withStorage(p, command, func(ctx context.Context, settings config.Config, store storage) error {
			return wanted.run(ctx, p, settings, store.Expenses())
		})
	}
	return command
}

// sourceDefault is what config says of a setting that nobody has made.
const sourceDefault = "default"

// needNamedStorage refuses a storage that nobody has named: made-up expenses do not belong among one's own by a slip.
func needNamedStorage(p process, command *cobra.Command) error {
	settings, sources, err := loadConfig(p, command)
	switch {
	case err != nil:
		return err
	case settings.Storage == memoryStorage:
		return errors.New("made-up expenses would be gone with the command: name a storage that keeps them, or serve the demo by --demo")
	case sources["storage"] != sourceDefault:
		return nil
	}
	return fmt.Errorf("made-up expenses go into a storage that is named: --storage sqlite:trial.db, say; "+
		"your own is %s, and is filled only if you name it", settings.Storage.Masked())
}

// generation is what the flags ask for.
type generation struct {
	count    int
	seed     uint64
	from, to string
}

func (g generation) run(ctx context.Context, p process, settings config.Config, store expense.Store) error {
	options, err := g.options(ctx, store, settings)
	if err != nil {
		return err
	}
	started := time.Now()
	added, err := generate(ctx, p, store, options)
	if errors.Is(err, fault.Conflict) {
		return fmt.Errorf("after %s: the seed %d has made other expenses in this storage, over other days or in another currency: "+
			"say the same again, or another --seed", counted(added, "expense"), g.seed)
	}
	if err != nil {
		return fmt.Errorf("after %s: %w", counted(added, "expense"), err)
	}
	_, err = fmt.Fprintf(p.stdout, "added %s in %s; %d were there already\n", counted(added, "expense"),
		time.Since(started).Round(time.Millisecond), g.count-added)
	return err
}

func (g generation) options(ctx context.Context, store expense.Store, settings config.Config) (sample.Options, error) {
	if g.count < 0 {
		return sample.Options{}, fmt.Errorf("--count is %d: it cannot be negative", g.count)
	}
	own, err := settingsLedger(ctx, store, settings)
	if err != nil {
		return sample.Options{}, err
	}
	options := sample.Options{Count: g.count, Seed: g.seed, Currency: own.Currency, Now: time.Now()}
	options.From, options.To, err = period(g.from, g.to, own.Today(options.Now))
	return options, err
}

// period returns the first and the last day, each from its flag or as it is left out.
func period(from, to string, today civil.Date) (first, last civil.Date, err error) {
	last = today
	if to != "" {
		if last, err = civil.ParseDate(to); err != nil {
			return first, last, fmt.Errorf("--to: %w", err)
		}
	}
	first = last.AddDays(-364)
	if from != "" {
		if first, err = civil.ParseDate(from); err != nil {
			return first, last, fmt.Errorf("--from: %w", err)
		}
	}
	for flag, day := range map[string]civil.Date{"--from": first, "--to": last} {
		if !expense.CanBeIn(day.Year) {
			return first, last, fmt.Errorf("%s %s: an expense cannot be of the year %d", flag, day, day.Year)
		}
	}
	if first.Compare(last) > 0 {
		return first, last, fmt.Errorf("--from %s is after --to %s", first, last)
	}
	return first, last, nil
}

// generate adds the expenses and returns how many of them were new.
func generate(ctx context.Context, p process, store expense.Store, options sample.Options) (added int, err error) {
	bar := progressbar.NewOptions(options.Count, progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetVisibility(isTerminal(p.stderr)),
		progressbar.OptionSetDescription("expenses"),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish())
	for batch := range chunks(sample.Entries(options), generateBatch) {
		if err := ctx.Err(); err != nil {
			return added, err
		}
		results, err := store.AddAll(ctx, ledger.Default, batch)
		if err != nil {
			return added, err
		}
		for _, result := range results {
			if result.Err != nil {
				return added, result.Err
			}
			if !result.Receipt.Duplicate {
				added++
			}
		}
		_ = bar.Add(len(batch)) // a bar that cannot be drawn stops nothing
	}
	_ = bar.Finish()
	return added, nil
}

// isTerminal reports whether a person looks at what is written. A pipe or a file gets no bar, which is drawn over and over.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// chunks gathers a sequence into slices of at most size.
func chunks(entries iter.Seq[expense.Entry], size int) iter.Seq[[]expense.Entry] {
	return func(yield func([]expense.Entry) bool) {
		chunk := make([]expense.Entry, 0, size)
		for entry := range entries {
			if chunk = append(chunk, entry); len(chunk) == size {
				if !yield(slices.Clone(chunk)) {
					return
				}
				chunk = chunk[:0]
			}
		}
		if len(chunk) > 0 {
			yield(chunk)
		}
	}
}
