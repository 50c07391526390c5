package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"

	"go.opentelemetry.io/otel/metric"
)

// The write-ahead log's size is warned of beyond walWarned bytes. Beyond walLimit the log is emptied when nobody reads from it.
const (
	walWarned = 64 << 20
	fewFrames = 1000 // that may be moved while writers wait
)

// logSize is what is told of the log's size.
type logSize struct {
	registration metric.Registration
	warned       bool
}

func (l *logSize) unregister() error {
	if l.registration == nil {
		return nil
	}
	return l.registration.Unregister()
}

// measure makes the log's size a metric.
func (s *DB) measure(meters metric.MeterProvider) error {
	if meters == nil {
		return nil
	}
	meter := meters.Meter("expense-tracker/adapters/sqlite")
	size, err := meter.Int64ObservableGauge("expense_store.wal", metric.WithUnit("By"),
		metric.WithDescription("Size of SQLite's write-ahead log. It grows while somebody reads for long; then it is emptied. SQLite only."))
	if err != nil {
		return fmt.Errorf("sqlite: metrics: %w", err)
	}
	s.log.registration, err = meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		o.ObserveInt64(size, s.guard.logBytes())
		return nil
	}, size)
	if err != nil {
		return fmt.Errorf("sqlite: metrics: %w", err)
	}
	return nil
}

// logBytes returns the size of the log, 0 if there is none.
func (g *guard) logBytes() int64 {
	info, err := os.Stat(g.wal)
	if err != nil {
		return 0
	}
	return info.Size()
}

// keepLogSmall empties a log that has grown, and warns of one that cannot be emptied. Only a reader, be it of another program, holds it.
func (s *DB) keepLogSmall(ctx context.Context) {
	size := s.guard.logBytes()
	if size > walLimit {
		if err := s.emptyLog(ctx); err != nil {
			s.logger.DebugContext(ctx, "the write-ahead log was not emptied", "error", err)
		}
		size = s.guard.logBytes()
	}
	switch {
	case size > walWarned && !s.log.warned:
		s.log.warned = true
		s.logger.WarnContext(ctx,
			"the write-ahead log is large: a program that reads the data file for long keeps it from being emptied", "bytes", size)
	case size <= walWarned && s.log.warned:
		s.log.warned = false
		s.logger.InfoContext(ctx, "the write-ahead log is small again", "bytes", size)
	}
}

// emptyLog first moves what it can without keeping writers waiting. It cuts the log only when little is left to be moved, for then
// nobody may write.
//
// It has a connection of its own: it takes long, and whoever looks into the file meanwhile needs the holder. That connection never waits
// for a reader while writers wait for it.
func (s *DB) emptyLog(ctx context.Context) (err error) {
	opening := s.guard.file.connector(writing, 0)
	opening.guard = s.guard
	c, err := opening.open() //nolint:contextcheck // a look into the file has a bound of its own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	_, logged, moved, err := c.checkpoint(ctx, "PASSIVE")
	if err != nil || logged-moved > fewFrames {
		return err
	}
	_, _, _, err = c.checkpoint(ctx, "TRUNCATE")
	s.guard.forgetNumber()
	return err
}

// checkpoint moves frames of the log into the data file. It returns 1 for busy if it was kept from some, how many frames the log has, and
// how many of them are moved.
func (c *conn) checkpoint(ctx context.Context, mode string) (busy, logged, moved int64, err error) {
	query := `PRAGMA wal_checkpoint(` + mode + `)`
	s, err := c.take(ctx, query)
	if err != nil {
		return 0, 0, 0, err
	}
	found, err := s.QueryContext(ctx, nil)
	if err != nil {
		return 0, 0, 0, errors.Join(err, c.put(query, s))
	}
	values := make([]driver.Value, len(found.Columns()))
	if err := errors.Join(found.Next(values), found.Close(), c.put(query, s)); err != nil {
		return 0, 0, 0, err
	}
	numbers := make([]int64, 3)
	for i := range numbers {
		numbers[i], _ = values[i].(int64)
	}
	return numbers[0], numbers[1], numbers[2], nil
}
