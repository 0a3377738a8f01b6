package sim_test

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	simMetric v1alpha1.Name = "new-revenue"
	// simVouched is the source of record of the metric.
	simVouched v1alpha1.Name = "crm"
)

// results creates what a source reports about the partner of a namespace. What the partner reports is as good as it likes.
func (s *simPeople) results(ns string, source v1alpha1.Name) {
	set := testobj.Measurements(string(source), v1alpha1.SubjectPartner, v1alpha1.Name(ns)).Entry(simMetric, s.today(0), simAmount(s.revenue())).Obj()
	set.Namespace, set.Spec.Source = ns, source
	if source == v1alpha1.SourcePartnerReported {
		set.Spec.Entries[0].Value = "90000000"
	}
	s.create(set)
}

// revenue draws what was sold, in minor units.
func (s *simPeople) revenue() int64 {
	return 500000 + s.world.chance.Int64N(800)*10000 + s.world.chance.Int64N(10)
}

// correct lets the vendor's system report more, take something back, correct what it reported or withdraw all of it; or the partner lie again.
func (s *simPeople) correct() bool {
	if !s.measures() {
		return false
	}
	ns, source := chosen(s, s.namespaces), simVouched
	if s.oneIn(6) {
		source = v1alpha1.SourcePartnerReported
	}
	set, _ := s.world.store.tables[simMeasurements].get(types.NamespacedName{Namespace: ns, Name: string(source)}).(*v1alpha1.MeasurementSet)
	switch {
	case set == nil:
		s.results(ns, source)
		return true
	case s.oneIn(8):
		s.remove(set)
		return true
	}
	change(s, set, func(x *v1alpha1.MeasurementSet) {
		day, minor := s.today(s.world.chance.IntN(6)-3), s.revenue()
		if s.oneIn(3) {
			minor = -minor
		}
		switch at := slices.IndexFunc(x.Spec.Entries, func(e v1alpha1.Measurement) bool { return e.Day == day }); {
		case s.oneIn(4):
			x.Spec.Entries[s.world.chance.IntN(len(x.Spec.Entries))].Value = simSigned(minor)
		case at >= 0:
			x.Spec.Entries[at].Value = simSigned(minor)
		case len(x.Spec.Entries) < 8:
			x.Spec.Entries = append(x.Spec.Entries, v1alpha1.Measurement{Metric: simMetric, Day: day, Value: simSigned(minor)})
		}
	})
	return true
}

// simSigned writes minor units that may be below zero.
func simSigned(minor int64) v1alpha1.Decimal {
	if minor < 0 {
		return "-" + simAmount(-minor)
	}
	return simAmount(minor)
}

// earned is what the partner of a namespace has earned by now: a tenth of what the vendor's system says that it sold.
func (o *simOracle) earned(ns string) int64 {
	var sold int64
	for _, set := range simList[*v1alpha1.MeasurementSet](o.tables, simMeasurements) {
		if set.Namespace != ns || set.Spec.Source != simVouched {
			continue
		}
		for _, entry := range set.Spec.Entries {
			if simParsed(entry.Day) > o.today() {
				continue
			}
			minor := simMinor(v1alpha1.Money{Amount: v1alpha1.Decimal(strings.TrimPrefix(string(entry.Value), "-"))})
			if strings.HasPrefix(string(entry.Value), "-") {
				minor = -minor
			}
			sold += minor
		}
	}
	return max(sold, 0) / 10
}

// simDrawn is what a ledger holds for the partner of a namespace.
func simDrawn(ledger *v1alpha1.MDFLedgerSpec, ns string) (drawn int64) {
	for _, list := range []map[string]int64{ledger.Reserved, ledger.Settled} {
		for key, amount := range list {
			if strings.HasPrefix(key, ns+"/") {
				drawn += amount
			}
		}
	}
	return drawn
}

// earnedFor checks that a partner has earned what it draws after a grant.
func (s *simWatcher) earnedFor(states []*simOracle, name, key string, after *v1alpha1.MDFLedgerSpec) {
	ns, _, _ := strings.Cut(key, "/")
	if name == simEarned && !some(states, func(o *simOracle) bool { return simDrawn(after, ns) <= o.earned(ns) }) {
		s.world.violatedf("ledger %s: with what is granted to %s, partner %s draws %d and has earned %d", name, key, ns, simDrawn(after, ns),
			states[len(states)-1].earned(ns))
	}
}

// shortAtRest checks that who has drawn more than it has earned by now is named, in the budget and in each request that has money, and nobody else.
func (s *simWatcher) shortAtRest(o *simOracle) {
	budget := o.budget(simEarned)
	if budget == nil || o.looksLost(simEarned) {
		return
	}
	ledger, named := o.ledger(simEarned), map[string]bool{}
	for _, f := range budget.Status.Findings {
		if f.Rule == headroom.RuleEarnedLessThanDrawn {
			for _, ns := range simNamespaceNames {
				named[ns] = named[ns] || strings.HasPrefix(f.Message, "partner "+ns+" ")
			}
		}
	}
	asks := map[string]bool{}
	for _, a := range simList[*v1alpha1.MDFAllocation](o.tables, simAllocations) {
		if string(a.Spec.BudgetRef.Name) != simEarned {
			continue
		}
		asks[a.Namespace] = true
		short := simDrawn(ledger, a.Namespace) > o.earned(a.Namespace)
		told := slices.ContainsFunc(a.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == headroom.RuleEarnedLessThanDrawn })
		if has := simDrawn(ledger, simCurrentKey(a)) + ledger.Reserved[simCurrentKey(a)]; told && !short || has > 0 && short && !told {
			s.world.violatedf("at rest, partner %s draws %d and has earned %d; the status of request %s says so: %t", a.Namespace, simDrawn(ledger, a.Namespace),
				o.earned(a.Namespace), simCurrentKey(a), told)
		}
	}
	for ns := range asks {
		if short := simDrawn(ledger, ns) > o.earned(ns); short != named[ns] {
			s.world.violatedf("at rest, partner %s draws %d and has earned %d; budget %s says so: %t", ns, simDrawn(ledger, ns), o.earned(ns), simEarned, named[ns])
		}
	}
}

// simSeeResults shows results as a function changes them.
func simSeeResults(change func(*v1alpha1.MeasurementSet)) func(*simRun, client.Object) client.Object {
	return func(_ *simRun, object client.Object) client.Object {
		set, ok := object.(*v1alpha1.MeasurementSet)
		if !ok {
			return object
		}
		set = set.DeepCopy()
		change(set)
		return set
	}
}
