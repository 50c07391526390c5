package programtest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Receipt is what the answer to an add says to have happened (added or known) to which expense.
type Receipt struct {
	Status   int
	Kind, ID string
}

// SendOnce sends an add from a browser of its own. It may be called by any goroutine.
func SendOnce(url string, values url.Values) (Receipt, error) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Timeout: 20 * time.Second, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer, err := client.PostForm(url+"/add", values)
	if err != nil {
		return Receipt{}, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	got := Receipt{Status: answer.StatusCode}
	for _, cookie := range answer.Cookies() {
		if cookie.Name == "flash" {
			got.Kind, got.ID, _ = strings.Cut(cookie.Value, ".")
		}
	}
	return got, nil
}

// Persist sends a form until it is answered with a redirect, as a patient user would over any kind of failure, and returns the
// expense's id.
func Persist(url string, values url.Values) (id string, err error) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var got Receipt
		got, err = SendOnce(url, values)
		switch {
		case err != nil:
		case got.Status == http.StatusSeeOther:
			return got.ID, nil
		case got.Status == http.StatusServiceUnavailable:
			err = errors.New("the storage is unavailable")
		default:
			return "", fmt.Errorf("status %d", got.Status)
		}
	}
	return "", fmt.Errorf("no answer in time: %w", err)
}
