package tier_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// summed is a program with one tier, gold, and one requirement, that computes points from sourced and assisted: 4 and 2 per 100 through 2026, 5 and 1 from
// then. A distributor's revenue holds its resellers'.
func summed(r v1alpha1.Requirement) *v1alpha1.PartnerProgram {
	p := asks(r, nil)
	spec := &p.Spec
	flow := func(name v1alpha1.Name, unit v1alpha1.MetricUnit) v1alpha1.Metric {
		return v1alpha1.Metric{Name: name, Unit: unit, Behaviour: v1alpha1.BehaviourFlow}
	}
	spec.Metrics = append(spec.Metrics, flow("sourced", v1alpha1.UnitCount), flow("assisted", v1alpha1.UnitCount), flow("points", v1alpha1.UnitCount),
		flow("revenue", v1alpha1.UnitCurrency))
	spec.Metrics[len(spec.Metrics)-1].ResellerResults = v1alpha1.ResellerResultsIncluded
	later := *spec.RuleSets[0].DeepCopy()
	later.Name, later.EffectiveFrom = "terms-2027", "2027-01-01"
	spec.RuleSets[0].Points = []v1alpha1.PointsRule{
		{Metric: "points", Of: "sourced", Points: "4", Per: "100"}, {Metric: "points", Of: "assisted", Points: "2", Per: "100"},
	}
	later.Points = []v1alpha1.PointsRule{
		{Metric: "points", Of: "sourced", Points: "5", Per: "100"}, {Metric: "points", Of: "assisted", Points: "1", Per: "100"},
	}
	spec.RuleSets = append(spec.RuleSets, later)
	return p
}

// today returns how gold's requirement stands with the figures of an instant.
func today(t *testing.T, at string, p *v1alpha1.PartnerProgram, of *v1alpha1.Partner, objects ...any) v1alpha1.CriterionResult {
	t.Helper()
	snap := testobj.Snapshot(append(objects, p, of)...)
	now := testobj.At(at)
	outcome := tier.Evaluate(snap, snap.ProgramOf(of), of, nil, now, &verdict.Findings{}, verdict.NewHorizon(now))
	if len(outcome.Criteria) != 1 {
		t.Fatalf("%d criteria, want one: %+v", len(outcome.Criteria), outcome.Criteria)
	}
	return outcome.Criteria[0]
}

// stands is what a criterion says.
type stands struct {
	Verdict          v1alpha1.CriterionVerdict
	Found, Shortfall v1alpha1.Decimal
	Message          string
}

func standsOf(c v1alpha1.CriterionResult) stands {
	return stands{c.Verdict, c.Found, c.Shortfall, c.Message}
}

func measured(entries ...entry) *v1alpha1.MeasurementSet {
	b := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme")
	for _, e := range entries {
		b = b.Entry(e.metric, e.on, e.value)
	}
	return b.Obj()
}

func TestPointsCountByTheRulesOfTheirOwnDay(t *testing.T) {
	all2026 := []entry{
		{"sourced", "2026-01-31", "650"}, {"sourced", "2026-12-31", "600"}, {"assisted", "2026-01-31", "500"}, {"assisted", "2026-12-31", "400"},
	}
	silver := v1alpha1.Requirement{Metric: "points", AtLeast: "70"}
	for name, tc := range map[string]struct {
		entries []entry
		at      string
		want    stands
	}{
		"on the last day of the year": {all2026, "2026-12-31T23:59:59Z", stands{
			"NotMet", "68", "2",
			"Gold needs 70 points in the 12 months to 2026-12-31; actual 68 (18 from assisted and 50 from sourced; 2 short)",
		}},
		"on the first day of other rules": {all2026, "2027-01-01T00:00:00Z", stands{
			"NotMet", "68", "2",
			"Gold needs 70 points in the 12 months to 2026-12-31; actual 68 (18 from assisted and 50 from sourced; 2 short)",
		}},
		"a result under them": {append(all2026[:4:4], entry{"sourced", "2027-01-05", "40"}), "2027-01-05T00:00:00Z", stands{
			"Met", "70", "",
			"Gold needs 70 points in the 12 months to 2027-01-05; actual 70 (18 from assisted and 52 from sourced)",
		}},
		"one less": {append(all2026[:4:4], entry{"sourced", "2027-01-05", "39"}), "2027-01-05T00:00:00Z", stands{
			"NotMet", "69.95", "0.05",
			"Gold needs 70 points in the 12 months to 2027-01-05; actual 69.95 (18 from assisted and 51.95 from sourced; 0.05 short)",
		}},
		"one more": {append(all2026[:4:4], entry{"sourced", "2027-01-05", "41"}), "2027-01-05T00:00:00Z", stands{
			"Met", "70.05", "",
			"Gold needs 70 points in the 12 months to 2027-01-05; actual 70.05 (18 from assisted and 52.05 from sourced)",
		}},
		"what is reported for them does not count": {append(all2026[:4:4], entry{"points", "2026-11-30", "100"}), "2027-01-01T00:00:00Z", stands{
			"NotMet", "68", "2",
			"Gold needs 70 points in the 12 months to 2026-12-31; actual 68 (18 from assisted and 50 from sourced; 2 short)",
		}},
		"one of the metrics was never measured": {all2026[:2], "2027-01-01T00:00:00Z", stands{
			"Unknown", "50", "20",
			"Gold needs 70 points in the 12 months to 2026-12-31; actual 50 (50 from sourced; 20 short), but the first result of assisted is later than " +
				"2026-01-31, so the window from 2026-01-01 is not covered: add the earlier results, 0 where there were none",
		}},
		"none was": {nil, "2027-01-01T00:00:00Z", stands{
			"Unknown", "", "",
			"Gold needs 70 points in the 12 months to 2026-12-31; nothing is measured so far: record it in a MeasurementSet about the partner",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := standsOf(today(t, tc.at, summed(silver), testobj.Partner("acme").Obj(), measured(tc.entries...)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGrowthOverTheQuarterOfTheYearBefore(t *testing.T) {
	grows := func(change func(*v1alpha1.Requirement)) v1alpha1.Requirement {
		r := v1alpha1.Requirement{
			Metric: "revenue", Window: &v1alpha1.Window{LastWhole: v1alpha1.CadenceQuarter}, GrowthOver: &v1alpha1.Growth{Months: 12}, AtLeast: "12",
		}
		if change != nil {
			change(&r)
		}
		return r
	}
	q3 := func(before, now v1alpha1.Decimal) []entry {
		var list []entry
		if before != "" {
			list = append(list, entry{"revenue", "2025-07-31", "0"}, entry{"revenue", "2025-09-30", before})
		}
		return append(list, entry{"revenue", "2026-07-31", "0"}, entry{"revenue", "2026-09-30", now})
	}
	const q = "Gold needs growth of revenue of at least 12 % in FY2026 Q3 over FY2025 Q3; "
	for name, tc := range map[string]struct {
		requirement v1alpha1.Requirement
		entries     []entry
		at          string
		want        stands
	}{
		"as much": {grows(nil), q3("80000", "89600"), "", stands{"Met", "12", "", q + "actual 89,600 EUR against 80,000 EUR, growth of 12 %"}},
		"a cent less": {grows(nil), q3("80000", "89599.99"), "", stands{
			"NotMet", "11.999987", "0.000012",
			q + "actual 89,599.99 EUR against 80,000 EUR, growth of 11.99 % (0.01 short)",
		}},
		"a cent more": {grows(nil), q3("80000", "89600.01"), "", stands{"Met", "12.000012", "", q + "actual 89,600.01 EUR against 80,000 EUR, growth of 12 %"}},
		"of nothing": {grows(nil), q3("0", "89600"), "", stands{"Unknown", "89600", "", q + "it was 0 EUR in FY2025 Q3, from which no growth can be told: add the " +
			"earlier results if there were any, or let another requirement decide for partners without"}},
		"of less than nothing": {grows(nil), q3("-5", "89600"), "", stands{"Unknown", "89600", "", q + "it was -5 EUR in FY2025 Q3, from which no growth can be told: " +
			"add the earlier results if there were any, or let another requirement decide for partners without"}},
		"of what was never measured": {grows(nil), q3("", "89600"), "", stands{"Unknown", "89600", "", q + "nothing was measured in FY2025 Q3, from which no growth " +
			"can be told: add the earlier results if there were any, or let another requirement decide for partners without"}},
		"of what is not covered": {grows(nil), q3("80000", "89600")[1:], "", stands{"Unknown", "12", "", q + "actual 89,600 EUR against 80,000 EUR, growth of 12 %, but " +
			"the first result is later than 2025-07-31, so the window from 2025-07-01 is not covered: add the earlier results, 0 where there were none"}},
		"what is out of both windows changes nothing": {
			grows(nil), append(q3("80000", "89600"), entry{"revenue", "2025-06-30", "7"}, entry{"revenue", "2025-10-01", "7"}, entry{"revenue", "2026-06-30", "7"},
				entry{"revenue", "2026-10-01", "7"}), "", stands{"Met", "12", "", q + "actual 89,600 EUR against 80,000 EUR, growth of 12 %"},
		},
		"at most, reached": {
			grows(func(r *v1alpha1.Requirement) { r.AtLeast, r.AtMost = "", "12" }), q3("80000", "89600"), "",
			stands{"Met", "12", "", "Gold allows growth of revenue of at most 12 % in FY2026 Q3 over FY2025 Q3; actual 89,600 EUR against 80,000 EUR, growth of 12 %"},
		},
		"at most, exceeded": {
			grows(func(r *v1alpha1.Requirement) { r.AtLeast, r.AtMost = "", "12" }), q3("80000", "89600.01"), "",
			stands{"NotMet", "12.000012", "0.000012", "Gold allows growth of revenue of at most 12 % in FY2026 Q3 over FY2025 Q3; actual 89,600.01 EUR against 80,000 EUR, " +
				"growth of 12 % (0.01 too many)"},
		},
		"of trailing months": {
			grows(func(r *v1alpha1.Requirement) { r.Window = &v1alpha1.Window{TrailingMonths: 3} }), q3("80000", "89600"), "2026-09-30T12:00:00Z",
			stands{"Met", "12", "", "Gold needs growth of revenue of at least 12 % in the 3 months to 2026-09-30 over the 3 months to 2025-09-30; actual 89,600 EUR " +
				"against 80,000 EUR, growth of 12 %"},
		},
		"of a level": {
			v1alpha1.Requirement{Metric: "retention", GrowthOver: &v1alpha1.Growth{Months: 12}, AtLeast: "1"},
			[]entry{{"retention", "2026-09-30", "80"}},
			"",
			stands{"Unknown", "", "", "Gold needs growth of retention of at least 1 % in the 12 months to 2026-10-31 over 12 months before; this cannot be judged: the " +
				"program's rule names no metric of its catalogue, or no threshold"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.at == "" {
				tc.at = "2026-11-03T09:00:00Z"
			}
			got := standsOf(today(t, tc.at, summed(tc.requirement), testobj.Partner("acme").Obj(), measured(tc.entries...)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestACompetencyInEachTerritory(t *testing.T) {
	each := v1alpha1.Requirement{Competency: "certified", ForEach: v1alpha1.ForEachTerritory, AtLeast: "1"}
	atMost := v1alpha1.Requirement{Competency: "certified", ForEach: v1alpha1.ForEachTerritory, AtMost: "1"}
	type person struct {
		name string
		in   []v1alpha1.Name
	}
	for name, tc := range map[string]struct {
		requirement v1alpha1.Requirement
		territories []v1alpha1.Name
		people      []person
		want        stands
	}{
		"two in one, none in the other": {
			each,
			[]v1alpha1.Name{"at", "ch"},
			[]person{{"Ana", []v1alpha1.Name{"at"}}, {"Ben", []v1alpha1.Name{"at"}}},
			stands{"NotMet", "0", "1", "Gold needs 1 person with certified in each territory; in ch actual 0 (1 short)"},
		},
		"one in each": {
			each,
			[]v1alpha1.Name{"at", "ch"},
			[]person{{"Ana", []v1alpha1.Name{"at"}}, {"Ben", []v1alpha1.Name{"ch"}}},
			stands{"Met", "1", "", "Gold needs 1 person with certified in each territory; in at actual 1"},
		},
		"one for both": {
			each,
			[]v1alpha1.Name{"ch", "at"},
			[]person{{"Ana", []v1alpha1.Name{"ch", "at"}}},
			stands{"Met", "1", "", "Gold needs 1 person with certified in each territory; in at actual 1"},
		},
		"one person twice is one": {
			v1alpha1.Requirement{Competency: "certified", ForEach: v1alpha1.ForEachTerritory, AtLeast: "2"},
			[]v1alpha1.Name{"at"},
			[]person{{"Ana", []v1alpha1.Name{"at"}}, {"ana", []v1alpha1.Name{"at"}}},
			stands{"NotMet", "1", "1", "Gold needs 2 people with certified in each territory; in at actual 1 (1 short)"},
		},
		"who states no territory stands for none": {
			each,
			[]v1alpha1.Name{"at", "ch"},
			[]person{{"Ana", nil}},
			stands{"NotMet", "0", "1", "Gold needs 1 person with certified in each territory; in at actual 0 (it does not hold in at and ch; 1 short)"},
		},
		"a partner without territories": {
			each, nil,
			[]person{{"Ana", []v1alpha1.Name{"at"}}},
			stands{"Unknown", "", "", "Gold needs 1 person with certified in each territory; this cannot be judged: the partner states no territory, add them to spec.territories"},
		},
		"at most, too many in one": {
			atMost,
			[]v1alpha1.Name{"at", "ch"},
			[]person{{"Ana", []v1alpha1.Name{"ch"}}, {"Ben", []v1alpha1.Name{"ch"}}},
			stands{"NotMet", "2", "1", "Gold allows at most 1 person with certified in each territory; in ch actual 2 (1 too many)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			of := testobj.Partner("acme").With(func(spec *v1alpha1.PartnerSpec) {
				spec.Territories = tc.territories
				for _, p := range tc.people {
					spec.Competencies = append(spec.Competencies, v1alpha1.Competency{Name: "certified", Person: v1alpha1.Title(p.name), Territories: p.in})
				}
			}).Obj()
			got := standsOf(today(t, "2026-11-03T09:00:00Z", summed(tc.requirement), of))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// anyThree are five criteria of which any three must be met: two of people, two of results, one of a level.
func anyThree() v1alpha1.Requirement {
	return v1alpha1.Requirement{Required: 3, AnyOf: []v1alpha1.Criterion{
		{Competency: "architect", AtLeast: "1"},
		{Competency: "certified", AtLeast: "2"},
		{Metric: "new-users", AtLeast: "100"},
		{Metric: "sourced", AtLeast: "10"},
		{Metric: "retention", AtLeast: "80"},
	}}
}

func TestAnyThreeOfFive(t *testing.T) {
	const needs = "Gold needs any 3 of 5 requirements; "
	users, sourced := entry{"new-users", "2025-11-30", "100"}, entry{"sourced", "2025-11-30", "10"}
	for name, tc := range map[string]struct {
		people  int
		entries []entry
		want    stands
		met     int32
	}{
		"the first three": {
			people: 2, entries: []entry{users, sourced}, met: 3,
			want: stands{"Met", "10", "", needs + "3 are met: certified, new-users and sourced"},
		},
		"any other three": {
			entries: []entry{users, sourced, {"retention", "2026-10-31", "80"}}, met: 3,
			want: stands{"Met", "80", "", needs + "3 are met: new-users, sourced and retention"},
		},
		"four": {
			people: 2, entries: []entry{users, sourced, {"retention", "2026-10-31", "80"}}, met: 4,
			want: stands{"Met", "10", "", needs + "4 are met: certified, new-users, sourced and retention"},
		},
		"two, and one that may": {
			people: 2, entries: []entry{users, {"sourced", "2025-11-30", "9"}}, met: 2,
			want: stands{"Unknown", "", "", needs + "2 are met: certified and new-users; nearest: needs retention of 80 % on 2026-10-31; no level is known of the 12 " +
				"months to 2026-10-31: record it in a MeasurementSet about the partner; others: sourced (1 short) and architect (1 short)"},
		},
		"two, and none that may": {
			people: 2, entries: []entry{users, {"sourced", "2025-11-30", "9"}, {"retention", "2026-10-31", "79"}}, met: 2,
			want: stands{"NotMet", "79", "1", needs + "2 are met: certified and new-users; nearest: needs retention of 80 % on 2026-10-31; actual 79 % (1 short); others: " +
				"sourced (1 short) and architect (1 short)"},
		},
		"none": {
			entries: []entry{{"new-users", "2025-11-30", "1"}, {"sourced", "2025-11-30", "0"}, {"retention", "2026-10-31", "79"}}, met: 0,
			want: stands{"NotMet", "0", "1", needs + "none is met; nearest: needs retention of 80 % on 2026-10-31; actual 79 % (1 short); others: new-users (99 short), " +
				"architect (1 short), certified (2 short) and sourced (10 short)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := today(t, "2026-11-03T09:00:00Z", summed(anyThree()), team(testobj.Partner("acme"), tc.people).Obj(), measured(tc.entries...))
			if diff := cmp.Diff(tc.want, standsOf(c)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.Required != 3 || c.Met == nil || *c.Met != tc.met {
				t.Errorf("required %d, met %v; want 3, %d", c.Required, c.Met, tc.met)
			}
		})
	}
}

// TestSomeOfSeveral compares the verdict with its definition: met when enough are, not met when even all that are unknown would not be enough.
func TestSomeOfSeveral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "criteria")
		required := rapid.IntRange(1, n).Draw(t, "required")
		r := v1alpha1.Requirement{Required: int32(required)}
		b := testobj.Partner("acme")
		var met, unknown int
		set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme")
		for i := range n {
			name := v1alpha1.Name(fmt.Sprintf("c%d", i))
			switch rapid.IntRange(0, 2).Draw(t, "verdict") {
			case 0:
				met++
				b = b.Certified(name, "Ana", "", "")
				r.AnyOf = append(r.AnyOf, v1alpha1.Criterion{Competency: name, AtLeast: "1"})
			case 1:
				unknown++
				r.AnyOf = append(r.AnyOf, v1alpha1.Criterion{Metric: "sourced", AtLeast: "1"}) // which is never measured
			default:
				r.AnyOf = append(r.AnyOf, v1alpha1.Criterion{Competency: name, AtLeast: "1"})
			}
		}
		want := v1alpha1.CriterionUnknown
		switch {
		case met >= required:
			want = v1alpha1.CriterionMet
		case met+unknown < required:
			want = v1alpha1.CriterionNotMet
		}
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(n, func(i, j int) { r.AnyOf[i], r.AnyOf[j] = r.AnyOf[j], r.AnyOf[i] })
		snap := testobj.Snapshot(summed(r), b.Obj(), set.Obj())
		of, now := b.Obj(), testobj.At("2026-11-03T09:00:00Z")
		got := tier.Evaluate(snap, snap.ProgramOf(of), of, nil, now, &verdict.Findings{}, verdict.NewHorizon(now)).Criteria[0].Verdict
		if got != want {
			t.Fatalf("%d met, %d unknown, %d of %d required: %s, want %s", met, unknown, required, n, got, want)
		}
	})
}

// channel is a distributor with 120,000 of revenue of its own, of which 15,000 are of a transaction, and two resellers with 250,000 and 135,000, of which the
// latter has the same transaction.
func channel() (distributor, first, second *v1alpha1.Partner, sets []any) {
	distributor = testobj.Partner("acme").Distributes().Obj()
	first, second = testobj.Partner("bolt").Under("", "acme").Obj(), testobj.Partner("cog").Under("", "acme").Obj()
	report := func(subject v1alpha1.Name, entries ...v1alpha1.Measurement) {
		set := testobj.Measurements(string(subject), v1alpha1.SubjectPartner, subject).Obj()
		set.Spec.Entries = append(set.Spec.Entries, v1alpha1.Measurement{Metric: "revenue", Day: "2026-01-31", Value: "0"})
		set.Spec.Entries = append(set.Spec.Entries, entries...)
		for i := range set.Spec.Entries {
			set.Spec.Entries[i].Metric = "revenue"
		}
		sets = append(sets, set)
	}
	report("acme", v1alpha1.Measurement{Day: "2026-09-30", Value: "105000"}, v1alpha1.Measurement{Day: "2026-09-30", Value: "15000", Transaction: "SO-2026/4711"})
	report("bolt", v1alpha1.Measurement{Day: "2026-09-30", Value: "250000"})
	report("cog", v1alpha1.Measurement{Day: "2026-12-31", Value: "120000"}, v1alpha1.Measurement{Day: "2026-10-02", Value: "15000", Transaction: "so 2026 4711"})
	return distributor, first, second, sets
}

func TestADistributorCountsItsResellers(t *testing.T) {
	gold := v1alpha1.Requirement{Metric: "revenue", AtLeast: "500000"}
	distributor, first, second, sets := channel()
	all := append(slices.Clip(sets), first, second)
	const at, needs = "2027-01-01T09:00:00Z", "Gold needs revenue of 500,000 EUR in the 12 months to 2026-12-31; "
	for name, tc := range map[string]struct {
		of      *v1alpha1.Partner
		with    []any
		change  func(*v1alpha1.PartnerProgram)
		verdict stands
	}{
		"the distributor": {distributor, all, nil, stands{
			"NotMet", "490000", "10000",
			needs + "actual 490,000 EUR (370,000 EUR of it from resellers; 10,000 short)",
		}},
		"its first reseller has its own figure": {first, append(sets, distributor, second), nil, stands{
			"NotMet", "250000", "250000",
			needs + "actual 250,000 EUR, measured through 2026-09-30 (250,000 short)",
		}},
		"its second one all of it": {second, append(sets, distributor, first), nil, stands{"NotMet", "135000", "365000", needs + "actual 135,000 EUR (365,000 short)"}},
		"a metric of its own": {distributor, all, func(p *v1alpha1.PartnerProgram) {
			p.Spec.Metrics[len(p.Spec.Metrics)-1].ResellerResults = v1alpha1.ResellerResultsSeparate
		}, stands{"NotMet", "120000", "380000", needs + "actual 120,000 EUR, measured through 2026-09-30 (380,000 short)"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := summed(gold)
			if tc.change != nil {
				tc.change(p)
			}
			if diff := cmp.Diff(tc.verdict, standsOf(today(t, at, p, tc.of, tc.with...))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestResultsOfResellersAreAwaited: while those of one reseller may still come in, an evaluation of the distributor is not judged by what others reported.
func TestResultsOfResellersAreAwaited(t *testing.T) {
	distributor, first, second, sets := channel()
	distributor.Spec.Tier = &v1alpha1.HeldTier{Name: "gold", Since: "2026-12-01"}
	p := summed(v1alpha1.Requirement{Metric: "revenue", AtLeast: "500000"})
	p.Spec.Metrics[len(p.Spec.Metrics)-1].ReportingLagDays = new(int32(10))
	snap := testobj.Snapshot(append(sets, p, distributor, first, second)...)
	for at, want := range map[string]string{"2027-01-10T23:59:59Z": tier.OutcomeUnknown, "2027-01-11T00:00:00Z": tier.OutcomeDemoted} {
		now := testobj.At(at)
		horizon := verdict.NewHorizon(now)
		outcome := tier.Evaluate(snap.Apart(), snap.ProgramOf(distributor), distributor, nil, now, &verdict.Findings{}, horizon)
		if got := outcome.Evaluations[0].Outcome; got != want || outcome.Evaluations[0].Day != "2026-12-31" {
			t.Errorf("%s: evaluation of %s: %s, want %s: %s", at, outcome.Evaluations[0].Day, got, want, outcome.Evaluations[0].Message)
		}
		if next := horizon.Next(); want == tier.OutcomeUnknown && !next.Equal(testobj.At("2027-01-11T00:00:00Z")) {
			t.Errorf("%s: next change %s", at, next)
		}
	}
}
