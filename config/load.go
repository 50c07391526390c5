package config

import (
	"context"
	"fmt"

	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// LoadOptions says where to look. The zero value gives the defaults.
type LoadOptions struct {
	File    string         // path of the YAML file; empty: none
	Environ []string       // NAME=value, as os.Environ gives it; names without EnvPrefix are ignored
	Flags   *pflag.FlagSet // parsed; only the flags of BindFlags that were given count; may be nil
	Checks  []Check        // what only the caller can judge
}

// Sources says for each dotted key where its value comes from: "default", the file's path, a variable's name
// (EXPENSE_TRACKER_LISTEN, EXPENSE_TRACKER_STORAGE_FILE) or a flag (--listen).
type Sources map[string]string

// Load reads every source, the later over the earlier: defaults, file, environment, flags.
// Its error, if any, is Faults and lists everything wrong in all of them. ctx ends the wait for a pipe.
func Load(ctx context.Context, options LoadOptions) (Config, Sources, error) {
	l := loader{ctx: ctx, catalogue: newCatalogue(), values: koanf.New("."), sources: Sources{}, unread: map[string]bool{}}

	l.defaults()
	l.file(options.File)
	l.environment(options.Environ)
	l.flags(options.Flags)

	var config Config
	if err := l.values.Unmarshal("", &config); err != nil {
		return Config{}, nil, fmt.Errorf("configuration: %w", err)
	}
	l.check(config, append(contradictions(), options.Checks...))
	if len(l.faults) > 0 {
		return Config{}, nil, l.faults
	}
	return config, l.sources, nil
}

// loader gathers values that passed and faults of those that did not.
type loader struct {
	ctx context.Context //nolint:containedctx // of one Load: a file may be a pipe that never ends
	catalogue
	values   *koanf.Koanf
	sources  Sources
	unread   map[string]bool // keys with a fault in some source
	fileLost bool            // the file could not be read at all
	faults   Faults
}

// say lays a value that passed over what earlier sources said, and keeps the fault of one that did not.
func (l *loader) say(s setting, source string, value any, err error) {
	if err == nil {
		err = l.values.Set(s.key, value)
	}
	if err != nil {
		l.fault(s.key, source, err)
		return
	}
	l.sources[s.key] = source
}

func (l *loader) fault(key, source string, err error) {
	l.unread[key] = true
	l.faults = append(l.faults, Fault{At: []Place{{Key: key, Source: source}}, Err: err})
}

// check skips what would judge a default in place of a value that could not be read.
func (l *loader) check(config Config, checks []Check) {
	for _, check := range checks {
		if l.fileLost || l.anyUnread(check.Keys) {
			continue
		}
		if err := check.Valid(config); err != nil {
			l.faults = append(l.faults, Fault{At: l.places(check.Keys), Err: err})
		}
	}
}

func (l *loader) anyUnread(keys []string) bool {
	for _, key := range keys {
		if l.unread[key] {
			return true
		}
	}
	return false
}

func (l *loader) places(keys []string) []Place {
	places := make([]Place, len(keys))
	for i, key := range keys {
		places[i] = Place{Key: key, Source: l.sources[key]}
	}
	return places
}

func (l *loader) defaults() {
	for _, s := range l.all {
		value, err := s.parse(s.initial)
		l.say(s, "default", value, err)
	}
}
