package observability

import (
	"strings"
	"sync"
	"unicode/utf8"

	semconv "go.opentelemetry.io/otel/semconv/v1.10.0" // otelsql's, which is where the key is from
	"go.opentelemetry.io/otel/trace"
)

// queryOf returns the text that otelsql gives a span, or "" for a call that has none, such as a commit.
func queryOf(options []trace.SpanStartOption) string {
	config := trace.NewSpanStartConfig(options...)
	for _, attr := range config.Attributes() {
		if attr.Key == semconv.DBStatementKey {
			return attr.Value.AsString()
		}
	}
	return ""
}

// bare returns an SQL text on one line, with a question mark in place of each literal. Values are bound and stand in no text of ours; it is
// for the statement that forgets that.
func bare(query string) string {
	var b strings.Builder
	b.Grow(len(query))
	var last byte // as it was written
	write := func(c byte) {
		if c == ' ' && (last == ' ' || last == 0) {
			return
		}
		b.WriteByte(c)
		last = c
	}
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == '\'':
			i = endOfText(query, i)
			write('?')
		case c >= '0' && c <= '9' && !isName(last):
			for i+1 < len(query) && (query[i+1] >= '0' && query[i+1] <= '9' || query[i+1] == '.') {
				i++
			}
			write('?')
		case c == '\n', c == '\t', c == '\r', c == ' ':
			write(' ')
		default:
			write(c)
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}

// endOfText returns the place of the quote that ends the literal which begins at a place; two quotes in it are one of its own.
func endOfText(query string, begin int) int {
	for i := begin + 1; i < len(query); i++ {
		if query[i] != '\'' {
			continue
		}
		if i+1 == len(query) || query[i+1] != '\'' {
			return i
		}
		i++
	}
	return len(query)
}

// isName reports whether a digit behind the character belongs to a name or a placeholder.
func isName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '?' || c >= utf8.RuneSelf
}

// shortened cuts a text behind so many bytes, between characters.
func shortened(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

const (
	queryShown   = 2000 // bytes of a statement's text in a span
	queriesLimit = 500  // texts that are kept as they are shown
)

// queryTexts keeps statements' texts as they are shown in spans. There are few; should they ever not be, the rest is not kept.
type queryTexts struct {
	mu   sync.Mutex
	kept map[string]string
}

func (q *queryTexts) of(query string) string {
	q.mu.Lock()
	shown, ok := q.kept[query]
	full := len(q.kept) >= queriesLimit
	q.mu.Unlock()
	if ok {
		return shown
	}
	shown = shortened(bare(query), queryShown)
	if !full {
		q.mu.Lock()
		q.kept[query] = shown
		q.mu.Unlock()
	}
	return shown
}
