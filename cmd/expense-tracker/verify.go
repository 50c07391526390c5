package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/config"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

func newVerify(p process) *cobra.Command {
	var repair bool
	command := &cobra.Command{
		Use:   "verify",
		Short: "Check the storage, and compare every kept total with the sum of its expenses; exit 1 on trouble",
		Long: "Let the storage check itself, compare every kept total with the sum of its expenses, say each fault and difference,\n" +
			"and exit 1 if there is one. It may run while the storage is in use.",
		Args: nothingElse,
	}
	command.Flags().BoolVar(&repair, "repair", false, "make the totals right; exit 0 when they are")
	command.RunE = func(command *cobra.Command, _ []string) error {
		return withStorageThatIsThere(p, command, func(ctx context.Context, _ config.Config, store storage) error {
			return errors.Join(checkItself(ctx, p, store), verify(ctx, p, store.ExpenseAuditor(), repair))
		})
	}
	return command
}

// checker is a storage that can examine what it stands on.
type checker interface {
	// Check returns a sentence for each thing that is wrong.
	Check(ctx context.Context) ([]string, error)
}

// check lets the storage examine itself, if it can, and prints what is wrong. It returns errSilent if something is.
func checkItself(ctx context.Context, p process, store storage) error {
	c, ok := store.(checker)
	if !ok {
		return nil
	}
	found, err := c.Check(ctx)
	if err != nil {
		return fmt.Errorf("check the storage: %w", err)
	}
	for _, problem := range found {
		if _, err := fmt.Fprintln(p.stdout, "damaged:", problem); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		_, err := fmt.Fprintln(p.stdout, "the storage is damaged: restore it from a backup")
		return errors.Join(err, errSilent)
	}
	_, err = fmt.Fprintln(p.stdout, "the storage finds nothing wrong with itself")
	return err
}

// verify audits every ledger and prints what it finds. It returns errSilent if differences are left.
func verify(ctx context.Context, p process, store expense.Auditor, repair bool) error {
	ledgers, err := store.Ledgers(ctx)
	if err != nil {
		return err
	}
	found := 0
	for _, in := range ledgers {
		differences, err := store.Audit(ctx, in, repair)
		if err != nil {
			return fmt.Errorf("ledger %d: %w", in, err)
		}
		for _, difference := range differences {
			if _, err := fmt.Fprintln(p.stdout, describe(in, difference)); err != nil {
				return err
			}
		}
		found += len(differences)
	}
	verdict := "every total equals the sum of its expenses"
	switch {
	case found > 0 && repair:
		verdict = "all of these were made right"
	case found > 0:
		verdict = "run expense-tracker verify --repair to make them right"
	}
	if _, err := fmt.Fprintf(p.stdout, "%s, %s: %s\n", counted(len(ledgers), "ledger"), counted(found, "difference"),
		verdict); err != nil {
		return err
	}
	if found > 0 && !repair {
		return errSilent
	}
	if repair { // whoever was told of differences hears that they are gone, and need not wait for the next audit
		return store.EndAudit(ctx, expense.AuditReport{Ended: time.Now(), Ledgers: len(ledgers)})
	}
	return nil
}

// describe writes a difference for the operator.
func describe(in ledger.ID, d expense.Discrepancy) string {
	month, category := "all time", "all categories"
	if !d.Key.Month.IsZero() {
		month = d.Key.Month.String()
	}
	if d.Key.Day != 0 {
		month += fmt.Sprintf("-%02d", d.Key.Day)
	}
	if d.Key.Category != 0 {
		category = fmt.Sprintf("category %d", d.Key.Category)
	}
	if d.Key.Payer != 0 {
		category = fmt.Sprintf("paid by user %d", d.Key.Payer)
	}
	return fmt.Sprintf("ledger %d, %s, %s: kept %s in %s, but the rows are %s in %d", in, month, category,
		money.FromMinor(d.Stored.Minor, d.Key.Currency), counted(d.Stored.Count, "expense"),
		money.FromMinor(d.Actual.Minor, d.Key.Currency), d.Actual.Count)
}
