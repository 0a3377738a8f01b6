// Package reward drafts the MDFAllocation with which a partner requests a reward that it has earned: it finds the budget, the plan and the amount, and says
// what the request would come to.
package reward

import (
	"errors"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/incentive"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/money/reward"
	"jointplan.dev/jointplan/internal/verdict"
)

// Wish is what a partner wants to request.
type Wish struct {
	// Partner is the partner.
	Partner *v1alpha1.Partner
	// Reward and Budget are the names of the reward and of the budget that pays it; the budget's is empty for the only one that pays such a reward for the
	// interval.
	Reward, Budget string
	// Period is the interval.
	Period v1alpha1.Period
	// Name is the name of the request; empty for one of the partner, the reward and the interval.
	Name string
	// By is who requests, by user name.
	By string
	// On is the day on which the request is made; empty for today.
	On v1alpha1.Date
	// Draft says that the request is not made yet.
	Draft bool
	// At is the instant.
	At time.Time
}

// Draft is a request with what is to be known about it.
type Draft struct {
	// Request is the object.
	Request *v1alpha1.MDFAllocation
	// Account says what is earned, and of what.
	Account string
	// Verdict says what the request would come to.
	Verdict []string
}

// New drafts a request for all that is earned of a reward and not granted. Objects are those of the partner's namespace, with the programs, budgets and
// ledgers that are known.
func New(objects []manifest.Object, w *Wish) (*Draft, error) {
	if w.By == "" {
		return nil, errors.New("say who requests: --by USER")
	}
	snap := preview.Snapshot(objects, w.Partner)
	prog := snap.ProgramOf(w.Partner)
	if prog == nil {
		return nil, fmt.Errorf("the program %s of %s is not there, so what is earned cannot be known", w.Partner.Spec.ProgramRef.Name, manifest.KeyOf(w.Partner))
	}
	interval, err := prog.Calendar.Period(w.Period)
	if err != nil {
		return nil, err
	}
	budget, err := w.budget(snap, prog, interval)
	if err != nil {
		return nil, err
	}
	f := facts.Of(snap, w.At)
	plan, _ := incentive.PlanFor(f, snap.PlansOf(v1alpha1.Name(w.Partner.Name)), budget, v1alpha1.Name(w.Reward), interval, verdict.NewHorizon(w.At))
	if plan == nil {
		return nil, fmt.Errorf("no plan of %s has a day of %s: no plan, no reward", manifest.KeyOf(w.Partner), prog.Calendar.Label(interval))
	}
	asked := request.ForReward(f, plan, budget, v1alpha1.Name(w.Reward), interval)
	room := headroom.Of(f, v1alpha1.Name(budget.Name)).For(asked)
	if room.Amount <= 0 {
		return nil, errors.New(w.nothing(prog, interval, asked, room.Message))
	}
	drafted, err := w.request(objects, prog, plan, budget, room.Amount)
	if err != nil {
		return nil, err
	}
	account, err := headroom.Of(f, v1alpha1.Name(budget.Name)).EarnedReward(asked)
	if err != nil {
		return nil, err
	}
	return &Draft{Request: drafted, Account: account, Verdict: judged(objects, drafted, w.At)}, nil
}

// nothing says why there is nothing to request.
func (w *Wish) nothing(prog *program.Program, interval fiscal.Span, asked *request.Request, room string) string {
	for _, f := range asked.Findings {
		if f.Rule == v1alpha1.ReasonIntervalNotOver || f.Rule == v1alpha1.ReasonMissingResults || f.Rule == v1alpha1.ReasonRewardNotFound {
			return f.Message
		}
	}
	room, _, _ = strings.Cut(room, ": nothing is left to request")
	return fmt.Sprintf("there is nothing to request of reward %s for %s: %s", w.Reward, prog.Calendar.Label(interval), room)
}

// budget finds the budget that pays the reward for an interval.
func (w *Wish) budget(snap *snapshot.Snapshot, prog *program.Program, interval fiscal.Span) (*v1alpha1.MDFBudget, error) {
	var pays, rewards []string
	var found *v1alpha1.MDFBudget
	for _, b := range snap.Usable() {
		if b.Spec.ProgramRef.Name != prog.Name || w.Budget != "" && b.Name != w.Budget {
			continue
		}
		rewards = append(rewards, reward.Names(b)...)
		if reward.Find(b, v1alpha1.Name(w.Reward)) != nil && (w.Budget != "" || reward.Pays(facts.PeriodOf(b, prog), interval)) {
			found, pays = b, append(pays, b.Name)
		}
	}
	switch {
	case len(pays) == 1:
		return found, nil
	case len(pays) > 1:
		return nil, fmt.Errorf("%s pay reward %s for %s: say which with --budget", verdict.List(pays), w.Reward, prog.Calendar.Label(interval))
	case w.Budget != "":
		return nil, fmt.Errorf("budget %s has %s", w.Budget, verdict.NoSuch("reward", w.Reward, rewards))
	default:
		return nil, fmt.Errorf("no budget of program %s pays reward %s for %s: there is %s", prog.Name, w.Reward, prog.Calendar.Label(interval),
			verdict.NoSuch("such reward", w.Reward, rewards))
	}
}

// request returns the object.
func (w *Wish) request(
	objects []manifest.Object, prog *program.Program, plan *v1alpha1.JointPlan, budget *v1alpha1.MDFBudget, amount int64,
) (*v1alpha1.MDFAllocation, error) {
	a := &v1alpha1.MDFAllocation{}
	a.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.MDFAllocation))
	a.Namespace, a.Name = w.Partner.Namespace, w.Name
	for n := 1; a.Name == ""; n++ {
		if name := w.named(n); preview.Find(objects, kinds.MDFAllocation, a.Namespace, name) == nil {
			a.Name = name
		}
	}
	asked, err := money.Money(amount, budget.Spec.Amount.Currency)
	if err != nil {
		return nil, err
	}
	a.Spec = v1alpha1.MDFAllocationSpec{
		PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(plan.Name)}, BudgetRef: v1alpha1.Reference{Name: v1alpha1.Name(budget.Name)}, RequestedBy: w.By,
		Reward: &v1alpha1.RewardRequest{Name: v1alpha1.Name(w.Reward), Period: w.Period}, Amount: asked,
	}
	if !w.Draft {
		if a.Spec.RequestedOn = w.On; w.On == "" {
			a.Spec.RequestedOn = prog.Today(w.At).Date()
		}
	}
	return a, nil
}

// maxName is the longest name of a request.
const maxName = 63

// named returns the n-th name of a request, such as pelican-growth-rebate-fy2027-q1.
func (w *Wish) named(n int) string {
	tail := strings.ToLower(fmt.Sprintf("-%s%s", w.Period.From, w.Period.Part))
	if w.Period.FiscalYear != nil {
		tail = strings.TrimSuffix(strings.ToLower(fmt.Sprintf("-fy%d-%s", *w.Period.FiscalYear, w.Period.Part)), "-")
	}
	if n > 1 {
		tail += fmt.Sprintf("-%d", n)
	}
	front := w.Partner.Name + "-" + w.Reward
	return strings.TrimRight(front[:min(len(front), maxName-len(tail))], "-") + tail
}

// judged says what the request would come to.
func judged(objects []manifest.Object, drafted *v1alpha1.MDFAllocation, at time.Time) []string {
	snap := preview.Snapshot(append(append([]manifest.Object{}, objects...), drafted), drafted)
	status, _ := outcome.Evaluate(snap, drafted, facts.Gate{}, at)
	var lines []string
	for i := range status.Conditions {
		if c := &status.Conditions[i]; c.Type == v1alpha1.ConditionEligible || c.Type == v1alpha1.ConditionReady && c.Status != metav1.ConditionTrue {
			lines = append(lines, fmt.Sprintf("%s %s (%s): %s", c.Type, c.Status, c.Reason, c.Message))
		}
	}
	return lines
}
