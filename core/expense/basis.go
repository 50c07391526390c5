package expense

// Basis says what a change starts from and what it wants. So a stale change is refused and a repeated one is recognised.
type Basis struct {
	Revision    int         // that the author of the change saw
	Fingerprint Fingerprint // of what the change does
}
