package request

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// resolved is the key of a request of an allocation.
type resolved struct{ allocation string }

// Of returns an allocation's request as it stands apart from the room that its budget has. It is shared, and must not be changed.
func Of(f *facts.Facts, a *v1alpha1.MDFAllocation) *Request {
	if !snapshot.Same(f.Snapshot.Allocation(v1alpha1.Name(a.Name)), a) {
		return resolve(f, a, nil) // as it might be
	}
	return facts.Once(f, resolved{a.Name}, func() *Request { return resolve(f, a, nil) })
}

// resolve finds what a request refers to, reads it and judges it. Where a budget is given the request is on that.
func resolve(f *facts.Facts, a *v1alpha1.MDFAllocation, on *v1alpha1.MDFBudget) *Request {
	in := &input{
		Request:  &Request{Object: a, Key: facts.Key(a), Revision: facts.RequestRevision(&a.Spec)},
		facts:    f,
		on:       on,
		cal:      fiscal.UTC(),
		findings: &verdict.Findings{},
		horizon:  verdict.NewHorizon(f.Now),
	}
	in.resolvePlan()
	in.resolveBudget()
	in.resolveProgram()
	in.resolveReward()
	in.readDays()
	in.readAmounts()
	in.readLists()
	in.approve()
	in.setActivity()
	in.convert()
	in.chooseLane()
	in.setDeadlines()
	in.judgeEligible()
	in.Approved = in.judgeApproved()
	in.Approval.CheckPeople(&in.Case, in.findings)
	in.judgeTurn()
	in.checkReservation()
	in.noteException()
	in.Findings = in.findings.List()
	in.Next = in.horizon.Next()
	return in.Request
}

// resolvePlan finds the plan, its terms of record, their partner and its program.
func (in *input) resolvePlan() {
	p, ref := in.facts.Snapshot, in.Object.Spec.PlanRef.Name
	if in.Plan = p.Plan(ref); in.Plan == nil {
		in.findings.Errorf(verdict.RuleReferenceNotFound, "spec.planRef.name", "%s", noPlan(in))
		in.today = in.cal.Today(in.facts.Now)
		return
	}
	a := in.facts.Approvals(in.Plan)
	in.horizon.At(a.NextChange)
	if a.Record != nil {
		in.Terms = a.Record.Terms
	}
	terms := in.Terms
	if terms == nil {
		terms = &in.Plan.Spec.PlanTerms
	}
	in.Partner = p.Partner(terms.PartnerRef.Name)
	if in.Program = p.ProgramOf(in.Partner); in.Program != nil {
		in.cal = in.Program.Calendar
		if span, err := in.cal.Period(terms.Period); err == nil {
			in.period = span
		}
	}
	in.today = in.cal.Today(in.facts.Now)
	if in.Terms != nil {
		in.planned = plannedActivity(in.Terms, in.Object.Spec.Activity)
	}
}

// plannedActivity returns an activity of a plan; nil when there is none of that name.
func plannedActivity(terms *v1alpha1.PlanTerms, name v1alpha1.Name) *v1alpha1.PlannedActivity {
	i := slices.IndexFunc(terms.Activities, func(x v1alpha1.PlannedActivity) bool { return x.Name == name })
	if i < 0 {
		return nil
	}
	return &terms.Activities[i]
}

// resolveBudget finds the budget, if the partner's program may use it, and its ledger.
func (in *input) resolveBudget() {
	p, name := in.facts.Snapshot, in.Object.Spec.BudgetRef.Name
	in.Ledger = p.Ledger(name)
	budget := cmp.Or(in.on, p.Budget(name))
	if budget == nil && in.Ledger != nil && !in.holdsOf(name) {
		in.Ledger = nil // a partner that never had money of it learns nothing of it
	}
	if budget != nil && (in.Program == nil || budget.Spec.ProgramRef.Name == in.Program.Name) {
		in.Budget, in.Currency = budget, budget.Spec.Amount.Currency
		in.span = facts.PeriodOf(budget, in.Program)
		return
	}
	if in.Ledger != nil {
		in.Currency = in.Ledger.Spec.Currency
	}
	if budget != nil || in.Ledger == nil {
		in.findings.Errorf(verdict.RuleReferenceNotFound, "spec.budgetRef.name", "%s", in.noBudget())
	}
}

// resolveProgram takes the budget's program where the plan says none, as when it was deleted: what is granted keeps its deadlines.
func (in *input) resolveProgram() {
	if in.Program != nil || in.Budget == nil {
		return
	}
	if in.Program = in.facts.Snapshot.Program(in.Budget.Spec.ProgramRef.Name); in.Program != nil {
		in.cal = in.Program.Calendar
		in.today = in.cal.Today(in.facts.Now)
		in.span = facts.PeriodOf(in.Budget, in.Program)
	}
}

// holding is the key of whether a ledger may hold something of the partner.
type holding struct{ ledger v1alpha1.Name }

// holdsOf reports whether the ledger of a name has an entry that is, or may be, of the partner.
func (in *input) holdsOf(ledger v1alpha1.Name) bool {
	return facts.Once(in.facts, holding{ledger}, func() bool {
		p := in.facts.Snapshot
		for key := range p.Ledger(ledger).Spec.Reserved {
			owner, ours := strings.CutPrefix(facts.OwnerOf(key), p.Namespace+"/")
			if name := v1alpha1.Name(owner); ours && (p.Allocation(name) != nil || !p.Elsewhere(name)) {
				return true
			}
		}
		return false
	})
}

// mistakef notes a mistake in the request's own spec, because of which nothing is granted.
func (in *input) mistakef(rule, field, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if in.broken == "" {
		in.broken = field + ": " + message
	}
	in.findings.Errorf(rule, field, "%s", message)
}

// day reads a day of the spec; absent when it is none, which is a mistake.
func (in *input) day(field string, text v1alpha1.Date) fiscal.Day {
	day, err := fiscal.ParseDay(text)
	if err != nil {
		in.mistakef(facts.RuleDateInvalid, field, "%s", err)
		return 0
	}
	return day
}

// readDays reads the days of the request. A fact that is dated in the future does not count yet.
func (in *input) readDays() {
	spec := &in.Object.Spec
	verdict.FindAttested(in.findings, spec.Attestation, spec.RequestedBy)
	if !in.IsReward() {
		in.Starts, in.Ends = in.day("spec.startsOn", spec.StartsOn), in.day("spec.endsOn", spec.EndsOn)
	}
	if !in.Starts.IsZero() && !in.Ends.IsZero() && in.Starts > in.Ends {
		in.mistakef(facts.RuleDateInvalid, "spec.endsOn", "%s is before the activity starts, %s: write the day on which it ends", in.Ends, in.Starts)
	}
	in.asOf = in.today
	if spec.RequestedOn != "" {
		if on := in.day("spec.requestedOn", spec.RequestedOn); !on.IsZero() {
			in.asOf, in.Submitted = on, in.happened(on)
		}
	}
	in.asked = in.asOf
	in.readResubmitted()
	if spec.WithdrawnOn != "" {
		on := in.day("spec.withdrawnOn", spec.WithdrawnOn)
		in.Withdrawn = !on.IsZero() && in.happened(on)
	}
}

// readResubmitted reads the day on which the request was submitted again. The vendor's days to decide begin with it.
func (in *input) readResubmitted() {
	if in.Object.Spec.ResubmittedOn == "" {
		return
	}
	on := in.day("spec.resubmittedOn", in.Object.Spec.ResubmittedOn)
	switch {
	case on.IsZero():
	case in.Object.Spec.RequestedOn == "" || on < in.asked:
		in.mistakef(facts.RuleDateInvalid, "spec.resubmittedOn", "%s is the day on which the request was submitted again: state the day of the first request, which is not "+
			"after it, in spec.requestedOn", on)
	case in.happened(on):
		in.Resubmitted, in.asOf = on, on
	}
}

// happened reports whether a day has come, and notes when it will.
func (in *input) happened(on fiscal.Day) bool {
	in.horizon.At(in.cal.StartOf(on))
	return on <= in.today
}

// readAmounts reads the amounts of the request, in its own currency.
func (in *input) readAmounts() {
	spec := &in.Object.Spec
	in.most = in.amount("spec.amount", spec.Amount)
	if !in.IsReward() {
		in.readShare()
	}
	if spec.AcceptAtLeast != "" {
		least := in.amount("spec.acceptAtLeast", v1alpha1.Money{Amount: spec.AcceptAtLeast, Currency: spec.Amount.Currency})
		if in.Least = least; least > in.most && in.most > 0 {
			in.mistakef(facts.RuleAmountInvalid, "spec.acceptAtLeast", "%s is above the amount requested, %s: lower it, or leave it out to accept nothing "+
				"less than the amount",
				money.Format(least, spec.Amount.Currency), money.Format(in.most, spec.Amount.Currency))
		}
	}
}

// readShare reads the cost of an activity, and the share of it that is requested.
func (in *input) readShare() {
	spec := &in.Object.Spec
	in.cost = in.amount("spec.cost", spec.Cost)
	if spec.Cost.Currency != spec.Amount.Currency {
		in.mistakef(facts.RuleAmountInvalid, "spec.cost.currency", "the cost is in %s and the amount in %s: write both in one currency", spec.Cost.Currency,
			spec.Amount.Currency)
		in.cost = 0
	}
	if percent, err := decimal.ParsePercent(spec.ReimbursementPercent); err != nil {
		in.mistakef(facts.RuleAmountInvalid, "spec.reimbursementPercent", "%s", err)
	} else if percent.Sign() == 0 {
		in.mistakef(facts.RuleAmountInvalid, "spec.reimbursementPercent", "it must be above zero: write the share of the cost that the vendor is asked to pay")
	}
}

// amount reads an amount above zero; zero when it is none, which is a mistake.
func (in *input) amount(field string, m v1alpha1.Money) int64 {
	minor, err := money.ParseMoney(m)
	switch {
	case err != nil:
		in.mistakef(facts.RuleAmountInvalid, field, "%s", err)
		return 0
	case minor <= 0:
		in.mistakef(facts.RuleAmountInvalid, field, "%s must be above zero", money.Format(minor, m.Currency))
		return 0
	default:
		return minor
	}
}

// readLists checks the expected results.
func (in *input) readLists() {
	for _, expected := range in.Object.Spec.Expected {
		field := fmt.Sprintf("spec.expected[%s]", expected.Metric)
		if in.Program != nil && in.Program.Metric(expected.Metric) == nil {
			in.mistakef(RuleMetricUnknown, field+".metric", "program %q has %s",
				in.Program.Name, verdict.NoSuch("metric", string(expected.Metric), in.Program.MetricNames()))
		}
		if value, err := decimal.Parse(expected.Value); err != nil {
			in.mistakef(RuleValueInvalid, field+".value", "%s", err)
		} else if value.Sign() < 0 {
			in.mistakef(RuleValueInvalid, field+".value", "%s must not be negative", expected.Value)
		}
	}
}

// standing returns the partner's standing and tier; nil when they are not known.
func (in *input) standing() *facts.Partner {
	if in.Partner == nil || in.Program == nil {
		return nil
	}
	view := in.facts.Partner(in.Partner)
	in.horizon.At(view.Next)
	return view
}
