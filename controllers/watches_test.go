package controllers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/queue/queuetest"
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

func aRevision(name string, plan v1alpha1.Name) *v1alpha1.PlanRevision {
	return &v1alpha1.PlanRevision{
		ObjectMeta: metav1.ObjectMeta{Namespace: testobj.Namespace, Name: name, Generation: 1},
		Spec:       v1alpha1.PlanRevisionSpec{PlanRef: v1alpha1.Reference{Name: plan}},
	}
}

func aDecision(name, plan string) *v1alpha1.ApprovalDecision {
	return testobj.Decision(name, plan, "v1:0", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z")
}

// neighbours are two partners of one program in one namespace, the first with two plans; and a third of another program in another namespace.
func neighbours() []client.Object {
	return []client.Object{
		testobj.Program("northwind").Obj(), testobj.Program("southwind").Obj(),
		testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(),
		aPlanOf("acme-h1", "acme"), aPlanOf("acme-h2", "acme"), aPlanOf("bolt-h1", "bolt"),
		testobj.Campaign("fair", "acme-h1"), testobj.Campaign("mailing", "acme-h2"),
		testobj.Measurements("of-acme", v1alpha1.SubjectPartner, "acme").Obj(),
		testobj.Measurements("of-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(),
		testobj.Measurements("also-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(),
		testobj.Measurements("of-fair", v1alpha1.SubjectCampaign, "fair").Obj(),
		aDecision("on-h1", "acme-h1"), aDecision("on-h2", "acme-h2"), aRevision("h1-a", "acme-h1"), aRevision("h1-b", "acme-h1"), aRevision("h2-a", "acme-h2"),
		testobj.Partner("cog").In("partner-cog").With(func(s *v1alpha1.PartnerSpec) { s.ProgramRef.Name = "southwind" }).Obj(),
		in("partner-cog", aPlanOf("acme-h1", "cog")), in("partner-cog", testobj.Campaign("fair", "acme-h1")),
	}
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
			if x.priority != 0 {
				concerned[c.name+" "+x.request.String()] = x.priority
			}
		}
	}
	return concerned
}

func TestWhatAnEditConcerns(t *testing.T) {
	const ns = testobj.Namespace
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	everythingOf := func(priority int, names ...string) map[string]int {
		want := map[string]int{}
		for _, name := range names {
			want[name] = priority
		}
		return want
	}
	inNorthwind := []string{
		"partner " + ns + "/acme", "partner " + ns + "/bolt", "jointplan " + ns + "/acme-h1", "jointplan " + ns + "/acme-h2", "jointplan " + ns + "/bolt-h1",
		"campaign " + ns + "/fair", "campaign " + ns + "/mailing", "measurementset " + ns + "/of-acme", "measurementset " + ns + "/of-h1",
		"measurementset " + ns + "/also-h1", "measurementset " + ns + "/of-fair", "approvaldecision " + ns + "/on-h1", "approvaldecision " + ns + "/on-h2",
		"planrevision " + ns + "/h1-a", "planrevision " + ns + "/h1-b", "planrevision " + ns + "/h2-a",
	}
	inSouthwind := []string{"partner partner-cog/cog", "jointplan partner-cog/acme-h1", "campaign partner-cog/fair"}
	for name, tc := range map[string]struct {
		object client.Object
		change func(client.Object)
		want   map[string]int
	}{
		"a program: all in the namespaces of its partners": {
			testobj.Program("northwind").Obj(), nil, everythingOf(queue.FanOut, inNorthwind...),
		},
		"the access to a program: all that might name it": {
			testobj.Program("northwind").Obj(),
			func(o client.Object) {
				o.(*v1alpha1.PartnerProgram).Spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromAll}
			},
			everythingOf(queue.FanOut, append(slices.Clone(inNorthwind), inSouthwind...)...),
		},
		"a program without partners": {testobj.Program("westwind").Obj(), nil, everythingOf(0)},
		"a partner: all in its namespace, and its program": {
			testobj.Partner("acme").Obj(), nil,
			everythingOf(queue.Child, append(slices.Clone(inNorthwind[1:]), "partnerprogram /northwind")...),
		},
		"a plan: its partners, its siblings, what names it, and its program": {
			aPlanOf("acme-h1", "acme"), nil,
			everythingOf(queue.Child, "partner "+ns+"/acme", "partner "+ns+"/bolt", "jointplan "+ns+"/acme-h2", "jointplan "+ns+"/bolt-h1",
				"campaign "+ns+"/fair", "measurementset "+ns+"/of-acme", "measurementset "+ns+"/of-h1", "measurementset "+ns+"/also-h1",
				"measurementset "+ns+"/of-fair", "approvaldecision "+ns+"/on-h1", "planrevision "+ns+"/h1-a", "planrevision "+ns+"/h1-b",
				"partnerprogram /northwind"),
		},
		"a campaign: its plan, the partners, and its results": {
			testobj.Campaign("fair", "acme-h1"), nil,
			everythingOf(queue.Child, "partner "+ns+"/acme", "partner "+ns+"/bolt", "jointplan "+ns+"/acme-h1", "measurementset "+ns+"/of-fair"),
		},
		"results of a plan: all plans and partners, and other results of it": {
			testobj.Measurements("of-h1", v1alpha1.SubjectJointPlan, "acme-h1").Obj(), nil,
			everythingOf(queue.Child, "partner "+ns+"/acme", "partner "+ns+"/bolt", "jointplan "+ns+"/acme-h1", "jointplan "+ns+"/acme-h2",
				"jointplan "+ns+"/bolt-h1", "measurementset "+ns+"/also-h1", "measurementset "+ns+"/of-h1"),
		},
		"results of a campaign: the campaign too": {
			testobj.Measurements("of-fair", v1alpha1.SubjectCampaign, "fair").Obj(), nil,
			everythingOf(queue.Child, "partner "+ns+"/acme", "partner "+ns+"/bolt", "jointplan "+ns+"/acme-h1", "jointplan "+ns+"/acme-h2",
				"jointplan "+ns+"/bolt-h1", "campaign "+ns+"/fair", "measurementset "+ns+"/of-fair"),
		},
		"a decision: its plan and what the plan's approval decides": {
			aDecision("on-h1", "acme-h1"), nil,
			everythingOf(queue.Child, "partner "+ns+"/acme", "partner "+ns+"/bolt", "jointplan "+ns+"/acme-h1", "campaign "+ns+"/fair",
				"approvaldecision "+ns+"/on-h1", "planrevision "+ns+"/h1-a", "planrevision "+ns+"/h1-b"),
		},
		"a revision: the same": {
			aRevision("h1-a", "acme-h1"), nil,
			everythingOf(queue.Child, "partner "+ns+"/acme", "partner "+ns+"/bolt", "jointplan "+ns+"/acme-h1", "campaign "+ns+"/fair",
				"approvaldecision "+ns+"/on-h1", "planrevision "+ns+"/h1-a", "planrevision "+ns+"/h1-b"),
		},
		"the labels of a namespace: all in it": {
			&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "partner-cog"}},
			func(o client.Object) { o.SetLabels(map[string]string{"program": "southwind"}) },
			everythingOf(queue.FanOut, inSouthwind...),
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

func TestAChangeOfStatusConcernsTheRollUpAlone(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	for _, object := range neighbours() {
		updated := object.DeepCopyObject().(client.Object)
		updated.SetResourceVersion("2")
		want := map[string]int{}
		switch object.(type) {
		case *v1alpha1.Partner, *v1alpha1.JointPlan:
			name := map[string]string{testobj.Namespace: "northwind", "partner-cog": "southwind"}[object.GetNamespace()]
			want["partnerprogram /"+name] = queue.Child
		}
		if diff := cmp.Diff(want, w.concerned(object, updated)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", nameOf(object), diff)
		}
	}
}

func TestWhatCameOrWentConcernsAllThatMayHaveLackedIt(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	for _, object := range []client.Object{
		testobj.Program("eastwind").Obj(), aPlanOf("new", "acme"), testobj.Campaign("new", "no-plan"), aDecision("new", "no-plan"),
		testobj.Measurements("new", v1alpha1.SubjectCampaign, "no-campaign").Obj(), aRevision("new", "no-plan"),
	} {
		for _, c := range w.controllers {
			for _, q := range c.watches {
				if fmt.Sprintf("%T", q.kind) != fmt.Sprintf("%T", object) || c.name == "partnerprogram" {
					continue
				}
				queue := &queuetest.Queue{}
				queue.Enqueue(q.concerns, appears, q.priority, nil).Create(t.Context(), event.CreateEvent{Object: object}, queue)
				var want []string
				for _, candidate := range w.all(c.own) {
					if object.GetNamespace() == "" || candidate.GetNamespace() == object.GetNamespace() {
						want = append(want, requestFor(candidate).String())
					}
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, queue.requests()); diff != "" {
					t.Errorf("%s for the controller %s (-want +got):\n%s", nameOf(object), c.name, diff)
				}
			}
		}
	}
}

func TestAPartnerConcernsThoseBelowItAsFarAsAnAncestryLooks(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(testobj.Partner("p0").In("n0").Distributes().Obj())
	for i := 1; i <= 8; i++ {
		w.create(testobj.Partner(fmt.Sprintf("p%d", i)).In(fmt.Sprintf("n%d", i)).Distributes().
			Under(v1alpha1.Name(fmt.Sprintf("n%d", i-1)), v1alpha1.Name(fmt.Sprintf("p%d", i-1))).Obj())
	}
	w.create(testobj.Partner("beside").In("n0").Obj(), testobj.Partner("p0").In("n9").Obj(), testobj.Partner("q").In("n9").Under("", "p0").Obj())
	r := &relations{reader: w.people}
	for of, want := range map[string]string{
		"n0/p0": "n0/beside n1/p1 n2/p2 n3/p3 n4/p4 n5/p5 n6/p6",
		"n6/p6": "n7/p7 n8/p8",
		"n8/p8": "",
		"n9/p0": "n9/q",
	} {
		namespace, name, _ := strings.Cut(of, "/")
		q := &queuetest.Queue{}
		queue.Enqueue(r.family, appears, 0, nil).Delete(t.Context(), event.DeleteEvent{Object: testobj.Partner(name).In(namespace).Obj()}, q)
		if diff := cmp.Diff(want, strings.Join(q.requests(), " ")); diff != "" {
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

// TestADistributorIsSuggestedOnceItIsThere: a partner that misspells its distributor is no descendant of it.
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

func TestProgramOf(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(neighbours()...)
	r := &relations{reader: w.people}
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
	broken := interceptor.NewClient(w.people, interceptor.Funcs{
		List: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) error {
			return errors.New("stopping")
		},
	})
	r := &relations{reader: broken}
	if got := r.ofNamespace(&v1alpha1.PartnerList{})(t.Context(), &corev1.Namespace{}, true); len(got) != 0 {
		t.Errorf("concerned: %v", got)
	}
}

func TestIndexes(t *testing.T) {
	under := func(namespace, name v1alpha1.Name) client.Object {
		return testobj.Partner("acme").In("n").Under(namespace, name).Obj()
	}
	for name, tc := range map[string]struct {
		of     client.IndexerFunc
		object client.Object
		want   []string
	}{
		indexProgram + " of a partner":                   {programOfPartner, testobj.Partner("acme").Obj(), []string{"northwind"}},
		indexProgram + " of something else":              {programOfPartner, aPlanOf("x", "acme"), nil},
		indexPartner + " of a plan":                      {partnerOfPlan, aPlanOf("x", "acme"), []string{"acme"}},
		indexPartner + " of something else":              {partnerOfPlan, testobj.Partner("acme").Obj(), nil},
		indexParent + " of a partner without one":        {parentOfPartner, testobj.Partner("acme").Obj(), nil},
		indexParent + " of a partner with one beside it": {parentOfPartner, under("", "top"), []string{"n/top"}},
		indexParent + " of a partner with one elsewhere": {parentOfPartner, under("m", "top"), []string{"m/top"}},
		indexParent + " of something else":               {parentOfPartner, aPlanOf("x", "acme"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.of(tc.object)); diff != "" {
				t.Errorf("index (-want +got):\n%s", diff)
			}
		})
	}
}

// failingIndexer refuses the index of one field.
type failingIndexer string

func (f failingIndexer) IndexField(_ context.Context, _ client.Object, field string, _ client.IndexerFunc) error {
	if field == string(f) {
		return errors.New("no")
	}
	return nil
}

func TestAnIndexThatCannotBeAddedIsNamed(t *testing.T) {
	for _, field := range []string{indexProgram, indexParent, indexPartner} {
		if err := gather.AddIndexes(t.Context(), failingIndexer(field)); err == nil || !strings.Contains(err.Error(), " by "+field+": no") {
			t.Errorf("error %v, want one that names %s", err, field)
		}
	}
}
