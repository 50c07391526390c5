package address

import "net/http"

// Site returns the site's address without a path, as a request has it.
func Site(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
