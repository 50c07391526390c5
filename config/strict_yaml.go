package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"
)

// strictParser refuses a second document, which the parser would silently leave unread, and notes keys that stand
// twice, at which it would stop: so the rest of the file is judged in the same go.
type strictParser struct {
	koanf.Parser
	repeated []repetition
}

// repetition is a dotted key that a section holds again.
type repetition struct {
	key         string
	first, line int
}

// Unmarshal parses the file's only document without its repetitions.
func (p *strictParser) Unmarshal(content []byte) (map[string]any, error) {
	document, err := oneDocument(content)
	if err != nil {
		return nil, err
	}
	for _, root := range document.Content {
		if root.Kind != yaml.MappingNode && root.Tag != "!!null" {
			return nil, fmt.Errorf("line %d: must be settings, each a name and its value, such as listen: 127.0.0.1:5000", root.Line)
		}
		p.dropRepeated(root, "")
	}
	if len(p.repeated) > 0 {
		if content, err = yaml.Marshal(&document); err != nil {
			return nil, err
		}
	}
	return p.Parser.Unmarshal(content)
}

// oneDocument gives an empty node for an empty file.
func oneDocument(content []byte) (first yaml.Node, err error) {
	documents := yaml.NewDecoder(bytes.NewReader(content))
	if err := documents.Decode(&first); err != nil && !errors.Is(err, io.EOF) {
		return first, err
	}
	var second yaml.Node
	switch err := documents.Decode(&second); {
	case err == nil:
		return first, fmt.Errorf("line %d: a second document begins; one file holds one", second.Line)
	case !errors.Is(err, io.EOF):
		return first, err
	}
	return first, nil
}

// dropRepeated keeps the first of each key in the section and in those below it.
func (p *strictParser) dropRepeated(section *yaml.Node, prefix string) {
	if section.Kind != yaml.MappingNode {
		return
	}
	lines := map[string]int{}
	var kept []*yaml.Node
	for i := 0; i+1 < len(section.Content); i += 2 {
		name, value := section.Content[i], section.Content[i+1]
		if first, again := lines[name.Value]; again {
			p.repeated = append(p.repeated, repetition{key: prefix + name.Value, first: first, line: name.Line})
			continue
		}
		lines[name.Value] = name.Line
		kept = append(kept, name, value)
		p.dropRepeated(value, prefix+name.Value+".")
	}
	section.Content = kept
}
