package sim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/testobj"
)

// simFaults are mistakes that can be planted. The zero value has none.
type simFaults struct {
	off        simRules      // the rules of the API server that are switched off, where they would hide the mistake
	clockAhead time.Duration // the managers' clock is ahead
	staleLive  bool          // live reads are answered from the cache
	noTimers   bool          // nobody is called again at a deadline
	ungated    bool          // a missing policy stops nobody
	reviewed   bool          // it is about overdue reviews, so every world has them
	rewarded   bool          // it is about rewards, so every world has them and nothing else
	invoiced   bool          // it is about invoices that several claims list
	deaf       []simKind     // kinds whose events concern nothing but the object itself
	// see changes what lists, and reads of budgets, show of an object to a reconcile; nil hides it from lists.
	see func(run *simRun, object client.Object) client.Object
	// ledger changes a ledger that is about to be written; stored is what the store has.
	ledger func(stored, written *v1alpha1.MDFLedgerSpec)
	// status changes the status of a request that is about to be written, budget that of a budget.
	status func(*v1alpha1.MDFAllocation)
	budget func(*v1alpha1.MDFBudget)
	// conflict answers a conflict on a ledger in another way than by deciding anew. The stored ledger may be changed into what is written.
	conflict func(stored, refused *v1alpha1.MDFLedger)
	// registries are where the managers' metrics are; nil for nowhere.
	registries *[]prometheus.Gatherer
}

// rules switches rules of the store off.
func (f *simFaults) rules(r simRules) simRules {
	return simRules{lock: r.lock && !f.off.lock, sum: r.sum && !f.off.sum, growth: r.growth && !f.off.growth, final: r.final && !f.off.final}
}

// registry is where a manager registers its metrics; nil for nowhere.
func (f *simFaults) registry() prometheus.Registerer {
	if f.registries == nil {
		return nil
	}
	registry := prometheus.NewPedanticRegistry()
	*f.registries = append(*f.registries, registry)
	return registry
}

// write makes a write of a manager.
func (f *simFaults) write(store *simStore, object client.Object, do func(client.Object) error) error {
	switch x := object.(type) {
	case *v1alpha1.MDFAllocation:
		if f.status != nil {
			f.status(x)
		}
	case *v1alpha1.MDFBudget:
		if f.budget != nil {
			f.budget(x)
		}
	case *v1alpha1.MDFLedger:
		stored, err := store.get(simLedgers, client.ObjectKeyFromObject(x))
		if err != nil {
			break
		}
		now := stored.DeepCopyObject().(*v1alpha1.MDFLedger)
		if f.ledger != nil {
			f.ledger(&now.Spec, &x.Spec)
		}
		if err := do(x); !apierrors.IsConflict(err) || f.conflict == nil {
			return err
		}
		f.conflict(now, x)
		return do(now)
	}
	return do(object)
}

// simAllOff switches all rules but the lock off.
var simAllOff = simRules{sum: true, growth: true, final: true}

// simPlanted are the mistakes that must be found, by what they are.
var simPlanted = map[string]simFaults{
	"a ledger is written without its resource version": {off: simRules{lock: true, sum: true, growth: true, final: true}},
	"a refused ledger is sent again with the new resource version": {off: simAllOff, conflict: func(stored, refused *v1alpha1.MDFLedger) {
		stored.Spec = refused.Spec
	}},
	"after a conflict only the new grants are written again": {off: simAllOff, conflict: func(stored, refused *v1alpha1.MDFLedger) {
		if stored.Spec.Reserved == nil {
			stored.Spec.Reserved = map[string]int64{}
		}
		for key, amount := range refused.Spec.Reserved {
			if _, known := stored.Spec.Reserved[key]; !known {
				stored.Spec.Reserved[key] = amount
			}
		}
	}},
	"amounts are written as increments": {off: simRules{lock: true, sum: true, growth: true, final: true}, ledger: func(stored, written *v1alpha1.MDFLedgerSpec) {
		for key := range written.Reserved {
			if was, known := stored.Reserved[key]; known && written.Reserved[key] == was && was > 0 && len(written.Reserved) > len(stored.Reserved) {
				written.Reserved[key] += was
			}
		}
	}},
	"a grant is rounded up": {off: simAllOff, ledger: func(stored, written *v1alpha1.MDFLedgerSpec) {
		for key := range written.Reserved {
			if _, known := stored.Reserved[key]; !known {
				written.Reserved[key]++
			}
		}
	}},
	"a settlement is rounded up": {off: simAllOff, ledger: func(stored, written *v1alpha1.MDFLedgerSpec) {
		for key := range written.Settled {
			if _, known := stored.Settled[key]; !known {
				written.Settled[key]++
			}
		}
	}},
	"a released key is dropped": {off: simAllOff, ledger: func(_, written *v1alpha1.MDFLedgerSpec) {
		for key, amount := range written.Reserved {
			if amount == 0 {
				delete(written.Reserved, key)
			}
		}
	}},
	"a payment is not noted": {off: simAllOff, ledger: func(_, written *v1alpha1.MDFLedgerSpec) { written.Payments = nil }},
	"what is settled stays reserved": {off: simAllOff, ledger: func(stored, written *v1alpha1.MDFLedgerSpec) {
		for key := range written.Settled {
			if _, known := stored.Settled[key]; !known {
				request := key[:strings.LastIndex(key, "/")]
				written.Reserved[request] = stored.Reserved[request]
			}
		}
	}},
	"the limit lags behind the budget":     {off: simAllOff, ledger: func(stored, written *v1alpha1.MDFLedgerSpec) { written.LimitMinor = stored.LimitMinor }},
	"a missing policy stops nobody":        {ungated: true},
	"money is released early":              {clockAhead: 12 * 24 * time.Hour},
	"live reads come from the cache":       {staleLive: true},
	"deadlines pass unnoticed":             {noTimers: true},
	"the ledger's changes are not watched": {deaf: []simKind{simLedgers}},
	"the revision of a decision is not compared": {see: func(run *simRun, object client.Object) client.Object {
		d, ok := object.(*v1alpha1.ApprovalDecision)
		if !ok || d.Spec.TargetRef.Kind != "MDFAllocation" {
			return object
		}
		request := run.process.world.store.tables[simAllocations].get(client.ObjectKey{Namespace: d.Namespace, Name: string(d.Spec.TargetRef.Name)})
		if request == nil {
			return object
		}
		d = d.DeepCopy()
		d.Spec.Revision = facts.RequestRevision(&request.(*v1alpha1.MDFAllocation).Spec)
		return d
	}},
	"who asks may approve": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.ApprovedBy == "paul" && d.Spec.TargetRef.Kind == "MDFAllocation" {
			d.Spec.ApprovedBy = "petra"
		}
		return true
	})},
	"who claims may approve": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.ApprovedBy == "paul" && d.Spec.TargetRef.Kind == "MDFClaim" {
			d.Spec.ApprovedBy = "petra"
		}
		return true
	})},
	"who asks may approve in capitals": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.ApprovedBy == "PAUL" && d.Spec.TargetRef.Kind == "MDFAllocation" {
			d.Spec.ApprovedBy = "petra"
		}
		return true
	})},
	"who claims may approve in capitals": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.ApprovedBy == "PAUL" && d.Spec.TargetRef.Kind == "MDFClaim" {
			d.Spec.ApprovedBy = "petra"
		}
		return true
	})},
	"one person in two spellings is two people": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.ApprovedBy == strings.ToUpper(d.Spec.ApprovedBy) && d.Spec.ApprovedBy != "PAUL" {
			d.Spec.ApprovedBy = "petra " + d.Spec.ApprovedBy
		}
		return true
	})},
	"the invoice of another claim is not recognised": {invoiced: true, see: func(run *simRun, object client.Object) client.Object {
		switch x := object.(type) {
		case *v1alpha1.MDFClaim:
			return simRespelled(x)
		case *v1alpha1.ApprovalDecision: // on what it was about
			key := client.ObjectKey{Namespace: x.Namespace, Name: string(x.Spec.TargetRef.Name)}
			claim, ok := run.process.world.store.tables[simClaims].get(key).(*v1alpha1.MDFClaim)
			if ok && x.Spec.TargetRef.Kind == "MDFClaim" && x.Spec.Revision == facts.ClaimRevision(&claim.Spec) {
				x = x.DeepCopy()
				x.Spec.Revision = facts.ClaimRevision(&simRespelled(claim).Spec)
			}
			return x
		default:
			return object
		}
	}},
	"a payment in another spelling is another one": {see: func(_ *simRun, object client.Object) client.Object {
		claim, ok := object.(*v1alpha1.MDFClaim)
		if !ok {
			return object
		}
		claim = claim.DeepCopy()
		for i := range claim.Spec.Payments {
			if p := &claim.Spec.Payments[i]; p.Document == strings.ToUpper(p.Document) {
				p.Document = "other-" + p.Document
			}
		}
		return claim
	}},
	"what comes back of a payment is overlooked": {see: func(_ *simRun, object client.Object) client.Object {
		claim, ok := object.(*v1alpha1.MDFClaim)
		if !ok {
			return object
		}
		claim = claim.DeepCopy()
		claim.Spec.Payments = slices.DeleteFunc(claim.Spec.Payments, func(p v1alpha1.Payment) bool { return p.Reverses != nil })
		return claim
	}},
	"what the partner alone reports counts": {see: simSeeResults(func(set *v1alpha1.MeasurementSet) { set.Spec.Source = simVouched })},
	"credit notes are overlooked": {see: simSeeResults(func(set *v1alpha1.MeasurementSet) {
		set.Spec.Entries = slices.DeleteFunc(set.Spec.Entries, func(e v1alpha1.Measurement) bool { return strings.HasPrefix(string(e.Value), "-") })
	})},
	"what will be sold counts before its day": {see: simSeeResults(func(set *v1alpha1.MeasurementSet) {
		for i := range set.Spec.Entries {
			set.Spec.Entries[i].Day = simDay(fiscal.MustParseDay("2026-07-01").AddDays(i))
		}
	})},
	"results count more than they say": {see: simSeeResults(func(set *v1alpha1.MeasurementSet) {
		for i := range set.Spec.Entries {
			if e := &set.Spec.Entries[i]; !strings.HasPrefix(string(e.Value), "-") {
				e.Value = "1" + e.Value
			}
		}
	})},
	"a request does not say that less is earned than drawn": {status: func(a *v1alpha1.MDFAllocation) {
		a.Status.Findings = slices.DeleteFunc(a.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == headroom.RuleEarnedLessThanDrawn })
	}},
	"a budget does not say that less is earned than drawn": {budget: func(b *v1alpha1.MDFBudget) {
		b.Status.Findings = slices.DeleteFunc(b.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == headroom.RuleEarnedLessThanDrawn })
	}},
	"a reward is granted twice for one interval, as the ledger does not note it": {rewarded: true, ledger: func(_, written *v1alpha1.MDFLedgerSpec) { written.Rewards = nil }},
	"a reward without a plan: one that was approved after the interval counts": {rewarded: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if early := simNoon("2026-07-12"); d.Spec.TargetRef.Kind == kinds.JointPlan && d.Spec.Decision == v1alpha1.DecisionApproved && d.Spec.DecidedTime.After(early) {
			d.Spec.DecidedTime.Time = early
		}
		return true
	})},
	"a reward above what is earned": {rewarded: true, see: func(_ *simRun, object client.Object) client.Object {
		budget, ok := object.(*v1alpha1.MDFBudget)
		if !ok || len(budget.Spec.Rewards) == 0 {
			return object
		}
		budget = budget.DeepCopy()
		budget.Spec.Rewards[0].Percent = "11"
		return budget
	}},
	"a reward before its interval is over": {rewarded: true, clockAhead: 12 * 24 * time.Hour},
	"a reward by results that are not complete": {rewarded: true, see: simSeeResults(func(set *v1alpha1.MeasurementSet) {
		set.Spec.Entries = append(slices.Clone(set.Spec.Entries), v1alpha1.Measurement{Metric: simMetric, Day: "2026-07-31", Value: "0"},
			v1alpha1.Measurement{Metric: simMetric, Day: "2026-08-31", Value: "0"})
	})},
	"a request does not say that less of a reward is earned than was granted": {rewarded: true, status: func(a *v1alpha1.MDFAllocation) {
		a.Status.Findings = slices.DeleteFunc(a.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == headroom.RuleEarnedLessThanDrawn })
	}},
	"what the partner records counts at once": {reviewed: true, see: simSeeReviews(func(r *v1alpha1.PlanReview) { r.Spec.Party = v1alpha1.PartyVendor })},
	"a record that is made late counts":       {reviewed: true, see: simSeeReviews(func(r *v1alpha1.PlanReview) { r.Spec.RecordedTime.Time = simNoon(r.Spec.HeldOn) })},
	"a meeting of one party counts": {reviewed: true, see: simSeeReviews(func(r *v1alpha1.PlanReview) {
		r.Spec.Attendees = testobj.Review("x", r.Spec.HeldOn).Spec.Attendees
	})},
	"a record that the vendor leaves unanswered is overlooked": {reviewed: true, see: func(run *simRun, object client.Object) client.Object {
		r, ok := object.(*v1alpha1.PlanReview)
		if ok && r.Spec.Party == v1alpha1.PartyPartner && len(run.process.world.watcher.oracle().decisions(kinds.PlanReview, r.Namespace, r.Name)) == 0 {
			return nil
		}
		return object
	}},
	"corrected results wake nobody":   {deaf: []simKind{simMeasurements}},
	"records of meetings wake nobody": {reviewed: true, deaf: []simKind{simReviews}},
	"a dispute is overlooked":         {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.Decision != v1alpha1.DecisionDisputed })},
	"a dispute ends by itself": {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.Decision == v1alpha1.DecisionDisputed {
			d.Spec.Decision = v1alpha1.DecisionConfirmed
		}
		return true
	})},
	"a record counts whose dispute was upheld": {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.Decision == v1alpha1.DecisionUpheld {
			d.Spec.Decision = v1alpha1.DecisionDismissed
		}
		return true
	})},
	"a dispute that was dismissed goes on": {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.Decision != v1alpha1.DecisionDismissed })},
	"who recorded a meeting may confirm it": {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.TargetRef.Kind == kinds.PlanReview && d.Spec.Decision == v1alpha1.DecisionConfirmed {
			d.Spec.ApprovedBy += " of the vendor"
		}
		return true
	})},
	"who is party to a dispute may resolve it": {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.Decision == v1alpha1.DecisionUpheld || d.Spec.Decision == v1alpha1.DecisionDismissed {
			d.Spec.ApprovedBy += " of the vendor"
		}
		return true
	})},
	"a party may answer itself": {reviewed: true, see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.Decision == v1alpha1.DecisionConfirmed {
			d.Spec.Party = v1alpha1.PartyVendor
		}
		return true
	})},
	"an answer to another record counts": {reviewed: true, see: func(run *simRun, object client.Object) client.Object {
		d, ok := object.(*v1alpha1.ApprovalDecision)
		if !ok || d.Spec.TargetRef.Kind != kinds.PlanReview {
			return object
		}
		key := client.ObjectKey{Namespace: d.Namespace, Name: string(d.Spec.TargetRef.Name)}
		d = d.DeepCopy()
		d.Spec.Revision = meeting.Revision(&run.process.world.store.tables[simReviews].get(key).(*v1alpha1.PlanReview).Spec)
		return d
	}},
	"one person grants an exception": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.Exception != nil {
			d.Spec.ApprovedBy += d.Name
		}
		return true
	})},
	"an exception is overlooked": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.Exception == nil })},
	"every approval is an exception": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.TargetRef.Kind == kinds.MDFAllocation && d.Spec.Decision == v1alpha1.DecisionApproved {
			d.Spec.Exception = &v1alpha1.DecisionException{Reason: "late"}
		}
		return true
	})},
	"a withdrawal of an approval is overlooked": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		return d.Spec.TargetRef.Kind != "MDFAllocation" || d.Spec.Decision == v1alpha1.DecisionApproved || d.Spec.Decision == v1alpha1.DecisionApprovedInPart
	})},
	"a plan that was rejected still counts": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		return d.Spec.TargetRef.Kind != kinds.JointPlan || d.Spec.Decision == v1alpha1.DecisionApproved
	})},
	"an approval in part counts for all": {see: simSeeDecision(func(d *v1alpha1.ApprovalDecision) bool {
		if d.Spec.Decision == v1alpha1.DecisionApprovedInPart {
			d.Spec.Decision, d.Spec.Amount = v1alpha1.DecisionApproved, nil
		}
		return true
	})},
	"the newest rule of authority counts alone": {see: func(_ *simRun, object client.Object) client.Object {
		budget, ok := object.(*v1alpha1.MDFBudget)
		if !ok || len(budget.Spec.Authority) < 2 {
			return object
		}
		budget = budget.DeepCopy()
		newest := budget.Spec.Authority[len(budget.Spec.Authority)-1]
		newest.EffectiveFrom = budget.Spec.Authority[0].EffectiveFrom
		budget.Spec.Authority = []v1alpha1.AuthorityRule{newest}
		return budget
	}},
	"money is released before the status says so": {see: func(run *simRun, object client.Object) client.Object {
		request, ok := object.(*v1alpha1.MDFAllocation)
		if !ok || run.controller.name != "mdfbudget" {
			return object
		}
		request = request.DeepCopy()
		request.Status.Reserved = nil
		return request
	}},
	"what claims hold is released": {see: func(run *simRun, object client.Object) client.Object {
		claim, ok := object.(*v1alpha1.MDFClaim)
		if !ok || len(claim.Spec.Payments) > 0 || run.controller.name == "mdfclaim" {
			return object
		}
		return nil
	}},
	"a status says granted before the ledger does": {status: func(a *v1alpha1.MDFAllocation) {
		if a.Status.Stage == v1alpha1.AllocationWaiting {
			meta.SetStatusCondition(&a.Status.Conditions, metav1.Condition{Type: v1alpha1.ConditionGranted, Status: metav1.ConditionTrue, Reason: "Granted"})
		}
	}},
}

// simRespelled is a claim whose invoice is like no other one, however it is spelled.
func simRespelled(claim *v1alpha1.MDFClaim) *v1alpha1.MDFClaim {
	if len(claim.Spec.Costs) == 0 {
		return claim
	}
	claim = claim.DeepCopy()
	claim.Spec.Costs[0].Invoice = v1alpha1.Word("only-" + claim.Name)
	return claim
}

// simSeeDecision shows decisions as a function changes them; those for which it returns false are hidden.
func simSeeDecision(change func(*v1alpha1.ApprovalDecision) bool) func(*simRun, client.Object) client.Object {
	return func(_ *simRun, object client.Object) client.Object {
		d, ok := object.(*v1alpha1.ApprovalDecision)
		if !ok {
			return object
		}
		if d = d.DeepCopy(); !change(d) {
			return nil
		}
		return d
	}
}

// simPatience is within how many seeds a planted mistake must be found.
const simPatience = 800

// TestSimulatorFindsPlantedFaults plants one mistake after the other, each of which the simulator must find.
func TestSimulatorFindsPlantedFaults(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes half a minute, and with the race detector several")
	}
	for _, name := range simKeys(simPlanted) {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= simPatience; seed++ {
				if w := simulate(seed, *simSteps, simPlanted[name]); len(w.problems) > 0 {
					t.Logf("%s: found with seed %d: %s", name, seed, w.problems[0])
					return
				}
			}
			t.Errorf("%s: not found within %d seeds", name, simPatience)
		})
	}
}
