package config

import (
	"reflect"

	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// BindFlags adds the flags that settings have: --storage, --demo, --listen, --metrics-listen, --log-level, --log-format.
// Pass the parsed set to Load.
func BindFlags(flags *pflag.FlagSet) {
	for _, s := range settings() {
		usage := s.explanation() + " (" + s.variable + ")"
		switch {
		case s.flag == "":
		case s.typ.Kind() == reflect.Bool:
			flags.Bool(s.flag, s.initial == "true", usage)
		default:
			flags.String(s.flag, s.initial, usage)
		}
	}
}

// flags reads the flags that were given. The set may hold others, which are not ours to judge.
func (l *loader) flags(given *pflag.FlagSet) {
	if given == nil {
		return
	}
	loaded := koanf.New(".")
	byKey := func(flag *pflag.Flag) (string, any) { return l.byFlag[flag.Name].key, flag.Value.String() }
	if err := loaded.Load(posflag.ProviderWithFlag(given, ".", nil, byKey), nil); err != nil {
		l.fault("", "flags", err)
	}
	for _, s := range l.all {
		if loaded.Exists(s.key) {
			value, err := s.parse(loaded.String(s.key))
			l.say(s, "--"+s.flag, value, err)
		}
	}
}
