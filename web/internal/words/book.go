package words

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/text/language"
)

// folder has one file for each language but English, named by its tag.
const folder = "languages"

// Pseudo is the tag of a language that is English with accents, in brackets and a third longer. It is for those who look for a text that
// is in no catalogue, or for a page that a longer text breaks. Only a reader who asks for this very tag gets it.
const Pseudo = "en-XA"

// The headers that are remembered with their language: how many, and up to what length. A longer one is cut.
const (
	remembered    = 512
	longestHeader = 200
)

// Book has all languages. It is safe for concurrent use.
type Book struct {
	languages []*Language // English first
	pseudo    *Language
	matcher   language.Matcher
	chosen    func(*http.Request) string
	asked     *lru.Cache[string, *Language] // by what browsers ask for
}

// Open reads all languages. chosen returns the tag of the language that a request's sender has set, or nothing; it may be nil.
func Open(chosen func(*http.Request) string) (*Book, error) {
	english, err := openLanguage("en", nil)
	if err != nil {
		return nil, err
	}
	b := &Book{languages: []*Language{english}, chosen: chosen}
	entries, err := files.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		texts, err := read(e.Name())
		if err != nil {
			return nil, fmt.Errorf("words: %s: %w", e.Name(), err)
		}
		read, err := openLanguage(strings.TrimSuffix(e.Name(), path.Ext(e.Name())), texts)
		if err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		b.languages = append(b.languages, read)
	}
	if b.pseudo, err = openLanguage("en", nil); err != nil {
		return nil, err
	}
	b.pseudo.pseudo, b.pseudo.content = true, []string{Pseudo}
	tags := make([]language.Tag, len(b.languages))
	for i, l := range b.languages {
		tags[i] = l.tag
	}
	b.matcher = language.NewMatcher(tags)
	b.asked, err = lru.New[string, *Language](remembered)
	return b, err
}

// All returns every language, English first and the pseudo-language last.
func (b *Book) All() []*Language {
	return append(b.languages[:len(b.languages):len(b.languages)], b.pseudo)
}

// English returns the language of who asks for none.
func (b *Book) English() *Language { return b.languages[0] }

// Of returns the language of a request's sender: the one that is set, else what the browser asks for.
func (b *Book) Of(r *http.Request) *Language {
	if b.chosen != nil {
		if tag := b.chosen(r); tag != "" {
			return b.match(tag)
		}
	}
	asked := r.Header[varied]
	if len(asked) == 0 {
		return b.English()
	}
	return b.match(asked[0])
}

func (b *Book) match(asked string) *Language {
	if len(asked) > longestHeader {
		asked = asked[:strings.LastIndexByte(asked[:longestHeader], ',')+1]
	}
	if known, ok := b.asked.Get(asked); ok {
		return known
	}
	found := b.find(asked)
	b.asked.Add(strings.Clone(asked), found)
	return found
}

func (b *Book) find(asked string) *Language {
	if first, _, _ := strings.Cut(asked, ","); strings.EqualFold(first, Pseudo) {
		return b.pseudo
	}
	tags, _, err := language.ParseAcceptLanguage(asked)
	if err != nil {
		return b.English()
	}
	_, index, _ := b.matcher.Match(tags...)
	return b.languages[index]
}
