package sim_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	// simMaxRequests is how many requests a namespace has at most.
	simMaxRequests = 3
	// simMaxClaims is how many claims there are at most.
	simMaxClaims = 10
)

// simPolicy is the admission policy that guards money.
const simPolicy = "jointplan-money"

// simRevisionOf returns the kind of a request or a claim, and the revision that a decision on it names.
func simRevisionOf(object client.Object) (kind, revision string) {
	if claim, ok := object.(*v1alpha1.MDFClaim); ok {
		return "MDFClaim", facts.ClaimRevision(&claim.Spec)
	}
	return "MDFAllocation", facts.RequestRevision(&object.(*v1alpha1.MDFAllocation).Spec)
}

// request creates a request, perhaps under the name of one that was deleted.
func (s *simPeople) request() bool {
	key := types.NamespacedName{Namespace: chosen(s, s.namespaces), Name: "r" + strconv.Itoa(s.world.chance.IntN(simMaxRequests))}
	if s.world.store.tables[simAllocations].get(key) != nil {
		return false
	}
	budget := chosen(s, s.budgets)
	if budget == simRewards {
		return s.askReward(key)
	}
	ask := 100000 + s.world.chance.Int64N(40)*10000 + s.world.chance.Int64N(3)
	starts, lasts := s.world.chance.IntN(9), s.world.chance.IntN(3)
	b := testobj.Allocation(key.Name).In(key.Namespace).On(v1alpha1.Name(key.Namespace), v1alpha1.Name(budget)).
		Requested(s.today(0)).Activity(chosen(s, []v1alpha1.Name{"webinar", "show"}), s.today(starts), s.today(starts+lasts)).
		Asks(chosen(s, []v1alpha1.CurrencyCode{"EUR", "EUR", "USD"}), simAmount(2*ask), "50", simAmount(ask)).
		RequestID(chosen(s, []v1alpha1.Name{"", "1", "2"}))
	if s.oneIn(2) {
		b.AtLeast(simAmount(ask / 2))
	}
	if s.oneIn(4) {
		b.Priority(int32(s.world.chance.IntN(3)))
	}
	switch s.world.chance.IntN(20) {
	case 0:
		b.Requested("")
	case 1:
		b.Activity("party", s.today(starts), s.today(starts))
	}
	request := b.Obj()
	s.remember(request)
	s.create(request)
	return true
}

// edit changes a request: its place, amount or dates, or asks anew.
func (s *simPeople) edit() bool {
	request, found := one[*v1alpha1.MDFAllocation](s, simAllocations)
	if !found {
		return false
	}
	s.remember(request)
	change(s, request, func(x *v1alpha1.MDFAllocation) {
		if x.Spec.Reward != nil {
			s.editReward(x)
			return
		}
		switch s.world.chance.IntN(6) {
		case 0:
			x.Spec.Place = v1alpha1.Title(chosen(s, []string{"Berlin", "Ulm", "Bonn"}))
		case 1:
			ask := 50000 + s.world.chance.Int64N(60)*10000
			x.Spec.Cost.Amount, x.Spec.Amount.Amount, x.Spec.AcceptAtLeast = simAmount(2*ask), simAmount(ask), ""
		case 2:
			x.Spec.StartsOn, x.Spec.EndsOn = s.today(3), s.today(4)
		case 3:
			x.Spec.Place = ""
		default:
			id, _ := strconv.Atoi(string(facts.RequestIDOf(x)))
			x.Spec.RequestID, x.Spec.WithdrawnOn, x.Spec.RequestedOn = v1alpha1.Name(strconv.Itoa(id+1)), "", s.today(0)
			x.Spec.StartsOn, x.Spec.EndsOn = s.today(5), s.today(5)
		}
	})
	s.remember(s.world.store.tables[simAllocations].get(client.ObjectKeyFromObject(request)))
	return true
}

// withdraw withdraws a request, today or tomorrow.
func (s *simPeople) withdraw() bool {
	request, found := one[*v1alpha1.MDFAllocation](s, simAllocations)
	if !found || request.Spec.WithdrawnOn != "" {
		return false
	}
	change(s, request, func(x *v1alpha1.MDFAllocation) { x.Spec.WithdrawnOn = s.today(s.world.chance.IntN(2)) })
	return true
}

// forget deletes a request.
func (s *simPeople) forget() bool {
	request, found := one[*v1alpha1.MDFAllocation](s, simAllocations)
	if !found || !s.oneIn(2) {
		return false
	}
	s.remove(request)
	return true
}

// decide decides on a request: rarely on one that is granted already.
func (s *simPeople) decide() bool {
	request, found := one[*v1alpha1.MDFAllocation](s, simAllocations)
	if !found || request.Status.Stage != "" && request.Status.Stage != v1alpha1.AllocationPendingApproval && !s.oneIn(5) {
		return false
	}
	outcome, part := s.outcome(), (*v1alpha1.Money)(nil)
	if outcome == v1alpha1.DecisionApprovedInPart {
		part = &v1alpha1.Money{Amount: simAmount(simMinor(request.Spec.Amount) * (60 + s.world.chance.Int64N(60)) / 100), Currency: request.Spec.Amount.Currency}
	}
	s.decideOn(request, outcome, part)
	return true
}

// except has people of the vendor approve a request as an exception, mostly one whose activity has begun without an approval, and mostly two.
func (s *simPeople) except() bool {
	request, found := one[*v1alpha1.MDFAllocation](s, simAllocations)
	begun := found && request.Spec.Reward == nil && simParsed(request.Spec.StartsOn) < s.world.watcher.oracle().today()
	waits := found && request.Status.Stage != v1alpha1.AllocationGranted
	if !found || (!begun || !waits) && !s.oneIn(12) {
		return false
	}
	for range 1 + s.world.chance.IntN(3) {
		s.decideOn(request, v1alpha1.DecisionApproved, nil, func(d *v1alpha1.ApprovalDecision) {
			d.Spec.Exception = &v1alpha1.DecisionException{Reason: "nobody was there"}
		})
	}
	return true
}

// undecide deletes a decision on money, which nobody should.
func (s *simPeople) undecide() bool {
	d, found := one[*v1alpha1.ApprovalDecision](s, simDecisions)
	if !found || d.Spec.TargetRef.Kind != kinds.MDFAllocation && d.Spec.TargetRef.Kind != kinds.MDFClaim || !s.oneIn(2) {
		return false
	}
	s.remove(d)
	return true
}

// amend changes what a plan says, or goes back to what it said before.
func (s *simPeople) amend() bool {
	p, found := one[*v1alpha1.JointPlan](s, simPlans)
	if !found {
		return false
	}
	change(s, p, func(x *v1alpha1.JointPlan) {
		switch s.world.chance.IntN(3) {
		case 0:
			x.Spec.Vision = v1alpha1.Text("vision " + strconv.Itoa(s.world.chance.IntN(3)))
		case 1:
			x.Spec.Activities = []v1alpha1.PlannedActivity{{Name: "webinar", Type: "Webinar"}}
		default:
			x.Spec.Activities = []v1alpha1.PlannedActivity{{Name: "webinar", Type: "Webinar"}, {Name: "show", Type: "TradeShow"}}
		}
	})
	return true
}

// decideOnPlan approves what a plan says now, or takes the approval of its plan of record back.
func (s *simPeople) decideOnPlan() bool {
	p, found := one[*v1alpha1.JointPlan](s, simPlans)
	if !found {
		return false
	}
	record := s.world.watcher.oracle().planOfRecord(p)
	switch {
	case record != "" && s.oneIn(5):
		s.planDecision(p, record, v1alpha1.PartyVendor, chosen(s, []v1alpha1.DecisionOutcome{v1alpha1.DecisionRejected, v1alpha1.DecisionReturned}))
	case record != plan.Revision(&p.Spec.PlanTerms):
		s.approvePlan(p)
	default:
		return false
	}
	return true
}

// claim creates a claim on a request: of a share of the grant, in time, rarely too early; perhaps with an invoice that was claimed before.
func (s *simPeople) claim() bool {
	request, found := one[*v1alpha1.MDFAllocation](s, simAllocations)
	early := found && simParsed(s.today(0)) < s.world.watcher.oracle().endOf(request)
	granted := found && request.Status.Stage == v1alpha1.AllocationGranted
	if !found || len(s.world.store.tables[simClaims]) >= simMaxClaims || (early || !granted) && !s.oneIn(12) {
		return false
	}
	if request.Spec.Reward != nil {
		return s.claimReward(request)
	}
	s.count++
	invoice := s.count
	switch {
	case s.world.faults.invoiced:
		invoice = 1 + s.world.chance.IntN(3)
	case s.oneIn(12):
		invoice = 1 + s.world.chance.IntN(s.count)
	}
	net := simMinor(request.Spec.Cost)*(20+s.world.chance.Int64N(70))/100 + s.world.chance.Int64N(3)
	number := "i" + strconv.Itoa(invoice)
	if s.oneIn(4) {
		number = "I-" + strconv.Itoa(invoice)
	}
	incurred := chosen(s, []v1alpha1.Date{request.Spec.EndsOn, request.Spec.StartsOn, s.today(0)})
	claim := testobj.Claim(fmt.Sprintf("c%d", s.count), v1alpha1.Name(request.Name)).With(func(spec *v1alpha1.MDFClaimSpec) {
		spec.RequestedBy, spec.Currency, spec.ClaimedOn, spec.Proofs = "paul", request.Spec.Amount.Currency, s.today(0), nil
		spec.Costs = []v1alpha1.ClaimedCost{{Invoice: v1alpha1.Word(number), IncurredOn: incurred, Net: simAmount(net)}}
		if s.oneIn(4) {
			spec.Scope, spec.Results = v1alpha1.ClaimFinal, []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: "10"}}
		}
		if s.oneIn(6) {
			spec.ClaimedOn = request.Spec.EndsOn
		}
	}).Obj()
	claim.Namespace = request.Namespace
	s.remember(claim)
	s.create(claim)
	return true
}

// resubmit changes a claim that was sent back, rarely another one, and submits it again.
func (s *simPeople) resubmit() bool {
	claim, found := one[*v1alpha1.MDFClaim](s, simClaims)
	if !found || len(claim.Spec.Payments) > 0 || claim.Status.Stage != v1alpha1.ClaimSentBack && !s.oneIn(10) {
		return false
	}
	change(s, claim, func(x *v1alpha1.MDFClaim) {
		x.Spec.ResubmittedOn = s.today(0)
		if len(x.Spec.Costs) > 0 && s.oneIn(2) {
			x.Spec.Costs[0].Net = simAmount(simMinor(v1alpha1.Money{Amount: x.Spec.Costs[0].Net}) * 9 / 10)
		}
	})
	s.remember(s.world.store.tables[simClaims].get(client.ObjectKeyFromObject(claim)))
	return true
}

// decideOnClaim decides on a claim: rarely on one that is decided already.
func (s *simPeople) decideOnClaim() bool {
	claim, found := one[*v1alpha1.MDFClaim](s, simClaims)
	if !found || claim.Status.Stage != "" && claim.Status.Stage != v1alpha1.ClaimPendingDecision && !s.oneIn(6) {
		return false
	}
	outcome, part := s.outcome(), (*v1alpha1.Money)(nil)
	if outcome == v1alpha1.DecisionApprovedInPart {
		part = &v1alpha1.Money{Amount: simAmount(50000 + s.world.chance.Int64N(100000)), Currency: "EUR"}
	}
	s.decideOn(claim, outcome, part)
	return true
}

// pay records a payment: of what is payable or of another amount, mostly with a new id.
func (s *simPeople) pay() bool {
	claim, found := one[*v1alpha1.MDFClaim](s, simClaims)
	if !found || len(claim.Spec.Payments) > 0 || claim.Status.Stage != v1alpha1.ClaimAccepted && !s.oneIn(12) {
		return false
	}
	s.count++
	id, amount := "t"+strconv.Itoa(s.count), int64(100000)
	if len(s.payments) > 0 && s.oneIn(8) {
		id = chosen(s, s.payments)
		if s.oneIn(2) {
			id = strings.ToUpper(id)
		}
	}
	if claim.Status.Payable != nil {
		amount = simMinor(*claim.Status.Payable)
	}
	switch s.world.chance.IntN(6) {
	case 0:
		amount += 10000
	case 1:
		amount = amount*7/10 + 1
	}
	s.payments = append(s.payments, id)
	change(s, claim, func(x *v1alpha1.MDFClaim) {
		x.Spec.Payments = []v1alpha1.Payment{testobj.Payment(id, s.today(0), simAmount(max(amount, 1)))}
	})
	return true
}

// again has the last payment of a claim come back, in full or in part, or pays again what came back.
func (s *simPeople) again() bool {
	claim, found := one[*v1alpha1.MDFClaim](s, simClaims)
	if !found || len(claim.Spec.Payments) == 0 || len(claim.Spec.Payments) >= v1alpha1.MaxClaimPayments {
		return false
	}
	s.count++
	id, last := "t"+strconv.Itoa(s.count), claim.Spec.Payments[len(claim.Spec.Payments)-1]
	line := testobj.Payment(id, s.today(0), last.Net)
	if last.Reverses == nil {
		if s.oneIn(3) {
			line.Net = simAmount(simMinor(v1alpha1.Money{Amount: last.Net})/2 + 1)
		}
		line.Reverses, line.Reason = &v1alpha1.PaymentLine{Document: last.Document, Line: last.Line}, "the account was closed"
	}
	s.payments = append(s.payments, id)
	change(s, claim, func(x *v1alpha1.MDFClaim) { x.Spec.Payments = append(x.Spec.Payments, line) })
	return true
}

// unclaim deletes a claim.
func (s *simPeople) unclaim() bool {
	claim, found := one[*v1alpha1.MDFClaim](s, simClaims)
	if !found || !s.oneIn(2) {
		return false
	}
	s.remove(claim)
	return true
}

// amount raises or lowers a budget.
func (s *simPeople) amount() bool {
	budget, found := one[*v1alpha1.MDFBudget](s, simBudgets)
	if !found {
		return false
	}
	change(s, budget, func(x *v1alpha1.MDFBudget) {
		x.Spec.Amount.Amount = simAmount(min(simMinor(x.Spec.Amount)*(40+s.world.chance.Int64N(110))/100, 3000000))
	})
	return true
}

// govern adds a rule of authority to the budget on which two must approve: one that asks for fewer people, more, or for two above another amount. It
// takes effect tomorrow or later.
func (s *simPeople) govern() bool {
	budget, _ := s.world.store.tables[simBudgets].get(types.NamespacedName{Name: simBudgetTwo}).(*v1alpha1.MDFBudget)
	if budget == nil || len(budget.Spec.Authority) > 8 {
		return false
	}
	day := s.today(1 + s.world.chance.IntN(4))
	if day <= budget.Spec.Authority[len(budget.Spec.Authority)-1].EffectiveFrom {
		return false
	}
	rule := v1alpha1.AuthorityRule{EffectiveFrom: day, Levels: chosen(s, [][]v1alpha1.AuthorityLevel{
		nil, {{Above: "4000.00", Approvers: 2}}, {{Above: "1500.00", Approvers: 2}}, {{Above: "3000.00", Approvers: 2}, {Above: "4500.00", Approvers: 3}},
	})}
	change(s, budget, func(x *v1alpha1.MDFBudget) { x.Spec.Authority = append(x.Spec.Authority, rule) })
	return true
}

// budgetGone deletes the budget that one person approves on, or creates it anew.
func (s *simPeople) budgetGone() bool {
	budget := s.world.store.tables[simBudgets].get(types.NamespacedName{Name: simBudgetOne})
	switch {
	case !slices.Contains(s.budgets, simBudgetOne):
		return false
	case budget == nil:
		s.create(s.budget(simBudgetOne, 800000))
	case s.oneIn(2):
		s.remove(budget)
	default:
		return false
	}
	return true
}

// agreement ends a partner's agreement on a day, or renews it.
func (s *simPeople) agreement() bool {
	partner, found := one[*v1alpha1.Partner](s, simPartners)
	if !found || partner.Spec.Agreement.EndsOn == "" && !s.oneIn(3) {
		return false
	}
	change(s, partner, func(x *v1alpha1.Partner) {
		if x.Spec.Agreement.EndsOn != "" {
			x.Spec.Agreement.EndsOn = ""
			return
		}
		x.Spec.Agreement.EndsOn = s.today(s.world.chance.IntN(20))
	})
	return true
}

// policy removes the admission policy that guards money, rarely, or puts it back.
func (s *simPeople) policy() bool {
	switch known := s.world.store.tables[simPolicies]; {
	case len(known) == 0:
		s.create(&admissionv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: simPolicy}})
	case s.oneIn(4):
		s.remove(known[0])
	default:
		return false
	}
	return true
}
