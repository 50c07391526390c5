package sqlexpense

import "expense-tracker/adapters/internal/sqlkit"

// statements holds every text of SQL, with the placeholders that the driver wants.
type statements struct {
	moveTotals, movePaid                                                    sqlkit.Values
	categoryByKey, categoryByID, insertCategory, canonicalByID              string
	expenseByID, expenseByKey, updateExpense                                string
	listNewest, listBefore, listAfter                                       string
	countExpenses, categoriesOfMonth, suggestCategories                     string
	listCategories, getCategory, renameCategory, mergeCategory, mergeMerged string
	ledgers, maintainedTotals, actualTotals, actualDays, putTotal           string
	raiseRevision, categoryRevision, namedCategory                          string
	lookCategory, archiveCategory, entriesOf, removeCategory, forgetTotals  string
	bringBack                                                               string
	rememberName, rememberMerge, rememberMerged, undoOf, forgetUndo         string
	mergedCategory, totalsOfParts, unmergeParts                             string
	largestOfMonth, largestOfYear, categoriesOfYear                         string
	binNewest, binBefore, binAfter, history, copyBefore, copyAfter          string
	purgeable, purgeExpense, forgetRevisions, forgetSteps, batchBefore      string
	batchStored, forgettable, forgetExpense, forgetNothing                  string
	beginAudit, endAudit, lastAudit                                         string
	putPaid, maintainedPaid, actualPaid, paidBetween, paidByMonth           string
}

func rebind(r *sqlkit.Runner) statements {
	return statements{
		moveTotals:    sqlkit.NewValues(r.Rebind, insertTotals, columnsOfTotal, AddToTotal),
		movePaid:      sqlkit.NewValues(r.Rebind, insertPaid, columnsOfPaid, AddToPaid),
		categoryByKey: r.Rebind(categoryByKey), categoryByID: r.Rebind(categoryByID),
		insertCategory: r.Rebind(insertCategory), canonicalByID: r.Rebind(canonicalByID),
		expenseByID: r.Rebind(expenseByID), expenseByKey: r.Rebind(expenseByKey), updateExpense: r.Rebind(updateExpense),
		listNewest: r.Rebind(listNewest), listBefore: r.Rebind(listBefore), listAfter: r.Rebind(listAfter),
		countExpenses:     r.Rebind(countExpenses),
		categoriesOfMonth: r.Rebind(categoriesOfMonth), suggestCategories: r.Rebind(suggestCategories),
		listCategories: r.Rebind(listCategories), getCategory: r.Rebind(getCategory),
		renameCategory: r.Rebind(renameCategory), mergeCategory: r.Rebind(mergeCategory), mergeMerged: r.Rebind(mergeMerged),
		ledgers: r.Rebind(ledgers), maintainedTotals: r.Rebind(maintainedTotals),
		actualTotals: r.Rebind(actualTotals), actualDays: r.Rebind(actualDays), putTotal: r.Rebind(putTotal),
		raiseRevision: r.Rebind(raiseRevision), categoryRevision: r.Rebind(categoryRevision),
		namedCategory: r.Rebind(namedCategory),
		lookCategory:  r.Rebind(lookCategory), archiveCategory: r.Rebind(archiveCategory), entriesOf: r.Rebind(entriesOf),
		removeCategory: r.Rebind(removeCategory), bringBack: r.Rebind(bringBack), forgetTotals: r.Rebind(forgetTotals),
		rememberName: r.Rebind(rememberName), rememberMerge: r.Rebind(rememberMerge), rememberMerged: r.Rebind(rememberMerged),
		undoOf: r.Rebind(undoOf), forgetUndo: r.Rebind(forgetUndo), mergedCategory: r.Rebind(mergedCategory),
		totalsOfParts: r.Rebind(totalsOfParts), unmergeParts: r.Rebind(unmergeParts),
		largestOfMonth: r.Rebind(largest(r, entryTable, 1)), largestOfYear: r.Rebind(largest(r, entryTable, monthsOfYear)),
		categoriesOfYear: r.Rebind(categoriesOfYear()),
		binNewest:        r.Rebind(binNewest), binBefore: r.Rebind(binBefore), binAfter: r.Rebind(binAfter), history: r.Rebind(history),
		copyBefore: r.Rebind(copyBefore(r)), copyAfter: r.Rebind(copyRevision(changedNow, changedBy, changedWith)),
		purgeable: r.Rebind(purgeable), purgeExpense: r.Rebind(purgeExpense),
		forgetRevisions: r.Rebind(forgetRevisions), forgetSteps: r.Rebind(forgetSteps), batchBefore: r.Rebind(batchBefore),
		batchStored: r.Rebind(batchStored),
		forgettable: r.Rebind(forgettable), forgetExpense: r.Rebind(forgetExpense), forgetNothing: r.Rebind(forgetNothing),
		beginAudit: r.Rebind(beginAudit), endAudit: r.Rebind(endAudit), lastAudit: r.Rebind(lastAudit),
		putPaid: r.Rebind(putPaid), maintainedPaid: r.Rebind(maintainedPaid),
		actualPaid: r.Rebind(actualPaid), paidBetween: r.Rebind(paidBetween), paidByMonth: r.Rebind(paidByMonth),
	}
}
