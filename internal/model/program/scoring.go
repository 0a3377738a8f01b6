package program

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// Scoring holds the thresholds by which plans are judged, in percent.
type Scoring struct {
	// OnTrackFrom is the least pace of a plan that is OnTrack.
	OnTrackFrom *big.Rat
	// AtRiskFrom is the least pace of a plan that is AtRisk.
	AtRiskFrom *big.Rat
	// GoalCap is the most that one goal's attainment counts.
	GoalCap *big.Rat
	// ForecastMinimumExpected is the least share of the target that must be expected before a forecast is made.
	ForecastMinimumExpected *big.Rat
}

// Thresholds returns the rule set's thresholds with the documented defaults: 95, 80, 100 and 10.
func (s *RuleSet) Thresholds() Scoring {
	written := s.Scoring
	if written == nil {
		written = &v1alpha1.Scoring{}
	}
	return Scoring{
		OnTrackFrom:             percentOr(written.OnTrackFromPercent, 95),
		AtRiskFrom:              percentOr(written.AtRiskFromPercent, 80),
		GoalCap:                 percentOr(written.GoalCapPercent, 100),
		ForecastMinimumExpected: percentOr(written.ForecastMinimumExpectedPercent, 10),
	}
}

func percentOr(text v1alpha1.Percent, otherwise int64) *big.Rat {
	if value, err := decimal.ParsePercent(text); err == nil {
		return value
	}
	return big.NewRat(otherwise, 1)
}

// Or returns what a pointer points to, or the documented default of an absent field.
func Or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}
