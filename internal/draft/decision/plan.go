package decision

import (
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
)

// planSubject is a plan that is decided on.
type planSubject struct {
	setting

	plan *v1alpha1.JointPlan
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

func (s *planSubject) asked() (parties []v1alpha1.Party, missing int) {
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
	return parties, missing
}

func (s *planSubject) currency() (v1alpha1.CurrencyCode, *v1alpha1.Money) { return "", nil }

func (s *planSubject) repeated(spec *v1alpha1.ApprovalDecisionSpec) error {
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
				"another person of the %s has to decide", one.By, one.Party, spec.Party)
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
	if outcome != v1alpha1.DecisionApproved && of != nil && of.Revision == s.plan.Status.Revision {
		list = append(list, "this takes back the plan of record: until it is approved again, reviews are not due and no new money is granted on it")
	}
	return list
}

func (s *planSubject) effects(d *v1alpha1.ApprovalDecision, at time.Time) ([]string, error) {
	snap := preview.Snapshot(s.objects, s.plan)
	partner := snap.Partner(s.plan.Spec.PartnerRef.Name)
	if partner == nil || snap.Program(partner.Spec.ProgramRef.Name) == nil {
		return nil, nil // the rules are not at hand; the status has told who is asked
	}
	status, _ := decision.Evaluate(snap, d, at)
	if err := refusal(status); err != nil {
		return nil, err
	}
	after := plan.Evaluate(preview.Snapshot(s.with(d), s.plan), s.plan, at).Status
	if c := condition(after.Conditions, v1alpha1.ConditionApproved); c != nil {
		return []string{fmt.Sprintf("The plan is then %s, and Approved is %s (%s): %s", after.Stage, c.Status, c.Reason, c.Message)}, nil
	}
	return nil, nil
}
