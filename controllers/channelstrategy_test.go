package controllers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/invariants"
)

// aStrategy is the strategy of a program, which keeps evidence about channel managers.
func aStrategy(program string) *v1alpha1.ChannelStrategy {
	x := &v1alpha1.ChannelStrategy{ObjectMeta: metav1.ObjectMeta{Name: program}}
	x.Spec.Reports = &v1alpha1.ReportPolicy{Every: []v1alpha1.ReportInterval{v1alpha1.ReportHalfYearly}}
	x.Spec.Managers = &v1alpha1.ManagerPolicy{}
	return x
}

// aManager is a channel manager of a program.
func aManager(name string, program v1alpha1.Name) *v1alpha1.ChannelManager {
	x := &v1alpha1.ChannelManager{ObjectMeta: metav1.ObjectMeta{Name: name}}
	x.Spec.ProgramRef.Name = program
	return x
}

// overseen are three partners with approved plans and one with a request and a claim, two programs with strategies, and the partners' channel managers.
func overseen() []client.Object {
	south := testobj.Program("southwind").Obj()
	south.Spec.Calendar.TimeZone = "America/New_York"
	objects := []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace, Labels: map[string]string{"may": "use"}}},
		testobj.Program("northwind").Obj(), south, aStrategy("northwind"), aStrategy("southwind"), aManager("cam-1", "northwind"), aManager("cam-2", "southwind"),
		testobj.Budget("fy27").With(func(s *v1alpha1.MDFBudgetSpec) { s.CostCentre = "CC-1" }).Obj(),
	}
	for _, name := range []string{"acme", "bolt", "cog"} {
		manager := v1alpha1.Name("cam-1")
		if name == "bolt" {
			manager = "cam-2"
		}
		objects = append(objects, testobj.Partner(name).Tier("gold", "2026-01-01").Agreement("2025-01-01", "").
			With(func(s *v1alpha1.PartnerSpec) { s.ManagerRef = &v1alpha1.ManagerReference{Name: manager} }).Obj())
		objects = append(objects, approvedPlan(name+"-h1", name)...)
	}
	objects = append(objects, approvedRequest("acme-fy27", "acme-h1", "fy27", "5000.00")...)
	return append(objects, testobj.Claim("acme-claim", "acme-fy27").Cost("1", "4000.00").Obj())
}

// aggregator is the one of a world.
func (w *world) aggregator() *ChannelStrategyReconciler {
	w.Helper()
	for _, c := range w.controllers {
		if r, ok := c.reconciler.(*ChannelStrategyReconciler); ok {
			return r
		}
	}
	w.Fatal("there is no aggregator")
	return nil
}

// whole are the statuses of the strategies, of the managers, and of the reports with their final figures.
func (w *world) whole() map[string]any {
	w.Helper()
	all := map[string]any{}
	for _, x := range w.all(&v1alpha1.ProgramReport{}) {
		report, _ := x.(*v1alpha1.ProgramReport)
		all[nameOf(x)], all[nameOf(x)+" for good"] = timeless(x), report.Spec.Final
		for _, violation := range invariants.Violations(x) {
			w.Errorf("%s: %s", nameOf(x), violation)
		}
	}
	for _, kind := range []client.Object{&v1alpha1.ChannelStrategy{}, &v1alpha1.ChannelManager{}} {
		for _, x := range w.all(kind) {
			all[nameOf(x)] = timeless(x)
		}
	}
	return all
}

// anew has a fresh aggregator add up everything, and writes what it says.
func (w *world) anew() {
	w.Helper()
	w.aggregator().wholes = map[string]*whole{}
	for _, c := range w.controllers {
		if _, ok := c.reconciler.(*ChannelStrategyReconciler); ok {
			for _, x := range w.all(c.own) {
				c.queue.AddWithOpts(priorityqueue.AddOpts{}, requestFor(x))
			}
		}
	}
	w.settle()
}

// TestSumsByDifferenceAreThoseOfAFreshAggregator has people do one thing after the other, partners, plans and programs come, go and move, and compares what
// the aggregator says after each with what a fresh one says.
func TestSumsByDifferenceAreThoseOfAFreshAggregator(t *testing.T) {
	seeds, steps := uint64(4), 25
	if testing.Short() {
		seeds = 1
	}
	seen := map[string]bool{}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 16))
		w, objects, gone := newWorld(t, "2026-08-05T10:00:00+02:00"), overseen(), map[int]bool{}
		w.create(objects...)
		w.settle()
		history := []string{}
		for range steps {
			history = append(history, w.disturb(random, objects, gone))
			w.settle()
			is := w.whole()
			w.anew()
			if diff := cmp.Diff(w.whole(), is); diff != "" {
				t.Fatalf("seed %d, after %v (-anew +by difference):\n%s", seed, history[max(0, len(history)-4):], diff)
			}
			for _, x := range w.all(&v1alpha1.ProgramReport{}) {
				report, _ := x.(*v1alpha1.ProgramReport)
				if f := report.Status.Figures; f != nil {
					seen[fmt.Sprint(report.Name, " of ", f.Partners, " partners")] = true
				}
			}
		}
	}
	for _, what := range []string{
		"northwind-fy2027-h1 of 2 partners", "northwind-fy2027-h1 of 3 partners",
		"southwind-fy2027-h1 of 0 partners", "southwind-fy2027-h1 of 1 partners",
	} {
		if !seen[what] && !testing.Short() {
			t.Errorf("never seen: %s", what)
		}
	}
}

// figuresOf are the number of partners and plans and the sum of all targets of a program's report of the first half.
func (w *world) figuresOf(program string) string {
	w.Helper()
	report := &v1alpha1.ProgramReport{ObjectMeta: metav1.ObjectMeta{Name: program + "-fy2027-h1"}}
	if w.people.Get(w.Context(), client.ObjectKeyFromObject(report), report) != nil || report.Status.Figures == nil {
		return "no report"
	}
	f, text := report.Status.Figures, ""
	for i := range f.Sums {
		if row := &f.Sums[i]; row.By == v1alpha1.GroupTotal && row.Metric == "new-revenue" {
			text = fmt.Sprintf(" aim at %s", row.Target)
		}
	}
	return fmt.Sprintf("%d partners, %d plans%s", f.Partners, f.Groups[0].Plans, text)
}

// TestWhoComesAndGoesInTheWhole follows partners from one program to another, out of it and away.
func TestWhoComesAndGoesInTheWhole(t *testing.T) {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace}}
	acme, strategy := testobj.Partner("acme").Obj(), aStrategy("northwind")
	const three, two = "3 partners, 3 plans aim at 1320000", "2 partners, 2 plans aim at 880000"
	for name, tc := range map[string]struct {
		do           func(*world)
		north, south string
		manager      string // the reason of Ready of cam-1, and its partners
	}{
		"nothing happens": {func(*world) {}, three, "0 partners, 0 plans", "Evaluated 2"},
		"a partner moves to another program": {func(w *world) {
			edit(w, acme, func(p *v1alpha1.Partner) { p.Spec.ProgramRef.Name = "southwind" })
		}, two, "1 partners, 1 plans aim at 440000", "Evaluated 1"},
		"a partner moves there and back": {func(w *world) {
			edit(w, acme, func(p *v1alpha1.Partner) { p.Spec.ProgramRef.Name = "southwind" })
			w.settle()
			edit(w, acme, func(p *v1alpha1.Partner) { p.Spec.ProgramRef.Name = "northwind" })
		}, three, "0 partners, 0 plans", "Evaluated 2"},
		"a plan moves to another partner": {func(w *world) {
			edit(w, testobj.Plan("acme-h1").Obj(), func(p *v1alpha1.JointPlan) { p.Spec.PartnerRef.Name = "bolt" })
		}, three, "0 partners, 0 plans", "Evaluated 2"},
		"a partner is deleted, and its plan later": {func(w *world) {
			w.remove(acme)
			w.settle()
			w.remove(testobj.Plan("acme-h1").Obj())
		}, two, "0 partners, 0 plans", "Evaluated 1"},
		"a partner is deleted after its plan": {func(w *world) {
			w.remove(testobj.Plan("acme-h1").Obj())
			w.remove(acme)
		}, two, "0 partners, 0 plans", "Evaluated 1"},
		"a partner is deleted and recorded again": {func(w *world) {
			w.remove(acme)
			w.settle()
			w.create(acme)
		}, three, "0 partners, 0 plans", "Evaluated 1"}, // recorded without a manager
		"the namespace may not use the program any more": {func(w *world) {
			edit(w, namespace, namespaceLabel(nil))
		}, "0 partners, 0 plans", "0 partners, 0 plans", "Evaluated 0"},
		"the namespace may use it again": {func(w *world) {
			edit(w, namespace, namespaceLabel(nil))
			w.settle()
			edit(w, namespace, namespaceLabel(map[string]string{"may": "use"}))
		}, three, "0 partners, 0 plans", "Evaluated 2"},
		"the strategy is deleted": {func(w *world) { w.remove(strategy) }, three, "0 partners, 0 plans", "ManagersOff none"},
		"the strategy is deleted, a partner leaves, and it is written again": {func(w *world) {
			w.remove(strategy)
			w.settle()
			w.remove(acme)
			w.settle()
			w.create(strategy)
		}, two, "0 partners, 0 plans", "Evaluated 1"},
		"the program keeps no evidence about managers any more": {func(w *world) {
			edit(w, strategy, func(s *v1alpha1.ChannelStrategy) { s.Spec.Managers = nil })
		}, three, "0 partners, 0 plans", "ManagersOff none"},
		"the program is deleted, and written again": {func(w *world) {
			program := get(w, testobj.Program("northwind").Obj())
			w.remove(program)
			w.settle()
			w.create(program)
		}, three, "0 partners, 0 plans", "Evaluated 2"},
		"the report is deleted": {func(w *world) {
			w.remove(&v1alpha1.ProgramReport{ObjectMeta: metav1.ObjectMeta{Name: "northwind-fy2027-h1"}})
		}, three, "0 partners, 0 plans", "Evaluated 2"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "2026-08-05T10:00:00+02:00")
			for _, x := range overseen() {
				if program, ok := x.(*v1alpha1.PartnerProgram); ok {
					program.Spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{
						From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"may": "use"}},
					}
				}
				w.create(x)
			}
			w.settle()
			tc.do(w)
			w.settle()
			if got := w.figuresOf("northwind"); got != tc.north {
				t.Errorf("northwind: %s, want %s", got, tc.north)
			}
			if got := w.figuresOf("southwind"); got != tc.south {
				t.Errorf("southwind: %s, want %s", got, tc.south)
			}
			manager := get(w, aManager("cam-1", "northwind"))
			reason, partners := "none", "none"
			if i := slices.IndexFunc(manager.Status.Conditions, func(c metav1.Condition) bool { return c.Type == v1alpha1.ConditionReady }); i >= 0 {
				reason = manager.Status.Conditions[i].Reason
			}
			if manager.Status.Partners != nil {
				partners = fmt.Sprint(*manager.Status.Partners)
			}
			if got := reason + " " + partners; got != tc.manager {
				t.Errorf("cam-1: %s, want %s", got, tc.manager)
			}
		})
	}
}

// TestTheWholeAtRest: nothing is written of a program where nothing changes, by whom ever it is added up.
func TestTheWholeAtRest(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(overseen()...)
	w.settle()
	if got := w.figuresOf("northwind"); !strings.HasPrefix(got, "3 partners, 3 plans") {
		t.Fatalf("northwind: %s", got)
	}
	w.anew() // forgets what was written
	w.resync()
	w.run()
	w.advance(w.clock.Now().Add(time.Minute).Format(time.RFC3339Nano))
	w.aggregator().wholes = map[string]*whole{}
	w.resync()
	w.run()
	w.advance(w.clock.Now().Add(time.Minute).Format(time.RFC3339Nano))
	if got := w.written(); len(got) > 0 {
		t.Errorf("writes at rest: %v", got)
	}
}

// TestAStormIsAddedUpOnceInTenSeconds: however often partners change, the sums are read once in a while; what changed is in them then.
func TestAStormIsAddedUpOnceInTenSeconds(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(overseen()...)
	w.settle()
	begin, reads := w.clock.Now(), map[time.Time]bool{}
	for i := range 60 { // one a second
		edit(w, testobj.Partner("acme").Obj(), func(p *v1alpha1.Partner) { p.Spec.Region = v1alpha1.Name(fmt.Sprint("region-", i)) })
		w.run()
		reads[w.aggregator().wholes["northwind"].read] = true
		w.advance(begin.Add(time.Duration(i+1) * time.Second).Format(time.RFC3339Nano))
	}
	if n := len(reads); n < 5 || n > 8 {
		t.Errorf("the sums were read %d times in a minute, want once in 10 seconds", n)
	}
	w.settle()
	report := get(w, &v1alpha1.ProgramReport{ObjectMeta: metav1.ObjectMeta{Name: "northwind-fy2027-h1"}})
	if !slices.ContainsFunc(report.Status.Figures.Groups, func(g v1alpha1.ReportGroup) bool { return g.Group == "region-59" }) {
		t.Error("the last change of the storm is not in the report")
	}
}

// TestAReadingThatFailedLosesNothing: what could not be written is written later, with what changed meanwhile.
func TestAReadingThatFailedLosesNothing(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(overseen()...)
	w.settle()
	w.remove(testobj.Partner("acme").Obj())
	w.clock.SetTime(w.clock.Now().Add(time.Minute))
	w.refuse = func(_ string, x client.Object) error {
		if _, report := x.(*v1alpha1.ProgramReport); report {
			return errors.New("etcd is away")
		}
		return nil
	}
	if _, err := w.reconcileOne(aStrategy("northwind")); err == nil {
		t.Error("no error although the report is not written")
	}
	w.refuse = nil
	w.settle()
	if got, want := w.figuresOf("northwind"), "2 partners, 2 plans aim at 880000"; got != want {
		t.Errorf("northwind: %s, want %s", got, want)
	}
}
