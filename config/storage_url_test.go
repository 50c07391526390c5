package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/config"
)

func TestMasked(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"", ""},
		{"memory:", "memory:"},
		{"sqlite:/data/passport.db", "sqlite:/data/passport.db"},
		{"sqlite:/data/x.db?_pragma=a&password=hunter2", "sqlite:/data/x.db?_pragma=a&password=xxxxx"},
		{"sqlite:x?a=%zz", "xxxxx"},
		{"postgres://db/x", "postgres://db/x"},
		{"postgres://me@db/x", "postgres://me@db/x"},
		{"postgres://me:hunter2@db:5432/x", "postgres://me:xxxxx@db:5432/x"},
		{"postgresql://me:hunter2@a:1,b:2/x?sslmode=disable", "postgresql://me:xxxxx@a:1,b:2/x?sslmode=disable"},
		{"postgres://me@db/x?sslmode=require&password=hunter2&a=b", "postgres://me@db/x?sslmode=require&password=xxxxx&a=b"},
		{"postgres://me@db/x?sslpassword=hunter2", "postgres://me@db/x?sslpassword=xxxxx"},
		{"postgres://me@db/x?PassWord=hunter2", "postgres://me@db/x?PassWord=xxxxx"},
		{"postgres://me@db/x?p%61ssword=hunter2", "postgres://me@db/x?p%61ssword=xxxxx"},
		{"postgres://me@db/x?password%3Dhunter2", "postgres://me@db/x?xxxxx"},
		{"postgres://me@db/x?options=-c%20token%3Dhunter2", "postgres://me@db/x?options=xxxxx"},
		{"postgres://db/x?a=b;password=hunter2", "xxxxx"},
		{"postgres://db/x&password=hunter2", "xxxxx"},
		{"postgres://me:hunter2", "xxxxx"},
		{"postgres://me:hunt/er2@db", "xxxxx"},
		{"postgres://me:12/hunter2@db", "xxxxx"},
		{"postgres://me:12?hunter2@db", "xxxxx"},
		{"postgres://me:12#hunter2@db", "xxxxx"},
		{"postgres://me%3Ahunter2@db", "xxxxx"},
		{"postgres://me:hunt@er2@db", "postgres://me:xxxxx@db"},
		{"postgres:me:hunter2@db", "xxxxx"},
		{"host=db password=hunter2", "xxxxx"},
		{"mysql://me:hunter2@db", "xxxxx"},
	} {
		if got := config.StorageURL(test.url).Masked(); got != test.want {
			t.Errorf("%s is masked as %s, want %s", test.url, got, test.want)
		}
	}
}

func TestStorageURLNeverPrintsItsPassword(t *testing.T) {
	c := config.Config{Storage: "postgres://me:hunter2@db/x"}
	var logged, encoded bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("start", "storage", c.Storage, "config", c)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "storage", c.Storage, "config", c)
	if err := json.NewEncoder(&encoded).Encode(c); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"log": logged.String(), "JSON": encoded.String(),
		"%v": fmt.Sprintf("%v", c), "%+v": fmt.Sprintf("%+v", c), "%#v": fmt.Sprintf("%#v", c),
		"plain": fmt.Sprint(c.Storage), "%q": fmt.Sprintf("%q", c.Storage),
	} {
		if strings.Contains(text, "hunter2") || !strings.Contains(text, "me:xxxxx@db") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if got := c.Masked().Storage; got != "postgres://me:xxxxx@db/x" || c.Storage != "postgres://me:hunter2@db/x" {
		t.Error("Masked must change the copy, and only the copy")
	}
}

// FuzzMaskedWellFormed puts a password where it belongs, escaped, and looks for it in what is printed.
func FuzzMaskedWellFormed(f *testing.F) {
	for _, seed := range []string{"", "@", "/", "p w", "a:b@c/d?e#f", "%", "é\x00\xff", "&password=", ";"} {
		f.Add("me", seed)
	}
	f.Fuzz(func(t *testing.T, user, salt string) {
		if strings.Contains(user, "hunter2") {
			return // the name may be shown
		}
		secret := "hunter2" + salt
		u := url.URL{Scheme: "postgres", User: url.UserPassword(user, secret), Host: "db", Path: "/x"}
		u.RawQuery = url.Values{"sslmode": {"disable"}, "password": {secret}, "sslpassword": {secret}}.Encode()
		masked := config.StorageURL(u.String()).Masked()
		if strings.Contains(masked, "hunter2") {
			t.Errorf("%s is masked as %s", u.String(), masked)
		}
		if !strings.Contains(user, ":") && !strings.HasPrefix(masked, "postgres://") {
			t.Errorf("the well-formed %s is hidden whole", u.String())
		}
	})
}

// FuzzMaskedTorn puts a password in unescaped, with anything around it: hidden or masked, it never shows.
func FuzzMaskedTorn(f *testing.F) {
	for _, seed := range []string{"", "@", "/", "1/", "1?", "1?a=", "1#", "@h/?password=", "%41", ":", "[", " ", "\n", ";", "&"} {
		f.Add(seed, "")
		f.Add("", seed)
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		text := "postgres://me:" + before + "hunter2" + after + "@db/x"
		storage := config.StorageURL(text)
		if masked := storage.Masked(); strings.Contains(masked, "hunter2") {
			t.Errorf("%q is masked as %q", text, masked)
		}
		if config.StorageURL(storage.Masked()).Masked() != storage.Masked() {
			t.Errorf("%q is masked differently the second time", text)
		}
		_, _, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{"EXPENSE_TRACKER_STORAGE=" + text}})
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q shows in the error %v", text, err)
		}
	})
}
