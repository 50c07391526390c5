package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"text/template"
)

//go:embed static
var staticFiles embed.FS

// asset is a file under /static/, at an address that changes with its content.
type asset struct {
	contentType string
	content     []byte
	gzip        []byte // compressed; nil if that does not pay
}

// assets are the site's own files.
type assets struct {
	byName map[string]asset
	links  links
	icon   asset
}

// links are the addresses of the assets, for templates.
type links struct{ Style, Script, Icon, Manifest string }

func loadAssets() (*assets, error) {
	a := &assets{byName: map[string]asset{}}
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

// content returns a file with its links to other assets filled in.
func (a *assets) content(name string) ([]byte, error) {
	content, err := staticFiles.ReadFile("static/" + name)
	if err != nil {
		return nil, fmt.Errorf("web: asset: %w", err)
	}
	if path.Ext(name) != ".webmanifest" {
		return content, nil
	}
	t, err := template.New(name).Option("missingkey=error").Parse(string(content))
	if err != nil {
		return nil, fmt.Errorf("web: asset: %w", err)
	}
	var filled bytes.Buffer
	if err := t.Execute(&filled, a.links); err != nil {
		return nil, fmt.Errorf("web: asset: %w", err)
	}
	return filled.Bytes(), nil
}

func (a *assets) add(name, contentType string, content []byte) (address string) {
	digest := sha256.Sum256(content)
	extension := path.Ext(name)
	hashed := strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(digest[:6]) + extension
	address = "/static/" + hashed
	added := asset{contentType: contentType, content: content}
	if len(content) >= smallest {
		added.gzip = newGzipped(content, nil).with(nil, "")
	}
	a.byName[hashed] = added
	return address
}

func (s *Site) serveAsset(w http.ResponseWriter, r *http.Request) {
	asset, ok := s.assets.byName[r.PathValue("file")]
	if !ok {
		s.fail(w, r, &refusal{status: http.StatusNotFound})
		return
	}
	asset.serve(w, r, "public, max-age=31536000, immutable")
}

// serveFavicon answers those who ask for the icon where it always was.
func (s *Site) serveFavicon(w http.ResponseWriter, r *http.Request) {
	s.assets.icon.serve(w, r, "public, max-age=86400")
}

func (a asset) serve(w http.ResponseWriter, r *http.Request, caching string) {
	content := a.content
	if a.gzip != nil && takesGzip(r) {
		content = a.gzip
		w.Header().Set("Content-Encoding", encodingGzip)
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("Cache-Control", caching)
	w.Write(content) //nolint:errcheck,gosec // the client went away; there is nobody to tell
}
