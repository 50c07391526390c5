// Package asset serves the site's own files, style, scripts and icons, at addresses that change with their content.
package asset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
}

// Load reads the files.
func Load(files fs.FS) (*Assets, error) {
	a := &Assets{files: files, byName: map[string]asset{}}
	for _, file := range []struct {
		name, contentType string
		address           *string
	}{
		{"style.css", "text/css; charset=utf-8", &a.links.Style},
		{"comfort.js", "text/javascript; charset=utf-8", &a.links.Script},
		{"icon.svg", "image/svg+xml", &a.links.Icon},
		{"site.webmanifest", "application/manifest+json", &a.links.Manifest}, // last, for it names the icon
	} {
		content, err := a.content(file.name)
		if err != nil {
			return nil, err
		}
		*file.address = a.add(file.name, file.contentType, content)
	}
	a.icon = a.byName[path.Base(a.links.Icon)]
	return a, nil
}

// Links returns the addresses of the files.
func (a *Assets) Links() page.Links { return a.links }

// content returns a file with its links to other assets filled in.
func (a *Assets) content(name string) ([]byte, error) {
	content, err := fs.ReadFile(a.files, name)
	if err != nil {
		return nil, fmt.Errorf("asset: %w", err)
	}
	if path.Ext(name) != ".webmanifest" {
		return content, nil
	}
	t, err := template.New(name).Option("missingkey=error").Parse(string(content))
	if err != nil {
		return nil, fmt.Errorf("asset: %w", err)
	}
	var filled bytes.Buffer
	if err := t.Execute(&filled, a.links); err != nil {
		return nil, fmt.Errorf("asset: %w", err)
	}
	return filled.Bytes(), nil
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
