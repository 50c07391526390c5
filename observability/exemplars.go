package observability

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
)

// bareExemplars keeps exemplars with a trace and without attributes. Those that a view takes off would come with it, such as the Host
// header; an exemplar of more than 128 characters is lost, and what strangers send is nobody's to export.
func bareExemplars(of sdkmetric.Aggregation) exemplar.ReservoirProvider {
	next := sdkmetric.DefaultExemplarReservoirProviderSelector(of)
	return func(attrs attribute.Set) exemplar.Reservoir { return bareReservoir{next(attrs)} }
}

type bareReservoir struct{ exemplar.Reservoir }

// Offer implements exemplar.Reservoir.
func (r bareReservoir) Offer(ctx context.Context, t time.Time, value exemplar.Value, _ []attribute.KeyValue) {
	r.Reservoir.Offer(ctx, t, value, nil)
}

// exemplars says which measurements may be kept as an example: those of a trace that is recorded, if any is.
func (t *traces) exemplars() exemplar.Filter {
	if t == nil {
		return exemplar.AlwaysOffFilter
	}
	return exemplar.TraceBasedFilter
}
