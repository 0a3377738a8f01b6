package health

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Rule says how an object stands when all that it asks for is so. What is empty asks for nothing.
type Rule struct {
	// Because says in words why; the scripts carry it as a comment.
	Because string

	// Outdated asks that the status is not that of the current spec.
	Outdated bool
	// Stages asks for one of these in status.stage.
	Stages []string
	// Reasons asks for one of these in status.reason.
	Reasons []string
	// Condition is the condition that the fields below are about.
	Condition string
	// Is asks that the condition has this status.
	Is metav1.ConditionStatus
	// IsNot asks that the condition has another status than this, or is not there.
	IsNot metav1.ConditionStatus
	// OfReasons asks that the condition has one of these reasons.
	OfReasons []string
	// NotOfReasons asks that the condition has none of these reasons.
	NotOfReasons []string
	// Current asks that the condition is about the current spec.
	Current bool

	// State is how the object stands then.
	State State
	// Says is the condition whose message says so; empty means Condition.
	Says string
	// Text is the message where no condition has it.
	Text string
}

// Teller returns the condition whose message a rule gives.
func (r *Rule) Teller() string {
	if r.Says != "" {
		return r.Says
	}
	return r.Condition
}

// row is what the table holds of a kind.
type row struct {
	about   string // what its health is, for whoever reads the script
	stalled State  // how it stands when it is Stalled; empty means Degraded
	rules   []Rule // once it is evaluated and Ready, the last one without a question
}

const (
	isTrue    = metav1.ConditionTrue
	isFalse   = metav1.ConditionFalse
	isUnknown = metav1.ConditionUnknown
)

// common are the rules that come first for every kind with a status.
func common(kind *kinds.Kind, stalled State) []Rule {
	rules := []Rule{
		{Because: "Someone has suspended its evaluation, and the controller has seen the current spec.", Condition: v1alpha1.ConditionSuspended, Is: isTrue, Current: true, State: Suspended},
		{Because: "The status is not that of the current spec.", Outdated: true, State: Progressing, Text: Waiting},
		{Because: "The evaluation is not finished.", Condition: v1alpha1.ConditionReconciling, Is: isTrue, State: Progressing},
		{Because: "A person must change the spec.", Condition: v1alpha1.ConditionStalled, Is: isTrue, State: Degraded},
		{Condition: v1alpha1.ConditionReady, IsNot: isTrue, State: Progressing},
	}
	if stalled != "" {
		rules[3].Because, rules[3].State = "Something in it is wrong, and nobody can change it.", stalled
	}
	if !kind.Suspendable {
		return rules[1:]
	}
	return rules
}

// stages writes the stages of a kind.
func stages[S ~string](all ...S) []string {
	list := make([]string, len(all))
	for i, x := range all {
		list[i] = string(x)
	}
	return list
}

// Reasons for which a request or a claim is finally refused.
var (
	requestRefusedForGood = []string{
		v1alpha1.ReasonApprovalWithdrawn, v1alpha1.ReasonBudgetGone, v1alpha1.ReasonClaimWindowClosed, v1alpha1.ReasonRejected,
		v1alpha1.ReasonRequestDeadlineMissed,
	}
	claimRefusedForGood = []string{
		v1alpha1.ReasonClaimTooLate, v1alpha1.ReasonNothingPayable, v1alpha1.ReasonRejected, v1alpha1.ReasonResubmissionTooLate,
	}
)

// RequestRefusedForGood reports whether a request for money that is refused for a reason stays so, whatever its people do.
func RequestRefusedForGood(reason string) bool { return slices.Contains(requestRefusedForGood, reason) }

// ClaimRefusedForGood reports whether a claim that is refused for a reason stays so, whatever its people do.
func ClaimRefusedForGood(reason string) bool { return slices.Contains(claimRefusedForGood, reason) }

// evaluated is the one rule of the kinds about which there is no verdict.
var evaluated = []Rule{{State: Healthy, Says: v1alpha1.ConditionReady}}

var table = map[string]row{
	kinds.PartnerProgram: {
		about: "A program is healthy once it is evaluated. Its roll-up is no verdict about it.",
		rules: evaluated,
	},
	kinds.ChannelManager: {
		about: "Evidence about a channel manager is healthy once it is computed. Whether a bonus is due is no business of the health of an object.",
		rules: evaluated,
	},
	kinds.MeasurementSet: {
		about: "Results are healthy once they are read.",
		rules: evaluated,
	},
	kinds.PlanRevision: {
		about: "The controller keeps a revision and nobody edits it: it is healthy as long as it holds what it says.",
		rules: evaluated,
	},
	kinds.PlanReview: {
		about: "The record of a meeting cannot be changed. Someone must act while it waits for an answer of the vendor, or for the end of a dispute; whatever " +
			"else it is, it is history.",
		stalled: Suspended,
		rules: []Rule{
			{
				Condition: v1alpha1.ConditionCounts, Is: isFalse, OfReasons: []string{v1alpha1.ReasonAwaitingConfirmation, v1alpha1.ReasonDisputed},
				State: Suspended,
			},
			{State: Healthy, Says: v1alpha1.ConditionCounts},
		},
	},
	kinds.ApprovalDecision: {
		about: "A decision cannot be changed: it is never degraded, and one that counts no more is history. A wrong one calls for another decision, " +
			"or for its target.",
		stalled: Suspended,
		rules:   []Rule{{State: Healthy, Says: v1alpha1.ConditionEffective}},
	},
	kinds.ChannelStrategy: {
		about: "A strategy is healthy once it is read. How well the program follows it is no fault of its manifest.",
		rules: evaluated,
	},
	kinds.ProgramReport: {
		about: "The controller writes a report and nobody edits it: what it says of the program is no verdict about it.",
		rules: []Rule{{State: Healthy, Says: v1alpha1.ConditionFinal}},
	},
	kinds.MDFLedger: {
		about: "It has no status: what is wrong with it, its MDFBudget says.",
		rules: []Rule{{State: Healthy, Text: "written by the controller alone: its MDFBudget of the same name says how it stands"}},
	},
	kinds.ProgramCatalog: {
		about: "It has no status: what is wrong with it, its PartnerProgram says.",
		rules: []Rule{{State: Healthy, Text: "written by the controller alone: its PartnerProgram of the same name says how it stands"}},
	},
	kinds.Benchmark: {
		about: "It has no status: it was computed once, and does not change.",
		rules: []Rule{{State: Healthy, Text: "written by the controller alone, and not changed since"}},
	},
	kinds.PublishedBenchmark: {
		about: "It has no status: it was computed once, and does not change.",
		rules: []Rule{{State: Healthy, Text: "written by the controller alone, and not changed since"}},
	},
	kinds.Partner: {
		about: "A partner whose standing costs it money has to cure the cause. Which tier it qualifies for is no task for anyone.",
		rules: []Rule{
			{Condition: v1alpha1.ConditionInGoodStanding, Is: isFalse, State: Suspended},
			{State: Healthy, Says: v1alpha1.ConditionTierRequirementsMet},
		},
	},
	kinds.JointPlan: {
		about: "Someone must act while a review or the reconciliation is overdue, an approval is awaited or results are missing. How far a plan has come is no fault of its " +
			"manifest: a plan that is off track is healthy, and the message says how it stands.",
		rules: []Rule{
			{Because: "It is, also once the plan has closed.", Condition: v1alpha1.ConditionReviewOverdue, Is: isTrue, State: Suspended},
			{Because: "It keeps the plan from closing.", Condition: v1alpha1.ConditionReconciliationOverdue, Is: isTrue, State: Suspended},
			{
				Because:   "Nobody is asked about a draft, and a rejected plan is answered.",
				Condition: v1alpha1.ConditionApproved, Is: isFalse, OfReasons: []string{v1alpha1.ReasonDraft, v1alpha1.ReasonRejected}, State: Healthy,
			},
			{Condition: v1alpha1.ConditionApproved, Is: isFalse, State: Suspended},
			{Condition: v1alpha1.ConditionResultsStale, Is: isTrue, State: Suspended},
			{State: Healthy, Says: v1alpha1.ConditionOnTrack},
		},
	},
	kinds.Campaign: {
		about: "Until a campaign has ended, someone must act when it carries out no activity of the plan of record, or when its results cost more than " +
			"its stop rule allows.",
		rules: []Rule{
			{
				Stages:    stages(v1alpha1.CampaignPlanned, v1alpha1.CampaignRunning),
				Condition: v1alpha1.ConditionAligned, Is: isFalse, State: Suspended,
			},
			{
				Stages:    stages(v1alpha1.CampaignPlanned, v1alpha1.CampaignRunning),
				Condition: v1alpha1.ConditionWithinStopRule, Is: isFalse, State: Suspended,
			},
			{
				Because:   "Where the stop rule says nothing, the plan does.",
				Condition: v1alpha1.ConditionWithinStopRule, Is: isUnknown, State: Healthy, Says: v1alpha1.ConditionAligned,
			},
			{State: Healthy, Says: v1alpha1.ConditionWithinStopRule},
		},
	},
	kinds.MDFBudget: {
		about: "A budget that can grant nothing, or has granted too much, calls for a person, though not for a change of its manifest.",
		rules: []Rule{
			{Condition: v1alpha1.ConditionClockTrusted, Is: isFalse, State: Suspended},
			{Condition: v1alpha1.ConditionLedgerIntact, Is: isFalse, State: Suspended},
			{Condition: v1alpha1.ConditionWithinLimit, Is: isFalse, State: Suspended},
			{Because: "Its ledger is about to be created.", Condition: v1alpha1.ConditionLedgerIntact, IsNot: isTrue, State: Progressing},
			{State: Healthy, Says: v1alpha1.ConditionWithinLimit},
		},
	},
	kinds.MDFAllocation: {
		about: "A request waits for a person while it can still get money: for its approval, for a cure of what refuses it, for money, or for claims. " +
			"What was finally refused, is paid, released or withdrawn is healthy.",
		rules: []Rule{
			{
				Because:   "The ledger is lost.",
				Condition: v1alpha1.ConditionGranted, OfReasons: []string{v1alpha1.ReasonRecoveryRequired}, State: Suspended,
			},
			{Stages: stages(v1alpha1.AllocationDraft), State: Healthy, Says: v1alpha1.ConditionEligible},
			{Stages: stages(v1alpha1.AllocationPendingApproval), State: Suspended, Says: v1alpha1.ConditionApproved},
			{
				Because:   "The controller is about to grant it.",
				Stages:    stages(v1alpha1.AllocationWaiting),
				Condition: v1alpha1.ConditionGranted, OfReasons: []string{v1alpha1.ReasonGrantPending}, State: Progressing,
			},
			{Because: "There is no money for it.", Stages: stages(v1alpha1.AllocationWaiting), State: Suspended, Says: v1alpha1.ConditionGranted},
			{
				Because: "Finally refused: nobody can cure it.",
				Stages:  stages(v1alpha1.AllocationRefused), Reasons: requestRefusedForGood, State: Healthy, Says: v1alpha1.ConditionGranted,
			},
			{Stages: stages(v1alpha1.AllocationRefused), State: Suspended, Says: v1alpha1.ConditionGranted},
			{
				Because:   "It was changed after it had been granted. Whoever gave a final no is not asked again.",
				Stages:    stages(v1alpha1.AllocationGranted),
				Condition: v1alpha1.ConditionApproved, Is: isFalse, NotOfReasons: []string{v1alpha1.ReasonApprovalWithdrawn, v1alpha1.ReasonRejected},
				State: Suspended,
			},
			{
				Stages:    stages(v1alpha1.AllocationGranted),
				Condition: v1alpha1.ConditionClaimWindowClosing, Is: isTrue, State: Suspended,
			},
			{State: Healthy, Says: v1alpha1.ConditionGranted},
		},
	},
	kinds.MDFClaim: {
		about: "A claim waits for a person until it is paid: for its decision, for what is missing, or for its payment. What is paid, lapsed or finally " +
			"refused is healthy.",
		rules: []Rule{
			{Stages: stages(v1alpha1.ClaimDraft, v1alpha1.ClaimLapsed), State: Healthy, Says: v1alpha1.ConditionAccepted},
			{
				Because: "Finally refused: nobody can cure it.",
				Stages:  stages(v1alpha1.ClaimRefused), Reasons: claimRefusedForGood, State: Healthy, Says: v1alpha1.ConditionAccepted,
			},
			{
				Stages: stages(v1alpha1.ClaimRefused, v1alpha1.ClaimPendingDecision, v1alpha1.ClaimSentBack),
				State:  Suspended, Says: v1alpha1.ConditionAccepted,
			},
			{
				Because:   "It is paid, and the controller is about to settle it.",
				Stages:    stages(v1alpha1.ClaimAccepted),
				Condition: v1alpha1.ConditionSettled, OfReasons: []string{v1alpha1.ReasonSettlementPending}, State: Progressing,
			},
			{Because: "It is due for payment.", Stages: stages(v1alpha1.ClaimAccepted), State: Suspended, Says: v1alpha1.ConditionSettled},
			{State: Healthy, Says: v1alpha1.ConditionSettled},
		},
	},
}

// About says in words what the health of a kind is.
func About(kind string) string { return table[kind].about }

// Rules returns the rules of a kind, of which the first that holds decides, and the last always does. Without a status there is nothing that a
// rule of all kinds could ask for.
func Rules(kind string) []Rule { return complete[kind] }

// complete are the rules of each kind, those of all kinds first.
var complete = func() map[string][]Rule {
	all := make(map[string][]Rule, len(table))
	for name, r := range table {
		if k := kinds.Named(name); k.Evaluated {
			all[name] = slices.Concat(common(k, r.stalled), r.rules)
		} else {
			all[name] = r.rules
		}
	}
	return all
}()
