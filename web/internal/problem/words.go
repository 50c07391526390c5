package problem

import (
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/words"
)

// ofKind is what a kind of error says when it brings no sentence of its own.
func ofKind(kind fault.Kind) (title, text words.Phrase) {
	switch kind {
	case fault.Invalid:
		return "Please check what you entered", ""
	case fault.NotFound:
		return "Not found", "There is nothing at this address. It may have been deleted, or the address has a slip in it."
	case fault.Conflict:
		return "This changed in the meantime", "Look at it as it is now, and try again."
	case fault.Forbidden:
		return "Not allowed", "You may not do this here."
	case fault.Unauthenticated:
		return "Please sign in", "This page is for people who are signed in."
	case fault.Unavailable:
		return "The storage is not available just now", "What was stored is safe. Please try again in a few seconds."
	case fault.Throttled:
		return "Too many tries", "Wait a little, and try again."
	case fault.Busy:
		return "Too much to do just now", "Please try again in a few seconds."
	case fault.Internal:
	}
	return "Internal error", "Something went wrong on our side. It was written down, and trying again may help."
}

// otherHost explains a refused host.
const otherHost words.Phrase = "This program does not answer to the name “%s”. Use the address that its operator gave you. If it should " +
	"answer to this name, its operator adds it to web.hosts or EXPENSE_TRACKER_WEB_HOSTS. Nothing was read or stored."

// shortened returns a host, whose name may be anything, as it can be shown.
func shortened(host string) string {
	const shown = 100
	if len(host) > shown {
		return host[:shown] + "…"
	}
	return host
}

// say puts a problem into words.
func (p *Problem) say(title, text words.Phrase, args ...any) {
	p.Title, p.Text = p.In.T(title), ""
	if text != "" {
		p.Text = p.In.T(text, args...)
	}
}

// language returns the language that the problem is told in.
func (p Problem) language(book *words.Book) *words.Language {
	if p.In == nil {
		return book.English()
	}
	return p.In
}

// Add adds a sentence to what is said.
func (p *Problem) Add(sentence words.Phrase) { p.Text += " " + p.In.T(sentence) }

// AtField returns the problem of a form as one of a single field, with the problem's text beside the field.
func (p Problem) AtField(name string) Problem {
	p.Fields = append(p.Fields, Field{Name: name, Message: p.Text})
	p.say(ofKind(fault.Invalid))
	return p
}

// T returns a phrase in the language that the problem is told in.
func (p Problem) T(phrase words.Phrase, args ...any) string { return p.In.T(phrase, args...) }
