package ledger

// State names what a ledger holds at one moment. States compare with ==, and no two states of a ledger share a name. A storage that
// was restored from a backup holds an earlier state under its name. It goes on to states that were never named before.
type State struct {
	Version int64 // rises with each change; 0 for a ledger that nothing was written to
	Mark    int64 // drawn at random by the change that made the state, for a restored storage counts some versions twice
}
