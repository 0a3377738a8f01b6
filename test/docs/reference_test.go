package docs_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	reference "jointplan.dev/jointplan/hack/gen-reference/page"
)

func TestReferenceIsThatOfTheKinds(t *testing.T) {
	want, err := reference.Generate(os.DirFS(root+"/config/crd/bases"), os.DirFS(root+"/api/v1alpha1"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read(t, "docs/reference/v1alpha1.md")); diff != "" {
		t.Errorf("docs/reference/v1alpha1.md is out of date: run go run ./hack/gen-reference (-code +page):\n%s", diff)
	}
}

const sampleKind = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: partners.channel.jointplan.dev}
spec:
  group: channel.jointplan.dev
  scope: Namespaced
  names: {kind: KIND, plural: partners, shortNames: [ptnr]}
  versions:
  - name: v1alpha1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Tier, type: string, jsonPath: .a}, {name: Manager, type: string, jsonPath: .b, priority: 1}]
    selectableFields: [{jsonPath: .spec.tier}]
    schema:
      openAPIV3Schema:
        description: A company.
        type: object
        properties:
          spec:
            type: object
            required: [tier]
            x-kubernetes-validations: [{rule: "true", message: tier or rank}]
            properties:
              rank: {description: "rank | order", type: integer, minimum: 1, maximum: 9, default: 3}
              tier: {description: "tier is\nthe tier.", type: string, enum: [Gold, Silver]}
              people:
                description: people are people.
                type: array
                minItems: 1
                maxItems: 4
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: &person
                  type: object
                  required: [name]
                  properties:
                    name: {description: name., type: string, maxLength: 63, x-kubernetes-validations: [{rule: "true", message: must be visible text.}]}
                    since: {description: since., type: string, format: date}
                    share: {description: share., type: integer, minimum: 0}
                    notes: {description: notes., type: object, additionalProperties: {type: string}, maxProperties: 7}
              others: {description: others., type: array, items: *person}
`

const sampleAPI = "package v1alpha1\n// ConditionReady says that all is well.\nconst ConditionReady = \"Ready\"\nconst (\n" +
	"// ReasonGood surfaces on Ready and Stalled when all is well.\nReasonGood = \"Good\"\n" +
	"// ReasonBad surfaces on a condition, with status Unknown, when nothing is.\nReasonBad = \"Bad\"\n)\n"

func TestReferenceIsMadeOfSchemasAndComments(t *testing.T) {
	for name, tc := range map[string]struct {
		kind, api     string
		want, wantErr string
	}{
		"the kind": {
			kind: "Partner", want: "\n## Partner\n\nA company. Namespaced, short name `ptnr`. [Its page](../partner.md) has an example.\n\n" +
				"Columns: Tier, Manager (wide). Field selectors: `spec.tier`.\n\n### Partner spec\n\nRules: tier or rank.\n",
		},
		"what must be there comes first, and words": {
			kind: "Partner", want: "|---|---|---|---|\n| `tier` | word | **required**; `Gold`, `Silver` | tier is the tier. |\n| `others` |",
		},
		"a whole number with bounds and default": {kind: "Partner", want: "| `rank` | integer | default `3`; 1 to 9 | rank \\| order |\n"},
		"a list, its entries and their types": {
			kind: "Partner", want: "| `others` | list of object |  | others. |\n| `others[].name` | text | **required**; at most 63 characters | name. |\n" +
				"| `others[].notes` | map of string | at most 7 entries | notes. |\n| `others[].share` | integer | at least 0 | share. |\n" +
				"| `others[].since` | day |  | since. |\n",
		},
		"the same object again": {
			kind: "Partner",
			want: "| `people` | list of object | 1 to 4 entries; by `name` | people are people. Fields as in [Partner](#partner-spec) `others[]`. |\n| `rank`",
		},
		"a condition and its reasons": {
			kind: "Partner", want: "### Ready\n\nReady says that all is well.\n\n| reason | surfaces |\n|---|---|\n| `Good` | when all is well. |\n",
		},
		"a reason of several conditions": {kind: "Partner", want: "| `Bad` | Unknown: when nothing is. |\n"},
		"a kind without a place":         {kind: "Reseller", wantErr: "a.yaml: kind Reseller has no place in the page"},
		"a reason that does not surface": {
			kind: "Partner", api: "package a\n// ReasonX is a reason.\nconst ReasonX = \"X\"\n",
			wantErr: "b.go: ReasonX: its doc comment does not say on which condition and when it surfaces",
		},
	} {
		t.Run(name, func(t *testing.T) {
			api := tc.api
			if api == "" {
				api = sampleAPI
			}
			got, err := reference.Generate(fstest.MapFS{"a.yaml": {Data: []byte(strings.ReplaceAll(sampleKind, "KIND", tc.kind))}},
				fstest.MapFS{"b.go": {Data: []byte(api)}})
			switch {
			case tc.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tc.wantErr)):
				t.Errorf("Generate() error = %v, want %q", err, tc.wantErr)
			case tc.wantErr == "" && err != nil:
				t.Error(err)
			case !strings.Contains(got, tc.want):
				t.Errorf("Generate() = %s\nwant it to contain %q", got, tc.want)
			}
		})
	}
}
