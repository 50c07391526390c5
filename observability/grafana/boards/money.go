package boards

const (
	chosen   = "ledger_id = $ledger"
	spending = " FROM expense WHERE " + chosen + " AND currency = '$currency'"
	when     = " AND $__timeFilter(date)"
	month    = "to_char(date, 'YYYY-MM')"
)

// money is of people's spending, and asks the database as a role that may read the view expense alone.
func money() Board {
	return Board{
		UID: "money", Title: "Money", From: "now-1y/y", Tags: []string{"money"},
		Description: "What was spent, by month and by category, of one ledger in one currency. Tables show amounts exactly as they are " +
			"stored; pictures are drawn of numbers that Grafana has rounded.",
		Variables: []Variable{
			{Name: "datasource", Label: "Data source", Description: "The PostgreSQL that is asked.", Plugin: rows.plugin},
			{
				Name: "ledger", Label: "Ledger", Description: "Whose spending: the ledgers that the operator lets Grafana see (MONEY_LEDGERS).",
				Source: rows,
				Query:  "SELECT DISTINCT ledger_id FROM expense ORDER BY ledger_id LIMIT 1000",
			},
			{
				Name: "currency", Label: "Currency", Description: "Amounts of different currencies are never added.", Source: rows,
				Query: "SELECT currency FROM expense WHERE " + chosen + " GROUP BY currency ORDER BY count(*) DESC, currency",
			},
		},
		Rows: []Row{{"Altogether", sums()}, {"By month", byMonth()}, {"By category", byCategory()}},
	}
}

func ask(sql string) []Query { return []Query{{SQL: sql}} }

func sums() []Panel {
	return []Panel{
		{
			Kind: table, Title: "This month and the last", Unit: "none", H: 6, Exact: []string{"spent"},
			Text: "What was spent in the month that is now and in the one before, exact to the last decimal; refunds are taken off.",
			Queries: ask("SELECT " + month + " AS month, sum(price)::text AS spent, count(*) AS expenses" + spending +
				" AND date >= date_trunc('month', CURRENT_DATE - interval '1 month') AND date < date_trunc('month', CURRENT_DATE + interval '1 " +
				"month') GROUP BY 1 ORDER BY 1 DESC"),
		},
		{
			Kind: table, Title: "In the time that is shown", Unit: "none", H: 6, Exact: []string{"spent", "refunded", "a month"},
			Text: "What was spent in the time that is chosen above, what of it came back, and what that is for each month with an expense.",
			Queries: ask("SELECT COALESCE(sum(price), 0)::text AS spent, COALESCE(-sum(price) FILTER (WHERE refund), 0)::text AS refunded, " +
				"count(*) AS expenses, " +
				"COALESCE(round(sum(price) / NULLIF(count(DISTINCT date_trunc('month', date)), 0), max(scale(price))), 0)::text AS \"a month\"" +
				spending + when),
		},
		{
			Kind: table, Title: "By currency", Unit: "none", H: 6, Exact: []string{"spent"},
			Text: "What was spent in each of the ledger's currencies in the time that is chosen.",
			Queries: ask("SELECT currency, sum(price)::text AS spent, count(*) AS expenses FROM expense WHERE " + chosen + when +
				" GROUP BY currency ORDER BY currency"),
		},
	}
}

func byMonth() []Panel {
	return []Panel{
		{
			Kind: chart, Title: "Spending by month", Unit: "short", W: 16, H: 10,
			Text:    "What was spent in each month, all categories together; refunds are taken off.",
			Queries: ask("SELECT " + month + " AS month, sum(price) AS spent" + spending + when + " GROUP BY 1 ORDER BY 1"),
		},
		{
			Kind: table, Title: "Months, exact", Unit: "none", W: 8, H: 10, Exact: []string{"spent", "more than before"},
			Text: "The same, exact, with what is more (or less) than in the month before it that is shown.",
			Queries: ask("SELECT month, spent::text AS spent, (spent - lag(spent) OVER (ORDER BY month))::text AS \"more than before\", " +
				"expenses FROM (SELECT " + month +
				" AS month, sum(price) AS spent, count(*) AS expenses" + spending + when + " GROUP BY 1) AS months ORDER BY month DESC"),
		},
	}
}

func byCategory() []Panel {
	return []Panel{
		{
			Kind: chart, Title: "Spending by category", Unit: "short", W: 16, H: 10,
			Text: "What was spent on each of the twenty categories that took most.",
			Queries: ask("SELECT category, sum(price) AS spent" + spending + when +
				" GROUP BY category ORDER BY sum(price) DESC, category LIMIT 20"),
		},
		{
			Kind: table, Title: "Categories, exact", Unit: "none", W: 8, H: 10, Exact: []string{"spent"},
			Text: "The same for every category, exact, with its share of the whole.",
			Queries: ask("SELECT category, sum(price)::text AS spent, round(100 * sum(price) / NULLIF(sum(sum(price)) OVER (), 0), 1) AS " +
				"\"share in %\", count(*) AS expenses" +
				spending + when + " GROUP BY category ORDER BY sum(price) DESC, category"),
		},
		{
			Kind: table, Title: "Months and categories, exact", Unit: "none", W: 24, H: 12, Exact: []string{"spent"},
			Text: "What was spent on each category in each month, exact: every column can be filtered and sorted.",
			Queries: ask("SELECT " + month + " AS month, category, sum(price)::text AS spent, count(*) AS expenses" + spending + when +
				" GROUP BY 1, 2 ORDER BY 1 DESC, sum(price) DESC, category LIMIT 5000"),
		},
	}
}
