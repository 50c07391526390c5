package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"expense-tracker/core/fault"
	"expense-tracker/core/text"
)

// How long passwords are, in characters: what NIST SP 800-63B-4 asks for where nothing stands beside them, and room for any phrase.
const (
	MinPassword = 15
	MaxPassword = 256
)

// asTyped returns a password as it is hashed: one keyboard composes an é, and another writes two characters for it.
func asTyped(password string) string { return norm.NFC.String(password) }

// parsePassword returns a new password as it is hashed, or an error for the person who typed it. There is no rule of which characters it
// has: it is long, and not what everybody tries first.
func parsePassword(typed, name string) (string, error) {
	if err := text.Check(typed, ""); err != nil {
		return "", err
	}
	password := asTyped(typed)
	switch n := utf8.RuneCountInString(password); {
	case n == 0:
		return "", fault.Refuse("enter a password")
	case n < MinPassword:
		return "", fault.Refuse("a password has at least %d characters; this has %d", MinPassword, n)
	case n > MaxPassword:
		return "", fault.Refuse("a password has at most %d characters; this has %d", MaxPassword, n)
	case isEasy(password, name):
		return "", fault.Refuse("this password is easy to guess: it is made of what others try first; three or four unusual words are better")
	}
	return password, nil
}

// ownCharacters is how many characters a password needs beside what everybody tries.
const ownCharacters = 6

// isEasy reports whether little is left of a password once all is taken out that everybody tries: common passwords and words, the user's
// own name, the program's, what stands side by side in the alphabet or on a keyboard, and what comes again. The lists of leaked passwords
// have few that are as long as ours have to be, and nearly all of those are put together from these.
func isEasy(password, name string) bool {
	words := commonWords()
	for _, part := range strings.FieldsFunc(text.Fold(name), func(r rune) bool { return strings.ContainsRune(" .-_@", r) }) {
		if utf8.RuneCountInString(part) >= 3 {
			words = append(words, part)
		}
	}
	words = longestFirst(words)
	asIs := without(text.Fold(password), words, func(word string) string { return word })
	undisguised := without(disguises.Replace(asIs), words, disguises.Replace)
	return min(own(asIs), own(undisguised)) < ownCharacters
}

// gap stands for what was taken out. No password has it.
const gap = "\x00"

// without takes words out of a text, each written in a way.
func without(folded string, words []string, written func(string) string) string {
	for _, word := range words {
		folded = strings.ReplaceAll(folded, written(word), gap)
	}
	return folded
}

// disguises are the characters that people write for letters.
var disguises = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "!", "i")

// own returns how many characters are no step from the letter before and do not repeat it. A sign counts once, and so does a run of three
// letters.
func own(folded string) int {
	var letters []rune // and gaps
	seen := map[string]bool{}
	count := 0
	once := func(what string) {
		if !seen[what] {
			count++
		}
		seen[what] = true
	}
	for _, r := range folded {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), string(r) == gap:
			letters = append(letters, r)
		case !unicode.IsSpace(r):
			once(string(r))
		}
	}
	for i, r := range letters {
		if string(r) != gap && (i == 0 || letters[i-1] != r && !isStep(letters[i-1], r)) {
			once(string(letters[max(0, i-2) : i+1]))
		}
	}
	return count
}

// keyboards are the rows of those that most people have. A step goes from a key to the next, in either direction.
const keyboards = "qwertyuiop asdfghjkl zxcvbnm qwertzuiopu asdfghjkloa yxcvbnm azertyuiop qsdfghjklm wxcvbn 1234567890 " +
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm 1q2w3e4r5t6y7u8i9o0p !@#$%^&*()_+"

func isStep(from, to rune) bool {
	if to-from == 1 || from-to == 1 {
		return true
	}
	return strings.Contains(keyboards, string([]rune{from, to})) || strings.Contains(keyboards, string([]rune{to, from}))
}
