package request

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// Event is an event from which a span of days is counted.
type Event struct {
	// On is its day; absent when it has not happened.
	On fiscal.Day
	// Words says what happened when, such as "the agreement was signed on 2026-07-01", or what has not happened, such as "the partner's agreement is
	// signed".
	Words string
	// Remedy says what to do while it has not happened.
	Remedy string
}

// EventOf returns an event of the partner of a request; false for one that there is not. The partner and the program are known.
func EventOf(f *facts.Facts, r *Request, event v1alpha1.WindowEvent, metric v1alpha1.Name) (Event, bool) {
	switch name := r.Partner.Name; event {
	case v1alpha1.EventAgreementSigned:
		var on fiscal.Day
		if r.Partner.Spec.Agreement != nil {
			on, _ = fiscal.ParseDay(r.Partner.Spec.Agreement.SignedOn)
		}
		return happened(on, fmt.Sprintf("the agreement was signed on %s", on), "the partner's agreement is signed",
			fmt.Sprintf("state spec.agreement.signedOn of partner %s", name)), true
	case v1alpha1.EventMemberSince:
		on, _ := fiscal.ParseDay(r.Partner.Spec.MemberSince)
		return happened(on, fmt.Sprintf("the partner joined the program on %s", on), "the partner joined the program",
			fmt.Sprintf("state spec.memberSince of partner %s", name)), true
	case v1alpha1.EventFirstResult:
		on := firstResult(f, r, metric)
		return happened(on, fmt.Sprintf("the first %s, measured on %s", metric, on), fmt.Sprintf("the first %s of partner %s, and none is measured", metric, name),
			"report it in a MeasurementSet, or wait for it"), true
	case v1alpha1.EventFirstPlanApproved:
		on := firstApproved(f, r)
		return happened(on, fmt.Sprintf("the partner's first plan was approved on %s", on), fmt.Sprintf("the first plan of partner %s is approved", name),
			"have every party approve a plan"), true
	}
	return Event{}, false
}

// EventNext returns the next instant at which EventOf may change although no spec does; zero when there is none.
func EventNext(f *facts.Facts, r *Request, event v1alpha1.WindowEvent) time.Time {
	switch event {
	case v1alpha1.EventFirstResult:
		return f.BookNext(r.Program, r.Partner)
	case v1alpha1.EventFirstPlanApproved:
		horizon := verdict.NewHorizon(f.Now)
		for _, name := range f.Snapshot.PlansEverOf(v1alpha1.Name(r.Partner.Name)) {
			if p := f.Snapshot.Plan(name); p != nil {
				horizon.At(f.Approvals(p).NextChange)
			}
			for _, kept := range plan.Kept(f.Snapshot, name, f.Now) {
				horizon.At(kept.Spec.ApprovedTime.Time)
			}
		}
		return horizon.Next()
	default:
		return time.Time{}
	}
}

// notAnEvent says that an event is none.
func notAnEvent(field, budget string, event v1alpha1.WindowEvent) string {
	return fmt.Sprintf("%s of budget %s is %s, which is not an event: finance must correct it", field, budget, decimal.Quote(string(event)))
}

func happened(on fiscal.Day, event, missing, remedy string) Event {
	if on.IsZero() {
		return Event{Words: missing, Remedy: remedy}
	}
	return Event{On: on, Words: event}
}

// firstResult returns the first day with a result above zero of a metric; absent when there is none.
func firstResult(f *facts.Facts, r *Request, metric v1alpha1.Name) fiscal.Day {
	for _, entry := range f.Book(r.Program, r.Partner).Series(metric).Entries() {
		if entry.Value.Sign() > 0 {
			return entry.On
		}
	}
	return 0
}

// firstApproved returns the first day on which a plan of the partner was of record; absent when none ever was. Of a plan that is gone, or of which
// decisions are, the kept revisions tell.
func firstApproved(f *facts.Facts, r *Request) fiscal.Day {
	var first time.Time
	note := func(terms *v1alpha1.PlanTerms, at time.Time) {
		if terms != nil && string(terms.PartnerRef.Name) == r.Partner.Name && !at.After(f.Now) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for _, name := range f.Snapshot.PlansEverOf(v1alpha1.Name(r.Partner.Name)) {
		if p := f.Snapshot.Plan(name); p != nil {
			for _, record := range f.Approvals(p).History {
				terms := record.Terms
				if terms == nil { // nothing holds that content any more
					terms = &p.Spec.PlanTerms
				}
				note(terms, record.ApprovedTime)
			}
		}
		for _, kept := range plan.Kept(f.Snapshot, name, f.Now) {
			note(&kept.Spec.Terms, kept.Spec.ApprovedTime.Time)
		}
	}
	if first.IsZero() {
		return 0
	}
	return r.Program.Today(first)
}
