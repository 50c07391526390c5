package notice_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/words"
)

// describing returns words for the row 7, nothing for the row 8, and an error for others.
func describing(err error) notice.Describe {
	return func(_ context.Context, _ *words.Language, _ ledger.Actor, id int64) (*notice.Notice, error) {
		switch id {
		case 7:
			return &notice.Notice{Text: "Done."}, nil
		case 8:
			return nil, nil
		}
		return nil, err
	}
}

func TestANoticeIsTakenOnce(t *testing.T) {
	down := errors.New("down")
	board := notice.NewBoard(cookie.Jar{})
	done := board.Register("done", describing(fault.New(fault.NotFound, "test", "")))
	broken := board.Register("broken", describing(down))
	unknown := notice.NewBoard(cookie.Jar{}).Register("unknown", describing(nil))
	for _, tt := range []struct {
		name string
		kind notice.Kind
		id   int64
		text string
		err  error
	}{
		{"with words", done, 7, "Done.", nil},
		{"with nothing to say", done, 8, "", nil},
		{"of a row that has gone", done, 9, "", nil},
		{"that cannot be looked up", broken, 9, "", down},
		{"of no known kind", unknown, 7, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sent := httptest.NewRecorder()
			tt.kind.Redirect(sent, httptest.NewRequest(http.MethodPost, "/", nil), "/there", tt.id)
			if sent.Code != http.StatusSeeOther || sent.Header().Get("Location") != "/there" {
				t.Errorf("status %d, Location %q", sent.Code, sent.Header().Get("Location"))
			}
			r := httptest.NewRequest(http.MethodGet, "/there", nil)
			r.Header.Set("Cookie", sent.Header().Get("Set-Cookie"))
			if !board.Waits(r) {
				t.Error("no notice waits")
			}
			head := httptest.NewRecorder()
			asked := r.Clone(t.Context())
			asked.Method = http.MethodHead
			if said, err := board.Take(head, asked, nil, ledger.Actor{}); said != nil || err != nil || head.Header().Get("Set-Cookie") != "" {
				t.Errorf("who asks for no page takes %+v, %v", said, err)
			}
			w := httptest.NewRecorder()
			said, err := board.Take(w, r, nil, ledger.Actor{})
			if !errors.Is(err, tt.err) || (said != nil) != (tt.text != "") || said != nil && said.Text != tt.text {
				t.Errorf("said %v, %v", said, err)
			}
			cookie, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
			if err != nil || cookie.MaxAge >= 0 {
				t.Errorf("the cookie stays: %v, %v", cookie, err)
			}
		})
	}
}

func TestEachKindHasANameOfItsOwn(t *testing.T) {
	board := notice.NewBoard(cookie.Jar{})
	board.Register("done", describing(nil))
	defer func() {
		if recover() == nil {
			t.Error("two areas share a name")
		}
	}()
	board.Register("done", describing(nil))
}
