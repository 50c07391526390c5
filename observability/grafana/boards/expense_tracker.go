package boards

// Of the program, as every query of its dashboard selects it.
const (
	ours   = `{job=~"$job", instance=~"$instance"}`
	people = `job=~"$job", instance=~"$instance", http_route!~"/metrics|/healthz|/readyz"`
)

// of selects the program's series that have labels besides.
func of(labels string) string { return `{job=~"$job", instance=~"$instance", ` + labels + `}` }

// over is a rate's window.
const over = "[$__rate_interval]"

// quantile returns a percentile of a histogram, by labels.
func quantile(q, histogram, selector, by string) string {
	labels := "le"
	if by != "" {
		labels = by + ", le"
	}
	return "histogram_quantile(" + q + ", sum by (" + labels + ") (rate(" + histogram + "_bucket" + selector + over + ")))"
}

// mean returns the mean of a histogram's values.
func mean(histogram string) string {
	return "sum(rate(" + histogram + "_sum" + ours + over + ")) / sum(rate(" + histogram + "_count" + ours + over + "))"
}

// buckets returns how many values fell into each bucket.
func buckets(histogram, selector string) Query {
	return Query{Expr: "sum by (le) (increase(" + histogram + "_bucket" + selector + over + "))", Legend: "{{le}}"}
}

func one(expr, legend string) []Query { return []Query{{Expr: expr, Legend: legend}} }

var readiness = map[string]Name{"0": {"Not ready", "red"}, "1": {"Ready", "green"}}

func expenseTracker() Board {
	return Board{
		UID: "expense-tracker", Title: "Expense Tracker", From: "now-6h",
		Description: "How the expense tracker is doing: its data, what people get, its storage and its process.",
		Variables:   overMetrics("expense_tracker_ready", job("expense-tracker")), Annotations: deploys(),
		Rows: []Row{
			{"At a glance", glances()},
			{"Data", dataPanels()},
			{"Requests (without scrapes and health probes)", requestPanels()},
			{"Storage", storagePanels()},
			{"SQL connection pool (SQL storages only)", poolPanels()},
			{"Repeats", repeatPanels()},
			{"People (where they sign in)", peoplePanels()},
			{"Process", processPanels()},
		},
	}
}

func glances() []Panel {
	return []Panel{
		{
			Kind: stat, Title: "Data entries", Unit: "short", Style: "spark", Decimals: at(0),
			Text: "How many expenses are stored now, over all ledgers. Every instance reads the same maintained total, so the largest is " +
				"shown, not the sum.",
			Queries: one("max(expense_entries"+ours+")", "entries"),
		},
		{
			Kind: stat, Title: "Added in the last hour", Unit: "short", Style: "spark", Decimals: at(0),
			Text:    "Submissions that became a new expense within the last hour; a repeated submission of the same form is not counted again.",
			Queries: one("sum(increase(expense_submissions_total"+of(`outcome="accepted"`)+"[1h]))", "added"),
		},
		{
			Kind: stat, Title: "Storage", Unit: "bool_yes_no", Style: "background", Names: readiness,
			Runbooks: []string{"ExpenseTrackerStorageNotReady"},
			See:      []string{"postgresql"},
			Text: "Whether every instance answers Prometheus and can read and store expenses now. While one cannot, its pages answer 503; its " +
				"/readyz says " +
				"which part is ill, and it recovers by itself.",
			Queries: one("min(expense_tracker_ready"+ours+" or up"+ours+") or vector(0)", "ready"),
		},
		{
			Kind: stat, Title: "Failed requests", Unit: "percentunit", Decimals: at(2), Above: []Step{{0.005, false}, {0.02, true}},
			Names: map[string]Name{"-1": {"No answer", "red"}}, Runbooks: []string{"ExpenseTrackerErrorRatioHigh", "ExpenseTrackerDown"},
			Text: "Share of the requests of the last five minutes that were answered with a 5xx status, over all instances; an alert is raised " +
				"above 2 %. " +
				"While no instance answers Prometheus, that is said instead.",
			Queries: one(`max(job:expense_http_errors:ratio_rate5m{job=~"$job"}) or vector(-1)`, "failed"),
		},
		{
			Kind: stat, Title: "Latency, 95th percentile", Unit: "s", Empty: "no requests", Above: []Step{{0.25, false}, {0.5, true}},
			Runbooks: []string{"ExpenseTrackerSlow"},
			Text: "Nineteen of twenty requests of the last five minutes were answered faster than this, over all instances; empty while " +
				"nobody asks for anything.",
			Queries: one(`max(job:expense_http_duration_seconds:p95_rate5m{job=~"$job"})`, "p95"),
		},
		{
			Kind: stat, Title: "Version", Unit: "none", Style: "name",
			Text:    "Which build the instances run: version and revision; two of them show that an upgrade is under way.",
			Queries: one("count by (version, revision) (expense_tracker_build_info"+ours+")", "{{version}} ({{revision}})"),
		},
		{
			Kind: alerts, Title: "Alerts", W: 12, H: 8,
			Text: "Alerts that are raised now or about to be, of Prometheus’ rules. Each links to its runbook, which says what it means and " +
				"what to do.",
		},
		{
			Kind: states, Title: "Alerts over time", W: 12, H: 8, Unit: "none", Empty: "no alert was raised", Above: []Step{{1, true}},
			Text:    "Which alerts were raised when. The one that is always raised, to show that alerts arrive at all, is left out.",
			Queries: one(`max by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})`, "{{alertname}}"),
		},
	}
}

func dataPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Data entries over time", Unit: "short",
			Text:    "Expenses stored, over all ledgers. It falls only when expenses are deleted.",
			Queries: one("max(expense_entries"+ours+")", "entries"),
		},
		{
			Kind: graph, Title: "Growth of the data", Unit: "short",
			Text:    "How many more (or fewer) expenses are stored than an hour before.",
			Queries: one("max(delta(expense_entries"+ours+"[1h]))", "within an hour"),
		},
		{
			Kind: graph, Title: "Submissions by outcome", Unit: "cpm", Runbooks: []string{"ExpenseTrackerAddsFailing"},
			Text: "Forms sent, per minute: accepted (a new expense), duplicate (the same form again, nothing added), rejected (the input was " +
				"at fault), " +
				"failed (the program or its storage was).",
			Queries: one("60 * sum by (outcome) (rate(expense_submissions_total"+ours+over+"))", "{{outcome}}"),
		},
	}
}

func requestPanels() []Panel {
	const histogram = "http_server_request_duration_seconds"
	latency := func(title, q, text string) Panel {
		return Panel{
			Kind: graph, Title: "Latency by route, " + title, Unit: "s", Text: text, Above: []Step{{0.5, true}},
			Runbooks: []string{"ExpenseTrackerSlow"},
			Queries:  one(quantile(q, histogram, "{"+people+`, http_route!=""}`, "http_route"), "{{http_route}}"),
		}
	}
	return []Panel{
		{
			Kind: graph, Title: "Request rate by route", Unit: "reqps", W: 12, Stacked: true,
			Text: "Requests per second by route; requests that match no route stand under «no route».",
			Queries: one(`label_replace(sum by (http_route) (rate(`+histogram+"_count{"+people+"}"+over+
				`)), "http_route", "no route", "http_route", "")`,
				"{{http_route}}"),
		},
		{
			Kind: graph, Title: "Errors by status", Unit: "reqps", W: 12, Runbooks: []string{"ExpenseTrackerErrorRatioHigh"},
			Text: "Requests per second that were refused (4xx: what was asked for was at fault) or failed (5xx: the program or its storage was).",
			Queries: one("sum by (http_response_status_code) (rate("+histogram+"_count{"+people+`, http_response_status_code=~"[45].."}`+over+"))",
				"{{http_response_status_code}}"),
		},
		{
			Kind: heat, Title: "Latency of requests", Unit: "s", W: 12,
			Text:    "How many requests took how long: the darker, the more. Two bands are two kinds of request; a band that climbs is a slowdown.",
			Queries: []Query{buckets(histogram, "{"+people+"}")},
		},
		{
			Kind: graph, Title: "Share of failed requests", Unit: "percentunit", W: 12, From: at(0), Above: []Step{{0.02, true}},
			Runbooks: []string{"ExpenseTrackerErrorRatioHigh"},
			Text:     "Share of the requests answered with a 5xx status; the line is where an alert is raised.",
			Queries:  one(`max by (job) (job:expense_http_errors:ratio_rate5m{job=~"$job"})`, "{{job}}"),
		},
		latency("50th percentile", "0.5", "Half of the requests to a route are answered faster than this."),
		latency("95th percentile", "0.95", "Nineteen of twenty requests to a route are answered faster than this."),
		latency("99th percentile", "0.99", "Ninety-nine of a hundred requests to a route are answered faster than this; what a busy user "+
			"meets every day."),
	}
}

func storagePanels() []Panel {
	const histogram = "expense_store_operation_duration_seconds"
	twice := func(h string) []Query {
		return []Query{{Expr: mean(h), Legend: "mean"}, {Expr: quantile("0.95", h, ours, ""), Legend: "95th percentile"}}
	}
	return []Panel{
		{
			Kind: graph, Title: "Store operations", Unit: "ops", Text: "Calls of the storage per second, by operation, whatever the storage is.",
			Queries: one("sum by (operation) (rate("+histogram+"_count"+ours+over+"))", "{{operation}}"), See: []string{"postgresql"},
		},
		{
			Kind: graph, Title: "Store latency, 95th percentile", Unit: "s",
			Text:    "Nineteen of twenty calls of an operation are faster than this, from the call to its answer, waiting included.",
			Queries: one(quantile("0.95", histogram, ours, "operation"), "{{operation}}"), Runbooks: []string{"ExpenseTrackerSlow"},
		},
		{
			Kind: graph, Title: "Store operations that did not succeed", Unit: "ops", Runbooks: []string{"ExpenseTrackerWritesFailing"},
			Text: "Calls per second that ended otherwise than ok, by operation and outcome: invalid, not_found and conflict are answers, " +
				"unavailable and error are trouble.",
			Queries: one("sum by (operation, outcome) (rate("+histogram+"_count"+of(`outcome!="ok"`)+over+"))", "{{operation}}: {{outcome}}"),
		},
		{
			Kind: heat, Title: "Latency of adds", Unit: "s", W: 12,
			Text:    "How many adds took how long in the storage, from the call until they were durable.",
			Queries: []Query{buckets(histogram, of(`operation="add"`))},
		},
		{
			Kind: heat, Title: "Wait of adds for their batch", Unit: "s", W: 12,
			Text:    "How long adds waited until their batch began. SQL storages only.",
			Queries: []Query{buckets("expense_store_batch_wait_seconds", ours)},
		},
		{
			Kind: graph, Title: "Adds per commit", Unit: "short",
			Text: "How many adds shared one commit: the mean, and what 95 % of the commits stay under. It grows with the load; that is what keeps " +
				"adds fast. SQL storages only.",
			Queries: twice("expense_store_batch_entries"),
		},
		{
			Kind: graph, Title: "Wait for a commit", Unit: "s",
			Text:    "How long an add waited until its batch began; close to zero when the program is idle. SQL storages only.",
			Queries: twice("expense_store_batch_wait_seconds"),
		},
		{
			Kind: graph, Title: "Adds waiting", Unit: "short", W: 4,
			Text: "Adds in the queue at the moment of the scrape. When the queue is full, further adds are answered 503 with Retry-After. " +
				"SQL storages only.",
			Queries: one("sum(expense_store_queue_entries"+ours+")", "waiting"),
		},
		{
			Kind: graph, Title: "Write-ahead log", Unit: "bytes", W: 4, Above: []Step{{256 << 20, true}},
			Runbooks: []string{"ExpenseTrackerLogGrows"},
			Text: "Size of SQLite's write-ahead log, for each instance. It grows while another program reads the file for long, and is emptied " +
				"afterwards; an alert is raised above 256 MiB. SQLite only.",
			Queries: one("sum by (instance) (expense_store_wal_bytes"+ours+")", "{{instance}}"),
		},
	}
}

func poolPanels() []Panel {
	pool := func(kind, legend string) Query {
		return Query{Expr: "sum(go_sql_connections_" + kind + ours + ")", Legend: legend}
	}
	return []Panel{
		{
			Kind: graph, Title: "Connections", Unit: "short", Runbooks: []string{"ExpenseTrackerPoolExhausted"}, See: []string{"postgresql"},
			Text:    "Connections of the pool: open ones are in use or idle, and never more than the maximum.",
			Queries: []Query{pool("in_use", "in use"), pool("idle", "idle"), pool("open", "open"), pool("max_open", "maximum")},
		},
		{
			Kind: graph, Title: "Waiting for a connection", Unit: "short", Above: []Step{{1, false}},
			Runbooks: []string{"ExpenseTrackerPoolExhausted"},
			Text: "Requests that wait for a connection, on average: seconds waited within each second. Above zero for long, the pool is too small " +
				"or the database slow.",
			Queries: one("sum(rate(go_sql_connections_wait_duration_nanoseconds_total"+ours+over+")) / 1e9", "waiting"),
		},
		{
			Kind: graph, Title: "SQL statements, mean time", Unit: "ms",
			Text: "Mean time of a statement as the driver sees it, in milliseconds (cut to whole ones when recorded, so quick statements " +
				"count as zero).",
			Queries: one(mean("go_sql_query_timing_milliseconds"), "mean"),
		},
	}
}

func repeatPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Expenses due and not made", Unit: "short", Above: []Step{{1, false}},
			Runbooks: []string{"ExpenseTrackerRepeatsBehind"},
			Text: "Expenses that repeats have due and that are not made yet, as the last look found. Arrears of years are made within seconds; " +
				"what " +
				"stays for a quarter of an hour raises an alert.",
			Queries: one("max(expense_repeats_arrears"+ours+")", "due"),
		},
		{
			Kind: graph, Title: "Expenses made by repeats", Unit: "short",
			Text:    "How many expenses repeats have made within an hour, over all instances.",
			Queries: one("sum(increase(expense_repeats_made_total"+ours+"[1h]))", "made"),
		},
		{
			Kind: graph, Title: "Looks for what is due", Unit: "cpm", Runbooks: []string{"ExpenseTrackerRepeatsBehind"},
			Text:    "How often the program looked for what repeats have due, per minute, by outcome; failed: some of it could not be made.",
			Queries: one("60 * sum by (outcome) (rate(expense_repeats_runs_total"+ours+over+"))", "{{outcome}}"),
		},
	}
}

func peoplePanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Sign-ins by outcome", Unit: "cpm",
			Text: "Tries to sign in, per minute: accepted, refused (the name or the password was wrong), throttled (they came too often), busy " +
				"(too " +
				"many passwords were being hashed), failed (the program or its storage was at fault). Many refused or throttled ones are somebody " +
				"who guesses.",
			Queries: one("60 * sum by (outcome) (rate(expense_sign_ins_total"+ours+over+"))", "{{outcome}}"),
		},
		{
			Kind: graph, Title: "Browsers signed in", Unit: "short",
			Text:    "Sessions that have not ended, of all users. Every instance reads the same number, so the largest is shown, not the sum.",
			Queries: one("max(expense_sessions"+ours+")", "browsers"),
		},
		{
			Kind: graph, Title: "Wait for a hash, 95th percentile", Unit: "s", Above: []Step{{1, false}},
			Text: "Nineteen of twenty passwords waited less than this for their turn to be hashed. It rises when many people, or somebody who " +
				"guesses, sign in at once; everybody else is served meanwhile.",
			Queries: one(quantile("0.95", "expense_password_hash_wait_seconds", ours, ""), "95 %"),
		},
	}
}

func processPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "CPU", Unit: "percentunit", W: 6, Text: "Processors kept busy by each instance: 100 % is one whole core.",
			Queries: one("sum by (instance) (rate(process_cpu_seconds_total"+ours+over+"))", "{{instance}}"), See: []string{"containers"},
		},
		{
			Kind: graph, Title: "Memory", Unit: "bytes", W: 6, Text: "Resident memory of each instance, and the part that the Go runtime manages.",
			Queries: []Query{
				{Expr: "sum by (instance) (process_resident_memory_bytes" + ours + ")", Legend: "{{instance}} resident"},
				{Expr: "sum by (instance) (go_memory_used_bytes" + ours + ")", Legend: "{{instance}} Go runtime"},
			},
			See: []string{"containers"},
		},
		{
			Kind: graph, Title: "Goroutines", Unit: "short", W: 6, Text: "Goroutines of each instance. A number that only ever rises is a leak.",
			Queries: one("sum by (instance) (go_goroutine_count"+ours+")", "{{instance}}"),
		},
		{
			Kind: graph, Title: "Open files", Unit: "percentunit", W: 6, From: at(0), Above: []Step{{0.8, true}},
			Text:    "Share of the file descriptors that each instance may have and has open, connections included.",
			Queries: one("sum by (instance) (process_open_fds"+ours+") / sum by (instance) (process_max_fds"+ours+")", "{{instance}}"),
		},
	}
}
