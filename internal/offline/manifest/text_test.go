package manifest

import (
	"fmt"
	"strings"
	"testing"
)

const (
	partner = "apiVersion: channel.jointplan.dev/v1alpha1\nkind: Partner\nmetadata: {name: %s}\nspec: {programRef: {name: northwind}}\n"
	head    = "apiVersion: channel.jointplan.dev/v1alpha1\nkind: Partner\nmetadata: {name: a}\n"
)

func acme() string { return fmt.Sprintf(partner, "acme") }

// bomb is levels of nine aliases each: with nine levels a billion laughs.
func bomb(levels rune) string {
	var b strings.Builder
	b.WriteString(head + "a: &a [x, x, x, x, x, x, x, x, x]\n")
	for level := 'b'; level < 'a'+levels; level++ {
		alias := fmt.Sprintf("*%c", level-1)
		fmt.Fprintf(&b, "%c: &%c [%s]\n", level, level, strings.TrimSuffix(strings.Repeat(alias+", ", 9), ", "))
	}
	return b.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		text string
		want []string
		read int // objects
	}{
		"nothing":                           {text: ""},
		"comments and separators":           {text: "# a\n---\n# b\n---\n...\n"},
		"one document":                      {text: acme(), read: 1},
		"a byte order mark":                 {text: "\uFEFF" + acme(), read: 1},
		"Windows line ends":                 {text: strings.ReplaceAll(acme(), "\n", "\r\n"), read: 1},
		"two documents":                     {text: "---\n" + acme() + "--- # the second\n" + fmt.Sprintf(partner, "bolt"), read: 2},
		"an end marker":                     {text: acme() + "...\n---\n" + fmt.Sprintf(partner, "bolt"), read: 2},
		"null":                              {text: "null\n"},
		"anchors, aliases and merge":        {text: head + "spec:\n  programRef: &ref {name: northwind}\n  parentRef: {<<: *ref, name: hub}\n", read: 1},
		"JSON":                              {text: `{"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"acme"},"spec":{"programRef":{"name":"northwind"}}}`, read: 1},
		"a null for a field that is absent": {text: head + "spec: {programRef: {name: northwind}, territories: null}\n", read: 1},

		"a binary file": {text: "\x7fELF\x02\x01\x01\x00\x00", want: []string{"line 1: is not text: it holds a byte of value zero (a binary file, or UTF-16?)"}},
		"UTF-16":        {text: "a\x00:\x00", want: []string{"line 1: is not text: it holds a byte of value zero (a binary file, or UTF-16?)"}},
		"Latin-1":       {text: "a: b\nname: M\xfcller\n", want: []string{"line 2: is not UTF-8 text: byte 0xfc is out of place"}},
		"a control character": {
			text: acme() + "# \x01\n",
			want: []string{"document 1 (line 1): cannot be read as YAML: control characters are not allowed"},
		},
		"a scalar": {text: "hello\n", want: []string{"document 1 (line 1): must be an object: a mapping with apiVersion, kind and metadata"}},
		"a list":   {text: "- a\n", want: []string{"document 1 (line 1): must be an object: a mapping with apiVersion, kind and metadata"}},
		"a document that is no YAML": {
			text: acme() + "---\n\na: [b\nc: d\n---\n" + fmt.Sprintf(partner, "bolt"),
			want: []string{"document 2 (line 7): cannot be read as YAML: did not find expected ',' or ']'"},
			read: 2,
		},
		"something after the separator": {
			text: acme() + "--- {a: b}\n---\n" + fmt.Sprintf(partner, "bolt"),
			want: []string{`document 2 (line 5): nothing may follow the document separator --- on its line: found "{a: b}"`},
			read: 2,
		},
		"a second document without separator": {
			text: acme() + "...\na: b\n",
			want: []string{"document 1 (line 6): cannot be read as YAML: did not find expected <document start>"},
		},
		"half an object in JSON": {
			text: `{"apiVersion": "channel.jointplan.dev/v1alpha1",`,
			want: []string{"document 1 (line 1): cannot be read as YAML: did not find expected node content"},
		},
		"not a number": {
			text: head + "spec:\n  programRef: {name: .nan}\n",
			want: []string{"document 1 (line 5): .nan is not a number that an object can hold"},
		},
		"a key that is a list": {
			text: head + "? [a, b]\n: c\n",
			want: []string{`document 1 (line 1): cannot be read as YAML: invalid map key: []interface {}{"a", "b"}`},
		},
		"an alias to nothing": {
			text: head + "spec: *nothing\n",
			want: []string{"document 1 (line 1): cannot be read as YAML: unknown anchor 'nothing' referenced"},
		},
		"an anchor that contains itself": {
			text: head + "spec: &spec {a: *spec}\n",
			want: []string{`document 1 (line 4): the anchor "spec" contains itself`},
		},
		"aliases that explode": {
			text: bomb(9),
			want: []string{"document 1 (line 11): with its aliases replaced it has more than 32 MiB"},
		},
		"one long text a thousand times": {
			text: head + "a: &a " + strings.Repeat("x", 1<<20) + "\nspec: [" + strings.Repeat("*a, ", 1000) + "*a]\n",
			want: []string{"document 1 (line 5): with its aliases replaced it has more than 32 MiB"},
		},
		"aliases that explode a little": {
			text: bomb(6),
			want: []string{"document 1 (line 1): cannot be read as YAML: document contains excessive aliasing"},
		},
		"half a million aliases": {
			text: head + "spec: [&a [x], " + strings.Repeat("*a, ", 500_000) + "*a]\n",
			want: []string{"document 1 (line 1): Partner default/a: has about 2500100 bytes, more than the 1572864 that an API server can store"},
		},
		"nesting": {
			text: head + "spec: " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n",
			want: []string{"document 1 (line 4): is nested more than 64 levels deep"},
		},
		"nesting without end": {
			text: head + "spec: " + strings.Repeat("[", 100_000),
			want: []string{"document 1 (line 4): cannot be read as YAML: exceeded max depth of 10000"},
		},
		"nesting in JSON": {
			text: `{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}",
			want: []string{"document 1 (line 1): is nested more than 64 levels deep"},
		},
		"a field twice in JSON": {
			text: `{"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"acme"},` + "\n" + `"spec":{"programRef":{"name":"northwind","name":"b"}}}`,
			want: []string{"document 1 (line 2): Partner default/acme: spec.programRef.name: " + duplicateField},
		},
		"a merged field is not a duplicate": {
			text: head + "x: &x {name: a}\nspec: {programRef: {<<: *x, name: northwind}}\n",
			want: []string{"document 1 (line 4): Partner default/a: x: unknown field"},
		},
		"a document of 1 MB": {
			text: head + "spec: {programRef: {name: northwind}, displayName: " + strings.Repeat("x", 1<<20) + "}\n",
			want: []string{
				"document 1 (line 4): Partner default/a: spec.displayName: Too long: may not be more than 128 bytes",
				"document 1 (line 1): Partner default/a: " + rulesNotChecked,
			},
		},
		"an annotation of 1 MB": {
			text: "apiVersion: channel.jointplan.dev/v1alpha1\nkind: Partner\nmetadata: {name: a, annotations: {a: " + strings.Repeat("x", 1<<20) + "}}\nspec: {programRef: {name: northwind}}\n",
			want: []string{
				"document 1 (line 3): Partner default/a: metadata.annotations: Too long: may not be more than 262144 bytes",
				"document 1 (line 1): Partner default/a: " + rulesNotChecked,
			},
		},
		"more than an API server can store": {
			text: head + "spec: {displayName: " + strings.Repeat("x", 2<<20) + "}\n",
			want: []string{"document 1 (line 1): Partner default/a: has about 2097257 bytes, more than the 1572864 that an API server can store"},
		},
		"a file without end": {
			text: strings.Repeat("# nothing\n", 4<<20),
			want: []string{"is larger than 32 MiB: divide it"},
		},
		"a name that would write on the terminal": {
			text: fmt.Sprintf(partner, `"a\e[2J\u202e"`),
			want: []string{
				`document 1 (line 1): Partner default/a\u001b[2J\u202e: metadata.name must consist of at most 63 lower-case letters, digits and hyphens, ` +
					`and begin and end with a letter or digit`,
				`document 1 (line 3): Partner default/a\u001b[2J\u202e: metadata.name: Invalid value: "a\x1b[2J\u202e": a lowercase RFC 1123 subdomain must consist of ` +
					`lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for ` +
					`validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, errs := readText(t, row.text)
			wantLines(t, errs, row.want)
			if got := len(set.Objects()); got != row.read {
				t.Errorf("%d objects were read, want %d", got, row.read)
			}
		})
	}
}

func TestVeryManyErrorsAreCut(t *testing.T) {
	t.Parallel()
	const many = 100_000
	for name, row := range map[string]struct {
		spec  string
		first string // error
		count int
	}{
		"entries of a list":        {repeat(many, "%d"), "spec.territories: Too many: 100000: must have at most 64 items", 51},
		"entries of a list within": {"[" + repeat(many, "%d") + "]", "spec.territories[0]: must be of type string, not array", 2},
		"unknown fields":           {"a, " + strings.Trim(repeat(many, "f%d: x"), "[]"), "spec.f0: unknown field", 51},
		"duplicate fields":         {"a, " + strings.Trim(repeat(many, "type: x%d"), "[]"), "spec.territories: must be of type array, not string", 51},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, errs := readText(t, head+"spec: {programRef: {name: northwind}, territories: "+row.spec+"}\n")
			if len(errs) != row.count {
				t.Errorf("%d errors, want %d", len(errs), row.count)
			}
			if want := "document 1 (line 4): Partner default/a: " + row.first; errs[0] != want {
				t.Errorf("got %s, want %s", errs[0], want)
			}
		})
	}
}

func TestAVeryLongValueIsCutInMessages(t *testing.T) {
	t.Parallel()
	_, errs := readText(t, head+"spec: {programRef: {name: northwind}, type: "+strings.Repeat("x", 1<<20)+"}\n")
	if len(errs) == 0 || len(errs[0]) > 1000 || !strings.HasSuffix(errs[0], "...") {
		t.Errorf("got %.2000v", errs)
	}
}
