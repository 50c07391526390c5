package expense

import (
	"slices"
	"strings"
	"unicode"

	"expense-tracker/core/fault"
	"expense-tracker/core/text"
)

// What one expense may have of tags.
const (
	MaxTags = 10
	MaxTag  = 30 // characters (Unicode code points) of one
)

// Tags are the tags of an expense in the order in which they were typed: each as it was typed, with one blank between two. None has a
// blank, a comma or a # in it, and no two differ by case alone. Only ParseTags and a storage make them.
type Tags string

// List returns each tag, without its #.
func (t Tags) List() []string { return strings.Fields(string(t)) }

// Typed returns the tags as people type them, such as "#work #family"; empty if there are none.
func (t Tags) Typed() string {
	if t == "" {
		return ""
	}
	return "#" + strings.ReplaceAll(string(t), " ", " #")
}

// ParseTags reads tags as people type them: "#work family" or "work, family". One that comes twice, in whatever case, is one tag.
func ParseTags(typed string) (Tags, error) {
	if err := text.Check(typed, "\t\r\n"); err != nil {
		return "", err
	}
	var tags, keys []string
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("#,，＃", r) }) {
		tag, err := text.Line(word, text.Rule{
			Max: MaxTag, TooLong: "a tag has at most %d characters; this has %d", Blank: "a tag is a word, such as #work",
		})
		if err != nil {
			return "", err
		}
		if key := CategoryName(tag).Key(); !slices.Contains(keys, key) {
			tags, keys = append(tags, tag), append(keys, key)
		}
	}
	if len(tags) > MaxTags {
		return "", fault.Refuse("an expense has at most %d tags; this has %d", MaxTags, len(tags))
	}
	return Tags(strings.Join(tags, " ")), nil
}

// changed returns the tags with some added and some taken away, whatever their case. The error is for too many.
func (t Tags) changed(added, removed Tags) (Tags, error) {
	has := func(tags []string, tag string) bool {
		return slices.ContainsFunc(tags, func(other string) bool { return CategoryName(other).Key() == CategoryName(tag).Key() })
	}
	gone := removed.List()
	tags := slices.DeleteFunc(t.List(), func(tag string) bool { return has(gone, tag) })
	for _, tag := range added.List() {
		if !has(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return ParseTags(strings.Join(tags, " "))
}
