// Package load sends requests from several clients at once and measures how they are answered. Each client has one connection, kept
// open, and sends its next request when the last is answered, as pgbench does. It stands on fasthttp's client, because the load
// shares the processors with what is measured: a generator that costs more than the server measures itself.
package load

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"expense-tracker/cmd/bench/internal/stats"
)

// answerTimeout bounds the wait for one answer.
const answerTimeout = 30 * time.Second

// Requests make what clients send.
type Requests interface {
	// Prepare writes a client's next request over its last one, and returns false when there are no more.
	Prepare(request *fasthttp.Request) bool
	// Status is the status that each answer has to have, or AnyStatus.
	Status() int
}

// AnyStatus is the status of requests of which only the cost matters.
const AnyStatus = 0

// Options say how to send.
type Options struct {
	Clients  int
	Warmup   time.Duration // before Duration; answered, and not measured
	Duration time.Duration // measured; 0 to send until there are no more requests
}

// Result is what came back.
type Result struct {
	Answered  int64         // requests, those outside the measured time included
	PerSecond float64       // answers in the measured time
	P50, P99  time.Duration // from before a request is sent until its answer is read, of those answered in the measured time
	Bytes     int           // of a body
}

// Run sends requests to a server. An answer with another status than the requests want ends it with an error.
func Run(ctx context.Context, base string, requests Requests, options Options) (Result, error) {
	address, err := url.Parse(base)
	if err != nil {
		return Result{}, err
	}
	server := &fasthttp.HostClient{
		Addr: address.Host, MaxConns: options.Clients, MaxIdemponentCallAttempts: 1, ReadTimeout: answerTimeout, WriteTimeout: answerTimeout,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
	}
	defer server.CloseIdleConnections()
	began := time.Now()
	clients := make([]client, options.Clients)
	var running sync.WaitGroup
	for i := range clients {
		clients[i] = client{server: server, requests: requests, from: began.Add(options.Warmup),
			until: began.Add(options.Warmup + options.Duration)}
		if options.Duration == 0 {
			clients[i].until = began.Add(time.Hour)
		}
		running.Go(func() { clients[i].run(ctx) })
	}
	running.Wait()
	seconds := options.Duration.Seconds()
	if options.Duration == 0 {
		seconds = time.Since(began).Seconds()
	}
	return sum(clients, seconds)
}

func sum(clients []client, seconds float64) (Result, error) {
	var result Result
	var latencies []time.Duration
	var err error
	for i := range clients {
		err = errors.Join(err, clients[i].err)
		result.Answered += clients[i].answered
		result.Bytes = max(result.Bytes, clients[i].bytes)
		latencies = append(latencies, clients[i].latencies...)
	}
	slices.Sort(latencies)
	result.PerSecond = float64(len(latencies)) / seconds
	result.P50, result.P99 = stats.Percentile(latencies, 50), stats.Percentile(latencies, 99)
	return result, err
}

// client is one of several that send at the same time.
type client struct {
	server      *fasthttp.HostClient
	requests    Requests
	from, until time.Time // what is measured
	answered    int64
	bytes       int
	latencies   []time.Duration
	err         error
}

// run sends one request after the other. One that is under way when the time is over is waited for, so that its outcome is known.
func (c *client) run(ctx context.Context) {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	c.latencies = make([]time.Duration, 0, 1<<16)
	for sent := time.Now(); sent.Before(c.until) && ctx.Err() == nil && c.requests.Prepare(request); {
		if c.err = c.server.Do(request, response); c.err != nil {
			return
		}
		if status := response.StatusCode(); status != c.requests.Status() && c.requests.Status() != AnyStatus {
			c.err = fmt.Errorf("%s %s was answered %d instead of %d: %.300s", request.Header.Method(), request.URI().Path(), status,
				c.requests.Status(), response.Body())
			return
		}
		c.answered++
		c.bytes = len(response.Body())
		answered := time.Now()
		if answered.After(c.from) && answered.Before(c.until) {
			c.latencies = append(c.latencies, answered.Sub(sent))
		}
		sent = answered
	}
	c.err = ctx.Err()
}
