// Package passkeys asks browsers for passkeys, and checks their answers, by the standard WebAuthn. It implements account.Keys. Each
// passkey must know its owner (user verification), and must be found by the browser without a name (a discoverable credential).
package passkeys

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// siteName is what a browser calls what a passkey is for.
const siteName = "Expense Tracker"

// Keys implements account.Keys. The zero value is ready, and safe for concurrent use.
type Keys struct{}

var _ account.Keys = Keys{}

// held is what an answer is held to.
type held struct {
	Site    string               `json:"site"`
	Session webauthn.SessionData `json:"session"`
}

// at returns the library for a site: its passkeys are of the host, and answers come from its very address.
func at(site string) (*webauthn.WebAuthn, error) {
	address, err := url.Parse(site)
	if err != nil {
		return nil, fmt.Errorf("passkeys: site: %w", err)
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: address.Hostname(), RPDisplayName: siteName, RPOrigins: []string{site},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return w, nil
}

// pack returns the options and what is held, as they are kept.
func pack(site string, options any, session *webauthn.SessionData) (asked, kept []byte, err error) {
	if asked, err = json.Marshal(options); err != nil {
		return nil, nil, fmt.Errorf("passkeys: options: %w", err)
	}
	if kept, err = json.Marshal(held{Site: site, Session: *session}); err != nil {
		return nil, nil, fmt.Errorf("passkeys: session: %w", err)
	}
	return asked, kept, nil
}

func unpack(kept []byte) (*webauthn.WebAuthn, webauthn.SessionData, error) {
	var h held
	if err := json.Unmarshal(kept, &h); err != nil {
		return nil, h.Session, fmt.Errorf("passkeys: session: %w", err)
	}
	w, err := at(h.Site)
	return w, h.Session, err
}

// Make implements account.Keys.
func (Keys) Make(site string, user account.User, have []account.Passkey) (options, kept []byte, err error) {
	w, err := at(site)
	if err != nil {
		return nil, nil, err
	}
	owner, err := ownerOf(user, have)
	if err != nil {
		return nil, nil, err
	}
	others := webauthn.Credentials(owner.credentials).CredentialDescriptors()
	creation, session, err := w.BeginRegistration(owner, webauthn.WithExclusions(others))
	if err != nil {
		return nil, nil, fmt.Errorf("passkeys: begin: %w", err)
	}
	return pack(site, creation.Response, session)
}

// Made implements account.Keys.
func (Keys) Made(kept, answer []byte) (account.Passkey, error) {
	w, session, err := unpack(kept)
	if err != nil {
		return account.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return account.Passkey{}, refused("passkeys.Made", err)
	}
	made, err := w.CreateCredential(owner{handle: session.UserID}, session, parsed)
	if err != nil {
		return account.Passkey{}, refused("passkeys.Made", err)
	}
	record, err := json.Marshal(made)
	if err != nil {
		return account.Passkey{}, fmt.Errorf("passkeys: record: %w", err)
	}
	return account.Passkey{Credential: made.ID, Record: record}, nil
}

// Use implements account.Keys.
func (Keys) Use(site string) (options, kept []byte, err error) {
	w, err := at(site)
	if err != nil {
		return nil, nil, err
	}
	assertion, session, err := w.BeginDiscoverableLogin()
	if err != nil {
		return nil, nil, fmt.Errorf("passkeys: begin: %w", err)
	}
	return pack(site, assertion.Response, session)
}

// UserOf implements account.Keys.
func (Keys) UserOf(answer []byte) (ledger.UserID, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return 0, refused("passkeys.UserOf", err)
	}
	handle := parsed.Response.UserHandle
	if len(handle) != handleBytes {
		return 0, refused("passkeys.UserOf", errors.New("no handle of a user"))
	}
	id := binary.BigEndian.Uint64(handle)
	if id == 0 || id > math.MaxInt64 {
		return 0, refused("passkeys.UserOf", errors.New("no user has that handle"))
	}
	return ledger.UserID(id), nil
}

// Used implements account.Keys.
func (Keys) Used(kept, answer []byte, user ledger.UserID, have []account.Passkey) (account.Passkey, error) {
	const op = "passkeys.Used"
	w, session, err := unpack(kept)
	if err != nil {
		return account.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return account.Passkey{}, refused(op, err)
	}
	of, err := ownerOf(account.User{ID: user}, have)
	if err != nil {
		return account.Passkey{}, err
	}
	_, used, err := w.ValidatePasskeyLogin(func([]byte, []byte) (webauthn.User, error) { return of, nil }, session, parsed)
	if err != nil {
		return account.Passkey{}, refused(op, err)
	}
	if used.Authenticator.CloneWarning {
		return account.Passkey{}, refused(op, errors.New("it was used less often than before: there is a copy"))
	}
	record, err := json.Marshal(used)
	if err != nil {
		return account.Passkey{}, fmt.Errorf("passkeys: record: %w", err)
	}
	found := have[slices.IndexFunc(have, func(p account.Passkey) bool { return slices.Equal(p.Credential, used.ID) })]
	found.Record = record
	return found, nil
}

// refused is the error for an answer that is wrong. Why is for the log.
func refused(op string, err error) error {
	var detailed *protocol.Error
	if errors.As(err, &detailed) {
		err = fmt.Errorf("%s: %s", detailed.Details, detailed.DevInfo)
	}
	return account.WrongAnswer(op, err)
}

// owner is a user as the library wants one.
type owner struct {
	handle      []byte
	name        string
	credentials []webauthn.Credential
}

// handleBytes is the length of what a passkey says its user by: the number, which says nothing about the person.
const handleBytes = 8

func ownerOf(user account.User, have []account.Passkey) (owner, error) {
	of := owner{handle: binary.BigEndian.AppendUint64(nil, uint64(user.ID)), name: user.Name} //nolint:gosec // above zero
	for _, p := range have {
		var credential webauthn.Credential
		if err := json.Unmarshal(p.Record, &credential); err != nil {
			return owner{}, fmt.Errorf("passkeys: the record of passkey %d: %w", p.ID, err)
		}
		of.credentials = append(of.credentials, credential)
	}
	return of, nil
}

// WebAuthnID implements webauthn.User.
func (o owner) WebAuthnID() []byte { return o.handle }

// WebAuthnName implements webauthn.User.
func (o owner) WebAuthnName() string { return o.name }

// WebAuthnDisplayName implements webauthn.User.
func (o owner) WebAuthnDisplayName() string { return o.name }

// WebAuthnCredentials implements webauthn.User.
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }
