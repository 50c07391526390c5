package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
)

// environment reads the variables that begin with EnvPrefix. An empty one counts as not set, as compose files
// write ${NAME:-}.
func (l *loader) environment(environ []string) {
	variables := l.variables(environ)
	for _, s := range l.all {
		twin := s.variable + fileSuffix
		_, direct := variables[s.variable]
		_, byFile := variables[twin]
		switch {
		case direct && byFile:
			l.fault(s.key, s.variable+", "+twin, errors.New("is set twice; unset one of the two"))
		case direct:
			value, err := s.parse(variables[s.variable])
			l.say(s, s.variable, value, err)
		case byFile:
			value, err := s.parseFile(l.ctx, variables[twin])
			l.say(s, twin, value, err)
		}
	}
}

// variables gives the values of known names, and faults the unknown ones.
func (l *loader) variables(environ []string) map[string]string {
	loaded := koanf.New(".")
	source := env.Provider("", env.Opt{Prefix: EnvPrefix, EnvironFunc: func() []string { return environ }})
	if err := loaded.Load(source, nil); err != nil {
		l.fault("", "environment", err)
	}
	known := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(loaded.All())) {
		value := loaded.String(name)
		base, _ := strings.CutSuffix(name, fileSuffix)
		_, isSetting := l.byVariable[base]
		switch {
		case value == "" || isServiceLink(name, value):
		case isSetting:
			known[name] = value
		case name == EnvPrefix+"CONFIG":
			l.fault("", name, errors.New("no variable names the YAML file; the flag --config does"))
		default:
			l.fault("", name, errUnknown(strings.ToUpper(name), l.variableNames()))
		}
	}
	return known
}

func (l *loader) variableNames() []string {
	var names []string
	for _, s := range l.all {
		names = append(names, s.variable, s.variable+fileSuffix)
	}
	return names
}

// isServiceLink knows the variables that Kubernetes sets in every pod beside a service named expense-tracker,
// such as EXPENSE_TRACKER_PORT=tcp://10.0.0.7:5000: nobody said them, so they are no mistake.
func isServiceLink(name, value string) bool {
	link := regexp.MustCompile(`^(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)
	rest := strings.TrimPrefix(name, EnvPrefix)
	return link.MatchString(rest) || rest == "PORT" && strings.Contains(value, "://")
}

// parseFile reads the value from the file at path. Its errors leave the path out: a password may have been put there by mistake.
func (s setting) parseFile(ctx context.Context, path string) (any, error) {
	content, err := readInput(ctx, path, maxSecret)
	var pathError *fs.PathError
	switch {
	case errors.As(err, &pathError):
		return nil, fmt.Errorf("the file it names cannot be read: %w", pathError.Err)
	case err != nil:
		return nil, fmt.Errorf("the file it names cannot be read: %w", err)
	}
	text := strings.TrimRight(string(content), "\r\n")
	if text == "" && !s.blank {
		// Taken as "not said", an empty secret would quietly choose another storage.
		return nil, errors.New("the file it names is empty")
	}
	return s.parse(text)
}
