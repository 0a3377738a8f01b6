package program

import (
	"cmp"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
)

// Rate is the share of the cost that the program pays for an activity of a plan, before the partner's standing lowers it.
type Rate struct {
	// Base is the share that the catalogue states, in percent.
	Base *big.Rat
	// Percent is Base with the points, from 0 to 100; Base itself where no points count.
	Percent *big.Rat
	// Points is the entry that counts; nil when none fits.
	Points *v1alpha1.InitiativeRate
}

// Rate returns the share of the cost that the program pays for an activity that serves initiatives, by those of them that are in force on a day. Of all
// entries that fit the best one counts; of two alike the first by initiative.
func (p *Program) Rate(activity *v1alpha1.Activity, serves []v1alpha1.Name, on fiscal.Day) Rate {
	rate := Rate{Base: new(big.Rat)}
	if base, err := decimal.ParsePercent(activity.ReimbursementPercent); err == nil {
		rate.Base = base
	}
	rate.Percent = rate.Base
	inForce := slices.DeleteFunc(slices.Clone(serves), func(name v1alpha1.Name) bool {
		initiative := p.Initiative(name)
		return initiative == nil || !InForce(initiative, fiscal.Span{From: on, Through: on})
	})
	var most *big.Rat
	for i := range p.Spec.InitiativeRates {
		entry := &p.Spec.InitiativeRates[i]
		points, err := decimal.Parse(v1alpha1.Decimal(entry.Points))
		if err != nil || !fits(entry, activity.Type, inForce) {
			continue
		}
		if most != nil && cmp.Or(points.Cmp(most), cmp.Compare(rate.Points.Initiative, entry.Initiative)) <= 0 {
			continue // of equal ones the first by name
		}
		most, rate.Points = points, entry
	}
	if most == nil || rate.Base.Sign() == 0 { // what is not funded is not
		rate.Points = nil
		return rate
	}
	rate.Percent = new(big.Rat).Add(rate.Base, most)
	if rate.Percent.Sign() < 0 {
		rate.Percent = new(big.Rat)
	}
	if hundred := big.NewRat(100, 1); rate.Percent.Cmp(hundred) > 0 {
		rate.Percent = hundred
	}
	return rate
}

// fits reports whether an entry is about an activity of a type that serves initiatives.
func fits(entry *v1alpha1.InitiativeRate, kind v1alpha1.ActivityType, serves []v1alpha1.Name) bool {
	switch {
	case entry.Activity != "" && entry.Activity != kind:
		return false
	case entry.Initiative == "":
		return len(serves) == 0
	default:
		return slices.Contains(serves, entry.Initiative)
	}
}

// PointsFor returns the entries that are about activities of a type, in their order, for who looks rates up.
func (p *Program) PointsFor(kind v1alpha1.ActivityType) []v1alpha1.InitiativeRate {
	return PointsFor(p.Spec, kind)
}

// PointsFor returns the entries of a program that are about activities of a type, in their order.
func PointsFor(spec *v1alpha1.PartnerProgramSpec, kind v1alpha1.ActivityType) []v1alpha1.InitiativeRate {
	return slices.DeleteFunc(slices.Clone(spec.InitiativeRates), func(x v1alpha1.InitiativeRate) bool { return x.Activity != "" && x.Activity != kind })
}

// PointsWords says what an entry adds for whom: "+10 where it serves secure-edge", "-20 where it serves no initiative in force".
func PointsWords(entry *v1alpha1.InitiativeRate) string {
	points := entry.Points
	if points != "" && points[0] != '-' {
		points = "+" + points
	}
	if entry.Initiative == "" {
		return points + " where it serves no initiative in force"
	}
	return points + " where it serves " + string(entry.Initiative)
}
