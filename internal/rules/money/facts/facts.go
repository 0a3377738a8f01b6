package facts

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// Gate stops all grants of all budgets, such as while an admission policy is not in force. The zero value is open.
type Gate struct {
	// Reason is the reason of the conditions that say it; empty while the gate is open.
	Reason string
	// Message says what is missing and what to do.
	Message string
}

// Facts are what is known of the money of one partner at an instant. Each is computed once for a snapshot, when first asked for; several goroutines may
// ask.
type Facts struct {
	// Snapshot are the objects of the partner.
	Snapshot *snapshot.Snapshot
	// Now is the instant.
	Now time.Time
}

// Of returns the facts of a partner at an instant.
func Of(snap *snapshot.Snapshot, now time.Time) *Facts { return &Facts{Snapshot: snap, Now: now} }

// Once returns what is computed once of the facts about money, by key, as snapshot.Once does.
func Once[V any](f *Facts, key any, compute func() V) V {
	return snapshot.Once(f.Snapshot, snapshot.Everything, f.Now, key, compute)
}

// Approvals returns how a plan's approval stands, with all revisions that were ever of record.
func (f *Facts) Approvals(p *v1alpha1.JointPlan) *plan.Approval {
	return plan.Approvals(f.Snapshot, p, f.Now)
}

// Partner is what requests look at of a partner. Ancestors bear neither on its standing nor on its tier.
type Partner struct {
	// Tier is the effective tier; empty when there is none.
	Tier v1alpha1.Name
	// Standing is the partner's standing; nil when no rules are in force.
	Standing *v1alpha1.StandingStatus
	// Next is the next instant at which either may change although no spec does; zero when there is none.
	Next time.Time
}

// Partner returns the standing and effective tier of a partner of the snapshot.
func (f *Facts) Partner(p *v1alpha1.Partner) *Partner {
	result := partner.Of(f.Snapshot, p, f.Now)
	return &Partner{Tier: result.Status.EffectiveTier, Standing: result.Status.Standing, Next: result.NextChange}
}

// Book returns the measurements about a partner of a program as known today.
func (f *Facts) Book(prog *program.Program, p *v1alpha1.Partner) *measure.Book {
	return measure.OfPartner(f.Snapshot, prog, p, prog.Today(f.Now))
}

// BookNext returns the instant at which the next measurement about a partner that is dated in the future counts; zero when there is none.
func (f *Facts) BookNext(prog *program.Program, p *v1alpha1.Partner) time.Time {
	if day, ok := f.Book(prog, p).NextDay(); ok {
		return prog.Calendar.StartOf(day)
	}
	return time.Time{}
}
