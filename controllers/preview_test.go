package controllers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// dealings are what two parties do with each other in half a year: a plan that is submitted, returned and approved, in time or late; meetings that either
// records and the other one confirms or disputes, with resolutions; and requests that the vendor decides on, late or never, or grants as exceptions.
func dealings(random *rand.Rand) []client.Object {
	first := testobj.At("2026-06-20T08:00:00Z")
	day := func(from, days int) time.Time {
		return first.AddDate(0, 0, from+random.IntN(days)).Add(time.Duration(random.IntN(24*60)) * time.Minute)
	}
	instant := func(from, days int) string { return day(from, days).Format(time.RFC3339) }
	const vendor, partner = v1alpha1.PartyVendor, v1alpha1.PartyPartner
	program := testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) {
		r.Approval = &v1alpha1.ApprovalPolicy{
			Parties: oneOf(random, nil, nil, []v1alpha1.Party{vendor}), DecideWithinDays: new(int32(1 + random.IntN(20))),
		}
		r.Escalation = append(r.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalateDecision, AfterDays: 4, To: "ChannelDirector"})
		hold := []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}, AfterDays: new(int32(5))}}
		r.Standing = []v1alpha1.StandingRule{
			{Cause: v1alpha1.CausePlanOverdue, Owner: partner, Consequences: hold},
			{Cause: v1alpha1.CauseReviewOverdue, Owner: partner, Consequences: hold},
			{Cause: v1alpha1.CauseDecisionOverdue, Owner: vendor},
		}
	}).Obj()
	p := testobj.Plan("acme-h1").Goal("cloud-revenue", "new-revenue", "440000").Activity("autumn-webinar", "Webinar").Obj()
	objects := []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace}}, program, p, testobj.Budget("fy27").Authority("4000.00", 2).Obj(),
		testobj.Partner("acme").Tier("gold", "2026-01-01").Agreement("2025-01-01", "").Obj(),
	}
	revision := plan.Revision(&p.Spec.PlanTerms)
	if random.IntN(2) == 0 { // else it may never be approved, and no money be granted
		objects = append(objects, testobj.Decision("plan-vendor", p.Name, revision, vendor, v1alpha1.DecisionApproved, instant(0, 5)),
			testobj.Decision("plan-partner", p.Name, revision, partner, v1alpha1.DecisionApproved, instant(0, 5)))
	}
	for i := range random.IntN(6) {
		outcomes := []v1alpha1.DecisionOutcome{v1alpha1.DecisionApproved, v1alpha1.DecisionApproved, v1alpha1.DecisionReturned}
		party := oneOf(random, vendor, partner)
		if party == partner {
			outcomes = append(outcomes, v1alpha1.DecisionSubmitted)
		}
		objects = append(objects, testobj.Decision(fmt.Sprintf("plan-%d", i), p.Name, oneOf(random, revision, revision, "v1:00000000000000000000000000000000"),
			party, oneOf(random, outcomes...), instant(0, 60)))
	}
	for i := range 1 + random.IntN(4) {
		held := day(20, 120)
		r := testobj.Review(p.Name, v1alpha1.Date(held.Format(time.DateOnly)))
		r.Name = fmt.Sprintf("met-%d", i)
		r.Spec.RecordedTime = metav1.NewTime(held.Add(time.Duration(random.IntN(9*24)) * time.Hour).Truncate(time.Second))
		if random.IntN(3) > 0 {
			r.Spec.Party, r.Spec.RecordedBy = partner, "paul"
		}
		objects = append(objects, r)
		for n := range random.IntN(4) {
			outcome := oneOf(random, v1alpha1.DecisionConfirmed, v1alpha1.DecisionDisputed, v1alpha1.DecisionDisputed, v1alpha1.DecisionUpheld, v1alpha1.DecisionDismissed)
			at := r.Spec.RecordedTime.Add(time.Duration(1+random.IntN(20*24)) * time.Hour)
			objects = append(objects, testobj.Answer(fmt.Sprintf("met-%d-%d", i, n), r, meeting.Revision(&r.Spec), oneOf(random, vendor, partner), outcome,
				oneOf(random, "vera", "paul", "dora"), at.Format(time.RFC3339)))
		}
	}
	for i := range 1 + random.IntN(3) {
		a := aRequest(fmt.Sprintf("r%d", i), p.Name, "fy27", oneOf[v1alpha1.Decimal](random, "3000.00", "5000.00"))
		asked := day(20, 60)
		starts := v1alpha1.Date(asked.AddDate(0, 0, 3+random.IntN(60)).Format(time.DateOnly))
		a.Spec.RequestedOn, a.Spec.StartsOn, a.Spec.EndsOn = v1alpha1.Date(asked.Format(time.DateOnly)), starts, starts
		objects = append(objects, a)
		decide := func(name, by string, days int) *v1alpha1.ApprovalDecision {
			d := testobj.MoneyDecision(name, kinds.MDFAllocation, a.Name, facts.RequestRevision(&a.Spec), v1alpha1.DecisionApproved, by,
				asked.AddDate(0, 0, days).Format(time.RFC3339))
			objects = append(objects, d)
			return d
		}
		switch random.IntN(3) {
		case 0: // in time
			decide(a.Name+"-first", "vera", 1)
			decide(a.Name+"-second", "walt", 2)
			continue
		case 1: // when the activity has begun and the vendor's days are over
			for _, by := range []string{"vera", "walt"} {
				decide(a.Name+"-"+by, by, 70).Spec.Exception = &v1alpha1.DecisionException{Reason: "the channel manager was ill"}
			}
			continue
		}
		for n := range random.IntN(4) {
			d := testobj.MoneyDecision(fmt.Sprintf("r%d-%d", i, n), kinds.MDFAllocation, a.Name, facts.RequestRevision(&a.Spec),
				oneOf(random, v1alpha1.DecisionApproved, v1alpha1.DecisionApproved, v1alpha1.DecisionApproved, v1alpha1.DecisionReturned),
				oneOf(random, "vera", "walt", "paul"), asked.AddDate(0, 0, random.IntN(90)).Format(time.RFC3339))
			if random.IntN(2) == 0 && d.Spec.Decision == v1alpha1.DecisionApproved {
				d.Spec.Exception = &v1alpha1.DecisionException{Reason: "the channel manager was ill"}
			}
			objects = append(objects, d)
		}
	}
	return objects
}

// offline are objects as preview reads them.
func (w *world) offline(objects []client.Object) *preview.World {
	w.Helper()
	var list []manifest.Object
	for _, x := range objects {
		object, ours := x.DeepCopyObject().(manifest.Object)
		if _, namespace := x.(*corev1.Namespace); namespace || !ours {
			continue
		}
		gvk, err := w.people.GroupVersionKindFor(x)
		w.must(err)
		object.GetObjectKind().SetGroupVersionKind(gvk)
		object.SetGeneration(1)
		list = append(list, object)
	}
	set, err := manifest.NewSet(list, nil)
	w.must(err)
	return preview.New(set)
}

// someChanges are some of the instants at which something changes within nine months, in order.
func (w *world) someChanges(random *rand.Rand, offline *preview.World, most int) []time.Time {
	w.Helper()
	var all []time.Time
	w.must(offline.Timeline(w.Context(), w.clock.Now(), w.clock.Now().AddDate(0, 9, 0), func(c preview.Change) error {
		all = append(all, c.At)
		return nil
	}))
	all = slices.Compact(all)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(most, len(all))]
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// TestPreviewSaysWhatTheControllersSay compares what both say of the same objects at instants at which something changes: the controllers by their own
// alarms, so that one that comes later than the change is found.
func TestPreviewSaysWhatTheControllersSay(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 2
	}
	seen := map[string]bool{}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 11))
		objects := dealings(random)
		w := newWorld(t, "2026-06-19T10:00:00Z")
		w.create(objects...)
		w.run()
		offline := w.offline(objects)
		for _, at := range w.someChanges(random, offline, 25) {
			w.clock.SetTime(at.Add(-90 * time.Minute)) // the machine was suspended meanwhile
			w.advance(at.Format(time.RFC3339Nano))
			controllers := w.everything()
			for _, object := range offline.At(at) {
				judged, ok := object.(kinds.Evaluated)
				if !ok {
					continue
				}
				for _, c := range judged.Common().Conditions {
					seen[c.Reason] = true
				}
				is := controllers[nameOf(judged)]
				if budget, ok := is.(v1alpha1.MDFBudgetStatus); ok {
					budget.Ledger = nil // which files have no UID of
					is = budget
				}
				if diff := cmp.Diff(is, timeless(judged)); diff != "" {
					t.Errorf("seed %d, at %s: %s (-controllers +preview):\n%s", seed, at, nameOf(judged), diff)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	for _, reason := range []string{
		v1alpha1.ReasonDecisionOverdue, v1alpha1.ReasonAwaitingConfirmation, v1alpha1.ReasonDisputed, v1alpha1.ReasonApprovedAsException, v1alpha1.ReasonAfterTheFact,
		v1alpha1.ReasonHold, v1alpha1.ReasonGranted, v1alpha1.ReasonEscalated,
	} {
		if !seen[reason] && !testing.Short() {
			t.Errorf("nothing was ever %s", reason)
		}
	}
}
