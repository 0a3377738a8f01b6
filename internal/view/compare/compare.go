// Package compare says what a change of manifests changes in verdicts, money and score: it compares the objects of two worlds that were
// evaluated at one instant.
package compare

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// Change is what happened to an object.
type Change string

const (
	// Added means that the object was not there before.
	Added Change = "Added"
	// Removed means that the object no longer exists.
	Removed Change = "Removed"
	// Changed means that its spec is another.
	Changed Change = "Changed"
	// Affected means that its spec is the same, and how it stands is not.
	Affected Change = "Affected"
)

// Value is a figure or a word of a status that is another than before.
type Value struct {
	// Name is what it is, such as stage or attainment.
	Name string `json:"name"`
	// Before and After are its values; empty when there is none.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Condition is a condition whose status or reason is another than before.
type Condition struct {
	// Type is the type, such as Approved.
	Type string `json:"type"`
	// Before and After are status and reason, such as "False AmendmentPending"; empty when the object has no such condition.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Message is the message of now; empty when the condition is gone.
	Message string `json:"message,omitempty"`
}

// Difference is what is different about one object.
type Difference struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	// Change is what happened to the object.
	Change Change `json:"change"`
	// Terms says what a plan's terms change; empty for other kinds and when they do not.
	Terms string `json:"terms,omitempty"`
	// Approval says whose approval a new revision needs; empty when it needs none.
	Approval string `json:"approval,omitempty"`
	// Values are the figures and words that are others than before.
	Values []Value `json:"values,omitempty"`
	// Conditions are those whose status or reason is another; of an added object those that are bad news.
	Conditions []Condition `json:"conditions,omitempty"`
	// NewFindings are the findings that were not there before.
	NewFindings []v1alpha1.Finding `json:"newFindings,omitempty"`
	// CuredFindings are the findings that no longer exist.
	CuredFindings []v1alpha1.Finding `json:"curedFindings,omitempty"`
}

// Key identifies the object.
func (d *Difference) Key() manifest.Key {
	return manifest.Key{Kind: d.Kind, Namespace: d.Namespace, Name: d.Name}
}

// Budget is what is different about a budget's money, in one currency.
type Budget struct {
	Name     string                `json:"name"`
	Currency v1alpha1.CurrencyCode `json:"currency"`
	// Amounts are those that are others than before, in units of the currency.
	Amounts []Value `json:"amounts"`
}

// Report is all that is different.
type Report struct {
	// At is the instant at which both sides were evaluated, in RFC 3339.
	At string `json:"at"`
	// Against says what the files were compared with.
	Against string `json:"against"`
	// Differences are in the order of preview: from the program down, by namespace and name.
	Differences []Difference `json:"differences"`
	// Money is what is different about each budget, by name.
	Money []Budget `json:"money"`
}

// IsEmpty reports whether nothing is different.
func (r *Report) IsEmpty() bool { return len(r.Differences) == 0 && len(r.Money) == 0 }

// Count returns how many objects had a change.
func (r *Report) Count(change Change) int {
	n := 0
	for i := range r.Differences {
		if r.Differences[i].Change == change {
			n++
		}
	}
	return n
}

// Worlds compares evaluated objects. What controllers alone write, plan revisions and ledgers, shows in the plans and budgets.
func Worlds(before, after []manifest.Object) *Report {
	report := &Report{Differences: []Difference{}, Money: []Budget{}}
	for _, pair := range pairs(before, after) {
		if d, different := pair.difference(); different {
			report.Differences = append(report.Differences, d)
		}
		if m, different := pair.money(); different {
			report.Money = append(report.Money, m)
		}
	}
	return report
}

// pair is an object before and after; nil on the side on which it is not there.
type pair struct{ before, after manifest.Object }

// pairs returns the objects of both sides, in the order of preview.
func pairs(before, after []manifest.Object) []*pair {
	byKey := map[manifest.Key]*pair{}
	var all []manifest.Object
	of := func(x manifest.Object) *pair {
		key := manifest.KeyOf(x)
		if byKey[key] == nil {
			byKey[key] = &pair{}
			all = append(all, x)
		}
		return byKey[key]
	}
	for _, x := range before {
		of(x).before = x
	}
	for _, x := range after {
		of(x).after = x
	}
	preview.Sort(all)
	list := make([]*pair, len(all))
	for i, x := range all {
		list[i] = byKey[manifest.KeyOf(x)]
	}
	return list
}

func (p *pair) any() manifest.Object {
	if p.after != nil {
		return p.after
	}
	return p.before
}

// difference returns what is different about the object, and whether anything is.
func (p *pair) difference() (d Difference, different bool) {
	key := manifest.KeyOf(p.any())
	if k := kinds.Named(key.Kind); k != nil && !k.ByPeople {
		return d, false
	}
	d = Difference{Kind: key.Kind, Namespace: key.Namespace, Name: key.Name, Change: p.change()}
	if d.Change == Removed {
		return d, true
	}
	d.Values = p.values()
	d.Conditions = p.conditions()
	d.NewFindings, d.CuredFindings = p.findings()
	d.Terms, d.Approval = p.terms(), p.approval()
	same := len(d.Values) == 0 && len(d.Conditions) == 0 && len(d.NewFindings) == 0 && len(d.CuredFindings) == 0
	return d, d.Change != Affected || !same
}

func (p *pair) change() Change {
	switch {
	case p.before == nil:
		return Added
	case p.after == nil:
		return Removed
	case !equality.Semantic.DeepEqual(specOf(p.before), specOf(p.after)):
		return Changed
	default:
		return Affected
	}
}

// specOf returns the spec of an object of one of our kinds, which all have one.
func specOf(object manifest.Object) any {
	return reflect.ValueOf(object).Elem().FieldByName("Spec").Interface()
}

// conditions returns the conditions whose status or reason is another; of an added object those that are bad news.
func (p *pair) conditions() []Condition {
	before, after := conditionsOf(p.before), conditionsOf(p.after)
	var list []Condition
	for _, now := range after {
		c := Condition{Type: now.Type, After: word(now), Message: now.Message}
		if i := slices.IndexFunc(before, func(x metav1.Condition) bool { return x.Type == now.Type }); i >= 0 {
			c.Before = word(before[i])
		}
		if c.Before != c.After && (p.before != nil || isBadNews(now)) {
			list = append(list, c)
		}
	}
	for _, then := range before {
		if !slices.ContainsFunc(after, func(x metav1.Condition) bool { return x.Type == then.Type }) {
			list = append(list, Condition{Type: then.Type, Before: word(then)})
		}
	}
	return list
}

func conditionsOf(object manifest.Object) []metav1.Condition {
	if object == nil {
		return nil
	}
	return preview.Common(object).Conditions
}

func word(c metav1.Condition) string { return string(c.Status) + " " + c.Reason }

// isBadNews goes by the status alone: of an object that is new, that it waits for its approval is worth a line too.
func isBadNews(c metav1.Condition) bool { return c.Status == health.BadWhen(c.Type) }

// findings returns the findings that are new and those that no longer exist. One that says the same of the same field in other words is neither.
func (p *pair) findings() (added, cured []v1alpha1.Finding) {
	before, after := findingsOf(p.before), findingsOf(p.after)
	return beyond(after, before), beyond(before, after)
}

func findingsOf(object manifest.Object) []v1alpha1.Finding {
	if object == nil {
		return nil
	}
	return preview.Common(object).Findings
}

// beyond returns the findings that a list has more of than another, by rule, field and severity; the words tell which of several it is.
func beyond(list, other []v1alpha1.Finding) []v1alpha1.Finding {
	identity := func(x v1alpha1.Finding) v1alpha1.Finding {
		x.Message = ""
		return x
	}
	there, words := map[v1alpha1.Finding]int{}, map[v1alpha1.Finding]bool{}
	for _, x := range other {
		there[identity(x)]++
		words[x] = true
	}
	var rest, more []v1alpha1.Finding
	for _, x := range list {
		if words[x] {
			there[identity(x)]--
		} else {
			rest = append(rest, x)
		}
	}
	for _, x := range rest {
		there[identity(x)]--
		if there[identity(x)] < 0 {
			more = append(more, x)
		}
	}
	return more
}

// terms says what the terms of a plan change against those of before.
func (p *pair) terms() string {
	before, _ := p.before.(*v1alpha1.JointPlan)
	after, _ := p.after.(*v1alpha1.JointPlan)
	if before == nil || after == nil || before.Status.Revision == after.Status.Revision {
		return ""
	}
	return plan.Changes(&before.Spec.PlanTerms, &after.Spec.PlanTerms)
}

// approval says whose approval the revision needs, if it is another than before. Nobody decides on a draft.
func (p *pair) approval() string {
	now := revisionOf(p.after)
	if now == "" || now == revisionOf(p.before) {
		return ""
	}
	var missing []string
	switch x := p.after.(type) {
	case *v1alpha1.JointPlan:
		for _, one := range x.Status.Approvals {
			if x.Status.Stage != v1alpha1.StageDraft && one.State != string(v1alpha1.DecisionApproved) {
				missing = append(missing, string(one.Party))
			}
		}
	case *v1alpha1.MDFAllocation:
		missing = unless(x.Spec.RequestedOn == "" || conditionIsTrue(x, v1alpha1.ConditionApproved), string(v1alpha1.PartyVendor))
	case *v1alpha1.MDFClaim:
		missing = unless(x.Spec.ClaimedOn == "" || conditionIsTrue(x, v1alpha1.ConditionAccepted), string(v1alpha1.PartyVendor))
	}
	switch {
	case len(missing) == 0:
		return ""
	case p.before == nil:
		return "needs the approval of " + strings.Join(missing, " and ")
	default:
		return "needs new approval by " + strings.Join(missing, " and ")
	}
}

func unless(done bool, party string) []string {
	if done {
		return nil
	}
	return []string{party}
}

func conditionIsTrue(object manifest.Object, kind string) bool {
	return slices.ContainsFunc(conditionsOf(object), func(x metav1.Condition) bool {
		return x.Type == kind && x.Status == metav1.ConditionTrue
	})
}

func revisionOf(object manifest.Object) string {
	switch x := object.(type) {
	case *v1alpha1.JointPlan:
		return x.Status.Revision
	case *v1alpha1.MDFAllocation:
		return x.Status.Revision
	case *v1alpha1.MDFClaim:
		return x.Status.Revision
	default:
		return ""
	}
}

// values returns the figures and words that are others than before.
func (p *pair) values() []Value { return differing(figures(p.before), figures(p.after)) }

// differing pairs figures by their names, in the order of now, those that no longer exist last.
func differing(before, after []figure) []Value {
	var list []Value
	find := func(all []figure, name string) string {
		if i := slices.IndexFunc(all, func(x figure) bool { return x.name == name }); i >= 0 {
			return all[i].value
		}
		return ""
	}
	for _, now := range after {
		if then := find(before, now.name); then != now.value {
			list = append(list, Value{Name: now.name, Before: then, After: now.value})
		}
	}
	for _, then := range before {
		if !slices.ContainsFunc(after, func(x figure) bool { return x.name == then.name }) && then.value != "" {
			list = append(list, Value{Name: then.name, Before: then.value})
		}
	}
	return list
}

// money returns what is different about a budget's money.
func (p *pair) money() (b Budget, different bool) {
	before, _ := p.before.(*v1alpha1.MDFBudget)
	after, _ := p.after.(*v1alpha1.MDFBudget)
	if before == nil && after == nil {
		return b, false
	}
	if b.Amounts = differing(amounts(before), amounts(after)); len(b.Amounts) == 0 {
		return b, false
	}
	budget := cmp.Or(after, before)
	b.Name, b.Currency = budget.Name, budget.Spec.Amount.Currency
	return b, true
}
