package controllers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/testobj"
)

// rollUp reconciles the scene's program and returns for how long it waits, zero if it wrote its status.
func (w *world) rollUp(s *scene) time.Duration {
	w.Helper()
	w.written()
	result, err := w.reconcileOne(s.program)
	if err != nil {
		w.Fatal(err)
	}
	catalog := func(write string) bool { return strings.HasPrefix(write, "create ProgramCatalog/") } // it waits for nothing
	switch wrote := len(slices.DeleteFunc(w.written(), catalog)) > 0; {
	case wrote:
		return 0
	case result.Priority == nil || *result.Priority != queue.Deadline:
		w.Errorf("the roll-up waits at priority %v, want that of a deadline", result.Priority)
	}
	return result.RequeueAfter
}

func TestTheFirstRollUpWaitsForPartnersAndPlans(t *testing.T) {
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(s.all()...)
	start := w.clock.Now()
	if got := w.rollUp(s); got != maxDeferral {
		t.Errorf("waits %s, want %s", got, maxDeferral)
	}
	if _, err := w.reconcileOne(s.partner); err != nil {
		t.Fatal(err)
	}
	w.clock.SetTime(start.Add(10 * time.Second))
	if got := w.rollUp(s); got != 20*time.Second {
		t.Errorf("waits %s more for the plan, want 20 s", got)
	}
	if _, err := w.reconcileOne(s.plan); err != nil {
		t.Fatal(err)
	}
	if got := w.rollUp(s); got != 0 {
		t.Errorf("waits %s, want none: all is evaluated", got)
	}
	if got := get(w, s.program).Status; *got.Partners != 1 || *got.Plans != 1 || got.Verdicts.OnTrack != 1 {
		t.Errorf("%d partners, %d plans, verdicts %+v; want 1, 1 and one on track", *got.Partners, *got.Plans, got.Verdicts)
	}
}

func TestTheFirstRollUpWaitsThirtySecondsAtMost(t *testing.T) {
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(s.all()...)
	start := w.clock.Now()
	for _, step := range []struct{ at, want time.Duration }{
		{0, maxDeferral}, {maxDeferral - 1, 1}, {maxDeferral, 0},
	} {
		w.clock.SetTime(start.Add(step.at))
		if got := w.rollUp(s); got != step.want {
			t.Errorf("after %s: waits %s, want %s", step.at, got, step.want)
		}
	}
	if got := get(w, s.program).Status; *got.Plans != 1 || got.Verdicts.Unknown != 1 {
		t.Errorf("%d plans, verdicts %+v; want one that is not known yet", *got.Plans, got.Verdicts)
	}
	w.run()
	if got := get(w, s.program).Status.Verdicts; got.OnTrack != 1 {
		t.Errorf("verdicts %+v once the plan is evaluated, want one on track", got)
	}
}

func TestALaterRollUpWaitsButNotForAnEditOfTheProgram(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	edit(w, s.plan, func(p *v1alpha1.JointPlan) { p.Spec.Vision = "schools first" })
	if got := w.rollUp(s); got != maxDeferral {
		t.Errorf("waits %s for the plan that was edited, want %s", got, maxDeferral)
	}
	edit(w, s.program, func(p *v1alpha1.PartnerProgram) { p.Spec.Initiatives = p.Spec.Initiatives[:1] })
	if got := w.rollUp(s); got != 0 {
		t.Errorf("the program's own edit waits %s, want none", got)
	}
	if got := get(w, s.program).Status.ObservedGeneration; got != 2 {
		t.Errorf("observedGeneration = %d, want 2", got)
	}
}

func TestAProgramThatCameAgainWaitsAnew(t *testing.T) {
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(s.all()...)
	w.rollUp(s)
	w.remove(s.program)
	if result, err := w.reconcileOne(s.program); err != nil || result != (ctrl.Result{}) {
		t.Errorf("a program that is gone: %+v, %v; want nothing", result, err)
	}
	w.clock.SetTime(w.clock.Now().Add(time.Minute))
	w.create(s.program)
	if got := w.rollUp(s); got != maxDeferral {
		t.Errorf("waits %s, want %s", got, maxDeferral)
	}
}

func TestTheRollUpCountsOnlyNamespacesThatMayUseTheProgram(t *testing.T) {
	s := newScene()
	s.forLabels()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	for name, labels := range map[string]map[string]string{
		"partner-bolt": {"program": "northwind"}, "partner-cog": {"program": "southwind"}, "partner-dyn": nil,
	} {
		partner := testobj.Partner("p").In(name).Obj()
		plan := testobj.Plan("h1").Obj()
		plan.Namespace, plan.Spec.PartnerRef.Name = name, "p"
		w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}, partner, plan)
	}
	w.create(testobj.Partner("nowhere").In("no-such-namespace").Obj())
	w.run()
	got := get(w, s.program).Status
	if diff := cmp.Diff("2 partners, 2 plans", fmt.Sprintf("%d partners, %d plans", *got.Partners, *got.Plans)); diff != "" {
		t.Errorf("roll-up (-want +got):\n%s", diff)
	}
}

// TestAStormOfPlansIsWaitedFor counts the writes of a program while its plans come one after the other.
func TestAStormOfPlansIsWaitedFor(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	for i := range 20 {
		w.create(testobj.Plan(fmt.Sprintf("plan-%02d", i)).Obj())
	}
	w.run()
	programs := 0
	for _, write := range w.written() {
		if write == "patch PartnerProgram/northwind/status" {
			programs++
		}
	}
	if programs != 1 {
		t.Errorf("the program was written %d times, want once", programs)
	}
}

func TestTheLastPartnerOrPlanThatIsEvaluatedEndsTheWaitAtOnce(t *testing.T) {
	one, two := testobj.Plan("h1").Obj(), testobj.Plan("h2").Obj()
	one.UID, two.UID = "one", "two"
	r := &PartnerProgramReconciler{deferred: map[string]*deferral{
		"northwind": {awaiting: map[types.UID]bool{"one": true, "two": true}}, "eastwind": {awaiting: map[types.UID]bool{"two": true, "three": true}},
	}}
	complete := func(p *v1alpha1.JointPlan, observed int64) (names []string) {
		p.Status.ObservedGeneration = observed
		for _, request := range r.complete(t.Context(), p, false) {
			names = append(names, request.Name)
		}
		return names
	}
	for i, step := range []struct {
		plan     *v1alpha1.JointPlan
		observed int64
		want     []string
	}{
		{one, -1, nil}, // not evaluated
		{one, 1, nil},  // two is still awaited
		{one, 1, nil},
		{two, 0, nil}, // evaluated, but not as it is
		{two, 1, []string{"northwind"}},
		{two, 1, nil}, // has ended already
	} {
		if diff := cmp.Diff(step.want, complete(step.plan, step.observed)); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
}

// TestTheCatalogOfAProgram: it has the program's spec but for the namespaces, follows edits, takes back those of others, and is written no more at rest.
func TestTheCatalogOfAProgram(t *testing.T) {
	s := newScene()
	s.program.Spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromAll}
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	catalog := &v1alpha1.ProgramCatalog{ObjectMeta: metav1.ObjectMeta{Name: s.program.Name}}
	check := func(when string) {
		t.Helper()
		want := get(w, s.program).Spec.DeepCopy()
		want.AllowedNamespaces = nil
		if diff := cmp.Diff(*want, get(w, catalog).Spec); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	check("at first")
	if got := get(w, catalog).OwnerReferences; len(got) != 1 || got[0].UID != get(w, s.program).UID || got[0].Kind != "PartnerProgram" || got[0].BlockOwnerDeletion != nil {
		t.Errorf("owners %v, want the program alone, which it does not hold up", got)
	}
	edit(w, s.program, func(p *v1alpha1.PartnerProgram) { p.Spec.Activities[0].ReimbursementPercent = "33" })
	w.run()
	check("after an edit of the program")
	edit(w, get(w, catalog), func(c *v1alpha1.ProgramCatalog) { c.Spec.Currency = "USD" })
	w.run()
	check("after an edit of the catalog")
	w.remove(get(w, catalog))
	w.run()
	check("after it was deleted")
	w.written()
	if _, err := w.reconcileOne(s.program); err != nil || len(w.written()) != 0 {
		t.Errorf("written at rest: %v, %v", w.written(), err)
	}
}

// TestABudgetConcernsThePartnersThatMayDrawOnIt: their statuses name it, and not what it holds.
func TestABudgetConcernsThePartnersThatMayDrawOnIt(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	budget := testobj.Budget("fy27").Obj()
	names := func() (list []string) {
		for _, x := range get(w, s.partner).Status.Budgets {
			list = append(list, string(x.Name)+" "+strings.Join(x.Limits, "; "))
		}
		return list
	}
	w.create(budget)
	w.run()
	if diff := cmp.Diff([]string{"fy27 "}, names()); diff != "" {
		t.Errorf("a budget came (-want +got):\n%s", diff)
	}
	edit(w, budget, func(b *v1alpha1.MDFBudget) {
		b.Spec.Limits = []v1alpha1.FundingLimit{{Name: "cap", Per: v1alpha1.LimitPerRequest, Amount: "100.00"}}
	})
	w.run()
	if diff := cmp.Diff([]string{"fy27 cap: at most EUR 100.00 per request"}, names()); diff != "" {
		t.Errorf("it has a limit (-want +got):\n%s", diff)
	}
	before := get(w, s.partner).ResourceVersion
	edit(w, budget, func(b *v1alpha1.MDFBudget) { b.Spec.Amount.Amount = "7.00" })
	w.run()
	if after := get(w, s.partner).ResourceVersion; after != before {
		t.Error("the partner's status was written again for an amount that it does not name")
	}
	w.remove(get(w, budget))
	w.run()
	if diff := cmp.Diff([]string(nil), names()); diff != "" {
		t.Errorf("it went (-want +got):\n%s", diff)
	}
}
