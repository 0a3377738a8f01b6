// Package explain says of one object why it stands as it does: each verdict with the rule, the threshold, what was found, as of which day and
// from which source, and what comes next.
package explain

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/cohort"
	"jointplan.dev/jointplan/internal/view/concern"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Explanation explains how an object stands.
type Explanation struct {
	// Kind, Namespace and Name identify the object.
	Kind string `json:"kind"`
	// Namespace is the namespace of the object; empty for a cluster-scoped kind.
	Namespace string `json:"namespace,omitempty"`
	// Name is the name of the object.
	Name string `json:"name"`
	// At is the instant that it holds for.
	At string `json:"at"`
	// Health is how the object stands towards Argo CD.
	Health health.Health `json:"health"`
	// Headline says in a few words how it stands.
	Headline string `json:"headline"`
	// Level is how much that matters.
	Level concern.Level `json:"level"`
	// NextSteps say what people have to do next.
	NextSteps []v1alpha1.NextStep `json:"nextSteps,omitempty"`
	// Facts are what is to be known first.
	Facts []Fact `json:"facts"`
	// Sections are the verdicts, by what they are about.
	Sections []Section `json:"sections"`
	// Findings are the rules that are violated, at risk or not to be judged, gravest first.
	Findings []v1alpha1.Finding `json:"findings,omitempty"`
	// Ahead are days to come on which something may change, by day.
	Ahead []Ahead `json:"ahead,omitempty"`
	// NextChange is the next change of the status if nobody does anything. Absent when it is not known.
	NextChange *NextChange `json:"nextChange,omitempty"`
}

// Fact is one thing to know.
type Fact struct {
	// Name says what it is.
	Name string `json:"name"`
	// Value is the value, for people.
	Value string `json:"value"`
}

// Section is verdicts about one thing.
type Section struct {
	// Title says what they are about.
	Title string `json:"title"`
	// Verdicts are the verdicts.
	Verdicts []Verdict `json:"verdicts"`
	// Chain says that they are a chain of rules in their order, each kept, broken or not judged.
	Chain bool `json:"chain,omitempty"`
}

// Verdict is one verdict. What does not apply to it is empty.
type Verdict struct {
	// Rule names what is judged: the type of a condition, a goal, a requirement of a tier, a rule of eligibility.
	Rule string `json:"rule"`
	// Verdict is what was found of it.
	Verdict string `json:"verdict"`
	// Level is how much it matters: grave, warning, note or fine.
	Level concern.Level `json:"level"`
	// Threshold is what is asked.
	Threshold string `json:"threshold,omitempty"`
	// Found is what was found.
	Found string `json:"found,omitempty"`
	// Shortfall is what is missing.
	Shortfall string `json:"shortfall,omitempty"`
	// AsOf is the day or the span of days that it holds for.
	AsOf string `json:"asOf,omitempty"`
	// Source is where the figure comes from.
	Source string `json:"source,omitempty"`
	// Message says all this in words, and what to do.
	Message string `json:"message,omitempty"`
}

// Ahead is a day to come.
type Ahead struct {
	// Day is the day.
	Day v1alpha1.Date `json:"day"`
	// What says what is then.
	What string `json:"what"`
}

// NextChange is a change of the status to come.
type NextChange struct {
	// At is the instant of the change.
	At string `json:"at"`
	// Changes say what changes.
	Changes []string `json:"changes"`
}

// Object explains an object at an instant, by what the index has besides it.
func Object(index *lineage.Index, object manifest.Object, now time.Time) *Explanation {
	key := manifest.KeyOf(object)
	e := &Explanation{
		Kind: key.Kind, Namespace: key.Namespace, Name: key.Name, At: now.UTC().Format(time.RFC3339), Health: health.Of(object), Facts: []Fact{},
	}
	e.Headline, e.Level = concern.Headline(object)
	b := builder{Explanation: e, index: index, today: index.Today(object, now).Date()}
	common, _ := object.(interface{ Common() *v1alpha1.CommonStatus })
	if common == nil {
		b.factf("Written by", "the controller alone; it has no status")
		b.kept(object)
		return e
	}
	b.describe(object)
	b.attested(key)
	e.Sections = append([]Section{{Title: "Conditions", Verdicts: conditions(object, common.Common())}}, e.Sections...)
	e.Findings, e.NextSteps = common.Common().Findings, common.Common().NextSteps
	b.sortAhead()
	return e
}

// builder collects an explanation.
type builder struct {
	*Explanation

	index *lineage.Index
	today v1alpha1.Date
}

func (b *builder) describe(object manifest.Object) {
	switch x := object.(type) {
	case *v1alpha1.PartnerProgram:
		b.program(x)
	case *v1alpha1.ChannelStrategy:
		b.strategy(x)
	case *v1alpha1.ProgramReport:
		b.report(x)
	case *v1alpha1.ChannelManager:
		b.manager(x)
	case *v1alpha1.Partner:
		b.partner(x)
	case *v1alpha1.JointPlan:
		b.plan(x)
	case *v1alpha1.Campaign:
		b.campaign(x)
	case *v1alpha1.MDFBudget:
		b.budget(x)
	case *v1alpha1.MDFAllocation:
		b.allocation(x)
	case *v1alpha1.MDFClaim:
		b.claim(x)
	default:
		b.other(object)
	}
}

// kept says what objects hold that have no status.
func (b *builder) kept(object manifest.Object) {
	switch x := object.(type) {
	case *v1alpha1.Benchmark:
		b.benchmark(cohort.Of(x))
	case *v1alpha1.PublishedBenchmark:
		b.benchmark(cohort.OfPublished(x))
	}
}

// attested names the decisions on something that somebody else recorded from a document. That it was itself recorded so is a finding.
func (b *builder) attested(on manifest.Key) {
	for _, child := range b.index.Children(on) {
		if d, ok := child.(*v1alpha1.ApprovalDecision); ok {
			b.factf("Attested", "%s", verdict.AttestedDecision(d))
		}
	}
}

// factf adds a fact, unless its value is empty.
func (b *builder) factf(name, format string, args ...any) {
	if value := fmt.Sprintf(format, args...); value != "" {
		b.Facts = append(b.Facts, Fact{name, value})
	}
}

// section adds a section, unless it is empty.
func (b *builder) section(title string, verdicts []Verdict) {
	if len(verdicts) > 0 {
		b.Sections = append(b.Sections, Section{Title: title, Verdicts: verdicts})
	}
}

// chain adds a section that is a chain of rules, unless it is empty.
func (b *builder) chain(title string, verdicts []Verdict) {
	if len(verdicts) > 0 {
		b.Sections = append(b.Sections, Section{Title: title, Verdicts: verdicts, Chain: true})
	}
}

// aheadf adds a day, unless it is past or empty.
func (b *builder) aheadf(day v1alpha1.Date, format string, args ...any) {
	if day != "" && day >= b.today {
		b.Ahead = append(b.Ahead, Ahead{day, fmt.Sprintf(format, args...)})
	}
}

// conditions returns the conditions as verdicts, those that matter most first. How much each matters is said by the object's concerns.
func conditions(object manifest.Object, status *v1alpha1.CommonStatus) []Verdict {
	levels := map[string]concern.Level{}
	for _, concern := range concern.Of(object) {
		levels[concern.Type] = concern.Level
	}
	verdicts := []Verdict{}
	for _, c := range status.Conditions {
		v := Verdict{Rule: c.Type, Verdict: fmt.Sprintf("%s, %s", c.Status, c.Reason), Level: concern.Fine, Message: c.Message}
		if level, ok := levels[c.Type]; ok {
			v.Level = level
		} else if c.Status == metav1.ConditionUnknown || c.Status == metav1.ConditionFalse && health.BadWhen(c.Type) == metav1.ConditionFalse {
			v.Level = concern.Note
		}
		verdicts = append(verdicts, v)
	}
	slices.SortStableFunc(verdicts, func(x, y Verdict) int { return cmp.Compare(x.Level, y.Level) })
	return verdicts
}

// span writes days for people.
func span(days *v1alpha1.DayRange) string {
	if days == nil {
		return ""
	}
	return fmt.Sprintf("%s to %s", days.From, days.Through)
}
