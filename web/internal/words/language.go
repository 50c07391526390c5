package words

import (
	"fmt"
	"strings"
	"sync"

	"github.com/bojanz/currency"
	"github.com/go-playground/locales"
	"golang.org/x/text/language"
)

// Language is one that pages are written in. It is safe for concurrent use, and is asked by all readers of it.
type Language struct {
	tag    language.Tag
	texts  map[string]entry // none for English
	names  locales.Translator
	format *currency.Formatter
	shapes sync.Map // of amounts, by the currency's code
	number shape
	share  affixes // of percentages
	pseudo bool

	content, vary []string // headers, made once
}

func newLanguage(name string, names locales.Translator, texts map[string]entry) (*Language, error) {
	tag, err := language.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	l := &Language{
		tag: tag, texts: texts, names: names, format: currency.NewFormatter(currency.NewLocale(name)),
		content: []string{tag.String()}, vary: []string{"Accept-Encoding", varied},
	}
	l.number = l.shapeOfNumbers()
	l.share = affixesOf(strings.ReplaceAll(names.FmtPercent(1, 0), " ", noBreak))
	return l, nil
}

// Tag returns the language's name by BCP 47, such as "de".
func (l *Language) Tag() string { return l.content[0] }

// varied is the header that pages depend on.
const varied = "Accept-Language"

// Announce says in an answer's header which language it has, and that it depends on the reader's.
func (l *Language) Announce(header map[string][]string) {
	header["Content-Language"] = l.content
	switch others := header["Vary"]; {
	case len(others) == 0:
		header["Vary"] = l.vary[1:]
	case len(others) == 1 && others[0] == l.vary[0]:
		header["Vary"] = l.vary
	default:
		header["Vary"] = append(others[:len(others):len(others)], varied)
	}
}

// noBreak is a space at which no line ends.
const noBreak = "\u00a0"
