package plan

import (
	"cmp"
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// Kinds of done items and of open items.
const (
	kindGoal        = "Goal"
	kindCommitment  = "Commitment"
	kindAction      = "Action"
	kindDeliverable = "Deliverable"
	kindRisk        = "Risk"

	kindConfirmation = "Confirmation"
	kindDispute      = "Dispute"
)

// maxOpenItems is the number of open items that a status holds.
const maxOpenItems = 64

// checkProgress collects what was done by today, and notes what progress names that the plan does not have.
func (e *evaluation) checkProgress() {
	progress := e.plan.Spec.Progress
	if progress == nil {
		return
	}
	for i := range progress.Done {
		done := &progress.Done[i]
		field := "spec.progress.done[" + done.Kind + "/" + string(done.Name) + "]"
		if e.happened(field+".day", done.Day) && e.knows(done, field) {
			e.done = append(e.done, *done)
		}
	}
	for i := range progress.FiredRisks {
		e.checkFiredRisk(&progress.FiredRisks[i])
	}
}

// happened reports whether a day on which something is said to have happened has come.
func (e *evaluation) happened(field string, text v1alpha1.Date) bool {
	day, ok := e.day(field, text)
	if !ok {
		return false
	}
	if day > e.today {
		e.from(day)
		e.findings.Errorf(RuleFactInFuture, field, "%s is in the future: it counts from that day on; record it once it has happened, or correct the day", day)
		return false
	}
	return true
}

// knows reports whether a done item is an action of a review, or a deliverable goal, a commitment or a risk of the plan, under the plan of record or the
// current terms.
func (e *evaluation) knows(done *v1alpha1.DoneItem, field string) bool {
	if done.Kind == kindAction {
		return e.knowsAction(done, field)
	}
	names := map[string]bool{}
	for _, terms := range []*v1alpha1.PlanTerms{e.terms, &e.plan.Spec.PlanTerms} {
		switch done.Kind {
		case kindCommitment:
			for i := range terms.Commitments {
				names[string(terms.Commitments[i].Name)] = true
			}
			continue
		case kindRisk:
			for i := range terms.Risks {
				names[string(terms.Risks[i].Name)] = true
			}
			continue
		}
		for i := range terms.Goals {
			names[string(terms.Goals[i].Name)] = true
		}
		if g := goal(terms, v1alpha1.Name(done.Name)); g != nil && g.Metric != "" {
			e.findings.Warningf(RuleDoneNotDeliverable, field, "goal %q is measured by metric %q and cannot be reported as done: remove the entry; "+
				"results come from a MeasurementSet", g.Name, g.Metric)
			return false
		}
	}
	if names[string(done.Name)] {
		return true
	}
	what := map[string]string{kindCommitment: "commitment", kindRisk: "risk"}[done.Kind]
	if what == "" {
		what = "goal"
	}
	e.findings.Errorf(RuleDoneUnknown, field, "the plan has %s", verdict.NoSuch(what, string(done.Name), sortedKeys(names)))
	return false
}

// knowsAction reports whether a done item is an action of a recorded meeting.
func (e *evaluation) knowsAction(done *v1alpha1.DoneItem, field string) bool {
	names := map[string]bool{}
	for _, o := range e.meetings {
		for i := range o.Spec.Actions {
			names[string(actionName(o, &o.Spec.Actions[i]))] = true
		}
	}
	if !names[string(done.Name)] {
		e.findings.Errorf(RuleDoneUnknown, field, "the reviews of the plan have %s", verdict.NoSuch("action", string(done.Name), sortedKeys(names)))
	}
	return names[string(done.Name)]
}

// actionName names an action: by its PlanReview, a slash, and its own name.
func actionName(o *occasion, action *v1alpha1.ActionItem) v1alpha1.ItemName {
	return v1alpha1.ItemName(o.Name + "/" + string(action.Name))
}

// checkFiredRisk looks up what the plan says for a risk that occurred.
func (e *evaluation) checkFiredRisk(fired *v1alpha1.FiredRisk) {
	field := item("spec.progress.firedRisks", fired.Name)
	if e.happened(field+".day", fired.Day) {
		e.fired = append(e.fired, *fired)
	}
	names := map[string]bool{}
	foreseen := false
	for _, terms := range []*v1alpha1.PlanTerms{e.terms, &e.plan.Spec.PlanTerms} {
		for i := range terms.Risks {
			risk := &terms.Risks[i]
			names[string(risk.Name)] = true
			foreseen = foreseen || risk.Name == fired.Name && risk.Contingency != ""
		}
	}
	switch {
	case !names[string(fired.Name)]:
		e.findings.Errorf(RuleRiskUnknown, field, "the plan has %s", verdict.NoSuch("risk", string(fired.Name), sortedKeys(names)))
	case !foreseen:
		e.findings.Warningf(RuleRiskWithoutContingency, field, "risk %q occurred on %s and the plan has no contingency for it: add one",
			fired.Name, fired.Day)
	}
}

// openItems returns what is still to be done, by due day: actions of reviews, answers and resolutions that records of them wait for, and, once the plan
// is approved, its commitments, deliverables and risks that occurred. What is overdue is a finding; overdue deliverables show in the goals.
func (e *evaluation) openItems() []v1alpha1.OpenItem {
	items := append(e.openActions(), e.openAnswers()...)
	if e.approval.Record != nil {
		items = append(items, e.openCommitments()...)
		items = append(items, e.openDeliverables()...)
		items = append(items, e.openRisks()...)
	}
	slices.SortFunc(items, func(a, b v1alpha1.OpenItem) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Party, b.Party))
	})
	return items[:min(len(items), maxOpenItems)]
}

// open returns an open item, and whether it is overdue.
func (e *evaluation) open(kind string, name v1alpha1.ItemName, party v1alpha1.Party, due fiscal.Day) (v1alpha1.OpenItem, bool) {
	e.from(due.AddDays(1))
	overdue := e.today > due
	state := string(v1alpha1.ObligationPending)
	if overdue {
		state = string(v1alpha1.ObligationOverdue)
	}
	return v1alpha1.OpenItem{Kind: kind, Name: name, Party: party, Due: due.Date(), State: state}, overdue
}

// openActions returns the actions that were decided on in meetings. What was recorded twice, or in a dispute was found to be wrong, decides nothing.
func (e *evaluation) openActions() []v1alpha1.OpenItem {
	var items []v1alpha1.OpenItem
	for _, o := range e.meetings {
		if !o.Known || o.HeldOn.IsZero() || o.Confirmation == v1alpha1.ConfirmationUpheld || o.Flaw != nil && o.Flaw.Reason == v1alpha1.ReasonRecordedTwice {
			continue
		}
		for i := range o.Spec.Actions {
			action := &o.Spec.Actions[i]
			name := actionName(o, action)
			due, err := fiscal.ParseDay(action.Due)
			if err != nil {
				continue // the schema refuses it
			}
			done := e.doneOn(kindAction, name)
			e.promise(Promise{Kind: kindAction, Name: name, Party: action.Party, Due: due, DoneOn: done})
			if !done.IsZero() {
				continue
			}
			open, overdue := e.open(kindAction, name, action.Party, due)
			heard := e.escalate(&open, due)
			items = append(items, open)
			if overdue {
				e.findings.Warningf(RuleActionOverdue, "spec.progress.done", "the %s's action %q, decided in the meeting of %s, was due by %s%s: do it and record it "+
					"in spec.progress.done as {kind: Action, name: %s}", action.Party, action.Name, o.HeldOn, due, heard, name)
			}
		}
	}
	return items
}

func (e *evaluation) openCommitments() []v1alpha1.OpenItem {
	var items []v1alpha1.OpenItem
	for i := range e.terms.Commitments {
		commitment := &e.terms.Commitments[i]
		due, err := dueOr(commitment.Due, e.ground.span.Through)
		if err != nil {
			continue // a wrong day is found with the sections
		}
		done := e.doneOn(kindCommitment, v1alpha1.ItemName(commitment.Name))
		e.promise(Promise{Kind: kindCommitment, Name: v1alpha1.ItemName(commitment.Name), Party: commitment.Party, Due: due, DoneOn: done})
		if !done.IsZero() {
			continue
		}
		open, overdue := e.open(kindCommitment, v1alpha1.ItemName(commitment.Name), commitment.Party, due)
		heard := e.escalate(&open, due)
		items = append(items, open)
		if overdue {
			e.findings.Warningf(RuleCommitmentOverdue, item(e.root()+".commitments", commitment.Name),
				"the %s's commitment %q was due by %s%s: keep it and record it in spec.progress.done", commitment.Party, commitment.Name, due, heard)
		}
	}
	return items
}

func (e *evaluation) openDeliverables() []v1alpha1.OpenItem {
	var items []v1alpha1.OpenItem
	for i := range e.terms.Goals {
		g := &e.terms.Goals[i]
		due, err := dueOr(g.Due, e.ground.span.Through)
		if g.Deliverable == "" || err != nil {
			continue // a wrong day is found with the goals
		}
		done := e.doneOn(kindGoal, v1alpha1.ItemName(g.Name))
		e.promise(Promise{Kind: kindDeliverable, Name: v1alpha1.ItemName(g.Name), Party: g.Owner, Due: due, DoneOn: done})
		if !done.IsZero() {
			continue
		}
		open, _ := e.open(kindDeliverable, v1alpha1.ItemName(g.Name), g.Owner, due)
		e.escalate(&open, due)
		items = append(items, open)
	}
	return items
}

// openRisks returns the risks that occurred and on whose contingency nobody has decided: by the next review, where one is owed.
func (e *evaluation) openRisks() []v1alpha1.OpenItem {
	var items []v1alpha1.OpenItem
	for i := range e.fired {
		fired := &e.fired[i]
		risk := e.risk(fired.Name)
		on, err := fiscal.ParseDay(fired.Day)
		if risk == nil || err != nil {
			continue // an unknown one is found with the progress
		}
		n := slices.IndexFunc(e.reviewDues, func(due fiscal.Day) bool { return due >= on })
		done := e.doneOn(kindRisk, v1alpha1.ItemName(fired.Name))
		if n >= 0 {
			e.promise(Promise{Kind: kindRisk, Name: v1alpha1.ItemName(fired.Name), Party: risk.Owner, Due: e.reviewDues[n], DoneOn: done})
		}
		if !done.IsZero() {
			continue
		}
		what := fmt.Sprintf("risk %q occurred on %s: ", fired.Name, on)
		who := "its owner, whom the plan does not name, decides"
		if risk.Owner != "" {
			who = fmt.Sprintf("the %s decides", risk.Owner)
		}
		who += fmt.Sprintf(" on its contingency and records that in spec.progress.done as {kind: Risk, name: %s}", fired.Name)
		if n < 0 {
			items = append(items, v1alpha1.OpenItem{
				Kind: kindRisk, Name: v1alpha1.ItemName(fired.Name), Party: risk.Owner, State: string(v1alpha1.ObligationPending),
			})
			e.findings.Infof(RuleRiskUndecided, item("spec.progress.firedRisks", fired.Name), "%s%s", what, who)
			continue
		}
		open, overdue := e.open(kindRisk, v1alpha1.ItemName(fired.Name), risk.Owner, e.reviewDues[n])
		items = append(items, open)
		add, by := e.findings.Infof, fmt.Sprintf("; the next review is due on %s", open.Due)
		if overdue {
			add, by = e.findings.Warningf, fmt.Sprintf("; the review by which it was to be decided was due on %s", open.Due)
		}
		add(RuleRiskUndecided, item("spec.progress.firedRisks", fired.Name), "%s%s%s", what, who, by)
	}
	return items
}

// risk returns a risk of the evaluated or else of the current terms; nil when there is none of that name.
func (e *evaluation) risk(name v1alpha1.Name) *v1alpha1.Risk {
	for _, terms := range []*v1alpha1.PlanTerms{e.terms, &e.plan.Spec.PlanTerms} {
		if i := slices.IndexFunc(terms.Risks, func(r v1alpha1.Risk) bool { return r.Name == name }); i >= 0 {
			return &terms.Risks[i]
		}
	}
	return nil
}

// dueOr reads a due day that is the end of the period when absent.
func dueOr(text v1alpha1.Date, absent fiscal.Day) (fiscal.Day, error) {
	if text == "" {
		return absent, nil
	}
	return fiscal.ParseDay(text)
}

// sortedKeys returns the keys of a set in order.
func sortedKeys(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
