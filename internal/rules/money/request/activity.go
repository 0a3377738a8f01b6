package request

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// foreseen is the activity of a request as a revision of the plan has it that was of record.
type foreseen struct {
	activity *v1alpha1.PlannedActivity
	revision string
	approved time.Time // the revision
}

// setActivity finds the program's entry for the type that the activity had when the request was approved. So an amendment changes no deadline and no
// proof of what was approved before, and what was granted keeps both when the activity, or the plan, goes. A request that is not approved goes by the
// last plan of record that foresaw the activity, or else by the current text.
func (in *input) setActivity() {
	known := in.whenApproved(in.everForeseen())
	if known.activity == nil && in.Plan != nil {
		known.activity = plannedActivity(&in.Plan.Spec.PlanTerms, in.Object.Spec.Activity)
	}
	if known.activity == nil || in.Program == nil {
		return
	}
	in.Activity = in.Program.Activity(known.activity.Type)
	in.noteEarlierPlan(&known)
}

// everForeseen returns the activity as the plans of record had it, in the order of their approval. Where none that the decisions tell of had it, as
// when decisions or the plan are gone, the kept revisions tell.
func (in *input) everForeseen() []foreseen {
	var list []foreseen
	add := func(terms *v1alpha1.PlanTerms, revision string, approved time.Time) {
		if activity := plannedActivity(terms, in.Object.Spec.Activity); activity != nil {
			list = append(list, foreseen{activity, revision, approved})
		}
	}
	if in.Plan != nil {
		for _, record := range in.facts.Approvals(in.Plan).History {
			if record.Terms != nil {
				add(record.Terms, record.Revision, record.ApprovedTime)
			}
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, kept := range plan.Kept(in.facts.Snapshot, in.Object.Spec.PlanRef.Name, in.facts.Now) {
		if at := kept.Spec.ApprovedTime.Time; at.After(in.facts.Now) {
			in.horizon.At(at)
		} else {
			add(&kept.Spec.Terms, kept.Spec.Revision, at)
		}
	}
	return list
}

// whenApproved returns what held when the request was approved or, of a plan that was approved later, what held first. Of a granted request whose
// change is not approved that is when some content of it was; of all others that are not approved, what held last.
func (in *input) whenApproved(list []foreseen) (found foreseen) {
	_, granted := in.Held()
	at := in.facts.Now
	switch {
	case in.Approval.Complete:
		at = in.Approval.DecidedTime
	case granted && !in.Approval.Since.IsZero():
		at = in.Approval.Since
	}
	for i := range list {
		if i == 0 || !list[i].approved.After(at) {
			found = list[i]
		}
	}
	return found
}

// noteEarlierPlan says by which earlier plan the terms of a grant go, where the plan of record has them no more.
func (in *input) noteEarlierPlan(known *foreseen) {
	_, granted := in.Held()
	if !granted || known.revision == "" || in.planned != nil && in.planned.Type == known.activity.Type {
		return
	}
	front := fmt.Sprintf("no plan of record has activity %s any more", known.activity.Name)
	if in.planned != nil {
		front = fmt.Sprintf("the plan of record has activity %s as %s now", known.activity.Name, in.planned.Type)
	}
	in.EarlierPlan = fmt.Sprintf("%s: the grant keeps the terms of revision %s, approved on %s (%s)", front, revision.Short(known.revision),
		in.cal.Today(known.approved), known.activity.Type)
}
