// Package row shows an expense in a list, and a category by its mark: the one part that all lists have.
package row

import "expense-tracker/core/expense"

// Tile is the mark of a category: an emoji or its first letter, on the tint of its colour. Its name always stands beside it.
type Tile struct {
	Colour string // the style has a class for each
	Mark   string
}

// TileOf returns the mark of a category.
func TileOf(c expense.Category) Tile {
	mark := c.Icon
	if mark == "" {
		mark = c.Initial()
	}
	return Tile{Colour: string(c.Colour), Mark: mark}
}
