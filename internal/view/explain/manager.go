package explain

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/view/concern"
)

// manager explains the evidence about a channel manager: a section for each period.
func (b *builder) manager(x *v1alpha1.ChannelManager) {
	b.factf("Program", "%s", x.Spec.ProgramRef.Name)
	if x.Status.Partners != nil {
		b.factf("Partners", "%d", *x.Status.Partners)
	}
	for i := range x.Status.Periods {
		p := &x.Status.Periods[i]
		b.factf(p.Period, "%s", periodFact(p))
		b.section(fmt.Sprintf("Gate of %s", p.Period), gateVerdicts(p))
	}
	for i := range x.Spec.Goals {
		if g := &x.Spec.Goals[i]; g.DoneOn == "" {
			b.aheadf(g.Due, "own goal %s due", g.Name)
		}
	}
}

// periodFact writes the figures of a period.
func periodFact(p *v1alpha1.ManagerPeriod) string {
	parts := []string{fmt.Sprintf("%d plans owed, %d approved, %d of them in time", p.Owed, p.Approved, p.ApprovedInTime)}
	if r := p.Reviews; r != nil {
		parts = append(parts, fmt.Sprintf("of %d reviews %d in time, %d late, %d missed, %d to come", r.Slots, r.InTime, r.Late, r.Missed, r.ToCome))
	}
	if r := p.Reconciled; r != nil {
		parts = append(parts, fmt.Sprintf("of %d reconciliations %d in time, %d late, %d open", r.Owed, r.InTime, r.Late, r.Open))
	}
	if p.AttainmentPercent != nil {
		parts = append(parts, fmt.Sprintf("attainment %d%% by the original targets", *p.AttainmentPercent))
	}
	if g := p.Goals; g != nil {
		parts = append(parts, fmt.Sprintf("%d of %d own goals done in time", g.DoneInTime, g.Due))
	}
	if p.LateDecisions > 0 {
		parts = append(parts, fmt.Sprintf("%d late decisions of the vendor", p.LateDecisions))
	}
	if p.LatePayments != nil && *p.LatePayments > 0 {
		parts = append(parts, fmt.Sprintf("%d late payments of the vendor", *p.LatePayments))
	}
	return strings.Join(parts, "; ")
}

// gateVerdicts returns what the gate of a period says, the gate itself first.
func gateVerdicts(p *v1alpha1.ManagerPeriod) []Verdict {
	if p.Gate == nil {
		return nil
	}
	verdicts := []Verdict{{Rule: "Gate", Verdict: string(p.Gate.State), Level: gateLevel(p.Gate.State), Message: p.Gate.Message}}
	for i := range p.Gate.Criteria {
		c := &p.Gate.Criteria[i]
		v := Verdict{Rule: string(c.Criterion), Verdict: string(c.State), Level: gateLevel(c.State), Threshold: string(c.Asked) + "%", Message: c.Message}
		if c.Found != nil {
			v.Found = fmt.Sprintf("%d%%", *c.Found)
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// gateLevel is how much it matters: nobody has to act on evidence, so that nothing is worse than a note.
func gateLevel(state v1alpha1.GateState) concern.Level {
	if state == v1alpha1.GateOpen {
		return concern.Fine
	}
	return concern.Note
}
