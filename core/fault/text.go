package fault

import (
	"errors"
	"fmt"
)

// Phrase is an English sentence for people, without its capital and its full stop. Verbs of package fmt stand for its arguments. It is
// also its own name in the catalogues of other languages, of which the core knows nothing.
type Phrase string

// Text is a phrase with its arguments. They are numbers, amounts, texts that somebody typed, and codes; who shows the text to people
// writes them as the people do.
type Text struct {
	Phrase Phrase
	Args   []any
}

// Say returns a text.
func Say(phrase Phrase, args ...any) Text { return Text{Phrase: phrase, Args: args} }

// IsEmpty reports whether the text says nothing.
func (t Text) IsEmpty() bool { return t.Phrase == "" }

// String returns the text in English, for logs.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return string(t.Phrase)
	}
	args := make([]any, len(t.Args))
	for i, arg := range t.Args {
		args[i] = arg
		if amount, ok := arg.(interface{ Format() string }); ok {
			args[i] = amount.Format()
		}
	}
	return fmt.Sprintf(string(t.Phrase), args...)
}

// refused is an error that is a text.
type refused struct{ text Text }

func (e *refused) Error() string { return e.text.String() }

// Refuse returns an error that says to the person who typed something what is wrong with it. Its field is not known yet: At adds that.
func Refuse(phrase Phrase, args ...any) error { return &refused{Say(phrase, args...)} }

// Said returns the text of an error that Refuse made. Another error has a text that is in no catalogue: its own.
func Said(err error) Text {
	var r *refused
	if errors.As(err, &r) {
		return r.text
	}
	return Text{Phrase: "%s", Args: []any{err.Error()}}
}
