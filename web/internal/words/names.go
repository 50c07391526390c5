package words

import (
	"fmt"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en"
)

// namesOf makes what CLDR says of a language's months, days and percents. That is code, so the program carries only what is named here.
var namesOf = map[string]func() locales.Translator{"de": de.New, "en": en.New}

// openLanguage makes a language of its catalogue.
func openLanguage(name string, texts map[string]entry) (*Language, error) {
	names, ok := namesOf[name]
	if !ok {
		return nil, fmt.Errorf("%q has no names of months: add its package to namesOf", name)
	}
	return newLanguage(name, names(), texts)
}
