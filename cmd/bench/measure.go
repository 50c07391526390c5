package main

import (
	"context"
	"errors"
	"time"

	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stock"
)

// sampling is how often the program's memory is looked at under load.
const sampling = 50 * time.Millisecond

// measure puts the program under a load and records it with the most memory that it took meanwhile. It adds the number of answers to
// answered if that is not nil.
func (r *run) measure(ctx context.Context, key report.Key, subject *stock.Subject, requests load.Requests, answered *int64) error {
	finished := make(chan struct{})
	watched := make(chan error, 1)
	var most int64
	go func() {
		var err error
		most, err = mostMemory(subject, finished)
		watched <- err
	}()
	result, err := load.Run(ctx, subject.URL, requests, r.load(key.Clients))
	close(finished)
	if err := errors.Join(err, <-watched); err != nil {
		return err
	}
	if answered != nil {
		*answered += result.Answered
	}
	r.figures.RecordLoad(key, result)
	r.figures.Record(key, report.RSS, report.Megabytes(most))
	return nil
}

// mostMemory returns the largest resident memory of the program, in bytes, that it sees until the channel is closed.
func mostMemory(subject *stock.Subject, until <-chan struct{}) (most int64, err error) {
	ticker := time.NewTicker(sampling)
	defer ticker.Stop()
	for {
		now, err := subject.RSS()
		if err != nil {
			return most, err
		}
		most = max(most, now)
		select {
		case <-until:
			return most, nil
		case <-ticker.C:
		}
	}
}
