package printable

import (
	"encoding/json"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

// TestDataSaysTheSame checks that what is escaped in JSON and YAML is read back as it was written, and that nothing in it acts on anything.
func TestDataSaysTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ToValidUTF8(hostile(t), "\ufffd")
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		inJSON := JSON(string(raw))
		var back string
		if err := json.Unmarshal([]byte(inJSON), &back); err != nil || back != text {
			t.Fatalf("%q is written as %s, which is %q (%v)", text, inJSON, back, err)
		}
		node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
		if NeedsQuotes(text) {
			node.Style = yaml.DoubleQuotedStyle
		}
		out, err := yaml.Marshal([]*yaml.Node{node})
		if err != nil {
			t.Fatal(err)
		}
		inYAML := YAML(string(out))
		var list []string
		if err := yaml.Unmarshal([]byte(inYAML), &list); err != nil || list[0] != text {
			t.Fatalf("%q is written as %s, which is %q (%v)", text, inYAML, list, err)
		}
		for _, written := range []string{inJSON, strings.TrimSuffix(inYAML, "\n")} {
			for _, r := range written {
				if !isVisible(r) {
					t.Fatalf("%q holds %U", written, r)
				}
			}
			if strings.Contains(written, "##[") || strings.Contains(written, "##vso[") {
				t.Fatalf("%q holds a command", written)
			}
		}
	})
}

func TestCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "",
		"Vera Lindqvist":          "Vera Lindqvist",
		"=HYPERLINK(\"x\",\"y\")": "'=HYPERLINK(\"x\",\"y\")",
		"+49":                     "'+49",
		"-1":                      "'-1",
		"@a":                      "'@a",
		"\t=1":                    "'=1",
		"\r\n=1":                  "'=1",
		" =1":                     "'=1",
		"＝1":                      "'＝1",
		"a\n=1":                   "a ⏎ =1",
	} {
		if got := Cell(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
