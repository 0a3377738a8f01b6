package schemas_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/hack/gen-schemas/schema"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// mistake is one mistake in a sample: what is replaced, once, by what.
type mistake struct {
	file, from, to string
	want           string // what the schema says, from its place on
}

const (
	plans    = "partners/acme/plans.yaml"
	funding  = "partners/acme/funding.yaml"
	partner  = "partners/acme/partner.yaml"
	results  = "partners/acme/results.yaml"
	reviews  = "partners/acme/reviews.yaml"
	approval = "partners/acme/approvals.yaml"
	budget   = "budgets/northwind-fy27.yaml"
	program  = "programs/northwind.yaml"
)

// mistakes are those that people make. Each is one that the API server refuses.
var mistakes = map[string]mistake{
	"a misspelt field":              {plans, "  goals:\n", "  gaols:\n", "/spec: additional properties 'gaols' not allowed"},
	"a misspelt field deep inside":  {plans, `weightPercent: "60"`, `weigthPercent: "60"`, "/spec/goals/0: additional properties 'weigthPercent' not allowed"},
	"a field of the wrong case":     {plans, "partnerRef:", "partnerref:", "/spec: additional properties 'partnerref' not allowed"},
	"a field beside spec":           {plans, "spec:\n", "goals: []\nspec:\n", ": additional properties 'goals' not allowed"},
	"a field of an older version":   {funding, "requestedOn:", "requestedDate:", "/spec: additional properties 'requestedDate' not allowed"},
	"no reference":                  {plans, "  partnerRef: {name: acme}\n", "", "/spec: missing property 'partnerRef'"},
	"no name in a reference":        {plans, "partnerRef: {name: acme}", "partnerRef: {}", "/spec/partnerRef: missing property 'name'"},
	"no name":                       {plans, "metadata: {name: acme-fy26-h2, ", "metadata: {", "/metadata: missing property 'name'"},
	"no spec":                       {budget, "spec:\n", "spec: {}\nstatus:\n", "/spec: missing properties"},
	"no amount":                     {budget, "  amount: {amount: \"20000.00\", currency: EUR}\n", "", "/spec: missing property 'amount'"},
	"no currency":                   {budget, `{amount: "20000.00", currency: EUR}`, `{amount: "20000.00"}`, "/spec/amount: missing property 'currency'"},
	"a number instead of a text":    {plans, `value: "520000"`, `value: 520000`, "/spec/goals/0/target/value: got number, want string"},
	"an amount without quotes":      {budget, `amount: "20000.00"`, `amount: 20000.00`, "/spec/amount/amount: got number, want string"},
	"a text instead of a number":    {plans, "fiscalYear: 2026", `fiscalYear: "2026"`, "/spec/period/fiscalYear: got string, want integer"},
	"a fraction":                    {budget, "approvers: 2", "approvers: 1.5", "/spec/authority/0/levels/0/approvers: got number, want integer"},
	"a list instead of an object":   {plans, "period: {fiscalYear: 2026, part: H2}", "period: [2026, H2]", "/spec/period: got array, want object"},
	"an object instead of a list":   {plans, "initiatives: [cloud-migration]", "initiatives: {name: cloud-migration}", "/spec/goals/0/initiatives: got object, want array"},
	"a text instead of a list":      {partner, "segments: [mid-market]", "segments: mid-market", "/spec/segments: got string, want array"},
	"a name instead of a reference": {partner, "programRef: {name: northwind}", "programRef: northwind", "/spec/programRef: got string, want object"},
	"true instead of a text":        {partner, "region: dach", "region: true", "/spec/region: got boolean, want string"},
	"a kind that there is not":      {plans, "kind: JointPlan\n", "kind: JointPlans\n", "/kind: value must be one of"},
	"a kind of the wrong case":      {plans, "kind: JointPlan\n", "kind: Jointplan\n", "/kind: value must be one of"},
	"another kind's spec":           {plans, "kind: JointPlan\n", "kind: Campaign\n", "/spec: missing properties 'planRef', 'schedule', 'type'"},
	"a version that there is not":   {plans, "channel.jointplan.dev/v1alpha1", "channel.jointplan.dev/v1", "/apiVersion: value must be 'channel.jointplan.dev/v1alpha1'"},
	"no kind":                       {plans, "kind: JointPlan\n", "", ": missing property 'kind'"},
	"an unknown word":               {partner, "type: Reseller", "type: Reseler", "/spec/type: value must be one of"},
	"a word of the wrong case":      {plans, "mode: Absolute", "mode: absolute", "/spec/goals/0/target/mode: value must be one of"},
	"an unknown party":              {approval, "party: Partner", "party: Customer", "/spec/party: value must be one of"},
	"an unknown decision":           {approval, "decision: Approved", "decision: Yes!", "/spec/decision: value must be one of"},
	"a name with a capital":         {plans, "name: cloud-revenue", "name: Cloud-Revenue", "/spec/goals/0/name: 'Cloud-Revenue' does not match pattern"},
	"a name with a space":           {plans, "metric: new-revenue", "metric: new revenue", "/spec/goals/0/metric: 'new revenue' does not match pattern"},
	"an object's name with a line":  {plans, "name: acme-fy26-h2,", "name: acme_fy26_h2,", "/metadata/name: 'acme_fy26_h2' does not match pattern"},
	"a currency in small letters":   {budget, "currency: EUR", "currency: eur", "/spec/amount/currency: 'eur' does not match pattern"},
	"a currency's sign":             {budget, "currency: EUR", "currency: €", "/spec/amount/currency: minLength: got 1, want 3"},
	"an amount with a separator":    {budget, `amount: "20000.00"`, `amount: "20,000.00"`, "/spec/amount/amount: '20,000.00' does not match pattern"},
	"a share with a percent sign":   {funding, `reimbursementPercent: "50"`, `reimbursementPercent: "50%"`, "/spec/reimbursementPercent: '50%' does not match pattern"},
	"minus zero":                    {plans, `value: "520000"`, `value: "-0"`, "/spec/goals/0/target/value: 'not' failed"},
	"a revision cut short":          {approval, "v1:161cb49a679aacdab7f53f137e5ab07d", "v1:161cb49a67", "/spec/revision: minLength: got 13, want 35"},
	"a day that there is not":       {plans, `due: "2026-06-15"`, `due: "2026-06-31"`, "/spec/goals/2/due: '2026-06-31' is not valid date"},
	"a day as people write it":      {funding, `requestedOn: "2026-08-03"`, `requestedOn: "3.8.2026"`, "/spec/requestedOn: '3.8.2026' is not valid date"},
	"an instant without its offset": {approval, "2025-12-11T09:30:00+01:00", "2025-12-11T09:30:00", "/spec/decidedTime: '2025-12-11T09:30:00' is not valid date-time"},
	"a day instead of an instant":   {reviews, `recordedTime: "2026-04-01T15:30:00Z"`, `recordedTime: "2026-04-01"`, "/spec/recordedTime: '2026-04-01' is not valid date-time"},
	"too many entries":              {plans, "initiatives: [cloud-migration]", "initiatives: [" + strings.Join(letters(40), ", ") + "]", "/spec/goals/0/initiatives: maxItems: got 40, want"},
	"an empty list":                 {reviews, "attendees:\n  - {name: Vera Lindqvist, party: Vendor}\n  - {name: Paula Reimann, party: Partner}\n", "attendees: []\n", "/spec/attendees: minItems: got 0, want"},
	"an entry twice":                {partner, "territories: [de-north, de-east]", "territories: [de-north, de-north]", "/spec/territories: items at 0 and 1 are equal"},
	"a text that is too long":       {reviews, "noActionsBecause: all goals are on track", "noActionsBecause: " + strings.Repeat("long ", 800), "/spec/noActionsBecause: maxLength: got 3,999, want 128"},
	"an empty text":                 {plans, "deliverable: Two more engineers are certified.", `deliverable: ""`, "/spec/goals/2/deliverable: minLength: got 0, want 1"},
	"a number below its bound":      {budget, "approvers: 2", "approvers: 0", "/spec/authority/0/levels/0/approvers: minimum: got 0, want"},
	"a number above its bound":      {plans, "fiscalYear: 2026", "fiscalYear: 20260", "/spec/period/fiscalYear: maximum: got 20,260, want"},
	"a label that is a number":      {budget, "metadata: {name: northwind-fy27}", "metadata: {name: northwind-fy27, labels: {year: 2027}}", "/metadata/labels/year: got number, want string"},
	"a label with a space":          {budget, "metadata: {name: northwind-fy27}", "metadata: {name: northwind-fy27, labels: {year: fiscal year}}", "/metadata/labels/year: 'fiscal year' does not match pattern"},
	"an annotation that is true":    {budget, "metadata: {name: northwind-fy27}", "metadata: {name: northwind-fy27, annotations: {note: true}}", "/metadata/annotations/note: got boolean, want string"},
	"a label's key with a space":    {budget, "metadata: {name: northwind-fy27}", "metadata: {name: northwind-fy27, labels: {the year: a}}", ": 'the year' does not match pattern"}, // the library knows no place of a key
	"a misspelt field of metadata":  {plans, "namespace: partner-acme}", "namspace: partner-acme}", "/metadata: additional properties 'namspace' not allowed"},
	"a list of lists":               {results, "  entries:\n", "  entries:\n  - [new-revenue, 62000]\n", "/spec/entries/0: got array, want object"},
	"a figure as a number":          {results, `value: "62000"`, "value: 62000", "/spec/entries/0/value: got number, want string"},
	"a target of a wrong kind":      {results, "subjectRef: {kind: Partner,", "subjectRef: {kind: Budget,", "/spec/subjectRef/kind: value must be one of"},
	"a role without its person":     {program, "{role: Finance, name: Petra Adler}", "{role: Finance, nam: Petra Adler}", "/spec/roles/3: additional properties 'nam' not allowed"},
	"a date of a fiscal year":       {program, `fiscalYearStart: "07-01"`, `fiscalYearStart: July`, "/spec/calendar/fiscalYearStart: "},
}

// letters returns n names.
func letters(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "i-" + strings.Repeat("x", i+1)
	}
	return names
}

// TestSchemaFindsMistakes makes each mistake in a sample. The schema must say where it is, and nothing that the reader does not refuse may be one.
func TestSchemaFindsMistakes(t *testing.T) {
	all := compile(t, schema.All)
	for name, tc := range mistakes {
		t.Run(name, func(t *testing.T) {
			text := read(t, filepath.Join(samples, tc.file))
			if !strings.Contains(text, tc.from) {
				t.Fatalf("%s does not hold %q", tc.file, tc.from)
			}
			text = strings.Replace(text, tc.from, tc.to, 1)
			var got []string
			for _, document := range documents(t, text) {
				got = append(got, problems(all.Validate(document))...)
			}
			if !slices.ContainsFunc(got, func(problem string) bool { return strings.HasPrefix(problem, tc.want) }) {
				t.Errorf("the schema says %q, want %q", got, tc.want)
			}
			if _, err := manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: bytes.NewReader([]byte(text))}, "-"); err == nil {
				t.Errorf("the schema says %q, and the API server takes it", got)
			}
		})
	}
}
