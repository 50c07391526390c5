package boards

const disks = `{job=~"$job", instance=~"$instance", fstype!~"tmpfs|ramfs|fuse.*"}`

const cards = `{job=~"$job", instance=~"$instance", device!~"lo|veth.*|br-.*|docker.*"}`

func host() Board {
	return Board{
		UID: "host", Title: "Host", From: "now-6h", Tags: []string{"host"},
		Description: "How the machine underneath is doing: processor, memory, disk and network.",
		Variables:   overMetrics("node_load1", job("node-exporter")), Annotations: deploys(),
		Rows: []Row{
			{"At a glance", hostGlances()},
			{"Processor", processorPanels()},
			{"Memory", memoryPanels()},
			{"Disk", diskPanels()},
			{"Network", networkPanels()},
			{"Clock", clockPanels()},
		},
	}
}

const cores = "count(count by (instance, cpu) (node_cpu_seconds_total" + ours + "))"

func hostGlances() []Panel {
	share := []Step{{0.8, false}, {0.9, true}}
	return []Panel{
		{
			Kind: stat, Title: "CPU busy", Unit: "percentunit", Above: share, Style: "spark", Decimals: at(0),
			Text:    "Share of the time of all processors that was not idle, over five minutes.",
			Queries: one("1 - avg(rate(node_cpu_seconds_total"+of(`mode="idle"`)+"[5m]))", "busy"),
		},
		{
			Kind: stat, Title: "Load for each processor", Unit: "short", Above: []Step{{1, false}, {2, true}}, Decimals: at(2), Style: "spark",
			Text:    "Processes that run or wait, on average over five minutes, for each processor. Above one, somebody waits.",
			Queries: one("sum(node_load5"+ours+") / "+cores, "load"),
		},
		{
			Kind: stat, Title: "Memory in use", Unit: "percentunit", Above: share, Style: "spark", Decimals: at(0),
			Runbooks: []string{"HostMemoryLow"},
			Text:     "Share of the memory that programs could not get without swapping.",
			Queries:  one("1 - sum(node_memory_MemAvailable_bytes"+ours+") / sum(node_memory_MemTotal_bytes"+ours+")", "in use"),
		},
		{
			Kind: stat, Title: "Fullest file system", Unit: "percentunit", Above: share, Style: "spark", Decimals: at(0),
			Runbooks: []string{"HostDiskAlmostFull"},
			Text:     "Share that is taken of the file system that has least room left.",
			Queries:  one("max(1 - node_filesystem_avail_bytes"+disks+" / node_filesystem_size_bytes"+disks+")", "in use"),
		},
		{
			Kind: stat, Title: "Up since", Unit: "s", Decimals: at(0), Text: "How long ago the machine was started.",
			Queries: one("time() - max(node_boot_time_seconds"+ours+")", "up"),
		},
		{
			Kind: stat, Title: "Processors and memory", Unit: "bytes",
			Text:    "All the memory that there is; the processors are counted in the picture of the load.",
			Queries: one("sum(node_memory_MemTotal_bytes"+ours+")", "memory"),
		},
	}
}

func processorPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "CPU time by mode", Unit: "percentunit", W: 12, Stacked: true, From: at(0), To: at(1),
			Text: "Where the processors' time goes, as a share of all of them: user and system are work, iowait waits for a disk, steal was " +
				"taken by the hypervisor.",
			Queries: one("avg by (mode) (rate(node_cpu_seconds_total"+ours+over+"))", "{{mode}}"),
		},
		{
			Kind: graph, Title: "Load", Unit: "short", W: 12,
			Text: "Processes that run or wait to run, on average over 1, 5 and 15 minutes, beside the number of processors.",
			Queries: []Query{
				{Expr: "sum(node_load1" + ours + ")", Legend: "1 min"}, {Expr: "sum(node_load5" + ours + ")", Legend: "5 min"},
				{Expr: "sum(node_load15" + ours + ")", Legend: "15 min"}, {Expr: cores, Legend: "processors"},
			},
		},
		{
			Kind: graph, Title: "CPU by processor", Unit: "percentunit", From: at(0), To: at(1),
			Text:    "How busy each processor is. One at its end among idle ones is work that cannot be shared.",
			Queries: one("1 - sum by (instance, cpu) (rate(node_cpu_seconds_total"+of(`mode="idle"`)+over+"))", "{{instance}} {{cpu}}"),
		},
		{
			Kind: graph, Title: "Processes", Unit: "short", Text: "Processes that run now, and those that wait for a disk.",
			Queries: []Query{
				{Expr: "sum(node_procs_running" + ours + ")", Legend: "running"}, {Expr: "sum(node_procs_blocked" + ours + ")", Legend: "blocked"},
			},
		},
		{
			Kind: graph, Title: "Switches, interrupts and new processes", Unit: "ops",
			Text: "How often in a second a processor turned to another process, was interrupted, and a process was made.",
			Queries: []Query{
				{Expr: "sum(rate(node_context_switches_total" + ours + over + "))", Legend: "switches"},
				{Expr: "sum(rate(node_intr_total" + ours + over + "))", Legend: "interrupts"},
				{Expr: "sum(rate(node_forks_total" + ours + over + "))", Legend: "new processes"},
			},
		},
	}
}

func memoryPanels() []Panel {
	memory := func(kind string) string { return "sum(node_memory_" + kind + "_bytes" + ours + ")" }
	return []Panel{
		{
			Kind: graph, Title: "Memory available", Unit: "bytes", Runbooks: []string{"HostMemoryLow"}, From: at(0),
			Text: "Memory that programs can still get without swapping, beside all there is; an alert is raised below 10 %.",
			Queries: []Query{
				{Expr: "sum by (instance) (node_memory_MemAvailable_bytes" + ours + ")", Legend: "{{instance}} available"},
				{Expr: "sum by (instance) (node_memory_MemTotal_bytes" + ours + ")", Legend: "{{instance}} total"},
			},
		},
		{
			Kind: graph, Title: "Memory available, share", Unit: "percentunit", From: at(0), To: at(1), Below: []Step{{0.1, true}, {0.2, false}},
			Text: "The same as a share of the whole memory.", Runbooks: []string{"HostMemoryLow"},
			Queries: one("sum by (instance) (node_memory_MemAvailable_bytes"+ours+") / sum by (instance) (node_memory_MemTotal_bytes"+ours+")",
				"{{instance}}"),
		},
		{
			Kind: graph, Title: "Memory by use", Unit: "bytes", Stacked: true,
			Text: "What the memory is used for: programs, the kernel's tables, and copies of files, which are given up when somebody needs room.",
			Queries: []Query{
				{
					Expr: memory("MemTotal") + " - " + memory("MemFree") + " - " + memory("Buffers") + " - " + memory("Cached") + " - " +
						memory("SReclaimable"),
					Legend: "programs",
				},
				{Expr: memory("Buffers") + " + " + memory("SReclaimable"), Legend: "buffers and tables"},
				{Expr: memory("Cached"), Legend: "copies of files"}, {Expr: memory("MemFree"), Legend: "free"},
			},
		},
		{
			Kind: graph, Title: "Swap", Unit: "bytes", Text: "Memory that was put on a disk for want of room, beside the room there is " +
				"for that.",
			Queries: []Query{
				{Expr: memory("SwapTotal") + " - " + memory("SwapFree"), Legend: "in use"}, {Expr: memory("SwapTotal"), Legend: "total"},
			},
		},
		{
			Kind: graph, Title: "Programs killed for want of memory", Unit: "short", Above: []Step{{1, true}}, Runbooks: []string{"HostMemoryKill"},
			Text:    "Processes that the kernel ended within an hour, since a container reached its limit or the machine had no memory left.",
			Queries: one("sum by (instance) (increase(node_vmstat_oom_kill"+ours+"[1h]))", "{{instance}}"),
		},
		{
			Kind: graph, Title: "Waiting to be written", Unit: "bytes",
			Text: "Changed copies of files that are not on a disk yet. PostgreSQL waits for its own by fsync; a mountain of others makes " +
				"that slow.",
			Queries: []Query{{Expr: memory("Dirty"), Legend: "changed"}, {Expr: memory("Writeback"), Legend: "being written"}},
		},
	}
}

func diskPanels() []Panel {
	per := func(what string) string { return "sum by (device) (rate(node_disk_" + what + ours + over + "))" }
	return []Panel{
		{
			Kind: graph, Title: "Disk I/O time", Unit: "percentunit", From: at(0), Above: []Step{{0.9, false}},
			Text:    "Share of the time in which a disk was busy with reads or writes; near 100 % it is what everything waits for.",
			Queries: one("sum by (instance, device) (rate(node_disk_io_time_seconds_total"+ours+over+"))", "{{device}}"),
		},
		{
			Kind: graph, Title: "Disk throughput", Unit: "Bps", Text: "Bytes read from (above) and written to (below) each disk in a second.",
			Queries: []Query{
				{Expr: per("read_bytes_total"), Legend: "{{device}} read"}, {Expr: "-" + per("written_bytes_total"), Legend: "{{device}} written"},
			},
		},
		{
			Kind: graph, Title: "Disk operations", Unit: "ops", Text: "Reads (above) and writes (below) of each disk in a second.",
			Queries: []Query{
				{Expr: per("reads_completed_total"), Legend: "{{device}} reads"},
				{Expr: "-" + per("writes_completed_total"), Legend: "{{device}} writes"},
			},
		},
		{
			Kind: graph, Title: "Time of a write", Unit: "s", Above: []Step{{0.02, false}, {0.1, true}},
			Text:    "How long a write to each disk took, on average; each add waits for one. Empty while nothing is written.",
			Queries: one(per("write_time_seconds_total")+" / ("+per("writes_completed_total")+" > 0)", "{{device}}"),
		},
		{
			Kind: graph, Title: "File systems in use", Unit: "percentunit", From: at(0), To: at(1), Above: []Step{{0.9, true}},
			Runbooks: []string{"HostDiskAlmostFull"}, Text: "Share of each file system that is taken; an alert is raised above 90 %.",
			Queries: one("1 - max by (instance, device) (node_filesystem_avail_bytes"+disks+") / max by (instance, device) "+
				"(node_filesystem_size_bytes"+disks+")",
				"{{device}}"),
		},
		{
			Kind: graph, Title: "Room left on file systems", Unit: "bytes", From: at(0), Runbooks: []string{"HostDiskAlmostFull"},
			Text:    "Bytes that programs can still write to each file system.",
			Queries: one("max by (instance, device) (node_filesystem_avail_bytes"+disks+")", "{{device}}"),
		},
		{
			Kind: graph, Title: "Room left in four days", Unit: "bytes", Below: []Step{{0, true}}, Runbooks: []string{"HostDiskAlmostFull"},
			Text:    "How much room each file system has in four days if it fills as in the last six hours. Below zero it is full by then.",
			Queries: one("min by (instance, device) (predict_linear(node_filesystem_avail_bytes"+disks+"[6h], 4 * 86400))", "{{device}}"),
		},
		{
			Kind: graph, Title: "Files in use", Unit: "percentunit", From: at(0), To: at(1), Above: []Step{{0.9, true}},
			Text: "Share of the files (inodes) that each file system can have and has; a disk can be full of small files.",
			Queries: one("1 - max by (instance, device) (node_filesystem_files_free"+disks+") / (max by (instance, device) "+
				"(node_filesystem_files"+disks+") > 0)",
				"{{device}}"),
		},
		{
			Kind: graph, Title: "Waiting for a disk", Unit: "short", Text: "Reads and writes that wait or are under way on each disk, on average.",
			Queries: one("sum by (instance, device) (rate(node_disk_io_time_weighted_seconds_total"+ours+over+"))", "{{device}}"),
		},
	}
}

func networkPanels() []Panel {
	per := func(what string) string { return "sum by (device) (rate(node_network_" + what + cards + "[5m]))" }
	both := func(what string) []Query {
		return []Query{
			{Expr: per("receive_" + what + "_total"), Legend: "{{device}} received"},
			{Expr: "-" + per("transmit_"+what+"_total"), Legend: "{{device}} sent"},
		}
	}
	return []Panel{
		{
			Kind: graph, Title: "Network received over five minutes", Unit: "bytes",
			Text: "Bytes that the host's network cards received within the last five minutes (containers' own links are left out: their traffic " +
				"would be counted twice).",
			Queries: one("sum by (device) (increase(node_network_receive_bytes_total"+cards+"[5m]))", "{{device}}"),
		},
		{
			Kind: graph, Title: "Network throughput", Unit: "Bps", Queries: both("bytes"),
			Text: "Bytes received (above) and sent (below) in a second, by network card, averaged over five minutes.",
		},
		{
			Kind: graph, Title: "Network packets", Unit: "ops", Queries: both("packets"),
			Text: "Packets received (above) and sent (below) in a second, by network card.",
		},
		{
			Kind: graph, Title: "Network errors", Unit: "ops", W: 12, Queries: both("errs"), Above: []Step{{1, false}},
			Text: "Packets that were broken, received (above) and sent (below) in a second. Any at all is a cable, a card or a driver.",
		},
		{
			Kind: graph, Title: "Network packets dropped", Unit: "ops", W: 12, Queries: both("drop"), Above: []Step{{1, false}},
			Text: "Packets that were thrown away for want of room, received (above) and sent (below) in a second.",
		},
	}
}

func clockPanels() []Panel {
	return []Panel{
		{
			Kind: graph, Title: "Clock, at most wrong by", Unit: "s", W: 12, Above: []Step{{16, true}},
			Runbooks: []string{"HostClockNotSynchronized"},
			Text:     "How far the clock may be off at most, as the kernel reckons. It grows while nothing sets the clock.",
			Queries:  one("max by (instance) (node_timex_maxerror_seconds"+ours+")", "{{instance}}"),
		},
		{
			Kind: graph, Title: "Clock beside Prometheus’ own", Unit: "s", W: 12, Runbooks: []string{"HostClockWrong"},
			Text:    "How far the machine's clock is ahead of that of Prometheus, within the time of a scrape.",
			Queries: one("max by (instance) (node_time_seconds"+ours+" - timestamp(node_time_seconds"+ours+"))", "{{instance}}"),
		},
	}
}
