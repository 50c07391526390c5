package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// A browser that has signed in is known as a device of its user: its tries have a count of their own, so that nobody elsewhere can use up
// what the user has, however many tries they make from however many addresses. What it keeps is a name that was drawn, and a seal of that
// under a key that is made of the account and its hashed password. So no storage keeps it, every instance knows it, and it is of no more
// use when the password was changed.

// deviceBytes is the size of the name that is drawn for a device.
const deviceBytes = 16

// perDevice is how often a device may try.
var perDevice = Limit{Burst: perNameAtAddress.Burst, Every: perNameAtAddress.Every}

// newDevice returns what a browser keeps that has just signed in.
func (s *Service) newDevice(of Account) string {
	var drawn [deviceBytes]byte
	s.settings.Random(drawn[:])
	name := hex.EncodeToString(drawn[:])
	return name + "." + sealOf(of, name)
}

// isDeviceOf reports whether a browser keeps what it was given when it signed in to an account, under the password of today.
func isDeviceOf(kept string, of Account) bool {
	name, seal, _ := strings.Cut(kept, ".")
	return of.ID > 0 && of.Hash != "" && len(name) == 2*deviceBytes && hmac.Equal([]byte(seal), []byte(sealOf(of, name)))
}

// sealOf returns the seal of a device's name.
func sealOf(of Account, name string) string {
	key := DigestOf("key of devices", strconv.FormatInt(int64(of.ID), 10), of.Hash)
	seal := hmac.New(sha256.New, key[:])
	seal.Write([]byte(name))
	return hex.EncodeToString(seal.Sum(nil))
}

// byDevice returns the one charge of a try from a device of the user.
func byDevice(kept string) []Charge {
	return []Charge{{By: DigestOf("device", kept), Limit: perDevice}}
}
