package config

import (
	"reflect"
	"strings"
	"time"
)

// setting is the declaration of one field of Config, read from its tags.
type setting struct {
	key      string // dotted: "web.page_size"
	variable string // "EXPENSE_TRACKER_WEB_PAGE_SIZE"
	flag     string // "log-level"; empty: no flag
	initial  string // the default, as text
	help     string
	min, max string // of a whole number or a duration
	oneOf    []string
	rule     string
	optional bool
	list     bool
	secret   bool
	blank    bool // an empty file leaves it unset

	typ   reflect.Type
	index []int // path of the field in Config
}

// fileSuffix makes, from a setting's variable, the one that names a file with the value.
const fileSuffix = "_FILE"

// settings lists every setting in the order of Config's fields.
func settings() []setting {
	return walk(reflect.TypeFor[Config](), "", nil)
}

func walk(t reflect.Type, prefix string, path []int) []setting {
	var found []setting
	for i := range t.NumField() {
		field := t.Field(i)
		key := prefix + field.Tag.Get("koanf")
		index := append(append([]int(nil), path...), i)
		if field.Type.Kind() == reflect.Struct {
			found = append(found, walk(field.Type, key+".", index)...)
			continue
		}
		found = append(found, newSetting(field, key, index))
	}
	return found
}

func newSetting(field reflect.StructField, key string, index []int) setting {
	tag := field.Tag
	s := setting{
		key:      key,
		variable: EnvPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_")),
		flag:     tag.Get("flag"),
		initial:  tag.Get("default"),
		help:     tag.Get("help"),
		min:      tag.Get("min"),
		max:      tag.Get("max"),
		rule:     tag.Get("rule"),
		optional: tag.Get("optional") == "true",
		list:     tag.Get("list") == "true",
		secret:   tag.Get("secret") == "true",
		blank:    tag.Get("blank") == "true",
		typ:      field.Type,
		index:    index,
	}
	if words := tag.Get("oneof"); words != "" {
		s.oneOf = strings.Split(words, "|")
	}
	return s
}

// section is the part of the key before the last dot, and name the part after it.
func (s setting) section() string { section, _ := s.split(); return section }
func (s setting) name() string    { _, name := s.split(); return name }

func (s setting) split() (section, name string) {
	dot := strings.LastIndexByte(s.key, '.')
	if dot < 0 {
		return "", s.key
	}
	return s.key[:dot], s.key[dot+1:]
}

// in is the setting's value in c.
func (s setting) in(c Config) any {
	return reflect.ValueOf(c).FieldByIndex(s.index).Interface()
}

func (s setting) isDuration() bool { return s.typ == reflect.TypeFor[time.Duration]() }

// catalogue finds settings by their names.
type catalogue struct {
	all        []setting
	byKey      map[string]setting
	byVariable map[string]setting
	byFlag     map[string]setting
	sections   map[string]bool
}

func newCatalogue() catalogue {
	c := catalogue{
		all:        settings(),
		byKey:      map[string]setting{},
		byVariable: map[string]setting{},
		byFlag:     map[string]setting{},
		sections:   map[string]bool{},
	}
	for _, s := range c.all {
		c.byKey[s.key] = s
		c.byVariable[s.variable] = s
		if s.flag != "" {
			c.byFlag[s.flag] = s
		}
		if section := s.section(); section != "" {
			c.sections[section] = true
		}
	}
	return c
}
