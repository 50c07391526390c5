// Package probe adds to the program as people do, through the address by which they reach it, and looks whether what was acknowledged is
// there. It adds to a ledger of its own, in the program's own name, so that nobody meets what it added.
//
// A household adds ten times a day: too seldom to know whether adding works. The probe adds twice a minute, for ever, and so an outage is
// seen while nobody is at the page.
package probe

import (
	"context"
	"crypto/rand"
	"log/slog"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"expense-tracker/observability"
)

// Options are what a Probe needs.
type Options struct {
	URL     string // of the site, without a path
	Secret  string
	Timeout time.Duration // of one request
	Metrics *observability.Probe
	Logger  *slog.Logger
	Now     func() time.Time // the clock, of which only differences count; nil: the machine's
	Pause   time.Duration    // between two looks for what was just added; 0: a second
}

// Probe asks one program. It is used by one goroutine, but for Alive.
type Probe struct {
	options Options
	client  *http.Client
	now     func() time.Time

	ledger    book
	unknown   []add // sent, without an answer, the oldest first
	batch     string
	inBatch   int
	count     int
	believed  bool // it has been answered by a program that knows it
	lastError string
	roundAt   atomic.Pointer[time.Time]
}

const (
	batchSize   = 60               // adds that are looked for by one word: those of half an hour
	twice       = 10               // each so-manieth add is sent twice, as a double click does
	looks       = 4                // for what was just added, before the next round looks on
	unknownKept = 20               // adds
	unknownTime = 10 * time.Minute // for which an add without an answer is sent again
)

// add is an expense of the probe.
type add struct {
	batch, note, key string
	at               time.Time // when it was sent first
}

// New returns a Probe that has asked nothing yet.
func New(options Options) *Probe {
	p := &Probe{options: options, client: newClient(options.Timeout), now: options.Now}
	if p.now == nil {
		p.now = time.Now
	}
	if p.options.Pause == 0 {
		p.options.Pause = time.Second
	}
	p.ledger = book{metrics: options.Metrics, logger: options.Logger}
	return p
}

// Round is what one round has met.
type Round struct {
	Home, Add, File Answer
	Found           bool          // what was added is there
	After           time.Duration // since its acknowledgement
}

// Run makes a round in each interval, give or take a tenth, until ctx ends.
func (p *Probe) Run(ctx context.Context, interval time.Duration) {
	for {
		p.Round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(jittered(interval)):
		}
	}
}

// Alive reports whether a round has ended within a time.
func (p *Probe) Alive(within time.Duration) bool {
	at := p.roundAt.Load()
	return at != nil && time.Since(*at) < within
}

// Round asks for the first page, adds, and looks for what was added, now and in rounds before.
func (p *Probe) Round(ctx context.Context) Round {
	defer func() {
		ended := time.Now()
		p.roundAt.Store(&ended)
	}()
	var r Round
	if r.Home = p.home(ctx); ctx.Err() != nil {
		return r
	}
	if p.mayAdd(r.Home) {
		p.repeatUnknown(ctx)
		r.Add = p.addNext(ctx)
	} else { // nothing is sent to who may not be the program: it fails as the page did
		r.Add = r.Home
		p.options.Metrics.Added(ctx, r.Add.Outcome, r.Add.Took)
	}
	p.lookBack(ctx, &r)
	p.options.Metrics.Waiting(ctx, p.ledger.waiting())
	p.tell(ctx, r)
	return r
}

// mayAdd reports whether to add after an answer to the page: only to a program that has shown that it knows the probe. One that is away or
// ill since then gets its adds, so that they fail or not by themselves.
func (p *Probe) mayAdd(home Answer) bool {
	if home.Outcome == observability.ProbeOK {
		p.believed = true
	}
	return p.believed && !home.Stranger && home.Outcome != observability.ProbeRefused
}

// addNext sends a new add, and each so-manieth a second time.
func (p *Probe) addNext(ctx context.Context) Answer {
	if p.inBatch == 0 {
		p.batch = strings.ToLower(rand.Text()[:12])
	}
	p.inBatch = (p.inBatch + 1) % batchSize
	p.count++
	next := add{batch: p.batch, key: "probe-" + rand.Text(), at: p.now()}
	next.note = "probe " + p.batch + "-" + strconv.Itoa(p.count)
	answer := p.send(ctx, next)
	if p.count%twice == 0 && answer.acknowledged() {
		p.send(ctx, next)
	}
	return answer
}

// send sends an add, and notes it as acknowledged or as unknown.
func (p *Probe) send(ctx context.Context, a add) Answer {
	answer := p.add(ctx, a)
	switch {
	case answer.acknowledged():
		p.ledger.acknowledge(a, p.now())
	case answer.Outcome == observability.ProbeUnknown && len(p.unknown) < unknownKept:
		p.unknown = append(p.unknown, a)
	}
	return answer
}

// repeatUnknown sends the oldest add once more whose answer never came, with its key: it is stored once, whichever came through.
func (p *Probe) repeatUnknown(ctx context.Context) {
	for len(p.unknown) > 0 && p.now().Sub(p.unknown[0].at) > unknownTime {
		p.unknown = p.unknown[1:]
	}
	if len(p.unknown) == 0 {
		return
	}
	oldest := p.unknown[0]
	p.unknown = p.unknown[1:]
	p.send(ctx, oldest)
}

// lookBack fetches what was added: again and again for what was just acknowledged, once for what is older.
func (p *Probe) lookBack(ctx context.Context, r *Round) {
	if !p.believed {
		return
	}
	for _, batch := range p.ledger.batches(p.batch) {
		for look := range looks {
			file, notes := p.file(ctx, batch)
			if batch == p.batch {
				r.File = file
			}
			if file.Outcome == observability.ProbeOK {
				p.ledger.compare(ctx, batch, notes, p.now())
			} else {
				p.ledger.giveUp(ctx, p.now())
			}
			if batch != p.batch || p.ledger.waitingIn(batch) == 0 || look == looks-1 || !p.pause(ctx) {
				break
			}
		}
	}
	r.Found, r.After = p.ledger.last(r.Add)
}

// pause waits before the next look, and reports whether ctx lasts.
func (p *Probe) pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(p.options.Pause):
		return true
	}
}

// tell writes what went wrong into the log, once for as long as it stays the same.
func (p *Probe) tell(ctx context.Context, r Round) {
	said := ""
	for _, answer := range []Answer{r.Home, r.Add, r.File} {
		if said == "" && answer.Reason != "" {
			said = answer.Outcome + ": " + answer.Reason
		}
	}
	if said == p.lastError || ctx.Err() != nil {
		return
	}
	p.lastError = said
	if said == "" {
		p.options.Logger.InfoContext(ctx, "the probe is answered well again")
		return
	}
	p.options.Logger.WarnContext(ctx, "the probe is not answered well", "reason", said)
}

// jittered returns an interval give or take a tenth, so that no two probes, and no probe and a job, stay in step.
func jittered(interval time.Duration) time.Duration {
	tenth := int64(interval / 10)
	n, err := rand.Int(rand.Reader, big.NewInt(2*tenth+1))
	if err != nil {
		return interval
	}
	return interval + time.Duration(n.Int64()-tenth)
}
