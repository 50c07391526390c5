package probe

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"expense-tracker/observability"
	"expense-tracker/web"
)

// What is read of an answer at most.
const (
	mostBody    = 4 << 20
	mostHeaders = 64 << 10
)

// Answer is what a request was answered.
type Answer struct {
	Outcome  string // one of observability's; empty for what was not asked
	Took     time.Duration
	Reason   string // why it is none of the good ones
	Stranger bool   // who answered is no program that knows the probe
}

func (a Answer) acknowledged() bool {
	return a.Outcome == observability.ProbeAccepted || a.Outcome == observability.ProbeDuplicate
}

// newClient returns a client that makes a connection for each request, as a newcomer does, and that follows nobody elsewhere.
func newClient(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, MaxResponseHeaderBytes: mostHeaders, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: timeout,
		},
	}
}

// home asks for the first page.
func (p *Probe) home(ctx context.Context) Answer {
	answer, _, _ := p.ask(ctx, http.MethodGet, "/", nil, http.StatusOK, "text/html")
	if answer.Outcome != "" {
		p.options.Metrics.Asked(ctx, observability.ProbeHome, answer.Outcome, answer.Took)
	}
	return answer
}

// add sends an expense of the smallest price.
func (p *Probe) add(ctx context.Context, a add) Answer {
	form := url.Values{"category": {"probe"}, "price": {"1"}, "note": {a.note}, "idempotency_key": {a.key}}
	answer, header, _ := p.ask(ctx, http.MethodPost, "/add", form, http.StatusSeeOther, "")
	if answer.Outcome == observability.ProbeOK {
		answer.Outcome = observability.ProbeAccepted
		if header.Get("Idempotent-Replayed") != "" {
			answer.Outcome = observability.ProbeDuplicate
		}
	}
	if answer.Outcome != "" {
		p.options.Metrics.Added(ctx, answer.Outcome, answer.Took)
	}
	return answer
}

// file fetches the notes of all adds of a batch.
func (p *Probe) file(ctx context.Context, batch string) (Answer, []string) {
	answer, _, body := p.ask(ctx, http.MethodGet, "/search.csv?q="+url.QueryEscape(batch), nil, http.StatusOK, "text/csv")
	var notes []string
	if answer.Outcome == observability.ProbeOK {
		var err error
		if notes, err = notesOf(body); err != nil {
			answer.Outcome, answer.Reason = observability.ProbeFailed, "the file of what was added: "+err.Error()
		}
	}
	if answer.Outcome != "" {
		p.options.Metrics.Asked(ctx, observability.ProbeFile, answer.Outcome, answer.Took)
	}
	return answer, notes
}

func notesOf(body string) (notes []string, err error) {
	records, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, errors.New("it is empty")
	}
	column := slices.Index(records[0], "note")
	if column < 0 {
		return nil, errors.New("it has no column note")
	}
	for _, record := range records[1:] {
		notes = append(notes, record[column])
	}
	return notes, nil
}

// ask sends a request and reads its answer, which is ok if the program that knows the probe gave it with a status and a type of content,
// whole and in time.
func (p *Probe) ask(ctx context.Context, method, path string, form url.Values, want int, kind string) (Answer, http.Header, string) {
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) { sent.Store(info.Err == nil) },
	})
	request, err := http.NewRequestWithContext(traced, method, p.options.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return Answer{Outcome: observability.ProbeRefused, Reason: err.Error(), Stranger: true}, nil, ""
	}
	request.Header.Set("Authorization", "Bearer "+p.options.Secret)
	request.Header.Set(web.ProbeHeader, "yes")
	request.Header.Set("User-Agent", "expense-tracker-probe")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	begun := p.now()
	response, err := p.client.Do(request)
	var body []byte
	if err == nil {
		defer func() { _ = response.Body.Close() }()
		if body, err = io.ReadAll(io.LimitReader(response.Body, mostBody+1)); err == nil && len(body) > mostBody {
			err = fmt.Errorf("the answer has more than %d bytes", mostBody)
		}
	}
	answer := Answer{Took: p.now().Sub(begun)}
	switch {
	case ctx.Err() != nil: // the probe is ended, which says nothing about the program
		return Answer{}, nil, ""
	case err != nil && sent.Load():
		answer.Outcome, answer.Reason = observability.ProbeUnknown, unwrapped(err)
		return answer, nil, ""
	case err != nil:
		answer.Outcome, answer.Reason = observability.ProbeFailed, unwrapped(err)
		return answer, nil, ""
	}
	answer.Stranger = response.Header.Get(web.ProbeHeader) == ""
	answer.Outcome, answer.Reason = judge(response, answer.Stranger, want, kind)
	return answer, response.Header, string(body)
}

// judge says what a whole answer is.
func judge(response *http.Response, stranger bool, want int, kind string) (outcome, reason string) {
	switch status := response.StatusCode; {
	case status >= http.StatusInternalServerError:
		return observability.ProbeFailed, response.Status
	case status == http.StatusUnauthorized:
		return observability.ProbeRefused, response.Status + ": probe.secret here is not that of the program, or the program has none"
	case status >= http.StatusBadRequest:
		return observability.ProbeRefused, response.Status
	case stranger || status != want:
		return observability.ProbeFailed, response.Status + ": no program of ours answers so"
	case kind != "" && !strings.HasPrefix(response.Header.Get("Content-Type"), kind):
		return observability.ProbeFailed, "it is " + response.Header.Get("Content-Type") + " and not " + kind
	}
	return observability.ProbeOK, ""
}

// unwrapped is an error without the address, which every line would repeat.
func unwrapped(err error) string {
	if inner := (*url.Error)(nil); errors.As(err, &inner) {
		return inner.Err.Error()
	}
	return err.Error()
}
