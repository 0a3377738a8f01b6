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
		"nothing":                           {text: "", want: []string{holdsNothing}},
		"comments and separators":           {text: "# a\n---\n# b\n---\n...\n", want: []string{holdsNothing}},
		"one document":                      {text: acme(), read: 1},
		"a byte order mark":                 {text: "\uFEFF" + acme(), read: 1},
		"Windows line ends":                 {text: strings.ReplaceAll(acme(), "\n", "\r\n"), read: 1},
		"two documents":                     {text: "---\n" + acme() + "--- # the second\n" + fmt.Sprintf(partner, "bolt"), read: 2},
		"an end marker":                     {text: acme() + "...\n---\n" + fmt.Sprintf(partner, "bolt"), read: 2},
		"null":                              {text: "null\n", want: []string{holdsNothing}},
		"anchors, aliases and merge":        {text: head + "spec:\n  programRef: &ref {name: northwind}\n  parentRef: {<<: *ref, name: hub}\n", read: 1},
		"JSON":                              {text: `{"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"acme"},"spec":{"programRef":{"name":"northwind"}}}`, read: 1},
		"a null for a field that is absent": {text: head + "spec: {programRef: {name: northwind}, territories: null}\n", read: 1},

		"a binary file": {text: "\x7fELF\x02\x01\x01\x00\x00", want: []string{"line 1: is not text: it holds a byte of value zero, as binary files do"}},
		"UTF-16":        {text: "a\x00:\x00", want: []string{"line 1: is text in UTF-16: save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)"}},
		"Latin-1":       {text: "a: b\nname: M\xfcller\n", want: []string{"line 2: is not UTF-8 text: byte 0xfc is out of place"}},
		"a control character": {
			text: acme() + "# \x01\n",
			want: []string{"document 1 (line 5): cannot be read as YAML: control characters are not allowed: remove U+0001"},
		},
		"a scalar": {text: "hello\n", want: []string{"document 1 (line 1): must be an object: a mapping with apiVersion, kind and metadata"}},
		"a list":   {text: "- a\n", want: []string{"document 1 (line 1): must be an object: a mapping with apiVersion, kind and metadata"}},
		"a document that is not YAML": {
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
			want: []string{"document 1 (line 1): cannot be read as JSON: it ends before all braces, brackets and quotes are closed"},
		},
		"not a number": {
			text: head + "spec:\n  programRef: {name: .nan}\n",
			want: []string{"document 1 (line 5): .nan is not a number that an object can hold"},
		},
		"a key that is a list": {
			text: head + "? [a, b]\n: c\n",
			want: []string{"document 1 (line 4): a list is the name of a field: names are text"},
		},
		"an alias to nothing": {
			text: head + "spec: *nothing\n",
			want: []string{"document 1 (line 4): cannot be read as YAML: the alias *nothing has no anchor &nothing before it"},
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

// utf16 returns a text of ASCII letters as UTF-16, with or without a byte order mark.
func utf16(text, mark string) string {
	var b strings.Builder
	b.WriteString(mark)
	for _, r := range text {
		if mark == "\xfe\xff" {
			b.WriteString("\x00" + string(r))
		} else {
			b.WriteString(string(r) + "\x00")
		}
	}
	return b.String()
}

// TestWhatWasMeantIsSaid gives what is not YAML: the error says what it is in words of ours, and where.
func TestWhatWasMeantIsSaid(t *testing.T) {
	t.Parallel()
	template := func(line int, found string) []string {
		return []string{fmt.Sprintf("document 1 (line %d): is a template that was not rendered (%s): render it first, such as with helm template", line, found)}
	}
	json := func(line int, message string) []string {
		return []string{fmt.Sprintf("document 1 (line %d): cannot be read as JSON: %s", line, message)}
	}
	one := strings.NewReplacer("PARTNER", `"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"a"},"spec":{"programRef":{"name":"p"}}`)
	const in16 = "line 1: is text in UTF-16: save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)"
	for name, row := range map[string]struct {
		text string
		want []string
		read int
	}{
		"a template that begins with a condition": {text: "{{- if .Values.plans }}\n" + acme() + "{{- end }}\n", want: template(1, "{{- if .Values.plans }}")},
		"a condition in the middle":               {text: acme() + "  {{- if .Values.tier }}\n  tier: x\n  {{- end }}\n", want: template(5, "{{- if .Values.tier }}")},
		"a value that is a template":              {text: head + "spec:\n  displayName: \"a {{b}}\"\n  programRef:\n    name: {{ .Values.program }}\n", want: template(7, "{{ .Values.program }}")},
		"two templates in a value":                {text: head + "spec:\n  displayName: {{ .a }}-{{ .b }}\n", want: template(5, "{{ .a }}-{{ .b }}")},
		"an entry that is a template":             {text: head + "spec:\n  territories:\n  - {{ .Values.territory }}\n", want: template(6, "{{ .Values.territory }}")},
		"a template in braces":                    {text: head + "spec: {programRef: {name: {{ .Values.program }}}}\n", want: template(4, "{{ .Values.program }}}}")},
		"a quoted key before a template":          {text: head + "\"spec\": {{ toYaml .Values.spec }}\n", want: template(4, "{{ toYaml .Values.spec }}")},
		"a template in the second document": {
			text: acme() + "---\n# {{ comment }}\nkind: {{ .Values.kind }}\n", read: 1,
			want: []string{"document 2 (line 7): is a template that was not rendered ({{ .Values.kind }}): render it first, such as with helm template"},
		},
		"a template of Jinja":                  {text: "{% if plans %}\n" + acme() + "{% endif %}\n", want: template(1, "{% if plans %}")},
		"a long template":                      {text: "a: {{ " + strings.Repeat("x", 100) + " }}\n", want: template(1, "{{ "+strings.Repeat("x", 36)+"…")},
		"text with braces is not a template":   {text: head + "spec: {programRef: {name: northwind}, displayName: \"{{ name }}\"}\n", read: 1},
		"text that begins a line with braces":  {text: head + "spec:\n  programRef: {name: northwind}\n  displayName: >-\n    {{ name }}\n", read: 1},
		"broken YAML with braces in a comment": {text: head + "# {{ x }}\nspec: [\n", want: []string{"document 1 (line 5): cannot be read as YAML: did not find expected node content"}},
		"a null key":                           {text: head + "spec:\n  null: a\n  programRef: {name: northwind}\n", want: []string{"document 1 (line 5): a field has the name null: YAML reads the bare word null as nothing; if it is a name, write it in quotes"}},
		"a tilde as key":                       {text: head + "spec:\n  programRef: {~: northwind}\n", want: []string{"document 1 (line 5): a field has the name null: YAML reads the bare word ~ as nothing; if it is a name, write it in quotes"}},
		"a key that is not there":              {text: head + "spec:\n  ?\n  : a\n", want: []string{"document 1 (line 5): a field has no name: write one before the colon"}},
		"a null key behind an alias":           {text: head + "a: &k null\nspec:\n  *k : b\n", want: []string{"document 1 (line 6): a field has the name null: YAML reads the bare word null as nothing; if it is a name, write it in quotes"}},
		"a key that is a mapping":              {text: head + "spec:\n  ? {a: b}\n  : c\n", want: []string{"document 1 (line 5): a mapping is the name of a field: names are text; are braces to be in quotes?"}},
		"null in quotes as key":                {text: head + "spec:\n  programRef: {name: northwind}\n  \"null\": a\n", want: []string{"document 1 (line 6): Partner default/a: spec.null: unknown field"}},
		"a comma too many in JSON":             {text: one.Replace("{PARTNER,\n}"), read: 1}, // which is YAML, and kubectl takes it
		"a comma that is missing in JSON":      {text: "{\n \"apiVersion\": \"v1\"\n \"kind\": \"List\"\n}", want: json(3, `found '"' where a comma or a closing brace belongs`)},
		"a colon that is missing in JSON":      {text: "{\n \"apiVersion\"\n \"v1\"}", want: json(3, `found '"' where a colon belongs`)},
		"a value that is missing in JSON":      {text: "{\n \"apiVersion\": ]\n}", want: json(2, "found ']' where a value belongs")},
		"half a file of JSON":                  {text: "{\n \"apiVersion\": \"v1\",\n \"items\": [\n", want: json(3, "it ends before all braces, brackets and quotes are closed")},
		"a break in a text of JSON":            {text: "{\n \"apiVersion\": \"v1\n\",\"\":[}", want: json(2, `found '\n' in string literal`)},
		"the second value of a stream of JSON": {text: one.Replace("{PARTNER}\n{PARTNER,}\n"), want: json(2, "found '}' where the name of a field in quotes belongs, or a comma too many before it")},
		"a list of JSON that does not end":     {text: one.Replace("[{PARTNER},\n"), want: json(1, "it ends before all braces, brackets and quotes are closed")},
		"YAML in braces":                       {text: "{apiVersion: channel.jointplan.dev/v1alpha1, kind: Partner, metadata: {name: a}, spec: {programRef: {name: p}}}\n", read: 1},
		"YAML in braces with quotes":           {text: "{\"apiVersion\": channel.jointplan.dev/v1alpha1, kind: Partner, metadata: {name: a}, spec: {programRef: {name: p}}}\n", read: 1},
		"UTF-16 with a byte order mark":        {text: utf16(acme(), "\xff\xfe"), want: []string{in16}},
		"UTF-16, the high byte first":          {text: utf16(acme(), "\xfe\xff"), want: []string{in16}},
		"UTF-16 without mark":                  {text: utf16(acme(), ""), want: []string{in16}},
		"a byte order mark where two files were joined": {
			text: acme() + "---\n\uFEFF" + fmt.Sprintf(partner, "bolt"), read: 1,
			want: []string{"document 2 (line 6): a byte order mark is in the middle of the file, where files were joined: remove it"},
		},
		"UTF-32":                                {text: "\xff\xfe\x00\x00a\x00\x00\x00", want: []string{"line 1: is text in UTF-32: save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)"}},
		"a zero in the middle of a text":        {text: acme() + "# \x00\n", want: []string{"line 5: is not text: it holds a byte of value zero, as binary files do"}},
		"a control character in a second place": {text: acme() + "---\n" + head + "spec: {a: b\u0084}\n", read: 1, want: []string{"document 2 (line 9): cannot be read as YAML: control characters are not allowed: remove U+0084"}},
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
