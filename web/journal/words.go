package journal

import (
	"expense-tracker/core/account"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/words"
)

// What can have happened. The first is whose account it is.
const (
	didSetUp      words.Phrase = "%s made the first account."
	didAdd        words.Phrase = "%s has an account now."
	didSignIn     words.Phrase = "%s signed in."
	didFail       words.Phrase = "Failed tries to sign in as %s: %d."
	didFailNobody words.Phrase = "Failed tries to sign in with names that nobody has: %d."
	didRefuse     words.Phrase = "Tries to sign in as %s that came too often: %d."
	didRefuseAny  words.Phrase = "Tries that came too often, with names that nobody has: %d."
	didSignOut    words.Phrase = "%s signed out."
	didEnd        words.Phrase = "%s signed out other browsers."
	didPassword   words.Phrase = "%s chose another password."
	gotPassword   words.Phrase = "The operator gave %s another password."
	didRename     words.Phrase = "%s chose another name."
	wasDisabled   words.Phrase = "The operator disabled the account of %s."
	wasEnabled    words.Phrase = "The operator enabled the account of %s."
	wasPromoted   words.Phrase = "The operator made %s an administrator."
	wasDemoted    words.Phrase = "The operator made %s an administrator no more."
	didSecondOn   words.Phrase = "%s turned the second step on."
	didSecondOff  words.Phrase = "%s turned the second step off."
	lostSecond    words.Phrase = "The operator turned the second step of %s off."
	didRecover    words.Phrase = "%s signed in with a recovery code."
	didAddKey     words.Phrase = "%s added a passkey."
	didRemoveKey  words.Phrase = "%s removed a passkey."
	didLink       words.Phrase = "%s linked an identity provider."
	didUnlink     words.Phrase = "%s unlinked an identity provider."
	wasRemoved    words.Phrase = "The account of %s was deleted."
	didSomething  words.Phrase = "Something changed about the account of %s."
	onDayAt       words.Phrase = "%s, %s"               // a day and a time
	fromTo        words.Phrase = "%s, from %s until %s" // a day and two times
)

// phraseOf says what happened where the operator did not, or can alone.
func phraseOf(kind account.EventKind) words.Phrase {
	switch kind {
	case account.EventSetUp:
		return didSetUp
	case account.EventRemoved:
		return wasRemoved
	case account.EventAdded:
		return didAdd
	case account.EventSignedIn:
		return didSignIn
	case account.EventLeft:
		return didSignOut
	case account.EventEnded:
		return didEnd
	case account.EventPassword:
		return didPassword
	case account.EventRenamed:
		return didRename
	case account.EventDisabled:
		return wasDisabled
	case account.EventEnabled:
		return wasEnabled
	case account.EventPromoted:
		return wasPromoted
	case account.EventDemoted:
		return wasDemoted
	case account.EventSecondOn:
		return didSecondOn
	case account.EventSecondOff:
		return didSecondOff
	case account.EventRecovered:
		return didRecover
	case account.EventKeyAdded:
		return didAddKey
	case account.EventKeyGone:
		return didRemoveKey
	case account.EventLinked:
		return didLink
	case account.EventUnlinked:
		return didUnlink
	case account.EventFailed:
		return didFail
	case account.EventRefused:
		return didRefuse
	}
	return didSomething
}

func textOf(in *words.Language, e account.Event, name func(ledger.UserID) string) string {
	switch {
	case e.Kind == account.EventFailed && e.User == 0:
		return in.T(didFailNobody, e.Count)
	case e.Kind == account.EventFailed:
		return in.T(didFail, name(e.User), e.Count)
	case e.Kind == account.EventRefused && e.User == 0:
		return in.T(didRefuseAny, e.Count)
	case e.Kind == account.EventRefused:
		return in.T(didRefuse, name(e.User), e.Count)
	case e.Kind == account.EventPassword && e.By == 0:
		return in.T(gotPassword, name(e.User))
	case e.Kind == account.EventSecondOff && e.By == 0:
		return in.T(lostSecond, name(e.User))
	}
	return in.T(phraseOf(e.Kind), name(e.User))
}

// when says when something happened, as the clocks of a ledger's people show it.
func when(in *words.Language, own ledger.Ledger, today civil.Date, e account.Event) string {
	day, at, last := in.ShortDay(own.Today(e.At), today), in.Clock(own.At(e.At)), in.Clock(own.At(e.Last))
	if at != last {
		return in.T(fromTo, day, at, last)
	}
	return in.T(onDayAt, day, at)
}
