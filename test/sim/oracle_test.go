package sim_test

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/test/invariants"
)

// simOracle judges one state of the store by rules of its own, written for the simulated world only, and by the tests' rule of approvals: it must not
// share a mistake with the packages of rules/money, of whose facts it uses the identity of revisions and keys and nothing else.
type simOracle struct {
	world  *simWorld
	tables *[simKinds]simTable
	zone   *time.Location
}

// today is the day in the program's zone.
func (o *simOracle) today() fiscal.Day { return o.dayOf(o.world.now) }

// dayOf is the day of an instant in the program's zone; absent is absent.
func (o *simOracle) dayOf(at time.Time) fiscal.Day {
	if at.IsZero() {
		return 0
	}
	year, month, day := at.In(o.zone).Date()
	return fiscal.NewDay(year, month, day)
}

// simDay writes a day.
func simDay(day fiscal.Day) v1alpha1.Date { return day.Date() }

// simParsed reads a day; absent is absent.
func simParsed(day v1alpha1.Date) fiscal.Day {
	if day == "" {
		return 0
	}
	return fiscal.MustParseDay(day)
}

// simMinor reads an amount with two digits after the point.
func simMinor(m v1alpha1.Money) int64 {
	value, ok := new(big.Rat).SetString(string(m.Amount))
	if !ok {
		panic("no amount: " + string(m.Amount))
	}
	value.Mul(value, big.NewRat(100, 1))
	return new(big.Int).Div(value.Num(), value.Denom()).Int64()
}

// simOptional reads an amount; absent is nothing.
func simOptional(m *v1alpha1.Money) int64 {
	if m == nil {
		return 0
	}
	return simMinor(*m)
}

// euros converts an amount at the rate of a day.
func (o *simOracle) euros(minor int64, from v1alpha1.CurrencyCode, on fiscal.Day) int64 {
	switch {
	case from == "EUR":
		return minor
	case on < fiscal.MustParseDay("2026-08-01"):
		return minor * 90 / 100
	default:
		return minor * 95 / 100
	}
}

// simClaimDays is how long claims can be made after an activity; of one that never was in a plan, as long as the program allows without saying so.
func simClaimDays(activity v1alpha1.Name) int {
	switch activity {
	case "webinar":
		return 20
	case "show":
		return 10
	default:
		return 90
	}
}

// claimThrough is the last day on which a first claim can be made: by the day that was approved, while a change of it is not, and by the activity as it
// was approved, whatever became of the plan since.
func (o *simOracle) claimThrough(a *v1alpha1.MDFAllocation) fiscal.Day {
	if a.Spec.Reward != nil {
		return simParsed("2026-12-31").AddDays(90) // after the budget's period
	}
	return o.endOf(a).AddDays(simClaimDays(a.Spec.Activity))
}

// endOf is the last day of the activity of a request, as it was approved.
func (o *simOracle) endOf(a *v1alpha1.MDFAllocation) fiscal.Day {
	if a.Spec.Reward != nil {
		return simParsed(a.Spec.Reward.Period.Through)
	}
	if ledger, ok := o.tables[simLedgers].get(types.NamespacedName{Name: string(a.Spec.BudgetRef.Name)}).(*v1alpha1.MDFLedger); ok && ledger != nil {
		kept := ledger.Spec.Ends[facts.Key(a)]
		if kept != "" && !o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name)).Complete {
			return simParsed(v1alpha1.Date(kept))
		}
	}
	return simParsed(a.Spec.EndsOn)
}

// decisions returns the decisions on an object that were taken by now, in their order.
func (o *simOracle) decisions(kind, namespace, name string) []*v1alpha1.ApprovalDecision {
	return o.decisionsBy(kind, namespace, name, o.world.now)
}

// decisionsBy returns those that were taken by an instant.
func (o *simOracle) decisionsBy(kind, namespace, name string, at time.Time) []*v1alpha1.ApprovalDecision {
	var list []*v1alpha1.ApprovalDecision
	for _, d := range simList[*v1alpha1.ApprovalDecision](o.tables, simDecisions) {
		if d.Spec.TargetRef.Kind == kind && d.Namespace == namespace && string(d.Spec.TargetRef.Name) == name {
			list = append(list, d)
		}
	}
	return invariants.InOrder(list, at)
}

// planOfRecord returns the revision of a plan that both parties approved last, if neither took it back.
func (o *simOracle) planOfRecord(p *v1alpha1.JointPlan) string {
	return o.planOfRecordAt(p, o.world.now)
}

// planOfRecordAt is planOfRecord at an instant.
func (o *simOracle) planOfRecordAt(p *v1alpha1.JointPlan, at time.Time) string {
	record, latest := "", map[string]map[v1alpha1.Party]bool{}
	ever := map[string]bool{}
	for _, d := range o.decisionsBy("JointPlan", p.Namespace, p.Name, at) {
		revision := d.Spec.Revision
		if latest[revision] == nil {
			latest[revision] = map[v1alpha1.Party]bool{}
		}
		latest[revision][d.Spec.Party] = d.Spec.Decision == v1alpha1.DecisionApproved
		switch both := latest[revision][v1alpha1.PartyVendor] && latest[revision][v1alpha1.PartyPartner]; {
		case both && record != revision:
			for earlier := range ever {
				if earlier != revision {
					delete(latest, earlier)
				}
			}
			record, ever[revision] = revision, true
		case !both && record == revision:
			record = ""
		}
	}
	return record
}

// planned reports whether the plan of record of a request has its activity.
func (o *simOracle) planned(a *v1alpha1.MDFAllocation) bool {
	p, _ := o.tables[simPlans].get(types.NamespacedName{Namespace: a.Namespace, Name: string(a.Spec.PlanRef.Name)}).(*v1alpha1.JointPlan)
	if p != nil && a.Spec.Reward != nil {
		return o.planOfRecord(p) != "" && o.planOfRecordAt(p, o.endOfDay(o.endOf(a))) != ""
	}
	return p != nil && o.world.people.activities[o.planOfRecord(p)][a.Spec.Activity]
}

// needed returns how many people must approve an amount of a request, given in euros, that is decided on a day: day by day since the request was made,
// the most that the rule of that day or of the day before asks for. A draft would be made today.
func (o *simOracle) needed(a *v1alpha1.MDFAllocation, euros int64, decided fiscal.Day) int {
	budget, _ := o.tables[simBudgets].get(types.NamespacedName{Name: string(a.Spec.BudgetRef.Name)}).(*v1alpha1.MDFBudget)
	if budget == nil {
		return 1
	}
	made := simParsed(a.Spec.RequestedOn)
	if made.IsZero() {
		made = o.today()
	}
	needed := 1
	for day := made.AddDays(-1); day <= max(made, decided); day++ {
		asked := 1
		for _, rule := range budget.Spec.Authority { // in the order in which they take effect
			if simParsed(rule.EffectiveFrom) > day {
				break
			}
			asked = 1
			for _, level := range rule.Levels {
				if euros > simMinor(v1alpha1.Money{Amount: level.Above}) {
					asked = max(asked, int(level.Approvers))
				}
			}
		}
		needed = max(needed, asked)
	}
	return needed
}

// approved returns what the decisions on a request come to for what it says now.
func (o *simOracle) approved(a *v1alpha1.MDFAllocation, decisions []*v1alpha1.ApprovalDecision) invariants.Approval {
	return o.come(a, o.beforeTheFact(a, decisions))
}

// come returns what decisions on a request that count come to.
func (o *simOracle) come(a *v1alpha1.MDFAllocation, counting []*v1alpha1.ApprovalDecision) invariants.Approval {
	return invariants.Approve(counting, facts.RequestRevision(&a.Spec), a.Spec.RequestedBy, func(amount int64, at time.Time) int {
		amount = invariants.Approval{Amount: amount}.Of(simMinor(a.Spec.Amount))
		decided := o.dayOf(at)
		return o.needed(a, o.euros(amount, a.Spec.Amount.Currency, decided), decided)
	})
}

// beforeTheFact leaves out the approvals of a request that came after the first day of its activity, unless the ledger knows the request, or some
// content of it had been approved by that day; and of exceptions those that the vendor's days or the activity were not over for, or to which nothing
// was left undecided. What a ledger knows by an exception goes on only from that exception on.
func (o *simOracle) beforeTheFact(a *v1alpha1.MDFAllocation, decisions []*v1alpha1.ApprovalDecision) []*v1alpha1.ApprovalDecision {
	if a.Spec.Reward != nil {
		return o.unexcepted(a, decisions)
	}
	_, known := o.ledger(string(a.Spec.BudgetRef.Name)).Reserved[simCurrentKey(a)]
	starts, made := simParsed(a.Spec.StartsOn), simParsed(a.Spec.RequestedOn)
	through := made.AddDays(simDecideDays)
	excepted := slices.ContainsFunc(decisions, func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.Exception != nil })
	// Of other contents: those that are approved, those that were by the first day, and who approved them.
	done, inTime, others := map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}
	var decided, ever bool // the vendor decided in time; something was approved once
	var counting []*v1alpha1.ApprovalDecision
	for _, d := range decisions {
		day, revision := o.dayOf(d.Spec.DecidedTime.Time), d.Spec.Revision
		late, inDays := day > starts, !made.IsZero() && made <= day && day <= through
		current := revision == facts.RequestRevision(&a.Spec)
		switch {
		case d.Spec.Decision != v1alpha1.DecisionApproved && d.Spec.Decision != v1alpha1.DecisionApprovedInPart:
			delete(inTime, revision)
			delete(done, revision)
			delete(others, revision)
			decided = decided || inDays
		case strings.EqualFold(d.Spec.ApprovedBy, a.Spec.RequestedBy):
		case current && d.Spec.Exception != nil:
			if !late || decided || made.IsZero() || day <= through {
				continue
			}
			ever = ever || o.come(a, append(slices.Clone(counting), d)).Complete
		case current && late && (known && excepted && !ever || !known && len(inTime) == 0):
			decided = decided || inDays
			continue
		case current:
			complete := o.come(a, append(slices.Clone(counting), d)).Complete
			ever, decided = ever || complete, decided || complete && inDays
		default:
			if others[revision] == nil {
				others[revision] = map[string]bool{}
			}
			others[revision][strings.ToLower(d.Spec.ApprovedBy)] = true
			if !done[revision] && (d.Spec.Exception == nil || len(others[revision]) >= 2) {
				done[revision], ever, decided = true, true, decided || inDays
			}
			if done[revision] && !late && len(others[revision]) >= o.needed(a, math.MaxInt64, day) { // it is not known what it asked for
				inTime[revision] = true
			}
		}
		counting = append(counting, d)
	}
	return counting
}

// asked returns what may be granted at most, and at least, in euros, once approved.
func (o *simOracle) asked(a *v1alpha1.MDFAllocation, approval invariants.Approval) (most, least int64) {
	on := o.dayOf(approval.Time)
	most = o.euros(approval.Of(simMinor(a.Spec.Amount)), a.Spec.Amount.Currency, on)
	if a.Spec.AcceptAtLeast == "" {
		return most, most
	}
	least = o.euros(simMinor(v1alpha1.Money{Amount: a.Spec.AcceptAtLeast}), a.Spec.Amount.Currency, on)
	return most, least
}

// inTime reports whether a request keeps the rules about days.
func (o *simOracle) inTime(a *v1alpha1.MDFAllocation) bool {
	if a.Spec.Reward != nil {
		return o.rewardInTime(a)
	}
	requested, starts, ends := simParsed(a.Spec.RequestedOn), simParsed(a.Spec.StartsOn), simParsed(a.Spec.EndsOn)
	from, through := fiscal.MustParseDay("2026-07-01"), fiscal.MustParseDay("2026-12-31")
	return !requested.IsZero() && requested <= o.today() && requested <= starts && starts >= from && ends <= through && o.today() <= o.claimThrough(a)
}

// withdrawn reports whether the partner withdrew a request.
func (o *simOracle) withdrawn(a *v1alpha1.MDFAllocation) bool {
	on := simParsed(a.Spec.WithdrawnOn)
	return !on.IsZero() && on <= o.today()
}

// agreementEnded reports whether the agreement of a request's partner ended before the activity does. over says that its end has come.
func (o *simOracle) agreementEnded(a *v1alpha1.MDFAllocation) (ends, over bool) {
	p, _ := o.tables[simPartners].get(types.NamespacedName{Namespace: a.Namespace, Name: a.Namespace}).(*v1alpha1.Partner)
	if p == nil || p.Spec.Agreement == nil || p.Spec.Agreement.EndsOn == "" {
		return false, false
	}
	last := simParsed(p.Spec.Agreement.EndsOn)
	ends = last < o.endOf(a)
	return ends, ends && o.today() > last
}

// allocation returns the request of a key of a ledger, and whether the key is that of its current requestID. A request of the same name on
// another budget is another one.
func (o *simOracle) allocation(ledger, key string) (a *v1alpha1.MDFAllocation, current bool) {
	parts := strings.Split(key, "/")
	a, _ = o.tables[simAllocations].get(types.NamespacedName{Namespace: parts[0], Name: parts[1]}).(*v1alpha1.MDFAllocation)
	if a == nil || string(a.Spec.BudgetRef.Name) != ledger {
		return nil, false
	}
	return a, facts.Key(a) == key
}

// claims returns the claims on a request.
func (o *simOracle) claims(a *v1alpha1.MDFAllocation) []*v1alpha1.MDFClaim {
	return slices.DeleteFunc(simList[*v1alpha1.MDFClaim](o.tables, simClaims), func(c *v1alpha1.MDFClaim) bool {
		return c.Namespace != a.Namespace || string(c.Spec.AllocationRef.Name) != a.Name
	})
}

// accepted returns what the decisions on a claim come to.
func (o *simOracle) accepted(c *v1alpha1.MDFClaim, decisions []*v1alpha1.ApprovalDecision) invariants.Approval {
	return invariants.Approve(decisions, facts.ClaimRevision(&c.Spec), c.Spec.RequestedBy, func(int64, time.Time) int { return 1 })
}

// budget returns a budget; nil when it is gone.
func (o *simOracle) budget(name string) *v1alpha1.MDFBudget {
	b, _ := o.tables[simBudgets].get(types.NamespacedName{Name: name}).(*v1alpha1.MDFBudget)
	return b
}

// ledger returns what a budget's ledger holds; an empty one when there is none.
func (o *simOracle) ledger(name string) *v1alpha1.MDFLedgerSpec {
	if l, ok := o.tables[simLedgers].get(types.NamespacedName{Name: name}).(*v1alpha1.MDFLedger); ok {
		return &l.Spec
	}
	return &v1alpha1.MDFLedgerSpec{}
}
