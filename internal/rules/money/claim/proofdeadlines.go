package claim

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// proofThrough returns the last day on which a proof counts, and how that is counted; absent when the activity's end is not known.
func (in *input) proofThrough(deadline *v1alpha1.ProofDeadline) (day fiscal.Day, within string) {
	ends := in.request.Ends
	switch {
	case ends.IsZero():
		return 0, ""
	case deadline.WithinBusinessDays != nil:
		n := int(*deadline.WithinBusinessDays)
		return in.calendar.AddBusinessDays(ends, n), verdict.Count(n, "business day")
	case deadline.WithinDays != nil:
		n := int(*deadline.WithinDays)
		return ends.AddDays(n), verdict.Count(n, "day")
	default:
		return 0, ""
	}
}

// deadlines returns the deadlines of the proofs that the activity needs, by type. One for the activity goes before one for all.
func (in *input) deadlines() []v1alpha1.ProofDeadline {
	r := in.request
	if r.Activity == nil || r.Program == nil {
		return nil
	}
	var list []v1alpha1.ProofDeadline
	for _, kind := range slices.Sorted(slices.Values(r.Proofs())) {
		var found *v1alpha1.ProofDeadline
		for i := range r.Program.Spec.ProofDeadlines {
			deadline := &r.Program.Spec.ProofDeadlines[i]
			if deadline.Type == kind && (deadline.Activity == r.Activity.Type || deadline.Activity == "" && found == nil) {
				found = deadline
			}
		}
		if found != nil {
			list = append(list, *found)
		}
	}
	return list
}

// proofsBy says until when single proofs count, for a claim that is not submitted yet.
func (in *input) proofsBy() string {
	var days []string
	for _, deadline := range in.deadlines() {
		if through, _ := in.proofThrough(&deadline); !through.IsZero() {
			days = append(days, fmt.Sprintf("the %s by %s", deadline.Type, through))
		}
	}
	if len(days) == 0 {
		return ""
	}
	return ", " + verdict.List(days)
}

// received returns the day on which a proof was received: that which it states or, of one that states none, that of the last submission.
func (in *input) received(i int) fiscal.Day {
	proof := &in.claim.Spec.Proofs[i]
	if proof.ReceivedOn == "" {
		return max(in.claimed, in.resubmitted)
	}
	return in.day(fmt.Sprintf("spec.proofs[%d].receivedOn", i), proof.ReceivedOn)
}

// readProofs reads the days of the proofs. One that is to be received later is not there yet.
func (in *input) readProofs() {
	in.receivedOn = make([]fiscal.Day, len(in.claim.Spec.Proofs))
	for i := range in.claim.Spec.Proofs {
		in.receivedOn[i] = in.received(i)
		in.horizon.At(in.calendar.StartOf(in.receivedOn[i]))
	}
}

// hasProof reports whether a proof of a type was received.
func (in *input) hasProof(kind v1alpha1.ProofType) bool {
	for i := range in.claim.Spec.Proofs {
		if in.claim.Spec.Proofs[i].Type == kind && (in.claim.Spec.Proofs[i].ReceivedOn == "" || in.receivedOn[i] <= in.today) {
			return true
		}
	}
	return false
}

// proofTooLate says which proofs came after their deadlines. They do not count, but where another one of the type came in time.
func proofTooLate(in *input) (reason, message string, failed bool) {
	var late []string
	for _, deadline := range in.deadlines() {
		through, within := in.proofThrough(&deadline)
		if through.IsZero() || !in.hasProof(deadline.Type) {
			continue
		}
		var first fiscal.Day
		for i, on := range in.receivedOn {
			if in.claim.Spec.Proofs[i].Type == deadline.Type && !on.IsZero() && on <= in.today {
				first = fiscal.Earliest(first, on)
			}
		}
		if first > through {
			late = append(late, fmt.Sprintf("the %s was received on %s, and had to be by %s, %s after the activity ended on %s", deadline.Type, first, through, within,
				in.request.Ends))
		}
	}
	if len(late) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonProofTooLate, verdict.List(late) + ": it does not count. If it was received in time, state that day as its receivedOn" + in.correctText() +
		"; otherwise the cost is the partner's", true
}
