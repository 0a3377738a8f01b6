package benchmark

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// maxPractices is the number of campaigns that a published benchmark shows.
const maxPractices = 20

// practice is a campaign that is worth copying.
type practice struct {
	row    *Row
	better int32 // than the median, in percent
}

// worthCopying returns the best campaigns of partners that agreed to have them shown, among the shown cohorts of one activity: of a campaign the narrowest
// one speaks, and of a partner's campaigns of an activity and segment the best.
func worthCopying(shown []*group) []v1alpha1.Practice {
	narrowest := map[*Row]*group{}
	for _, g := range shown { // the widest first
		if g.key.activity != "" && words[g.key.measure] != nil {
			for _, row := range g.rows {
				narrowest[row] = g
			}
		}
	}
	type of struct {
		partner  string
		activity v1alpha1.ActivityType
		segment  v1alpha1.Name
	}
	best := map[of]practice{}
	for row, g := range narrowest {
		if row.Shares != v1alpha1.ShareAnonymous && row.Shares != v1alpha1.ShareNamed {
			continue
		}
		better, ok := g.better(row)
		x := practice{row, better}
		k := of{row.Partner, row.Activity, row.Segment}
		if held, there := best[k]; ok && (!there || comparePractices(x, held) < 0) {
			best[k] = x
		}
	}
	list := make([]practice, 0, len(best))
	for _, x := range best {
		list = append(list, x)
	}
	slices.SortFunc(list, comparePractices)
	list = list[:min(len(list), maxPractices)]
	slices.SortStableFunc(list, func(a, b practice) int {
		return cmp.Or(cmp.Compare(a.row.Activity, b.row.Activity), cmp.Compare(a.row.Segment, b.row.Segment))
	})
	var shownTo []v1alpha1.Practice
	for _, x := range list {
		p := v1alpha1.Practice{Activity: x.row.Activity, Segment: x.row.Segment, Why: fmt.Sprintf("%s %d percent %s the median", words[x.row.Measure][0], x.better, words[x.row.Measure][1])}
		if x.row.Shares == v1alpha1.ShareNamed {
			p.By = x.row.By
		}
		shownTo = append(shownTo, p)
	}
	return shownTo
}

// words say what a measure is, and on which side of the median its best are. Measures without words are not shown.
var words = map[v1alpha1.BenchmarkMeasure][]string{
	v1alpha1.MeasureCostPerLead:              {"cost per lead", "under"},
	v1alpha1.MeasureLeadToOpportunityPercent: {"share of leads that became opportunities", "above"},
}

// comparePractices puts the best first. Which of two equal ones comes first is settled by their partners, and tells nothing of these.
func comparePractices(a, b practice) int {
	return cmp.Or(cmp.Compare(b.better, a.better), cmp.Compare(a.row.Activity, b.row.Activity), cmp.Compare(a.row.Segment, b.row.Segment),
		cmp.Compare(a.row.Measure, b.row.Measure), cmp.Compare(a.row.Partner, b.row.Partner))
}

// better returns by how many percent a row is better than the median, and whether it is among the best quarter and by at least one.
func (g *group) better(row *Row) (int32, bool) {
	values := g.values()
	median := quantile(values, half)
	if median.Sign() <= 0 {
		return 0, false
	}
	gain := new(big.Rat)
	if g.key.measure == v1alpha1.MeasureCostPerLead {
		if row.Value.Cmp(quantile(values, quarter)) > 0 {
			return 0, false
		}
		gain.Sub(median, row.Value)
	} else {
		if row.Value.Cmp(quantile(values, threeQuarters)) < 0 {
			return 0, false
		}
		gain.Sub(row.Value, median)
	}
	percent := decimal.FloorInt32(gain.Mul(gain.Quo(gain, median), hundred))
	return percent, percent >= 1
}
