package controllers

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// crowd are three partners in one namespace, each with an approved plan, a campaign, results, requests on three budgets that are approved, and a claim on
// one of them, all of one invoice; two programs, of different time zones; budgets with limits and authority, and two that spend the same lots.
func crowd() []client.Object {
	accrues := func(s *v1alpha1.MDFBudgetSpec) {
		s.Accrual = &v1alpha1.Accrual{
			Metric: "purchases", Percent: "30", Every: v1alpha1.CadenceQuarter, Spend: v1alpha1.SpendSamePeriod, CarryOverMonths: new(int32(6)),
		}
	}
	north, south := testobj.ProgramWithPurchases(), testobj.ProgramWithPurchases()
	south.Name, south.Spec.Calendar.TimeZone = "southwind", "America/New_York"
	objects := []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace, Labels: map[string]string{"may": "use"}}},
		north, south,
		testobj.Budget("fy27").Limit("cap", v1alpha1.LimitPerPartner, "9000.00").Limit("plan", v1alpha1.LimitPerPlan, "8000.00").Authority("4000.00", 2).Obj(),
		testobj.Budget("side").With(func(s *v1alpha1.MDFBudgetSpec) { s.ProgramRef.Name = "southwind" }).Obj(),
		testobj.Budget("early").Period(2026, v1alpha1.PartYear).With(accrues).Obj(), testobj.Budget("late").Period(2027, v1alpha1.PartYear).With(accrues).Obj(),
		testobj.Ledger("early").Settled(testobj.Namespace+"/acme-early/1/c", 60000).Reserved(testobj.Namespace+"/acme-early/1", 0).
			Settled(testobj.Namespace+"/bolt-early/1/c", 50000).Reserved(testobj.Namespace+"/bolt-early/1", 0).Obj(),
	}
	for _, name := range []string{"acme", "bolt", "cog"} {
		plan := name + "-h1"
		objects = append(objects, testobj.Partner(name).Tier("gold", "2026-01-01").Agreement("2025-01-01", "").Obj(),
			testobj.Campaign(name+"-fair", plan, "cloud-revenue"), testobj.Measured(name+"-crm", plan, "new-revenue", "2026-07-31", "75000"),
			testobj.Measurements(name+"-erp", v1alpha1.SubjectPartner, v1alpha1.Name(name)).Entry("purchases", "2026-05-31", "10000").Obj())
		objects = append(objects, approvedPlan(plan, name)...)
		for _, on := range []string{"early", "late", "fy27"} {
			objects = append(objects, approvedRequest(name+"-"+on, plan, on, "5000.00")...)
		}
		second := testobj.MoneyDecision(name+"-second", kinds.MDFAllocation, name+"-fy27", revisionOf(name+"-fy27", plan, "fy27", "5000.00"),
			v1alpha1.DecisionApproved, "walt", "2026-08-04T23:40:00Z")
		objects = append(objects, second, testobj.Claim(name+"-claim", v1alpha1.Name(name+"-fy27")).Cost("1", "4000.00").Obj())
	}
	return objects
}

// approvedPlan is a plan of a partner, approved by both parties.
func approvedPlan(name, partner string) []client.Object {
	p := testobj.Plan(name).Goal("cloud-revenue", "new-revenue", "440000").Activity("autumn-webinar", "Webinar").
		With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = v1alpha1.Name(partner) }).Obj()
	revision := plan.Revision(&p.Spec.PlanTerms)
	return []client.Object{
		p,
		testobj.Decision(name+"-vendor", name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
		testobj.Decision(name+"-partner", name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
	}
}

// aRequest asks for an amount under a plan from a budget.
func aRequest(name, plan, budget string, amount v1alpha1.Decimal) *v1alpha1.MDFAllocation {
	return testobj.Allocation(name).On(v1alpha1.Name(plan), v1alpha1.Name(budget)).Asks("EUR", "20000.00", "50", amount).Obj()
}

func revisionOf(name, plan, budget string, amount v1alpha1.Decimal) string {
	return facts.RequestRevision(&aRequest(name, plan, budget, amount).Spec)
}

// approvedRequest is a request that one person has approved.
func approvedRequest(name, plan, budget string, amount v1alpha1.Decimal) []client.Object {
	return []client.Object{aRequest(name, plan, budget, amount), testobj.MoneyDecision(name+"-grant", kinds.MDFAllocation, name,
		revisionOf(name, plan, budget, amount), v1alpha1.DecisionApproved, "vera", "2026-08-04T23:30:00Z")}
}

// misspelled is one of several names, rarely one that nothing has.
func misspelled(random *rand.Rand, names ...string) v1alpha1.Name {
	name := names[random.IntN(len(names))]
	if random.IntN(3) == 0 {
		name = name[:len(name)-1]
	}
	return v1alpha1.Name(name)
}

// oneOf is one of several values.
func oneOf[T any](random *rand.Rand, values ...T) T { return values[random.IntN(len(values))] }

// disturb has people remove, create or change something, and says what.
func (w *world) disturb(random *rand.Rand, objects []client.Object, gone map[int]bool) string {
	at := random.IntN(len(objects))
	object := objects[at]
	if gone[at] {
		delete(gone, at)
		what := "create " + nameOf(object)
		if request, ok := object.(*v1alpha1.MDFAllocation); ok && random.IntN(2) == 0 { // under the old name, another one
			request.Spec.BudgetRef.Name = oneOf[v1alpha1.Name](random, "fy27", "early", "late", "side")
			request.Spec.PlanRef.Name = oneOf[v1alpha1.Name](random, "acme-h1", "bolt-h1", "cog-h1")
			what += fmt.Sprint(" on ", request.Spec.BudgetRef.Name, " of ", request.Spec.PlanRef.Name)
		}
		w.create(object)
		return what
	}
	_, namespace := object.(*corev1.Namespace)
	_, ledger := object.(*v1alpha1.MDFLedger)
	switch {
	case ledger:
		return "leave the ledger alone"
	case !namespace && random.IntN(3) == 0:
		gone[at] = true
		w.remove(object)
		return "remove " + nameOf(object)
	case !namespace && random.IntN(8) == 0:
		what := "resume "
		edit(w, object, func(o client.Object) {
			annotations := map[string]string{}
			if o.GetAnnotations()[v1alpha1.AnnotationSuspend] == "" {
				what, annotations = "suspend ", map[string]string{v1alpha1.AnnotationSuspend: "true"}
			}
			o.SetAnnotations(annotations)
		})
		return what + nameOf(object)
	}
	what := "edit " + nameOf(object)
	switch x := object.(type) {
	case *corev1.Namespace:
		edit(w, x, func(n *corev1.Namespace) {
			n.Labels = oneOf(random, nil, map[string]string{"may": "use"})
			what += fmt.Sprint(" labels ", n.Labels)
		})
	case *v1alpha1.PartnerProgram:
		edit(w, x, func(p *v1alpha1.PartnerProgram) {
			p.Spec.AllowedNamespaces = someNamespaces(random)
			p.Spec.Calendar.TimeZone = oneOf(random, "Europe/Berlin", "America/New_York")
		})
	case *v1alpha1.MDFBudget:
		edit(w, x, func(b *v1alpha1.MDFBudget) {
			switch random.IntN(5) {
			case 0:
				b.Spec.AllowedNamespaces = someNamespaces(random)
			case 1:
				if b.Spec.Accrual != nil {
					b.Spec.Accrual.Metric = oneOf[v1alpha1.Name](random, "purchases", "new-revenue")
				}
			case 2:
				b.Spec.Authority = []v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01", Levels: []v1alpha1.AuthorityLevel{{Above: "100.00", Approvers: int32(1 + random.IntN(2))}}}}
			case 3:
				b.Spec.Amount.Amount = oneOf[v1alpha1.Decimal](random, "20000.00", "6000.00")
			case 4:
				b.Spec.Limits = []v1alpha1.FundingLimit{{Name: "cap", Per: v1alpha1.LimitPerPartner, Amount: oneOf[v1alpha1.Decimal](random, "7000.00", "900.00")}}
			}
			what += fmt.Sprintf(" to %+v", b.Spec)
		})
	case *v1alpha1.Partner:
		edit(w, x, func(p *v1alpha1.Partner) {
			p.Spec.ProgramRef.Name = misspelled(random, "northwind", "southwind")
			p.Spec.Type = oneOf(random, v1alpha1.PartnerDistributor, "Reseller")
			p.Spec.ParentRef = oneOf(random, nil, &v1alpha1.PartnerReference{Name: misspelled(random, "acme", "bolt", "cog")})
			what += fmt.Sprint(" to ", p.Spec.ProgramRef.Name, " under ", p.Spec.ParentRef, " as ", p.Spec.Type)
		})
	case *v1alpha1.JointPlan:
		edit(w, x, func(p *v1alpha1.JointPlan) {
			p.Spec.PartnerRef.Name = misspelled(random, "acme", "bolt", "cog")
			p.Spec.Period.Part = oneOf(random, v1alpha1.PartH1, v1alpha1.PartH1, v1alpha1.PartH2)
			what += fmt.Sprint(" to ", p.Spec.PartnerRef.Name, " for ", p.Spec.Period.Part)
		})
	case *v1alpha1.Campaign:
		edit(w, x, func(c *v1alpha1.Campaign) {
			c.Spec.PlanRef.Name = misspelled(random, "acme-h1", "bolt-h1", "cog-h1")
			what += fmt.Sprint(" to ", c.Spec.PlanRef.Name)
		})
	case *v1alpha1.MeasurementSet:
		edit(w, x, func(m *v1alpha1.MeasurementSet) {
			m.Spec.SubjectRef = []v1alpha1.SubjectReference{
				{Kind: v1alpha1.SubjectPartner, Name: misspelled(random, "acme", "bolt", "cog")},
				{Kind: v1alpha1.SubjectJointPlan, Name: misspelled(random, "acme-h1", "bolt-h1", "cog-h1")},
				{Kind: v1alpha1.SubjectCampaign, Name: misspelled(random, "acme-fair", "bolt-fair", "cog-fair")},
			}[random.IntN(3)]
			what += fmt.Sprint(" to ", m.Spec.SubjectRef)
		})
	case *v1alpha1.MDFAllocation:
		edit(w, x, func(a *v1alpha1.MDFAllocation) {
			a.Spec.Place = v1alpha1.Title(fmt.Sprint("place ", random.IntN(3)))
			a.Spec.RequestID = oneOf[v1alpha1.Name](random, "1", "1", "2")
			a.Spec.Amount.Amount = oneOf[v1alpha1.Decimal](random, "5000.00", "3000.00")
		})
	case *v1alpha1.MDFClaim:
		edit(w, x, func(c *v1alpha1.MDFClaim) {
			c.Spec.Costs[0].Invoice = oneOf[v1alpha1.Word](random, "1", "2")
			c.Spec.ClaimedOn = oneOf[v1alpha1.Date](random, "", "2026-08-01")
			c.Spec.AllocationRef.Name = misspelled(random, "acme-fy27", "bolt-fy27", "cog-fy27")
			c.Spec.Payments = oneOf(random, nil, []v1alpha1.Payment{testobj.Payment("RUN-"+c.Name, "2026-08-03", "100.00")})
			what += fmt.Sprint(" of invoice ", c.Spec.Costs[0].Invoice, " on ", c.Spec.AllocationRef.Name)
		})
	}
	return what
}

func someNamespaces(random *rand.Rand) *v1alpha1.AllowedNamespaces {
	if random.IntN(2) == 0 {
		return nil
	}
	return &v1alpha1.AllowedNamespaces{
		From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"may": "use"}},
	}
}

// TestNothingIsMissed has people do one thing after the other, and evaluates all objects after each: nothing is left to be written then, as all
// that the thing concerned was evaluated.
func TestNothingIsMissed(t *testing.T) {
	seeds, steps := uint64(3), 25
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 7))
		w, objects, gone := newWorld(t, "2026-08-05T10:00:00+02:00"), crowd(), map[int]bool{}
		w.create(objects...)
		w.run()
		if got := get(w, testobj.Allocation("acme-fy27").Obj()).Status.Stage; got != v1alpha1.AllocationGranted {
			t.Fatalf("the request is %s, want it to be granted", got)
		}
		history := []string{}
		for range steps {
			history = append(history, w.disturb(random, objects, gone))
			w.settle()
			w.resync()
			w.run()
			if missed := w.written(); len(missed) > 0 {
				t.Errorf("seed %d: missed %v after %v", seed, missed, history[max(0, len(history)-6):])
				break
			}
		}
	}
}

// settle evaluates what is to be evaluated, also roll-ups, which wait for 30 seconds at the most, and forgets what was written.
func (w *world) settle() {
	w.run()
	w.advance(w.clock.Now().Add(31 * time.Second).Format(time.RFC3339Nano))
	w.written()
}
