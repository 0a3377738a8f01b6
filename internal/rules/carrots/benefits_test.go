package carrots_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/carrots"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

const november = "2026-11-03T10:00:00+01:00"

// world is a program whose gold partners get 12 se-days and 20 credits a year, of which the former are measured, and what else there is.
type world struct {
	program *v1alpha1.PartnerProgram
	partner *v1alpha1.Partner
	objects []any
}

func newWorld() *world {
	w := &world{partner: testobj.Partner("acme").Tier("gold", "2026-01-01").Obj()}
	w.program = testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Metrics = append(spec.Metrics, v1alpha1.Metric{Name: "se-days-used", Unit: v1alpha1.UnitDays, Behaviour: v1alpha1.BehaviourFlow})
		spec.Benefits = []v1alpha1.ProgramBenefit{{Name: "se-days", Unit: "days", Metric: "se-days-used"}, {Name: "credits"}}
		spec.RuleSets[0].Tiers[0].Benefits = []v1alpha1.Benefit{{Name: "se-days", Quantity: "12"}, {Name: "credits", Quantity: "20"}}
	}).Obj()
	return w
}

// plan adds a plan with a goal that serves an initiative and one that does not, as often as said, and requests for se-days.
func (w *world) plan(name string, part v1alpha1.PeriodPart, aligned, others int, asks ...string) *v1alpha1.JointPlan {
	b := testobj.Plan(name).Period(2027, part)
	for i := range aligned + others {
		b.Goal(v1alpha1.Name(fmt.Sprintf("goal-%d", i)), "new-revenue", "1000")
	}
	x := b.Obj()
	for i := range others {
		x.Spec.Goals[aligned+i].Initiatives = nil
	}
	for i, quantity := range asks {
		x.Spec.BenefitRequests = append(x.Spec.BenefitRequests, v1alpha1.BenefitRequest{
			Name: v1alpha1.Name(fmt.Sprintf("ask-%d", i)), Benefit: "se-days", Quantity: v1alpha1.Decimal(quantity), Goal: "goal-0",
		})
	}
	w.objects = append(w.objects, x)
	return x
}

// approve has both parties approve a plan as it is, at an instant.
func (w *world) approve(x *v1alpha1.JointPlan, at string) {
	revision := plan.Revision(&x.Spec.PlanTerms)
	w.objects = append(w.objects,
		testobj.Decision(x.Name+"-partner", x.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, at),
		testobj.Decision(x.Name+"-vendor", x.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, at))
}

// uses adds what was used of se-days, as day, quantity.
func (w *world) uses(pairs ...string) {
	b := testobj.Measurements("used", v1alpha1.SubjectPartner, "acme")
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Entry("se-days-used", v1alpha1.Date(pairs[i]), v1alpha1.Decimal(pairs[i+1]))
	}
	w.objects = append(w.objects, b.Obj())
}

func (w *world) snapshot() *snapshot.Snapshot {
	return testobj.Snapshot(append([]any{w.program, w.partner}, w.objects...)...)
}

// told writes what the partner has of a benefit, a line for each period.
func (w *world) told(name v1alpha1.Name, at string) string {
	list, _ := carrots.OfPartner(w.snapshot(), w.partner, testobj.At(at))
	var lines []string
	for i := range list {
		x := &list[i]
		if x.Name != name {
			continue
		}
		line := fmt.Sprintf("%s: entitled %s aligned %s asked %s granted %s", x.Period, x.Entitled, x.Aligned, x.Asked, x.Granted)
		if x.Used != "" {
			line += " used " + string(x.Used)
		}
		lines = append(lines, line+fmt.Sprintf(" left %s to %s", x.Left, x.UseThrough))
	}
	return strings.Join(lines, "\n")
}

func TestTheBenefitsOfAPartner(t *testing.T) {
	for name, tc := range map[string]struct {
		build func(*world)
		want  string
	}{
		"two halves, of which half of the second is aligned": {func(w *world) {
			w.plan("h1", v1alpha1.PartH1, 1, 0)
			w.plan("h2", v1alpha1.PartH2, 1, 1)
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 0.0 granted 0.0 used 0.0 left 0.0 to 2026-12-31\n" +
			"FY2027 H2: entitled 6.0 aligned 3.0 asked 0.0 granted 0.0 used 0.0 left 0.0 to 2027-06-30"},
		"no plan: nothing is aligned": {func(*world) {}, "FY2027 H1: entitled 6.0 aligned 0.0 asked 0.0 granted 0.0 used 0.0 left 0.0 to 2026-12-31"},
		"a draft asks, and has nothing": {func(w *world) {
			w.plan("h1", v1alpha1.PartH1, 1, 0, "4")
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 4.0 granted 0.0 used 0.0 left 0.0 to 2026-12-31"},
		"an approved plan has what it asks for": {func(w *world) {
			w.approve(w.plan("h1", v1alpha1.PartH1, 1, 0, "4", "1.5"), "2026-06-20T09:00:00Z")
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 5.5 granted 5.5 used 0.0 left 5.5 to 2026-12-31"},
		"exactly what is aligned": {func(w *world) {
			w.approve(w.plan("h1", v1alpha1.PartH1, 1, 1, "2", "1"), "2026-06-20T09:00:00Z")
		}, "FY2027 H1: entitled 6.0 aligned 3.0 asked 3.0 granted 3.0 used 0.0 left 3.0 to 2026-12-31"},
		"and no more": {func(w *world) {
			w.approve(w.plan("h1", v1alpha1.PartH1, 1, 1, "2", "1.5"), "2026-06-20T09:00:00Z")
		}, "FY2027 H1: entitled 6.0 aligned 3.0 asked 3.5 granted 3.0 used 0.0 left 3.0 to 2026-12-31"},
		"what was used is not left": {func(w *world) {
			w.approve(w.plan("h1", v1alpha1.PartH1, 1, 0, "4"), "2026-06-20T09:00:00Z")
			w.uses("2026-06-30", "9", "2026-07-01", "1", "2026-10-31", "1.5", "2026-12-01", "9")
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 4.0 granted 4.0 used 2.5 left 1.5 to 2026-12-31"},
		"more was used than granted": {func(w *world) {
			w.approve(w.plan("h1", v1alpha1.PartH1, 1, 0, "4"), "2026-06-20T09:00:00Z")
			w.uses("2026-10-31", "5")
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 4.0 granted 4.0 used 5.0 left 0.0 to 2026-12-31"},
		"plans for one period share it, the first approved first": {func(w *world) {
			w.approve(w.plan("a", v1alpha1.PartH1, 1, 0, "4"), "2026-06-22T09:00:00Z")
			w.approve(w.plan("b", v1alpha1.PartH1, 1, 0, "4"), "2026-06-20T09:00:00Z")
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 8.0 granted 6.0 used 0.0 left 6.0 to 2026-12-31"},
		"a year around a half has the other half": {func(w *world) {
			w.plan("h1", v1alpha1.PartH1, 1, 0)
			w.plan("year", v1alpha1.PartYear, 1, 0)
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 0.0 granted 0.0 used 0.0 left 0.0 to 2026-12-31\n" +
			"FY2027: entitled 6.0 aligned 6.0 asked 0.0 granted 0.0 used 0.0 left 0.0 to 2027-06-30"},
		"a tier without benefits": {func(w *world) {
			w.partner.Spec.Tier.Name = "silver"
			w.approve(w.plan("h1", v1alpha1.PartH1, 1, 0, "4"), "2026-06-20T09:00:00Z")
		}, "FY2027 H1: entitled 0.0 aligned 0.0 asked 4.0 granted 0.0 used 0.0 left 0.0 to 2026-12-31"},
		"what is for a goal that there is not is not granted": {func(w *world) {
			x := w.plan("h1", v1alpha1.PartH1, 1, 0, "4", "1")
			x.Spec.BenefitRequests[0].Goal = "nothing"
			w.approve(x, "2026-06-20T09:00:00Z")
		}, "FY2027 H1: entitled 6.0 aligned 6.0 asked 5.0 granted 1.0 used 0.0 left 1.0 to 2026-12-31"},
	} {
		w := newWorld()
		tc.build(w)
		if diff := cmp.Diff(tc.want, w.told("se-days", november)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What is left of the first half is used first in the second, when the program carries it over.
func TestWhatIsCarriedOver(t *testing.T) {
	build := func(rule v1alpha1.BenefitCarryOver) *world {
		w := newWorld()
		w.program.Spec.Benefits[0].CarryOver = rule
		w.approve(w.plan("h1", v1alpha1.PartH1, 1, 0, "4"), "2026-06-20T09:00:00Z")
		w.approve(w.plan("h2", v1alpha1.PartH2, 1, 0, "3"), "2026-12-20T09:00:00Z")
		w.uses("2026-10-31", "1", "2027-02-28", "5")
		return w
	}
	for rule, want := range map[v1alpha1.BenefitCarryOver]string{
		v1alpha1.CarryOverNone: "FY2027 H1: entitled 6.0 aligned 6.0 asked 4.0 granted 4.0 used 1.0 left 3.0 to 2026-12-31\n" +
			"FY2027 H2: entitled 6.0 aligned 6.0 asked 3.0 granted 3.0 used 5.0 left 0.0 to 2027-06-30",
		v1alpha1.CarryOverYear: "FY2027 H1: entitled 6.0 aligned 6.0 asked 4.0 granted 4.0 used 4.0 left 0.0 to 2027-06-30\n" +
			"FY2027 H2: entitled 6.0 aligned 6.0 asked 3.0 granted 3.0 used 2.0 left 1.0 to 2027-06-30",
	} {
		if diff := cmp.Diff(want, build(rule).told("se-days", "2027-03-10T10:00:00+01:00")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
}

// A plan's own part is by the order of approval, then of its name; the order in which plans and requests are written means nothing.
func TestTheOrderOfPlansAndRequestsMeansNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, other := newWorld(), newWorld()
		var plans, turned []*v1alpha1.JointPlan
		for i := range rapid.IntRange(1, 4).Draw(t, "plans") {
			part := rapid.SampledFrom([]v1alpha1.PeriodPart{v1alpha1.PartH1, v1alpha1.PartH2, v1alpha1.PartQ2, v1alpha1.PartYear}).Draw(t, "part")
			var asks []string
			for range rapid.IntRange(0, 3).Draw(t, "requests") {
				asks = append(asks, fmt.Sprint(rapid.IntRange(1, 8).Draw(t, "asked")))
			}
			x := w.plan(fmt.Sprintf("p%d", i), part, rapid.IntRange(1, 3).Draw(t, "aligned"), rapid.IntRange(0, 2).Draw(t, "others"), asks...)
			if rapid.Bool().Draw(t, "approved") {
				w.approve(x, fmt.Sprintf("2026-06-%02dT09:00:00Z", rapid.IntRange(20, 22).Draw(t, "on")))
			}
			plans = append(plans, x)
		}
		for _, x := range plans {
			y := x.DeepCopy()
			slices.Reverse(y.Spec.BenefitRequests)
			slices.Reverse(y.Spec.Goals)
			turned = append([]*v1alpha1.JointPlan{y}, turned...)
		}
		for _, y := range turned {
			other.objects = append(other.objects, y)
		}
		for _, x := range w.objects {
			if _, isPlan := x.(*v1alpha1.JointPlan); !isPlan {
				other.objects = append(other.objects, x)
			}
		}
		now := testobj.At(november)
		list, _ := carrots.OfPartner(w.snapshot(), w.partner, now)
		again, _ := carrots.OfPartner(other.snapshot(), other.partner, now)
		if diff := cmp.Diff(list, again); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}
		granted := map[v1alpha1.Name]*big.Rat{}
		for _, x := range list {
			if number(x.Aligned).Cmp(number(x.Entitled)) > 0 || number(x.Granted).Cmp(number(x.Aligned)) > 0 || number(x.Granted).Cmp(number(x.Asked)) > 0 {
				t.Fatalf("%s in %s: entitled %s, aligned %s, asked %s, granted %s", x.Name, x.Period, x.Entitled, x.Aligned, x.Asked, x.Granted)
			}
			add(granted, x.Name, x.Granted, 1)
		}
		for _, x := range plans {
			of, _ := carrots.BenefitsOfPlan(w.snapshot(), x, now)
			for _, y := range of {
				add(granted, y.Benefit, y.Granted, -1)
			}
		}
		for name, rest := range granted {
			if rest.Sign() != 0 {
				t.Fatalf("the partner is granted %s more of %s than its plans", rest, name)
			}
		}
	})
}

func number(text v1alpha1.Decimal) *big.Rat { return decimal.MustParse(string(text)) }

func add(sums map[v1alpha1.Name]*big.Rat, name v1alpha1.Name, text v1alpha1.Decimal, sign int64) {
	if sums[name] == nil {
		sums[name] = new(big.Rat)
	}
	sums[name].Add(sums[name], new(big.Rat).Mul(number(text), big.NewRat(sign, 1)))
}

// Before the next change nothing changes: neither what a partner has, nor what a plan opens.
func TestNothingChangesBeforeTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.program.Spec.Benefits[0].CarryOver = rapid.SampledFrom([]v1alpha1.BenefitCarryOver{v1alpha1.CarryOverNone, v1alpha1.CarryOverYear}).Draw(t, "rule")
		x := w.plan("h1", v1alpha1.PartH1, 1, 1, "4")
		if rapid.Bool().Draw(t, "approved") {
			w.approve(x, "2026-08-20T09:00:00Z")
		}
		if rapid.Bool().Draw(t, "a second plan") {
			w.plan("h2", v1alpha1.PartH2, 1, 0, "2")
		}
		w.objects = append(w.objects, testobj.Budget("fy27-emea").Obj())
		w.uses("2026-10-31", "1", "2027-02-28", "2")
		first := testobj.At("2026-06-01T00:00:00Z")
		now := first.Add(time.Duration(rapid.IntRange(0, 500*24).Draw(t, "hours")) * time.Hour)
		snap := w.snapshot()
		list, next := carrots.OfPartner(snap, w.partner, now)
		unlocks, unlocksNext := carrots.OfPlan(snap, x, now)
		later := now.Add(time.Duration(rapid.IntRange(1, 200*24).Draw(t, "later")) * time.Hour)
		after := w.snapshot()
		if next.IsZero() || later.Before(next) {
			again, _ := carrots.OfPartner(after, w.partner, later)
			if diff := cmp.Diff(list, again); diff != "" {
				t.Fatalf("from %s to %s, before %s (-want +got):\n%s", now, later, next, diff)
			}
		}
		if unlocksNext.IsZero() || later.Before(unlocksNext) {
			again, _ := carrots.OfPlan(after, x, later)
			if diff := cmp.Diff(unlocks, again); diff != "" {
				t.Fatalf("unlocks from %s to %s, before %s (-want +got):\n%s", now, later, unlocksNext, diff)
			}
		}
	})
}

// TestAPartnerWithoutBenefitsHasNoList holds that none is written as it is read again, so that nothing seems to have changed.
func TestAPartnerWithoutBenefitsHasNoList(t *testing.T) {
	w := newWorld()
	w.program.Spec.Benefits = nil
	for i := range w.program.Spec.RuleSets {
		for j := range w.program.Spec.RuleSets[i].Tiers {
			w.program.Spec.RuleSets[i].Tiers[j].Benefits = nil
		}
	}
	if list, _ := carrots.OfPartner(w.snapshot(), w.partner, testobj.At(november)); list != nil {
		t.Errorf("the list is %#v, want none", list)
	}
}
