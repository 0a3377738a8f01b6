package pipeline

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxActivities is the number of activities that the budget of a plan lists.
const maxActivities = 16

// line is a line of a budget, in units of the program's currency.
type line struct {
	name                   v1alpha1.Name
	vendor, partner, third *big.Rat
	granted, paid          *big.Rat
	hasCost, hasMoney      bool
}

func newLine(name v1alpha1.Name) *line {
	return &line{name: name, vendor: new(big.Rat), partner: new(big.Rat), third: new(big.Rat), granted: new(big.Rat), paid: new(big.Rat)}
}

func (l *line) add(other *line) {
	l.vendor.Add(l.vendor, other.vendor)
	l.partner.Add(l.partner, other.partner)
	l.third.Add(l.third, other.third)
	l.granted.Add(l.granted, other.granted)
	l.paid.Add(l.paid, other.paid)
	l.hasCost, l.hasMoney = l.hasCost || other.hasCost, l.hasMoney || other.hasMoney
}

// BudgetOf returns what the activities of a plan are to cost by who pays, beside what was granted and paid, and when that may differ although no spec and no
// ledger does (zero: never). It is nil when no activity has a cost and no money is requested, and when the plan cannot be evaluated.
func BudgetOf(p *snapshot.Snapshot, of *v1alpha1.JointPlan, now time.Time) (*v1alpha1.PlanBudget, time.Time) {
	stands := plan.Of(p, of, now)
	if stands.Terms == nil {
		return nil, time.Time{}
	}
	prog := p.ProgramOf(p.Partner(stands.Terms.PartnerRef.Name))
	if prog == nil {
		return nil, time.Time{}
	}
	next := stands.NextChange
	lines, leftOut := linesOf(prog, stands.Terms)
	known := map[v1alpha1.Name]*line{}
	for _, l := range lines {
		known[l.name] = l
	}
	others := newLine("")
	if a := read(p, of, now); a != nil {
		next = verdict.Earlier(next, a.next)
		leftOut = append(leftOut, a.leftOut...)
		for activity, money := range a.byActivity {
			to := known[activity]
			if to == nil {
				to = others
			}
			to.addMoney(money)
		}
	}
	total := newLine("")
	total.add(others)
	for _, l := range lines {
		total.add(l)
	}
	if !total.hasCost && !total.hasMoney {
		return nil, next
	}
	for _, l := range lines[min(len(lines), maxActivities):] {
		others.add(l)
	}
	return write(prog, lines[:min(len(lines), maxActivities)], others, total, leftOut), next
}

// linesOf returns the lines of the activities of terms, by name, and what they leave out.
func linesOf(prog *program.Program, terms *v1alpha1.PlanTerms) (lines []*line, leftOut []string) {
	for i := range terms.Activities {
		activity := &terms.Activities[i]
		l := newLine(activity.Name)
		lines = append(lines, l)
		if activity.Cost == nil {
			continue
		}
		funding, ok := plan.FundingOf(prog, activity)
		if !ok {
			leftOut = append(leftOut, fmt.Sprintf("the cost of activity %s is not an amount in %s, or what its funders pay is not: planned leaves it out", activity.Name, prog.Spec.Currency))
			continue
		}
		l.hasCost = true
		for to, minor := range map[*big.Rat]int64{l.vendor: funding.Vendor, l.partner: funding.Partner, l.third: funding.ThirdParty} {
			if amount, err := money.Rat(minor, prog.Spec.Currency); err == nil {
				to.Set(amount)
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b *line) int { return cmp.Compare(a.name, b.name) })
	return lines, leftOut
}

func (l *line) addMoney(of *sums) {
	l.hasMoney = true
	if of.granted != nil {
		l.granted.Add(l.granted, of.granted)
	}
	if of.paid != nil {
		l.paid.Add(l.paid, of.paid)
	}
}

// write writes a budget down. All amounts are whole minor units, so nothing is rounded.
func write(prog *program.Program, lines []*line, others, total *line, leftOut []string) *v1alpha1.PlanBudget {
	digits, err := money.Digits(prog.Spec.Currency)
	if err != nil {
		digits = 2
	}
	shown := func(r *big.Rat) v1alpha1.Decimal { return decimal.Shown(r, digits) }
	lineOf := func(l *line) v1alpha1.BudgetLine {
		return v1alpha1.BudgetLine{
			Vendor: shown(l.vendor), Partner: shown(l.partner), ThirdParty: shown(l.third), Granted: shown(l.granted), Paid: shown(l.paid),
		}
	}
	sum := new(big.Rat).Add(total.vendor, total.partner)
	status := &v1alpha1.PlanBudget{
		Currency: prog.Spec.Currency, Granted: shown(total.granted), Paid: shown(total.paid), Message: printable.Clip(saidOf(leftOut), maxMessage),
		Planned: v1alpha1.FundedCost{Vendor: shown(total.vendor), Partner: shown(total.partner), ThirdParty: shown(total.third), Total: shown(sum.Add(sum, total.third))},
	}
	for _, l := range lines {
		status.Activities = append(status.Activities, v1alpha1.ActivityBudget{Name: l.name, BudgetLine: lineOf(l)})
	}
	if others.hasCost || others.hasMoney {
		rest := lineOf(others)
		status.Others = &rest
	}
	return status
}
