package partner_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// world is what a generated case consists of.
type world struct {
	program *v1alpha1.PartnerProgram
	partner *v1alpha1.Partner
	objects []any
}

var firstOfYear = fiscal.MustParseDay("2026-07-01")

// drawDay draws a day of fiscal years 2027 and 2028, and more often than not one near a quarter's end.
func drawDay(t *rapid.T, label string) fiscal.Day {
	if rapid.Bool().Draw(t, label+" near a quarter's end") {
		quarter := rapid.IntRange(0, 7).Draw(t, label+" quarter")
		return firstOfYear.AddMonths(3 * quarter).AddDays(rapid.IntRange(-2, 2).Draw(t, label+" off"))
	}
	return firstOfYear.AddDays(rapid.IntRange(0, 700).Draw(t, label))
}

func drawDate(t *rapid.T, label string) v1alpha1.Date {
	if rapid.IntRange(0, 2).Draw(t, label+" absent") == 0 {
		return ""
	}
	return drawDay(t, label).Date()
}

func drawInstant(t *rapid.T, label string) time.Time {
	at := testobj.At(drawDay(t, label).String() + "T00:00:00Z")
	return at.Add(time.Duration(rapid.IntRange(-26*3600, 26*3600).Draw(t, label+" seconds")) * time.Second)
}

func drawStanding(t *rapid.T) []v1alpha1.StandingRule {
	days := func(label string) int32 { return rapid.SampledFrom([]int32{0, 3, 40}).Draw(t, label) }
	var rules []v1alpha1.StandingRule
	for _, cause := range []v1alpha1.StandingCause{
		v1alpha1.CauseReviewOverdue, v1alpha1.CausePlanOverdue, v1alpha1.CauseDecisionOverdue, v1alpha1.CauseLowAttainment, v1alpha1.CauseAgreementLapsed, v1alpha1.CauseInvoiceOverdue,
	} {
		if !rapid.Bool().Draw(t, string(cause)) {
			continue
		}
		r := rule(cause, days("notice"), days("cure"), held(days("hold after"), "Promotion"), reduced("40", days("rate after")))
		if cause == v1alpha1.CauseDecisionOverdue {
			r.Owner, r.Consequences = v1alpha1.PartyVendor, nil
		}
		if cause == v1alpha1.CauseLowAttainment {
			r.AttainmentBelowPercent, r.Periods = "60", new(rapid.Int32Range(1, 2).Draw(t, "periods"))
		}
		rules = append(rules, r)
	}
	return rules
}

func drawProgram(t *rapid.T) *v1alpha1.PartnerProgram {
	p := demanding(rapid.Int32Range(0, 1).Draw(t, "grace"))
	p.Spec.Calendar.TimeZone = rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York"}).Draw(t, "zone")
	p.Spec.Metrics[1].ReportingLagDays = new(rapid.SampledFrom([]int32{0, 15}).Draw(t, "lag"))
	set := &p.Spec.RuleSets[0]
	set.TierPolicy.EvaluateEvery = rapid.SampledFrom([]v1alpha1.Cadence{"", v1alpha1.CadenceYear}).Draw(t, "evaluate every")
	set.Tiers[0].Requirements = append(set.Tiers[0].Requirements, v1alpha1.Requirement{Metric: "qualified-leads", AtLeast: "60"})
	for i := range 2 {
		set.Tiers[i].Planning.DueDaysAfterStart = new(rapid.SampledFrom([]int32{-20, 0, 10}).Draw(t, "due days"))
		set.Tiers[i].Planning.Every = rapid.SampledFrom([]v1alpha1.Cadence{v1alpha1.CadenceQuarter, v1alpha1.CadenceHalf}).Draw(t, "every")
	}
	set.Escalation = append(set.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalateDecision, AfterDays: 3, To: "ChannelDirector"})
	set.Approval = &v1alpha1.ApprovalPolicy{
		Parties:          rapid.SampledFrom([][]v1alpha1.Party{nil, {v1alpha1.PartyVendor}, {v1alpha1.PartyPartner}}).Draw(t, "parties"),
		DecideWithinDays: new(rapid.SampledFrom([]int32{1, 10, 40}).Draw(t, "decide within")),
	}
	later := set.DeepCopy()
	later.Name, later.EffectiveFrom = "later", drawDay(t, "later rules").AddDays(10).Date()
	set.Standing, later.Standing = drawStanding(t), drawStanding(t)
	p.Spec.RuleSets = append(p.Spec.RuleSets, *later)
	return p
}

func drawWorld(t *rapid.T) world {
	b := testobj.Partner("acme").Joined(drawDate(t, "joined"))
	if rapid.Bool().Draw(t, "says when it was recorded") {
		b = b.Recorded(drawDate(t, "recorded"))
	}
	if rapid.Bool().Draw(t, "states a tier") {
		b = b.Tier(rapid.SampledFrom([]v1alpha1.Name{"registered", "silver", "gold", "god"}).Draw(t, "tier"), drawDay(t, "since").Date())
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "certificates") {
		b = b.Certified("certified", fmt.Sprintf("person %d", i), drawDate(t, "from"), drawDate(t, "through"))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "invoices") {
		b = b.Invoice(strconv.Itoa(i), drawDay(t, "due").Date(), drawDate(t, "paid"))
	}
	if rapid.Bool().Draw(t, "agreement") {
		b = b.Agreement(drawDay(t, "signed").Date(), drawDate(t, "ends"))
	}
	w := world{program: drawProgram(t), partner: b.Obj()}
	set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme")
	for i := range rapid.IntRange(0, 4).Draw(t, "plans") {
		name := fmt.Sprintf("plan-%d", i)
		part := rapid.SampledFrom([]v1alpha1.PeriodPart{v1alpha1.PartQ1, v1alpha1.PartQ2, v1alpha1.PartH1, v1alpha1.PartYear}).Draw(t, "part")
		p := testobj.Plan(name).Period(rapid.SampledFrom([]int32{2027, 2027, 2028}).Draw(t, "year"), part).Goal("leads", "qualified-leads", "100")
		if rapid.Bool().Draw(t, "reviewed") {
			r := testobj.Review(name, drawDay(t, "reviewed on").Date())
			r.Spec.RecordedTime = metav1.NewTime(r.Spec.RecordedTime.Add(time.Duration(rapid.IntRange(0, 10*24).Draw(t, "recorded after hours")) * time.Hour))
			if rapid.Bool().Draw(t, "by the partner") {
				r.Spec.Party, r.Spec.RecordedBy = v1alpha1.PartyPartner, "paul"
			}
			w.objects = append(w.objects, r)
			if rapid.Bool().Draw(t, "disputed") {
				at := r.Spec.RecordedTime.Add(time.Duration(rapid.IntRange(0, 10*24).Draw(t, "disputed after hours")) * time.Hour)
				w.objects = append(w.objects, testobj.Answer(name+"-disputed", r, meeting.Revision(&r.Spec), v1alpha1.PartyVendor, v1alpha1.DecisionDisputed,
					"vera", at.Format(time.RFC3339)))
			}
		}
		if rapid.Bool().Draw(t, "not approved") {
			w.objects = append(w.objects, drawDecisions(t, p.Obj())...)
		} else {
			w.objects = append(w.objects, approved(p.Obj(), drawInstant(t, "approved").AddDate(0, -2, 0).Format(time.RFC3339))...)
		}
		w.objects = append(w.objects, testobj.Measured(name, name, "qualified-leads",
			drawDay(t, "on").String(), strconv.Itoa(rapid.IntRange(0, 120).Draw(t, "leads"))))
	}
	if rapid.Bool().Draw(t, "own leads") {
		set = set.Entry("qualified-leads", drawDay(t, "own on").Date(), "70")
		w.objects = append(w.objects, set.Obj())
	}
	return w
}

// drawDecisions returns a plan with decisions of both parties on its content and on others.
func drawDecisions(t *rapid.T, x *v1alpha1.JointPlan) []any {
	if rapid.IntRange(0, 4).Draw(t, "wrong") == 0 {
		x.Spec.Activities = append(x.Spec.Activities, v1alpha1.PlannedActivity{Name: "dance", Type: "Dance"})
	}
	objects := []any{x}
	for i := range rapid.IntRange(0, 5).Draw(t, "decisions") {
		revision := plan.Revision(&x.Spec.PlanTerms)
		if rapid.Bool().Draw(t, "on other content") {
			revision = "v1:00000000000000000000000000000000"
		}
		party := rapid.SampledFrom([]v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner}).Draw(t, "party")
		outcomes := []v1alpha1.DecisionOutcome{v1alpha1.DecisionApproved, v1alpha1.DecisionApproved, v1alpha1.DecisionReturned, v1alpha1.DecisionRejected}
		if party == v1alpha1.PartyPartner {
			outcomes = append(outcomes, v1alpha1.DecisionSubmitted)
		}
		objects = append(objects, testobj.Decision(fmt.Sprintf("%s-%d", x.Name, i), x.Name, revision, party, rapid.SampledFrom(outcomes).Draw(t, "outcome"),
			drawInstant(t, "decided").AddDate(0, -2, 0).Format(time.RFC3339)))
	}
	return objects
}

func (w world) at(now time.Time) (r result) {
	objects := append(slices.Clone(w.objects), w.program, w.partner)
	r.Status, r.NextChange = partner.Evaluate(testobj.Snapshot(objects...), w.partner, partner.Ancestry{}, now)
	return r
}

// outsidePurity are the fields that tell when they were written.
var outsidePurity = cmpopts.IgnoreFields(metav1.Condition{}, "LastTransitionTime")

func TestNothingChangesBeforeNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		before := w.at(now)
		end := before.NextChange
		if !end.IsZero() && !end.After(now) {
			t.Fatalf("next change %s is not after now %s", end, now)
		}
		if end.IsZero() {
			end = now.AddDate(5, 0, 0)
		}
		later := now.Add(time.Duration(rapid.Float64Range(0, 1).Draw(t, "share") * float64(end.Sub(now))))
		for _, at := range []time.Time{later, end.Add(-1)} {
			if at.Before(now) || !at.Before(end) {
				continue
			}
			if diff := cmp.Diff(before.Status, w.at(at).Status, outsidePurity); diff != "" {
				t.Fatalf("at %s, before the next change at %s, it differs from %s:\n%s", at, end, now, diff)
			}
		}
	})
}

// TestNothingThatIsWrittenLaterChangesAPastDay: what the parties decide, record or answer after an instant is not known at it, whoever writes it. So what is
// submitted or recorded late lifts no hold of before, and no promotion that a hold stopped comes back.
func TestNothingThatIsWrittenLaterChangesAPastDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		known := w
		known.objects = slices.DeleteFunc(slices.Clone(w.objects), func(x any) bool {
			switch x := x.(type) {
			case *v1alpha1.PlanReview:
				return x.Spec.RecordedTime.After(now)
			case *v1alpha1.ApprovalDecision:
				return x.Spec.DecidedTime.After(now)
			default:
				return false
			}
		})
		is, was := w.at(now).Status, known.at(now).Status
		is.Decisions, was.Decisions = nil, nil // counts what is stored
		if diff := cmp.Diff(was, is, outsidePurity); diff != "" {
			t.Fatalf("at %s, without what came later and with it (-without +with):\n%s", now, diff)
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		before := w.at(now)
		seed := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle(seed, w.objects)
		shuffle(seed, w.partner.Spec.Competencies)
		shuffle(seed, w.partner.Spec.Invoices)
		shuffle(seed, w.program.Spec.RuleSets)
		shuffle(seed, w.program.Spec.Metrics)
		for i := range w.program.Spec.RuleSets {
			set := &w.program.Spec.RuleSets[i]
			shuffle(seed, set.Tiers)
			shuffle(seed, set.Standing)
			for j := range set.Standing {
				shuffle(seed, set.Standing[j].Consequences)
			}
		}
		if diff := cmp.Diff(before, w.at(now)); diff != "" {
			t.Fatalf("another order changes the outcome:\n%s", diff)
		}
	})
}

func shuffle[T any](seed *rand.Rand, list []T) {
	seed.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}
