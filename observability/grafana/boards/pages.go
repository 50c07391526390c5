package boards

func pages() Board {
	return Board{
		UID: "pages", Title: "Pages and certificates", From: "now-6h", Tags: []string{"pages"},
		Description: "How pages answer to somebody from outside, asked for by blackbox_exporter, and how long certificates still hold.",
		Variables:   overMetrics("probe_success", job("pages")), Annotations: deploys(),
		Rows: []Row{{"At a glance", pageGlances()}, {"Answers", answerPanels()}, {"Certificates (where pages go by TLS)", certificatePanels()}},
	}
}

func pageGlances() []Panel {
	return []Panel{
		{
			Kind: stat, Title: "All pages", Unit: "bool_yes_no", Style: "background",
			Names: map[string]Name{"0": {"One does not answer", "red"}, "1": {"Answer", "green"}},
			W:     6, Runbooks: []string{"PageNotAnswering"}, Text: "Whether every page that is asked for answers as it should.",
			Queries: one("min(probe_success"+ours+") or vector(0)", "answer"),
		},
		{
			Kind: stat, Title: "Answered", Unit: "percentunit", W: 6, Below: []Step{{0.99, true}, {0.999, false}}, Decimals: at(3),
			Text:    "Share of the asks in the last day that were answered as they should, over all pages.",
			Queries: one("avg(avg_over_time(probe_success"+ours+"[1d]))", "answered"),
		},
		{
			Kind: stat, Title: "Slowest page", Unit: "s", W: 6, Above: []Step{{0.5, false}, {2, true}}, Decimals: at(3),
			Text:    "How long the slowest page took, on average over five minutes.",
			Queries: one("max(avg_over_time(probe_duration_seconds"+ours+"[5m]))", "slowest"),
		},
		{
			Kind: stat, Title: "First certificate to end", Runbooks: []string{"CertificateEnds"}, Unit: "s", W: 6,
			Below: []Step{{14 * 86400, true}, {21 * 86400, false}}, Empty: "no TLS",
			Text:    "How long the certificate holds that ends first. Caddy renews when a third of its time is left.",
			Queries: one("min(probe_ssl_earliest_cert_expiry"+ours+") - time()", "left"),
		},
	}
}

func answerPanels() []Panel {
	return []Panel{
		{
			Kind: states, Title: "Pages over time", Unit: "bool_yes_no", W: 24, H: 6, Below: []Step{{1, true}},
			Names: map[string]Name{"0": {"No", "red"}, "1": {"Yes", "green"}}, Runbooks: []string{"PageNotAnswering"},
			Text:    "Whether each page answered as it should, at each ask.",
			Queries: one("min by (instance) (probe_success"+ours+")", "{{instance}}"),
		},
		{
			Kind: graph, Title: "Time of an answer", Unit: "s", W: 12, Above: []Step{{0.5, false}}, See: []string{"expense-tracker"},
			Text:    "How long each page took, from the question for its address to the last byte.",
			Queries: one("max by (instance) (probe_duration_seconds"+ours+")", "{{instance}}"),
		},
		{
			Kind: graph, Title: "Time by part", Unit: "s", W: 12, Stacked: true,
			Text:    "Where that time goes: asking for the address (resolve), connect, tls, waiting for the first byte (processing), and transfer.",
			Queries: one("avg by (phase) (probe_http_duration_seconds"+ours+")", "{{phase}}"),
		},
		{
			Kind: table, Title: "Status", Unit: "short", W: 12, Text: "The status of each page's last answer; 0 where nothing answered.",
			Queries: one("max by (instance) (probe_http_status_code"+ours+")", "{{instance}}"),
		},
		{
			Kind: table, Title: "Share that was answered, by page", Unit: "percentunit", W: 12,
			Text:    "Share of the asks in the last day that were answered as they should, for each page.",
			Queries: one("avg by (instance) (avg_over_time(probe_success"+ours+"[1d]))", "{{instance}}"),
		},
	}
}

func certificatePanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Certificates' time left", Runbooks: []string{"CertificateEnds"}, Unit: "s", W: 12, From: at(0),
			Below:   []Step{{14 * 86400, true}, {21 * 86400, false}},
			Empty:   "no TLS",
			Text:    "How long the certificate holds that each page was served with. It jumps up when it was renewed.",
			Queries: one("min by (instance) (probe_ssl_earliest_cert_expiry"+ours+") - time()", "{{instance}}"),
		},
		{
			Kind: table, Title: "TLS", Unit: "none", W: 12, Text: "By which version of TLS each page was served.", Empty: "no TLS",
			Queries: one("max by (instance, version) (probe_tls_version_info"+ours+")", "{{instance}} {{version}}"),
		},
	}
}
