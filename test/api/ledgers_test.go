package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

const (
	overLimit     = "spec: Invalid value: what is reserved and settled must not exceed limitMinor; above it, it may only shrink"
	notMinor      = ": Invalid value: amounts must be from 0 to 9007199254740991 minor units"
	settledStays  = "spec: Invalid value: a settlement cannot be removed, and changes only by what of it is not paid"
	reservedFalls = "spec: Invalid value: a reservation cannot grow or be removed: a release leaves 0, and requesting again needs a new requestID"
)

// ledgerRows are changes to a ledger: 1,200,000 of 2,000,000 minor units are reserved and settled.
func ledgerRows() map[string]row {
	rows := map[string]row{}
	add := func(name string, set edits, want ...string) {
		rows["a ledger with "+name] = row{base: "MDFLedger", set: set, want: want}
	}
	add("all of its limit", edits{"spec.limitMinor": "1200000"})
	add("one more than its limit", edits{"spec.limitMinor": "1199999"}, overLimit)
	add("nothing", edits{"spec": "{currency: JPY, limitMinor: 0}"})
	add("empty maps", edits{"spec": "{currency: EUR, limitMinor: 0, reserved: {}, settled: {}, unpaid: {}, payments: {}, documents: {}, shared: {}, invoices: {}, ends: {}, rewards: {}, notes: {}}"})
	add("reservations alone", edits{"spec": "{currency: EUR, limitMinor: 9, reserved: {a: 4, b: 5}}"})
	add("too many reservations alone", edits{"spec": "{currency: EUR, limitMinor: 8, reserved: {a: 4, b: 5}}"}, overLimit)
	add("too many settlements alone", edits{"spec": "{currency: EUR, limitMinor: 8, settled: {a: 4, b: 5}}"}, overLimit)
	for _, field := range []string{"reserved", "settled"} {
		add("a negative value that hides a sum in "+field, edits{"spec." + field: "{a: -5000000, b: 5000000}"}, "spec."+field+notMinor)
		add("more than a reader of JSON keeps exactly in "+field,
			edits{"spec": "{currency: EUR, limitMinor: 9007199254740991, " + field + ": {a: 9007199254740992}}"}, overLimit, "spec."+field+notMinor)
		add("the most that a reader of JSON keeps exactly in "+field,
			edits{"spec": "{currency: EUR, limitMinor: 9007199254740991, " + field + ": {a: 9007199254740991}}"})
		add("a fraction in "+field, edits{"spec." + field: "{a: 12.5}"},
			"spec."+field+`.a: Invalid value: "float64": spec.`+field+`.a in body must be of type int64: "float64"`, rulesNotChecked)
	}
	add("an unpaid amount of nothing", edits{"spec.unpaid": "{a: 0}"}, "spec.unpaid: Invalid value: amounts must be from 1 to 9007199254740991 minor units")
	for _, wrong := range []string{"-1", "9007199254740992"} {
		add("an invoice of "+wrong, edits{"spec.invoices": "{a: " + wrong + "}"}, "spec.invoices"+notMinor)
	}
	for _, right := range []string{"0", "9007199254740991"} {
		add("an invoice of "+right, edits{"spec.invoices": "{a: " + right + "}"})
	}
	add("a fraction in invoices", edits{"spec.invoices": "{a: 12.5}"},
		`spec.invoices.a: Invalid value: "float64": spec.invoices.a in body must be of type int64: "float64"`, rulesNotChecked)
	add("no limit", edits{"spec.limitMinor": absent}, "spec.limitMinor: Required value", rulesNotChecked)
	add("no currency", edits{"spec.currency": absent}, "spec.currency: Required value", rulesNotChecked)
	return rows
}

// ledgerChangeRows are changes to a ledger that is there.
func ledgerChangeRows() map[string]change {
	const ledger, returned = "MDFLedger", "MDFLedger/returned"
	const webinar, fair, paid = "partner-acme/webinar/1", "partner-bolt/fair/1", "partner-acme/webinar/1/webinar-1"
	both := func(field string, a int, b int) edits {
		return edits{"spec." + field: fmt.Sprintf("{%s: %d, %s: %d}", webinar, a, fair, b)}
	}
	with := func(one edits, path, value string) edits { one[path] = value; return one }
	return map[string]change{
		"a ledger changes its currency": {
			ledger, edits{"spec.currency": "USD"}, []string{`spec.currency: Invalid value: "USD": the currency of a ledger cannot be changed`},
		},
		"a ledger grants": {ledger, edits{"spec.reserved": "{" + webinar + ": 100000, " + fair + ": 900000, partner-cube/fair/1: 800000}"}, nil},
		"a ledger grants more than is left": {
			ledger, edits{"spec.reserved": "{" + webinar + ": 100000, " + fair + ": 900000, partner-cube/fair/1: 800001}"}, []string{overLimit},
		},
		"a ledger releases":                 {ledger, both("reserved", 0, 900000), nil},
		"a ledger forgets a release":        {ledger, edits{"spec.reserved": "{" + fair + ": 900000}"}, []string{reservedFalls}},
		"a ledger forgets all reservations": {ledger, edits{"spec.reserved": absent}, []string{reservedFalls}},
		"a reservation grows":               {ledger, both("reserved", 100001, 900000), []string{reservedFalls}},
		"a reservation goes to another":     {ledger, both("reserved", 0, 1000000), []string{reservedFalls}},
		"a reservation is settled":          {ledger, with(both("reserved", 0, 900000), "spec.settled", "{"+paid+": 200000, "+webinar+"/webinar-2: 100000}"), nil},
		"a settlement grows":                {ledger, edits{"spec.settled": "{" + paid + ": 200001}"}, []string{settledStays}},
		"a settlement shrinks":              {ledger, edits{"spec.settled": "{" + paid + ": 199999}"}, []string{settledStays}},
		"a payment comes back":              {ledger, edits{"spec.unpaid": "{" + paid + ": 150000}"}, nil},
		"what came back is let go":          {returned, edits{"spec.settled": "{" + paid + ": 50000}", "spec.unpaid": absent}, nil},
		"less is let go than came back":     {returned, edits{"spec.settled": "{" + paid + ": 50001}", "spec.unpaid": absent}, []string{settledStays}},
		"more is let go than came back":     {returned, edits{"spec.settled": "{" + paid + ": 49999}", "spec.unpaid": absent}, []string{settledStays}},
		"what came back goes to another": {returned, edits{
			"spec.reserved": "{" + webinar + ": 250000, " + fair + ": 900000}", "spec.settled": "{" + paid + ": 50000}",
			"spec.unpaid": absent,
		}, []string{reservedFalls}},
		"a settlement is replaced":            {ledger, edits{"spec.settled": "{other: 200000}"}, []string{settledStays}},
		"all settlements are removed":         {ledger, edits{"spec.settled": absent}, []string{settledStays}},
		"a limit is lowered below what is":    {ledger, edits{"spec.limitMinor": "1000000"}, nil},
		"a limit is raised":                   {ledger, edits{"spec.limitMinor": "3000000"}, nil},
		"a limit is lowered and one releases": {ledger, with(both("reserved", 100000, 0), "spec.limitMinor", "100000"), nil},
		"a limit is lowered and one grants": {
			ledger, edits{"spec.limitMinor": "1000000", "spec.reserved": "{" + webinar + ": 100000, " + fair + ": 900000, new: 1}"}, []string{overLimit},
		},
		"a limit is lowered, one releases and another is granted as much": {
			ledger, edits{"spec.limitMinor": "1000000", "spec.reserved": "{" + webinar + ": 0, " + fair + ": 900000, new: 100000}"}, nil,
		},
		"a limit below zero": {
			ledger,
			edits{"spec.limitMinor": "-1"},
			[]string{"spec.limitMinor: Invalid value: -1: spec.limitMinor in body should be greater than or equal to 0"},
		},
	}
}

// fullLedger is a ledger with as many entries as it can have but one settlement, all of its limit used. name names the requests, which are for a
// shared activity, with an invoice in each claim, if shared is true.
func fullLedger(t *testing.T, j *judges, name func(i int) string, shared bool) *unstructured.Unstructured {
	t.Helper()
	reserved, settled, payments, notes := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	unpaid, documents, activities, invoices := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	sum := int64(0)
	for i := range v1alpha1.MaxReservations {
		key := name(i)
		reserved[key], notes[key], activities[key] = int64(100), "Cut BudgetExhausted", "fair"
		sum += 100
		for _, claim := range []string{"first", "final"} {
			if len(settled) == v1alpha1.MaxSettlements-1 {
				break
			}
			settled[key+"/"+claim] = int64(100)
			unpaid[key+"/"+claim], documents[fmt.Sprintf("sepa-%d-%s/EUR", i, claim)] = int64(100), int64(100)
			invoices[fmt.Sprintf("%s/%s/R%d", key, claim, i)] = int64(100)
			payments[fmt.Sprintf("SEPA-%d-%s#1", i, claim)] = strings.TrimSuffix(key, "/1") + "-" + claim
			sum += 100
		}
	}
	object := j.base(t, "MDFLedger", nil)
	set(t, object, "spec", map[string]any{
		"currency": "EUR", "limitMinor": sum, "reserved": reserved, "settled": settled, "unpaid": unpaid, "payments": payments, "documents": documents, "notes": notes,
	})
	if shared {
		set(t, object, "spec.shared", activities)
		set(t, object, "spec.invoices", invoices)
	}
	return object
}

// TestFullLedger says that a ledger works to its last entry: the API server evaluates its rules within their budget, at the size that
// ordinary names make of it, and at the size at which the controller takes it for full.
func TestFullLedger(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	for title, size := range map[string]struct {
		name        func(i int) string
		shared      bool
		least, most int
	}{
		"700 KB":               {func(i int) string { return fmt.Sprintf("part-%04d/fair-%04d/1", i, i) }, false, 690_000, 730_000},
		"1 MB":                 {func(i int) string { return fmt.Sprintf("partner-%04d/%s-%04d/1", i, strings.Repeat("a", 17), i) }, false, 950_000, 1_000_000},
		"of a shared activity": {func(i int) string { return fmt.Sprintf("part-%04d/fair-%04d/1", i, i) }, true, 910_000, 950_000},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			object := fullLedger(t, j, size.name, size.shared)
			if body, err := json.Marshal(object.Object); err != nil || len(body) < size.least || len(body) > size.most {
				t.Fatalf("the ledger has %d bytes, want %d to %d", len(body), size.least, size.most)
			}
			if got := j.judge(t, object); got != nil {
				t.Fatalf("errors:\n%s", strings.Join(got, "\n"))
			}
			object.SetName("full-" + strings.ToLower(strings.ReplaceAll(title, " ", "-")))
			plane.Mark(object, j.namespace)
			if err := j.client.Create(t.Context(), object); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = j.client.Delete(context.Background(), object) })
			j.changeFull(t, object, size.name)
		})
	}
}

// changeFull tries changes to a full ledger that is there.
func (j *judges) changeFull(t *testing.T, object *unstructured.Unstructured, name func(i int) string) {
	t.Helper()
	first, last := name(0), name(v1alpha1.MaxReservations-1)
	for title, step := range map[string]struct {
		change func(reserved, settled map[string]any)
		want   []string
	}{
		"settles its last entry": {func(reserved, settled map[string]any) { reserved[last] = int64(0); settled[last+"/final"] = int64(100) }, nil},
		"releases":               {func(reserved, _ map[string]any) { reserved[first] = int64(0) }, nil},
		"spends one too much":    {func(_, settled map[string]any) { settled[last+"/final"] = int64(1) }, []string{overLimit}},
		"grows a reservation": {
			func(reserved, _ map[string]any) { reserved[first], reserved[last] = int64(101), int64(99) }, []string{reservedFalls},
		},
		"changes a settlement": {func(_, settled map[string]any) { settled[first+"/first"] = int64(99) }, []string{settledStays}},
		"grants one too many": {
			func(reserved, _ map[string]any) { reserved["new"] = int64(0) },
			[]string{"spec.reserved: Too many: 2001: must have at most 2000 items", rulesNotChecked},
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			changed := object.DeepCopy()
			fields, _ := changed.Object["spec"].(map[string]any)
			reserved, _ := fields["reserved"].(map[string]any)
			settled, _ := fields["settled"].(map[string]any)
			step.change(reserved, settled)
			err := j.client.Update(t.Context(), changed, client.DryRunAll)
			if diff := cmp.Diff(step.want, refusal(t, err)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}
