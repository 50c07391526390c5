// Package address has the addresses that more than one area leads to. An area that leads to another's page imports it in place of that area.
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
