package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/verdict"
)

// fieldReviews is the field that findings about reviews as a whole name.
const fieldReviews = "status.reviews"

// occasion is a meeting as the plan sees it: its record, and what the plan's own days make of it.
type occasion struct {
	*meeting.Record

	outside *meeting.Flaw // why it counts for no due day; nil when nothing is wrong
	note    bool          // outside is no fault: a review more than is owed
	closes  bool          // it is a reconciliation that the plan owes, so it counts without a due day of a review
	slot    *slot         // for which it counts or is recorded; nil for none
}

// readMeetings finds how the records of the meetings stand.
func (e *evaluation) readMeetings() {
	rules := meeting.With(meeting.NewRules(e.calendar, e.ground.rules.RuleSet), e.ground.needs(e.tier, e.terms))
	records := meeting.All(&rules, e.snapshot.ReviewsOf(v1alpha1.Name(e.plan.Name)), func(name v1alpha1.Name) []*v1alpha1.ApprovalDecision {
		return e.snapshot.DecisionsAbout(kinds.PlanReview, name)
	}, e.now, e.horizon)
	for _, record := range records {
		e.meetings = append(e.meetings, &occasion{Record: record})
	}
}

// judgeReviews judges the reviews.
func (e *evaluation) judgeReviews() (*v1alpha1.ReviewStatus, verdict.Judgement) {
	none := func(format string, args ...any) (*v1alpha1.ReviewStatus, verdict.Judgement) {
		return nil, verdict.False(v1alpha1.ReasonNoReviewsOwed, format, args...)
	}
	planning := e.tier.planning()
	switch {
	case e.approval.Record == nil:
		return none("no reviews are due until the plan is approved")
	case e.tier.name == "":
		return none("no reviews are due: the partner held no tier on %s, the first day of the period", e.ground.span.From)
	case e.tier.rule == nil:
		return none("no reviews are due: rule set %q has no tier %q, which the partner held on %s, the first day of the period",
			e.ground.rules.Name, e.tier.name, e.ground.span.From)
	case planning == nil || planning.ReviewEvery == "":
		return none("tier %q, which the partner held on %s, requires no reviews under rule set %q", e.tier.name, e.ground.span.From, e.ground.rules.Name)
	}
	rules := newReviewRules(e.ground, planning, e.ground.program.Today(e.approval.Original.ApprovedTime))
	slots := rules.slots()
	e.assign(rules, slots)
	for i := range slots {
		e.reviewDues = append(e.reviewDues, slots[i].due)
	}
	m := newMeetings(rules, slots, e.today)
	m.inVain = e.inVain(slots[m.first:min(m.current+1, len(slots))])
	e.stops = m.stops
	e.promiseReviews(&m)
	e.from(m.nextDay())
	return m.status(), m.judge(&e.findings)
}

// assign gives the records of reviews to the slots: first those that count, then those of the partner that may still count, which stop the clock of
// their slot, and last those that stopped it until they were disputed.
func (e *evaluation) assign(rules reviewRules, slots []slot) {
	var valid []*occasion
	for _, o := range e.meetings {
		switch {
		case !o.Known || o.Flaw != nil || o.Spec.Occasion == v1alpha1.OccasionKickOff:
		case o.HeldOn < rules.anchor:
			o.outside = &meeting.Flaw{Reason: v1alpha1.ReasonNoSlot, Rule: RuleReviewTooEarly, Field: "spec.heldOn", Message: fmt.Sprintf(
				"reviews count from %s on, the later of the first day of the period and the day of approval", rules.anchor)}
		default:
			valid = append(valid, o)
		}
	}
	asRecorded := slices.Clone(valid) // in the order of meeting.All: by instant, then by name
	slices.SortStableFunc(valid, func(a, b *occasion) int { return cmp.Compare(a.HeldOn, b.HeldOn) })
	hold(slots, valid)
	for _, o := range asRecorded {
		if !o.Counts() {
			record(slots, o)
		}
	}
	for _, o := range valid {
		if o.slot == nil && o.Confirmation != v1alpha1.ConfirmationUpheld {
			o.note = true
			o.outside = &meeting.Flaw{Reason: v1alpha1.ReasonNoSlot, Rule: RuleReviewExtra, Field: "spec.heldOn", Message: fmt.Sprintf(
				"the meeting of %s matches no due day: none was open on that day (a review can be held from %s before its due day on, a reconciliation for the "+
					"last one)", o.HeldOn, verdict.Count(rules.opensAhead, "day"))}
		}
	}
}

// inVain says of records that were to end what is overdue why they do not: one sentence, about the last of them; empty when there are none.
func (e *evaluation) inVain(run []slot) string {
	if len(run) == 0 {
		return ""
	}
	var last *occasion
	count := 0
	for _, o := range e.meetings {
		if o.Known && !o.Counts() && !o.Awaited() && o.Spec.Occasion != v1alpha1.OccasionKickOff && o.HeldOn >= run[0].opens {
			last = o
			count++
		}
	}
	if last == nil {
		return ""
	}
	why := last.Judge().Message
	if last.Flaw != nil {
		why = fmt.Sprintf("PlanReview %q %s", last.Name, why)
	}
	if count > 1 {
		why += fmt.Sprintf(" (and %s that %s not count either)", verdict.Count(count-1, "record"), map[bool]string{true: "does", false: "do"}[count == 2])
	}
	return why
}

// Meeting is how the record of a meeting stands, as its plan sees it.
type Meeting struct {
	*meeting.Record

	// Counts is the condition Counts.
	Counts verdict.Judgement
	// Findings are about the record.
	Findings []v1alpha1.Finding
	// SlotDue is the due day of the review that it holds, or is recorded for; absent for none.
	SlotDue fiscal.Day
}

// told returns how all records of meetings stand.
func (e *evaluation) told() map[string]*Meeting {
	all := make(map[string]*Meeting, len(e.meetings))
	for _, o := range e.meetings {
		m := &Meeting{Record: o.Record, Counts: o.Judge()}
		if o.slot != nil {
			m.SlotDue = o.slot.due
		}
		var findings verdict.Findings
		switch {
		case o.Known && o.Flaw != nil:
			findings.Warningf(o.Flaw.Rule, o.Flaw.Field, "the record does not count: %s", o.Flaw.Message)
		case o.outside == nil || o.closes:
		case o.note:
			findings.Infof(o.outside.Rule, o.outside.Field, "%s", o.outside.Message)
		default:
			findings.Warningf(o.outside.Rule, o.outside.Field, "the record does not count: %s", o.outside.Message)
		}
		if o.outside != nil && !o.closes && (o.Counts() || o.Open()) {
			m.Counts = verdict.False(o.outside.Reason, "does not count: %s", o.outside.Message)
		}
		e.checkAnswers(o, &findings, "spec")
		e.checkNames(o, &findings)
		m.Findings = findings.List()
		all[o.Name] = m
	}
	return all
}

// checkAnswers notes an answer that the vendor owes, and a dispute that is open.
func (e *evaluation) checkAnswers(o *occasion, findings *verdict.Findings, field string) {
	switch {
	case e.owesAnswer(o) && e.today > o.AnswerBy:
		findings.Warningf(RuleReviewUnanswered, field, "the vendor was to confirm or dispute by %s the meeting of %s, which the partner recorded on %s (PlanReview %q): "+
			"it counts without that; the vendor confirms it", o.AnswerBy, o.HeldOn, o.RecordedOn, o.Name)
	case e.disputed(o) && o.Dispute.Overdue(e.today):
		findings.Warningf(RuleDisputeOverdue, field, "the dispute about the meeting of %s was to be resolved by %s and is escalated to the %s: %s",
			o.HeldOn, o.Dispute.ResolveBy, o.EscalateTo(), o.Disputed())
	case e.disputed(o):
		findings.Infof(RuleReviewDisputed, field, "the meeting of %s, which the %s recorded on %s, is disputed: %s", o.HeldOn, o.Spec.Party, o.RecordedOn, o.Disputed())
	}
}

// owesAnswer reports whether the vendor has not answered what the partner recorded.
func (*evaluation) owesAnswer(o *occasion) bool {
	return o.Known && o.Flaw == nil && o.Spec.Party == v1alpha1.PartyPartner && !o.Answered
}

// disputed reports whether a dispute about a record is open.
func (*evaluation) disputed(o *occasion) bool {
	return o.Known && o.Confirmation == v1alpha1.ConfirmationDisputed
}

// openAnswers returns the answers that the vendor owes, and the disputes to be resolved.
func (e *evaluation) openAnswers() []v1alpha1.OpenItem {
	var items []v1alpha1.OpenItem
	for _, o := range e.meetings {
		if o.Known && o.Flaw == nil && o.Spec.Party == v1alpha1.PartyPartner {
			e.promise(Promise{Kind: kindConfirmation, Name: v1alpha1.ItemName(o.Name), Party: v1alpha1.PartyVendor, Due: o.AnswerBy, DoneOn: o.AnsweredOn})
		}
		e.promiseResolution(o)
		switch {
		case e.owesAnswer(o):
			item, _ := e.open(kindConfirmation, v1alpha1.ItemName(o.Name), v1alpha1.PartyVendor, o.AnswerBy)
			items = append(items, item)
		case e.disputed(o):
			item, _ := e.open(kindDispute, v1alpha1.ItemName(o.Name), v1alpha1.PartyVendor, o.Dispute.ResolveBy)
			item.Role = o.Resolver()
			items = append(items, item)
		default:
			continue
		}
		e.checkAnswers(o, &e.findings, fieldReviews)
	}
	return items
}

// promiseResolution notes the resolution of a dispute, unless whoever raised it took it back.
func (e *evaluation) promiseResolution(o *occasion) {
	if o.Dispute == nil || o.Dispute.Resolution == nil && !e.disputed(o) {
		return
	}
	p := Promise{Kind: kindDispute, Name: v1alpha1.ItemName(o.Name), Party: v1alpha1.PartyVendor, Due: o.Dispute.ResolveBy}
	if d := o.Dispute.Resolution; d != nil {
		p.DoneOn = e.localDay(d.Spec.DecidedTime.Time)
	}
	e.promise(p)
}

// kickOff returns the record of the kick-off that counts or else may still count; nil when there is none. vain says why others do not.
func (e *evaluation) kickOff() (found *occasion, vain string) {
	for _, o := range e.meetings {
		switch {
		case o.Spec.Occasion != v1alpha1.OccasionKickOff || !o.Known:
		case o.Counts():
			return o, ""
		case o.Awaited():
			found = o
		default:
			vain = strings.TrimSuffix(fmt.Sprintf("; PlanReview %q: %s", o.Name, o.Judge().Message), ".")
		}
	}
	return found, vain
}
