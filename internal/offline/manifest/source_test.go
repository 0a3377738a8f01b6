package manifest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files below a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func named(name string) string { return strings.Replace(acme(), "acme", name, 1) }

func readNames(t *testing.T, options Options, sources ...string) (names, errs []string) {
	t.Helper()
	set, err := reader.Read(context.Background(), options, sources...)
	for _, partner := range set.Partners {
		names = append(names, partner.Name)
	}
	return names, lines(t, err)
}

func TestAFolderIsReadInTheOrderOfPaths(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"b.yaml":                  named("b"),
		"a/z.yml":                 named("a-z"),
		"a/y.json":                `{"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"a-y"},"spec":{"programRef":{"name":"p"}}}`,
		"c.yaml":                  named("c"),
		"kustomization.yaml":      "resources: [b.yaml]\n",
		"a/kustomization.yml":     "resources: [z.yml]\n",
		"README.md":               "# no manifest\n",
		".github/workflows/x.yml": "on: push\n",
		".hidden.yaml":            "x\n",
	})
	names, errs := readNames(t, Options{}, root)
	wantLines(t, errs, nil)
	wantLines(t, names, []string{"a-y", "a-z", "b", "c"})
}

func TestSourcesAreReadInTheirOrderAndEachFileOnce(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.yaml": named("a"), "b.yaml": named("b"), "notes.txt": named("x")})
	names, errs := readNames(t, Options{Stdin: strings.NewReader(named("s"))},
		filepath.Join(root, "notes.txt"), filepath.Join(root, "b.yaml"), "-", root, root+"/./a.yaml", "-")
	wantLines(t, errs, nil)
	wantLines(t, names, []string{"x", "b", "s", "a"})
}

func TestSourcesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.yaml": named("a"), "empty/notes.txt": ""})
	names, errs := readNames(t, Options{}, root+"/missing.yaml", root+"/empty", "https://example.com/a.yaml", "-", root+"/a.yaml")
	for i := range errs {
		errs[i] = strings.ReplaceAll(errs[i], root, "ROOT")
	}
	wantLines(t, errs, []string{
		"ROOT/missing.yaml: no such file or directory",
		"ROOT/empty: holds no manifests (*.yaml, *.yml, *.json)",
		"https://example.com/a.yaml: only files, folders and - are read: fetch it first",
		"is not read here: name files or folders",
	})
	wantLines(t, names, []string{"a"})
}

// TestANamespaceOnAClusterScopedKindIsDropped does as the API server does with what kustomize writes, which gives every object a namespace.
func TestANamespaceOnAClusterScopedKindIsDropped(t *testing.T) {
	t.Parallel()
	set, errs := readText(t, strings.Replace(good(t), "metadata: {name: northwind}", "metadata: {name: northwind, namespace: vendor}", 1)+
		"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team, namespace: vendor, labels: {a: b}}\n")
	wantLines(t, errs, nil)
	program := set.Programs[0]
	if _, known := set.Origins[Key{Kind: "PartnerProgram", Name: "northwind"}]; !known || program.Namespace != "" || KeyOf(program).Namespace != "" {
		t.Errorf("the program is %v", KeyOf(program))
	}
	if set.Namespaces["team"]["a"] != "b" || set.Namespaces["vendor"] != nil {
		t.Errorf("the namespaces are %v", set.Namespaces)
	}
	_, errs = readText(t, good(t)+"---\n"+strings.Replace(good(t), "metadata: {name: northwind}", "metadata: {name: northwind, namespace: vendor}", 1))
	if !slices.ContainsFunc(errs, func(one string) bool {
		return strings.Contains(one, "PartnerProgram northwind: is defined here and in")
	}) {
		t.Errorf("one program stands twice, and we say %v", errs)
	}
}

// TestWhatIsNamedNeverReadsAsNothing names what holds no manifest in every way that there is.
func TestWhatIsNamedNeverReadsAsNothing(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"plans/a.yaml": named("a"), "plans/sub/b.yaml": named("b"), "notes/README.md": "#", "overlay/kustomization.yaml": "resources: [../plans]\n",
		"dots/.gitkeep": "", "comments.yaml": "# to be written\n---\n", "null.yaml": "null\n", "empty.yaml": "", "list.yaml": "{apiVersion: v1, kind: List, items: []}\n",
		"inside/.data/deep/c.yaml": named("c"), "beside/d.yaml": named("d"), "commented/x.yaml": "# nothing\n",
	})
	if err := os.MkdirAll(filepath.Join(root, "bare", "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"link": "plans", "link.yaml": "plans/a.yaml", "linkToLink": "link", "dangling": "gone", "dangling.yaml": "gone.yaml", "inside/current": ".data/deep",
		"inside/again": ".data", "inside/round": ".", "beside/out": "../plans", "beside/up": "..", "lost/sub": "../gone",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	for name, row := range map[string]struct{ names, errs []string }{
		"plans":               {names: []string{"a", "b"}},
		"link":                {names: []string{"a", "b"}},
		"link/":               {names: []string{"a", "b"}},
		"linkToLink":          {names: []string{"a", "b"}},
		"link/sub":            {names: []string{"b"}},
		"link.yaml":           {names: []string{"a"}},
		"link plans":          {names: []string{"a", "b"}},
		"link.yaml plans":     {names: []string{"a", "b"}},
		"pla*":                {names: []string{"a", "b"}},
		"plans/*.yaml":        {names: []string{"a"}},
		"inside":              {names: []string{"c"}},
		"plans/x*.yaml":       {errs: []string{"ROOT/plans/x*.yaml: no such file or directory"}},
		"gone":                {errs: []string{"ROOT/gone: no such file or directory"}},
		"dangling":            {errs: []string{"ROOT/dangling: is a link to gone, which does not exist"}},
		"dangling.yaml":       {errs: []string{"ROOT/dangling.yaml: is a link to gone.yaml, which does not exist"}},
		"lost":                {errs: []string{"ROOT/lost/sub: is a link to ../gone, which does not exist"}},
		"bare":                {errs: []string{"ROOT/bare: " + EmptyFolder}},
		"dots":                {errs: []string{"ROOT/dots: " + EmptyFolder}},
		"notes":               {errs: []string{"ROOT/notes: " + noManifests}},
		"overlay":             {errs: []string{"ROOT/overlay: " + onlyKustomize}},
		"commented":           {errs: []string{"ROOT/commented: " + holdsNothing}},
		"comments.yaml":       {errs: []string{"ROOT/comments.yaml: " + holdsNothing}},
		"null.yaml":           {errs: []string{"ROOT/null.yaml: " + holdsNothing}},
		"list.yaml":           {errs: []string{"ROOT/list.yaml: " + holdsNothing}},
		"plans empty.yaml":    {names: []string{"a", "b"}, errs: []string{"ROOT/empty.yaml: " + holdsNothing}},
		"beside":              {names: []string{"d"}, errs: []string{"ROOT/beside/out: " + strayLink, "ROOT/beside/up: " + strayLink}},
		"beside plans/a.yaml": {names: []string{"d", "a"}, errs: []string{"ROOT/beside/out: " + strayLink, "ROOT/beside/up: " + strayLink}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sources []string
			for one := range strings.FieldsSeq(name) {
				sources = append(sources, root+"/"+one)
			}
			names, errs := readNames(t, Options{}, sources...)
			for i := range errs {
				errs[i] = strings.ReplaceAll(errs[i], root, "ROOT")
			}
			wantLines(t, errs, row.errs)
			wantLines(t, names, row.names)
		})
	}
}

func TestOneObjectInTwoPlaces(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"a.yaml": named("a") + "---\n" + named("b"),
		"b.yaml": "# again\n" + named("b") + "---\n" + strings.Replace(named("a"), "{name: a}", "{name: a, namespace: other}", 1),
	})
	names, errs := readNames(t, Options{}, root)
	for i := range errs {
		errs[i] = strings.ReplaceAll(errs[i], root, "ROOT")
	}
	wantLines(t, errs, []string{"ROOT/b.yaml: document 1 (line 2): Partner default/b: is defined here and in ROOT/a.yaml: document 2 (line 6): remove one of them"})
	wantLines(t, names, []string{"a", "b", "a"})
}

func TestOneNamespaceInTwoPlaces(t *testing.T) {
	t.Parallel()
	namespace := "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {x: \"%\"}}\n"
	set, errs := readText(t, strings.Replace(namespace, "%", "1", 1)+"---\n"+strings.Replace(namespace, "%", "2", 1))
	wantLines(t, errs, []string{"document 2 (line 5): Namespace a: is defined here and in stdin: document 1 (line 1): remove one of them"})
	if got := set.Namespaces["a"]["x"]; got != "1" {
		t.Errorf("label = %q, want that of the first", got)
	}
}

func TestAWrongNamespace(t *testing.T) {
	t.Parallel()
	_, errs := readText(t, "apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b, label: {x: y}}\nspec: {finalizers: [kubernetes]}\nstatus: {phase: Active}\n")
	wantLines(t, errs, []string{
		"document 1 (line 3): Namespace a.b: metadata.label: unknown field",
		`document 1 (line 3): Namespace a.b: metadata.name: Invalid value: "a.b": must not contain dots`,
	})
}

func TestObjectsOfOtherKindsAreSkippedAndListed(t *testing.T) {
	t.Parallel()
	set, errs := readText(t, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {on: y, on: z}
---
apiVersion: v1
kind: ConfigMapList
items:
- metadata: {name: colours, namespace: shop}
---
apiVersion: example.com/v1
kind: Campaign
metadata: {name: someone-elses}
`)
	wantLines(t, errs, nil)
	var got []string
	for _, one := range set.Skipped {
		got = append(got, one.Origin.String()+": "+one.APIVersion+" "+one.String())
	}
	wantLines(t, got, []string{
		"stdin: document 1 (line 2): apps/v1 Deployment shop/web",
		"stdin: document 2 (line 10): v1 ConfigMap shop/colours",
		"stdin: document 3 (line 12): example.com/v1 Campaign someone-elses",
	})
}

func TestLists(t *testing.T) {
	t.Parallel()
	text := `apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: v1
  kind: Namespace
  metadata: {name: default, labels: {a: b}}
- apiVersion: channel.jointplan.dev/v1alpha1
  kind: PartnerList
  items: []
- kind: List
  apiVersion: v1
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: PartnerList
items:
- metadata: {name: a}
  spec: {programRef: {name: northwind}}
- metadata: {name: b}
  spec:
    programRef: {nmae: northwind}
- x
---
apiVersion: v1
kind: List
items: {}
---
apiVersion: v1
kind: List
items: []
items: []
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: Partner
metadata: {name: c}
items: []
`
	set, errs := readText(t, text)
	const nested = "is a list within a list, which kubectl refuses: put its items into the outer one"
	wantLines(t, errs, []string{
		"document 1 (line 8): PartnerList: " + nested,
		"document 1 (line 11): List: " + nested,
		"document 2 (line 21): Partner default/b: spec.programRef.name: Required value",
		"document 2 (line 21): Partner default/b: spec.programRef.nmae: unknown field, did you mean name?",
		"document 2 (line 19): Partner default/b: " + rulesNotChecked,
		"document 2 (line 22): must be an object: a mapping with apiVersion, kind and metadata",
		"document 3 (line 26): List: items: must be a list of objects",
		"document 4 (line 31): List: items: " + duplicateField,
		"document 5 (line 33): Partner default/c: spec: Required value",
		"document 5 (line 36): Partner default/c: items: unknown field",
		"document 5 (line 33): Partner default/c: " + rulesNotChecked,
	})
	if len(set.Partners) != 1 || set.Partners[0].Kind != "Partner" || set.Namespaces["default"]["a"] != "b" {
		t.Errorf("got %v in %v", set.Partners, set.Namespaces)
	}
	origin := set.Origins[Key{Kind: "Partner", Namespace: "default", Name: "a"}]
	if got := []int{origin.Start, origin.Line("spec.programRef.name")}; got[0] != 17 || got[1] != 18 {
		t.Errorf("lines = %v, want 17 and 18", got)
	}
}

func TestAStreamOfJSON(t *testing.T) {
	t.Parallel()
	object := `{
  "apiVersion": "channel.jointplan.dev/v1alpha1",
  "kind": "Partner",
	"metadata": {"name": "%"},
  "spec": {"programRef": {"name": "northwind"},
    "type": "Shop"}
}`
	_, errs := readText(t, "\n"+strings.Replace(object, "%", "a", 1)+"\n\n"+strings.Replace(object, "%", "b", 1))
	wantLines(t, errs, []string{
		`document 1 (line 7): Partner default/a: spec.type: Unsupported value: "Shop": supported values: "Reseller", "Distributor", "ServiceProvider", "Integrator", "Consultant", "Technology"`,
		"document 1 (line 2): Partner default/a: " + rulesNotChecked,
		`document 2 (line 15): Partner default/b: spec.type: Unsupported value: "Shop": supported values: "Reseller", "Distributor", "ServiceProvider", "Integrator", "Consultant", "Technology"`,
		"document 2 (line 10): Partner default/b: " + rulesNotChecked,
	})
}

func TestLinesOfFields(t *testing.T) {
	t.Parallel()
	text := `# a plan
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata:
  name: acme-h1
  labels: {example.com/team: red}
spec:
  partnerRef: &ref
    name: acme
  period: {fiscalYear: 2027}
  goals:
  - name: first
    deliverable: One
  - deliverable: Two
    name: second
    initiatives:
    - a
    - b
  risks:
  - {name: one, description: a}
  - name: two
    description: a
    trigger: b
`
	set, errs := readText(t, text)
	wantLines(t, errs, nil)
	origin := set.Origins[KeyOf(set.Plans[0])]
	for path, want := range map[string]int{
		"":                                  3,
		"metadata.name":                     6,
		"metadata.labels[example.com/team]": 7,
		"spec":                              8,
		"spec.partnerRef.name":              10,
		"spec.goals":                        12,
		"spec.goals[0]":                     13,
		"spec.goals[first].deliverable":     14,
		"spec.goals[1].name":                16,
		"spec.goals[second].initiatives[1]": 19,
		"spec.goals[second].initiatives[b]": 19,
		"spec.goals[second].target.value":   15,
		"spec.goals[third].due":             12,
		"spec.risks[two].description":       23,
		"spec.risks[7]":                     20,
		"spec.swot.threats":                 8,
		"status.stage":                      3,
		"spec.goals[":                       12,
		".[].]":                             3,
	} {
		if got := origin.Line(path); got != want {
			t.Errorf("line of %q = %d, want %d", path, got, want)
		}
	}
	if got := (Origin{Start: 4}).Line("spec.x"); got != 4 {
		t.Errorf("line without nodes = %d, want the start", got)
	}
}

func TestLinesThroughAliases(t *testing.T) {
	t.Parallel()
	text := `apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: a}
spec:
  partnerRef: {name: acme}
  period: &p
    part: H3
  goals:
  - &goal
    name: a
    due: "2026-02-30"
    deliverable: A site
  - <<: *goal
    name: b
`
	_, errs := readText(t, text)
	wantLines(t, errs, []string{
		`document 1 (line 7): JointPlan default/a: spec.period.part: Unsupported value: "H3": supported values: "Year", "H1", "H2", "Q1", "Q2", "Q3", "Q4"`,
		`document 1 (line 11): JointPlan default/a: spec.goals[0].due: Invalid value: "2026-02-30": must be a day such as 2026-09-30`,
		`document 1 (line 11): JointPlan default/a: spec.goals[1].due: Invalid value: "2026-02-30": must be a day such as 2026-09-30`,
		"document 1 (line 1): JointPlan default/a: " + rulesNotChecked,
	})
}
