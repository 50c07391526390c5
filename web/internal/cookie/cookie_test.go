package cookie_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"expense-tracker/web/internal/cookie"
)

func TestUnderTLSACookieIsOfThisHostAlone(t *testing.T) {
	for _, tt := range []struct {
		jar  cookie.Jar
		want string
	}{
		{cookie.Jar{}, "taste=sweet; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"},
		{cookie.Jar{Secure: true}, "__Host-taste=sweet; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax"},
	} {
		w := httptest.NewRecorder()
		tt.jar.Set(w, cookie.Cookie{Name: "taste", Value: "sweet", Seconds: 60})
		if got := w.Header().Get("Set-Cookie"); got != tt.want {
			t.Errorf("the cookie is %q, want %q", got, tt.want)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "taste=bitter; __Host-taste=sweet")
		if got, want := tt.jar.Get(r, "taste"), map[bool]string{false: "bitter", true: "sweet"}[tt.jar.Secure]; got != want {
			t.Errorf("%+v reads %q, want %q", tt.jar, got, want)
		}
		r.Header.Set("Cookie", "taste=bitter")
		if got := tt.jar.Get(r, "taste"); tt.jar.Secure && got != "" {
			t.Errorf("under TLS a cookie is read that another site of the domain may have set: %q", got)
		}
	}
}

func TestACookieIsForgotten(t *testing.T) {
	w := httptest.NewRecorder()
	cookie.Jar{}.Set(w, cookie.Cookie{Name: "taste", Seconds: 60, Shown: true, Strict: true})
	if got, want := w.Header().Get("Set-Cookie"), "taste=; Path=/; Max-Age=0; SameSite=Strict"; got != want {
		t.Errorf("the cookie is %q, want %q", got, want)
	}
}
