package bearer_test

import (
	"net/http"
	"testing"

	"expense-tracker/web/internal/bearer"
)

func TestATokenIsReadFromOneHeader(t *testing.T) {
	for _, tt := range []struct {
		headers []string
		token   string
		brought bool
	}{
		{nil, "", false},
		{[]string{"Basic YTpi"}, "", false},
		{[]string{""}, "", false},
		{[]string{"Bearer"}, "", true},
		{[]string{"Bearer et_1_a"}, "et_1_a", true},
		{[]string{" bEARER   et_1_a  "}, "et_1_a", true},
		{[]string{"Bearers et_1_a"}, "", false},
		{[]string{"Bearer et_1_a", "Bearer et_1_b"}, "", true},
		{[]string{"Basic YTpi", "Bearer et_1_b"}, "", true},
	} {
		r := &http.Request{Header: http.Header{"Authorization": tt.headers}}
		if token, brought := bearer.Of(r); token != tt.token || brought != tt.brought || bearer.IsIn(r) != tt.brought {
			t.Errorf("%q: %q, %t", tt.headers, token, brought)
		}
	}
}
