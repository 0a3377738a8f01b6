package benchmark

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// key identifies a cohort.
type key struct {
	family

	level    int // 0 is the widest
	activity v1alpha1.ActivityType
	tier     v1alpha1.Name
	segment  v1alpha1.Name
}

// family is what all cohorts have in common that hold parts of the same rows.
type family struct {
	measure v1alpha1.BenchmarkMeasure
	metric  v1alpha1.Name
	month   int32
}

// measures are all measures in order, each with its cohorts from the widest to the narrowest. Each divides the one before, so that what a reader can
// tell by comparing them is known; see docs/decisions, ADR 0033.
var measures = []struct {
	measure v1alpha1.BenchmarkMeasure
	levels  []parts
}{
	{v1alpha1.MeasureCostPerLead, ofCampaigns},
	{v1alpha1.MeasureLeadToOpportunityPercent, ofCampaigns},
	{v1alpha1.MeasureDaysToFirstResult, ofCampaigns},
	{v1alpha1.MeasureAttainmentPercent, ofGoals},
	{v1alpha1.MeasureGrowthAskedPercent, ofGoals},
	{v1alpha1.MeasureGrowthReachedPercent, ofGoals},
	{v1alpha1.MeasureMonthlyRevenue, []parts{{}, {tier: true}}},
}

var (
	ofCampaigns = []parts{{}, {activity: true}, {activity: true, tier: true}, {activity: true, tier: true, segment: true}}
	ofGoals     = []parts{{}, {tier: true}, {tier: true, segment: true}}
)

// parts says what a cohort tells apart.
type parts struct{ activity, tier, segment bool }

// of returns the key of a row at a level, and whether the row has one there: it must name all that is told apart.
func (p parts) of(row *Row, level int) (key, bool) {
	k := key{family: family{row.Measure, row.Metric, row.Month}, level: level}
	if p.activity {
		k.activity = row.Activity
	}
	if p.tier {
		k.tier = row.Tier
	}
	if p.segment {
		k.segment = row.Segment
	}
	return k, (k.activity != "" || !p.activity) && (k.tier != "" || !p.tier) && (k.segment != "" || !p.segment)
}

// levels returns the cohorts of a measure, and its place in the order.
func levels(of v1alpha1.BenchmarkMeasure) (divided []parts, place int) {
	for i := range measures {
		if measures[i].measure == of {
			return measures[i].levels, i
		}
	}
	return nil, len(measures)
}

// cohort is the key as the API has it.
func (k key) cohort() v1alpha1.BenchmarkCohort {
	c := v1alpha1.BenchmarkCohort{Measure: k.measure, Activity: k.activity, Tier: k.tier, Segment: k.segment, Metric: k.metric}
	if k.month > 0 {
		c.Month = new(k.month)
	}
	return c
}

// keyOf returns what identifies a cohort of the API, without its level.
func keyOf(c *v1alpha1.BenchmarkCohort) key {
	k := key{family: family{measure: c.Measure, metric: c.Metric}, activity: c.Activity, tier: c.Tier, segment: c.Segment}
	if c.Month != nil {
		k.month = *c.Month
	}
	return k
}

// within reports whether a cohort is part of a wider one of its family.
func (k key) within(wider key) bool {
	return k.family == wider.family && k.level > wider.level && (wider.activity == "" || wider.activity == k.activity) &&
		(wider.tier == "" || wider.tier == k.tier) && (wider.segment == "" || wider.segment == k.segment)
}

// compareKeys orders cohorts by measure, the widest first.
func compareKeys(a, b key) int {
	_, first := levels(a.measure)
	_, second := levels(b.measure)
	return cmp.Or(cmp.Compare(first, second), cmp.Compare(a.level, b.level), cmp.Compare(a.metric, b.metric), cmp.Compare(a.month, b.month),
		cmp.Compare(a.activity, b.activity), cmp.Compare(a.tier, b.tier), cmp.Compare(a.segment, b.segment))
}

// group is a cohort with its rows.
type group struct {
	key      key
	rows     []*Row
	partners map[string]int // how many rows each has
	reason   v1alpha1.WithheldReason
}

// row returns the figures of a cohort.
func (g *group) row(of v1alpha1.Name) v1alpha1.BenchmarkRow {
	values := g.values()
	return v1alpha1.BenchmarkRow{
		BenchmarkCohort: g.key.cohort(),
		Quartiles: v1alpha1.Quartiles{
			Partners: int32(len(g.partners)), Rows: int32(len(g.rows)), //nolint:gosec // there are not so many
			P25: exactly(quantile(values, quarter)), P50: exactly(quantile(values, half)), P75: exactly(quantile(values, threeQuarters)),
		},
		Fingerprint: g.fingerprint(of).text(),
	}
}

// values returns the values of the rows in order.
func (g *group) values() []*big.Rat {
	values := make([]*big.Rat, len(g.rows))
	for i, row := range g.rows {
		values[i] = row.Value
	}
	slices.SortFunc(values, (*big.Rat).Cmp)
	return values
}

// mark is a fingerprint: of a set it is the exclusive or of those of its elements, so that it tells whether a given one was added, and names nobody.
type mark [16]byte

func markOf(program v1alpha1.Name, partner string) (p mark) {
	sum := sha256.Sum256([]byte(string(program) + "\x00" + partner))
	copy(p[:], sum[:])
	return p
}

func (p mark) with(other mark) mark {
	for i := range p {
		p[i] ^= other[i]
	}
	return p
}

func (p mark) text() string { return hex.EncodeToString(p[:]) }

// fingerprint returns the fingerprint of the partners.
func (g *group) fingerprint(of v1alpha1.Name) (all mark) {
	for partner := range g.partners {
		all = all.with(markOf(of, partner))
	}
	return all
}

// names returns the partners in order.
func (g *group) names() []string { return slices.Sorted(maps.Keys(g.partners)) }
