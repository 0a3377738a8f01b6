package plan

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// fieldReviews is the field that findings about reviews as a whole name.
const fieldReviews = "spec.reviews"

// judgeReviews judges the reviews of a plan that closes after a day.
func (e *evaluation) judgeReviews(closes fiscal.Day) (*v1alpha1.ReviewStatus, verdict.Judgement) {
	held := e.validReviews()
	none := func(format string, args ...any) (*v1alpha1.ReviewStatus, verdict.Judgement) {
		return nil, verdict.False(v1alpha1.ReasonNoReviewsOwed, format, args...)
	}
	planning := e.tier.planning()
	switch {
	case e.approval.Record == nil:
		return none("no review is owed while the plan is not approved")
	case e.tier.name == "":
		return none("no review is owed: the partner held no tier on %s, the first day of the period", e.ground.span.From)
	case e.tier.rule == nil:
		return none("no review is owed: rule set %q has no tier %q, which the partner held on %s, the first day of the period",
			e.ground.rules.Name, e.tier.name, e.ground.span.From)
	case planning == nil || planning.ReviewEvery == "":
		return none("tier %q, which the partner held on %s, owes no reviews under rule set %q", e.tier.name, e.ground.span.From, e.ground.rules.Name)
	}
	rules := newReviewRules(e.ground, planning, e.ground.program.Today(e.approval.Original.ApprovedTime), closes)
	held = e.afterAnchor(held, rules.anchor)
	slots := rules.slots()
	for _, day := range hold(slots, held) {
		e.findings.Infof(RuleReviewExtra, e.reviewField(day.Date()),
			"the review of %s counts for no due day: none was open on that day (a review can be held from %s before its due day on)",
			day, verdict.Count(rules.opensAhead, "day"))
	}
	m := newMeetings(rules, slots, e.today)
	e.from(m.nextDay())
	return m.status(), m.judge(&e.findings)
}

// validReviews returns the days of the reviews that count, in order and each once, and says why the others do not.
func (e *evaluation) validReviews() []fiscal.Day {
	var days []fiscal.Day
	recorded := map[fiscal.Day]int{}
	for i := range e.plan.Spec.Reviews {
		review := &e.plan.Spec.Reviews[i]
		field := e.reviewField(review.HeldOn)
		day, ok := e.day(field+".heldOn", review.HeldOn)
		if !ok {
			continue
		}
		if day > e.today {
			e.from(day)
			e.findings.Errorf(RuleReviewInFuture, field+".heldOn",
				"%s has not come yet: a review is recorded once it was held, and counts from that day on; remove it or correct the day", day)
			continue
		}
		recorded[day]++
		if recorded[day] == 2 {
			e.findings.Errorf(RuleReviewTwice, field+".heldOn", "two reviews were held on %s: they count as one; merge them, or correct a day", day)
		}
		if e.complete(review, field) {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// complete reports whether a review has what a review needs to count.
func (e *evaluation) complete(review *v1alpha1.Review, field string) bool {
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if !slices.ContainsFunc(review.Attendees, func(a v1alpha1.Attendee) bool { return a.Party == party }) {
			e.findings.Warningf(RuleReviewOneSided, field+".attendees",
				"the review of %s does not count: no attendee is of the %s; a review needs attendees of both parties", review.HeldOn, party)
			return false
		}
	}
	if review.Outcome == "" || len(review.Actions) == 0 && review.NoActionsBecause == "" {
		e.findings.Warningf(RuleReviewIncomplete, field,
			"the review of %s does not count: it needs an outcome, and actions or the reason why there are none (noActionsBecause)", review.HeldOn)
		return false
	}
	return true
}

// afterAnchor leaves out the reviews that were held before review slots began.
func (e *evaluation) afterAnchor(days []fiscal.Day, anchor fiscal.Day) []fiscal.Day {
	return slices.DeleteFunc(days, func(day fiscal.Day) bool {
		if day >= anchor {
			return false
		}
		e.findings.Warningf(RuleReviewTooEarly, e.reviewField(day.Date()),
			"the review of %s does not count: reviews count from %s on, the later of the first day of the period and the day of approval", day, anchor)
		return true
	})
}

func (e *evaluation) reviewField(heldOn v1alpha1.Date) string { return item(fieldReviews, heldOn) }
