package expense

// State names what a ledger holds at one moment; States compare with ==. No two states of a ledger share a name. A storage that
// was restored from a backup holds an earlier state under its name, and goes on to states that were never named before.
type State struct {
	Version int64 // rises with each change; 0 for an empty ledger
	Mark    int64 // drawn at random by the change that made the state, for a restored storage counts some versions twice
}

// Basis says what a change starts from and what it wants, so that a stale change is refused and a repeated one is recognised.
type Basis struct {
	Revision    int         // that the author of the change saw
	Fingerprint Fingerprint // of what the change does
}
