package passkeys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// The flags of what a device signs.
const (
	present  = 0x01
	verified = 0x04
	eligible = 0x08
	attested = 0x40
)

// device is an authenticator that holds one passkey, in software. What it says of itself a test changes.
type device struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	user   []byte // handle
	origin string
	rp     string // ID
	flags  byte
	count  uint32
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &device{t: t, key: key, id: []byte("credential of the device"), origin: site, rp: "example.org",
		flags: present | verified | eligible}
}

var encoding = base64.RawURLEncoding

func (d *device) marshal(of any) []byte {
	d.t.Helper()
	content, err := json.Marshal(of)
	if err != nil {
		d.t.Fatal(err)
	}
	return content
}

func (d *device) clientData(kind, challenge string) []byte {
	return d.marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
}

// data is what a device signs, or gives with a new key.
func (d *device) data(flags byte, more []byte) []byte {
	rp := sha256.Sum256([]byte(d.rp))
	return append(binary.BigEndian.AppendUint32(append(rp[:], flags), d.count), more...)
}

// challengeOf reads the options of a page, and learns the user's handle if they are for a new passkey.
func (d *device) challengeOf(options []byte) string {
	d.t.Helper()
	var asked struct {
		Challenge        string `json:"challenge"`
		UserVerification string `json:"userVerification"`
		RPID             string `json:"rpId"`
		User             struct {
			ID string `json:"id"`
		} `json:"user"`
		AuthenticatorSelection struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
	}
	if err := json.Unmarshal(options, &asked); err != nil {
		d.t.Fatal(err)
	}
	if asked.UserVerification+asked.AuthenticatorSelection.UserVerification != "required" {
		d.t.Errorf("the options do not ask for the owner: %s", options)
	}
	if asked.User.ID != "" {
		handle, err := encoding.DecodeString(asked.User.ID)
		if err != nil || asked.AuthenticatorSelection.ResidentKey != "required" {
			d.t.Errorf("the options are %s, %v", options, err)
		}
		d.user = handle
	}
	return asked.Challenge
}

// make answers the options for a new passkey.
func (d *device) make(options []byte) []byte {
	d.t.Helper()
	client := d.clientData("webauthn.create", d.challengeOf(options))
	public, err := d.key.PublicKey.Bytes() // 4, then both coordinates
	if err != nil {
		d.t.Fatal(err)
	}
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: public[1:33], -3: public[33:]})
	if err != nil {
		d.t.Fatal(err)
	}
	credential := append(make([]byte, 16), binary.BigEndian.AppendUint16(nil, uint16(len(d.id)))...)
	credential = append(append(credential, d.id...), cose...)
	attestation, err := cbor.Marshal(map[string]any{
		"fmt": "none", "attStmt": map[string]any{}, "authData": d.data(d.flags|attested, credential),
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": encoding.EncodeToString(client), "attestationObject": encoding.EncodeToString(attestation),
	})
}

// use answers the options for a passkey of anybody.
func (d *device) use(options []byte) []byte {
	d.t.Helper()
	client := d.clientData("webauthn.get", d.challengeOf(options))
	data, hash := d.data(d.flags, nil), sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, signed[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": encoding.EncodeToString(client), "authenticatorData": encoding.EncodeToString(data),
		"signature": encoding.EncodeToString(signature), "userHandle": encoding.EncodeToString(d.user),
	})
}

func (d *device) answer(response map[string]any) []byte {
	d.t.Helper()
	id := encoding.EncodeToString(d.id)
	return d.marshal(map[string]any{
		"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
}
