package main

import (
	"testing"

	dto "github.com/prometheus/client_model/go"
)

// set is a choice of labels with their values.
type set map[string]string

// value returns the value of a metric's only series with the labels; for a histogram, its count. It is -1 if there is none.
func value(t *testing.T, url, metric string, labels set) float64 {
	t.Helper()
	for _, series := range scrape(t, url+"/metrics")[metric].GetMetric() {
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

func (s set) match(series *dto.Metric) bool {
	found := 0
	for _, label := range series.GetLabel() {
		if wanted, chosen := s[label.GetName()]; chosen && wanted == label.GetValue() {
			found++
		}
	}
	return found == len(s)
}
