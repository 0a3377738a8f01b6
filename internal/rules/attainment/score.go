package attainment

import (
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/printable"
)

// States of a plan's score.
const (
	scoreFinal       = "Final"
	scoreProvisional = "Provisional"
	scoreRunning     = "Running"
	scoreClosed      = "Closed"
	scoreUnknown     = "Unknown"
)

// weigh returns the goals' weights in percent, in the order of the terms. When they cannot be used it says why, and those that are stated are
// returned for show.
func (e *evaluation) weigh() []*big.Rat {
	goals := e.Terms.Goals
	weights := make([]*big.Rat, len(goals))
	sum, stated := new(big.Rat), 0
	for i := range goals {
		if goals[i].WeightPercent == "" {
			continue
		}
		stated++
		if weight, err := decimal.ParsePercent(goals[i].WeightPercent); err == nil {
			weights[i] = weight
			sum.Add(sum, weight)
		}
	}
	switch {
	case stated == 0:
		for i := range weights {
			weights[i] = big.NewRat(100, int64(len(goals)))
		}
	case stated < len(goals):
		e.weightsBad = fmt.Sprintf("%d of %d goals state no weight", len(goals)-stated, len(goals))
		e.findings.Errorf(RuleGoalWeightsInvalid, "spec.goals",
			"%s: state weightPercent for every goal so that they add up to 100, or for none", e.weightsBad)
	case sum.Cmp(hundred) != 0:
		e.weightsBad = fmt.Sprintf("the weights of the goals add up to %s, not 100%%", threshold(sum))
		e.findings.Errorf(RuleGoalWeightsInvalid, "spec.goals", "%s: change weightPercent so that they add up to 100", e.weightsBad)
	}
	return weights
}

// score is the plan's score.
type score struct {
	state      string
	percent    *big.Rat // nil when it is unknown
	unmeasured *big.Rat // the weight of the goals that are not measured; nil when none is
	message    string
}

func (s score) status() *v1alpha1.ScoreStatus {
	return &v1alpha1.ScoreStatus{
		State: s.state, Percent: floor(s.percent), UnmeasuredWeightPercent: floor(s.unmeasured), Message: printable.Clip(s.message, maxMessage),
	}
}

// score adds up the goals' attainments, each capped, by weight.
func (e *evaluation) score(final bool) score {
	switch {
	case !e.known():
		return score{state: scoreUnknown, message: "no score: the plan's program or period is not known"}
	case len(e.outcomes) == 0:
		return score{state: scoreUnknown, message: "no score: the plan has no goals"}
	case e.weightsBad != "":
		return score{state: scoreUnknown, message: "no score: " + e.weightsBad}
	}
	sum, unmeasured := new(big.Rat), new(big.Rat)
	var open []string
	broken := false
	for _, o := range e.outcomes {
		if !o.known {
			unmeasured.Add(unmeasured, o.weight)
			open = append(open, string(o.goal.spec.Name))
			broken = broken || o.goal.broken != ""
			continue
		}
		part := decimal.PercentOf(o.weight, e.capped(o.attainment))
		sum.Add(sum, part)
	}
	if closed := e.closedGates(); len(closed) > 0 {
		return score{state: scoreClosed, percent: new(big.Rat), message: "0%: " + strings.Join(closed, "; ")}
	}
	return e.scoreOf(sum, unmeasured, open, final, broken)
}

// scoreOf names the state of a score that no gate has closed.
func (e *evaluation) scoreOf(sum, unmeasured *big.Rat, open []string, final, broken bool) score {
	names := strings.Join(open, ", ")
	switch {
	case final && broken:
		return score{state: scoreUnknown, unmeasured: unmeasured, message: "no score: not all goals can be judged (" + names + "): see findings"}
	case len(open) == len(e.outcomes):
		return score{state: scoreUnknown, unmeasured: unmeasured, message: "no score yet: no goal is measured"}
	case len(open) > 0:
		return score{state: scoreProvisional, percent: sum, unmeasured: unmeasured, message: fmt.Sprintf(
			"%s so far, without the goals that are not measured and weigh %s: %s", percent(sum), percent(unmeasured), names)}
	case final:
		return score{state: scoreFinal, percent: sum, message: percent(sum) + ", final: no more results are due"}
	default:
		return score{state: scoreRunning, percent: sum, message: percent(sum) + " so far: all goals are measured, not all are due"}
	}
}

// closedGates says which gate goals close the score: those whose results are in or due and that stay below their gate.
func (e *evaluation) closedGates() []string {
	var closed []string
	for _, o := range e.outcomes {
		gate, err := decimal.ParsePercent(o.goal.spec.GatePercent)
		if err != nil || !o.final() || o.attainment == nil || o.attainment.Cmp(gate) >= 0 {
			continue
		}
		text := fmt.Sprintf("gate goal %s attained %s and needs %s", o.goal.spec.Name, percent(o.attainment), threshold(gate))
		closed = append(closed, text)
		e.findings.Warningf(RuleGateClosed, o.goal.field+".gatePercent", "%s: the plan's score is 0", text)
	}
	return closed
}

// capped returns a percentage that counts at most as much as the program says, and not below zero: a goal that went backwards takes nothing from the
// others.
func (e *evaluation) capped(value *big.Rat) *big.Rat {
	if value.Cmp(e.thresholds.GoalCap) > 0 {
		return e.thresholds.GoalCap
	}
	return atLeastZero(value)
}

func atLeastZero(value *big.Rat) *big.Rat {
	if value.Sign() < 0 {
		return new(big.Rat)
	}
	return value
}

// pace is the weighted pace of the goals that have one, of each at least 0. Both are nil when none has one or the weights cannot be used.
type pace struct {
	full   *big.Rat // what is shown
	capped *big.Rat // what is judged: of each goal at most the cap, so that one that is far ahead does not hide another that is behind
}

func (e *evaluation) pace() pace {
	if e.weightsBad != "" || !e.known() {
		return pace{}
	}
	full, capped, weights := new(big.Rat), new(big.Rat), new(big.Rat)
	for _, o := range e.outcomes {
		if o.pace == nil {
			continue
		}
		weights.Add(weights, o.weight)
		full.Add(full, new(big.Rat).Mul(o.weight, atLeastZero(o.pace)))
		capped.Add(capped, new(big.Rat).Mul(o.weight, e.capped(o.pace)))
	}
	if weights.Sign() == 0 {
		return pace{}
	}
	return pace{full: full.Quo(full, weights), capped: capped.Quo(capped, weights)}
}
