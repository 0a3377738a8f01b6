package decision

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// planSubject is a plan that is decided on.
type planSubject struct {
	setting

	plan    *v1alpha1.JointPlan
	outcome v1alpha1.DecisionOutcome // that is wished
}

func (s *planSubject) key() manifest.Key {
	return manifest.Key{Kind: kindPlan, Namespace: s.plan.Namespace, Name: s.plan.Name}
}

func (s *planSubject) status() *v1alpha1.CommonStatus { return &s.plan.Status.CommonStatus }

func (s *planSubject) revision() (stated, actual string) {
	return s.plan.Status.Revision, plan.Revision(&s.plan.Spec.PlanTerms)
}

// open always is: a draft is submitted by the partner's decision.
func (s *planSubject) open() error { return nil }

// asked are the parties that approve. The partner alone submits, and takes back what it submitted.
func (s *planSubject) asked() (parties []v1alpha1.Party, missing int) {
	if s.submits() && len(s.plan.Status.Approvals) > 0 {
		return []v1alpha1.Party{v1alpha1.PartyPartner}, 1
	}
	for _, done := range []bool{false, true} {
		for i := range s.plan.Status.Approvals {
			one := &s.plan.Status.Approvals[i]
			if (one.State == string(v1alpha1.DecisionApproved)) == done {
				parties = append(parties, one.Party)
			}
		}
		if !done {
			missing = len(parties)
		}
	}
	if sendsBack(s.outcome) && s.pending() != nil && !s.asks(v1alpha1.PartyPartner) {
		parties = append(parties, v1alpha1.PartyPartner)
	}
	return parties, missing
}

// submits reports whether the partner wants to submit the plan.
func (s *planSubject) submits() bool { return s.outcome == v1alpha1.DecisionSubmitted }

// asks reports whether a party has to approve the plan.
func (s *planSubject) asks(party v1alpha1.Party) bool { return s.approvalOf(party) != nil }

// approvalOf returns how a party has decided on the current revision; nil when the program does not ask it.
func (s *planSubject) approvalOf(party v1alpha1.Party) *v1alpha1.PartyApproval {
	for i := range s.plan.Status.Approvals {
		if one := &s.plan.Status.Approvals[i]; one.Party == party {
			return one
		}
	}
	return nil
}

// pending is the submission of the current revision that waits for the vendor; nil when there is none.
func (s *planSubject) pending() *v1alpha1.PlanSubmission {
	if x := s.plan.Status.Submission; x != nil && x.Revision == s.plan.Status.Revision && x.DecidedOn == "" {
		return x
	}
	return nil
}

// decisionOf returns a decision on the plan; nil when it is not at hand.
func (s *planSubject) decisionOf(name v1alpha1.Name) *v1alpha1.ApprovalDecision {
	d, _ := preview.Find(s.objects, kinds.ApprovalDecision, s.namespace, string(name)).(*v1alpha1.ApprovalDecision)
	return d
}

// notToSubmit says why the plan cannot be submitted as it is; nil when it can.
func (s *planSubject) notToSubmit() error {
	of, vendor, pending := s.plan.Status.PlanOfRecord, s.approvalOf(v1alpha1.PartyVendor), s.pending()
	wrong := plan.ErrorsInTerms(s.plan.Status.Findings)
	switch {
	case of != nil && of.Revision == s.plan.Status.Revision:
		return fmt.Errorf("there is nothing to submit: %s is approved as it is, and the plan of record since %s. To change it, edit the plan first", s.key(),
			of.ApprovedTime.UTC().Format(time.DateOnly))
	case vendor != nil && sendsBack(v1alpha1.DecisionOutcome(vendor.State)):
		why := ""
		if d := s.decisionOf(vendor.Decision); d != nil && d.Spec.Comment != "" {
			why = fmt.Sprintf(": %q", d.Spec.Comment)
		}
		return fmt.Errorf("the vendor %s this revision of %s%s (%s, ApprovalDecision %s)%s; the same text cannot be submitted again: change what the vendor objects "+
			"to, then submit that", verbs[v1alpha1.DecisionOutcome(vendor.State)], s.key(), on(vendor.DecidedTime), vendor.By, vendor.Decision, why)
	case pending != nil:
		by := ""
		if d := s.decisionOf(pending.Decision); d != nil {
			by = " by " + d.Spec.ApprovedBy
		}
		return fmt.Errorf("there is nothing to submit: this revision of %s was submitted%s on %s already (ApprovalDecision %s); %s", s.key(), by, pending.SubmittedOn,
			pending.Decision, decideBy(pending))
	case len(wrong) > 0:
		lines := []error{fmt.Errorf("%s has %s, and a text with errors is not submitted: correct what follows, then submit the plan", s.key(),
			verdict.Count(len(wrong), "error"))}
		for _, x := range wrong {
			lines = append(lines, fmt.Errorf("%s", Finding{Finding: x}))
		}
		return errors.Join(lines...)
	default:
		return nil
	}
}

// decideBy says until when the vendor decides on a submission.
func decideBy(x *v1alpha1.PlanSubmission) string {
	if x.OverdueSince != "" {
		return fmt.Sprintf("the vendor's decision was due by %s and is late", x.DecideThrough)
	}
	return fmt.Sprintf("the vendor decides by %s", x.DecideThrough)
}

func (s *planSubject) currency() (v1alpha1.CurrencyCode, *v1alpha1.Money) { return "", nil }

func (s *planSubject) repeated(spec *v1alpha1.ApprovalDecisionSpec) error {
	if s.submits() {
		if err := s.notToSubmit(); err != nil {
			return err
		}
	}
	approved := condition(s.plan.Status.Conditions, v1alpha1.ConditionApproved)
	if spec.Party == v1alpha1.PartyVendor && approved != nil && approved.Reason == v1alpha1.ReasonDraft {
		return fmt.Errorf("%s is not submitted, and the vendor does not decide on a draft: %s", s.key(), approved.Message)
	}
	for i := range s.plan.Status.Approvals {
		one := &s.plan.Status.Approvals[i]
		switch {
		case one.Party == spec.Party && one.State == string(spec.Decision):
			return fmt.Errorf("the decision would have no effect: %s %s this revision for the %s already%s (ApprovalDecision %s)",
				one.By, verbs[spec.Decision], spec.Party, on(one.DecidedTime), one.Decision)
		case one.Party != spec.Party && identity.SamePerson(one.By, spec.ApprovedBy) && one.State == string(v1alpha1.DecisionApproved) &&
			spec.Decision == v1alpha1.DecisionApproved:
			return fmt.Errorf("the decision would have no effect: %s approved this revision for the %s, and one person cannot approve for both parties: "+
				"someone else at the %s must decide", one.By, one.Party, spec.Party)
		case one.Party != spec.Party && identity.SamePerson(one.AttestedBy, spec.ApprovedBy) && one.State == string(v1alpha1.DecisionApproved) &&
			spec.Decision == v1alpha1.DecisionApproved:
			return fmt.Errorf("the decision would have no effect: %s recorded the approval of the %s from a document (ApprovalDecision %s), and so cannot approve for "+
				"the %s: another person has to", spec.ApprovedBy, one.Party, one.Decision, spec.Party)
		}
	}
	return nil
}

// others are the people who must not be the one who decides for a party.
func (s *planSubject) others(party v1alpha1.Party) []other {
	var others []other
	for i := range s.plan.Status.Approvals {
		if one := &s.plan.Status.Approvals[i]; one.Party != party && one.State == string(v1alpha1.DecisionApproved) {
			others = append(others, other{one.By, fmt.Sprintf("approved it for the %s", one.Party)})
		}
	}
	return others
}

func on(at *metav1.Time) string {
	if at == nil {
		return ""
	}
	return " on " + at.UTC().Format(time.DateOnly)
}

func (s *planSubject) terms(time.Time) []Term {
	t := &s.plan.Spec.PlanTerms
	list := []Term{termf("", "Plan of %s for %s, %s", t.PartnerRef.Name, s.period(), s.submitted()), {Text: s.changes()}}
	list = append(list, s.attestedDecisions(s.key())...)
	list = append(list, s.goals()...)
	list = append(list, activities(t.Activities)...)
	if len(t.Commitments) > 0 {
		list = append(list, Term{Text: "Commitments:"})
	}
	for i := range t.Commitments {
		c := &t.Commitments[i]
		list = append(list, entryf("%s: %s%s", c.Party, c.Description, by(c.Due)))
	}
	return list
}

// submitted says when the current terms were submitted, and until when the vendor decides.
func (s *planSubject) submitted() string {
	x := s.plan.Status.Submission
	switch {
	case x == nil || x.Revision != s.plan.Status.Revision:
		return "not submitted yet"
	case x.DecidedOn != "":
		return fmt.Sprintf("submitted on %s, decided on %s", x.SubmittedOn, x.DecidedOn)
	case x.OverdueSince != "":
		return fmt.Sprintf("submitted on %s, to be decided by %s: late since %s", x.SubmittedOn, x.DecideThrough, x.OverdueSince)
	default:
		return fmt.Sprintf("submitted on %s, to be decided by %s", x.SubmittedOn, x.DecideThrough)
	}
}

func (s *planSubject) period() string {
	status := &s.plan.Status
	if status.Period == nil {
		return "a period that is not known"
	}
	return strings.TrimSpace(fmt.Sprintf("%s, %s to %s", status.PeriodLabel, status.Period.From, status.Period.Through))
}

// record returns the terms of the plan of record; nil when there is none, or they are not known.
func (s *planSubject) record() *v1alpha1.PlanTerms {
	of := s.plan.Status.PlanOfRecord
	if of == nil {
		return nil
	}
	if revision, ok := preview.Find(s.objects, kinds.PlanRevision, s.plan.Namespace, string(of.Name)).(*v1alpha1.PlanRevision); ok {
		return &revision.Spec.Terms
	}
	return nil
}

func (s *planSubject) changes() string {
	of, record := s.plan.Status.PlanOfRecord, s.record()
	switch {
	case of == nil:
		return "There is no plan of record yet."
	case of.Revision == s.plan.Status.Revision:
		return fmt.Sprintf("It is the plan of record since %s.", of.ApprovedTime.UTC().Format(time.DateOnly))
	case record == nil:
		return fmt.Sprintf("The plan of record is another revision, %s; its content is not at hand, so what changes is not known.", of.Revision)
	default:
		return fmt.Sprintf("Against the plan of record (revision %s, approved on %s) the new terms %s.",
			revision.Short(of.Revision), of.ApprovedTime.UTC().Format(time.DateOnly), plan.Changes(record, &s.plan.Spec.PlanTerms))
	}
}

// goals lists the goals, with what the targets of the plan of record are where they are others.
func (s *planSubject) goals() []Term {
	if len(s.plan.Spec.Goals) == 0 {
		return nil
	}
	list := []Term{{Text: "Goals:"}}
	before := map[v1alpha1.Name]string{}
	if record := s.record(); record != nil {
		for i := range record.Goals {
			before[record.Goals[i].Name] = target(&record.Goals[i])
		}
	}
	for i := range s.plan.Spec.Goals {
		goal := &s.plan.Spec.Goals[i]
		line := fmt.Sprintf("%s: %s%s", goal.Name, target(goal), by(goal.Due))
		if goal.WeightPercent != "" {
			line += fmt.Sprintf(", weight %s%%", goal.WeightPercent)
		}
		if then := before[goal.Name]; then != "" && then != target(goal) {
			line += fmt.Sprintf(" (of record: %s)", then)
		}
		list = append(list, entryf("%s", line))
	}
	return list
}

// target says what a goal wants to reach.
func target(goal *v1alpha1.Goal) string {
	if goal.Target == nil {
		return string(goal.Deliverable)
	}
	const digits = 2
	value, err := attainment.Target(goal)
	if err != nil {
		return fmt.Sprintf("%s %s %s", goal.Metric, goal.Target.Mode, goal.Target.Value)
	}
	text := fmt.Sprintf("%s %s", goal.Metric, decimal.FormatShort(value, digits))
	if goal.Baseline != "" {
		if from, err := decimal.Parse(goal.Baseline); err == nil {
			text += ", from " + decimal.FormatShort(from, digits)
		}
	}
	return text
}

// activities lists activities with their days and money, and the sum of each currency.
func activities(list []v1alpha1.PlannedActivity) []Term {
	if len(list) == 0 {
		return nil
	}
	terms := []Term{{Text: "Activities:"}}
	sums := map[v1alpha1.CurrencyCode]int64{}
	for i := range list {
		x := &list[i]
		line := fmt.Sprintf("%s: %s", x.Name, x.Type)
		if x.From != "" || x.Through != "" {
			line += fmt.Sprintf(", %s to %s", x.From, x.Through)
		}
		if x.Cost != nil {
			line += ", " + amount(*x.Cost)
			if minor, err := money.ParseMoney(*x.Cost); err == nil {
				sums[x.Cost.Currency] += minor
			}
		}
		terms = append(terms, entryf("%s", line))
	}
	for _, code := range slices.Sorted(maps.Keys(sums)) {
		terms = append(terms, entryf("all together: %s", money.Format(sums[code], code)))
	}
	return terms
}

// amount writes an amount for people.
func amount(m v1alpha1.Money) string {
	if minor, err := money.ParseMoney(m); err == nil {
		return money.Format(minor, m.Currency)
	}
	return fmt.Sprintf("%s %s", m.Currency, m.Amount)
}

func by(day v1alpha1.Date) string {
	if day == "" {
		return ""
	}
	return ", by " + string(day)
}

func (s *planSubject) warnings(w *Wish) []string {
	return append(s.against(w.Outcome), w.alike(s.others(w.Party))...)
}

// against says what speaks against an outcome, whoever decides.
func (s *planSubject) against(outcome v1alpha1.DecisionOutcome) []string {
	list := suspended(s.status())
	of := s.plan.Status.PlanOfRecord
	if c := condition(s.plan.Status.Conditions, v1alpha1.ConditionSmart); !sendsBack(outcome) && c != nil && c.Status == metav1.ConditionFalse {
		list = append(list, "the plan is not SMART, and approving it binds both parties to it as it is: "+c.Message)
	}
	if sendsBack(outcome) && of != nil && of.Revision == s.plan.Status.Revision {
		list = append(list, "this takes back the plan of record: until it is approved again, reviews are not due and no new money is granted on it")
	}
	return list
}

func (s *planSubject) effects(d *v1alpha1.ApprovalDecision, at time.Time) ([]string, error) {
	snap := preview.Snapshot(s.objects, s.plan)
	partner := snap.Partner(s.plan.Spec.PartnerRef.Name)
	if partner == nil || snap.Program(partner.Spec.ProgramRef.Name) == nil {
		return s.submission(d, nil), nil // the rules are not at hand; the status has told who is asked
	}
	status, _ := decision.Evaluate(snap, d, at)
	if err := refusal(status); err != nil {
		return nil, err
	}
	after := plan.Evaluate(preview.Snapshot(s.with(d), s.plan), s.plan, at).Status
	list := s.submission(d, after.Submission)
	if c := condition(after.Conditions, v1alpha1.ConditionApproved); c != nil {
		if s.submits() && c.Status != metav1.ConditionTrue && (after.Submission == nil || after.Submission.Decision != v1alpha1.Name(d.Name)) {
			return nil, fmt.Errorf("the decision would not submit the plan: %s", c.Message)
		}
		list = append(list, fmt.Sprintf("The plan is then %s, and Approved is %s (%s): %s", after.Stage, c.Status, c.Reason, c.Message))
	}
	return list, nil
}

// submission says how a decision submits the plan, and who decides next by when: as the status is then, or in words of now where that is not known.
func (s *planSubject) submission(d *v1alpha1.ApprovalDecision, then *v1alpha1.PlanSubmission) []string {
	if !s.submits() {
		return nil
	}
	text := "This submits the plan, which the vendor alone approves"
	if d.Spec.Decision == v1alpha1.DecisionApproved {
		text = "The program asks the partner to approve too, and with this approval the plan is submitted"
	}
	approved := condition(s.plan.Status.Conditions, v1alpha1.ConditionApproved)
	switch {
	case then != nil && then.Decision == v1alpha1.Name(d.Name) && then.DecidedOn == "":
		text += ": " + decideBy(then)
	case !s.asks(v1alpha1.PartyVendor), then != nil: // the vendor is not asked, or approved ahead
		text += ": nobody else has to decide"
	case approved != nil && approved.Reason == v1alpha1.ReasonDraft:
		text += ". Until now " + approved.Message
	default:
		text += ": the vendor decides next, by the day that the plan then names (kubectl jointplan explain)"
	}
	return []string{text}
}
