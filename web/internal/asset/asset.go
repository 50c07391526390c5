// Package asset serves the site's own files, style, scripts and icons, at addresses that change with their content.
package asset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"text/template"

	"expense-tracker/web/internal/compress"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// asset is a file under /static/, at an address that changes with its content.
type asset struct {
	contentType string
	content     []byte
	gzip        []byte // compressed; nil if that does not pay
}

// Assets are the site's own files.
type Assets struct {
	files  fs.FS
	byName map[string]asset
	links  page.Links
	icon   asset

	manifests map[string]string // address by language
}

// Load reads the files. What has words is made in each language.
func Load(files fs.FS, book *words.Book) (*Assets, error) {
	a := &Assets{files: files, byName: map[string]asset{}, manifests: map[string]string{}}
	for _, file := range []struct {
		name, contentType string
		address           *string
	}{
		{"style.css", "text/css; charset=utf-8", &a.links.Style},
		{"comfort.js", "text/javascript; charset=utf-8", &a.links.Script},
		{"icon.svg", "image/svg+xml", &a.links.Icon},
	} {
		content, err := fs.ReadFile(a.files, file.name)
		if err != nil {
			return nil, fmt.Errorf("asset: %w", err)
		}
		*file.address = a.add(file.name, file.contentType, content)
	}
	for _, language := range book.All() {
		content, err := a.manifest(language)
		if err != nil {
			return nil, fmt.Errorf("asset: %w", err)
		}
		a.manifests[language.Tag()] = a.add(manifestName, "application/manifest+json", content)
	}
	a.links.Manifest = a.manifests[book.English().Tag()]
	a.icon = a.byName[path.Base(a.links.Icon)]
	return a, nil
}

// Links returns the addresses of the files.
func (a *Assets) Links() page.Links { return a.links }

// Manifests returns the manifest's address in each language, by its tag.
func (a *Assets) Manifests() map[string]string { return a.manifests }

const manifestName = "site.webmanifest"

// manifest returns the manifest in a language, with the icon's address.
func (a *Assets) manifest(in *words.Language) ([]byte, error) {
	content, err := fs.ReadFile(a.files, manifestName)
	if err != nil {
		return nil, err
	}
	t, err := template.New(manifestName).Option("missingkey=error").
		Funcs(in.Funcs()).Funcs(template.FuncMap{"json": quoted}).Parse(string(content))
	if err != nil {
		return nil, err
	}
	var filled bytes.Buffer
	err = t.Execute(&filled, a.links)
	return filled.Bytes(), err
}

// quoted returns a text as JSON writes it.
func quoted(text string) (string, error) {
	encoded, err := json.Marshal(text)
	return string(encoded), err
}

func (a *Assets) add(name, contentType string, content []byte) (address string) {
	digest := sha256.Sum256(content)
	extension := path.Ext(name)
	hashed := strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(digest[:6]) + extension
	address = "/static/" + hashed
	added := asset{contentType: contentType, content: content}
	if len(content) >= compress.Smallest {
		added.gzip = compress.Divide(content, nil).Append(nil, "")
	}
	a.byName[hashed] = added
	return address
}

// Serve answers GET /static/{file}.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request) error {
	asset, ok := a.byName[r.PathValue("file")]
	if !ok {
		return problem.NotFound(nil)
	}
	asset.serve(w, r, "public, max-age=31536000, immutable")
	return nil
}

// ServeIcon answers GET /favicon.ico, where browsers look for the icon of old.
func (a *Assets) ServeIcon(w http.ResponseWriter, r *http.Request) error {
	a.icon.serve(w, r, "public, max-age=86400")
	return nil
}

func (a asset) serve(w http.ResponseWriter, r *http.Request, caching string) {
	content := a.content
	if a.gzip != nil && compress.Accepted(r) {
		content = a.gzip
		w.Header().Set("Content-Encoding", compress.Encoding)
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("Cache-Control", caching)
	w.Write(content) //nolint:errcheck,gosec // the client went away; there is nobody to tell
}
