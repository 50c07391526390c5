// Package row shows an expense in a list, and a category by its mark: the one part that all lists have.
package row

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/expense"
)

// Tile is the mark of a category: an emoji or its first letter, on the tint of its colour. Its name always stands beside it.
type Tile struct {
	Colour string // one of colours: the style has a class for each
	Mark   string
}

// colours are the names of the set that holds contrast in both schemes.
func colours() []string {
	return []string{"leaf", "teal", "sky", "blue", "violet", "plum", "rose", "brick", "orange", "honey", "olive", "cocoa"}
}

// TileOf returns the mark of a category.
func TileOf(c expense.Category) Tile { return newTile(c.Name, "", "") }

// newTile returns a mark with what is chosen of it, and with what follows from the name for the rest.
func newTile(name expense.CategoryName, colour, icon string) Tile {
	if colour == "" {
		all := colours()
		hash := fnv.New32a()
		hash.Write([]byte(name.Key())) //nolint:errcheck // a hash takes all
		colour = all[int(hash.Sum32()%uint32(len(all)))]
	}
	if icon == "" {
		first, _ := utf8.DecodeRuneInString(strings.TrimSpace(string(name)))
		icon = string(unicode.ToUpper(first))
	}
	return Tile{Colour: colour, Mark: icon}
}
