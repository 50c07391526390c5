// Package otlptest is a receiver of traces by OTLP over HTTP, as a collector is one: it decodes what the program sends with the types of
// OpenTelemetry's own protocol, and keeps it for tests to look at.
package otlptest

import (
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Span is one that was received.
type Span struct {
	Name              string
	Trace, ID, Parent string // in hexadecimal digits; Parent is empty for a root
	Kind              string
	Failed            bool   // its status is an error
	Said              string // the status' message
	Attributes        map[string]string
	Events            int
	Links             []string // the spans that it leads to
	State             string   // what vendors passed along
	Begin, End        time.Time
	Resource          map[string]string
}

// Took is how long the span lasted.
func (s Span) Took() time.Duration { return s.End.Sub(s.Begin) }

// Receiver takes traces at URL.
type Receiver struct {
	URL string

	mu      sync.Mutex
	spans   []Span
	asked   int
	headers http.Header
	refuse  func(w http.ResponseWriter) bool // answers instead of it; nil to take all
	raw     [][]byte
}

// Start starts a receiver that ends with the test.
func Start(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{}
	server := httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

// Refuse lets something else answer what is sent from now on: true if it has. Nil takes all again.
func (r *Receiver) Refuse(answer func(w http.ResponseWriter) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = answer
}

func (r *Receiver) serve(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.asked++
	r.headers = request.Header.Clone()
	refuse := r.refuse
	r.mu.Unlock()
	if refuse != nil && refuse(w) {
		return
	}
	if request.Method != http.MethodPost || request.URL.Path != "/v1/traces" {
		http.Error(w, "only traces are taken here", http.StatusNotFound)
		return
	}
	body := io.Reader(request.Body)
	if request.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = unzipped
	}
	content, err := io.ReadAll(io.LimitReader(body, 64<<20))
	var sent collector.ExportTraceServiceRequest
	if err == nil && request.Header.Get("Content-Type") == "application/json" {
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(content, &sent)
	} else if err == nil {
		err = proto.Unmarshal(content, &sent)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.keep(&sent, content)
	w.Header().Set("Content-Type", "application/x-protobuf") // an empty answer is a whole one
}

func (r *Receiver) keep(sent *collector.ExportTraceServiceRequest, content []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.raw = append(r.raw, content)
	for _, of := range sent.GetResourceSpans() {
		resource := texts(of.GetResource().GetAttributes())
		for _, scope := range of.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				span := Span{
					Name: s.GetName(), Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()),
					Parent: hex.EncodeToString(s.GetParentSpanId()), Kind: s.GetKind().String(),
					Failed: s.GetStatus().GetCode().String() == "STATUS_CODE_ERROR", Said: s.GetStatus().GetMessage(),
					Attributes: texts(s.GetAttributes()), Events: len(s.GetEvents()), State: s.GetTraceState(), Resource: resource,
					Begin: time.Unix(0, int64(s.GetStartTimeUnixNano())), End: time.Unix(0, int64(s.GetEndTimeUnixNano())),
				}
				for _, link := range s.GetLinks() {
					span.Links = append(span.Links, hex.EncodeToString(link.GetSpanId()))
				}
				r.spans = append(r.spans, span)
			}
		}
	}
}

func texts(attributes []*common.KeyValue) map[string]string {
	all := make(map[string]string, len(attributes))
	for _, one := range attributes {
		text := one.GetValue().GetStringValue()
		if _, isText := one.GetValue().GetValue().(*common.AnyValue_StringValue); !isText {
			text = one.GetValue().String()
		}
		all[one.GetKey()] = text
	}
	return all
}

// Spans returns what was received so far.
func (r *Receiver) Spans() []Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Span(nil), r.spans...)
}

// Named returns the received spans of a name.
func (r *Receiver) Named(name string) (found []Span) {
	for _, s := range r.Spans() {
		if s.Name == name {
			found = append(found, s)
		}
	}
	return found
}

// Asked returns how often something was sent, taken or not, and the headers that came with the last.
func (r *Receiver) Asked() (int, http.Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked, r.headers
}

// Raw returns the bodies that were taken, unzipped.
func (r *Receiver) Raw() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([][]byte(nil), r.raw...)
}

// Environment returns the variables that send a program's traces here, soon after they happened.
func (r *Receiver) Environment(others ...string) []string {
	return append([]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + r.URL, "OTEL_BSP_SCHEDULE_DELAY=50",
	}, others...)
}
