package quickline

import (
	"strings"
	"unicode/utf8"
)

// maxWords bounds how many words of a line are compared with names.
const maxWords = 100

// category finds the category among the words that are left.
func (r *reader) category() {
	left := r.left()
	keys := make([]string, min(len(left), maxWords))
	for i := range keys {
		keys[i] = folded(left[i])
	}
	longest, from, to := "", 0, 0
	for _, name := range r.known.Categories {
		if utf8.RuneCountInString(name) <= utf8.RuneCountInString(longest) {
			continue
		}
		if at, n := find(strings.Fields(name), keys); n > 0 {
			longest, from, to = name, at, at+n
		}
	}
	if longest == "" {
		r.line.Category = r.remembered(keys)
		return
	}
	r.line.Category = longest
	switch {
	case from == 0:
		r.line.Note = join(left[to:])
	case to == len(left):
		r.line.Note = join(left[:from])
	}
}

// find returns where the words of a name stand in a row, and how many they are; 0 if they do not.
func find(name, keys []string) (at, n int) {
	for at := 0; at+len(name) <= len(keys); at++ {
		same := len(name) > 0
		for i, part := range name {
			if key := folded(part); key != keys[at+i] || key == "" {
				same = false
				break
			}
		}
		if same {
			return at, len(name)
		}
	}
	return 0, 0
}

// remembered returns the category of the newest expense with the same note, otherwise with the same first word.
func (r *reader) remembered(keys []string) string {
	if len(keys) == 0 || keys[0] == "" {
		return ""
	}
	note, begins := strings.Join(keys, " "), ""
	for _, before := range r.known.Before {
		fields := strings.Fields(before.Text)
		if len(fields) == 0 || folded(fields[0]) != keys[0] {
			continue
		}
		for i := range fields {
			fields[i] = folded(fields[i])
		}
		if strings.Join(fields, " ") == note {
			return before.Category
		}
		if begins == "" {
			begins = before.Category
		}
	}
	return begins
}
