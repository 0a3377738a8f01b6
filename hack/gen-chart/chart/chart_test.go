package chart

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestTheChartIsUpToDate generates the chart anew. Together with test/chart, which compares what it installs with config/, it says that the
// two cannot drift apart.
func TestTheChartIsUpToDate(t *testing.T) {
	t.Parallel()
	const target = "../../../charts/jointplan"
	files, err := Generate(os.DirFS("../../../config"), os.DirFS(target))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		raw, err := os.ReadFile(filepath.Join(target, name))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(text, string(raw)); diff != "" {
			t.Errorf("%s is out of date: run go run ./hack/gen-chart (-generated +there):\n%s", name, diff)
		}
	}
	for _, folder := range Folders {
		there, err := filepath.Glob(filepath.Join(target, folder, "*"))
		if err != nil || len(there) == 0 {
			t.Errorf("%s is empty: %v", folder, err)
		}
		for _, path := range there {
			if name := filepath.Join(folder, filepath.Base(path)); files[name] == "" {
				t.Errorf("%s is no longer generated: run go run ./hack/gen-chart", name)
			}
		}
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		source    source
		in        string
		want, err string
	}{
		"labels are added": {
			in:   "kind: Role\nmetadata:\n  name: a\n",
			want: "kind: Role\nmetadata:\n  labels:\n    {{- include \"jointplan.labels\" . | nindent 4 }}\n  name: a\n",
		},
		"labels of its own stay": {
			in:   "kind: Role\nmetadata:\n  name: a\n  labels:\n    app.kubernetes.io/name: jointplan\n    more: b\n",
			want: "kind: Role\nmetadata:\n  name: a\n  labels:\n    {{- include \"jointplan.labels\" . | nindent 4 }}\n    more: b\n",
		},
		"labels in another order": {
			in: "kind: Role\nmetadata:\n  labels:\n    more: b\n", err: "metadata.labels does not begin with app.kubernetes.io/name: jointplan",
		},
		"no metadata": {in: "kind: Role\n", err: `a document has no line "metadata:"`},
		"braces that mean themselves": {
			in:   "kind: Rule\nmetadata:\nsay: '{{ $value }}'\n",
			want: "kind: Rule\nmetadata:\n" + labelled + "say: '{{ \"{{\" }} $value }}'\n",
		},
		"the release's namespace": {
			in:   "\nmetadata:\n  namespace: jointplan-system\n",
			want: "\nmetadata:\n" + labelled + "  namespace: {{ .Release.Namespace }}\n",
		},
		"what stays, with annotations": {
			source: source{keep: ".K"}, in: "\nmetadata:\n  annotations:\n    a: b\n",
			want: "\nmetadata:\n" + labelled + "  annotations:\n    {{- if .K }}\n    helm.sh/resource-policy: keep\n    {{- end }}\n    a: b\n",
		},
		"what stays": {
			source: source{keep: ".K"}, in: "\nmetadata:\n",
			want: "\nmetadata:\n  {{- if .K }}\n  annotations:\n    helm.sh/resource-policy: keep\n  {{- end }}\n" + labelled,
		},
		"a binding of another account": {
			source: source{edit: bindAccount}, in: "\nmetadata:\nsubjects:\n- kind: ServiceAccount\n  name: other\n",
			err: "a binding does not name the account jointplan-manager",
		},
		"another interval": {
			source: source{edit: setInterval}, in: "\nmetadata:\n", err: "no endpoint is scraped every 30s",
		},
		"other runbooks": {
			source: source{edit: setRunbooks}, in: "\nmetadata:\n", err: "no alert names its page below https://docs.example.com/jointplan/runbooks",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tc.source.document(tc.in)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("it says %v, want %q", err, tc.err)
				}
				return
			}
			if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

const labelled = "  labels:\n    {{- include \"jointplan.labels\" . | nindent 4 }}\n"

func TestValues(t *testing.T) {
	t.Parallel()
	const schema = `{"properties": {
	  "image": {"description": "The image.", "properties": {"tag": {"description": "Its tag.", "default": ""}}},
	  "replicas": {"description": "How many.", "default": 1},
	  "args": {"description": "More.", "default": ["a", {"b": true}]},
	  "global": {"description": "Not to be set."}
	}}`
	list, err := readSchema([]byte(schema))
	if err != nil {
		t.Fatal(err)
	}
	const wantFile = `# Written by "go run ./hack/gen-chart" from values.schema.json. Do not edit it by hand.

# The image.
image:
  # Its tag.
  tag: ""

# How many.
replicas: 1

# More.
args: ["a", {b: true}]
`
	if diff := cmp.Diff(wantFile, valuesFile(list)); diff != "" {
		t.Errorf("values.yaml (-want +got):\n%s", diff)
	}
	const wantPage = "above\n<!-- values -->\n| value | default | means |\n|---|---|---|\n| `image.tag` | `\"\"` | Its tag. |\n" +
		"| `replicas` | `1` | How many. |\n| `args` | `[\"a\", {b: true}]` | More. |\n<!-- /values -->\nbelow\n"
	page, err := withTable("above\n<!-- values -->\nold\n<!-- /values -->\nbelow\n", list)
	if diff := cmp.Diff(wantPage, page); err != nil || diff != "" {
		t.Errorf("the page: %v (-want +got):\n%s", err, diff)
	}
}

func TestGenerateSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	config, target := os.DirFS("../../../config"), fstest.MapFS{
		"values.schema.json": {Data: []byte(`{"properties": {"a": {"description": "A.", "default": 1}}}`)},
		"README.md":          {Data: []byte("<!-- values -->\n<!-- /values -->\n")},
		"Chart.yaml":         {Data: []byte("version: 1.0.0\n" + annotationsBegin)},
	}
	if _, err := Generate(config, target); err != nil {
		t.Errorf("with all there is it says %v", err)
	}
	for name, tc := range map[string]struct {
		file, text, want string
	}{
		"no description": {"values.schema.json", `{"properties": {"a": {"properties": {"b": {"default": 1}}, "description": "A."}}}`, "a.b has no description"},
		"no schema":      {"values.schema.json", "", "values.schema.json: it is empty"},
		"no JSON":        {"values.schema.json", "{", "values.schema.json: yaml:"},
		"no table":       {"README.md", "text", "README.md has no lines"},
		"no annotations": {"Chart.yaml", "version: 1.0.0\n", "Chart.yaml: there is no line"},
		"no version":     {"Chart.yaml", annotationsBegin, "Chart.yaml: there is no version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := maps.Clone(target)
			broken[tc.file] = &fstest.MapFile{Data: []byte(tc.text)}
			if _, err := Generate(config, broken); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("it says %v, want %q", err, tc.want)
			}
		})
	}
	if _, err := Generate(fstest.MapFS{}, target); err == nil || err.Error() != "config/crd/bases/*.yaml is nothing" {
		t.Errorf("without config it says %v", err)
	}
}
