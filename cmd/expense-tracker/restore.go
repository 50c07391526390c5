package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newRestore(p process) *cobra.Command {
	return newCopying(p, "restore FILE", "Make FILE, a backup, the SQLite data file; the program must be stopped",
		"Check FILE, a backup, and make it the SQLite data file. It is refused while any process has the data file open.\n"+
			"What is replaced is kept beside it under a dated name.",
		"replace a data file that holds expenses, or that cannot be read",
		func(c copies) func(context.Context, string, string, bool) (string, error) { return c.restore })
}
