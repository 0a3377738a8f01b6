package sim_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// Names in the simulated world. Each namespace has a partner and a plan of its own name.
const (
	simProgram   = "northwind"
	simBudgetOne = "fy27-open"    // one person approves
	simBudgetTwo = "fy27-large"   // above EUR 4,000.00 two must, or what the rules of authority say that were added
	simEarned    = "fy27-earned"  // a partner draws a tenth of its new revenue of the year
	simRewards   = "fy27-rewards" // a partner is rewarded with a tenth of its new revenue of each month
)

var (
	simNamespaceNames = []string{"acme", "beta"}
	simBudgetChoices  = [][]string{{simBudgetOne}, {simBudgetOne, simBudgetTwo}, {simBudgetOne, simEarned}, {simEarned}, {simRewards}, {simBudgetOne, simRewards}}
	simApprovers      = []string{"vera", "vito", "vita"}
)

// simPeople write requests, decisions, plans, claims, payments and budgets, with mistakes.
type simPeople struct {
	world      *simWorld
	namespaces []string
	budgets    []string
	count      int
	revisions  map[string][]string               // of requests and claims, by kind, namespace and name
	activities map[string]map[v1alpha1.Name]bool // of plans, by revision
	orders     map[string]func(*simPeople) bool  // what people do, by name; false when there is no occasion
	weights    []string                          // the names, each as often as it is likely
	payments   []string                          // ids that were used
	reviewed   bool                              // new money waits for overdue reviews
}

func newSimPeople(w *simWorld) *simPeople {
	s := &simPeople{
		world: w, revisions: map[string][]string{}, activities: map[string]map[v1alpha1.Name]bool{},
	}
	s.namespaces = simNamespaceNames[:1+w.chance.IntN(2)]
	s.budgets = chosen(s, simBudgetChoices)
	if w.faults.rewarded {
		s.budgets = []string{simRewards}
	}
	s.reviewed = s.oneIn(2) || w.faults.reviewed
	s.found()
	if s.reviewed {
		w.now = w.now.AddDate(0, 0, 32) // a review is late, in its grace
	}
	s.begin()
	for range 2 + w.chance.IntN(5) {
		if s.request() && s.oneIn(2) {
			s.decide()
		}
	}
	return s
}

// found creates what is there from the start.
func (s *simPeople) found() {
	s.create(testobj.Program(simProgram).With(func(p *v1alpha1.PartnerProgramSpec) {
		p.Calendar.TimeZone = []string{"UTC", "Europe/Berlin", "America/Los_Angeles"}[s.world.chance.IntN(3)]
		p.Activities = []v1alpha1.Activity{
			{Type: "Webinar", ReimbursementPercent: "50", ClaimWithinDays: new(int32(20))},
			{Type: "TradeShow", ReimbursementPercent: "50", ClaimWithinDays: new(int32(10))},
		}
		p.ExchangeRates = []v1alpha1.ExchangeRate{
			{From: "USD", To: "EUR", EffectiveFrom: "2026-01-01", Rate: "0.90"},
			{From: "USD", To: "EUR", EffectiveFrom: "2026-08-01", Rate: "0.95"},
		}
		p.RuleSets[0].Approval = &v1alpha1.ApprovalPolicy{DecideWithinDays: new(int32(simDecideDays))}
		if s.reviewed {
			simHoldRules(&p.RuleSets[0])
		}
	}).Obj())
	s.policy()
	for _, name := range s.budgets {
		s.create(s.budget(name, 400000+s.world.chance.Int64N(16)*50000))
	}
	for _, ns := range s.namespaces {
		namespace := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: ns}}
		namespace.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
		s.create(namespace)
		s.create(testobj.Partner(ns).In(ns).Tier("gold", "2026-01-01").Agreement("2025-01-01", "").Obj())
		p := testobj.Plan(ns).Activity("webinar", "Webinar").Activity("show", "TradeShow").Obj()
		p.Namespace, p.Spec.PartnerRef.Name = ns, v1alpha1.Name(ns)
		s.create(p)
		if s.reviewed || !slices.Contains(s.budgets, simRewards) || !s.oneIn(3) { // else its first approval comes too late for the first rewards
			s.approvePlan(p)
		}
		if s.measures() {
			s.results(ns, simVouched)
			s.results(ns, v1alpha1.SourcePartnerReported)
		}
	}
}

// budget is a budget of an amount in minor units.
func (s *simPeople) budget(name string, minor int64) *v1alpha1.MDFBudget {
	b := testobj.Budget(name).Amount(simAmount(minor), "EUR").With(func(spec *v1alpha1.MDFBudgetSpec) {
		spec.ExpectedOutcome = "Optional"
	}).Claims(func(c *v1alpha1.ClaimPolicy) { c.ResubmitWithinDays = new(int32(simResubmitDays)) })
	switch name {
	case simBudgetTwo:
		b.Authority("4000.00", 2)
	case simRewards:
		b.Rewards(func(r *v1alpha1.RewardRule) {
			r.Name, r.Every, r.Steps, r.Percent, r.Goal = simReward, v1alpha1.CadenceMonth, nil, "10", v1alpha1.RewardGoalOptional
		})
	case simEarned:
		b.With(func(spec *v1alpha1.MDFBudgetSpec) {
			spec.Accrual = &v1alpha1.Accrual{Metric: simMetric, Percent: "10", Every: v1alpha1.CadenceYear, Spend: v1alpha1.SpendSamePeriod}
		})
	}
	return b.Obj()
}

// simDecideDays is how long the vendor must decide on a request.
const simDecideDays = 3

// simResubmitDays is how long a claim that was sent back can be submitted again.
const simResubmitDays = 8

// simAmount writes minor units.
func simAmount(minor int64) v1alpha1.Decimal {
	return v1alpha1.Decimal(fmt.Sprintf("%d.%02d", minor/100, minor%100))
}

// begin lists what people do.
func (s *simPeople) begin() {
	s.orders = map[string]func(*simPeople) bool{
		"request": (*simPeople).request, "edit": (*simPeople).edit, "withdraw": (*simPeople).withdraw, "forget": (*simPeople).forget,
		"decide": (*simPeople).decide, "undecide": (*simPeople).undecide, "plan": (*simPeople).amend, "planDecision": (*simPeople).decideOnPlan,
		"claim": (*simPeople).claim, "resubmit": (*simPeople).resubmit, "decideClaim": (*simPeople).decideOnClaim, "pay": (*simPeople).pay, "again": (*simPeople).again,
		"unclaim": (*simPeople).unclaim, "policy": (*simPeople).policy, "amount": (*simPeople).amount,
		"budgetGone": (*simPeople).budgetGone, "agreement": (*simPeople).agreement, "govern": (*simPeople).govern, "results": (*simPeople).correct,
		"except": (*simPeople).except, "review": (*simPeople).review, "answer": (*simPeople).answer,
	}
	often := map[string]int{
		"request": 6, "edit": 2, "withdraw": 1, "forget": 1, "decide": 14, "undecide": 1, "plan": 2, "planDecision": 3, "claim": 16,
		"resubmit": 3, "decideClaim": 18, "pay": 18, "again": 6, "unclaim": 1, "policy": 1, "amount": 2, "budgetGone": 1, "agreement": 1, "govern": 1, "results": 8,
		"except": 3, "review": 4, "answer": 10,
	}
	for _, name := range simKeys(often) {
		for range often[name] {
			s.weights = append(s.weights, name)
		}
	}
}

// act does one of the things that people do, for which there is an occasion.
func (s *simPeople) act() {
	for range 10 {
		if s.orders[s.weights[s.world.chance.IntN(len(s.weights))]](s) {
			return
		}
	}
}

// chosen returns one of a list.
func chosen[T any](s *simPeople, list []T) T { return list[s.world.chance.IntN(len(list))] }

// oneIn decides with odds of one in n.
func (s *simPeople) oneIn(n int) bool { return s.world.chance.IntN(n) == 0 }

// today returns the day in the program's zone, some days later.
func (s *simPeople) today(later int) v1alpha1.Date {
	return simDay(s.world.watcher.oracle().today().AddDays(later))
}

// create creates an object.
func (s *simPeople) create(object client.Object) {
	object.SetResourceVersion("")
	if err := s.world.store.create(object); err != nil {
		panic(err)
	}
	s.world.notef("people: create %s %s", nameOf(object), simBrief(object))
}

// change changes an object.
func change[T client.Object](s *simPeople, object T, how func(T)) {
	updated := object.DeepCopyObject().(T)
	how(updated)
	if err := s.world.store.update(updated); err != nil {
		panic(err)
	}
	s.world.notef("people: change %s %s", nameOf(object), simBrief(updated))
}

// remove deletes an object.
func (s *simPeople) remove(object client.Object) {
	if err := s.world.store.remove(object, simInstant(s.world.now)); err != nil {
		panic(err)
	}
	s.world.notef("people: delete %s", nameOf(object))
}

// one returns one of the objects of a kind in the store; nothing when there is none.
func one[T client.Object](s *simPeople, kind simKind) (object T, found bool) {
	list := s.world.store.tables[kind]
	if len(list) == 0 {
		return object, false
	}
	return chosen(s, list).(T), true
}

// remember keeps the revision of a request or a claim, so that a decision can be about an old one.
func (s *simPeople) remember(object client.Object) {
	kind, revision := simRevisionOf(object)
	key := kind + "/" + object.GetNamespace() + "/" + object.GetName()
	if known := s.revisions[key]; !slices.Contains(known, revision) {
		s.revisions[key] = append(known, revision)
	}
}

// decideOn creates a decision on a request or a claim: mostly on what it says now, sometimes on an earlier revision.
func (s *simPeople) decideOn(
	object client.Object, outcome v1alpha1.DecisionOutcome, part *v1alpha1.Money, changes ...func(*v1alpha1.ApprovalDecision),
) {
	kind, revision := simRevisionOf(object)
	if s.oneIn(10) {
		if earlier := s.revisions[kind+"/"+object.GetNamespace()+"/"+object.GetName()]; len(earlier) > 0 {
			revision = chosen(s, earlier)
		}
	}
	at := s.world.now
	switch s.world.chance.IntN(12) {
	case 0:
		at = at.Add(-time.Duration(s.world.chance.IntN(48)) * time.Hour)
	case 1:
		at = at.Add(time.Duration(s.world.chance.IntN(30)) * time.Hour)
	}
	s.count++
	d := testobj.MoneyDecision("d"+strconv.Itoa(s.count), kind, object.GetName(), revision, outcome, s.approver(), at.Format(time.RFC3339))
	d.Namespace, d.Spec.Amount = object.GetNamespace(), part
	for _, change := range changes {
		change(d)
	}
	s.create(d)
}

// approver draws who decides: rarely paul, who requests money and so cannot approve. Anybody may write the own name in another way.
func (s *simPeople) approver() string {
	if s.oneIn(12) {
		return chosen(s, []string{"paul", "PAUL"})
	}
	who := chosen(s, simApprovers)
	if s.oneIn(5) {
		return strings.ToUpper(who)
	}
	return who
}

// outcome draws what an approver decides.
func (s *simPeople) outcome() v1alpha1.DecisionOutcome {
	switch s.world.chance.IntN(14) {
	case 0:
		return v1alpha1.DecisionReturned
	case 1:
		return v1alpha1.DecisionRejected
	case 2, 3:
		return v1alpha1.DecisionApprovedInPart
	default:
		return v1alpha1.DecisionApproved
	}
}

// approvePlan lets both parties approve what a plan says now, and keeps its content, as the plan's controller does.
func (s *simPeople) approvePlan(p *v1alpha1.JointPlan) {
	revision := s.rememberPlan(p)
	s.keepRevision(p, revision)
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		s.planDecision(p, revision, party, v1alpha1.DecisionApproved)
	}
}

func (s *simPeople) rememberPlan(p *v1alpha1.JointPlan) string {
	revision := plan.Revision(&p.Spec.PlanTerms)
	has := map[v1alpha1.Name]bool{}
	for _, activity := range p.Spec.Activities {
		has[activity.Name] = true
	}
	s.activities[revision] = has
	return revision
}

func (s *simPeople) keepRevision(p *v1alpha1.JointPlan, revision string) {
	kept := &v1alpha1.PlanRevision{
		ObjectMeta: metav1.ObjectMeta{Name: plan.RevisionName(p.Name, revision), Namespace: p.Namespace},
		Spec: v1alpha1.PlanRevisionSpec{
			PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(p.Name)}, Revision: revision, ApprovedTime: simInstant(s.world.now),
			Terms: *p.Spec.PlanTerms.DeepCopy(),
		},
	}
	if s.world.store.tables[simRevisions].get(client.ObjectKeyFromObject(kept)) == nil {
		s.create(kept)
	}
}

func (s *simPeople) planDecision(p *v1alpha1.JointPlan, revision string, party v1alpha1.Party, outcome v1alpha1.DecisionOutcome) {
	s.count++
	d := testobj.Decision("p"+strconv.Itoa(s.count), p.Name, revision, party, outcome, s.world.now.Format(time.RFC3339))
	d.Namespace = p.Namespace
	s.create(d)
}

// simBrief tells the parts of an object that matter for money.
func simBrief(object client.Object) string {
	switch x := object.(type) {
	case *v1alpha1.MDFLedger:
		return fmt.Sprintf("limit %d reserved %v settled %v payments %v notes %v", x.Spec.LimitMinor, x.Spec.Reserved, x.Spec.Settled, x.Spec.Payments, x.Spec.Notes)
	case *v1alpha1.MDFAllocation:
		return fmt.Sprintf("%s %s asks %v (least %q) of %s for %s %s..%s on %q withdrawn %q; is %s/%s reserved %v paid %v claimed %v of %s",
			x.Namespace, x.Spec.RequestID, x.Spec.Amount, x.Spec.AcceptAtLeast, x.Spec.BudgetRef.Name, simSubject(x), x.Spec.StartsOn, x.Spec.EndsOn,
			x.Spec.RequestedOn, x.Spec.WithdrawnOn, x.Status.Stage, x.Status.Reason, x.Status.Reserved, x.Status.Paid, x.Status.Claimed, x.Status.RequestID)
	case *v1alpha1.MDFClaim:
		return fmt.Sprintf("%s on %s %v claimed %q again %q %s paid %v; is %s/%s payable %v", x.Namespace, x.Spec.AllocationRef.Name, x.Spec.Costs,
			x.Spec.ClaimedOn, x.Spec.ResubmittedOn, x.Spec.Scope, simPayments(x), x.Status.Stage, x.Status.Reason, x.Status.Payable)
	case *v1alpha1.ApprovalDecision:
		return fmt.Sprintf("%s %s on %s/%s %s by %s at %s %v exception %t", x.Spec.Party, x.Spec.Decision, x.Namespace, x.Spec.TargetRef.Name,
			x.Spec.Revision[:9], x.Spec.ApprovedBy, x.Spec.DecidedTime.UTC().Format(time.DateTime), x.Spec.Amount, x.Spec.Exception != nil)
	case *v1alpha1.MDFBudget:
		return fmt.Sprintf("%v; reserved %v settled %v", x.Spec.Amount, x.Status.Reserved, x.Status.Settled)
	case *v1alpha1.PlanReview:
		return fmt.Sprintf("%s held on %s, by %s for the %s, attendees %v", x.Namespace, x.Spec.HeldOn, x.Spec.RecordedBy, x.Spec.Party, x.Spec.Attendees)
	case *v1alpha1.MeasurementSet:
		return fmt.Sprintf("%s %v", x.Namespace, x.Spec.Entries)
	case *v1alpha1.JointPlan:
		return strings.Join([]string{x.Namespace, fmt.Sprint(len(x.Spec.Activities)), "activities"}, " ")
	default:
		return ""
	}
}

// simPayments tells the payments of a claim.
func simPayments(c *v1alpha1.MDFClaim) (list []string) {
	for i := range c.Spec.Payments {
		p := &c.Spec.Payments[i]
		text := fmt.Sprintf("%s#%d %s %s", p.Document, p.Line, p.PaidOn, p.Net)
		if p.Reverses != nil {
			text += " reverses " + p.Reverses.Document
		}
		list = append(list, text)
	}
	return list
}
