package snapshot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/verdict"
)

// bound is how many objects of a kind a partner may have that it wrote and that the vendor has not acted on. What the vendor has acted on is not counted
// and never left out: what it decided on, vouched for, granted or paid. So nobody who waits for a decision now and then comes near a bound, and who does
// takes nothing from what was agreed.
type bound struct {
	kind string
	most int
	open string // what is counted, in the plural
	by   string // by what they come in order
	or   string // what helps besides deleting some
}

// Bounds of what a partner writes: many times what waits for a vendor that decides now and then. Claims cost the most, each with its costs: all of them
// are added up whenever money moves on their request.
var (
	boundOfPlans     = bound{kinds.JointPlan, 500, "plans that the vendor has not decided on", "their first submission and name", decides}
	boundOfCampaigns = bound{kinds.Campaign, 2000, "campaigns without results from the vendor", "name", "the vendor reports the results of some"}
	boundOfSets      = bound{kinds.MeasurementSet, 4000, "measurement sets of source " + string(v1alpha1.SourcePartnerReported), "name", "puts their entries into fewer sets"}
	boundOfReviews   = bound{kinds.PlanReview, 1000, "records of meetings that the vendor has not answered", "spec.recordedTime and name", "the vendor answers some"}
	boundOfDecisions = bound{kinds.ApprovalDecision, 2000, "decisions of its own on plans and records of meetings", "spec.decidedTime and name", purges}
	boundOnMoney     = bound{kinds.ApprovalDecision, 2000, "decisions of its own on money, which the vendor decides on", "spec.decidedTime and name", purges}
	boundOfRequests  = bound{kinds.MDFAllocation, 500, "requests for money that the vendor has not decided on", "spec.requestedOn and name", decides}
	boundOfClaims    = bound{kinds.MDFClaim, 500, "claims that the vendor has not decided on", "spec.claimedOn and name", decides}
)

// What helps where the vendor decides, and where records are not deleted by those who wrote them.
const (
	decides = "the vendor decides on some"
	purges  = "has an account with the verb purge delete some"
)

// Beyond returns why an object is not evaluated: it is beyond the bound of its kind. It is empty for all others. Nothing else sees such an object, but
// what refers to it by name.
func (p *Snapshot) Beyond(of kinds.Object) string {
	if len(p.beyond) == 0 {
		return ""
	}
	return p.beyond[node{kinds.Of(of).Name, v1alpha1.Name(of.GetName())}]
}

// bounding leaves out what is beyond a bound.
type bounding struct {
	objects *Objects
	beyond  map[node]string

	decided map[node]time.Time // the first decision on an object, of whatever party
	vouched map[node]bool      // what the vendor has decided on, or has reported results about
	paid    map[string]bool    // requests and claims, as namespace/name and namespace/name/claim, that a ledger has
}

// leaveOut returns objects without those that are beyond a bound, and why these are. It looks at nothing while there are few.
func leaveOut(objects Objects) (within Objects, beyond map[node]string) {
	b := &bounding{objects: &objects, beyond: map[node]string{}}
	objects.Decisions = b.decisions()
	objects.Measurements = first(b, boundOfSets, objects.Measurements, func(x *v1alpha1.MeasurementSet) bool { return x.Spec.Source != v1alpha1.SourcePartnerReported },
		func(*v1alpha1.MeasurementSet) string { return "" })
	objects.Plans = first(b, boundOfPlans, objects.Plans, func(x *v1alpha1.JointPlan) bool { return b.isVouched(kinds.JointPlan, x.Name) },
		func(x *v1alpha1.JointPlan) string {
			return instant(b.decided[node{kinds.JointPlan, v1alpha1.Name(x.Name)}])
		})
	objects.Campaigns = first(b, boundOfCampaigns, objects.Campaigns, func(x *v1alpha1.Campaign) bool { return b.isVouched(kinds.Campaign, x.Name) },
		func(*v1alpha1.Campaign) string { return "" })
	objects.Reviews = first(b, boundOfReviews, objects.Reviews, func(x *v1alpha1.PlanReview) bool {
		return x.Spec.Party == v1alpha1.PartyVendor || b.isVouched(kinds.PlanReview, x.Name)
	}, func(x *v1alpha1.PlanReview) string { return instant(x.Spec.RecordedTime.Time) })
	objects.Allocations = first(b, boundOfRequests, objects.Allocations, func(x *v1alpha1.MDFAllocation) bool {
		return b.isVouched(kinds.MDFAllocation, x.Name) || b.isPaid(x.Namespace+"/"+x.Name)
	}, func(x *v1alpha1.MDFAllocation) string { return day(x.Spec.RequestedOn) })
	objects.Claims = first(b, boundOfClaims, objects.Claims, func(x *v1alpha1.MDFClaim) bool {
		return len(x.Spec.Payments) > 0 || b.isVouched(kinds.MDFClaim, x.Name) || b.isPaid(x.Namespace+"/"+string(x.Spec.AllocationRef.Name)+"/"+x.Name)
	}, func(x *v1alpha1.MDFClaim) string { return day(x.Spec.ClaimedOn) })
	return objects, b.beyond
}

// decisions returns decisions of the vendor, and the first of the partner's: those on money apart, as not every evaluation looks at them.
func (b *bounding) decisions() []*v1alpha1.ApprovalDecision {
	if len(b.objects.Decisions) <= boundOfDecisions.most {
		return b.objects.Decisions
	}
	var onPlans, onMoney []*v1alpha1.ApprovalDecision
	for _, x := range b.objects.Decisions {
		if x.Spec.TargetRef.Kind == kinds.JointPlan || x.Spec.TargetRef.Kind == kinds.PlanReview {
			onPlans = append(onPlans, x)
		} else {
			onMoney = append(onMoney, x)
		}
	}
	vendors := func(x *v1alpha1.ApprovalDecision) bool { return x.Spec.Party == v1alpha1.PartyVendor }
	since := func(x *v1alpha1.ApprovalDecision) string { return instant(x.Spec.DecidedTime.Time) }
	return append(first(b, boundOfDecisions, onPlans, vendors, since), first(b, boundOnMoney, onMoney, vendors, since)...)
}

// first returns the objects that the vendor has acted on, and the first of the others.
func first[T kinds.Object](b *bounding, of bound, list []T, acted func(T) bool, since func(T) string) []T {
	if len(list) <= of.most {
		return list
	}
	var kept, open []T
	for _, x := range list {
		if acted(x) {
			kept = append(kept, x)
		} else {
			open = append(open, x)
		}
	}
	if len(open) <= of.most {
		return list
	}
	slices.SortFunc(open, func(x, y T) int {
		return cmp.Or(cmp.Compare(since(x), since(y)), cmp.Compare(x.GetName(), y.GetName()))
	})
	who := "the partner"
	if len(b.objects.Partners) > 0 {
		who = "partner " + sorted(b.objects.Partners)[0].Name
	}
	// Without their number: with each that comes or goes, all that are left out would be written again.
	message := fmt.Sprintf("%s has more than %d %s; only the first %d by %s are evaluated, and this is not one of them: the partner deletes those that nobody "+
		"needs, or %s", who, of.most, of.open, of.most, of.by, of.or)
	for _, x := range open[of.most:] {
		b.beyond[node{of.kind, v1alpha1.Name(x.GetName())}] = message
	}
	return append(kept, open[:of.most]...)
}

// isVouched reports whether the vendor has decided on an object or, of a plan or campaign, reported results about it.
func (b *bounding) isVouched(kind, name string) bool {
	if b.vouched == nil {
		b.look()
	}
	return b.vouched[node{kind, v1alpha1.Name(name)}]
}

// look finds what the vendor has acted on, and the first decisions of anybody.
func (b *bounding) look() {
	b.decided, b.vouched = map[node]time.Time{}, map[node]bool{}
	for _, x := range b.objects.Decisions {
		on := node{x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name}
		b.decided[on] = verdict.Earlier(b.decided[on], x.Spec.DecidedTime.Time)
		b.vouched[on] = b.vouched[on] || x.Spec.Party == v1alpha1.PartyVendor
	}
	for _, x := range b.objects.Revisions {
		b.vouched[node{kinds.JointPlan, x.Spec.PlanRef.Name}] = true
	}
	for _, x := range b.objects.Measurements {
		if x.Spec.Source != v1alpha1.SourcePartnerReported {
			b.vouched[node{string(x.Spec.SubjectRef.Kind), x.Spec.SubjectRef.Name}] = true
		}
	}
}

// isPaid reports whether a ledger has an entry of a request, or of a claim.
func (b *bounding) isPaid(name string) bool {
	if b.paid == nil {
		b.paid = map[string]bool{}
		for _, ledger := range b.objects.Ledgers {
			for key := range ledger.Spec.Reserved {
				b.note(key)
			}
			for key := range ledger.Spec.Settled {
				b.note(key)
			}
		}
	}
	return b.paid[name]
}

// note notes the request of a key of a ledger, namespace/allocation/requestID or that and /claim, and the claim.
func (b *bounding) note(key string) {
	const ofClaim = 4
	names := strings.SplitN(key, "/", ofClaim)
	if len(names) > 1 {
		b.paid[names[0]+"/"+names[1]] = true
	}
	if len(names) == ofClaim {
		b.paid[names[0]+"/"+names[1]+"/"+names[3]] = true
	}
}

// last comes after every day and instant.
const last = "~"

// instant returns what instants come in order by; what has none comes last.
func instant(at time.Time) string {
	if at.IsZero() {
		return last
	}
	return at.UTC().Format("2006-01-02T15:04:05.000000000Z")
}

// day returns what days come in order by; what is none comes last.
func day(text v1alpha1.Date) string {
	if _, err := fiscal.ParseDay(text); err != nil {
		return last
	}
	return string(text)
}
