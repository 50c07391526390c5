package accounttest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// testCodesWorkOnce lets instances that share the storage take one code at the same moment: that of an app, and a recovery code.
func testCodesWorkOnce(t *testing.T, f fixture) {
	const many, secret = 8, "SECRET1" // within the limit of tries
	hasher, codes := &Hasher{Parameters: "now"}, &Codes{}
	instances := make([]*account.Service, 3)
	for i := range instances {
		instances[i] = account.NewService(f.Store, hasher, account.Settings{
			Now: func() time.Time { return noon }, Random: func(b []byte) { _, _ = rand.Read(b) }, Codes: codes,
			Ends: account.Ends{Idle: time.Hour, Max: time.Hour},
		})
	}
	const password = "seven quiet herons wade"
	hash, err := hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	given := someone("Anna")
	given.Hash = hash
	if _, err := f.Create(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	const recovery = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"
	f.change(t, 1, func(a *account.Account) {
		a.Factor = account.Factor{Secret: secret, On: true, Recovery: []account.Digest{account.DigestOf("recovery", "AAAABBBBCCCCDDDDEEEEFFFF")}}
	})
	ofApp, err := codes.Code(secret, noon.Unix()/30)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{ofApp, recovery} {
		outcomes := make(chan error, many)
		for i := range many {
			from := account.Client{Address: fmt.Sprint(code, i)}
			service := instances[i%len(instances)]
			opened, err := service.SignIn(t.Context(), "Anna", password, from)
			if err != nil || opened.Half == "" || opened.Token != "" {
				t.Fatalf("the password alone: %+v, %v", opened, err)
			}
			go func() {
				_, err := service.EnterCode(t.Context(), opened.Half, code, from)
				outcomes <- err
			}()
		}
		in := 0
		for range many {
			switch err := <-outcomes; {
			case err == nil:
				in++
			case !errors.Is(err, fault.Unauthenticated):
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("with the code %s, %d of %d got in", code, in, many)
		}
	}
}
