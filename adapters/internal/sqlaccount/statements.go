package sqlaccount

import "expense-tracker/adapters/internal/sqlkit"

// statements are the package's, with the driver's placeholders.
type statements struct {
	byName, byID, all, hold, insert, update                                        string
	holdRegister, takeNumber, otherAdmins                                          string
	isSetUp, offer, forgetOld, offered, forget                                     string
	open, bound, find, visitWished, visitOldest, visitMany, touch, of, end, endAll string
	count, tidySessions, tidyThrottle                                              string
	take, wait, free                                                               string
	setFactor, dropFactor                                                          string
	passkeys, putPasskey, dropPasskey                                              string
	forgetEnded, begin, begun, finish                                              string

	identities identityStatements
}

func newStatements(r *sqlkit.Runner, now string) statements {
	now = r.Micros(now)
	return statements{
		byName: r.Rebind(accountByName), byID: r.Rebind(accountByID), all: allUsers, hold: r.Rebind(holdAccount),
		insert: r.Rebind(insertAccount), update: r.Rebind(updateAccount),
		holdRegister: holdRegister, takeNumber: takeNumber, otherAdmins: r.Rebind(otherAdmins),
		isSetUp: isSetUp, offer: r.Rebind(offerCode), forgetOld: r.Rebind(forgetOldCodes), offered: r.Rebind(offeredCode), forget: forgetCodes,
		open: r.Rebind(openSession), bound: r.Rebind(boundSessions), find: r.Rebind(findSession),
		visitWished: r.Rebind(visitWished), visitOldest: r.Rebind(visitOldest),
		touch: r.Rebind(touchSession), of: r.Rebind(sessionsOf), end: r.Rebind(endSession), endAll: r.Rebind(endSessions),
		count:        r.Rebind(countSessions),
		tidySessions: r.Rebind(tidySessions), tidyThrottle: `DELETE FROM account_throttle WHERE free_at < ` + now,
		take: r.Rebind(at(takeTry, now)), wait: r.Rebind(at(waitForTry, now)), free: r.Rebind(freeThrottle),
		setFactor: r.Rebind(setFactor), dropFactor: r.Rebind(dropFactor),
		passkeys: r.Rebind(keysOf), putPasskey: r.Rebind(putKey), dropPasskey: r.Rebind(dropKey),
		forgetEnded: r.Rebind(forgetEnded), begin: r.Rebind(beginHalf), begun: r.Rebind(begunHalf), finish: r.Rebind(finishHalf),
		identities: newIdentityStatements(r),
	}
}
