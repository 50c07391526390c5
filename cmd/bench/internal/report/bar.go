package report

import (
	"fmt"
	"slices"

	"expense-tracker/cmd/bench/internal/stats"
)

// Bar is a figure that the program has to reach.
type Bar struct {
	What    string
	Storage string // the only storage that it is meant for; empty for all
	AtLeast bool   // or at most
	Bound   float64
	Aim     float64 // 0 for none
	Unit    string
	figure  func(b *Figures, storage string) stats.Summary // NaN if it was not measured
}

// Verdict is how a bar was met on a storage.
type Verdict struct {
	Bar     Bar           `json:"-"`
	What    string        `json:"what"`
	Storage string        `json:"storage"`
	Figure  stats.Summary `json:"figure"`
	Wanted  string        `json:"wanted"`
	Met     bool          `json:"met"`
}

// Verdicts judges figures that were measured with numbers of expenses, ascending. What was not measured is left out.
func Verdicts(b *Figures, storages []string, sizes ...int) []Verdict {
	var verdicts []Verdict
	for _, storage := range storages {
		for _, bar := range bars(sizes) {
			if bar.Storage != "" && bar.Storage != storage {
				continue
			}
			if figure := bar.figure(b, storage); figure.Median == figure.Median { // not NaN
				verdicts = append(verdicts, Verdict{Bar: bar, What: bar.What, Storage: storage, Figure: figure, Wanted: bar.wanted(),
					Met: bar.met(figure.Median)})
			}
		}
	}
	return verdicts
}

func (b Bar) met(figure float64) bool {
	if b.AtLeast {
		return figure >= b.Bound
	}
	return figure <= b.Bound
}

func (b Bar) wanted() string {
	sign := "≤ "
	if b.AtLeast {
		sign = "≥ "
	}
	wanted := sign + significant(b.Bound) + b.Unit
	if b.Aim != 0 {
		wanted += fmt.Sprintf(" (aim %g)", b.Aim)
	}
	return wanted
}

// bars lists every bar, for the numbers of expenses that were measured.
func bars(sizes []int) []Bar {
	smallest, largest := sizes[0], sizes[len(sizes)-1]
	program := func(task string, expenses, clients int) Key {
		return Key{Expenses: expenses, Task: task, Clients: clients, Subject: Program}
	}
	limit := func(subject, task string, clients int) Key {
		return Key{Task: task, Clients: clients, Subject: subject}
	}
	of := func(subject, task string, expenses, clients int) Key {
		return Key{Expenses: expenses, Task: task, Clients: clients, Subject: subject}
	}
	many, few := number(largest), number(smallest)
	growth := []Bar{
		medianAtMost("home page p50, 1 client: "+many+" to "+few+" expenses", 1.15, program(Home, largest, 1), program(Home, smallest, 1)),
		medianAtMost("home page p50, 8 clients: "+many+" to "+few, 1.15, program(Home, largest, 8), program(Home, smallest, 8)),
		rateAtLeast("home pages/s, 1 client: "+many+" to "+few, 1/1.15, program(Home, largest, 1), program(Home, smallest, 1)),
		rateAtLeast("home pages/s, 8 clients: "+many+" to "+few, 1/1.15, program(Home, largest, 8), program(Home, smallest, 8)),
		rateAtLeast("adds/s, 1 client: "+many+" to "+few, 0.95, program(Add, largest, 1), program(Add, smallest, 1)),
		rateAtLeast("adds/s, 8 clients: "+many+" to "+few, 0.95, program(Add, largest, 8), program(Add, smallest, 8)),
		rateAtLeast("adds/s, 32 clients: "+many+" to "+few, 0.95, program(Add, largest, 32), program(Add, smallest, 32)),
	}
	growth = append(growth, pageGrowth(sizes)...)
	if smallest == largest {
		growth = nil
	}
	return slices.Concat(growth,
		[]Bar{
			medianAtMost("home page p50, 1 client: signed in to mode none", 1.3, of(SignedIn, Home, largest, 1), of(LocalUser, Home, largest, 1)),
			tailAtMost("home page p99, 1 client: while log-ins flood to before", 3, of(Flooded, Home, largest, 1), of(SignedIn, Home, largest, 1)),
			rateAtLeast("adds/s, 32 clients: many ledgers to one", 0.8, of(People, Add, 0, 32), program(Add, largest, 32)),
			rateAtLeast("home pages/s, 8 clients, to the static page", 0.30, program(Home, largest, 8), limit(Static, Home, 8)),
			medianAtMost("home page p50, 1 client, to the static page", 3, program(Home, largest, 1), limit(Static, Home, 1)),
			medianAtMost("deepest page p50, 1 client, to the home page", 1.5, program(Oldest, largest, 1), program(Home, largest, 1)),
			medianAtMost("deepest page p50, 1 client, to the second page", 1.5, program(Oldest, largest, 1), program(Older, largest, 1)),
		},
		only("postgres",
			withAim(rateAtLeast("adds/s, 32 clients, to pgbench's inserts", 0.50, program(Add, largest, 32), limit(Insert, Add, 32)), 0.8),
			withAim(rateAtLeast("adds/s, 8 clients, to pgbench's inserts", 0.35, program(Add, largest, 8), limit(Insert, Add, 8)), 0.6),
			rateAtLeast("adds/s, 32 clients, to pgbench's inserts with a total", 4, program(Add, largest, 32), limit(Naive, Add, 32)),
			withAim(medianAtMost("add p50, 1 client, to pgbench's inserts", 3.5, program(Add, largest, 1), limit(Insert, Add, 1)), 2),
			most("memory while 32 clients add, "+many+" expenses", 90, " MB", RSS, program(Add, largest, 32)),
		),
		only("sqlite",
			most("memory when idle, "+many+" expenses", 35, " MB", RSS, program(Start, largest, 0)),
			most("exec to the first 200, "+many+" expenses", 100, " ms", Took, program(Start, largest, 0)),
		),
		searches("postgres", 600, largest),
		searches("sqlite", 1000, largest),
	)
}

// afterAdd is a page as it is after a change.
func afterAdd(task string, expenses int) Key {
	return Key{Expenses: expenses, Task: task, Clients: 1, Subject: AfterAdd}
}

// pageGrowth has the bars for what pages cost after a change: the largest ledger beside the one before it.
func pageGrowth(sizes []int) []Bar {
	largest, before := sizes[len(sizes)-1], sizes[max(0, len(sizes)-2)]
	var all []Bar
	for _, task := range []string{Home, Month, Year, Category, Bin, Budgets} {
		what := task + " p50 after an add: " + number(largest) + " to " + number(before)
		all = append(all, medianAtMost(what, 1.3, afterAdd(task, largest), afterAdd(task, before)))
	}
	return all
}

// searches has the bars for how long a search takes in a storage, one that finds much within milliseconds.
func searches(storage string, much float64, expenses int) []Bar {
	of := ", " + number(expenses) + " expenses"
	return only(storage,
		most(SearchRare+" p99"+of, 100, " ms", P99, afterAdd(SearchRare, expenses)),
		most(SearchMonth+" p99"+of, 100, " ms", P99, afterAdd(SearchMonth, expenses)),
		most(SearchTenth+" p99"+of, much, " ms", P99, afterAdd(SearchTenth, expenses)),
	)
}

// rateAtLeast is a bar for the requests answered a second, of above to below.
func rateAtLeast(what string, bound float64, above, below Key) Bar {
	return Bar{What: what, AtLeast: true, Bound: bound, Unit: "×", figure: ratio(PerSecond, above, below)}
}

// medianAtMost is a bar for the time that half of the requests take, of above to below.
func medianAtMost(what string, bound float64, above, below Key) Bar {
	return Bar{What: what, Bound: bound, Unit: "×", figure: ratio(P50, above, below)}
}

// tailAtMost is a bar for the time that all but a hundredth of the requests take, of above to below.
func tailAtMost(what string, bound float64, above, below Key) Bar {
	return Bar{What: what, Bound: bound, Unit: "×", figure: ratio(P99, above, below)}
}

// most is a bar for a figure as it is.
func most(what string, bound float64, unit string, measure Measure, key Key) Bar {
	return Bar{What: what, Bound: bound, Unit: unit, figure: func(b *Figures, storage string) stats.Summary {
		key.Storage = storage
		return stats.Summarize(b.Values(key, measure))
	}}
}

func ratio(measure Measure, above, below Key) func(*Figures, string) stats.Summary {
	return func(b *Figures, storage string) stats.Summary {
		above.Storage, below.Storage = storage, storage
		return stats.Ratio(b.Values(above, measure), b.Values(below, measure))
	}
}

func withAim(bar Bar, aim float64) Bar {
	bar.Aim = aim
	return bar
}

func only(storage string, all ...Bar) []Bar {
	for i := range all {
		all[i].Storage = storage
	}
	return all
}
