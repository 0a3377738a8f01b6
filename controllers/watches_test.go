package controllers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gate"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/queue/queuetest"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// in puts an object into a namespace.
func in[T client.Object](namespace string, object T) T {
	object.SetNamespace(namespace)
	return object
}

func aPlanOf(name string, partner v1alpha1.Name) *v1alpha1.JointPlan {
	return testobj.Plan(name).With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = partner }).Obj()
}

func aRevision(name string, plan, partner v1alpha1.Name) *v1alpha1.PlanRevision {
	return &v1alpha1.PlanRevision{
		ObjectMeta: metav1.ObjectMeta{Namespace: testobj.Namespace, Name: name, Generation: 1},
		Spec: v1alpha1.PlanRevisionSpec{
			PlanRef: v1alpha1.Reference{Name: plan}, Terms: v1alpha1.PlanTerms{PartnerRef: v1alpha1.Reference{Name: partner}},
		},
	}
}

func aDecision(name, plan string) *v1alpha1.ApprovalDecision {
	return testobj.Decision(name, plan, "v1:0", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z")
}

func aMoneyDecision(name, kind, target string) *v1alpha1.ApprovalDecision {
	return testobj.MoneyDecision(name, kind, target, "1", v1alpha1.DecisionApproved, "vera", "2026-06-20T09:00:00Z")
}

// ofOne are what hangs on partner acme: two plans, and of most kinds something of each plan.
func ofOne() []client.Object {
	return []client.Object{
		testobj.Partner("acme").Obj(), aPlanOf("acme-h1", "acme"), aPlanOf("acme-h2", "acme"),
		testobj.Campaign("fair", "acme-h1"), testobj.Campaign("mailing", "acme-h2"),
		testobj.Measurements("of-acme", v1alpha1.SubjectPartner, "acme").Obj(),
		testobj.Measurements("of-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(),
		testobj.Measurements("also-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(),
		testobj.Measurements("of-fair", v1alpha1.SubjectCampaign, "fair").Obj(),
		aDecision("on-h1", "acme-h1"), aDecision("on-h2", "acme-h2"), aMoneyDecision("on-request", kinds.MDFAllocation, "request"),
		aRevision("h1-a", "acme-h1", "acme"), aRevision("h1-b", "acme-h1", "acme"), aRevision("h2-a", "acme-h2", "acme"),
		testobj.Allocation("request").On("acme-h1", "fy27").Obj(), testobj.Claim("claim", "request").Obj(),
	}
}

// ofAnother are what hangs on partner bolt, in the namespace and with the program and the budget of the first.
func ofAnother() []client.Object {
	return []client.Object{
		testobj.Partner("bolt").Obj(), aPlanOf("bolt-h1", "bolt"), testobj.Campaign("bolt-fair", "bolt-h1"),
		testobj.Measurements("of-bolt", v1alpha1.SubjectJointPlan, "bolt-h1").Obj(), aDecision("on-bolt-h1", "bolt-h1"),
		aMoneyDecision("on-bolt-claim", kinds.MDFClaim, "bolt-claim"), aRevision("bolt-h1-a", "bolt-h1", "bolt"),
		testobj.Allocation("bolt-request").On("bolt-h1", "fy27").Obj(), testobj.Claim("bolt-claim", "bolt-request").Obj(),
	}
}

// neighbours are two partners of one program in one namespace, and a third of another program in another namespace.
func neighbours() []client.Object {
	objects := []client.Object{testobj.Program("northwind").Obj(), testobj.Program("southwind").Obj(), testobj.Budget("fy27").Obj()}
	return append(append(append(objects, ofOne()...), ofAnother()...),
		testobj.Partner("cog").In("partner-cog").With(func(s *v1alpha1.PartnerSpec) { s.ProgramRef.Name = "southwind" }).Obj(),
		in("partner-cog", aPlanOf("acme-h1", "cog")), in("partner-cog", testobj.Campaign("fair", "acme-h1")))
}

// concerned returns what an update of an object makes the controllers reconcile besides the object itself, as "controller namespace/name".
func (w *world) concerned(old, updated client.Object) map[string]int {
	w.Helper()
	for _, c := range w.controllers {
		c.queue.Added = nil
	}
	w.updated(old, updated)
	concerned := map[string]int{}
	for _, c := range w.controllers {
		for _, x := range c.queue.Added {
			if x.Priority != 0 {
				concerned[c.name+" "+x.Request.String()] = x.Priority
			}
		}
	}
	return concerned
}

// named are objects of the test's namespace, as the controllers' names and theirs, at a priority.
func named(priority int, names ...string) map[string]int {
	all := map[string]int{}
	for _, name := range names {
		kind, name, _ := strings.Cut(name, " ")
		if !strings.Contains(name, "/") {
			name = testobj.Namespace + "/" + name
		}
		all[kind+" "+name] = priority
	}
	return all
}

func TestWhatAnEditConcerns(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	ofAcme := []string{
		"jointplan acme-h1", "jointplan acme-h2", "campaign fair", "campaign mailing", "measurementset of-acme", "measurementset of-h1",
		"measurementset also-h1", "measurementset of-fair", "approvaldecision on-h1", "approvaldecision on-h2", "approvaldecision on-request",
		"planrevision h1-a", "planrevision h1-b", "planrevision h2-a", "mdfallocation request", "mdfclaim claim", "mdfbudget /fy27",
	}
	inNorthwind := append(slices.Clone(ofAcme), "partner acme", "channelstrategy /northwind",
		"partner bolt", "jointplan bolt-h1", "campaign bolt-fair", "measurementset of-bolt", "approvaldecision on-bolt-h1", "approvaldecision on-bolt-claim",
		"planrevision bolt-h1-a", "mdfallocation bolt-request", "mdfclaim bolt-claim")
	inSouthwind := []string{"partner partner-cog/cog", "jointplan partner-cog/acme-h1", "campaign partner-cog/fair"}
	for name, tc := range map[string]struct {
		object client.Object
		change func(client.Object)
		want   map[string]int
	}{
		"a program: all in the namespaces of its partners, and the budgets": {
			testobj.Program("northwind").Obj(), nil, named(queue.FanOut, inNorthwind...),
		},
		"a benchmark: the partners, plans and campaigns in the namespaces of the program's partners": {
			testobj.Published("northwind-fy2027-q1", "northwind"), nil, named(queue.FanOut,
				"partner acme", "jointplan acme-h1", "jointplan acme-h2", "campaign fair", "campaign mailing", "partner bolt", "jointplan bolt-h1",
				"campaign bolt-fair"),
		},
		"the access to a program: all that name it": {
			testobj.Program("northwind").Obj(),
			func(o client.Object) {
				o.(*v1alpha1.PartnerProgram).Spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromAll}
			},
			named(queue.FanOut, inNorthwind...),
		},
		"a program without partners: the budgets": {testobj.Program("westwind").Obj(), nil, named(queue.FanOut, "mdfbudget /fy27", "channelstrategy /westwind")},
		"a partner: all that hangs on it, and its program": {
			testobj.Partner("acme").Obj(), nil, named(queue.Child, append(slices.Clone(ofAcme), "partnerprogram /northwind", "channelstrategy /northwind")...),
		},
		"a plan: its partner, its siblings, what names it, its money, and its program": {
			aPlanOf("acme-h1", "acme"), nil,
			named(queue.Child, "partner acme", "jointplan acme-h2", "campaign fair", "measurementset of-acme", "measurementset of-h1",
				"measurementset also-h1", "measurementset of-fair", "approvaldecision on-h1", "approvaldecision on-request", "planrevision h1-a",
				"planrevision h1-b", "mdfallocation request", "mdfclaim claim", "mdfbudget /fy27", "partnerprogram /northwind", "channelstrategy /northwind"),
		},
		"a campaign: the plans, the partner, its results, and the requests": {
			testobj.Campaign("fair", "acme-h1"), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "measurementset of-fair", "mdfallocation request", "mdfbudget /fy27"),
		},
		"results of a plan: the partner and its plans, other results of it, and the requests": {
			testobj.Measurements("of-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "measurementset also-h1", "measurementset of-h1",
				"mdfallocation request", "mdfbudget /fy27"),
		},
		"results of a campaign: the campaign too": {
			testobj.Measurements("of-fair", v1alpha1.SubjectCampaign, "fair").Obj(), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "campaign fair", "measurementset of-fair",
				"mdfallocation request", "mdfbudget /fy27"),
		},
		"a decision: the plans and what the plan's approval decides": {
			aDecision("on-h1", "acme-h1"), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "campaign fair", "approvaldecision on-h1", "planrevision h1-a", "planrevision h1-b",
				"mdfallocation request", "mdfclaim claim", "mdfbudget /fy27"),
		},
		"a revision: the same": {
			aRevision("h1-a", "acme-h1", "acme"), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "campaign fair", "approvaldecision on-h1", "planrevision h1-a", "planrevision h1-b",
				"mdfallocation request", "mdfclaim claim", "mdfbudget /fy27"),
		},
		"a request: partner and plans, its claims, decisions on money, and its budget": {
			testobj.Allocation("request").On("acme-h1", "fy27").Obj(), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "mdfclaim claim", "approvaldecision on-request", "mdfbudget /fy27",
				"channelstrategy /northwind"),
		},
		"a claim: its request, the partner and its plans, decisions on money, and the budget": {
			testobj.Claim("claim", "request").Obj(), nil,
			named(queue.Child, "partner acme", "jointplan acme-h1", "jointplan acme-h2", "mdfallocation request", "approvaldecision on-request", "mdfbudget /fy27",
				"channelstrategy /northwind"),
		},
		"a budget: all partners that have requests on it, their plans and money": {
			testobj.Budget("fy27").Obj(), nil,
			named(queue.Child, "mdfallocation request", "mdfallocation bolt-request", "mdfclaim claim", "mdfclaim bolt-claim",
				"approvaldecision on-request", "approvaldecision on-bolt-claim", "partner acme", "partner bolt", "jointplan acme-h1", "jointplan acme-h2",
				"jointplan bolt-h1", "channelstrategy /northwind"),
		},
		"a ledger: its budget, requests and claims on it, and their partners and plans": {
			testobj.Ledger("fy27").Obj(), nil,
			named(queue.Child, "mdfallocation request", "mdfallocation bolt-request", "mdfclaim claim", "mdfclaim bolt-claim", "mdfbudget /fy27",
				"partner acme", "partner bolt", "jointplan acme-h1", "jointplan acme-h2", "jointplan bolt-h1"),
		},
		"the labels of a namespace: all in it, and the program of its partner": {
			&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "partner-cog"}},
			func(o client.Object) { o.SetLabels(map[string]string{"program": "southwind"}) },
			named(queue.FanOut, append(slices.Clone(inSouthwind), "partnerprogram /southwind", "channelstrategy /southwind")...),
		},
	} {
		t.Run(name, func(t *testing.T) {
			updated := tc.object.DeepCopyObject().(client.Object)
			updated.SetGeneration(2)
			if tc.change != nil {
				tc.change(updated)
			}
			if diff := cmp.Diff(tc.want, w.concerned(tc.object, updated)); diff != "" {
				t.Errorf("concerned, with priorities (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnEditWakesOnlyObjectsOfItsPartner edits each object of one partner and counts, by whom they belong to, the objects that are evaluated.
// Another partner has as much of all kinds in the same namespace, with the same program and on the same budget.
func TestAnEditWakesOnlyObjectsOfItsPartner(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	w.run() // so that those who asked for names are known: nobody did
	others := map[string]bool{}
	for _, object := range ofAnother() {
		others[strings.ToLower(kinds.Of(object).Name)+" "+requestFor(object).String()] = true
	}
	want := map[string]int{ // how many objects an edit of one wakes, without itself, its budget and its program
		"Partner/acme": 16, "JointPlan/acme-h1": 13, "JointPlan/acme-h2": 12, "Campaign/fair": 5, "Campaign/mailing": 4,
		"MeasurementSet/of-acme": 5, "MeasurementSet/of-h1": 6, "MeasurementSet/also-h1": 6, "MeasurementSet/of-fair": 6,
		"ApprovalDecision/on-h1": 9, "ApprovalDecision/on-h2": 8, "ApprovalDecision/on-request": 6,
		"PlanRevision/h1-a": 9, "PlanRevision/h1-b": 9, "PlanRevision/h2-a": 7, "MDFAllocation/request": 5, "MDFClaim/claim": 5,
	}
	got := map[string]int{}
	for _, object := range ofOne() {
		updated := object.DeepCopyObject().(client.Object)
		updated.SetGeneration(2)
		got[nameOf(object)] = 0
		for name := range w.concerned(object, updated) {
			switch {
			case others[name]:
				t.Errorf("an edit of %s wakes %s, of another partner", nameOf(object), name)
			case strings.Contains(name, " "+testobj.Namespace+"/"):
				got[nameOf(object)]++
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evaluated (-want +got):\n%s", diff)
	}
}

// TestAPlanThatMovedWakesBothPartners: by an amendment the plan of acme goes to bolt, but what was approved names acme.
func TestAPlanThatMovedWakesBothPartners(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	edit(w, aPlanOf("acme-h1", "acme"), func(p *v1alpha1.JointPlan) { p.Spec.PartnerRef.Name = "bolt" })
	for name, object := range map[string]client.Object{
		"the plan": aPlanOf("acme-h1", "bolt"), "its campaign": testobj.Campaign("fair", "acme-h1"), "a decision on it": aDecision("on-h1", "acme-h1"),
		"its revision": aRevision("h1-a", "acme-h1", "acme"), "its results": testobj.Measurements("of-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(),
	} {
		updated := object.DeepCopyObject().(client.Object)
		updated.SetGeneration(3)
		woken := w.concerned(object, updated)
		for _, partner := range []string{"acme", "bolt"} {
			if _, ok := woken["partner "+testobj.Namespace+"/"+partner]; !ok {
				t.Errorf("%s does not wake partner %s: %v", name, partner, woken)
			}
		}
	}
	for _, partner := range []string{"acme", "bolt"} {
		updated := testobj.Partner(partner).Obj()
		updated.Generation = 2
		if woken := w.concerned(testobj.Partner(partner).Obj(), updated); woken["jointplan "+testobj.Namespace+"/acme-h1"] != queue.Child {
			t.Errorf("partner %s does not wake the plan that moved: %v", partner, woken)
		}
	}
}

func TestAChangeOfStatusConcernsTheRollUpAlone(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	for _, object := range neighbours() {
		updated := object.DeepCopyObject().(client.Object)
		updated.SetResourceVersion("2")
		want := map[string]int{}
		name := map[string]string{testobj.Namespace: "northwind", "partner-cog": "southwind"}[object.GetNamespace()]
		switch object.(type) {
		case *v1alpha1.Partner, *v1alpha1.JointPlan:
			want["partnerprogram /"+name], want["channelstrategy /"+name] = queue.Child, queue.Child
		case *v1alpha1.MDFAllocation: // what is granted depends on the stage of the requests
			want["mdfbudget /fy27"], want["channelstrategy /"+name] = queue.Child, queue.Child
		case *v1alpha1.MDFClaim:
			want["channelstrategy /"+name] = queue.Child
		}
		if diff := cmp.Diff(want, w.concerned(object, updated)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", nameOf(object), diff)
		}
	}
}

// TestWhatCameOrWentConcernsAllOfItsPartner: what came may have been lacked, and what went may be lacked now.
func TestWhatCameOrWentConcernsAllOfItsPartner(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	names := map[string]bool{}
	for _, object := range ofOne() {
		names[requestFor(object).String()] = true
	}
	for _, object := range []client.Object{
		aPlanOf("new", "acme"), testobj.Campaign("new", "acme-h1"), aDecision("new", "acme-h1"), testobj.Partner("acme").Obj(),
		testobj.Measurements("new", v1alpha1.SubjectCampaign, "fair").Obj(), aRevision("new", "acme-h1", "acme"),
		testobj.Allocation("new").On("acme-h1", "fy27").Obj(), testobj.Claim("new", "request").Obj(),
	} {
		for _, c := range w.controllers {
			watched := false
			woken := &queuetest.Queue{}
			for _, q := range c.watches {
				if fmt.Sprintf("%T", q.kind) == fmt.Sprintf("%T", object) && !strings.HasPrefix(c.name, "partner") && c.name != "mdfbudget" && c.name != "channelstrategy" {
					watched = true
					queue.Enqueue(q.concerns, appears, q.priority, nil).Create(t.Context(), event.CreateEvent{Object: object}, woken)
				}
			}
			if !watched {
				continue
			}
			var want []string
			for _, candidate := range w.all(c.own) {
				if names[requestFor(candidate).String()] {
					want = append(want, requestFor(candidate).String())
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, woken.Requests()); diff != "" {
				t.Errorf("%s for the controller %s (-want +got):\n%s", nameOf(object), c.name, diff)
			}
		}
	}
}

// woken returns what is concerned when an object goes.
func woken(t *testing.T, concerns queue.Concern, object client.Object) []string {
	t.Helper()
	q := &queuetest.Queue{}
	queue.Enqueue(concerns, appears, 0, nil).Delete(t.Context(), event.DeleteEvent{Object: object}, q)
	return q.Requests()
}

func TestAPartnerConcernsThoseBelowItAsFarAsAnAncestryLooks(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(testobj.Partner("p0").In("n0").Distributes().Obj())
	for i := 1; i <= 8; i++ {
		w.create(testobj.Partner(fmt.Sprintf("p%d", i)).In(fmt.Sprintf("n%d", i)).Distributes().
			Under(v1alpha1.Name(fmt.Sprintf("n%d", i-1)), v1alpha1.Name(fmt.Sprintf("p%d", i-1))).Obj())
	}
	w.create(testobj.Partner("beside").In("n0").Obj(), testobj.Partner("p0").In("n9").Obj(), testobj.Partner("q").In("n9").Under("", "p0").Obj())
	r := &relations{gatherer: gather.New(gather.Through(w.people))}
	for of, want := range map[string]string{
		"n0/p0": "n1/p1 n2/p2 n3/p3 n4/p4 n5/p5 n6/p6",
		"n6/p6": "n7/p7 n8/p8",
		"n8/p8": "",
		"n9/p0": "n9/q",
	} {
		namespace, name, _ := strings.Cut(of, "/")
		got := woken(t, queue.Mapping(r.family), testobj.Partner(name).In(namespace).Obj())
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", of, diff)
		}
	}
}

// TestTheAncestryOfADeepPartnerHealsFromItsTop deletes and restores the sixth distributor above a partner, which only its being too deep shows.
func TestTheAncestryOfADeepPartnerHealsFromItsTop(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(testobj.Program("northwind").Obj())
	var top *v1alpha1.Partner
	for i := range 7 {
		b := testobj.Partner(fmt.Sprintf("p%d", i)).In(fmt.Sprintf("n%d", i)).Distributes(v1alpha1.Name(fmt.Sprintf("n%d", i+1)))
		if i > 0 {
			b.Under(v1alpha1.Name(fmt.Sprintf("n%d", i-1)), v1alpha1.Name(fmt.Sprintf("p%d", i-1)))
		} else {
			top = b.Obj()
		}
		w.create(b.Obj())
	}
	w.run()
	before := w.everything()
	w.remove(top)
	w.run()
	if cmp.Equal(before["Partner/p6"], w.everything()["Partner/p6"]) {
		t.Error("the partner at the bottom still says that there are too many above it")
	}
	w.create(top)
	w.run()
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("statuses (-before +healed):\n%s", diff)
	}
}

// TestADistributorHearsOfThePlansOfItsResellers: of those that come, go, and move to another partner or period, and of resellers that come, go, and move to
// another distributor; of nothing else that is edited in them.
func TestADistributorHearsOfThePlansOfItsResellers(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	lyra := testobj.Partner("lyra").In("n0").Distributes("n1").Obj()
	child := testobj.Partner("acme").In("n1").Under("n0", "lyra").Obj()
	w.create(testobj.Program("northwind").Obj(), lyra, child, testobj.Partner("bolt").In("n1").Obj())
	w.run()
	plan := in("n1", aPlanOf("h1", "acme"))
	planned := func() string {
		w.run()
		if got := get(w, lyra).Status.Resellers; got != nil {
			return fmt.Sprintf("%d of %d, not %v", got.Planned, got.Count, got.Unplanned)
		}
		return "none"
	}
	plans := func(change func(*v1alpha1.JointPlan)) func() { return func() { edit(w, plan, change) } }
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"nothing", func() {}, "0 of 1, not [n1/acme]"},
		{"a plan", func() { w.create(plan) }, "1 of 1, not []"},
		{"another period", plans(func(p *v1alpha1.JointPlan) { p.Spec.Period.Part = v1alpha1.PartH2 }), "0 of 1, not [n1/acme]"},
		{"the period again", plans(func(p *v1alpha1.JointPlan) { p.Spec.Period.Part = v1alpha1.PartH1 }), "1 of 1, not []"},
		{"to another partner", plans(func(p *v1alpha1.JointPlan) { p.Spec.PartnerRef.Name = "bolt" }), "0 of 1, not [n1/acme]"},
		{"back", plans(func(p *v1alpha1.JointPlan) { p.Spec.PartnerRef.Name = "acme" }), "1 of 1, not []"},
		{"away from the distributor", func() { edit(w, child, func(p *v1alpha1.Partner) { p.Spec.ParentRef = nil }) }, "none"},
		{"under it again", func() {
			edit(w, child, func(p *v1alpha1.Partner) {
				p.Spec.ParentRef = &v1alpha1.PartnerReference{Namespace: "n0", Name: "lyra"}
			})
		}, "1 of 1, not []"},
		{"another program", func() { edit(w, child, func(p *v1alpha1.Partner) { p.Spec.ProgramRef.Name = "southwind" }) }, "none"},
		{"the program again", func() { edit(w, child, func(p *v1alpha1.Partner) { p.Spec.ProgramRef.Name = "northwind" }) }, "1 of 1, not []"},
		{"the plan goes", func() { w.remove(plan) }, "0 of 1, not [n1/acme]"},
		{"the reseller goes", func() { w.remove(child) }, "none"},
	} {
		step.do()
		if got := planned(); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	updated := plan.DeepCopy()
	updated.Spec.Vision, updated.Generation = "another", 9
	w.create(child)
	if _, woken := w.concerned(plan, updated)["partner n0/lyra"]; woken {
		t.Error("a new text of a reseller's plan wakes its distributor")
	}
}

// TestADistributorHearsOfItsResellersResults: where a metric holds them, and of those of resellers two levels below too; all that is judged by the
// distributor's tier with it.
func TestADistributorHearsOfItsResellersResults(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	program := testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Metrics[0].SourceOfRecord, spec.Metrics[0].ReportingLagDays = "", nil
		spec.RuleSets[0].Tiers[0].Requirements = []v1alpha1.Requirement{{Metric: "new-revenue", AtLeast: "100"}}
	}).Obj()
	lyra := testobj.Partner("lyra").In("n0").Distributes("n1").Obj()
	middle := testobj.Partner("middle").In("n1").Under("n0", "lyra").Distributes("n2").Obj()
	child := testobj.Partner("acme").In("n2").Under("n1", "middle").Obj()
	set := testobj.Measurements("sales", v1alpha1.SubjectPartner, "acme").Entry("new-revenue", "2026-07-31", "70").Obj()
	own := testobj.Measurements("sales", v1alpha1.SubjectPartner, "lyra").Entry("new-revenue", "2026-07-31", "20").Obj()
	set.Namespace, own.Namespace = "n2", "n0"
	plan := in("n0", aPlanOf("h1", "lyra"))
	w.create(program, lyra, middle, child, own, plan)
	w.run()
	found := func() string {
		w.run()
		return string(get(w, lyra).Status.Criteria[0].Found)
	}
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"each for itself", func() { w.create(set) }, "20"},
		{"included", func() {
			edit(w, program, func(p *v1alpha1.PartnerProgram) { p.Spec.Metrics[0].ResellerResults = v1alpha1.ResellerResultsIncluded })
		}, "90"},
		{"a result more", func() {
			edit(w, set, func(m *v1alpha1.MeasurementSet) {
				m.Spec.Entries = append(m.Spec.Entries, v1alpha1.Measurement{Metric: "new-revenue", Day: "2026-08-01", Value: "5"})
			})
		}, "95"},
		{"between them no longer a distributor", func() { edit(w, middle, func(p *v1alpha1.Partner) { p.Spec.ChildNamespaces = nil }) }, "20"},
		{"one again", func() {
			edit(w, middle, func(p *v1alpha1.Partner) { p.Spec.ChildNamespaces = []v1alpha1.Name{"n2"} })
		}, "95"},
		{"the results go", func() { w.remove(set) }, "20"},
		{"and come again", func() { w.create(set) }, "90"},
		{"the reseller goes", func() { w.remove(child) }, "20"},
	} {
		step.do()
		if got := found(); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	w.create(child)
	w.run()
	updated := get(w, set).DeepCopy()
	updated.Generation = 9
	concerned := w.concerned(set, updated)
	for _, one := range []string{"partner n0/lyra", "partner n1/middle", "jointplan n0/h1"} {
		if _, woken := concerned[one]; !woken {
			t.Errorf("a result of a reseller does not wake %s: %v", one, concerned)
		}
	}
}

// TestADistributorIsSuggestedOnceItIsThere: a partner that misspells its distributor is not a descendant of it.
func TestADistributorIsSuggestedOnceItIsThere(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	child := testobj.Partner("acme").Under("", "distributer").Obj()
	w.create(testobj.Program("northwind").Obj(), child)
	w.run()
	w.create(testobj.Partner("distributor").Distributes().Obj())
	w.run()
	if got := w.condition(child, v1alpha1.ConditionReady); !strings.Contains(got, `did you mean "distributor"?`) {
		t.Errorf("Ready is %q, want the distributor to be suggested", got)
	}
}

// TestAProgramIsSuggestedOnceItMayBeUsed: a partner that misspells its program is none of its partners.
func TestAProgramIsSuggestedOnceItMayBeUsed(t *testing.T) {
	s := newScene()
	s.forLabels()
	s.namespace.Labels = nil
	s.partner.Spec.ProgramRef.Name = "northwing"
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	edit(w, s.program, func(p *v1alpha1.PartnerProgram) { p.Spec.AllowedNamespaces = nil })
	w.run()
	if got := w.condition(s.partner, v1alpha1.ConditionReady); !strings.Contains(got, `did you mean "northwind"?`) {
		t.Errorf("Ready is %q, want the program to be suggested", got)
	}
}

// TestANameThatComesOrGoesIsSuggestedOrNoMore: who misspells a name belongs to nothing, and what comes and goes belongs to another partner.
func TestANameThatComesOrGoesIsSuggestedOrNoMore(t *testing.T) {
	other := func() []client.Object {
		return []client.Object{
			testobj.Program("northwind").Obj(), testobj.Budget("fy27").Obj(), testobj.Partner("acme").Obj(), aPlanOf("acme-h1", "acme"),
			testobj.Campaign("fair", "acme-h1"), testobj.Allocation("request").On("acme-h1", "fy27").Obj(), testobj.Claim("claim", "request").Obj(),
		}
	}
	for name, tc := range map[string]struct {
		misspells kinds.Evaluated
		misspelt  client.Object
	}{
		"a plan its partner":         {aPlanOf("x", "acm"), testobj.Partner("acme").Obj()},
		"a campaign its plan":        {testobj.Campaign("x", "acme-h"), aPlanOf("acme-h1", "acme")},
		"results their partner":      {testobj.Measurements("x", v1alpha1.SubjectPartner, "acm").Obj(), testobj.Partner("acme").Obj()},
		"results their plan":         {testobj.Measurements("x", v1alpha1.SubjectJointPlan, "acme-h").Obj(), aPlanOf("acme-h1", "acme")},
		"results their campaign":     {testobj.Measurements("x", v1alpha1.SubjectCampaign, "fai").Obj(), testobj.Campaign("fair", "acme-h1")},
		"a decision its plan":        {aDecision("x", "acme-h"), aPlanOf("acme-h1", "acme")},
		"a decision its request":     {aMoneyDecision("x", kinds.MDFAllocation, "reques"), testobj.Allocation("request").On("acme-h1", "fy27").Obj()},
		"a decision its claim":       {aMoneyDecision("x", kinds.MDFClaim, "clai"), testobj.Claim("claim", "request").Obj()},
		"a request its plan":         {testobj.Allocation("x").On("acme-h", "fy27").Obj(), aPlanOf("acme-h1", "acme")},
		"a request its budget":       {testobj.Allocation("x").On("acme-h1", "fy2").Obj(), testobj.Budget("fy27").Obj()},
		"a claim its request":        {testobj.Claim("x", "reques").Obj(), testobj.Allocation("request").On("acme-h1", "fy27").Obj()},
		"a partner its program":      {testobj.Partner("x").With(func(s *v1alpha1.PartnerSpec) { s.ProgramRef.Name = "northwin" }).Obj(), testobj.Program("northwind").Obj()},
		"a partner the one above it": {testobj.Partner("x").Under("", "acm").Obj(), testobj.Partner("acme").Distributes().Obj()},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "2026-08-05T10:00:00+02:00")
			for _, object := range other() {
				if nameOf(object) != nameOf(tc.misspelt) {
					w.create(object)
				}
			}
			w.create(tc.misspells)
			w.run()
			suggestion := fmt.Sprintf("did you mean %q?", tc.misspelt.GetName())
			for _, step := range []struct {
				do   func()
				want bool
			}{{func() {}, false}, {func() { w.create(tc.misspelt) }, true}, {func() { w.remove(tc.misspelt) }, false}} {
				step.do()
				w.run()
				if got := w.condition(tc.misspells, v1alpha1.ConditionReady); strings.Contains(got, suggestion) != step.want {
					t.Errorf("Ready is %q; %s is suggested: want %t", got, tc.misspelt.GetName(), step.want)
				}
			}
		})
	}
}

// TestARequestThatIsGoneConcernsAllOnItsBudgetWhileTheLedgerHoldsSomethingForIt: nobody can tell any more for whom the money is.
func TestARequestThatIsGoneConcernsAllOnItsBudgetWhileTheLedgerHoldsSomethingForIt(t *testing.T) {
	const ns = testobj.Namespace
	request, itsPlan := testobj.Allocation("request").On("acme-h1", "fy27").Obj(), aPlanOf("acme-h1", "acme")
	for name, tc := range map[string]struct {
		ledger *v1alpha1.MDFLedger
		gone   client.Object
		want   bool
	}{
		"a request that holds money":     {testobj.Ledger("fy27").Reserved(ns+"/request/1", 500).Obj(), request, true},
		"a request that was paid":        {testobj.Ledger("fy27").Settled(ns+"/request/1/claim", 500).Obj(), request, true},
		"its plan":                       {testobj.Ledger("fy27").Reserved(ns+"/request/1", 500).Obj(), itsPlan, true},
		"a request that holds nothing":   {testobj.Ledger("fy27").Reserved(ns+"/bolt-request/1", 500).Obj(), request, false},
		"a request of a longer name":     {testobj.Ledger("fy27").Reserved(ns+"/request-2/1", 500).Obj(), request, false},
		"a request on another budget":    {testobj.Ledger("fy28").Reserved(ns+"/request/1", 500).Obj(), request, false},
		"a plan whose requests get none": {testobj.Ledger("fy27").Obj(), itsPlan, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "2026-08-05T10:00:00+02:00")
			w.create(neighbours()...)
			w.create(tc.ledger)
			for _, c := range w.controllers {
				c.queue.Added = nil
			}
			w.remove(tc.gone)
			for kind, name := range map[string]string{"mdfallocation": "bolt-request", "jointplan": "bolt-h1"} {
				woken := slices.ContainsFunc(w.controllers, func(c *running) bool {
					return c.name == kind && slices.Contains(c.queue.Requests(), ns+"/"+name)
				})
				if woken != tc.want {
					t.Errorf("%s %s of another partner on the budget is evaluated: %t, want %t", kind, name, woken, tc.want)
				}
			}
		})
	}
}

// TestTheProgramOfABudgetConcernsTheRequestsOnIt: a request counts by the calendar of its budget's program when its plan has none, as when the
// partner was deleted.
func TestTheProgramOfABudgetConcernsTheRequestsOnIt(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	w.create(testobj.Budget("side").With(func(s *v1alpha1.MDFBudgetSpec) { s.ProgramRef.Name = "southwind" }).Obj(),
		testobj.Allocation("orphan").In("partner-dyn").On("dyn-h1", "side").Obj(), in("partner-dyn", testobj.Claim("orphan-claim", "orphan").Obj()),
		in("partner-dyn", aMoneyDecision("on-orphan", kinds.MDFAllocation, "orphan")))
	edited := testobj.Program("southwind").Obj()
	edited.Generation = 2
	want := named(queue.FanOut, "partner partner-cog/cog", "jointplan partner-cog/acme-h1", "campaign partner-cog/fair", "mdfbudget /fy27", "mdfbudget /side",
		"mdfallocation partner-dyn/orphan", "mdfclaim partner-dyn/orphan-claim", "approvaldecision partner-dyn/on-orphan", "channelstrategy /southwind")
	if diff := cmp.Diff(want, w.concerned(testobj.Program("southwind").Obj(), edited)); diff != "" {
		t.Errorf("concerned (-want +got):\n%s", diff)
	}
}

func TestProgramOf(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	r := &relations{gatherer: gather.New(gather.Through(w.people))}
	for name, tc := range map[string]struct {
		object client.Object
		want   string
	}{
		"a partner":                   {testobj.Partner("acme").Obj(), "/northwind"},
		"a plan":                      {aPlanOf("x", "acme"), "/northwind"},
		"a plan of another namespace": {in("partner-cog", aPlanOf("x", "cog")), "/southwind"},
		"a plan of a missing partner": {aPlanOf("x", "cog"), ""},
		"something else":              {testobj.Campaign("fair", "acme-h1"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, request := range r.programOf(t.Context(), tc.object, false) {
				got = append(got, request.String())
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("programOf() = %v, want %q", got, tc.want)
			}
		})
	}
}

func TestACacheThatCannotBeReadConcernsNothing(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	broken := interceptor.NewClient(w.people, interceptor.Funcs{
		Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
			return errors.New("stopping")
		},
		List: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) error {
			return errors.New("stopping")
		},
	})
	r := &relations{gatherer: gather.New(gather.Through(broken))}
	partner, plan := testobj.Partner("acme").Obj(), aPlanOf("acme-h1", "acme")
	for name, got := range map[string][]string{
		"a namespace":       woken(t, r.ofNamespace(kinds.Partner), &corev1.Namespace{}),
		"a partner":         woken(t, r.ofPartner(kinds.JointPlan, nil), partner),
		"a program":         woken(t, r.ofProgram(kinds.MDFAllocation), testobj.Program("northwind").Obj()),
		"a plan":            woken(t, queue.Mapping(r.programOf), plan),
		"a plan's budgets":  woken(t, r.budgetsOfPartner(), plan),
		"a request":         woken(t, queue.Mapping(r.besides), testobj.Allocation("request").On("acme-h1", "fy27").Obj()),
		"a request's plans": woken(t, r.partnersBesides(kinds.JointPlan), testobj.Allocation("request").On("acme-h1", "fy27").Obj()),
		"a budget":          woken(t, queue.Mapping(r.requestsOnBudget), testobj.Budget("fy27").Obj()),
		"a budget's claims": woken(t, r.partnersOnBudget(kinds.MDFClaim, nil), testobj.Budget("fy27").Obj()),
		"an invoice":        woken(t, r.sameInvoice(kinds.MDFClaim), testobj.Claim("c", "gone").Cost("1", "1.00").Obj()),
	} {
		if len(got) != 0 {
			t.Errorf("%s concerns %v", name, got)
		}
	}
}

func TestPolicyWatchesConcernAllObjectsOfTheKind(t *testing.T) {
	t.Parallel()
	budgets := storetest.Builder().WithObjects(
		&v1alpha1.MDFBudget{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, &v1alpha1.MDFBudget{ObjectMeta: metav1.ObjectMeta{Name: "b"}}).Build()
	w := &wiring{relations: &relations{gatherer: gather.New(gather.Through(budgets))}}
	ours := &admissionv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: gate.Prefix + "requests"}}
	bound := &admissionv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: gate.Prefix + "requests"}}
	bound.Spec.PolicyName = gate.Prefix + "requests"
	watches := w.policyWatches(kinds.MDFBudget)
	if len(watches) != 2 {
		t.Fatalf("%d watches, want one of policies and one of bindings", len(watches))
	}
	theirs := &admissionv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "theirs"}}
	binding := &admissionv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: "other"}}
	binding.Spec.PolicyName = "jointplan-ledgers"
	for object, want := range map[client.Object]int{
		ours: 2, bound: 2, binding: 2, theirs: 0,
		&admissionv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: "jointplan-ledgers"}}: 0,
	} {
		for _, watched := range watches {
			if got := len(woken(t, watched.concerns, object)); got != want {
				t.Errorf("an event of %T %s concerns %d budgets, want %d", object, object.GetName(), got, want)
			}
		}
	}
}
