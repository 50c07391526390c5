package words

import (
	"embed"
	"fmt"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed languages
var files embed.FS

// entry is a phrase in another language.
type entry struct {
	other  string
	plural map[plural.Form]string // where it says a number
}

// UnmarshalYAML reads a sentence, or one for each form of the plural.
func (e *entry) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&e.other)
	}
	var forms map[string]string
	if err := node.Decode(&forms); err != nil {
		return err
	}
	e.plural = make(map[plural.Form]string, len(forms))
	for name, text := range forms {
		form, known := formNamed(name)
		if !known {
			return fmt.Errorf("line %d: %q is no form of the plural", node.Line, name)
		}
		e.plural[form] = text
	}
	if e.other = e.plural[plural.Other]; e.other == "" {
		return fmt.Errorf("line %d: the form other is missing", node.Line)
	}
	return nil
}

// form returns the text for a number, or the one for most numbers if the catalogue has none of its own.
func (e entry) form(tag language.Tag, n int64) string {
	if len(e.plural) == 0 {
		return e.other
	}
	// The rules ask no more than this of a large number.
	form := plural.Cardinal.MatchPlural(tag, int(n%10_000_000), 0, 0, 0, 0)
	if text, ok := e.plural[form]; ok {
		return text
	}
	return e.other
}

// read reads a language's file. It refuses a phrase that stands in it twice, and one without words.
func read(name string) (map[string]entry, error) {
	content, err := files.ReadFile(folder + "/" + name)
	if err != nil {
		return nil, err
	}
	var texts map[string]entry
	if err := yaml.Unmarshal(content, &texts); err != nil {
		return nil, err
	}
	for phrase, text := range texts {
		if phrase == "" || text.other == "" {
			return nil, fmt.Errorf("%q has no words", phrase)
		}
	}
	return texts, nil
}

func formNamed(name string) (plural.Form, bool) {
	switch name {
	case "zero":
		return plural.Zero, true
	case "one":
		return plural.One, true
	case "two":
		return plural.Two, true
	case "few":
		return plural.Few, true
	case "many":
		return plural.Many, true
	case "other":
		return plural.Other, true
	}
	return plural.Other, false
}
