package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/report"
)

const (
	few  = 100
	many = 1_000_000
)

// measured returns figures in which one bar is met well, one at its bound, and one is not met.
func measured() *report.Figures {
	figures := report.NewFigures()
	for _, round := range []float64{1, 2, 3} { // ever faster: ratios have to be of the same round
		figures.RecordLoad(report.Key{Storage: "postgres", Task: report.Add, Clients: 32, Subject: report.Insert},
			load.Result{PerSecond: 20_000 * round, P50: time.Millisecond})
		figures.RecordLoad(report.Key{Storage: "postgres", Task: report.Add, Clients: 32, Subject: report.Naive},
			load.Result{PerSecond: 3000 * round})
		adds := report.Key{Storage: "postgres", Expenses: many, Task: report.Add, Clients: 32, Subject: report.Program}
		figures.RecordLoad(adds, load.Result{PerSecond: 10_000 * round, P50: 3 * time.Millisecond, P99: 7 * time.Millisecond})
		figures.Record(adds, report.RSS, 88+round)
		home := report.Key{Storage: "postgres", Task: report.Home, Clients: 8, Subject: report.Static}
		figures.RecordLoad(home, load.Result{PerSecond: 40_000 * round, Bytes: 14_201})
		home.Subject, home.Expenses = report.Program, many
		figures.RecordLoad(home, load.Result{PerSecond: 11_000 * round, Bytes: 14_201})
	}
	return figures
}

func TestVerdicts(t *testing.T) {
	want := map[string]struct {
		figure float64
		met    bool
	}{
		"adds/s, 32 clients, to pgbench's inserts":              {0.5, true},
		"adds/s, 32 clients, to pgbench's inserts with a total": {10.0 / 3, false},
		"home pages/s, 8 clients, to the static page":           {0.275, false},
		"memory while 32 clients add, 1,000,000 expenses":       {90, true},
	}
	verdicts := report.Verdicts(measured(), []string{"postgres", "sqlite"}, few, many)
	if len(verdicts) != len(want) {
		t.Errorf("%d verdicts, want %d: what was not measured has none", len(verdicts), len(want))
	}
	for _, v := range verdicts {
		w, known := want[v.What]
		if !known || v.Storage != "postgres" {
			t.Errorf("a verdict on %s: %s", v.Storage, v.What)
			continue
		}
		if v.Figure.Median != w.figure || v.Met != w.met {
			t.Errorf("%s: %v, met %v; want %v, met %v", v.What, v.Figure.Median, v.Met, w.figure, w.met)
		}
	}
}

func TestVerdictsOnGrowthNeedTwoSizes(t *testing.T) {
	figures := report.NewFigures()
	for size, rate := range map[int]float64{few: 1000, many: 900} {
		figures.RecordLoad(report.Key{Storage: "memory", Expenses: size, Task: report.Add, Clients: 8, Subject: report.Program},
			load.Result{PerSecond: rate})
	}
	verdicts := report.Verdicts(figures, []string{"memory"}, few, many)
	if len(verdicts) != 1 || verdicts[0].Met || verdicts[0].Figure.Median != 0.9 {
		t.Errorf("90 in a hundred against a bar of 95: %+v", verdicts)
	}
	if verdicts := report.Verdicts(figures, []string{"memory"}, few, few); len(verdicts) != 0 {
		t.Errorf("a size beside itself: %+v", verdicts)
	}
}

func TestEveryBarOfTheProgramIsJudged(t *testing.T) {
	figures := report.NewFigures()
	for _, storage := range []string{"postgres", "sqlite"} {
		for _, clients := range []int{0, 1, 8, 32} {
			for _, task := range []string{report.Home, report.Older, report.Oldest, report.Add, report.Start} {
				for _, size := range []int{0, few, many} {
					for _, subject := range []string{report.Program, report.Static, report.Insert, report.Naive} {
						key := report.Key{Storage: storage, Expenses: size, Task: task, Clients: clients, Subject: subject}
						figures.RecordLoad(key, load.Result{PerSecond: 1, P50: time.Millisecond})
						figures.Record(key, report.RSS, 1)
						figures.Record(key, report.Took, 1)
					}
				}
			}
		}
	}
	for _, storage := range []string{"postgres", "sqlite"} {
		for _, task := range []string{report.Home, report.Month, report.Year, report.Category, report.Bin, report.Budgets, report.SearchRare,
			report.SearchMonth, report.SearchTenth} {
			for _, size := range []int{few, many} {
				figures.RecordLoad(report.Key{Storage: storage, Expenses: size, Task: task, Clients: 1, Subject: report.AfterAdd},
					load.Result{P50: time.Millisecond, P99: time.Millisecond})
			}
		}
	}
	verdicts := report.Verdicts(figures, []string{"postgres", "sqlite"}, few, many)
	if len(verdicts) != 16+13+2*(6+3) {
		t.Errorf("%d verdicts", len(verdicts))
	}
	for _, v := range verdicts {
		if v.Figure.Median != 1 {
			t.Errorf("%s compares the wrong things: %v", v.What, v.Figure)
		}
	}
}

func TestWriteTable(t *testing.T) {
	figures := measured()
	var text strings.Builder
	r := report.Report{
		Rounds: 3, Duration: "1s", Took: "9m", Figures: figures, Verdicts: report.Verdicts(figures, []string{"postgres"}, few, many),
	}
	if err := r.WriteTable(&text); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		"postgres 1,000,000 add 32 program 20,000 (10,000–30,000) 3 (3–3) 7 (7–7) 90 (89–91)",
		"postgres home page 8 static page 80,000 (40,000–120,000) 0 (0–0) 0 (0–0) 14,201",
		"postgres adds/s, 32 clients, to pgbench's inserts ≥ 0.5× (aim 0.8) 0.5 (0.5–0.5)× met",
		"postgres adds/s, 32 clients, to pgbench's inserts with a total ≥ 4× 3.33 (3.33–3.33)× NOT MET",
		"Medians of 3 rounds of 1s each, with the least and the most in brackets. The whole took 9m.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), row) {
			t.Errorf("no row %q in\n%s", row, text.String())
		}
	}
}

func TestWriteJSON(t *testing.T) {
	figures := measured()
	var text strings.Builder
	r := report.Report{Machine: map[string]string{"go": "go1"}, Rounds: 3, Figures: figures,
		Verdicts: report.Verdicts(figures, []string{"postgres"}, few, many)}
	if err := r.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Figures []struct {
			Storage, Task, Subject string
			Expenses, Clients      int
			Measures               map[string]struct{ Median, Min, Max float64 }
		}
		Verdicts []struct {
			What   string
			Wanted string
			Met    bool
		}
	}
	if err := json.Unmarshal([]byte(text.String()), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Figures) != 5 || len(read.Verdicts) != 4 || read.Verdicts[0].Wanted == "" {
		t.Fatalf("%+v", read)
	}
	adds := read.Figures[2]
	if adds.Subject != report.Program || adds.Expenses != many || adds.Clients != 32 || adds.Measures["per_second"].Median != 20_000 ||
		adds.Measures["p50_ms"].Max != 3 {
		t.Errorf("%+v", adds)
	}
}
