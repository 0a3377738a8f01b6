package funding

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// defaultClaimDays is how long after the activity a claim can be received where the program does not say.
const defaultClaimDays = 90

// Request returns an allocation's request as it stands apart from the room that its budget has.
func (s *Scene) Request(a *v1alpha1.MDFAllocation) *Request {
	return s.requests.Get(v1alpha1.Name(a.Name), func() *Request { return s.request(a) })
}

func (s *Scene) request(a *v1alpha1.MDFAllocation) *Request {
	in := &requestInput{
		Request:  &Request{Allocation: a, Key: facts.Key(a), Revision: facts.RequestRevision(&a.Spec)},
		scene:    s,
		cal:      fiscal.UTC(),
		findings: &verdict.Findings{},
		horizon:  verdict.NewHorizon(s.Now),
	}
	in.resolvePlan()
	in.resolveBudget()
	in.resolveProgram()
	in.readDays()
	in.readAmounts()
	in.readLists()
	in.approve()
	in.convert()
	in.setDeadlines()
	in.judgeEligible()
	in.Approved = in.judgeApproved()
	in.checkReservation()
	in.Findings = in.findings.List()
	in.Next = in.horizon.Next()
	return in.Request
}

// calendar returns the calendar of the request's program; that of UTC when it is not known.
func (in *requestInput) calendar() *fiscal.Calendar {
	if in.Program == nil {
		return fiscal.UTC()
	}
	return in.Program.Calendar
}

// resolvePlan finds the plan, its terms of record, their partner and its program.
func (in *requestInput) resolvePlan() {
	p, ref := in.scene.Snapshot, in.Allocation.Spec.PlanRef.Name
	if in.Plan = p.Plan(ref); in.Plan == nil {
		in.findings.Errorf(verdict.RuleReferenceNotFound, "spec.planRef.name", "%s", noPlan(in))
		in.today = in.cal.Today(in.scene.Now)
		return
	}
	a := in.scene.Approvals(in.Plan)
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
	in.today = in.cal.Today(in.scene.Now)
	if in.Terms != nil {
		in.planned = plannedActivity(in.Terms, in.Allocation.Spec.Activity)
	}
	in.setActivity()
}

// setActivity finds the program's entry for the type of the activity: by the terms of record or, when these no longer have the activity, by the last
// ones that had, or the current ones. So what was granted keeps its deadlines.
func (in *requestInput) setActivity() {
	known := in.planned
	history := in.scene.Approvals(in.Plan).History
	for _, record := range slices.Backward(history) {
		if known == nil && record.Terms != nil {
			known = plannedActivity(record.Terms, in.Allocation.Spec.Activity)
		}
	}
	if known == nil {
		known = plannedActivity(&in.Plan.Spec.PlanTerms, in.Allocation.Spec.Activity)
	}
	if known != nil && in.Program != nil {
		in.Activity = in.Program.Activity(known.Type)
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
func (in *requestInput) resolveBudget() {
	p, name := in.scene.Snapshot, in.Allocation.Spec.BudgetRef.Name
	in.Ledger = p.Ledger(name)
	budget := p.Budget(name)
	if budget == nil && in.Ledger != nil && !holdsOf(&in.Ledger.Spec, p.Namespace) {
		in.Ledger = nil // a namespace that never had money of it learns nothing of it
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
func (in *requestInput) resolveProgram() {
	if in.Program != nil || in.Budget == nil {
		return
	}
	if in.Program = in.scene.Snapshot.Program(in.Budget.Spec.ProgramRef.Name); in.Program != nil {
		in.cal = in.Program.Calendar
		in.today = in.cal.Today(in.scene.Now)
		in.span = facts.PeriodOf(in.Budget, in.Program)
	}
}

// holdsOf reports whether a ledger has an entry of a namespace.
func holdsOf(ledger *v1alpha1.MDFLedgerSpec, namespace string) bool {
	for key := range ledger.Reserved {
		if facts.NamespaceOf(key) == namespace {
			return true
		}
	}
	return false
}

// mistakef notes a mistake in the request's own spec, because of which nothing is granted.
func (in *requestInput) mistakef(rule, field, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if in.broken == "" {
		in.broken = field + ": " + message
	}
	in.findings.Errorf(rule, field, "%s", message)
}

// day reads a day of the spec; absent when it is none, which is a mistake.
func (in *requestInput) day(field string, text v1alpha1.Date) fiscal.Day {
	day, err := fiscal.ParseDay(text)
	if err != nil {
		in.mistakef(facts.RuleDateInvalid, field, "%s", err)
		return 0
	}
	return day
}

// readDays reads the days of the request. A fact that is dated in the future does not count yet.
func (in *requestInput) readDays() {
	spec := &in.Allocation.Spec
	in.Starts, in.Ends = in.day("spec.startsOn", spec.StartsOn), in.day("spec.endsOn", spec.EndsOn)
	if !in.Starts.IsZero() && !in.Ends.IsZero() && in.Starts > in.Ends {
		in.mistakef(facts.RuleDateInvalid, "spec.endsOn", "%s is before the activity starts, %s: write the day on which it ends", in.Ends, in.Starts)
	}
	in.asOf = in.today
	if spec.RequestedOn != "" {
		if on := in.day("spec.requestedOn", spec.RequestedOn); !on.IsZero() {
			in.asOf, in.Submitted = on, in.happened(on)
			in.checkPlausible(on)
		}
	}
	if spec.WithdrawnOn != "" {
		on := in.day("spec.withdrawnOn", spec.WithdrawnOn)
		in.Withdrawn = !on.IsZero() && in.happened(on)
	}
}

// happened reports whether a day has come, and notes when it will.
func (in *requestInput) happened(on fiscal.Day) bool {
	in.horizon.At(in.cal.StartOf(on))
	return on <= in.today
}

// checkPlausible warns of a request that was made long before its object was created: who approves it has to vouch for the day.
func (in *requestInput) checkPlausible(on fiscal.Day) {
	if created := in.Allocation.CreationTimestamp; facts.Implausible(in.cal, on, created) {
		in.findings.Warningf(facts.RuleDateImplausible, "spec.requestedOn", "the request is said to be made on %s, but was first written down on %s: who approves "+
			"it vouches for "+
			"that day; otherwise correct it", on, in.cal.Today(created.Time))
	}
}

// readAmounts reads the amounts of the request, in its own currency.
func (in *requestInput) readAmounts() {
	spec := &in.Allocation.Spec
	in.most = in.amount("spec.amount", spec.Amount)
	in.cost = in.amount("spec.cost", spec.Cost)
	if spec.Cost.Currency != spec.Amount.Currency {
		in.mistakef(facts.RuleAmountInvalid, "spec.cost.currency", "the cost is in %s and the amount in %s: write both in one currency", spec.Cost.Currency,
			spec.Amount.Currency)
		in.cost = 0
	}
	if spec.AcceptAtLeast != "" {
		least := in.amount("spec.acceptAtLeast", v1alpha1.Money{Amount: spec.AcceptAtLeast, Currency: spec.Amount.Currency})
		if in.Least = least; least > in.most && in.most > 0 {
			in.mistakef(facts.RuleAmountInvalid, "spec.acceptAtLeast", "%s is above the amount asked for, %s: lower it, or leave it out to accept nothing "+
				"less than the amount",
				money.Format(least, spec.Amount.Currency), money.Format(in.most, spec.Amount.Currency))
		}
	}
	if percent, err := decimal.ParsePercent(spec.ReimbursementPercent); err != nil {
		in.mistakef(facts.RuleAmountInvalid, "spec.reimbursementPercent", "%s", err)
	} else if percent.Sign() == 0 {
		in.mistakef(facts.RuleAmountInvalid, "spec.reimbursementPercent", "it must be above zero: write the share of the cost that the vendor is asked to pay")
	}
}

// amount reads an amount above zero; zero when it is none, which is a mistake.
func (in *requestInput) amount(field string, m v1alpha1.Money) int64 {
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
func (in *requestInput) readLists() {
	for _, expected := range in.Allocation.Spec.Expected {
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

// approve folds the decisions on the request.
func (in *requestInput) approve() {
	in.decided = in.approvalCase()
	in.Approval = approval.Fold(in.scene.Snapshot, in.decided, in.scene.Now)
	in.horizon.At(in.Approval.Next)
}

// approvalCase returns what the decisions on the request are about.
func (in *requestInput) approvalCase() approval.Case {
	spec := &in.Allocation.Spec
	c := approval.Case{
		Kind: facts.KindAllocation, Name: v1alpha1.Name(in.Allocation.Name), Revision: in.Revision, Requester: spec.RequestedBy,
		Currency: spec.Amount.Currency, Most: in.most, Needed: in.approvers,
	}
	if in.most == 0 {
		c.Most = -1
	}
	return c
}

// approvers returns how many people must approve an amount of the request, in its currency and negative for all of it: by the budget's limits of
// authority, at the exchange rate of the day. Where the amount is not known, as many as the highest limit asks for.
func (in *requestInput) approvers(amount int64, at time.Time) int {
	if amount < 0 {
		amount = in.most
	}
	minor, err := in.converted(amount, rateOn(in.Program, in.Allocation.Spec.Amount.Currency, in.Currency, in.cal.Today(at)))
	if err != nil || amount == 0 {
		minor = money.Max
	}
	return approval.Approvers(in.Budget, minor)
}

// exchange is a rate between two currencies as the program states it.
type exchange struct {
	rate *big.Rat
	from fiscal.Day
}

// exchanges returns the program's rates from one currency to another, by the day from which they are in force. Of one day the last one counts.
func exchanges(prog *program.Program, from, to v1alpha1.CurrencyCode) []exchange {
	var list []exchange
	if prog == nil {
		return nil
	}
	for _, stated := range prog.Spec.ExchangeRates {
		day, err := fiscal.ParseDay(stated.EffectiveFrom)
		rate, wrong := decimal.Parse(stated.Rate)
		if stated.From == from && stated.To == to && err == nil && wrong == nil && rate.Sign() > 0 {
			list = append(list, exchange{rate: rate, from: day})
		}
	}
	slices.SortStableFunc(list, func(a, b exchange) int { return a.from.Sub(b.from) })
	return list
}

// rateOn returns the program's rate from one currency to another in force on a day; nil when it states none.
func rateOn(prog *program.Program, from, to v1alpha1.CurrencyCode, day fiscal.Day) *big.Rat {
	var rate *big.Rat
	for _, x := range exchanges(prog, from, to) {
		if x.from <= day {
			rate = x.rate
		}
	}
	return rate
}

// rateDay is the day of the rate: that of the approval, or today while the request is not approved.
func (in *requestInput) rateDay() fiscal.Day {
	if in.Approval.Complete {
		return in.cal.Today(in.Approval.DecidedTime)
	}
	return in.today
}

// errNoRate says that the program states no exchange rate.
var errNoRate = errors.New("the program states no exchange rate")

// converted returns an amount of the request in the budget's currency.
func (in *requestInput) converted(amount int64, rate *big.Rat) (int64, error) {
	from := in.Allocation.Spec.Amount.Currency
	switch {
	case from == in.Currency:
		return amount, nil
	case rate == nil:
		return 0, errNoRate
	default:
		return money.Convert(amount, from, in.Currency, rate)
	}
}

// convert finds the rate and what is asked for in the budget's currency.
func (in *requestInput) convert() {
	least := in.Least
	in.Least = 0
	from := in.Allocation.Spec.Amount.Currency
	if in.most == 0 || in.Currency == "" {
		return
	}
	if from != in.Currency {
		in.Rate = rateOn(in.Program, from, in.Currency, in.rateDay())
		if !in.Approval.Complete {
			in.noteRates(from)
		}
	}
	asked, err := in.converted(in.most, in.Rate)
	switch {
	case in.Rate == nil && from != in.Currency:
		return
	case err != nil:
		in.mistakef(facts.RuleAmountInvalid, "spec.amount", "%s cannot be converted: %s", money.Format(in.most, from), err)
		return
	case asked == 0:
		in.mistakef(facts.RuleAmountInvalid, "spec.amount", "%s is %s in the budget's currency: ask for more", money.Format(in.most, from), money.Format(0, in.Currency))
		return
	}
	in.Asked = asked
	if approved := in.Approval.Amount; approved >= 0 {
		if part, err := in.converted(approved, in.Rate); err == nil {
			in.Asked = min(asked, part)
		}
	}
	in.Least = in.Asked
	if part, err := in.converted(least, in.Rate); err == nil && least > 0 {
		in.Least = min(part, in.Asked) // what was approved in part is granted even where the request would accept no less than more
	}
}

// noteRates notes when the next rate between the two currencies comes into force.
func (in *requestInput) noteRates(from v1alpha1.CurrencyCode) {
	for _, x := range exchanges(in.Program, from, in.Currency) {
		in.horizon.At(in.cal.StartOf(x.from))
	}
}

// keepEnd lets deadlines go by the last day of the activity that was approved, while a change of the request is not.
func (in *requestInput) keepEnd() {
	if in.Ledger == nil || in.Approval.Complete {
		return
	}
	if ends, err := fiscal.ParseDay(v1alpha1.Date(in.Ledger.Spec.Ends[in.Key])); err == nil {
		in.Ends = ends
	}
}

// setDeadlines finds the last days for the request and for claims on it.
func (in *requestInput) setDeadlines() {
	in.keepEnd()
	in.RequestThrough, _ = in.scene.lastRequestDay(in.Request)
	in.horizon.At(in.scene.requestWindowNext(in.Request))
	days := int32(defaultClaimDays)
	switch _, granted := in.Held(); {
	case in.Ends.IsZero(), in.Activity == nil && !granted:
		return
	case in.Activity != nil: // else the request names no known activity any more; what was granted must not stay reserved for ever
		days = program.Or(in.Activity.ClaimWithinDays, defaultClaimDays)
	}
	in.ClaimThrough = in.Ends.AddDays(int(days))
	if in.Budget != nil && in.Budget.Spec.Claims != nil {
		if by, err := fiscal.ParseDay(in.Budget.Spec.Claims.ReceivedBy); err == nil {
			in.ClaimThrough = min(in.ClaimThrough, by)
		}
	}
}

// standing returns the partner's standing and tier; nil when they are not known.
func (in *requestInput) standing() *facts.Partner {
	if in.Partner == nil || in.Program == nil {
		return nil
	}
	view := in.scene.Partner(in.Partner)
	in.horizon.At(view.Next)
	return view
}
