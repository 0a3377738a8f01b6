// Package pipeline adds up what the campaigns of a plan, and of a partner's open plans, have brought and cost, with the market development funds for
// them. It asks the rules of campaigns and of requests for money, never their statuses.
package pipeline

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxPlans is the number of plans that the status of a partner lists.
const maxPlans = 8

// maxNamed is the number of metrics that a message names.
const maxNamed = 3

// sums are exact sums; a nil one is of nothing measured.
type sums struct {
	campaigns, measured                              int
	asOf                                             fiscal.Day
	leads, opportunities, wins, value, revenue, cost *big.Rat
	granted, paid                                    *big.Rat
}

// account is what was added up, as a whole and by initiative.
type account struct {
	sums

	program      *program.Program
	byInitiative map[v1alpha1.Name]*sums
	byActivity   map[v1alpha1.Name]*sums // the money of requests; only of one plan
	leftOut      []string                // what the sums leave out, sorted
	next         time.Time
}

// accountOf is the key of the account of a plan.
type accountOf struct{ plan v1alpha1.Name }

// OfPlan adds up the campaigns of a plan at an instant, and says when that may differ although no spec and no ledger does (zero: never). It is nil when
// the plan has neither campaigns nor requests for money, or its program is not found.
func OfPlan(p *snapshot.Snapshot, of *v1alpha1.JointPlan, now time.Time) (*v1alpha1.PlanPipeline, time.Time) {
	a := read(p, of, now)
	if a == nil {
		return nil, time.Time{}
	}
	return a.status(), a.next
}

// OfPartner adds up the campaigns of a partner's plans that are not closed. It is nil when none of these has campaigns or requests for money.
func OfPartner(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) (*v1alpha1.PartnerPipeline, time.Time) {
	var all *account
	var plans []v1alpha1.Name
	var next time.Time
	for _, x := range p.PlansOf(v1alpha1.Name(partner.Name)) {
		stands := plan.Of(p, x, now)
		next = verdict.Earlier(next, stands.NextChange)
		if stands.Status.Stage == v1alpha1.StageClosed {
			continue
		}
		one := read(p, x, now)
		if one == nil {
			continue
		}
		plans = append(plans, v1alpha1.Name(x.Name))
		next = verdict.Earlier(next, one.next)
		if all == nil {
			all = &account{program: one.program, byInitiative: map[v1alpha1.Name]*sums{}}
		}
		all.merge(one)
	}
	if all == nil {
		return nil, next
	}
	status := &v1alpha1.PartnerPipeline{PipelineSums: all.status().PipelineSums, Plans: plans[:min(len(plans), maxPlans)]}
	if further := len(plans) - maxPlans; further > 0 {
		status.FurtherPlans = new(int32(min(further, math.MaxInt32)))
	}
	return status, next
}

// read adds up a plan, once for a snapshot and an instant; nil when there is nothing to add up.
func read(p *snapshot.Snapshot, of *v1alpha1.JointPlan, now time.Time) *account {
	if p.Beyond(of) != "" {
		return nil
	}
	if !snapshot.Same(p.Plan(v1alpha1.Name(of.Name)), of) {
		return add(p, of, now) // as it might be
	}
	return snapshot.Once(p, snapshot.Everything, now, accountOf{v1alpha1.Name(of.Name)}, func() *account { return add(p, of, now) })
}

func add(p *snapshot.Snapshot, of *v1alpha1.JointPlan, now time.Time) *account {
	name := v1alpha1.Name(of.Name)
	campaigns, requests := p.CampaignsOf(name), requestsOf(p, name, now)
	prog := p.ProgramOf(p.Partner(of.Spec.PartnerRef.Name))
	if prog == nil || len(campaigns)+len(requests) == 0 {
		return nil
	}
	a := &account{program: prog, byInitiative: map[v1alpha1.Name]*sums{}, byActivity: map[v1alpha1.Name]*sums{}}
	serves := map[v1alpha1.Name][]v1alpha1.Name{} // the initiatives of the campaigns that carry out an activity
	carried := map[v1alpha1.Name]bool{}
	for _, x := range campaigns {
		stands := campaign.Of(p, x, now)
		a.next = verdict.Earlier(a.next, stands.NextChange)
		a.addCampaign(&stands.Account, stands.Initiatives)
		if metrics := stands.Account.Unvouched; len(metrics) > 0 {
			a.leaveOutf("what the partner alone reports of Campaign %q is left out: %s", x.Name, verdict.Some(metrics, maxNamed))
		}
		if x.Spec.Activity != "" {
			carried[x.Spec.Activity] = true
			serves[x.Spec.Activity] = append(serves[x.Spec.Activity], stands.Initiatives...)
		}
	}
	approval := plan.Approvals(p, of, now)
	a.next = verdict.Earlier(a.next, approval.NextChange)
	terms := &of.Spec.PlanTerms
	if record := approval.Record; record != nil && record.Terms != nil {
		terms = record.Terms
	}
	for _, x := range requests {
		activity := x.Spec.Activity
		names := serves[activity]
		if !carried[activity] {
			names = planned(terms, activity)
		}
		a.addMoney(p, x, entryOf(prog, names), now)
	}
	return a
}

// requestsBy is the key of the requests for money, by plan.
type requestsBy struct{}

// requestsOf returns the requests for money for activities of a plan.
func requestsOf(p *snapshot.Snapshot, plan v1alpha1.Name, now time.Time) []*v1alpha1.MDFAllocation {
	return snapshot.Once(p, snapshot.Judgement, now, requestsBy{}, func() map[v1alpha1.Name][]*v1alpha1.MDFAllocation {
		all := map[v1alpha1.Name][]*v1alpha1.MDFAllocation{}
		for _, x := range p.Allocations() {
			if x.Spec.Reward != nil {
				continue // it is for what was sold, and no cost of a campaign
			}
			all[x.Spec.PlanRef.Name] = append(all[x.Spec.PlanRef.Name], x)
		}
		return all
	})[plan]
}

// planned returns the initiatives of an activity in terms.
func planned(terms *v1alpha1.PlanTerms, activity v1alpha1.Name) []v1alpha1.Name {
	for i := range terms.Activities {
		if terms.Activities[i].Name == activity {
			return terms.Activities[i].Initiatives
		}
	}
	return nil
}

// entryOf returns the entry that holds what serves some initiatives.
func entryOf(prog *program.Program, names []v1alpha1.Name) v1alpha1.Name {
	entry := v1alpha1.InitiativeNone
	for _, name := range names {
		switch {
		case prog.Initiative(name) == nil || name == entry:
		case entry == v1alpha1.InitiativeNone:
			entry = name
		default:
			return v1alpha1.InitiativeSeveral
		}
	}
	return entry
}

// under returns the sums of an entry.
func (a *account) under(entry v1alpha1.Name) *sums {
	if a.byInitiative[entry] == nil {
		a.byInitiative[entry] = &sums{}
	}
	return a.byInitiative[entry]
}

func (a *account) addCampaign(x *campaign.Account, initiatives []v1alpha1.Name) {
	one := sums{
		campaigns: 1, asOf: x.AsOf, leads: x.Leads, opportunities: x.Opportunities, wins: x.Wins, value: x.Pipeline, revenue: x.Revenue, cost: x.Cost,
	}
	for _, figure := range []*big.Rat{x.Leads, x.Opportunities, x.Wins, x.Pipeline, x.Revenue, x.Cost} {
		if figure != nil {
			one.measured = 1
		}
	}
	a.add(&one)
	a.under(entryOf(a.program, initiatives)).add(&one)
}

// addMoney adds what was granted to a request and paid on its claims.
func (a *account) addMoney(p *snapshot.Snapshot, x *v1alpha1.MDFAllocation, entry v1alpha1.Name, now time.Time) {
	of := moneyOf(p, a.program, x, now)
	a.next = verdict.Earlier(a.next, of.next)
	a.leftOut = append(a.leftOut, of.leftOut...)
	one := sums{paid: of.paid, granted: of.granted}
	a.add(&one)
	a.under(entry).add(&one)
	if a.byActivity[x.Spec.Activity] == nil {
		a.byActivity[x.Spec.Activity] = &sums{}
	}
	a.byActivity[x.Spec.Activity].add(&one)
}

// fund is the money of a request in the program's currency.
type fund struct {
	granted *big.Rat // nil when nobody can tell
	paid    *big.Rat
	leftOut []string // what it leaves out
	next    time.Time
}

// moneyOf returns what was granted to a request and paid on its claims.
func moneyOf(p *snapshot.Snapshot, prog *program.Program, x *v1alpha1.MDFAllocation, now time.Time) fund {
	horizon, currency := verdict.NewHorizon(now), prog.Spec.Currency
	paid, foreign := campaign.Paid(p, prog, []*v1alpha1.MDFAllocation{x}, now, horizon)
	of := fund{granted: new(big.Rat), paid: paid}
	leaveOutf := func(format string, args ...any) { of.leftOut = append(of.leftOut, fmt.Sprintf(format, args...)) }
	if foreign != "" {
		leaveOutf("%s: mdfPaid leaves it out", foreign)
	}
	holding := outcome.HoldingOf(p, x, now)
	horizon.At(holding.NextChange)
	switch {
	case holding.Lost:
		of.granted = nil
		leaveOutf("the ledger of budget %s is lost: mdfGranted leaves out MDFAllocation %q", x.Spec.BudgetRef.Name, x.Name)
	case holding.Granted != 0 && holding.Currency != currency:
		leaveOutf("MDFAllocation %q is granted in %s, and the program's currency is %s: mdfGranted leaves it out", x.Name, holding.Currency, currency)
	case holding.Granted != 0:
		if amount, err := money.Rat(holding.Granted, currency); err == nil {
			of.granted = amount
		}
	}
	of.next = horizon.Next()
	return of
}

func (a *account) leaveOutf(format string, args ...any) {
	a.leftOut = append(a.leftOut, fmt.Sprintf(format, args...))
}

// merge adds another account of the same program.
func (a *account) merge(other *account) {
	a.add(&other.sums)
	a.leftOut = append(a.leftOut, other.leftOut...)
	for entry, one := range other.byInitiative {
		a.under(entry).add(one)
	}
}

// add adds other sums, whose figures stay as they are.
func (s *sums) add(other *sums) {
	s.campaigns += other.campaigns
	s.measured += other.measured
	s.asOf = max(s.asOf, other.asOf)
	for _, x := range []struct {
		to **big.Rat
		by *big.Rat
	}{
		{&s.leads, other.leads},
		{&s.opportunities, other.opportunities},
		{&s.wins, other.wins},
		{&s.value, other.value},
		{&s.revenue, other.revenue},
		{&s.cost, other.cost},
		{&s.granted, other.granted},
		{&s.paid, other.paid},
	} {
		if x.by == nil {
			continue
		}
		if *x.to == nil {
			*x.to = new(big.Rat)
		}
		(*x.to).Add(*x.to, x.by)
	}
}

// status writes the account down. Amounts are rounded down once, after they were added up.
func (a *account) status() *v1alpha1.PlanPipeline {
	digits, err := money.Digits(a.program.Spec.Currency)
	if err != nil {
		digits = 2
	}
	amount := func(r *big.Rat) v1alpha1.Decimal {
		if r == nil {
			return ""
		}
		return decimal.Shown(r, digits)
	}
	status := &v1alpha1.PlanPipeline{PipelineSums: v1alpha1.PipelineSums{
		Campaigns: count(a.campaigns), Measured: count(a.measured), Currency: a.program.Spec.Currency, AsOf: a.asOf.Date(),
		Leads: number(a.leads), Opportunities: number(a.opportunities), Wins: number(a.wins),
		Pipeline: amount(a.value), Revenue: amount(a.revenue), Cost: amount(a.cost), MDFGranted: amount(a.granted), MDFPaid: amount(a.paid),
		Message: a.message(),
	}}
	for entry, one := range a.byInitiative {
		status.Initiatives = append(status.Initiatives, v1alpha1.InitiativePipeline{
			Initiative: entry, Campaigns: count(one.campaigns),
			Cost: amount(one.cost), MDFGranted: amount(one.granted), MDFPaid: amount(one.paid), Pipeline: amount(one.value), Revenue: amount(one.revenue),
		})
	}
	slices.SortFunc(status.Initiatives, func(x, y v1alpha1.InitiativePipeline) int {
		return strings.Compare(string(x.Initiative), string(y.Initiative))
	})
	return status
}

// maxMessage is the number of bytes of the message.
const maxMessage = 512

// message says what the sums leave out: the first of it, and how much more there is.
func (a *account) message() string { return saidOf(a.leftOut) }

// saidOf says what sums leave out: the first of it, and how much more there is.
func saidOf(all []string) string {
	if len(all) == 0 {
		return ""
	}
	leftOut := slices.Sorted(slices.Values(all))
	text := verdict.Capital(leftOut[0])
	switch more := len(leftOut) - 1; more {
	case 0:
	case 1:
		text += "; 1 more amount is left out for a similar reason"
	default:
		text += fmt.Sprintf("; %d more amounts are left out for similar reasons", more)
	}
	return text[:min(len(text), maxMessage)]
}

func count(n int) int32 { return int32(min(n, math.MaxInt32)) } //nolint:gosec // it fits

// number shows a count without trailing zeros; empty for none.
func number(r *big.Rat) v1alpha1.Decimal {
	if r == nil {
		return ""
	}
	text := string(decimal.Shown(r, decimal.MaxFractionDigits))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
	}
	return v1alpha1.Decimal(text)
}
