// Package steps says what people have to do next about an object: who, by when, and what follows if nobody does.
//
// What is to be done follows from the object's status, which is evaluated before. What follows otherwise is found by evaluating the partner as it will
// stand if nobody acts, see Outlook. The order in which requests draw on a shared budget is no part of it.
package steps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// Limits of the API.
const (
	maxSteps  = 5
	maxText   = 512
	maxPerson = 128
)

// Party values besides those of v1alpha1.Party.
const partyBoth = "Both"

// Of returns the next steps about an object of a namespace with the status that it has at an instant, the most urgent first, and when they may differ
// although that status does not (zero: never).
func Of(snap *snapshot.Snapshot, object kinds.Evaluated, now time.Time) ([]v1alpha1.NextStep, time.Time) {
	w := newWriter(snap, object, now)
	if snap.Beyond(object) != "" {
		w.correct()
		return w.steps(), time.Time{}
	}
	switch x := object.(type) {
	case *v1alpha1.Partner:
		w.ofPartner(x)
	case *v1alpha1.JointPlan:
		w.ofPlan(x)
	case *v1alpha1.Campaign:
		w.ofCampaign(x)
	case *v1alpha1.MDFAllocation:
		w.ofRequest(x)
	case *v1alpha1.MDFClaim:
		w.ofClaim(x)
	case *v1alpha1.PlanReview:
		w.ofReview(x)
	case *v1alpha1.ApprovalDecision:
		w.ofDecision(x)
	}
	w.correct()
	return w.steps(), w.horizon.Next()
}

// writer writes the steps about one object.
type writer struct {
	snap    *snapshot.Snapshot
	object  kinds.Evaluated
	now     time.Time
	horizon *verdict.Horizon

	// These are nil where the references of the object lead nowhere.
	request *v1alpha1.MDFAllocation
	plan    *v1alpha1.JointPlan
	partner *v1alpha1.Partner
	program *program.Program

	cal   *fiscal.Calendar
	today fiscal.Day
	list  []ranked
	wrong bool // a step says what is wrong in the spec
}

func newWriter(snap *snapshot.Snapshot, object kinds.Evaluated, now time.Time) *writer {
	w := &writer{snap: snap, object: object, now: now, horizon: verdict.NewHorizon(now)}
	w.find(object)
	if w.partner != nil {
		w.program = snap.ProgramOf(w.partner)
	}
	w.in(w.program)
	return w
}

// in sets the calendar to that of a program; UTC where that is not known.
func (w *writer) in(prog *program.Program) {
	w.program, w.cal = prog, fiscal.UTC()
	if prog != nil {
		w.cal = prog.Calendar
	}
	w.today = w.cal.Today(w.now)
}

// find follows the references of an object up to its partner.
func (w *writer) find(object kinds.Object) {
	switch x := object.(type) {
	case *v1alpha1.Partner:
		w.partner = x
	case *v1alpha1.JointPlan:
		w.plan, w.partner = x, w.snap.Partner(x.Spec.PartnerRef.Name)
	case *v1alpha1.Campaign:
		w.ofNamed(w.snap.Plan(x.Spec.PlanRef.Name))
	case *v1alpha1.PlanReview:
		w.ofNamed(w.snap.Plan(x.Spec.PlanRef.Name))
	case *v1alpha1.MDFAllocation:
		w.request = x
		w.ofNamed(w.snap.Plan(x.Spec.PlanRef.Name))
	case *v1alpha1.MDFClaim:
		w.underRequest(x.Spec.AllocationRef.Name)
	case *v1alpha1.ApprovalDecision:
		w.ofSubject(x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name)
	case *v1alpha1.MeasurementSet:
		w.ofSubject(string(x.Spec.SubjectRef.Kind), x.Spec.SubjectRef.Name)
	}
}

func (w *writer) ofNamed(plan *v1alpha1.JointPlan) {
	if plan != nil {
		w.find(plan)
	}
}

func (w *writer) underRequest(name v1alpha1.Name) {
	if request := w.snap.Allocation(name); request != nil {
		w.find(request)
	}
}

// ofSubject follows what results or a decision are about.
func (w *writer) ofSubject(kind string, name v1alpha1.Name) {
	switch kind {
	case kinds.Partner:
		w.partner = w.snap.Partner(name)
	case kinds.JointPlan:
		w.ofNamed(w.snap.Plan(name))
	case kinds.Campaign:
		if x := w.snap.Campaign(name); x != nil {
			w.find(x)
		}
	case kinds.PlanReview:
		if x := w.snap.Review(name); x != nil {
			w.find(x)
		}
	case kinds.MDFAllocation:
		w.underRequest(name)
	case kinds.MDFClaim:
		if x := w.snap.Claim(name); x != nil {
			w.find(x)
		}
	}
}

// ranked is a step, and whether nothing follows by rule if nobody does it: then it comes last.
type ranked struct {
	v1alpha1.NextStep

	idle bool
}

// who is who has to do something.
type who struct{ party, person string }

// put adds a step.
func (w *writer) put(who who, step v1alpha1.NextStep) {
	step.Party, step.Person = who.party, printable.Clip(who.person, maxPerson)
	step.Do, step.Otherwise = sentence(step.Do), sentence(step.Otherwise)
	if step.Due == step.By {
		step.Due = ""
	}
	w.list = append(w.list, ranked{NextStep: step})
}

// putIdle adds a step of which nothing follows by rule if nobody does it.
func (w *writer) putIdle(who who, step v1alpha1.NextStep) {
	w.put(who, step)
	w.list[len(w.list)-1].idle = true
}

// sentence is a text as a step shows it.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return printable.Clip(verdict.Capital(text), maxText)
}

// steps returns what was put, the most urgent first: by the first of its days, what has none with what is due today; then, in the same order, that of
// which nothing follows by rule.
func (w *writer) steps() []v1alpha1.NextStep {
	today := w.today.Date()
	if slices.ContainsFunc(w.list, func(s ranked) bool { return Day(&s.NextStep) == "" }) {
		for i := range w.list { // their order changes
			w.late(Day(&w.list[i].NextStep))
		}
	}
	slices.SortStableFunc(w.list, func(a, b ranked) int {
		if a.idle != b.idle {
			return cmp.Compare(rank(a.idle), rank(b.idle))
		}
		return strings.Compare(string(cmp.Or(Day(&a.NextStep), today)), string(cmp.Or(Day(&b.NextStep), today)))
	})
	var list []v1alpha1.NextStep
	for i := range w.list[:min(len(w.list), maxSteps)] {
		list = append(list, w.list[i].NextStep)
	}
	return list
}

func rank(idle bool) int {
	if idle {
		return 1
	}
	return 0
}

// Day is the day on which a step is to be done: the one by the rules or, where they set none, the last on which it helps. Absent when there is neither.
func Day(step *v1alpha1.NextStep) v1alpha1.Date { return cmp.Or(step.Due, step.By) }

// correct adds the correction of a wrong spec, unless another step says it.
func (w *writer) correct() {
	stalled := w.condition(v1alpha1.ConditionStalled, metav1.ConditionTrue)
	if stalled == nil || w.wrong {
		return
	}
	w.put(w.author(), v1alpha1.NextStep{
		Do: "Correct the spec: " + stalled.Message, Otherwise: "Until then it cannot be judged in full, and what depends on it waits",
	})
}

// condition returns a condition of the object that has a status; nil when it has another or none.
func (w *writer) condition(kind string, status metav1.ConditionStatus) *metav1.Condition {
	if found := meta.FindStatusCondition(w.object.Common().Conditions, kind); found != nil && found.Status == status {
		return found
	}
	return nil
}

// no returns a condition that is False; an empty one when it is not.
func (w *writer) no(kind string) *metav1.Condition {
	if found := w.condition(kind, metav1.ConditionFalse); found != nil {
		return found
	}
	return &metav1.Condition{}
}

// late reports whether a day is past. It notes when that, or that it is today, changes.
func (w *writer) late(day v1alpha1.Date) bool {
	last, err := fiscal.ParseDay(day)
	if err != nil {
		return false
	}
	w.horizon.At(w.cal.StartOf(last))
	w.horizon.At(w.cal.EndOf(last))
	return last < w.today
}

// after returns the day after a day; empty when it is none.
func after(day v1alpha1.Date) v1alpha1.Date {
	last, err := fiscal.ParseDay(day)
	if err != nil {
		return ""
	}
	return last.AddDays(1).Date()
}

// command is how a command of the plugin is called on an object.
func command(verb, kind, name string) string {
	return fmt.Sprintf("kubectl jointplan %s %s/%s", verb, strings.ToLower(kind), name)
}
