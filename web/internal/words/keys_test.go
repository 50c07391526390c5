package words

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/go/packages"
)

const root = "../../.."

// verb is one of package fmt, perhaps with the number of its argument.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-zA-Z])`)

// verbs returns what a phrase fills in, as argument:verb, sorted.
func verbs(phrase string) []string {
	var found []string
	for i, match := range verb.FindAllStringSubmatch(phrase, -1) {
		number := match[1]
		if number == "" {
			number = fmt.Sprint(i + 1)
		}
		found = append(found, number+":"+match[2])
	}
	slices.Sort(found)
	return found
}

// wrongs returns what is wrong with a catalogue for the phrases that are used.
func wrongs(used map[string]string, texts map[string]entry) []string {
	var wrong []string
	for phrase, where := range used {
		if _, ok := texts[phrase]; !ok {
			wrong = append(wrong, fmt.Sprintf("%q is missing; %s says it", phrase, where))
		}
	}
	for phrase, text := range texts {
		if _, ok := used[phrase]; !ok {
			wrong = append(wrong, fmt.Sprintf("%q is used by nothing", phrase))
		}
		for _, said := range append(formsOf(text), text.other) {
			if !slices.Equal(verbs(phrase), verbs(said)) {
				wrong = append(wrong, fmt.Sprintf("%q fills in other things than %q", said, phrase))
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

func formsOf(text entry) []string {
	var forms []string
	for _, said := range text.plural {
		forms = append(forms, said)
	}
	return forms
}

func TestEveryPhraseIsInEveryCatalogue(t *testing.T) {
	used := usedInTemplates(t)
	fromGo, wrong := usedInGo(t)
	for _, w := range wrong {
		t.Error(w)
	}
	if len(used) < 50 || len(fromGo) < 50 {
		t.Fatalf("%d phrases in templates and %d in Go: some are not found", len(used), len(fromGo))
	}
	for phrase, where := range fromGo {
		used[phrase] = where
	}
	catalogues, err := files.ReadDir(folder)
	if err != nil || len(catalogues) == 0 {
		t.Fatal(err, len(catalogues))
	}
	for _, file := range catalogues {
		texts, err := read(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wrongs(used, texts) {
			t.Errorf("%s: %s", file.Name(), w)
		}
	}
}

func TestWrongCataloguesAreFound(t *testing.T) {
	used := map[string]string{"in %s": "x.go", "%s at %d": "x.go"}
	for _, tt := range []struct {
		texts map[string]entry
		want  string
	}{
		{map[string]entry{"in %s": {other: "im %s"}, "%s at %d": {other: "%[2]d an %[1]s"}}, ""},
		{map[string]entry{"in %s": {other: "im %s"}}, "is missing"},
		{map[string]entry{"in %s": {other: "im %s"}, "%s at %d": {other: "%s an %d"}, "old": {other: "alt"}}, "used by nothing"},
		{map[string]entry{"in %s": {other: "im"}, "%s at %d": {other: "%s an %d"}}, "other things"},
		{map[string]entry{"in %s": {other: "im %s"}, "%s at %d": {other: "%d an %s"}}, "other things"},
	} {
		got := fmt.Sprint(wrongs(used, tt.texts))
		if tt.want == "" && got != "[]" || !strings.Contains(got, tt.want) {
			t.Errorf("%v: %s, want %q", tt.texts, got, tt.want)
		}
	}
}

var (
	calls    = regexp.MustCompile(`[{(] ?-? ?[tn] `)
	phraseOf = regexp.MustCompile(`[{(] ?-? ?t "([^"]*)"`)
	numberOf = regexp.MustCompile(`[{(] ?-? ?n "[^"]*" "([^"]*)"`)
)

// usedInTemplates returns the phrases of all templates, with the file of each.
func usedInTemplates(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	err := filepath.WalkDir(filepath.Join(root, "web"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "testdata" {
			return orSkip(err)
		}
		if extension := filepath.Ext(path); extension != ".html" && extension != ".webmanifest" {
			return nil
		}
		source, err := os.ReadFile(path)
		found := append(phraseOf.FindAllSubmatch(source, -1), numberOf.FindAllSubmatch(source, -1)...)
		if n := len(calls.FindAll(source, -1)); n != len(found) {
			t.Errorf("%s has %d phrases, of which %d are constant", path, n, len(found))
		}
		for _, match := range found {
			used[string(match[1])] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

// orSkip returns an error, or the one that leaves a folder out.
func orSkip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// usedInGo returns the constants of the types Phrase, with the place of each, and what is wrong with their uses.
func usedInGo(t *testing.T) (used map[string]string, wrong []string) {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports, Dir: root,
	}, "./core/...", "./adapters/...", "./web/...")
	if err != nil {
		t.Fatal(err)
	}
	used = map[string]string{}
	ones := map[ast.Expr]bool{}
	for _, p := range loaded {
		if strings.HasSuffix(p.PkgPath, "test") {
			continue
		}
		for _, broken := range p.Errors {
			t.Fatal(broken)
		}
		for _, file := range p.Syntax {
			ast.Inspect(file, func(node ast.Node) bool {
				expression, ok := node.(ast.Expr)
				if !ok {
					return true
				}
				place := p.Fset.Position(expression.Pos()).String()
				if call, ok := expression.(*ast.CallExpr); ok {
					if one := formForOne(p, call); one != nil {
						ones[one] = true
					}
					if why := misuse(p, call); why != "" {
						wrong = append(wrong, place+": "+why)
					}
				}
				if ones[expression] {
					return false
				}
				if value := p.TypesInfo.Types[expression]; value.Value != nil && isPhrase(value.Type) &&
					saysSomething(constant.StringVal(value.Value)) {
					used[constant.StringVal(value.Value)] = place
				}
				return true
			})
		}
	}
	return used, wrong
}

// formForOne returns the first phrase of a call of Language.N. English has this form beside the name, and no catalogue has it.
func formForOne(p *packages.Package, call *ast.CallExpr) ast.Expr {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "N" || len(call.Args) < 2 || !isPhrase(p.TypesInfo.Types[call.Args[0]].Type) {
		return nil
	}
	return call.Args[0]
}

func isPhrase(t types.Type) bool {
	name := t.String()
	return name == "expense-tracker/core/fault.Phrase" || name == "expense-tracker/web/internal/words.Phrase"
}

// saysSomething reports whether a phrase has words of its own.
func saysSomething(phrase string) bool {
	return strings.ContainsFunc(verb.ReplaceAllString(phrase, ""), unicode.IsLetter)
}

// misuse says what is wrong with a call that a phrase is given to: it is no constant, or has other arguments than the call.
func misuse(p *packages.Package, call *ast.CallExpr) string {
	made := p.TypesInfo.Types[call.Fun]
	if made.IsType() && isPhrase(made.Type) && p.TypesInfo.Types[call].Value == nil && !strings.HasSuffix(p.PkgPath, "/internal/words") {
		return "a phrase is made at run time, and is in no catalogue"
	}
	signature, ok := made.Type.(*types.Signature)
	if !ok || !signature.Variadic() || call.Ellipsis.IsValid() || signature.Params().Len() < 2 {
		return ""
	}
	at := signature.Params().Len() - 2
	value := p.TypesInfo.Types[call.Args[min(at, len(call.Args)-1)]]
	if !isPhrase(signature.Params().At(at).Type()) || value.Value == nil {
		return ""
	}
	phrase := constant.StringVal(value.Value)
	if given, wanted := len(call.Args)-at-1, len(verbs(phrase)); given != wanted {
		return fmt.Sprintf("%q takes %d arguments, and gets %d", phrase, wanted, given)
	}
	return ""
}
