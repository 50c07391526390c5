package loopback_test

import (
	"net"
	"testing"

	"expense-tracker/tests/rig/loopback"
)

func TestNoAddressIsGivenTwiceAndEachIsFree(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		address, err := loopback.FreeAddress()
		if err != nil || seen[address] {
			t.Fatalf("%s, %v, seen before: %t", address, err, seen[address])
		}
		seen[address] = true
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
	}
}
