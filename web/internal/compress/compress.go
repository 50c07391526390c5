// Package compress sends content compressed to clients that take that. What is kept is compressed once, and the rest as it is sent.
//
// What is compressed together with text that others choose can be guessed from the size (BREACH). The only secret in a page is its form's
// key: it is new in each page, stands uncompressed in a kept one, and no page repeats what its address says.
package compress

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// Smallest is the size from which compression pays, in bytes.
const Smallest = 1024

// Encoding is how HTTP calls what this package writes.
const Encoding = "gzip"

// The levels of what is compressed for many readers, and of what is sent once.
const (
	keptLevel = 6
	onceLevel = 4
)

// Middleware returns a step that compresses answers for clients that take that. It leaves answers alone that are compressed already.
func Middleware() (func(http.Handler) http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(Smallest), gzhttp.CompressionLevel(onceLevel), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler { return wrap(next) }, nil
}

// Accepted reports whether the client says that it understands gzip, and does not say that it would rather not.
func Accepted(r *http.Request) bool {
	for _, line := range r.Header["Accept-Encoding"] {
		for coding := range strings.SplitSeq(line, ",") {
			name, parameters, _ := strings.Cut(coding, ";")
			if !strings.EqualFold(strings.TrimSpace(name), Encoding) {
				continue
			}
			quality, weighed := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
			value, err := strconv.ParseFloat(quality, 64)
			return !weighed || err == nil && value > 0
		}
	}
	return false
}
