// Package benefit says how much of a benefit a period has: what the quantity of a year comes to in it, and which part of that a plan can ask for. It knows
// no plan's decisions and no measurements.
package benefit

import (
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

var (
	one = big.NewRat(1, 1)
	two = big.NewRat(2, 1)
)

// Entitled returns what of a quantity per fiscal year is due in a span: what is due through its last day, less what was due before its first one. Through a
// day of a year that is the share of the days so far, rounded down to halves, and all of it through the last one, so that the periods of a year make its
// quantity however it is divided.
func Entitled(cal *fiscal.Calendar, quantity *big.Rat, span fiscal.Span) *big.Rat {
	sum := new(big.Rat)
	for _, year := range cal.Periods(fiscal.Year, span) {
		of := span.Intersect(year)
		sum.Add(sum, dueThrough(quantity, year, of.Through))
		sum.Sub(sum, dueThrough(quantity, year, of.From.AddDays(-1)))
	}
	return sum
}

// dueThrough returns what of the quantity of a year is due through a day of it, or the day before it.
func dueThrough(quantity *big.Rat, year fiscal.Span, day fiscal.Day) *big.Rat {
	switch {
	case day < year.From:
		return new(big.Rat)
	case day >= year.Through:
		return quantity
	default:
		days := big.NewRat(int64(day.Sub(year.From)+1), int64(year.Days()))
		return halves(days.Mul(days, quantity))
	}
}

// halves rounds down to halves.
func halves(r *big.Rat) *big.Rat {
	floor := new(big.Rat).SetInt(decimal.Floor(new(big.Rat).Mul(r, two)))
	return floor.Quo(floor, two)
}

// Aligned returns the part of what is due of which a share is aligned, rounded down to halves; all of it where all is.
func Aligned(entitled, share *big.Rat) *big.Rat {
	if share.Cmp(one) >= 0 {
		return entitled
	}
	return halves(new(big.Rat).Mul(entitled, share))
}

// Share returns the share of the weight of a plan's goals that serves an initiative in force during its period, from 0 to 1. Of a goal that is divided
// among initiatives the shares of those in force count. Where no goal states a weight all weigh the same; otherwise one that states none weighs nothing.
// Without goals nothing is aligned, and where no initiative is in force, all is: there is nothing to align with.
func Share(prog *program.Program, terms *v1alpha1.PlanTerms, span fiscal.Span) *big.Rat {
	if len(terms.Goals) == 0 {
		return new(big.Rat)
	}
	nothing := true
	for _, name := range prog.InitiativeNames() {
		nothing = nothing && !inForce(prog, v1alpha1.Name(name), span)
	}
	if nothing {
		return one
	}
	stated := false
	for i := range terms.Goals {
		stated = stated || terms.Goals[i].WeightPercent != ""
	}
	aligned, all := new(big.Rat), new(big.Rat)
	for i := range terms.Goals {
		goal := &terms.Goals[i]
		weight := one
		if stated {
			var err error
			if weight, err = decimal.ParsePercent(goal.WeightPercent); err != nil {
				continue
			}
		}
		all.Add(all, weight)
		aligned.Add(aligned, new(big.Rat).Mul(weight, Serves(prog, goal, span)))
	}
	if all.Sign() <= 0 {
		return new(big.Rat)
	}
	return aligned.Quo(aligned, all)
}

// Serves returns the share of a goal that serves an initiative in force during a span, from 0 to 1.
func Serves(prog *program.Program, goal *v1alpha1.Goal, span fiscal.Span) *big.Rat {
	if len(goal.InitiativeShares) > 0 {
		percent := int64(0)
		for _, x := range goal.InitiativeShares {
			if inForce(prog, x.Initiative, span) {
				percent += int64(min(max(x.Percent, 0), 100))
			}
		}
		return big.NewRat(min(percent, 100), 100)
	}
	for _, name := range goal.Initiatives {
		if inForce(prog, name, span) {
			return one
		}
	}
	return new(big.Rat)
}

func inForce(prog *program.Program, name v1alpha1.Name, span fiscal.Span) bool {
	initiative := prog.Initiative(name)
	return initiative != nil && program.InForce(initiative, span)
}

// QuantityOf returns what a tier has of a benefit in a fiscal year; nil when it has none.
func QuantityOf(tier *v1alpha1.Tier, name v1alpha1.Name) *big.Rat {
	if tier == nil {
		return nil
	}
	for i := range tier.Benefits {
		if tier.Benefits[i].Name != name {
			continue
		}
		if quantity, err := decimal.Parse(tier.Benefits[i].Quantity); err == nil && quantity.Sign() >= 0 {
			return quantity
		}
	}
	return nil
}

// Names returns the names of a tier's benefits, for suggestions.
func Names(tier *v1alpha1.Tier) []string {
	if tier == nil {
		return nil
	}
	names := make([]string, 0, len(tier.Benefits))
	for i := range tier.Benefits {
		names = append(names, string(tier.Benefits[i].Name))
	}
	return names
}

// Shown writes a quantity for a status, with one digit after the point at least: quantities are of halves.
func Shown(r *big.Rat) v1alpha1.Decimal {
	text := string(decimal.Shown(r, decimal.MaxFractionDigits))
	if !strings.Contains(text, ".") {
		return v1alpha1.Decimal(text + ".0")
	}
	return v1alpha1.Decimal(strings.TrimRight(text, "0"))
}
