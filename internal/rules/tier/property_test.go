package tier_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/standing"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// world is what a generated case consists of.
type world struct {
	program *v1alpha1.PartnerProgram
	partner *v1alpha1.Partner
	set     *v1alpha1.MeasurementSet
}

var firstOf2025 = fiscal.MustParseDay("2025-01-01")

// drawDay draws a day of 2025 to 2027, and more often than not one near a quarter's end.
func drawDay(t *rapid.T, label string) fiscal.Day {
	if rapid.Bool().Draw(t, label+" near a quarter's end") {
		quarter := rapid.IntRange(1, 11).Draw(t, label+" quarter")
		return firstOf2025.AddMonths(3 * quarter).AddDays(rapid.IntRange(-2, 2).Draw(t, label+" off"))
	}
	return firstOf2025.AddDays(rapid.IntRange(0, 1095).Draw(t, label))
}

func drawDate(t *rapid.T, label string) v1alpha1.Date {
	if rapid.IntRange(0, 2).Draw(t, label+" absent") == 0 {
		return ""
	}
	return drawDay(t, label).Date()
}

// drawWorld draws a program with two rule sets, a partner and its results.
func drawWorld(t *rapid.T) world {
	w := world{program: odoo(odooRules("terms-2026", drawDay(t, "second rule set").Date(), 320))}
	spec := &w.program.Spec
	spec.Calendar.TimeZone = rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York"}).Draw(t, "zone")
	for i := range spec.Metrics {
		m := &spec.Metrics[i]
		m.ReportingLagDays = new(rapid.SampledFrom([]int32{0, 0, 5, 40}).Draw(t, "lag"))
		m.ReportEvery = rapid.SampledFrom([]v1alpha1.Cadence{"", v1alpha1.CadenceQuarter}).Draw(t, "report every")
	}
	spec.Metrics[0].Reporting = rapid.SampledFrom([]v1alpha1.MetricReporting{"", v1alpha1.ReportingCumulative}).Draw(t, "reporting")
	spec.Metrics = append(spec.Metrics, v1alpha1.Metric{Name: "points", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow})
	for i := range spec.RuleSets {
		drawRules(t, &spec.RuleSets[i])
	}
	b := testobj.Partner("acme").Joined(drawDate(t, "joined"))
	if rapid.Bool().Draw(t, "states a tier") {
		b = b.Tier(rapid.SampledFrom([]v1alpha1.Name{"ready", "silver", "gold", "god"}).Draw(t, "tier"), drawDay(t, "since").Date())
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "certificates") {
		person := fmt.Sprintf("person %d", rapid.IntRange(1, 7).Draw(t, "person"))
		from, through := drawDate(t, "from"), drawDate(t, "through")
		if i%3 == 0 {
			from, through = "", ""
		}
		b = b.Certified("certified", person, from, through)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "invoices") {
		b = b.Invoice(strconv.Itoa(i), drawDay(t, "due").Date(), drawDate(t, "paid"))
	}
	w.partner = b.Obj()
	set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme")
	for range rapid.IntRange(0, 12).Draw(t, "entries") {
		day := drawDay(t, "on").Date()
		set = set.Entry("new-users", day, number(rapid.IntRange(-20, 200).Draw(t, "users")))
		set = set.Entry("retention", day, number(rapid.IntRange(60, 90).Draw(t, "retention")))
	}
	w.set = set.Obj()
	return w
}

func number(n int) v1alpha1.Decimal { return v1alpha1.Decimal(strconv.Itoa(n)) }

func drawRules(t *rapid.T, set *v1alpha1.RuleSet) {
	set.TierPolicy = &v1alpha1.TierPolicy{
		EvaluateEvery:          rapid.SampledFrom([]v1alpha1.Cadence{"", v1alpha1.CadenceMonth, v1alpha1.CadenceHalf}).Draw(t, "every"),
		Change:                 rapid.SampledFrom([]v1alpha1.TierChange{"", "", v1alpha1.TierChangeByDecision}).Draw(t, "change"),
		GraceEvaluations:       new(rapid.Int32Range(0, 2).Draw(t, "grace")),
		NewPartnerExemptMonths: new(rapid.SampledFrom([]int32{0, 0, 6}).Draw(t, "exempt")),
	}
	set.Standing = []v1alpha1.StandingRule{{
		Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner, CureDays: new(rapid.SampledFrom([]int32{0, 30}).Draw(t, "cure")),
		Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldPromotion}}},
	}}
	if rapid.Bool().Draw(t, "any of") {
		set.Tiers[1].Requirements[1] = v1alpha1.Requirement{AnyOf: []v1alpha1.Criterion{
			{Competency: "certified", AtLeast: "3"}, {Metric: "new-users", Window: &v1alpha1.Window{TrailingMonths: 6}, AtMost: "100"},
		}}
	}
	drawSums(t, set)
}

// drawSums gives a rule set points, growth, a last whole quarter, and several criteria of which some must be met.
func drawSums(t *rapid.T, set *v1alpha1.RuleSet) {
	if rapid.Bool().Draw(t, "points") {
		set.Points = []v1alpha1.PointsRule{{Metric: "points", Of: "new-users", Points: number(rapid.IntRange(1, 3).Draw(t, "points of users"))}}
	}
	if rapid.Bool().Draw(t, "sums") {
		set.Tiers[2].Requirements[0] = v1alpha1.Requirement{Required: rapid.Int32Range(1, 3).Draw(t, "required"), AnyOf: []v1alpha1.Criterion{
			{Competency: "certified", AtLeast: "3"},
			{Metric: "points", AtLeast: "300"},
			{
				Metric: "new-users", Window: &v1alpha1.Window{LastWhole: v1alpha1.CadenceQuarter}, AtLeast: number(rapid.IntRange(-20, 50).Draw(t, "growth")),
				GrowthOver: &v1alpha1.Growth{Months: rapid.SampledFrom([]int32{3, 12}).Draw(t, "over")},
			},
		}}
	}
}

// said is everything that an evaluation says, but for what is next.
type said struct {
	Outcome  tier.Outcome
	Findings []v1alpha1.Finding
}

// at evaluates a world at an instant.
func (w world) at(now time.Time) (seen said, next time.Time) {
	p := testobj.Snapshot(w.program, w.partner, w.set)
	prog, findings, horizon := p.ProgramOf(w.partner), &verdict.Findings{}, verdict.NewHorizon(now)
	hold := func(on fiscal.Day, _ []tier.Tenure) (string, bool) {
		return standing.PromotionHold(w.partner, prog.RuleSetOn(on+1), on+1)
	}
	seen.Outcome = tier.Evaluate(p, prog, w.partner, hold, now, findings, horizon)
	seen.Findings = findings.List()
	return seen, horizon.Next()
}

// heldOn asks for the tier held on a day, as known at an instant.
func (w world) heldOn(day fiscal.Day, now time.Time) (v1alpha1.Name, time.Time) {
	p := testobj.Snapshot(w.program, w.partner, w.set)
	return tier.HeldOn(p, p.ProgramOf(w.partner), w.partner, day, now)
}

func drawInstant(t *rapid.T) time.Time {
	at := testobj.At(drawDay(t, "now").String() + "T00:00:00Z")
	return at.Add(time.Duration(rapid.IntRange(-26*3600, 26*3600).Draw(t, "seconds")) * time.Second)
}

// still checks that what is seen at now is seen until the next change that it names.
func still[T any](t *rapid.T, now time.Time, see func(time.Time) (T, time.Time)) {
	before, next := see(now)
	if !next.IsZero() && !next.After(now) {
		t.Fatalf("next change %s is not after now %s", next, now)
	}
	end := next
	if end.IsZero() {
		end = now.AddDate(5, 0, 0)
	}
	later := now.Add(time.Duration(rapid.Float64Range(0, 1).Draw(t, "share") * float64(end.Sub(now))))
	for _, at := range []time.Time{later, end.Add(-1)} {
		if at.Before(now) || !at.Before(end) {
			continue
		}
		if after, _ := see(at); !cmp.Equal(before, after) {
			t.Fatalf("at %s, before the next change at %s, it differs from %s:\n%s", at, next, now, cmp.Diff(before, after))
		}
	}
}

func TestNothingChangesBeforeNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { still(t, drawInstant(t), drawWorld(t).at) })
}

func TestHeldOnDoesNotChangeBeforeItsNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, day := drawWorld(t), drawDay(t, "held on")
		still(t, drawInstant(t), func(now time.Time) (v1alpha1.Name, time.Time) { return w.heldOn(day, now) })
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t)
		w.oneEntryADay() // of two, the last counts, so there order does matter
		before, nextBefore := w.at(now)
		seed := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle(seed, w.set.Spec.Entries)
		shuffle(seed, w.partner.Spec.Competencies)
		shuffle(seed, w.program.Spec.RuleSets)
		shuffle(seed, w.program.Spec.Metrics)
		for i := range w.program.Spec.RuleSets {
			shuffle(seed, w.program.Spec.RuleSets[i].Tiers)
		}
		after, nextAfter := w.at(now)
		if diff := cmp.Diff(before, after); diff != "" || !nextBefore.Equal(nextAfter) {
			t.Fatalf("another order changes the outcome (next %s, %s):\n%s", nextBefore, nextAfter, diff)
		}
	})
}

// oneEntryADay removes what is measured twice on a day.
func (w world) oneEntryADay() {
	once := map[string]bool{}
	w.set.Spec.Entries = slices.DeleteFunc(w.set.Spec.Entries, func(m v1alpha1.Measurement) bool {
		key := string(m.Metric) + string(m.Day)
		defer func() { once[key] = true }()
		return once[key]
	})
}

func sum(a, b v1alpha1.Decimal) v1alpha1.Decimal {
	x, _ := strconv.Atoi(string(a))
	y, _ := strconv.Atoi(string(b))
	return number(x + y)
}

func shuffle[T any](seed *rand.Rand, list []T) {
	seed.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestMoreUsersNeverLowerTheQualifiedTier(t *testing.T) {
	ranks := map[v1alpha1.Name]int{"": 0, "ready": 1, "silver": 2, "gold": 3}
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t)
		w.program.Spec.Metrics[0].Reporting = "" // a higher total takes from the entry after it
		for i := range w.program.Spec.RuleSets {
			w.program.Spec.RuleSets[i].Tiers[1].Requirements[1].AnyOf = nil // it allows a maximum
			w.program.Spec.RuleSets[i].Tiers[1].Requirements[1].Competency = "certified"
			w.program.Spec.RuleSets[i].Tiers[1].Requirements[1].AtLeast = "3"
		}
		w.oneEntryADay()
		before, _ := w.at(now)
		more := v1alpha1.Measurement{Metric: "new-users", Day: drawDay(t, "more on").Date(), Value: number(rapid.IntRange(1, 300).Draw(t, "more"))}
		// A day that is newer than all others moves the window on, and what falls out of it may be more.
		today := testobj.Snapshot(w.program).Program("northwind").Today(now).Date()
		moves := more.Day <= today && !slices.ContainsFunc(w.set.Spec.Entries, func(m v1alpha1.Measurement) bool {
			return m.Metric == more.Metric && m.Day >= more.Day && m.Day <= today
		})
		same := slices.IndexFunc(w.set.Spec.Entries, func(m v1alpha1.Measurement) bool { return m.Metric == more.Metric && m.Day == more.Day })
		if same < 0 {
			w.set.Spec.Entries = append(w.set.Spec.Entries, more)
		} else {
			w.set.Spec.Entries[same].Value = sum(w.set.Spec.Entries[same].Value, more.Value)
		}
		after, _ := w.at(now)
		if !moves && ranks[after.Outcome.Qualified] < ranks[before.Outcome.Qualified] {
			t.Fatalf("more users make %q of %q", after.Outcome.Qualified, before.Outcome.Qualified)
		}
		for i := range min(len(before.Outcome.Evaluations), len(after.Outcome.Evaluations)) {
			a, b := before.Outcome.Evaluations[i], after.Outcome.Evaluations[i]
			if a.Day == b.Day && ranks[v1alpha1.Name(b.Qualified)] < ranks[v1alpha1.Name(a.Qualified)] {
				t.Fatalf("more users make %q of %q on %s", b.Qualified, a.Qualified, a.Day)
			}
		}
	})
}

// What the fold says at the end about an evaluation is what was said, and held, when it was the last one.
func TestFoldIsTheReplayOfItsSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		for i := range w.program.Spec.Metrics {
			w.program.Spec.Metrics[i].ReportingLagDays = nil // else a step may still be unknown when it is made
		}
		prog := testobj.Snapshot(w.program).Program("northwind")
		end := drawInstant(t)
		last, _ := w.at(end)
		for _, e := range last.Outcome.Evaluations {
			then := prog.Calendar.EndOf(fiscal.MustParseDay(e.Day))
			day := prog.Today(then)
			step, _ := w.at(then)
			if len(last.Outcome.Evaluations) < 8 { // of more, the earlier steps saw others that lie further back
				if diff := cmp.Diff(e, step.Outcome.Evaluations[0]); diff != "" {
					t.Fatalf("the evaluation of %s was another when it was held:\n%s", e.Day, diff)
				}
			}
			if held, _ := w.heldOn(day, end); held != step.Outcome.Effective {
				t.Fatalf("on %s it held %q, later it is said to have held %q", day, step.Outcome.Effective, held)
			}
		}
	})
}
