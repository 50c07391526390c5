// Package objectives says what the expense tracker promises, once: each objective with its target over thirty days, what counts for it and
// what against it. From that come the recording rules, the alerts and the dashboard, which stand beside this folder as files; a test keeps
// them in step and writes them anew (make generate).
package objectives

import "strings"

// Days is over how many days an objective is meant.
const Days = 30

// Objective is one promise.
type Objective struct {
	Name   string // its value of the label objective
	Title  string
	About  string // what counts for it and what against it: a sentence
	Target string // for people
	Budget string // the share that may be bad, as a decimal; "0" where none may be
	Alert  string // which says that the budget burns, and names the runbook

	// Errors and Events are PromQL: how many were bad, and how many there were, in WINDOW. They have no label.
	Errors, Events string
	// Breached stands in their place where no events are counted, but moments: PromQL that is 1 while the objective is not met, else 0.
	Breached string
	// Age is what Breached compares, for the dashboard.
	Age string
	// Carried is a series and its PromQL, without a label, which goes on with its last value when nothing says it any more.
	Carried, CarriedFrom string

	Summary string // of the alert
	Advice  string // what its description ends with
}

// The jobs of prometheus.yml that objectives read.
const (
	job      = `job="expense-tracker"`
	jobProbe = `job="expense-tracker-probe"`
)

// Latencies, in seconds: bounds of the histogram's buckets, which a test demands.
const (
	addBound  = "0.1"
	homeBound = "0.05"
)

// backupRestored goes on while nobody answers who makes backups, however long: what was the newest is so still, and grows older.
const (
	backupRestored = "objective:backup_restored:timestamp_seconds"
	backupAge      = `time() - ` + backupRestored
)

// OldestBackup is how old the newest restored backup may be, in seconds: a day, and two hours for making and trying it.
const OldestBackup = "26 * 3600"

// All returns every objective.
func All() []Objective {
	return []Objective{
		{
			Name: "add-availability", Title: "Adding works", Target: "99.9 %", Budget: "0.001", Alert: "ExpenseTrackerAddsBurnBudget",
			About: "Of all adds that the program took in, from people and from the probe, 99.9 % are stored or known already. " +
				"Those that were refused for what they said do not count.",
			Errors:  submissions(`outcome="failed"`),
			Events:  submissions(`outcome=~"accepted|duplicate|failed"`),
			Summary: "Adds fail faster than the objective allows",
			Advice:  "Look at the program's log, and at its database.",
		},
		{
			Name: "add-availability-outside", Title: "Adding works, as the probe sees it", Target: "99.9 %", Budget: "0.001",
			Alert: "ExpenseTrackerProbeAddsBurnBudget",
			About: "Of the probe's adds through the public address, 99.9 % are acknowledged. One that reaches nobody, fails, or has no answer " +
				"in time counts against it; one that is refused is the probe's own fault and does not count.",
			Errors:  adds(`outcome=~"failed|unknown"`),
			Events:  adds(`outcome=~"accepted|duplicate|failed|unknown"`),
			Summary: "From outside, adding fails faster than the objective allows",
			Advice:  "What the probe meets is in its log: docker compose logs probe.",
		},
		{
			Name: "add-latency", Title: "Adding is quick", Target: "99 % within 100 ms", Budget: "0.01",
			Alert:   "ExpenseTrackerAddLatencyBurnsBudget",
			About:   "Of the adds that were stored or known already, 99 % are answered within 100 ms, as the program measures it.",
			Errors:  slower("POST", "/add", "303", addBound),
			Events:  answered("POST", "/add", "303"),
			Summary: "Adds are slow more often than the objective allows",
			Advice:  "Look at what commits wait for: the database, and its disk.",
		},
		{
			Name: "home-latency", Title: "The first page is quick", Target: "99 % within 50 ms", Budget: "0.01",
			Alert:   "ExpenseTrackerHomeLatencyBurnsBudget",
			About:   "Of the first pages that were shown, 99 % are answered within 50 ms, as the program measures it.",
			Errors:  slower("GET", "/{$}", "200", homeBound),
			Events:  answered("GET", "/{$}", "200"),
			Summary: "The first page is slow more often than the objective allows",
			Advice:  "Look at what the storage takes for it, and at the machine.",
		},
		{
			Name: "durability", Title: "What was acknowledged is there", Target: "100 % within 60 s", Budget: "0", Alert: "ExpenseTrackerAddLost",
			About: "Every add of the probe that was acknowledged is read back within a minute, and stays. Only a file that came whole and does " +
				"not have it says that one is missing: an outage loses nothing.",
			Errors:  `sum(increase(expense_probe_readbacks_total{` + jobProbe + `, outcome=~"late|lost"}[WINDOW]))`,
			Events:  `sum(increase(expense_probe_readbacks_total{` + jobProbe + `}[WINDOW]))`,
			Summary: "An acknowledged expense is lost, or came too late",
			Advice:  "Find out which before anything else is done to the database: docker compose logs probe.",
		},
		{
			Name: "backup-age", Title: "A restored backup is young", Target: "younger than 26 h", Budget: "0", Alert: "ExpenseTrackerBackupTooOld",
			About:    "At every moment the newest backup that was restored and found right is younger than 26 hours.",
			Breached: backupAge + ` > bool ` + OldestBackup,
			Age:      backupAge,
			Carried:  backupRestored, CarriedFrom: `max(expense_backup_last_restored_timestamp_seconds)`,
			Summary: "No young backup is known to be good",
			Advice:  "What is added meanwhile is in none. Look at docker compose logs backups.",
		},
	}
}

func submissions(outcome string) string {
	return `sum(increase(expense_submissions_total{` + job + `, ` + outcome + `}[WINDOW])) ` +
		`+ sum(increase(expense_probe_submissions_total{` + job + `, ` + outcome + `}[WINDOW]))`
}

func adds(outcome string) string {
	return `sum(increase(expense_probe_adds_total{` + jobProbe + `, ` + outcome + `}[WINDOW]))`
}

// route selects answers by method, route and status.
func route(method, route, status string) string {
	return job + `, http_request_method="` + method + `", http_route="` + route + `", http_response_status_code="` + status + `"`
}

func answered(method, path, status string) string {
	return `sum(increase(http_server_request_duration_seconds_count{` + route(method, path, status) + `}[WINDOW]))`
}

func slower(method, path, status, bound string) string {
	return answered(method, path, status) + ` - sum(increase(http_server_request_duration_seconds_bucket{` +
		route(method, path, status) + `, le="` + bound + `"}[WINDOW]))`
}

// CountsEvents reports whether an objective is about events, and not about moments.
func (o Objective) CountsEvents() bool { return o.Breached == "" }

// Burns reports whether an objective has a budget that burns at some speed. Where nothing may be bad, the first of it is an alert.
func (o Objective) Burns() bool { return o.Budget != "0" }

// in is an expression over a window.
func in(expression, window string) string { return strings.ReplaceAll(expression, "WINDOW", window) }

// Burn is a speed at which a budget burns, that an alert is raised at: over a long window, so that it counts, and over a short one, so that
// it is still so.
type Burn struct {
	Factor      string // 1 uses up the budget in exactly thirty days
	Long, Short string
	For         string
	Severity    string
	Eats        string // what is gone of the budget when it is raised
}

// Burns returns the speeds, the fastest first.
func Burns() []Burn {
	return []Burn{
		{Factor: "14.4", Long: "1h", Short: "5m", For: "1m", Severity: "critical", Eats: "2 % of the month's budget within an hour"},
		{Factor: "6", Long: "6h", Short: "30m", For: "2m", Severity: "critical", Eats: "5 % of the month's budget within six hours"},
		{Factor: "3", Long: "1d", Short: "2h", For: "15m", Severity: "warning", Eats: "10 % of the month's budget within a day"},
		{Factor: "1", Long: "3d", Short: "6h", For: "30m", Severity: "warning", Eats: "10 % of the month's budget within three days"},
	}
}

// Windows returns what is recorded, the shortest first.
func Windows() []string { return []string{"5m", "30m", "1h", "2h", "6h", "1d", "3d"} }

// FewestErrors is how many events have to be bad in the long window before an alert on a burning budget. Where few people add, one bad add
// of ten would burn a hundred times too fast, and somebody would be woken for it.
const FewestErrors = 4

// Alert is one that is about the probe, without which half of the objectives say nothing.
type Alert struct {
	Name, Expr, For, Keep, Severity string
	Summary, Description            string
}

// OfTheProbe returns the alerts about the probe itself.
func OfTheProbe() []Alert {
	return []Alert{
		{
			Name: "ExpenseTrackerProbeDown", Expr: `up{` + jobProbe + `} == 0 or absent(up{` + jobProbe + `})`, For: "5m", Severity: "warning",
			Summary: "The probe does not answer",
			Description: "Prometheus has not been able to read the probe for five minutes, so nobody knows from outside whether adding works. " +
				"Look at its log: docker compose logs probe.",
		},
		{
			Name: "ExpenseTrackerProbeSilent", Expr: `sum by (job) (increase(expense_probe_adds_total{` + jobProbe + `}[15m])) == 0`, For: "5m",
			Severity: "warning", Summary: "The probe adds nothing",
			Description: "The probe answers Prometheus, and has not tried to add for a quarter of an hour. " +
				"Restart it: docker compose restart probe.",
		},
		{
			Name: "ExpenseTrackerProbeRefused",
			Expr: `sum by (job) (increase(expense_probe_adds_total{` + jobProbe + `, outcome="refused"}[5m])) > 0`,
			For:  "2m", Severity: "warning", Summary: "The program refuses the probe",
			Description: "The probe is refused, by about {{ $value | printf \"%.0f\" }} answers within five minutes, so it measures nothing. " +
				"Most often its secret is not the program's: docker compose logs probe says what it was told.",
		},
		{
			Name: "ExpenseTrackerAddDoubled", Expr: `sum by (job) (increase(expense_probe_doubled_total{` + jobProbe + `}[1h])) > 0`,
			For: "1m", Keep: "1h", Severity: "critical", Summary: "An add was stored more than once",
			Description: "One add of the probe is stored more than once, though each carries a key that makes it one. People's adds may be " +
				"doubled, too. docker compose logs probe names it.",
		},
	}
}
