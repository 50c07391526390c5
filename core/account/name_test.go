package account_test

import (
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// No two people have names that look the same.
func TestNamesThatLookTheSameAreOne(t *testing.T) {
	h := newHouse(t)
	h.add("Anna Müller")
	h.add("Сара") // Cyrillic, each letter of which looks like a Latin one
	h.add("علی\u200cرضا")
	h.add("👩‍👧")
	for _, taken := range []string{
		"anna muller", "An\u200bna Müller", "Anna\u00ad Mu\u0308ller", "\ufeffAnna Müller", "Ａｎｎａ Müller", "Anna Müller\u3164",
		"\u202eAnna Müller", "Anna Müller\ufe0f", "Capa", "CAPA", "علیرضا", "👩👧", "Anna\u2060 Müller\U000e0041",
	} {
		_, err := h.Add(t.Context(), account.Draft{Name: taken, Password: right}, false)
		h.wantKind(taken, err, fault.Conflict)
	}
	for _, free := range []string{"Аня", "Вася", "Νίκος", "Sara", "李小龙", "O'Neil", "Anna Мюллер"} {
		h.add(free)
	}
	h.signIn("вася", right)
	h.signIn("ΝΊΚΟΣ", right)
	h.signIn("an\u200bna muller", right)
}

func TestNamesThatAreNone(t *testing.T) {
	h := newHouse(t)
	for _, typed := range []string{
		"", " ", "\u200b", "\u3164", "\u2800", "\u202e\u202d", "\u00ad \u200d", // nothing to see
		"Аnna", "Αnna", "paypаl Anna", "Annа", // a letter of another alphabet
		"a\x00b", "a\nb", "a\xff", "a\ufdd0", "\x1b[31mred",
	} {
		_, err := h.Add(t.Context(), account.Draft{Name: typed, Password: right}, false)
		if v := fault.ViolationsOf(err); fault.KindOf(err) != fault.Invalid || len(v) != 1 || v[0].Field != account.FieldName {
			t.Errorf("%q: %v", typed, err)
		}
	}
}
