// Package dashboard makes the dashboard for Grafana from the metrics that internal/metrics lists.
package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// JSON returns the dashboard as a file that Grafana imports. There is no name of an installation in it: where the metrics are is a choice above the
// dashboard.
func JSON() ([]byte, error) {
	var l layout
	l.row("What waits for people", people()...)
	l.row("Money", budgets()...)
	l.row("Partners and plans", partners()...)
	l.row("The manager", manager()...)
	made := board{
		UID: "jointplan", Title: "JointPlan",
		Description: "What waits for people, what budgets have left, how partners and plans stand, and how the manager keeps up. " +
			"All metrics are listed in docs/metrics.md.",
		Tags: []string{"jointplan"}, SchemaVersion: 39, Editable: true, GraphTooltip: 1, Refresh: "1m", Time: span{From: "now-7d", To: "now"},
		Panels: l.panels,
	}
	made.Annotations.List = []options{}
	made.Templating.List = []variable{
		{
			Name: "datasource", Label: "Prometheus", Type: "datasource", Query: "prometheus",
			Current: options{"text": "default", "value": "default"},
		},
		choice("program", "Program", metrics.Plans),
		choice("budget", "Budget", metrics.BudgetAmount),
		choice("currency", "Currency", metrics.BudgetAmount),
		choice("namespace", "Namespace", metrics.Stalled),
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // queries compare
	encoder.SetIndent("", "  ")
	err := encoder.Encode(made)
	return out.Bytes(), err
}

// choice lets the reader choose among the values of a label, and all of them to begin with, the empty one included.
func choice(label, title string, of *metrics.Family) variable {
	definition := fmt.Sprintf("label_values(%s, %s)", of.Name, label)
	return variable{
		Name: label, Label: title, Type: "query", Definition: definition, Source: prometheus,
		Query: options{"query": definition, "refId": "choice"}, Refresh: 2, Sort: 1,
		Multi: true, IncludeAll: true, AllValue: ".*", Current: options{"text": "All", "value": "$__all"},
	}
}

// Labels by which the reader chooses.
const (
	ofProgram   = `program=~"$program"`
	ofBudget    = `budget=~"$budget"`
	ofCurrency  = `currency=~"$currency"`
	ofNamespace = `namespace=~"$namespace"`
)

// of selects series of a metric.
func of(family *metrics.Family, matchers ...string) string {
	if len(matchers) == 0 {
		return family.Name
	}
	return family.Name + "{" + strings.Join(matchers, ", ") + "}"
}

// is selects a value of a label, one of several if there are several.
func is[T ~string](label string, values ...T) string {
	if len(values) == 1 {
		return fmt.Sprintf("%s=%q", label, values[0])
	}
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return fmt.Sprintf("%s=~%q", label, strings.Join(all, "|"))
}

// people are the panels of what nobody but a person moves on.
func people() []*panel {
	return []*panel{
		number("Overdue reviews", "Plans with a review that is overdue, escalated ones among them.", count, 1,
			query{"sum(" + of(metrics.PlanReviews, ofProgram, is("state", v1alpha1.ReasonOverdue, v1alpha1.ReasonEscalated)) + ")", ""}),
		number("Plans to decide", "Plans that wait for their first approval. Amendments count in the longest wait.", count, 1,
			query{"sum(" + of(metrics.Plans, ofProgram, is("stage", v1alpha1.StagePendingApproval)) + ")", ""}),
		number("Requests to decide", "Requests for money that wait for a decision.", count, 1,
			query{"sum(" + of(metrics.Requests, ofBudget, is("stage", v1alpha1.AllocationPendingApproval)) + ")", ""}),
		number("Claims to decide", "Claims that wait for a decision.", count, 1,
			query{"sum(" + of(metrics.Claims, ofBudget, is("stage", v1alpha1.ClaimPendingDecision)) + ")", ""}),
		number("Claims to pay", "Claims that are accepted and not paid.", count, 1,
			query{"sum(" + of(metrics.Claims, ofBudget, is("stage", v1alpha1.ClaimAccepted)) + ")", ""}),
		number("Specs to correct", "Objects that are Stalled: a person must change their spec.", count, 1,
			query{"sum(" + of(metrics.Stalled, ofNamespace) + ")", ""}),
		bars("Longest wait for a decision", "How long the plan, request or claim that waits longest has waited. Orange from 14 days.", seconds, 14*day,
			query{"time() - min by (program, kind) (" + of(metrics.OldestPendingDecision, ofProgram) + ")", "{{program}}: {{kind}}"}),
		bars("Longest wait for a payment", "How long ago the claim that waits longest for its payment was accepted. Orange from 30 days.", seconds, 30*day,
			query{"time() - min by (budget) (" + of(metrics.OldestUnpaidClaim, ofBudget) + ")", "{{budget}}"}),
		table("What to correct", "Objects that are Stalled. The condition Stalled of each says what to change.", count, 8,
			query{"sum by (kind, namespace, reason) (" + of(metrics.Stalled, ofNamespace) + ")", "objects"}),
		wide(12, stacked(graph("Reviews", "Plans by the state of their reviews.", count,
			query{"sum by (program, state) (" + of(metrics.PlanReviews, ofProgram) + ")", "{{program}}: {{state}}"}))),
		table("Alerts", "Alerts that are raised now. Each has a page in docs/runbooks.", count, 12,
			query{`count by (severity, alertname, program, budget, namespace, kind) (ALERTS{alertname=~"JointPlan.+", alertstate="firing"})`, "series"}),
	}
}

// highest is the value of each budget, in its currency, told by whichever manager works.
func highest(family *metrics.Family) string {
	return "max by (budget, currency) (" + of(family, ofBudget, ofCurrency) + ")"
}

// budgets are the panels about money. None adds up over currencies.
func budgets() []*panel {
	used := "(" + highest(metrics.BudgetReserved) + " + " + highest(metrics.BudgetSettled) + ") / " + highest(metrics.BudgetAmount)
	list := table("Budgets", "In units of each budget's currency. Lapsed is what was not used until the period ended; excess is by how much an amount was "+
		"lowered too far.", money, 24,
		query{highest(metrics.BudgetAmount), "amount"}, query{highest(metrics.BudgetReserved), "reserved"}, query{highest(metrics.BudgetSettled), "settled"},
		query{highest(metrics.BudgetAvailable), "available"}, query{used, "used"}, query{highest(metrics.BudgetLapsed), "lapsed"},
		query{highest(metrics.BudgetExcess), "excess"})
	perHour := func(family *metrics.Family, word string) query {
		return query{"sum by (budget) (increase(" + of(family, ofBudget) + "[1h]))", "{{budget}}: " + word}
	}
	return []*panel{
		column(list, "used", share),
		graph("Available", "What may still be granted of each budget, in its currency.", money,
			query{highest(metrics.BudgetAvailable), "{{budget}} {{currency}}"}),
		graph("Reserved", "What is granted of each budget and not yet paid, in its currency.", money,
			query{highest(metrics.BudgetReserved), "{{budget}} {{currency}}"}),
		graph("Available by currency", "What may still be granted of all budgets of one currency. Amounts of different currencies are never added up.", money,
			query{"sum by (currency) (" + highest(metrics.BudgetAvailable) + ")", "{{currency}}"}),
		bars("Used", "Share of each budget that is reserved or paid. Orange from nine tenths.", share, 0.9, query{used, "{{budget}} {{currency}}"}),
		table("Requests", "Requests for money by stage and reason.", count, 8,
			query{"sum by (budget, stage, reason) (" + of(metrics.Requests, ofBudget) + ")", "requests"}),
		table("Claims", "Claims by stage and reason.", count, 8,
			query{"sum by (budget, stage, reason) (" + of(metrics.Claims, ofBudget) + ")", "claims"}),
		graph("Granted, released and settled", "Requests and claims in the hour before.", count,
			perHour(metrics.Grants, "granted"), perHour(metrics.Releases, "released"), perHour(metrics.Settlements, "settled")),
		states(table("Ledgers", "Whether the ledger of each budget can be used. While it cannot, nothing is granted, released or settled.", count, 8,
			query{"min by (budget, reason) (" + of(metrics.LedgerIntact, ofBudget) + ")", "ledger"}),
			state{"1", "intact", "green"}, state{"0", "cannot be used", "red"}),
		bars("How full ledgers are", "Share of what a ledger can hold, whatever the amounts. Orange from nine tenths.", share, 0.9,
			query{"max by (budget, bound) (" + of(metrics.LedgerUsed, ofBudget) + ")", "{{budget}}: {{bound}}"}),
	}
}

// partners are the panels of how partners and their plans stand.
func partners() []*panel {
	pace := func(matchers ...string) string {
		return "sum by (program) (" + of(metrics.PlanPace, append([]string{ofProgram}, matchers...)...) + ")"
	}
	begun := pace(fmt.Sprintf("verdict!=%q", v1alpha1.ReasonNotStarted))
	return []*panel{
		bars("Partners by tier", "Partners by the tier that they hold; none where they hold none.", count, 0,
			query{"sum by (program, tier) (" + of(metrics.Partners, ofProgram) + ")", "{{program}}: {{tier}}"}),
		bars("Partners by standing", "Partners by what overdue duties cost them.", count, 0,
			query{"sum by (program, standing) (" + of(metrics.Partners, ofProgram) + ")", "{{program}}: {{standing}}"}),
		bars("Plans by stage", "", count, 0, query{"sum by (program, stage) (" + of(metrics.Plans, ofProgram) + ")", "{{program}}: {{stage}}"}),
		stacked(graph("Pace", "Plans that are not closed, by whether their goals come along as expected.", count,
			query{"sum by (program, verdict) (" + of(metrics.PlanPace, ofProgram) + ")", "{{program}}: {{verdict}}"})),
		graph("On track", "Share of the plans on track, of those that have begun.", share, query{
			"(" + pace(is("verdict", v1alpha1.ReasonOnTrack)) + " or 0 * " + begun + ") / " + begun, "{{program}}",
		}),
		stacked(graph("Standing below Good", "Partners that are watched, get a reduced rate, or get no new money.", count,
			query{"sum by (program, standing) (" + of(metrics.Partners, ofProgram, fmt.Sprintf("standing!=%q", v1alpha1.StepGood)) + ")", "{{program}}: {{standing}}"})),
		graph("Objects", "Objects of each kind.", count, query{"sum by (kind) (" + of(metrics.ObjectsByKind) + ")", "{{kind}}"}),
		table("Suspended", "Objects whose evaluation a person has suspended.", count, 8,
			query{"sum by (kind, reason) (" + of(metrics.Conditions, is("type", v1alpha1.ConditionSuspended), is("status", "True")) + ")", "objects"}),
		table("Not ready", "Objects whose condition Ready is not True, by reason.", count, 8,
			query{"sum by (kind, status, reason) (" + of(metrics.Conditions, is("type", v1alpha1.ConditionReady), `status!="True"`) + ")", "objects"}),
	}
}

// manager are the panels of how the manager keeps up.
func manager() []*panel {
	var names []string
	for _, k := range kinds.All() {
		if k.Evaluated {
			names = append(names, strings.ToLower(k.Name))
		}
	}
	ours := is("controller", names...)
	rate := func(by, series string) string { return "sum by (" + by + ") (rate(" + series + "[$__rate_interval]))" }
	quantile := func(q, family string) string {
		return "histogram_quantile(" + q + ", " + rate("kind, le", family+"_bucket") + ")"
	}
	delay := metrics.DeadlineDelay.Name
	return []*panel{
		without("none works", states(number("Manager", "Whether a manager works: one that holds the lease, and is scraped.", count, 0,
			query{"min(" + of(metrics.ObjectsByKind) + " * 0 + 1)", ""}), state{"1", "works", "green"})),
		without("not known", states(number("Money is guarded", "Whether all admission policies that guard money are in force. While they are not, no budget grants "+
			"anything.", count, 0, query{"min(" + of(metrics.PoliciesInForce) + ")", ""}), state{"1", "yes", "green"}, state{"0", "no", "red"})),
		number("Clock", "By how much the clocks of a manager and of the API server differ. Beyond 60 seconds nothing is evaluated.", seconds, 30,
			query{"max(abs(" + of(metrics.ClockSkew) + "))", ""}),
		number("Waiting", "Objects that wait for their evaluation.", count, 100,
			query{`sum(` + of(metrics.Backlog) + `) + sum(workqueue_depth{` + ours + `})`, ""}),
		number("Behind", "Objects without a status of their current spec.", count, 1, query{"sum(max by (kind) (" + of(metrics.Unevaluated) + "))", ""}),
		without("never", number("Restored", "When a manager last saw that the API server's store had been restored from a backup.", ago, 0,
			query{"max(" + of(metrics.ServerRestored) + " > 0) * 1000", ""})),
		graph("Queue", "Objects of each controller that wait: for a worker, or for the turn of their partner.", count,
			query{"sum by (controller) (workqueue_depth{" + ours + "})", "{{controller}}: worker"},
			query{"sum by (controller) (" + of(metrics.Backlog) + ")", "{{controller}}: turn"}),
		graph("Evaluations", "Evaluations per second, by what became of the status.", operations,
			query{rate("result", of(metrics.Evaluations)), "{{result}}"}),
		graph("Errors", "Evaluations per second that failed and are tried again, by controller.", operations,
			query{rate("controller", "controller_runtime_reconcile_errors_total{"+ours+"}"), "{{controller}}"}),
		graph("Writes", "Statuses that are written per second. At rest none is.", writes,
			query{rate("kind", of(metrics.Evaluations, `result="written"`)), "{{kind}}"}),
		graph("Writes of ledgers", "Attempts per second to write a ledger, by result.", writes,
			query{rate("result", of(metrics.LedgerWrites, ofBudget)), "{{result}}"}),
		graph("Behind by kind", "Objects of each kind without a status of their current spec.", count,
			query{"max by (kind) (" + of(metrics.Unevaluated) + ")", "{{kind}}"}),
		graph("How long an evaluation takes", "99 of 100 take less than this.", seconds,
			query{quantile("0.99", metrics.EvaluationDuration.Name), "{{kind}}"}),
		graph("Deadlines in time", "Share of the deadlines that took effect within a minute.", share,
			query{rate("kind", delay+`_bucket{le=~"60([.]0)?"}`) + " / " + rate("kind", delay+"_count"), "{{kind}}"}),
		graph("Clock over time", "By how much the clock of a manager's machine is ahead of the API server's; negative when it is behind.", seconds,
			query{"max by (instance) (" + of(metrics.ClockSkew) + ")", "{{instance}}"}),
	}
}
