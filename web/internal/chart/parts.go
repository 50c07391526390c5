package chart

import (
	"math/big"

	"expense-tracker/core/money"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// Part is one of those that a total is made of.
type Part struct {
	Name   string
	Link   string // may be empty
	Tile   row.Tile
	Amount money.Amount // of the total's currency
}

// Divide shows what a total is made of, the largest part first, and calls what is left by a name. Bars and percentages are as those of
// Spent.
func Divide(in *words.Language, parts []Part, all money.Amount, rest string) []Share {
	var largest int64
	amounts := make([]money.Amount, 0, len(parts))
	for _, p := range parts {
		amounts = append(amounts, p.Amount)
		largest = max(largest, p.Amount.Minor())
	}
	left := leftOf(all, amounts)
	largest = max(largest, left)
	shares := make([]Share, 0, len(parts)+1)
	for _, p := range parts {
		shares = append(shares, Share{
			Category: p.Name, Link: p.Link, Tile: p.Tile, Amount: in.Amount(p.Amount), minor: p.Amount.Minor(),
			Width: scale(p.Amount.Minor(), largest, 100),
		})
	}
	if left != 0 {
		shares = append(shares, Share{
			Category: rest, Tile: row.Tile{Colour: "rest", Mark: "…"}, Amount: in.Amount(money.FromMinor(left, all.Currency())), minor: left,
			Width: scale(left, largest, 100),
		})
	}
	sayPercents(in, shares, left > 0)
	return shares
}

// leftOf returns what is left of a total beside parts of it, in minor units. Refunds among the others may make that larger than 64 bits
// hold: then it returns 0, so that nothing is said of it.
func leftOf(all money.Amount, parts []money.Amount) int64 {
	left := new(big.Int).SetInt64(all.Minor())
	for _, part := range parts {
		left.Sub(left, big.NewInt(part.Minor()))
	}
	if !left.IsInt64() {
		return 0
	}
	return left.Int64()
}
