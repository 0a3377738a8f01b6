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

// crowd are two partners in one namespace, each with an approved plan, a campaign, results, a request that is approved, and a claim on it; two
// programs, and a budget of each.
func crowd() []client.Object {
	objects := []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace, Labels: map[string]string{"may": "use"}}},
		testobj.Program("northwind").Obj(), testobj.Program("southwind").Obj(), testobj.Budget("fy27").Obj(),
		testobj.Budget("side").With(func(s *v1alpha1.MDFBudgetSpec) { s.ProgramRef.Name = "southwind" }).Obj(),
	}
	for i, name := range []string{"acme", "bolt"} {
		p := testobj.Plan(name+"-h1").Goal("cloud-revenue", "new-revenue", "440000").Activity("autumn-webinar", "Webinar").
			With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = v1alpha1.Name(name) }).Obj()
		request := testobj.Allocation(name+"-request").On(v1alpha1.Name(p.Name), v1alpha1.Name([]string{"fy27", "side"}[i])).Obj()
		revision := plan.Revision(&p.Spec.PlanTerms)
		partner := testobj.Partner(name).Tier("gold", "2026-01-01").Agreement("2025-01-01", "")
		if name == "bolt" {
			partner.Under("", "acme")
		}
		objects = append(objects, partner.Obj(), p, testobj.Campaign(name+"-fair", p.Name, "cloud-revenue"),
			testobj.Measured(name+"-crm", p.Name, "new-revenue", "2026-07-31", "75000"),
			testobj.Measurements(name+"-leads", v1alpha1.SubjectCampaign, v1alpha1.Name(name+"-fair")).Entry("qualified-leads", "2026-08-01", "5").Obj(),
			testobj.Decision(name+"-vendor", p.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
			testobj.Decision(name+"-partner", p.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
			request, testobj.MoneyDecision(name+"-grant", kinds.MDFAllocation, request.Name, facts.RequestRevision(&request.Spec),
				v1alpha1.DecisionApproved, "vera", "2026-08-04T09:00:00Z"),
			testobj.Claim(name+"-claim", v1alpha1.Name(request.Name)).Cost("1", "4000.00").Obj())
	}
	return objects
}

// misspelled is one of several names, rarely one that nothing has.
func misspelled(random *rand.Rand, names ...string) v1alpha1.Name {
	name := names[random.IntN(len(names))]
	if random.IntN(3) == 0 {
		name = name[:len(name)-1]
	}
	return v1alpha1.Name(name)
}

// disturb has people remove, create or change something, and says what.
func (w *world) disturb(random *rand.Rand, objects []client.Object, gone map[int]bool) string {
	at := random.IntN(len(objects))
	object := objects[at]
	if gone[at] {
		delete(gone, at)
		w.create(object)
		return "create " + nameOf(object)
	}
	if _, namespace := object.(*corev1.Namespace); !namespace && random.IntN(2) == 0 {
		gone[at] = true
		w.remove(object)
		return "remove " + nameOf(object)
	}
	what := "edit " + nameOf(object)
	switch x := object.(type) {
	case *corev1.Namespace:
		edit(w, x, func(n *corev1.Namespace) {
			n.Labels = []map[string]string{nil, {"may": "use"}}[random.IntN(2)]
			what += fmt.Sprint(" labels ", n.Labels)
		})
	case *v1alpha1.PartnerProgram:
		edit(w, x, func(p *v1alpha1.PartnerProgram) { p.Spec.AllowedNamespaces = someNamespaces(random) })
	case *v1alpha1.MDFBudget:
		edit(w, x, func(b *v1alpha1.MDFBudget) { b.Spec.AllowedNamespaces = someNamespaces(random) })
	case *v1alpha1.Partner:
		edit(w, x, func(p *v1alpha1.Partner) {
			p.Spec.ProgramRef.Name = misspelled(random, "northwind", "southwind")
			p.Spec.Type = []v1alpha1.PartnerType{v1alpha1.PartnerDistributor, "Reseller"}[random.IntN(2)]
			p.Spec.ParentRef = &v1alpha1.PartnerReference{Name: misspelled(random, "acme", "bolt")}
			what += fmt.Sprint(" to ", p.Spec.ProgramRef.Name, " under ", p.Spec.ParentRef.Name, " as ", p.Spec.Type)
		})
	case *v1alpha1.JointPlan:
		edit(w, x, func(p *v1alpha1.JointPlan) {
			p.Spec.PartnerRef.Name = misspelled(random, "acme", "bolt")
			what += fmt.Sprint(" to ", p.Spec.PartnerRef.Name)
		})
	case *v1alpha1.Campaign:
		edit(w, x, func(c *v1alpha1.Campaign) {
			c.Spec.PlanRef.Name = misspelled(random, "acme-h1", "bolt-h1")
			what += fmt.Sprint(" to ", c.Spec.PlanRef.Name)
		})
	case *v1alpha1.MeasurementSet:
		edit(w, x, func(m *v1alpha1.MeasurementSet) {
			m.Spec.SubjectRef = []v1alpha1.SubjectReference{
				{Kind: v1alpha1.SubjectPartner, Name: misspelled(random, "acme", "bolt")},
				{Kind: v1alpha1.SubjectJointPlan, Name: misspelled(random, "acme-h1", "bolt-h1")},
				{Kind: v1alpha1.SubjectCampaign, Name: misspelled(random, "acme-fair", "bolt-fair")},
			}[random.IntN(3)]
			what += fmt.Sprint(" to ", m.Spec.SubjectRef)
		})
	case *v1alpha1.MDFAllocation:
		edit(w, x, func(a *v1alpha1.MDFAllocation) { a.Spec.Place = v1alpha1.Title(fmt.Sprint("place ", random.IntN(3))) })
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
	seeds, steps := uint64(12), 25
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 7))
		w, objects, gone := newWorld(t, "2026-08-05T10:00:00+02:00"), crowd(), map[int]bool{}
		w.create(objects...)
		w.run()
		if got := get(w, testobj.Allocation("acme-request").Obj()).Status.Stage; got != v1alpha1.AllocationGranted {
			t.Fatalf("the request is %s, want it to be granted", got)
		}
		history := []string{}
		for range steps {
			history = append(history, w.disturb(random, objects, gone))
			w.run()
			w.advance(w.clock.Now().Add(31 * time.Second).Format(time.RFC3339Nano)) // for which a roll-up waits at the most
			w.written()
			w.resync()
			w.run()
			if missed := w.written(); len(missed) > 0 {
				t.Errorf("seed %d: missed %v after %v", seed, missed, history[max(0, len(history)-6):])
				break
			}
		}
	}
}
