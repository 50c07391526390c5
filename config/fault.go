package config

import (
	"fmt"
	"strings"
)

// Place is where a value was said: the dotted key, and the source as in Sources.
type Place struct {
	Key    string // empty where the source as a whole is at fault
	Source string
}

func (p Place) String() string {
	if p.Key == "" {
		return p.Source
	}
	return p.Key + " (" + p.Source + ")"
}

// Fault is one thing wrong: a value, or several that contradict each other. It never shows a value.
type Fault struct {
	At  []Place // one, or one for each value that takes part
	Err error
}

func (f Fault) Error() string {
	places := make([]string, len(f.At))
	for i, place := range f.At {
		places[i] = place.String()
	}
	return strings.Join(places, ", ") + ": " + f.Err.Error()
}

func (f Fault) Unwrap() error { return f.Err }

// Faults is every fault that Load found, in the order of the sources and the keys. It is never empty as an error.
type Faults []Fault

// Error says how many faults there are and puts each on a line of its own.
func (f Faults) Error() string {
	var text strings.Builder
	noun := "faults"
	if len(f) == 1 {
		noun = "fault"
	}
	fmt.Fprintf(&text, "configuration: %d %s", len(f), noun)
	for _, fault := range f {
		text.WriteString("\n  " + fault.Error())
	}
	return text.String()
}

// Unwrap lets errors.Is and errors.As look into each fault.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, fault := range f {
		errs[i] = fault
	}
	return errs
}
