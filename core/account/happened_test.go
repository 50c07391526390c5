package account_test

import (
	"slices"
	"testing"

	"expense-tracker/core/account"
)

func TestWhatHappenedToTheSecondStepIsSaid(t *testing.T) {
	codes := []account.Digest{account.DigestOf("a"), account.DigestOf("b")}
	with := func(on bool, recovery []account.Digest, passkeys int) account.Account {
		return account.Account{
			User: account.User{ID: 2, Name: "Ada"}, Factor: account.Factor{On: on, Recovery: recovery}, Passkeys: make([]account.Passkey, passkeys),
		}
	}
	for name, tt := range map[string]struct {
		before, after account.Account
		want          []account.EventKind
	}{
		"turned on":          {with(false, nil, 0), with(true, codes, 0), []account.EventKind{account.EventSecondOn}},
		"turned off":         {with(true, codes, 0), with(false, nil, 0), []account.EventKind{account.EventSecondOff}},
		"a code was used":    {with(true, codes, 0), with(true, codes[1:], 0), []account.EventKind{account.EventRecovered}},
		"other codes":        {with(true, codes[1:], 0), with(true, codes, 0), nil},
		"fewer, other codes": {with(true, codes, 0), with(true, []account.Digest{account.DigestOf("c")}, 0), nil},
		"a passkey more":     {with(false, nil, 0), with(false, nil, 1), []account.EventKind{account.EventKeyAdded}},
		"a passkey less":     {with(true, codes, 2), with(true, codes, 1), []account.EventKind{account.EventKeyGone}},
		"nothing":            {with(true, codes, 2), with(true, codes, 2), nil},
	} {
		var got []account.EventKind
		for _, event := range account.Happened(tt.before, tt.after) {
			got = append(got, event.Kind)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
