package money

import "expense-tracker/core/fault"

// What ParsePrice says of what is no price. Who asks for an amount by another name says it in other words.
const (
	PriceMissing      fault.Phrase = "enter a price, such as 12.50"
	PriceTooLong      fault.Phrase = "this is too long for a price"
	PriceNotAboveZero fault.Phrase = "a price is more than zero"
	PriceNegative     fault.Phrase = "a price is more than zero: for money that you got back, choose “Refund” and leave out the minus"
	PriceTooLarge     fault.Phrase = "a price is at most %s" // the largest
)
