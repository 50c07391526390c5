package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// parse reads a value written as text: a default, a variable, a file's content or a flag.
// It returns a bool, an int64, a time.Duration or a string, by the field's type. Errors never hold the text.
func (s setting) parse(text string) (any, error) {
	switch {
	case s.typ.Kind() == reflect.Bool:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, s.mismatch()
		}
		return value, nil
	case s.typ.Kind() == reflect.String:
		return s.checkText(text)
	}
	number, err := s.number(text)
	if err != nil {
		return nil, s.mismatch()
	}
	return s.checkRange(number)
}

// convert takes a value that the YAML parser has typed, and holds it to that type: "50" is not 50.
func (s setting) convert(value any) (any, error) {
	switch typed := value.(type) {
	case string:
		if s.typ.Kind() == reflect.String || s.isDuration() {
			return s.parse(typed)
		}
	case []any:
		if words, ok := wordsOf(typed); ok && s.list {
			return s.parse(strings.Join(words, ","))
		}
	case bool:
		if s.typ.Kind() == reflect.Bool {
			return typed, nil
		}
	case int:
		if s.typ.Kind() != reflect.String && s.typ.Kind() != reflect.Bool && !s.isDuration() {
			return s.checkRange(int64(typed))
		}
	}
	return nil, fmt.Errorf("%w, not %s", s.mismatch(), nameOf(value))
}

// wordsOf returns the list's parts if all of them are text.
func wordsOf(list []any) ([]string, bool) {
	words := make([]string, len(list))
	for i, part := range list {
		word, ok := part.(string)
		if !ok {
			return nil, false
		}
		words[i] = word
	}
	return words, true
}

// number reads a whole number, or a duration in nanoseconds.
func (s setting) number(text string) (int64, error) {
	if s.isDuration() {
		duration, err := time.ParseDuration(text)
		return int64(duration), err
	}
	return strconv.ParseInt(text, 10, 64)
}

func (s setting) checkRange(number int64) (any, error) {
	low, errLow := s.number(s.min)
	high, errHigh := s.number(s.max)
	if err := errors.Join(errLow, errHigh); err != nil {
		return nil, fmt.Errorf("declared without limits: %w", err)
	}
	if number < low || number > high {
		return nil, s.mismatch()
	}
	if s.isDuration() {
		return time.Duration(number), nil
	}
	return number, nil
}

func (s setting) checkText(text string) (any, error) {
	switch {
	case text == "" && s.optional:
		return "", nil
	case text == "":
		return nil, errors.New("must not be empty")
	case strings.ContainsFunc(text, unicode.IsControl):
		return nil, errors.New("must not contain control characters")
	case s.oneOf != nil && !slices.Contains(s.oneOf, text):
		return nil, s.mismatch()
	case s.rule != "":
		return textRule(s.rule)(text)
	}
	return text, nil
}

func (s setting) mismatch() error { return errors.New("must be " + s.expects()) }

// expects says in words what values the setting takes.
func (s setting) expects() string {
	switch {
	case s.oneOf != nil:
		return "one of " + strings.Join(s.oneOf, ", ")
	case s.typ.Kind() == reflect.Bool:
		return "true or false"
	case s.typ.Kind() == reflect.String:
		return "text"
	case s.isDuration():
		return fmt.Sprintf("a duration such as %s, from %s to %s", s.initial, s.min, s.max)
	}
	return fmt.Sprintf("a whole number from %s to %s", s.min, s.max)
}

// nameOf says in words what a YAML value is, without showing it.
func nameOf(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	case int, int64, uint64, float64:
		return "this number"
	case time.Time:
		return "a date"
	case []any:
		return "a list"
	}
	return "a section"
}
