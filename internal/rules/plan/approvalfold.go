package plan

import (
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// Record is a revision of a plan that every party approved.
type Record struct {
	// Revision is the revision.
	Revision string
	// Name is the name of the PlanRevision that keeps, or has to keep, its content.
	Name v1alpha1.Name
	// ApprovedTime is the instant of the decision that completed the approval.
	ApprovedTime time.Time
	// EndedOn is the instant at which another revision replaced it or a party withdrew it; zero while it is the plan of record.
	EndedOn time.Time
	// WithdrawnBy is the decision that withdrew it; nil unless a party did.
	WithdrawnBy *v1alpha1.ApprovalDecision
	// Approvals are the decisions that approved it, by party.
	Approvals []v1alpha1.RevisionApproval
	// Terms is its content; nil when neither the plan nor a sound PlanRevision holds it.
	Terms *v1alpha1.PlanTerms
}

// Approval is how a plan's approval stands at an instant.
type Approval struct {
	// Revision is the revision of the current terms.
	Revision string
	// Asked are the parties that must approve the current terms, Vendor first. Nil when that cannot be known because the terms refer
	// to nothing that can be used.
	Asked []v1alpha1.Party
	// Parties says how each of them has decided on the current revision.
	Parties []v1alpha1.PartyApproval
	// Record is the plan of record: the last revision that every party approved. Nil when there is none.
	Record *Record
	// Original is the first revision that every party approved, whatever became of it. Nil when there is none.
	Original *Record
	// History are all revisions that were ever of record, in the order of their approval; one comes twice when it was approved anew
	// after another had replaced it.
	History []*Record
	// NextChange is the instant of the next decision that is dated after now. Zero means that there is none.
	NextChange time.Time

	verdicts map[string]ruling
	corrupt  map[string]bool // the kept revisions, by name, whose content is not what their revision says
}

// ruling is what became of a decision.
type ruling struct {
	reason string                     // of the condition Effective; empty while it is the party's latest one
	by     *v1alpha1.ApprovalDecision // the decision that superseded it, or that it conflicts with
}

// reasonReplaced marks a decision that was void when another revision replaced the one that it was about.
const reasonReplaced = "Replaced"

// Approvals folds the decisions on a plan that were taken by now, in the order of spec.decidedTime and, at one instant, of their names.
//
// Of each party the latest decision on a revision counts. A revision is approved, and becomes the plan of record, with the decision
// that makes the latest ones of all parties Approved. That voids the decisions on every revision that was of record before: going
// back to its content needs a new decision of each party. A decision other than Approved on the plan of record withdraws it; the
// other party's approval stays, so one new approval of the first party brings it back. A person who approved or submitted for one party
// does not count as the approver for the other. Where the partner is not asked to approve, it submits instead, and may take that back.
//
// What is returned is shared by all who ask, and must not be changed.
func Approvals(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, now time.Time) *Approval {
	held := p.Plan(v1alpha1.Name(plan.Name))
	if !snapshot.Same(held, plan) {
		return approvals(p, plan, p.DecisionsOn(v1alpha1.Name(plan.Name)), now) // of a plan as it might be
	}
	return snapshot.Once(p, snapshot.Judgement, now, approvalOf{plan.Name}, func() *Approval {
		return approvals(p, held, p.DecisionsOn(v1alpha1.Name(plan.Name)), now)
	})
}

// approvalOf is the key of how the approval of a plan stands.
type approvalOf struct{ plan string }

func approvals(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, decisions []*v1alpha1.ApprovalDecision, now time.Time) *Approval {
	kept, corrupt := keptContent(p, plan)
	a := &Approval{Revision: Revision(&plan.Spec.PlanTerms), verdicts: map[string]ruling{}, corrupt: corrupt}
	a.Asked = resolve(p, &plan.Spec.PlanTerms).parties()
	horizon := verdict.NewHorizon(now)
	f := fold{approval: a, latest: map[string]map[v1alpha1.Party]*v1alpha1.ApprovalDecision{}, asked: map[string][]v1alpha1.Party{}}
	f.asked[a.Revision] = a.Asked
	for revision, content := range kept {
		if revision != a.Revision {
			f.asked[revision] = resolve(p, content.terms).parties()
		}
	}
	for _, decision := range snapshot.InOrder(decisions) {
		switch at := decision.Spec.DecidedTime.Time; {
		case at.IsZero():
			a.verdicts[decision.Name] = ruling{reason: v1alpha1.ReasonNotEvaluated} // the schema refuses it
		case at.After(now):
			horizon.At(at)
			a.verdicts[decision.Name] = ruling{reason: v1alpha1.ReasonNotYetInForce}
		default:
			f.decide(decision)
		}
	}
	a.NextChange = horizon.Next()
	a.Parties = f.states()
	for _, record := range a.History {
		record.Name = v1alpha1.Name(RevisionName(plan.Name, record.Revision))
		if content, ok := kept[record.Revision]; ok {
			record.Name, record.Terms = content.name, content.terms
		}
		if record.Revision == a.Revision {
			record.Terms = &plan.Spec.PlanTerms
		}
	}
	return a
}

// fold is an approval as it stood after some of the decisions.
type fold struct {
	approval *Approval
	latest   map[string]map[v1alpha1.Party]*v1alpha1.ApprovalDecision // by revision, those that count
	asked    map[string][]v1alpha1.Party                              // by revision
}

// parties returns the parties that must approve a revision: by its own terms where they are known, else by the current ones.
func (f *fold) parties(revision string) []v1alpha1.Party {
	if asked, known := f.asked[revision]; known {
		return asked
	}
	return f.approval.Asked
}

// decide takes the next decision into account.
func (f *fold) decide(d *v1alpha1.ApprovalDecision) {
	a, revision, party := f.approval, d.Spec.Revision, d.Spec.Party
	asked := f.parties(revision)
	switch {
	case asked == nil:
		a.verdicts[d.Name] = ruling{reason: v1alpha1.ReasonNotEvaluated}
		return
	case d.Spec.Decision == v1alpha1.DecisionSubmitted && slices.Contains(asked, party):
		a.verdicts[d.Name] = ruling{reason: v1alpha1.ReasonApprovalAsked}
		return
	case !slices.Contains(asked, party) && !f.submission(d):
		a.verdicts[d.Name] = ruling{reason: v1alpha1.ReasonPartyNotAsked}
		return
	}
	if other, reason := f.sameApprover(d); other != nil {
		a.verdicts[d.Name] = ruling{reason: reason, by: other}
		return
	}
	if f.latest[revision] == nil {
		f.latest[revision] = map[v1alpha1.Party]*v1alpha1.ApprovalDecision{}
	}
	if before := f.latest[revision][party]; before != nil {
		a.verdicts[before.Name] = ruling{reason: v1alpha1.ReasonSuperseded, by: d}
	}
	f.latest[revision][party] = d
	a.verdicts[d.Name] = ruling{}
	ofRecord := a.Record != nil && a.Record.Revision == revision
	switch complete := f.complete(revision, asked); {
	case complete && !ofRecord:
		f.approve(d)
	case !complete && ofRecord:
		a.Record.EndedOn, a.Record.WithdrawnBy = d.Spec.DecidedTime.Time, d
		a.Record = nil
	}
}

// submission reports whether a decision of a partner that is not asked to approve submits a revision, or takes that back.
func (f *fold) submission(d *v1alpha1.ApprovalDecision) bool {
	return d.Spec.Party == v1alpha1.PartyPartner &&
		(d.Spec.Decision == v1alpha1.DecisionSubmitted || isSentBack(d.Spec.Decision) && f.latest[d.Spec.Revision][d.Spec.Party] != nil)
}

// sameApprover returns the other party's approval or submission of the same revision when one person gave both, or gave one and recorded the other from
// a document; and the reason for which the second does not count.
func (f *fold) sameApprover(d *v1alpha1.ApprovalDecision) (other *v1alpha1.ApprovalDecision, reason string) {
	if !submits(d.Spec.Decision) {
		return nil, ""
	}
	for party, other := range f.latest[d.Spec.Revision] {
		switch {
		case party == d.Spec.Party || !submits(other.Spec.Decision):
		case identity.SamePerson(other.Spec.ApprovedBy, d.Spec.ApprovedBy):
			return other, v1alpha1.ReasonSelfApproval
		case recordedBy(other, d.Spec.ApprovedBy) || recordedBy(d, other.Spec.ApprovedBy):
			return other, v1alpha1.ReasonRecorderApproves
		}
	}
	return nil, ""
}

// recordedBy reports whether a person recorded a decision from a document.
func recordedBy(d *v1alpha1.ApprovalDecision, person string) bool {
	return d.Spec.Attestation != nil && identity.SamePerson(d.Spec.Attestation.RecordedBy, person)
}

// recorderOf is who recorded a decision from a document; empty for all others.
func recorderOf(d *v1alpha1.ApprovalDecision) string {
	if d.Spec.Attestation == nil {
		return ""
	}
	return d.Spec.Attestation.RecordedBy
}

// complete reports whether the latest decision of each party on a revision is Approved.
func (f *fold) complete(revision string, asked []v1alpha1.Party) bool {
	for _, party := range asked {
		if d := f.latest[revision][party]; d == nil || d.Spec.Decision != v1alpha1.DecisionApproved {
			return false
		}
	}
	return true
}

// approve makes the revision that a decision completed the plan of record.
func (f *fold) approve(d *v1alpha1.ApprovalDecision) {
	a := f.approval
	record := &Record{Revision: d.Spec.Revision, ApprovedTime: d.Spec.DecidedTime.Time}
	for _, party := range f.parties(d.Spec.Revision) {
		approval := f.latest[d.Spec.Revision][party]
		record.Approvals = append(record.Approvals, v1alpha1.RevisionApproval{
			Party: party, Decision: v1alpha1.Name(approval.Name), By: approval.Spec.ApprovedBy, DecidedTime: approval.Spec.DecidedTime,
			AttestedBy: recorderOf(approval),
		})
	}
	if a.Record != nil {
		a.Record.EndedOn = record.ApprovedTime
	}
	for _, earlier := range a.History {
		if earlier.Revision == record.Revision {
			continue
		}
		for _, void := range f.latest[earlier.Revision] {
			a.verdicts[void.Name] = ruling{reason: reasonReplaced, by: d}
		}
		delete(f.latest, earlier.Revision)
	}
	a.Record, a.History = record, append(a.History, record)
	a.Original = a.History[0]
}

// states returns how each party that is asked has decided on the current revision.
func (f *fold) states() []v1alpha1.PartyApproval {
	var states []v1alpha1.PartyApproval
	for _, party := range f.approval.Asked {
		state := v1alpha1.PartyApproval{Party: party, State: stateMissing}
		if d := f.latest[f.approval.Revision][party]; d != nil {
			state.State, state.Decision, state.By = string(d.Spec.Decision), v1alpha1.Name(d.Name), d.Spec.ApprovedBy
			state.DecidedTime, state.AttestedBy = d.Spec.DecidedTime.DeepCopy(), recorderOf(d)
		}
		states = append(states, state)
	}
	return states
}

// stateMissing is the state of a party that has not decided on the current revision.
const stateMissing = "Missing"

// content is what a PlanRevision keeps.
type content struct {
	name  v1alpha1.Name
	terms *v1alpha1.PlanTerms
}

// keptContent returns the content of a plan's kept revisions, by revision: of those only whose content is what their revision says. The others
// it returns by name. A digest takes as long as much of an evaluation, so it is computed here once and for all.
func keptContent(p *snapshot.Snapshot, plan *v1alpha1.JointPlan) (kept map[string]content, corrupt map[string]bool) {
	kept, corrupt = map[string]content{}, map[string]bool{}
	for _, revision := range p.RevisionsOf(v1alpha1.Name(plan.Name)) {
		if !sound(revision) {
			corrupt[revision.Name] = true
		} else if _, known := kept[revision.Spec.Revision]; !known {
			kept[revision.Spec.Revision] = content{name: v1alpha1.Name(revision.Name), terms: &revision.Spec.Terms}
		}
	}
	return kept, corrupt
}

// Kept returns the kept revisions of a plan, whether or not it exists, in the order of their approval: those whose content is what their revision says.
// They are shared by all who ask, and must not be changed.
func Kept(p *snapshot.Snapshot, plan v1alpha1.Name, now time.Time) []*v1alpha1.PlanRevision {
	return snapshot.Once(p, snapshot.Judgement, now, keptOf{plan}, func() []*v1alpha1.PlanRevision {
		kept := slices.DeleteFunc(slices.Clone(p.RevisionsOf(plan)), func(r *v1alpha1.PlanRevision) bool { return !sound(r) })
		slices.SortStableFunc(kept, func(a, b *v1alpha1.PlanRevision) int { return a.Spec.ApprovedTime.Compare(b.Spec.ApprovedTime.Time) })
		return kept
	})
}

// keptOf is the key of the kept revisions of a plan.
type keptOf struct{ plan v1alpha1.Name }

// sound reports whether a kept revision's content is what its revision says.
func sound(revision *v1alpha1.PlanRevision) bool {
	return Revision(&revision.Spec.Terms) == revision.Spec.Revision
}

// Keep returns Result.Keep of a plan, and when that may change although no spec does; the zero time: never. It looks at decisions alone.
func Keep(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, now time.Time) (revisions []*v1alpha1.PlanRevision, next time.Time) {
	a := Approvals(p, plan, now)
	if a.groundOf(p, plan).problem != nil {
		return nil, a.NextChange
	}
	return keep(p, plan, a), a.NextChange
}

// groundOf returns what the plan is evaluated on: the terms of its plan of record, or its current ones.
func (a *Approval) groundOf(p *snapshot.Snapshot, plan *v1alpha1.JointPlan) ground {
	return resolve(p, a.termsOf(plan))
}

// termsOf returns the terms under which the plan is evaluated: those of its plan of record, or its current ones.
func (a *Approval) termsOf(plan *v1alpha1.JointPlan) *v1alpha1.PlanTerms {
	if a.Record != nil && a.Record.Terms != nil {
		return a.Record.Terms
	}
	return &plan.Spec.PlanTerms
}

// keep returns the PlanRevision that has to be created: the content of the plan of record while the plan still holds it and no
// PlanRevision does. It returns none when something else has that name already.
func keep(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, a *Approval) []*v1alpha1.PlanRevision {
	if a.Record == nil || a.Record.Revision != a.Revision {
		return nil
	}
	name := RevisionName(plan.Name, a.Revision)
	for _, revision := range p.RevisionsOf(v1alpha1.Name(plan.Name)) {
		if revision.Name == name || revision.Spec.Revision == a.Revision && !a.corrupt[revision.Name] {
			return nil
		}
	}
	return []*v1alpha1.PlanRevision{{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: plan.Namespace},
		Spec: v1alpha1.PlanRevisionSpec{
			PlanRef:      v1alpha1.Reference{Name: v1alpha1.Name(plan.Name)},
			Revision:     a.Revision,
			ApprovedTime: metav1.NewTime(a.Record.ApprovedTime),
			Approvals:    slices.Clone(a.Record.Approvals),
			Terms:        *plan.Spec.PlanTerms.DeepCopy(),
		},
	}}
}
