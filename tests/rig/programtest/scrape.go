package programtest

import (
	"net/http"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Labels is a choice of labels with their values.
type Labels map[string]string

// Metric returns the value of a metric's only series with the labels; for a histogram, its count. It is -1 if there is none.
func Metric(t *testing.T, url, metric string, labels Labels) float64 {
	t.Helper()
	for _, series := range Scrape(t, url+"/metrics")[metric].GetMetric() {
		if labels.match(series) {
			switch {
			case series.GetCounter() != nil:
				return series.GetCounter().GetValue()
			case series.GetGauge() != nil:
				return series.GetGauge().GetValue()
			case series.GetHistogram() != nil:
				return float64(series.GetHistogram().GetSampleCount())
			}
		}
	}
	return -1
}

func (s Labels) match(series *dto.Metric) bool {
	found := 0
	for _, label := range series.GetLabel() {
		if wanted, chosen := s[label.GetName()]; chosen && wanted == label.GetValue() {
			found++
		}
	}
	return found == len(s)
}

// Scrape returns the metrics at an address, by name.
func Scrape(t *testing.T, url string) map[string]*dto.MetricFamily {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return families
}
