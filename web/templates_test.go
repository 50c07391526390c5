package web_test

import (
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Templates are parsed for their first reader: a broken one has to be found before, in each language.
func TestEveryTemplateIsWhole(t *testing.T) {
	site := webtest.NewGated(t, web.Options{})
	if err := site.Check(); err != nil {
		t.Error(err)
	}
}
