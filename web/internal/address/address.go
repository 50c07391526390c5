// Package address has the addresses that more than one area leads to, so that no area imports another.
package address

import (
	"strconv"

	"expense-tracker/core/expense"
)

// Home is the first page.
const Home = "/"

// Category returns the address of a category's page.
func Category(id expense.CategoryID) string {
	return "/categories/" + strconv.FormatInt(int64(id), 10)
}
