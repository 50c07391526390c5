package words

import (
	"fmt"
	"html"
	"text/template/parse"
)

// What templates call: t for a phrase with its arguments, n for one or several of a number.
const (
	callPhrase = "t"
	callNumber = "n"
)

// Funcs returns the functions that templates of the language call: {{t "Add"}}, {{t "Nothing spent in %s yet." .Month}},
// {{n "%d expense" "%d expenses" .Count}}, and {{lang}} for the language's tag.
func (l *Language) Funcs() map[string]any {
	return map[string]any{
		callPhrase: func(phrase string, args ...any) string { return l.T(Phrase(phrase), args...) },
		callNumber: func(one, several string, n int64, args ...any) string {
			return l.N(Phrase(one), Phrase(several), n, args...)
		},
		"lang": l.Tag,
	}
}

// Fold puts the words into a parsed template in place of each call that is the same on every page, so that a page costs the same in
// every language. The words stand in text or in a quoted attribute.
func (l *Language) Fold(tree *parse.Tree) {
	if tree != nil && tree.Root != nil {
		l.foldList(tree.Root)
	}
}

func (l *Language) foldList(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.ActionNode:
			if text, ok := l.constant(node.Pipe); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: node.Pos, Text: []byte(html.EscapeString(text))}
			}
		case *parse.IfNode:
			l.foldBranches(node.BranchNode)
		case *parse.RangeNode:
			l.foldBranches(node.BranchNode)
		case *parse.WithNode:
			l.foldBranches(node.BranchNode)
		}
	}
}

func (l *Language) foldBranches(node parse.BranchNode) {
	l.foldList(node.List)
	l.foldList(node.ElseList)
}

// constant returns what an action always says.
func (l *Language) constant(pipe *parse.PipeNode) (string, bool) {
	if len(pipe.Cmds) != 1 || len(pipe.Decl) > 0 {
		return "", false
	}
	args := pipe.Cmds[0].Args
	switch fmt.Sprint(args[0]) {
	case "lang":
		return l.Tag(), true
	case callPhrase:
		if len(args) == 2 && args[1].Type() == parse.NodeString {
			return l.T(Phrase(args[1].(*parse.StringNode).Text)), true
		}
	}
	return "", false
}
