package boards

// Of cAdvisor's containers, those of a service of Compose.
const services = `{container_label_com_docker_compose_service=~".+"}`

const byService = "sum by (container_label_com_docker_compose_service) "

const service = "{{container_label_com_docker_compose_service}}"

func containers() Board {
	return Board{
		UID: "containers", Title: "Containers and processes", From: "now-6h", Tags: []string{"containers"},
		Description: "What each program takes, as it says itself, and what each container takes, where cAdvisor runs (docker compose " +
			"--profile containers).",
		Variables: overMetrics("process_start_time_seconds", ".+"), Annotations: deploys(),
		Rows: []Row{
			{"Programs, as they say themselves", programPanels()},
			{"Containers (in the profile containers)", containerPanels()},
			{"Prometheus", prometheusPanels()},
		},
	}
}

func programPanels() []Panel {
	return []Panel{
		{
			Kind: states, Title: "Targets", Unit: "bool_yes_no", W: 24, H: 7, Below: []Step{{1, true}},
			Names:   map[string]Name{"0": {"Down", "red"}, "1": {"Up", "green"}},
			Text:    "Whether each program answered Prometheus, at each scrape.",
			Queries: one("min by (job, instance) (up"+ours+")", "{{job}} {{instance}}"),
		},
		{
			Kind: graph, Title: "CPU by program", Unit: "percentunit", Text: "Processors kept busy by each program: 100 % is one whole core.",
			Queries: one("sum by (job, instance) (rate(process_cpu_seconds_total"+ours+over+"))", "{{job}} {{instance}}"),
		},
		{
			Kind: graph, Title: "Memory by program", Unit: "bytes", Text: "Resident memory of each program.",
			Queries: one("sum by (job, instance) (process_resident_memory_bytes"+ours+")", "{{job}} {{instance}}"),
		},
		{
			Kind: graph, Title: "Open files by program", Unit: "short", Text: "File descriptors that each program has open, connections included.",
			Queries: one("sum by (job, instance) (process_open_fds"+ours+")", "{{job}} {{instance}}"),
		},
		{
			Kind: graph, Title: "Starts by program", Unit: "short", W: 12, Above: []Step{{1, false}},
			Text:    "How often each program was started within an hour. What starts again and again cannot live as it is set up.",
			Queries: one("sum by (job, instance) (changes(process_start_time_seconds"+ours+"[1h]))", "{{job}} {{instance}}"),
		},
		{
			Kind: table, Title: "Up since, by program", Unit: "s", W: 12, Text: "How long ago each program was started.",
			Queries: one("time() - max by (job, instance) (process_start_time_seconds"+ours+")", "{{job}} {{instance}}"),
		},
	}
}

func containerPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "CPU by container", Unit: "percentunit",
			Text: "Processors kept busy by each service's containers: 100 % is one whole core.",
			Queries: one(byService+"(rate(container_cpu_user_seconds_total"+services+over+
				") + rate(container_cpu_system_seconds_total"+services+over+"))", service),
		},
		{
			Kind: graph, Title: "Memory by container", Unit: "bytes", Text: "Memory of each service's containers that cannot be given up.",
			Queries: one(byService+"(container_memory_working_set_bytes"+services+")", service),
		},
		{
			Kind: bars, Title: "Memory of its limit", Unit: "percentunit", From: at(0), To: at(1), Above: []Step{{0.8, false}, {0.95, true}},
			Text: "The same as a share of what a container may take. At its end the kernel ends a process in it.",
			Queries: one(byService+"(container_memory_working_set_bytes"+services+") / ("+
				byService+"(container_spec_memory_limit_bytes"+services+") > 0)", service),
		},
		{
			Kind: graph, Title: "Ended for want of memory", Unit: "short", Above: []Step{{1, true}},
			Text:    "Processes in each service's containers that the kernel ended within an hour since their limit was reached.",
			Queries: one(byService+"(increase(container_oom_events_total"+services+"[1h]))", service),
		},
		{
			Kind: graph, Title: "Network by container", Unit: "Bps",
			Text: "Bytes received (above) and sent (below) in a second by each service's containers.",
			Queries: []Query{
				{Expr: byService + "(rate(container_network_receive_bytes_total" + services + over + "))", Legend: service + " received"},
				{Expr: "-" + byService + "(rate(container_network_transmit_bytes_total" + services + over + "))", Legend: service + " sent"},
			},
		},
		{
			Kind: graph, Title: "Processes by container", Unit: "short", Text: "Processes in each service's containers.",
			Queries: one(byService+"(container_processes"+services+")", service),
		},
	}
}

func prometheusPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Series in memory", Unit: "short", Text: "Series that Prometheus has in memory. A jump is a label without bounds.",
			Queries: one("max(prometheus_tsdb_head_series)", "series"),
		},
		{
			Kind: graph, Title: "Samples by job", Unit: "short", Text: "Samples that each scrape of a job brings.",
			Queries: one("sum by (job) (scrape_samples_scraped"+ours+")", "{{job}}"),
		},
		{
			Kind: graph, Title: "Rules that failed", Unit: "short", Above: []Step{{1, true}},
			Text:    "Evaluations of rules that failed within an hour: an alert that cannot be worked out is not raised.",
			Queries: one("sum(increase(prometheus_rule_evaluation_failures_total[1h]))", "failed"),
		},
	}
}
