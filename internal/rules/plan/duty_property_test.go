package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// turns is a plan that is due on 2026-07-15, its texts, and who decided on them.
type turns struct {
	program          *v1alpha1.PartnerProgram
	decide, resubmit int
	submits          v1alpha1.DecisionOutcome // by which the partner does
	count            int
}

var turnsDue = fiscal.MustParseDay("2026-07-15")

// turnTexts are contents of the plan; "wrong" has an error.
var turnTexts = []v1alpha1.Text{"a", "b", "c", "wrong"}

func drawTurns(t *rapid.T) *turns {
	w := &turns{decide: rapid.IntRange(1, 20).Draw(t, "decide within"), resubmit: rapid.IntRange(1, 20).Draw(t, "resubmit within")}
	w.submits = approved
	var parties []v1alpha1.Party
	if rapid.Bool().Draw(t, "the vendor alone approves") {
		parties, w.submits = []v1alpha1.Party{vendor}, v1alpha1.DecisionSubmitted
	}
	w.program = testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) {
		r.Approval = &v1alpha1.ApprovalPolicy{
			Parties:          parties,
			DecideWithinDays: new(int32(w.decide)), ResubmitWithinDays: new(int32(w.resubmit)),
		}
	}).Obj()
	return w
}

// turnPlan is the plan with a text.
func turnPlan(text v1alpha1.Text) *v1alpha1.JointPlan {
	p := version(text)
	if text == "wrong" {
		p.Spec.Activities = []v1alpha1.PlannedActivity{{Name: "dance", Type: "Dance"}}
	}
	return p
}

// drawDecision draws a decision of a party on one of some texts, at or after an instant and within a number of days.
func (w *turns) drawDecision(t *rapid.T, party v1alpha1.Party, texts []v1alpha1.Text, from time.Time, days int) *v1alpha1.ApprovalDecision {
	outcomes := []v1alpha1.DecisionOutcome{approved, approved, returned, rejected}
	who := "vera"
	if party == partner {
		outcomes, who = append(outcomes, w.submits, w.submits), "paul"
	}
	w.count++
	revision := plan.Revision(&turnPlan(rapid.SampledFrom(texts).Draw(t, "text")).Spec.PlanTerms)
	at := from.Add(time.Duration(rapid.IntRange(0, days*24).Draw(t, "hours")) * time.Hour)
	return by(who, testobj.Decision(fmt.Sprintf("d%02d", w.count), "h1", revision, party, rapid.SampledFrom(outcomes).Draw(t, "outcome"), at.UTC().Format(time.RFC3339)))
}

// at evaluates the plan with a text and decisions.
func (w *turns) at(now time.Time, text v1alpha1.Text, decisions []*v1alpha1.ApprovalDecision) plan.Result {
	p := turnPlan(text)
	objects := []any{w.program, testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p}
	for _, d := range decisions {
		objects = append(objects, d)
	}
	return plan.Evaluate(testobj.Snapshot(objects...), p, now)
}

// lateness is by how many days the partner was, and is, late by an instant. A plan that is approved is owed no more, with whatever errors it is.
func lateness(r plan.Result, now time.Time) int {
	c := r.Duty.Clock(turnsDue)
	late := c.DaysLate
	if r.Status.PlanOfRecord != nil {
		return late
	}
	if today := berlin.Today(now); c.Owner == partner && today > c.Through {
		late += today.Sub(c.Through)
	}
	return late
}

// told are the verdicts about a plan, and how late the partner is.
func told(r plan.Result, now time.Time) []string {
	list := []string{fmt.Sprintf("%d days late", lateness(r, now)), string(r.Status.Stage)}
	for _, c := range r.Status.Conditions {
		list = append(list, fmt.Sprintf("%s %s %s", c.Type, c.Status, c.Reason))
	}
	return list
}

var berlin = fiscal.MustNew(testobj.Program("x").Obj().Spec.Calendar)

// TestNothingThatThePartnerWritesUndoesItsLateness says that a late submission never becomes one in time, whatever the partner decides, takes back or edits
// later. The one exception is that of decision 0022: a text that was submitted and edited before anybody decided is not known any more, so it holds the
// clock as long as the vendor had for it, and once until the vendor sends something back. Who goes back to a text that it had submitted has submitted it.
func TestNothingThatThePartnerWritesUndoesItsLateness(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTurns(t)
		first := testobj.At("2026-07-01T00:00:00Z")
		var before []*v1alpha1.ApprovalDecision
		for range rapid.IntRange(0, 5).Draw(t, "decisions before") {
			before = append(before, w.drawDecision(t, rapid.SampledFrom([]v1alpha1.Party{vendor, partner}).Draw(t, "party"), turnTexts, first, 40))
		}
		then := first.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "then")) * time.Hour)
		before = slices.DeleteFunc(before, func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.DecidedTime.After(then) })
		text := rapid.SampledFrom(turnTexts).Draw(t, "text before")
		after, edited := before, text
		for range rapid.IntRange(0, 4).Draw(t, "decisions of the partner after that") {
			after = append(slices.Clip(after), w.drawDecision(t, partner, turnTexts, then.Add(time.Second), 40))
		}
		if rapid.Bool().Draw(t, "edited") {
			edited = rapid.SampledFrom(turnTexts).Draw(t, "text after")
		}
		forgiven, sentBack := 0, 1
		for _, d := range after {
			switch {
			case d.Spec.Party == vendor && d.Spec.Decision != approved:
				sentBack++
			case d.Spec.Party == partner && d.Spec.Revision != plan.Revision(&turnPlan(edited).Spec.PlanTerms):
				forgiven = w.decide
			}
		}
		forgiven *= sentBack
		if edited == text {
			past := then.Add(-time.Duration(rapid.IntRange(0, 30*24).Draw(t, "past")) * time.Hour)
			was, is := told(w.at(past, text, before), past), told(w.at(past, text, after), past)
			if diff := cmp.Diff(was, is); diff != "" {
				t.Fatalf("at %s it was, and is with what the partner decided after %s (-was +is):\n%s", past, then, diff)
			}
		}
		again := func(d *v1alpha1.ApprovalDecision) bool {
			return d.Spec.Party == partner && d.Spec.Revision == plan.Revision(&turnPlan(edited).Spec.PlanTerms)
		}
		if edited != text && slices.ContainsFunc(before, again) {
			return
		}
		if w.at(then, text, before).Status.PlanOfRecord != nil {
			return
		}
		was := lateness(w.at(then, text, before), then)
		now := then.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "later")) * time.Hour)
		at := w.at(now, edited, after)
		if is := lateness(at, now); is < was-forgiven && at.Status.PlanOfRecord == nil {
			t.Fatalf("at %s the partner was late by %d days, and at %s by %d; %d are forgiven", then, was, now, is, forgiven)
		}
	})
}

// TestAnEditOfWhatTheVendorSentBackMovesNoClock says that a text with errors which the vendor sent back counts as submitted, before and after the partner
// edits it: the hunt above found that an edit, after which the errors are not known any more, took three days of lateness away.
func TestAnEditOfWhatTheVendorSentBackMovesNoClock(t *testing.T) {
	w := &turns{decide: 1, resubmit: 1, program: testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) {
		r.Approval = &v1alpha1.ApprovalPolicy{DecideWithinDays: new(int32(1)), ResubmitWithinDays: new(int32(1))}
	}).Obj()}
	wrong := plan.Revision(&turnPlan("wrong").Spec.PlanTerms)
	decisions := []*v1alpha1.ApprovalDecision{
		by("paul", testobj.Decision("d1", "h1", wrong, partner, approved, "2026-07-01T00:00:00Z")),
		by("vera", testobj.Decision("d2", "h1", wrong, vendor, returned, "2026-07-16T22:00:00Z")),
	}
	now := testobj.At("2026-07-20T22:00:00Z")
	for _, text := range []v1alpha1.Text{"wrong", "a"} {
		c := w.at(now, text, decisions).Duty.Clock(turnsDue)
		if got, want := [2]fiscal.Day{c.Through, c.SentBackOn}, [2]fiscal.Day{fiscal.MustParseDay("2026-07-18"), fiscal.MustParseDay("2026-07-17")}; got != want || c.Owner != partner {
			t.Errorf("with text %q it is the turn of %s through %s, sent back on %s; want the partner's through %s, sent back on %s",
				text, c.Owner, got[0], got[1], want[0], want[1])
		}
	}
}

// TestNothingThatTheVendorWritesLateCostsThePartner says that a decision that comes after the vendor's last day leaves the partner where it would be
// without one, or better; what is sent back is the partner's again for the days that the program gives, and not before.
func TestNothingThatTheVendorWritesLateCostsThePartner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTurns(t)
		first := testobj.At("2026-07-01T00:00:00Z")
		var before []*v1alpha1.ApprovalDecision
		for range rapid.IntRange(0, 4).Draw(t, "decisions before") {
			before = append(before, w.drawDecision(t, rapid.SampledFrom([]v1alpha1.Party{vendor, partner}).Draw(t, "party"), turnTexts[:3], first, 20))
		}
		before = slices.DeleteFunc(before, func(d *v1alpha1.ApprovalDecision) bool { // a text that was taken back was not sent to anybody
			return d.Spec.Party == partner && d.Spec.Decision != w.submits
		})
		text := rapid.SampledFrom(turnTexts[:3]).Draw(t, "text")
		w.count++
		before = append(before, by("paul", testobj.Decision(fmt.Sprintf("d%02d", w.count), "h1", plan.Revision(&turnPlan(text).Spec.PlanTerms), partner, w.submits,
			first.AddDate(0, 0, 20).Format(time.RFC3339))))
		last := w.at(first.AddDate(0, 0, 21), text, before).Duty.Clock(turnsDue)
		if last.Owner != vendor {
			return // it was decided, or sent back, before
		}
		late := berlin.EndOf(last.Through)
		after, sentBack := before, fiscal.Day(0)
		for range rapid.IntRange(1, 3).Draw(t, "late decisions of the vendor") {
			d := w.drawDecision(t, vendor, turnTexts[:3], late, 40)
			after = append(slices.Clip(after), d)
			if on := berlin.Today(d.Spec.DecidedTime.Time); d.Spec.Decision != approved && (sentBack == 0 || on < sentBack) {
				sentBack = on
			}
		}
		now := late.Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "now")) * time.Hour)
		without, with := lateness(w.at(now, text, before), now), lateness(w.at(now, text, after), now)
		allowed := without
		if again := sentBack.AddDays(w.resubmit); sentBack != 0 && berlin.Today(now) > again {
			allowed += berlin.Today(now).Sub(again)
		}
		if with > allowed {
			t.Fatalf("at %s the partner is late by %d days, and without the late decisions by %d; sent back on %s", now, with, without, sentBack)
		}
	})
}

// TestTheVendorsLateDecisionStaysLate says that the vendor's late item ends with its decision on what was submitted, and with nothing else that the vendor
// writes: decisions on texts that nobody submitted, or again on what it has decided on.
func TestTheVendorsLateDecisionStaysLate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTurns(t)
		first := testobj.At("2026-07-01T00:00:00Z")
		var before []*v1alpha1.ApprovalDecision
		for range rapid.IntRange(0, 3).Draw(t, "decisions of the vendor before") {
			before = append(before, w.drawDecision(t, vendor, turnTexts[1:], first, 10))
		}
		w.count++
		before = append(before, by("paul", testobj.Decision(fmt.Sprintf("d%02d", w.count), "h1", revisionOf("a"), partner, w.submits, first.AddDate(0, 0, 12).Format(time.RFC3339))))
		was := w.at(first.AddDate(0, 0, 13), "a", before).Duty.Clock(turnsDue)
		after := before
		for range rapid.IntRange(1, 4).Draw(t, "decisions of the vendor on other texts") {
			after = append(slices.Clip(after), w.drawDecision(t, vendor, turnTexts[1:], first.AddDate(0, 0, 13), 60))
		}
		now := berlin.EndOf(was.Through).Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "now")) * time.Hour)
		is := w.at(now, "a", after)
		if diff := cmp.Diff(was, is.Duty.Clock(turnsDue)); diff != "" {
			t.Fatalf("whose turn it is (-then +now):\n%s", diff)
		}
		late := "and has been overdue since " + was.Through.AddDays(1).String()
		if !slices.ContainsFunc(is.Status.Findings, func(f v1alpha1.Finding) bool {
			return f.Rule == plan.RuleDecisionOverdue && strings.Contains(f.Message, late)
		}) {
			t.Fatalf("it does not find that %s: %v", late, is.Status.Findings)
		}
	})
}
