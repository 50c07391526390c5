package observability

import (
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// durationBuckets returns upper bounds in seconds, from a page out of memory to a request that nobody waits for any more.
func durationBuckets() []float64 {
	return []float64{
		0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
	}
}

// views shape what otelhttp records. Its server address and port come from the Host header, which anybody may make up, so that
// only the listed attributes stay. Its body sizes would triple the series and tell nothing that the log does not.
func views() []sdkmetric.View {
	return []sdkmetric.View{
		sdkmetric.NewView(
			sdkmetric.Instrument{Name: "http.server.request.duration"},
			sdkmetric.Stream{
				AttributeFilter: attribute.NewAllowKeysFilter(
					semconv.HTTPRequestMethodKey, semconv.HTTPRouteKey, semconv.HTTPResponseStatusCodeKey,
				),
				Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: durationBuckets(), NoMinMax: true},

				ExemplarReservoirProviderSelector: bareExemplars,
			},
		),
		sdkmetric.NewView(
			sdkmetric.Instrument{Name: "http.server.*.body.size"},
			sdkmetric.Stream{Aggregation: sdkmetric.AggregationDrop{}},
		),
	}
}
