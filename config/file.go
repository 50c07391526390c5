package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	koanfyaml "github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"
)

// file reads the YAML file. A key or a section without a value counts as not said.
func (l *loader) file(path string) {
	if path == "" {
		return
	}
	content := koanf.New(".")
	parser := &strictParser{Parser: koanfyaml.Parser()}
	if err := content.Load(input{l.ctx, path}, parser); err != nil {
		l.fileLost = true
		l.fileFaults(path, err)
		return
	}
	for _, r := range parser.repeated {
		l.fault(r.key, path, fmt.Errorf("line %d: stands a second time; first on line %d", r.line, r.first))
	}
	values := content.All()
	dotted := dottedKeys(content.Raw(), "")
	for _, key := range slices.Sorted(maps.Keys(values)) {
		s, known := l.byKey[key]
		said := values[key]
		switch {
		case known && slices.Contains(dotted, key):
			l.fault(key, path, errors.New("must be written as a section with the setting indented below it, not with a dot"))
		case l.sections[key] && isEmpty(said):
		case l.sections[key]:
			l.fault(key, path, errors.New("is a section: its settings stand indented below it"))
		case !known:
			l.fault(key, path, errUnknown(key, slices.Sorted(maps.Keys(l.byKey))))
		case said != nil:
			value, err := s.convert(said)
			l.say(s, path, value, err)
		}
	}
}

func isEmpty(value any) bool {
	section, ok := value.(map[string]any)
	return value == nil || ok && len(section) == 0
}

// dottedKeys finds "log.level: info", which would be taken for the level in the section log, or clash with it.
func dottedKeys(section map[string]any, prefix string) []string {
	var found []string
	for name, value := range section {
		inner, isSection := value.(map[string]any)
		switch {
		case !isSection && strings.Contains(name, "."):
			found = append(found, prefix+name)
		case isSection:
			found = append(found, dottedKeys(inner, prefix+name+".")...)
		}
	}
	return found
}

func (l *loader) fileFaults(path string, err error) {
	var typeErrors *yaml.TypeError
	var pathError *fs.PathError
	switch {
	case errors.As(err, &typeErrors):
		for _, text := range typeErrors.Errors {
			l.fault("", path, errors.New(withoutValues(text)))
		}
	case errors.As(err, &pathError):
		l.fault("", path, fmt.Errorf("cannot be read: %w", pathError.Err))
	default:
		l.fault("", path, errors.New(withoutValues(err.Error())))
	}
}

// withoutValues cuts what the YAML parser quotes of the file, which may be a password.
func withoutValues(text string) string {
	quoted := regexp.MustCompile("(?s)`.*`|anchor '.*'|map key: .*")
	return quoted.ReplaceAllString(strings.TrimPrefix(text, "yaml: "), "…")
}
