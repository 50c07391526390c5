package account

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Digest stands for a secret, or for what names a limit, in the storage: who reads the storage does not learn what it was made of.
type Digest [sha256.Size]byte

// DigestOf returns the digest of the parts, of which none has a zero byte.
func DigestOf(parts ...string) Digest {
	digest := sha256.New()
	for _, part := range parts {
		digest.Write([]byte(part))
		digest.Write([]byte{0}) // no part contains it, so no two lists run together
	}
	return Digest(digest.Sum(nil))
}

// IsZero reports whether this is no digest at all.
func (d Digest) IsZero() bool { return d == Digest{} }

// tokenBytes is the size of a session's token: 256 bits.
const tokenBytes = 32

// newToken returns a session's token, as a cookie holds it.
func (s *Service) newToken() string {
	var secret [tokenBytes]byte
	s.settings.Random(secret[:])
	return fmt.Sprintf("%x", secret)
}

// isToken reports whether this can be a token: what cannot is not looked up.
func isToken(text string) bool {
	return len(text) == 2*tokenBytes && strings.Trim(text, "0123456789abcdef") == ""
}

// sessionDigest returns what a storage keeps of a token.
func sessionDigest(token string) Digest { return DigestOf("session", token) }

// newID draws the name of a session: above zero, and of no use to who guesses it.
func (s *Service) newID() SessionID {
	var drawn [8]byte
	s.settings.Random(drawn[:])
	var id int64
	for _, b := range drawn {
		id = id<<8 | int64(b)
	}
	return SessionID(id&(1<<53-1) | 1)
}

// The code of a set-up, and passwords that are made here, are read off a screen: letters and digits that look like no other, in groups.
const (
	readable  = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 5 bits each
	groups    = 5
	groupSize = 4
)

// newCode returns a code of 100 bits, such as ABCD-EFGH-JKLM-NPQR-STUV.
func newCode(random func([]byte)) string { return newGroups(random, groups) }

// newGroups returns a code of 20 bits for each group.
func newGroups(random func([]byte), groups int) string {
	drawn := make([]byte, groups*groupSize)
	random(drawn)
	var code strings.Builder
	for i, b := range drawn {
		if i > 0 && i%groupSize == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(readable[int(b)%len(readable)])
	}
	return code.String()
}

// codeDigest returns what a storage keeps of a set-up's code.
func codeDigest(typed string) Digest { return DigestOf("setup", asRead(typed)) }

// asRead returns a code without what stands between its groups, in capitals: neither matters.
func asRead(typed string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToUpper(r)
		if !strings.ContainsRune(readable, r) {
			return -1
		}
		return r
	}, typed)
}

// shortened returns a text of at most maxAgent bytes, without what cannot be shown.
func shortened(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	for len(s) > maxAgent {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
