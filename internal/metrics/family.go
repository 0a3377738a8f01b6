// Package metrics says what the manager tells a monitoring system: which metrics there are, and what those about objects are worth. It knows
// no monitoring library, clock or cluster; the controllers expose what it computes.
package metrics

import "slices"

// Type is how a metric behaves.
type Type string

const (
	// Gauge is a value that goes up and down.
	Gauge Type = "gauge"
	// Counter is a count that only grows while a manager runs.
	Counter Type = "counter"
	// Histogram counts observations by size.
	Histogram Type = "histogram"
)

// Family is one metric with all its series.
type Family struct {
	// Name is the metric's name, with the unit of its values at the end.
	Name string
	// Type is how it behaves.
	Type Type
	// Help says what it counts or measures, in one sentence.
	Help string
	// Labels are the names of its labels, at most four.
	Labels []string
	// Bounds says what bounds the number of its series.
	Bounds string
	// Buckets are the upper bounds of a histogram's buckets.
	Buckets []float64
}

// Gauges about all objects.
var (
	// ObjectsByKind counts objects.
	ObjectsByKind = &Family{
		Name: "jointplan_objects", Type: Gauge, Labels: []string{"kind"},
		Help:   "Number of objects of a kind. Only the manager that evaluates reports it.",
		Bounds: "kinds",
	}
	// Unevaluated counts objects without a status of their current spec.
	Unevaluated = &Family{
		Name: "jointplan_unevaluated_objects", Type: Gauge, Labels: []string{"kind"},
		Help:   "Number of objects of a kind that have no status of their current spec, those that are suspended left out.",
		Bounds: "kinds",
	}
	// Stalled counts objects that a person must change.
	Stalled = &Family{
		Name: "jointplan_stalled_objects", Type: Gauge, Labels: []string{"kind", "namespace", "reason"},
		Help:   "Number of objects that are Stalled: a person must change their spec. Absent where there is none.",
		Bounds: "kinds, namespaces and two or three reasons, of what is stalled only",
	}
	// Conditions counts objects by what their conditions say.
	Conditions = &Family{
		Name: "jointplan_conditions", Type: Gauge, Labels: []string{"kind", "type", "status", "reason"},
		Help:   "Number of objects of a kind that have a condition with a status and reason.",
		Bounds: "condition types and reasons of the API, about 200",
	}
)

// Gauges about partners and plans.
var (
	// Partners counts partners by tier and standing.
	Partners = &Family{
		Name: "jointplan_partners", Type: Gauge, Labels: []string{"program", "tier", "standing"},
		Help:   "Number of evaluated partners by effective tier, which is empty for none, and standing.",
		Bounds: "programs, their tiers and four standings",
	}
	// Plans counts plans by stage.
	Plans = &Family{
		Name: "jointplan_plans", Type: Gauge, Labels: []string{"program", "stage"},
		Help:   "Number of evaluated plans by stage.",
		Bounds: "programs and six stages",
	}
	// PlanReviews counts plans by how their reviews stand.
	PlanReviews = &Family{
		Name: "jointplan_plan_reviews", Type: Gauge, Labels: []string{"program", "state"},
		Help:   "Number of plans, Closed ones among them, by the state of their reviews, as the reason of condition ReviewOverdue.",
		Bounds: "programs and seven states",
	}
	// PlanPace counts plans by whether they are on track.
	PlanPace = &Family{
		Name: "jointplan_plan_pace", Type: Gauge, Labels: []string{"program", "verdict"},
		Help:   "Number of plans that are not Closed by their pace, as the reason of condition OnTrack.",
		Bounds: "programs and nine verdicts",
	}
	// OldestPendingDecision is since when a decision is awaited.
	OldestPendingDecision = &Family{
		Name: "jointplan_oldest_pending_decision_timestamp_seconds", Type: Gauge, Labels: []string{"program", "kind"},
		Help: "Instant since which the plan, request or claim that waits longest for a decision of a person has waited. " +
			"Absent when none waits.",
		Bounds: "programs and three kinds",
	}
)

// Gauges about money.
var (
	// BudgetAmount is the amount of a budget.
	BudgetAmount = budgetMoney("jointplan_budget_amount", "Amount of a budget.")
	// BudgetReserved is what is granted and not paid.
	BudgetReserved = budgetMoney("jointplan_budget_reserved", "What is granted of a budget and not yet paid, by its ledger.")
	// BudgetSettled is what is paid.
	BudgetSettled = budgetMoney("jointplan_budget_settled", "What is paid of a budget, by its ledger.")
	// BudgetAvailable is what can still be granted.
	BudgetAvailable = budgetMoney("jointplan_budget_available", "What may still be granted of a budget; 0 once its period has ended.")
	// BudgetLapsed is what was not used in time.
	BudgetLapsed = budgetMoney("jointplan_budget_lapsed", "What of a budget was neither reserved nor paid in its period. Absent until the period has ended.")
	// BudgetExcess is by how much a budget is overdrawn.
	BudgetExcess = budgetMoney("jointplan_budget_excess", "By how much reserved and paid exceed a budget's amount after it was lowered. Absent when they do not.")
	// LedgerIntact says whether a budget's ledger can be used.
	LedgerIntact = &Family{
		Name: "jointplan_budget_ledger_intact", Type: Gauge, Labels: []string{"budget", "reason"},
		Help: "1 when condition LedgerIntact of a budget is True, else 0 and nothing is granted; reason is that of the condition. " +
			"A ledger that was lost while its budget is suspended is reported too.",
		Bounds: "budgets, one series each",
	}
	// LedgerUsed says how full a ledger is.
	LedgerUsed = &Family{
		Name: "jointplan_ledger_used_ratio", Type: Gauge, Labels: []string{"budget", "bound"},
		Help: "Share of a bound of a budget's ledger that is used, 1 when it is full: " +
			"reservations (2,000 requests, released ones included), settlements (4,000 claims) or size (of all entries).",
		Bounds: "ledgers and three bounds",
	}
	// Requests counts requests for money.
	Requests = &Family{
		Name: "jointplan_requests", Type: Gauge, Labels: []string{"budget", "stage", "reason"},
		Help:   "Number of evaluated requests for money by stage and reason; budget is empty when there is no such budget.",
		Bounds: "budgets, stages and the reasons of the API",
	}
	// Claims counts claims.
	Claims = &Family{
		Name: "jointplan_claims", Type: Gauge, Labels: []string{"budget", "stage", "reason"},
		Help:   "Number of evaluated claims by stage and reason; budget is empty when there is no such budget.",
		Bounds: "budgets, stages and the reasons of the API",
	}
	// OldestUnpaidClaim is since when an accepted claim waits for its payment.
	OldestUnpaidClaim = &Family{
		Name: "jointplan_oldest_unpaid_claim_timestamp_seconds", Type: Gauge, Labels: []string{"budget"},
		Help:   "Instant at which the claim that waits longest for its payment was accepted. Absent when none waits.",
		Bounds: "budgets",
	}
	// PoliciesInForce says whether money is guarded.
	PoliciesInForce = &Family{
		Name: "jointplan_money_policies_in_force", Type: Gauge,
		Help:   "1 while all admission policies that guard money are in force, else 0 and no budget grants anything.",
		Bounds: "one series",
	}
)

// What the controllers do.
var (
	// Evaluations counts evaluations by what became of the status.
	Evaluations = &Family{
		Name: "jointplan_evaluations_total", Type: Counter, Labels: []string{"kind", "result"},
		Help: "Number of evaluations by what became of the status: " +
			"unchanged (nothing is written), written, conflict, refused by the API server, gone (the object was deleted) or failed.",
		Bounds: "kinds and six results",
	}
	// EvaluationDuration measures how long an evaluation takes.
	EvaluationDuration = &Family{
		Name: "jointplan_evaluation_duration_seconds", Type: Histogram, Labels: []string{"kind"},
		Help: "How long it takes to compute a status, without reading objects and writing the status; " +
			"of a budget, to decide about its money; of a plan, with keeping a revision that was just approved.",
		Bounds:  "kinds",
		Buckets: []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5},
	}
	// DeadlineDelay measures how late deadlines take effect.
	DeadlineDelay = &Family{
		Name: "jointplan_deadline_delay_seconds", Type: Histogram, Labels: []string{"kind"},
		Help:    "Time from an instant at which a status may change by itself until its evaluation was done.",
		Bounds:  "kinds",
		Buckets: []float64{0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600},
	}
	// Backlog counts what waits for its evaluation in the line of its partner.
	Backlog = &Family{
		Name: "jointplan_backlog_objects", Type: Gauge, Labels: []string{"controller"},
		Help:   "Number of objects of a controller that wait for the turn of their partner. They are not part of workqueue_depth.",
		Bounds: "kinds",
	}
	// ServerRestored says when the API server's store was restored.
	ServerRestored = &Family{
		Name: "jointplan_server_restored_timestamp_seconds", Type: Gauge,
		Help:   "When a manager last saw that the API server's store had been restored from a backup, in seconds since 1970; 0 when none did.",
		Bounds: "one series",
	}
	// ClockSkew says how wrong the clock is.
	ClockSkew = &Family{
		Name: "jointplan_clock_skew_seconds", Type: Gauge,
		Help: "By how much the clock of the manager's machine is ahead of the API server's, to about a second; negative when it is behind. " +
			"Beyond 60 seconds nothing is evaluated.",
		Bounds: "one series",
	}
	// Grants counts grants.
	Grants = &Family{
		Name: "jointplan_grants_total", Type: Counter, Labels: []string{"budget"},
		Help: "Number of requests to which money of a budget was granted.", Bounds: "budgets",
	}
	// Releases counts releases.
	Releases = &Family{
		Name: "jointplan_releases_total", Type: Counter, Labels: []string{"budget"},
		Help: "Number of times that money of a budget was released.", Bounds: "budgets",
	}
	// Settlements counts settlements.
	Settlements = &Family{
		Name: "jointplan_settlements_total", Type: Counter, Labels: []string{"budget"},
		Help: "Number of claims that were settled from a budget.", Bounds: "budgets",
	}
	// LedgerWrites counts attempts to write ledgers.
	LedgerWrites = &Family{
		Name: "jointplan_ledger_writes_total", Type: Counter, Labels: []string{"budget", "result"},
		Help:   "Number of attempts to write a budget's ledger by result: written, conflict, refused by the API server, or failed.",
		Bounds: "budgets and four results",
	}
)

// budgetMoney is a gauge of money of budgets.
func budgetMoney(name, help string) *Family {
	return &Family{
		Name: name, Type: Gauge, Labels: []string{"budget", "currency"},
		Help: help + " In units of the currency.", Bounds: "budgets",
	}
}

// OfObjects returns the metrics that are computed from objects.
func OfObjects() []*Family {
	return []*Family{
		ObjectsByKind, Unevaluated, Stalled, Conditions,
		Partners, Plans, PlanReviews, PlanPace, OldestPendingDecision,
		BudgetAmount, BudgetReserved, BudgetSettled, BudgetAvailable, BudgetLapsed, BudgetExcess, LedgerIntact, LedgerUsed,
		Requests, Claims, OldestUnpaidClaim, PoliciesInForce,
	}
}

// OfControllers returns the metrics that the controllers record as they go.
func OfControllers() []*Family {
	return []*Family{Evaluations, EvaluationDuration, DeadlineDelay, Backlog, ClockSkew, ServerRestored, Grants, Releases, Settlements, LedgerWrites}
}

// All returns all metrics.
func All() []*Family { return slices.Concat(OfObjects(), OfControllers()) }
