package steps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// OfBudget returns the next steps about the budget of a pool with the status that it has at an instant, and when they may differ although that status
// does not (zero: never).
func OfBudget(pool ledger.Pool, b *v1alpha1.MDFBudget, now time.Time) ([]v1alpha1.NextStep, time.Time) {
	w := newClusterWriter(b, pool.Program, now)
	if broken := w.condition(v1alpha1.ConditionLedgerIntact, metav1.ConditionFalse); broken != nil && broken.Reason != v1alpha1.ReasonLedgerMismatch {
		w.put(w.finance(), v1alpha1.NextStep{Do: broken.Message, Otherwise: "Nothing is granted or settled on this budget until then"})
	}
	if over := w.condition(v1alpha1.ConditionWithinLimit, metav1.ConditionFalse); over != nil {
		w.put(w.finance(), v1alpha1.NextStep{
			Do: "Raise spec.amount, or wait until claims lapse: " + over.Message, Otherwise: "Nothing more is granted on this budget until then",
		})
	}
	w.waitingOn(b, &pool)
	w.correct()
	return w.steps(), w.horizon.Next()
}

// OfProgram returns the next steps about a program with the status that it has at an instant.
func OfProgram(x *v1alpha1.PartnerProgram, compiled *program.Program, now time.Time) []v1alpha1.NextStep {
	w := newClusterWriter(x, compiled, now)
	w.correct()
	return w.steps()
}

func newClusterWriter(object kinds.Evaluated, prog *program.Program, now time.Time) *writer {
	w := &writer{object: object, now: now, horizon: verdict.NewHorizon(now)}
	w.in(prog)
	return w
}

// waitingOn adds the money that approved requests wait for, the one whose activity starts first in front.
func (w *writer) waitingOn(b *v1alpha1.MDFBudget, pool *ledger.Pool) {
	var waiting []*request.Request
	var sum int64
	for _, e := range pool.Requests(w.now, w.horizon) {
		if _, ever := e.Held(); !ever && e.Wants() {
			waiting = append(waiting, e.Request)
			sum += e.Asked
		}
	}
	if len(waiting) == 0 {
		return
	}
	slices.SortStableFunc(waiting, func(a, b *request.Request) int {
		return strings.Compare(string(a.Object.Spec.StartsOn), string(b.Object.Spec.StartsOn))
	})
	var named []string
	for _, r := range waiting[:min(len(waiting), maxNamed)] {
		what := fmt.Sprintf("activity from %s", r.Object.Spec.StartsOn)
		if r.IsReward() {
			what = fmt.Sprintf("reward %s", r.Object.Spec.Reward.Name)
		}
		named = append(named, fmt.Sprintf("%s/%s, %s, %s", r.Object.Namespace, r.Object.Name, amountIn(r), what))
	}
	var first v1alpha1.Date
	for _, r := range waiting {
		first = cmp.Or(first, r.Object.Spec.StartsOn) // they are in their order, rewards before all
	}
	step := v1alpha1.NextStep{
		Do: fmt.Sprintf("Add money to the budget, or release unclaimed funds: %s waiting for %s%s (%s)", verdict.Count(len(waiting), "approved request"),
			money.Format(sum, waiting[0].Currency), left(b), verdict.SomeOf(named, len(waiting))),
		By: dayBefore(first), Otherwise: fmt.Sprintf("From %s costs are at the partner's own risk until money is granted", first),
	}
	switch {
	case first == "":
		step.Otherwise = "What the partner has earned is not granted until then"
	case w.late(first) || first == w.today.Date():
		step.By, step.Otherwise = "", fmt.Sprintf("Since %s costs have been at the partner's own risk", first)
	}
	w.put(w.finance(), step)
}

// left says how much a budget has left; nothing where that is not known.
func left(b *v1alpha1.MDFBudget) string {
	if b.Status.Available == nil {
		return ""
	}
	return ", and only " + amountOf(b.Status.Available) + " is left"
}

func amountIn(r *request.Request) string {
	amount := facts.MoneyOf(r.Asked, r.Currency)
	return amountOf(&amount)
}
