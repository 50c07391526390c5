package observability

import (
	"context"
	"log/slog"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// lines counts the lines of a log by their level.
type lines [4]atomic.Int64

// levels are those that lines tells apart, the least severe first.
var levels = [...]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}

func (l *lines) count(level slog.Level) {
	at := len(levels) - 1
	for at > 0 && level < levels[at] {
		at--
	}
	l[at].Add(1)
}

// publishLines exports how many lines the log got, if NewLogger made it.
func publishLines(meter metric.Meter, logger *slog.Logger) error {
	handler, ours := logger.Handler().(contextHandler)
	if !ours {
		return nil
	}
	var options [len(levels)]metric.MeasurementOption
	for i, name := range [...]string{"debug", "info", "warn", "error"} {
		options[i] = metric.WithAttributeSet(attribute.NewSet(attribute.String("level", name)))
	}
	_, err := meter.Int64ObservableCounter("expense.log.lines", metric.WithUnit("{line}"),
		metric.WithDescription("Lines written to the log, by level. Those that log.level or log.requests leave out are not counted."),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			for i := range options {
				o.Observe(handler.lines[i].Load(), options[i])
			}
			return nil
		}))
	return err
}
