package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Nobody reads the page of a client that has gone, so that the log is the only place where a fault of our own can be seen.
func TestAFaultIsLoggedThoughItsClientHasGone(t *testing.T) {
	full := &fault.Error{Kind: fault.Unavailable, Op: "test", Message: fault.Say("the disk is full")}
	for _, test := range []struct {
		err         error
		here, gone  string
		sentence    string
		whatIsWrong string
	}{
		{errors.New("a bug"), "level=ERROR", "level=ERROR", "internal error", "a bug"},
		{fault.Wrap(fault.Internal, "op", full), "level=ERROR", "level=ERROR", "internal error", "the disk is full"},
		{full, "level=WARN", "level=DEBUG", "storage unavailable", "the disk is full"},
	} {
		for _, path := range []string{"/", "/expenses?from=oldest", "/expenses/1", "/categories"} {
			for went, level := range map[bool]string{false: test.here, true: test.gone} {
				var log bytes.Buffer
				s := webtest.New(t, web.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
				s.Store.Fail(test.err)
				ctx, leave := context.WithCancel(t.Context())
				if went {
					leave()
				}
				s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path, nil))
				leave()
				for _, part := range []string{level, test.sentence, test.whatIsWrong} {
					if !strings.Contains(log.String(), part) {
						t.Errorf("%s, gone %v: no %q in the log of %v: %s", path, went, part, test.err, &log)
					}
				}
			}
		}
	}
}

// What the storage says of itself stands before what that means for the form.
func TestTheStoragesOwnSentenceReachesThePage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1.00"})
	s.Store.Fail(fault.Wrap(fault.Unavailable, "op",
		&fault.Error{Kind: fault.Unavailable, Message: fault.Say("the disk is full"), Err: errors.New("secret")}))
	s.Post("/add", "category", "food", "price", "5").Want(t, 503, "The disk is full. Your expense may not be stored yet.", "!secret")
	for _, path := range []string{"/expenses/1", "/expenses/1/delete", "/expenses/1/restore", "/categories/1/rename", "/categories/1/merge"} {
		s.Post(path, "category", "food", "price", "5", "date", "2026-11-23", "revision", "1", "into", "2").
			Want(t, 503, "The disk is full. Your change may or may not be stored.", "!secret")
	}
	s.Get("/").Want(t, 503, "The disk is full.", "!secret")
}
