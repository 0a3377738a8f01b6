package attainment

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// million is what percentages are counted by where many are added up.
var million = big.NewRat(1_000_000, 1)

// ByRevision writes the score as that of a revision that was approved on a day.
func (r *Result) ByRevision(approvedOn v1alpha1.Date) v1alpha1.RevisionScore {
	return v1alpha1.RevisionScore{ApprovedOn: approvedOn, State: r.Score.State, Percent: ceiling(r.Attainment), AtBestPercent: ceiling(r.AtBest)}
}

// UnknownScore is that of a revision whose content is lost.
func UnknownScore(approvedOn v1alpha1.Date) v1alpha1.RevisionScore {
	return v1alpha1.RevisionScore{ApprovedOn: approvedOn, State: scoreUnknown}
}

// ceiling rounds a percentage up to 6 digits after the point; "" for none. Rounded down, three scores of 33 1/3 and one of 100 would not come to a mean of 50.
func ceiling(value *big.Rat) v1alpha1.Decimal {
	if value == nil {
		return ""
	}
	up := decimal.Floor(new(big.Rat).Neg(new(big.Rat).Mul(value, million)))
	return shown(new(big.Rat).Quo(new(big.Rat).SetInt(up.Neg(up)), million))
}

// atBest is what a score can still come to; nil when it cannot be said.
func (e *evaluation) atBest(s score) *big.Rat {
	if !e.known() || len(e.outcomes) == 0 || e.weightsBad != "" {
		return nil
	}
	if s.state == scoreClosed {
		return new(big.Rat)
	}
	sum := new(big.Rat)
	for _, o := range e.outcomes {
		best := e.thresholds.GoalCap
		switch {
		case !o.final():
		case o.known:
			best = e.capped(o.attainment)
		default:
			return nil // it is broken
		}
		sum.Add(sum, decimal.PercentOf(o.weight, best))
	}
	return sum
}
