package report

import (
	"encoding/json"
	"io"

	"expense-tracker/cmd/bench/internal/stats"
)

// Report is a whole run.
type Report struct {
	Machine  map[string]string `json:"machine"`
	Rounds   int               `json:"rounds"`
	Duration string            `json:"duration"` // of each load
	Took     string            `json:"took"`
	Verdicts []Verdict         `json:"verdicts"`
	Figures  *Figures          `json:"figures"`
}

// figure is a key with the summaries of its measures.
type figure struct {
	Key
	Measures map[Measure]stats.Summary `json:"measures"`
}

// MarshalJSON writes an array with an object for each key, in the order of measurement.
func (b *Figures) MarshalJSON() ([]byte, error) {
	figures := make([]figure, len(b.keys))
	for i, key := range b.keys {
		figures[i] = figure{Key: key, Measures: map[Measure]stats.Summary{}}
		for measure, values := range b.values[key] {
			figures[i].Measures[measure] = stats.Summarize(values)
		}
	}
	return json.Marshal(figures)
}

// WriteJSON writes the report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}
