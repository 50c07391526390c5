package sqlstore

// statements holds every text of SQL, with the placeholders that the driver wants.
type statements struct {
	touchLedger, moveTotal                                                  string
	categoryByKey, categoryByID, insertCategory, canonicalByID              string
	expenseByID, expenseByKey, updateExpense                                string
	listNewest, listBefore, listAfter                                       string
	state, entries, totals, categoriesOfMonth, suggestCategories            string
	listCategories, getCategory, renameCategory, mergeCategory, mergeMerged string
	ledgers, keptTotals, actualTotals, putTotal                             string
	ledgerByID, defineLedger                                                string
	allCurrencies, currencyOf                                               string
	changeFrom, noteChange, raiseRevision, categoryRevision                 string
}

func rebind(d Dialect) statements {
	return statements{
		touchLedger: d.Rebind(touchLedger), moveTotal: d.Rebind(moveTotal),
		categoryByKey: d.Rebind(categoryByKey), categoryByID: d.Rebind(categoryByID),
		insertCategory: d.Rebind(insertCategory), canonicalByID: d.Rebind(canonicalByID),
		expenseByID: d.Rebind(expenseByID), expenseByKey: d.Rebind(expenseByKey),
		updateExpense: d.Rebind(updateExpense),
		listNewest:    d.Rebind(listNewest), listBefore: d.Rebind(listBefore), listAfter: d.Rebind(listAfter),
		state: d.Rebind(state), entries: d.Rebind(entries), totals: d.Rebind(totals),
		categoriesOfMonth: d.Rebind(categoriesOfMonth), suggestCategories: d.Rebind(suggestCategories),
		listCategories: d.Rebind(listCategories), getCategory: d.Rebind(getCategory),
		renameCategory: d.Rebind(renameCategory), mergeCategory: d.Rebind(mergeCategory), mergeMerged: d.Rebind(mergeMerged),
		ledgers: d.Rebind(ledgers), keptTotals: d.Rebind(keptTotals),
		actualTotals: d.Rebind(actualTotals), putTotal: d.Rebind(putTotal),
		ledgerByID: d.Rebind(ledgerByID), defineLedger: d.Rebind(defineLedger),
		allCurrencies: d.Rebind(allCurrencies), currencyOf: d.Rebind(currencyOf),
		changeFrom: d.Rebind(changeFrom), noteChange: d.Rebind(noteChange), raiseRevision: d.Rebind(raiseRevision),
		categoryRevision: d.Rebind(categoryRevision),
	}
}
