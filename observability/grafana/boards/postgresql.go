package boards

// Of PostgreSQL's databases that are chosen.
const databases = `{job=~"$job", instance=~"$instance", datname=~"$database"}`

func postgreSQL() Board {
	variables := append(overMetrics("pg_up", job("postgres-exporter")), Variable{
		Name: "database", Label: "Database", Description: "One of the server's databases, or several.", Source: metrics,
		Query: `label_values(pg_database_size_bytes{job=~"$job", instance=~"$instance"}, datname)`, All: ".*",
	})
	return Board{
		UID: "postgresql", Title: "PostgreSQL", From: "now-6h", Tags: []string{"postgresql"},
		Description: "How PostgreSQL is doing, as its exporter sees it: connections, transactions, memory, tables, log and copies.",
		Variables:   variables, Annotations: deploys(),
		Rows: []Row{
			{"At a glance", databaseGlances()},
			{"Connections and transactions", transactionPanels()},
			{"Rows and memory", rowPanels()},
			{"Tables", tablePanels()},
			{"Write-ahead log, checkpoints and copies", logPanels()},
		},
	}
}

const (
	hits  = "sum(rate(pg_stat_database_blks_hit" + databases + over + "))"
	reads = "sum(rate(pg_stat_database_blks_read" + databases + over + "))"
)

func databaseGlances() []Panel {
	return []Panel{
		{
			Kind: stat, Title: "Exporter", Unit: "bool_yes_no", Style: "background",
			Names:    map[string]Name{"0": {"Cannot look", "red"}, "1": {"Looks", "green"}},
			Runbooks: []string{"PostgresNotWatched"},
			Text: "Whether the exporter answers and reaches the database. Where it cannot, the database is away, or does not take its " +
				"password: the program " +
				"may still be well.",
			Queries: one("min(pg_up"+ours+" or up"+ours+") or vector(0)", "reached"),
		},
		{
			Kind: stat, Title: "Connections in use", Unit: "percentunit", Style: "spark", Decimals: at(0), Above: []Step{{0.7, false}, {0.9, true}},
			Runbooks: []string{"PostgresConnectionsScarce"},
			Text:     "Share of the connections that the server takes and has.",
			Queries:  one("sum(pg_stat_database_numbackends"+ours+") / sum(pg_settings_max_connections"+ours+")", "in use"),
		},
		{
			Kind: stat, Title: "Transactions", Unit: "ops", Style: "spark", Decimals: at(1), Text: "Transactions that were committed, in a second.",
			Queries: one("sum(rate(pg_stat_database_xact_commit"+databases+over+"))", "committed"),
		},
		{
			Kind: stat, Title: "Found in memory", Unit: "percentunit", Below: []Step{{0.9, true}, {0.99, false}}, Decimals: at(1),
			Empty:   "nothing was read",
			Text:    "Share of the blocks that were read and were in the server's memory already.",
			Queries: one(hits+" / ("+hits+" + "+reads+" > 0)", "found"),
		},
		{
			Kind: stat, Title: "Size", Unit: "bytes", Style: "spark", Text: "What the databases that are chosen take on the disk, without the log.",
			Queries: one("sum(pg_database_size_bytes"+databases+")", "size"),
		},
		{
			Kind: stat, Title: "Oldest transaction", Unit: "s", Above: []Step{{60, false}, {1800, true}}, Decimals: at(0),
			Runbooks: []string{"PostgresTransactionOld"},
			Text:     "How long the oldest transaction has been open. An old one keeps dead rows from being cleared, and migrations waiting.",
			Queries:  one("max(pg_stat_activity_max_tx_duration"+databases+")", "oldest"),
		},
	}
}

func transactionPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Connections by state", Unit: "short", Stacked: true,
			Text: "Sessions by what they do: active ones run a statement, idle ones wait for the program, idle in transaction hold what " +
				"they have locked.",
			Queries: one("sum by (state) (pg_stat_activity_count"+databases+")", "{{state}}"),
		},
		{
			Kind: graph, Title: "Connections and their limit", Unit: "short",
			Text: "Sessions in each database, beside how many the server takes at most.",
			Queries: []Query{
				{Expr: "sum by (datname) (pg_stat_database_numbackends" + databases + ")", Legend: "{{datname}}"},
				{Expr: "sum(pg_settings_max_connections" + ours + ")", Legend: "at most"},
			},
		},
		{
			Kind: graph, Title: "Longest transaction by state", Unit: "s", Above: []Step{{60, false}},
			Text:    "How long the oldest transaction in each state has been open.",
			Queries: one("max by (state) (pg_stat_activity_max_tx_duration"+databases+")", "{{state}}"),
		},
		{
			Kind: graph, Title: "Transactions by end", Unit: "ops", W: 12,
			Text: "Transactions in a second that were committed, and that were rolled back. The program rolls back reads as well: many are no " +
				"trouble.",
			Queries: []Query{
				{Expr: "sum by (datname) (rate(pg_stat_database_xact_commit" + databases + over + "))", Legend: "{{datname}} committed"},
				{Expr: "sum by (datname) (rate(pg_stat_database_xact_rollback" + databases + over + "))", Legend: "{{datname}} rolled back"},
			},
		},
		{
			Kind: graph, Title: "Locks by mode", Unit: "short", W: 12, Stacked: true,
			Text:    "Locks that are held or waited for. An access exclusive one that stays keeps everybody from its table.",
			Queries: one("sum by (mode) (pg_locks_count"+databases+") > 0", "{{mode}}"),
		},
		{
			Kind: graph, Title: "Deadlocks and conflicts", Unit: "short", W: 12, Above: []Step{{1, false}},
			Text: "Deadlocks that the server broke, and statements that a standby ended since they stood in the way, within five minutes.",
			Queries: []Query{
				{Expr: "sum by (datname) (increase(pg_stat_database_deadlocks" + databases + "[5m]))", Legend: "{{datname}} deadlocks"},
				{Expr: "sum by (datname) (increase(pg_stat_database_conflicts" + databases + "[5m]))", Legend: "{{datname}} conflicts"},
			},
		},
		{
			Kind: graph, Title: "Temporary files", Unit: "Bps", W: 12,
			Text:    "Bytes in a second that statements put on the disk since they did not fit into their memory.",
			Queries: one("sum by (datname) (rate(pg_stat_database_temp_bytes"+databases+over+"))", "{{datname}}"),
		},
	}
}

func rowPanels() []Panel {
	changed := func(what string) Query {
		return Query{Expr: "sum(rate(pg_stat_database_tup_" + what + databases + over + "))", Legend: what}
	}
	return []Panel{
		{
			Kind: graph, Title: "Rows changed", Unit: "ops", Text: "Rows in a second that were inserted, updated and deleted.",
			Queries: []Query{changed("inserted"), changed("updated"), changed("deleted")},
		},
		{
			Kind: graph, Title: "Rows read", Unit: "ops",
			Text: "Rows in a second that were looked up by an index (fetched), and that were passed in all. Where the latter is far above, " +
				"tables are read whole.",
			Queries: []Query{changed("fetched"), changed("returned")},
		},
		{
			Kind: graph, Title: "Blocks read", Unit: "ops", Text: "Blocks in a second that were in the server's memory, and that had to be " +
				"asked for.",
			Queries: []Query{{Expr: hits, Legend: "in memory"}, {Expr: reads, Legend: "asked for"}},
		},
	}
}

func tablePanels() []Panel {
	largest := func(expr string) string { return "topk(10, sum by (datname, relname) (" + expr + "))" }
	return []Panel{
		{
			Kind: graph, Title: "Sizes of databases", Unit: "bytes", Text: "What each database takes on the disk, without the log.",
			Queries: one("sum by (datname) (pg_database_size_bytes"+databases+")", "{{datname}}"),
		},
		{
			Kind: graph, Title: "Dead rows", Unit: "short",
			Text: "Old versions of rows that wait to be cleared, of the ten tables that have most. What only rises is kept from it, by an " +
				"old transaction.",
			Queries: one(largest("pg_stat_user_tables_n_dead_tup"+databases), "{{relname}}"),
		},
		{
			Kind: graph, Title: "Share of dead rows", Unit: "percentunit", From: at(0), Above: []Step{{0.2, false}},
			Text: "The same as a share of a table's rows, of tables of a thousand rows and more.",
			Queries: one(largest("pg_stat_user_tables_n_dead_tup"+databases)+" / on (datname, relname) (sum by (datname, relname) "+
				"(pg_stat_user_tables_n_live_tup"+
				databases+") > 1000)", "{{relname}}"),
		},
		{
			Kind: graph, Title: "Tables read whole", Unit: "ops",
			Text:    "How often in a second a table was read from end to end. Of a large one, an index is missing.",
			Queries: one(largest("rate(pg_stat_user_tables_seq_scan"+databases+over+")"), "{{relname}}"),
		},
		{
			Kind: graph, Title: "Tables cleared", Unit: "short", Text: "How often within an hour the server cleared a table of its dead rows " +
				"by itself.",
			Queries: one(largest("increase(pg_stat_user_tables_autovacuum_count"+databases+"[1h])"), "{{relname}}"),
		},
		{
			Kind: graph, Title: "Rows written, by table", Unit: "ops",
			Text: "Rows inserted, updated and deleted in a second, of the ten tables with most.",
			Queries: one(largest("rate(pg_stat_user_tables_n_tup_ins"+databases+over+") + rate(pg_stat_user_tables_n_tup_upd"+databases+over+
				") + rate(pg_stat_user_tables_n_tup_del"+databases+over+")"), "{{relname}}"),
		},
	}
}

func logPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Size of the write-ahead log", Unit: "bytes", Runbooks: []string{"PostgresLogGrows"},
			Text: "What the log takes on the disk. It is bounded by max_wal_size, the second line, unless an archive or a copy that does not " +
				"follow keeps it; an alert is raised above twice of that.",
			Queries: []Query{
				{Expr: "sum by (instance) (pg_wal_size_bytes" + ours + ")", Legend: "{{instance}}"},
				{Expr: "max(pg_settings_max_wal_size_bytes" + ours + ")", Legend: "max_wal_size"},
			},
		},
		{
			Kind: graph, Title: "Blocks written in the background", Unit: "ops",
			Text: "Blocks in a second that the server wrote ahead of need, and that it made room for. A checkpoint writes besides.",
			Queries: []Query{
				{Expr: "sum(rate(pg_stat_bgwriter_buffers_clean_total" + ours + over + "))", Legend: "written ahead"},
				{Expr: "sum(rate(pg_stat_bgwriter_buffers_alloc_total" + ours + over + "))", Legend: "made room for"},
			},
		},
		{
			Kind: graph, Title: "Archive of the log", Unit: "short",
			Text: "Files of the log that were archived within an hour, and tries that failed. Where nothing is archived both are zero.",
			Queries: []Query{
				{Expr: "sum(increase(pg_stat_archiver_archived_count" + ours + "[1h]))", Legend: "archived"},
				{Expr: "sum(increase(pg_stat_archiver_failed_count" + ours + "[1h]))", Legend: "failed"},
			},
		},
		{
			Kind: graph, Title: "Lag of copies", Unit: "s", W: 12, Above: []Step{{10, false}, {60, true}}, Empty: "no copy is watched",
			Text:    "How far behind each server is that copies another, in seconds. A server that leads has none.",
			Queries: one("max by (instance) (pg_replication_lag_seconds"+ours+")", "{{instance}}"),
		},
		{
			Kind: graph, Title: "Time in the exporter", Unit: "s", W: 12, Above: []Step{{5, false}},
			Text:    "How long Prometheus waited for the exporter's answer. A server that is slow to answer is slow here too.",
			Queries: one("max by (instance) (scrape_duration_seconds"+ours+")", "{{instance}}"),
		},
	}
}
