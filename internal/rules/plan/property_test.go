package plan_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// drawDay draws a day around the period, or sometimes none.
func drawDay(t *rapid.T, label string) v1alpha1.Date {
	first := fiscal.MustParseDay("2026-06-01")
	return first.AddDays(rapid.IntRange(0, 260).Draw(t, label)).Date()
}

// allGoals are the goals that drawPlan draws from.
var allGoals = []v1alpha1.Name{"new-revenue-goal", "qualified-leads-goal", "retention-goal", "portal"}

// drawReviews draws records of meetings by both parties, in time or late, and what the parties say of them.
func drawReviews(t *rapid.T) (objects []any, reviews []*v1alpha1.PlanReview) {
	first := fiscal.MustParseDay("2026-06-20")
	span := rapid.SampledFrom([]int{220, 220, 270}).Draw(t, "days of meetings")
	for i := range rapid.IntRange(0, 5).Draw(t, "records") {
		day := first.AddDays(rapid.IntRange(0, span).Draw(t, "held"))
		r := testobj.Review("h1", day.Date())
		r.Name = fmt.Sprintf("r%d", i)
		r.Spec.RecordedTime = metav1.NewTime(r.Spec.RecordedTime.Add(time.Duration(rapid.IntRange(-30, 12*24).Draw(t, "recorded after hours")) * time.Hour))
		if rapid.Bool().Draw(t, "by the partner") {
			r.Spec.Party, r.Spec.RecordedBy = partner, "paul"
		}
		switch rapid.SampledFrom([]v1alpha1.ReviewOccasion{
			v1alpha1.OccasionReview, v1alpha1.OccasionReview, v1alpha1.OccasionKickOff,
			v1alpha1.OccasionReconciliation,
		}).Draw(t, "occasion") {
		case v1alpha1.OccasionKickOff:
			r.Spec.Occasion, r.Spec.Outcome, r.Spec.NoActionsBecause = v1alpha1.OccasionKickOff, "", ""
		case v1alpha1.OccasionReconciliation:
			r.Spec.Occasion = v1alpha1.OccasionReconciliation
			for _, goal := range rapid.SampledFrom([][]v1alpha1.Name{nil, {"portal"}, allGoals, allGoals, allGoals}).Draw(t, "goals told of") {
				r.Spec.Goals = append(r.Spec.Goals, said(goal))
			}
		default:
		}
		if i == 0 && r.Spec.NoActionsBecause != "" {
			r.Spec.NoActionsBecause = ""
			r.Spec.Actions = []v1alpha1.ActionItem{
				{Name: "call", Party: vendor, Due: drawDay(t, "action due")}, {Name: "mail", Party: partner, Due: drawDay(t, "action due")},
			}
		}
		objects, reviews = append(objects, r), append(reviews, r)
		for n := range rapid.IntRange(0, 3).Draw(t, "answers") {
			outcome := rapid.SampledFrom([]v1alpha1.DecisionOutcome{
				v1alpha1.DecisionConfirmed, v1alpha1.DecisionDisputed, v1alpha1.DecisionDisputed, v1alpha1.DecisionUpheld, v1alpha1.DecisionDismissed,
			}).Draw(t, "answer")
			at := r.Spec.RecordedTime.Add(time.Duration(rapid.IntRange(-2, 20*24).Draw(t, "answered after hours")) * time.Hour)
			objects = append(objects, testobj.Answer(fmt.Sprintf("r%d-%d", i, n), r, meeting.Revision(&r.Spec),
				rapid.SampledFrom([]v1alpha1.Party{vendor, partner}).Draw(t, "party"), outcome,
				rapid.SampledFrom([]string{"vera", "paul", "dora"}).Draw(t, "who"), at.Format(time.RFC3339)))
		}
	}
	return objects, reviews
}

// drawPlan draws a plan with its terms and progress.
func drawPlan(t *rapid.T) *v1alpha1.JointPlan {
	b := testobj.Plan("h1")
	maybe := func(label string) bool { return rapid.Bool().Draw(t, label) }
	for i, metric := range []v1alpha1.Name{"new-revenue", "qualified-leads", "retention"} {
		if maybe("goal") {
			b.Goal(metric+"-goal", metric, v1alpha1.Decimal(fmt.Sprint(100*(i+1))))
		}
	}
	if maybe("deliverable") {
		b.Deliverable("portal", drawDay(t, "deliverable due"))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "commitments") {
		b.Commitment(v1alpha1.Name(fmt.Sprintf("c%d", i)), drawDay(t, "commitment due"), "new-revenue-goal")
	}
	if maybe("activity") {
		b.Activity("fair", "TradeShow")
	}
	if maybe("sales plan") {
		b.With(func(s *v1alpha1.JointPlanSpec) { s.SalesPlan = drawSalesPlan(t) })
	}
	return b.With(func(s *v1alpha1.JointPlanSpec) {
		s.Risks = []v1alpha1.Risk{{Name: "r0", Description: "water", Owner: v1alpha1.PartyPartner}}
		s.Progress = &v1alpha1.Progress{FiredRisks: []v1alpha1.FiredRisk{{Name: "r0", Day: drawDay(t, "risk occurred")}}, Done: []v1alpha1.DoneItem{
			{Kind: "Commitment", Name: "c0", Day: drawDay(t, "done")},
			{Kind: "Risk", Name: "r0", Day: drawDay(t, "risk decided on")},
			{Kind: "Goal", Name: "portal", Day: drawDay(t, "done")},
			{Kind: "Action", Name: "r0/mail", Day: drawDay(t, "action done")},
		}}
	}).Obj()
}

// drawSalesPlan draws a sales plan, some of whose quarters are wrong.
func drawSalesPlan(t *rapid.T) *v1alpha1.SalesPlan {
	sales := &v1alpha1.SalesPlan{ExpectedWinRatePercent: "25"}
	for range rapid.IntRange(0, 4).Draw(t, "quarters") {
		q := v1alpha1.SalesQuarter{
			Goal:    rapid.SampledFrom([]v1alpha1.Name{"new-revenue-goal", "qualified-leads-goal", "retention-goal", "portal"}).Draw(t, "goal of a quarter"),
			Quarter: rapid.SampledFrom([]v1alpha1.FiscalQuarter{"Q1", "Q2", "Q3"}).Draw(t, "quarter"),
			Target:  v1alpha1.Decimal(fmt.Sprint(rapid.IntRange(0, 200).Draw(t, "target of a quarter"))),
		}
		if rapid.Bool().Draw(t, "days") {
			q.Quarter, q.From, q.Through = "", drawDay(t, "from"), drawDay(t, "through")
		}
		sales.Quarters = append(sales.Quarters, q)
	}
	for i, metric := range []v1alpha1.Name{"qualified-leads", "new-revenue", ""} {
		if rapid.Bool().Draw(t, "stage") {
			sales.Stages = append(sales.Stages, v1alpha1.SalesStage{Name: v1alpha1.Name(fmt.Sprint("s", i)), Metric: metric})
		}
	}
	return sales
}

// drawObjects draws a plan with all that its evaluation looks at.
func drawObjects(t *rapid.T) (p *v1alpha1.JointPlan, objects []any) {
	p = drawPlan(t)
	program := testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) {
		r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"KickOff", "Vision"}
		for _, about := range []v1alpha1.EscalationSubject{v1alpha1.EscalateDecision, v1alpha1.EscalateReconciliation, v1alpha1.EscalateCommitment} {
			r.Escalation = append(r.Escalation, v1alpha1.EscalationStep{About: about, AfterDays: 3, To: "ChannelDirector"})
		}
		if within := rapid.SampledFrom([]int32{-1, 0, 5, 30}).Draw(t, "reconcile within"); within >= 0 {
			r.Reviews = &v1alpha1.ReviewPolicy{ReconcileWithinDays: &within}
		}
		r.Approval = &v1alpha1.ApprovalPolicy{
			Parties:          rapid.SampledFrom([][]v1alpha1.Party{nil, {vendor}, {partner}}).Draw(t, "parties"),
			DecideWithinDays: new(rapid.SampledFrom([]int32{1, 10, 40}).Draw(t, "decide within")),
		}
		if rapid.Bool().Draw(t, "automatic tiers") {
			r.TierPolicy = &v1alpha1.TierPolicy{EvaluateEvery: v1alpha1.CadenceMonth}
			r.Tiers[0].Requirements = []v1alpha1.Requirement{{Metric: "qualified-leads", AtLeast: "20"}}
		}
	}).With(func(s *v1alpha1.PartnerProgramSpec) {
		early := s.RuleSets[0]
		early.Name, early.EffectiveFrom = "fy26", "2025-07-01"
		s.RuleSets = append(s.RuleSets, early)
	})
	objects = []any{
		program.Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p, testobj.Campaign("launch", "h1", "qualified-leads-goal"),
		testobj.Plan("q1").Period(2027, v1alpha1.PartQ1).Obj(),
	}
	records, _ := drawReviews(t)
	objects = append(objects, records...)
	for i := range rapid.IntRange(0, 2).Draw(t, "benchmarks") {
		b := lastQuarter(drawDay(t, "computed"), reached("new-revenue", "", "-5", "0", v1alpha1.Decimal(fmt.Sprint(rapid.IntRange(0, 40).Draw(t, "p75")))))
		b.Name += fmt.Sprint("-", i)
		objects = append(objects, b)
	}
	earlier := p.DeepCopy()
	earlier.Spec.Vision = "another"
	versions := []*v1alpha1.JointPlan{p, p, earlier}
	for i := range rapid.IntRange(0, 6).Draw(t, "decisions") {
		on := rapid.SampledFrom(versions).Draw(t, "content")
		objects = append(objects, by(rapid.SampledFrom([]string{"vera", "paul"}).Draw(t, "by"), testobj.Decision(
			fmt.Sprintf("d%d", i), "h1", plan.Revision(&on.Spec.PlanTerms), rapid.SampledFrom([]v1alpha1.Party{vendor, partner}).Draw(t, "party"),
			rapid.SampledFrom([]v1alpha1.DecisionOutcome{approved, approved, approved, v1alpha1.DecisionSubmitted, returned}).Draw(t, "decision"),
			string(drawDay(t, "decided"))+fmt.Sprintf("T%02d:30:00Z", rapid.IntRange(0, 23).Draw(t, "hour")),
		)))
	}
	if rapid.Bool().Draw(t, "kept") {
		revision := plan.Revision(&earlier.Spec.PlanTerms)
		objects = append(objects, &v1alpha1.PlanRevision{
			ObjectMeta: metav1.ObjectMeta{Name: plan.RevisionName("h1", revision), Namespace: testobj.Namespace},
			Spec:       v1alpha1.PlanRevisionSpec{PlanRef: v1alpha1.Reference{Name: "h1"}, Revision: revision, Terms: *earlier.Spec.PlanTerms.DeepCopy()},
		})
	}
	for i, metric := range []v1alpha1.Name{"new-revenue", "qualified-leads", "retention"} {
		var pairs []string
		for range rapid.IntRange(0, 4).Draw(t, "entries") {
			pairs = append(pairs, string(drawDay(t, "on")), fmt.Sprint(rapid.IntRange(1, 100).Draw(t, "value")))
		}
		if len(pairs) > 0 {
			objects = append(objects, testobj.Measured(fmt.Sprintf("m%d", i), "h1", metric, pairs...))
		}
	}
	return p, objects
}

// drawInstant draws an instant around the period, often at the edge of a day.
func drawInstant(t *rapid.T) time.Time {
	cal := fiscal.MustNew(testobj.Program("x").Obj().Spec.Calendar)
	at := cal.StartOf(fiscal.MustParseDay("2026-05-20").AddDays(rapid.IntRange(0, 360).Draw(t, "today")))
	return at.Add(rapid.SampledFrom([]time.Duration{0, -1, 1, 7 * time.Hour, 13*time.Hour + 30*time.Minute}).Draw(t, "time of day"))
}

// compared is what of a result must not change unnoticed.
type compared struct {
	Status     v1alpha1.JointPlanStatus
	Keep       []*v1alpha1.PlanRevision
	Attainment string
	Final      bool
	Approved   bool
	Promises   []plan.Promise
	Timeline   []v1alpha1.PlanningStep
}

func compare(r plan.Result) compared {
	c := compared{Status: r.Status, Keep: r.Keep, Final: r.Final, Approved: r.Approved, Promises: r.Promises}
	if r.Duty != nil {
		c.Timeline = r.Duty.Timeline(fiscal.MustParseDay("2026-07-15"))
	}
	if r.Attainment != nil {
		c.Attainment = r.Attainment.RatString()
	}
	return c
}

func TestTheStatusStaysUntilTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, objects := drawObjects(t)
		now := drawInstant(t)
		all := testobj.Snapshot(objects...)
		at := plan.Evaluate(all, p, now)
		end := at.NextChange
		if end.IsZero() {
			end = now.AddDate(5, 0, 0)
		}
		if !end.After(now) {
			t.Fatalf("the next change %s is not after now, %s", end, now)
		}
		part := rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "probe")
		for _, probe := range []time.Time{now.Add(time.Duration(part)), end.Add(-1)} {
			later := plan.Evaluate(all, p, probe)
			if diff := cmp.Diff(compare(at), compare(later), ignoreTransition); diff != "" {
				t.Fatalf("from %s to %s, before the next change at %s (-then +later):\n%s", now, probe, end, diff)
			}
		}
	})
}

// TestRecordsAndAnswersStayUntilTheNextChange is the same for the record of each meeting, and for each decision on it and on the plan.
func TestRecordsAndAnswersStayUntilTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, objects := drawObjects(t)
		now := drawInstant(t)
		if answer, ok := objects[rapid.IntRange(0, len(objects)-1).Draw(t, "after")].(*v1alpha1.ApprovalDecision); ok {
			now = answer.Spec.DecidedTime.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "hours after")) * time.Hour)
		}
		all := testobj.Snapshot(objects...)
		stays := func(name string, evaluate func(time.Time) (any, time.Time)) {
			before, end := evaluate(now)
			if end.IsZero() {
				end = now.AddDate(5, 0, 0)
			}
			if !end.After(now) {
				t.Fatalf("the next change %s of %s is not after now, %s", end, name, now)
			}
			part := rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "probe of "+name)
			for _, probe := range []time.Time{now.Add(time.Duration(part)), end.Add(-1)} {
				after, _ := evaluate(probe)
				if diff := cmp.Diff(before, after, ignoreTransition); diff != "" {
					t.Fatalf("%s, from %s to %s, before the next change at %s (-then +later):\n%s", name, now, probe, end, diff)
				}
			}
		}
		for _, x := range objects {
			switch x := x.(type) {
			case *v1alpha1.PlanReview:
				stays(x.Name, func(at time.Time) (any, time.Time) {
					status, next := plan.EvaluateReview(all, x, at)
					return status, next
				})
			case *v1alpha1.ApprovalDecision:
				stays(x.Name, func(at time.Time) (any, time.Time) {
					status, next := decision.Evaluate(all, x, at)
					return status, next
				})
			}
		}
	})
}

func TestTheStatusDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, objects := drawObjects(t)
		now := drawInstant(t)
		want := plan.Evaluate(testobj.Snapshot(objects...), p, now)
		i := slices.IndexFunc(objects, func(o any) bool { return o == any(p) })
		other := p.DeepCopy()
		objects[i] = other
		shuffleAll(t, reflect.ValueOf(&other.Spec).Elem())
		for j, o := range objects {
			if set, ok := o.(*v1alpha1.MeasurementSet); ok {
				days := map[v1alpha1.Date]bool{}
				set = set.DeepCopy()
				set.Spec.Entries = slices.DeleteFunc(set.Spec.Entries, func(e v1alpha1.Measurement) bool {
					seen := days[e.Day]
					days[e.Day] = true
					return seen // of two entries of one day the last counts
				})
				if len(set.Spec.Entries) == len(o.(*v1alpha1.MeasurementSet).Spec.Entries) {
					slices.Reverse(set.Spec.Entries)
					objects[j] = set
				}
			}
		}
		got := plan.Evaluate(testobj.Snapshot(rapid.Permutation(objects).Draw(t, "objects")...), other, now)
		if len(want.Keep) > 0 && len(got.Keep) > 0 {
			want.Keep[0].Spec.Terms, got.Keep[0].Spec.Terms = v1alpha1.PlanTerms{}, v1alpha1.PlanTerms{} // kept as they are written
		}
		if diff := cmp.Diff(compare(want), compare(got), ignoreTransition); diff != "" {
			t.Fatalf("another order makes (-want +got):\n%s", diff)
		}
	})
}

// checkInvariants checks what holds of every status: the conditions that a plan owns, each once, with the generation and a message.
func checkInvariants(t interface{ Fatalf(string, ...any) }, p *v1alpha1.JointPlan, status v1alpha1.JointPlanStatus) {
	var kinds []string
	for _, c := range status.Conditions {
		kinds = append(kinds, c.Type)
		if c.ObservedGeneration != p.Generation || c.Message == "" || c.Reason == "" || c.LastTransitionTime.IsZero() {
			t.Fatalf("condition %v", c)
		}
		if strings.Contains(c.Message, "%!") {
			t.Fatalf("a message is badly formatted: %s", c.Message)
		}
	}
	want := []string{"Ready", "Aligned", "Approved", "OnTrack", "ReconciliationOverdue", "ResultsStale", "ReviewOverdue", "Smart"}
	if slices.Contains(kinds, "Stalled") {
		want = slices.Insert(want, 1, "Stalled")
	}
	if !slices.Equal(kinds, want) {
		t.Fatalf("conditions %v, want %v", kinds, want)
	}
	for _, f := range status.Findings {
		if f.Message == "" || f.Field == "" || strings.Contains(f.Message, "%!") {
			t.Fatalf("finding %v", f)
		}
	}
	if len(status.OpenItems) > 64 || status.Reviews != nil && len(status.Reviews.Slots) > 24 {
		t.Fatalf("too many items")
	}
}

func TestEveryStatusIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, objects := drawObjects(t)
		got := plan.Evaluate(testobj.Snapshot(objects...), p, drawInstant(t))
		checkInvariants(t, p, got.Status)
		p.Status = got.Status
		again := plan.Evaluate(testobj.Snapshot(objects...), p, drawInstant(t))
		for _, c := range again.Status.Conditions {
			if before := condition(got.Status.Conditions, c.Type); before.Status == c.Status && !before.LastTransitionTime.Equal(&c.LastTransitionTime) {
				t.Fatalf("%s stayed %s and moved its lastTransitionTime", c.Type, c.Status)
			}
		}
	})
}

// emptyReview is a record of a meeting about plan h1 that says nothing else than a spec does.
func emptyReview(spec v1alpha1.PlanReviewSpec) *v1alpha1.PlanReview {
	spec.PlanRef.Name = "h1"
	return &v1alpha1.PlanReview{ObjectMeta: metav1.ObjectMeta{Name: "of-" + string(spec.HeldOn), Namespace: testobj.Namespace}, Spec: spec}
}

func TestNothingThatAStructCanHoldPanics(t *testing.T) {
	at := testobj.At("2026-10-01T12:00:00Z")
	mutations(func(path string, terms *v1alpha1.PlanTerms) {
		terms.PartnerRef.Name = "acme"
		if !strings.Contains(path, "Period") {
			terms.Period = testobj.Plan("x").Obj().Spec.Period
		}
		p := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Name: "h1", Namespace: testobj.Namespace}}
		p.Spec.PlanTerms = *terms
		p.Spec.Progress = &v1alpha1.Progress{Done: []v1alpha1.DoneItem{{}, {Kind: "Action"}}, FiredRisks: []v1alpha1.FiredRisk{{}}}
		revision := plan.Revision(&p.Spec.PlanTerms)
		got := plan.Evaluate(testobj.Snapshot(world(p, nil,
			testobj.Decision("v", "h1", revision, vendor, approved, beforePeriod), testobj.Decision("p", "h1", revision, partner, approved, beforePeriod),
			&v1alpha1.PlanRevision{Spec: v1alpha1.PlanRevisionSpec{PlanRef: v1alpha1.Reference{Name: "h1"}}}, &v1alpha1.ApprovalDecision{},
			emptyReview(v1alpha1.PlanReviewSpec{}), emptyReview(v1alpha1.PlanReviewSpec{HeldOn: "x", Actions: []v1alpha1.ActionItem{{}}}),
			emptyReview(v1alpha1.PlanReviewSpec{HeldOn: "2026-09-01", Actions: []v1alpha1.ActionItem{{Due: "x"}}}),
		)...), p, at)
		checkInvariants(t, p, got.Status)
	})
	empty := &v1alpha1.JointPlan{}
	plan.Evaluate(testobj.Snapshot(empty), empty, at)
	d := &v1alpha1.ApprovalDecision{}
	d.Spec.TargetRef = v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: "h1"}
	status, _ := decision.Evaluate(testobj.Snapshot(version("a"), d), d, at)
	if condition(status.Conditions, "Effective").Reason != v1alpha1.ReasonNotEvaluated {
		t.Errorf("an empty decision is %v", status.Conditions)
	}
	plan.EvaluateRevision(testobj.Snapshot(version("a")), &v1alpha1.PlanRevision{}, at)
}
