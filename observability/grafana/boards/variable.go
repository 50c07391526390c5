package boards

// Variable is a choice at the top of a dashboard.
type Variable struct {
	Name, Label, Description string
	Source                   source
	Query                    string // label_values(…) or SQL; empty for the choice of a data source
	Plugin                   string // of that choice
	All                      string // the regular expression that stands for all; empty where one value is chosen at a time
}

func (v Variable) object() object {
	o := object{"name": v.Name, "label": v.Label, "description": v.Description, "hide": 0, "options": []any{}, "refresh": 2, "sort": 1}
	if v.Plugin != "" {
		o["type"], o["query"], o["regex"], o["multi"], o["includeAll"], o["refresh"] = "datasource", v.Plugin, "", false, false, 1
		o["current"] = object{}
		return o
	}
	o["type"], o["datasource"], o["definition"], o["multi"], o["includeAll"] = "query", v.Source.object(), v.Query, v.All != "", v.All != ""
	o["query"] = any(v.Query)
	if v.Source == metrics {
		o["query"] = object{"query": v.Query, "refId": v.Name}
	}
	o["current"] = object{}
	if v.All != "" {
		o["allValue"] = v.All
		o["current"] = object{"selected": true, "text": []string{"All"}, "value": []string{"$__all"}}
	}
	if v.Source == rows {
		o["sort"] = 0 // as the query has them
	}
	return o
}

// source is a data source, by its plugin and the variable that chooses it.
type source struct{ plugin, uid string }

var (
	metrics = source{"prometheus", "${datasource}"}
	rows    = source{"grafana-postgresql-datasource", "${datasource}"}
)

func (s source) object() object { return object{"type": s.plugin, "uid": s.uid} }

// job returns the expression of a job that is called so, or so in a namespace. While nobody has answered for long no job is known to choose
// from, and all of them still has to mean this one.
func job(name string) string { return "(.*/)?" + name }

// overMetrics returns the choices of a dashboard of Prometheus: the data source, and the jobs and instances that have a metric.
func overMetrics(metric, jobs string) []Variable {
	return []Variable{
		{Name: "datasource", Label: "Data source", Description: "The Prometheus that is asked.", Plugin: "prometheus"},
		{
			Name: "job", Label: "Job", Description: "The job by which Prometheus asks, or several.", Source: metrics,
			Query: "label_values(" + metric + ", job)", All: jobs,
		},
		{
			Name: "instance", Label: "Instance", Description: "One of the instances, or all of them.", Source: metrics,
			Query: "label_values(" + metric + `{job=~"$job"}, instance)`, All: ".*",
		},
	}
}

// Annotation marks the moments at which a query has values.
type Annotation struct {
	Name, Color, Expr, Title, Text string
	AtValue                        bool // the value is the moment, in milliseconds
}

func (a Annotation) object() object {
	return object{
		"name": a.Name, "datasource": metrics.object(), "enable": true, "hide": false, "iconColor": a.Color, "expr": a.Expr,
		"titleFormat": a.Title, "textFormat": a.Text, "tagKeys": "", "step": "60s", "useValueForTime": a.AtValue,
	}
}

// deploys marks versions that were not there five minutes before, and starts of the program.
func deploys() []Annotation {
	const builds = "count by (version, revision) (expense_tracker_build_info"
	return []Annotation{
		{
			Name: "Deploys", Color: "blue", Title: "Deployed {{version}}", Text: "Revision {{revision}}",
			Expr: builds + ") unless " + builds + " offset 5m)",
		},
		{
			Name: "Starts", Color: "purple", Title: "Started", Text: "{{instance}}", AtValue: true,
			Expr: `process_start_time_seconds{job="expense-tracker"} * 1000`,
		},
	}
}
