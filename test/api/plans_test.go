package api

import (
	"maps"
	"strings"
)

// planRows are changes to a plan. Those of its terms are tried on a PlanRevision too.
func planRows() map[string]row {
	rows := map[string]row{}
	add := func(name string, set edits, want ...string) {
		rows["a plan with "+name] = row{base: "JointPlan", set: set, want: want}
	}
	goalRows(add)
	periodRows(add)
	sectionRows(add)
	shareRows(add)
	salesRows(add)
	progressRows(add)
	explicit := func(name string, set edits, want ...string) {
		rows["a plan with "+name] = row{base: "JointPlan/explicit", set: set, want: want}
	}
	explicitPeriodRows(explicit)
	return rows
}

func goalRows(add adder) {
	const goal, target, deliverable = "spec.goals[0]", "spec.goals[0].target", "spec.goals[1]"
	add("a goal of a number and a deliverable", edits{goal + ".deliverable": "A site"},
		goal+": Invalid value: give either metric (with target) or deliverable")
	add("a goal of nothing", edits{deliverable + ".deliverable": absent},
		deliverable+": Invalid value: give either metric (with target) or deliverable")
	add("a metric without target", edits{target: absent}, goal+": Invalid value: metric and target go together: add the one that is missing, or remove the other")
	add("a target without metric", edits{deliverable + ".target": "{mode: Absolute, value: '5'}"},
		deliverable+": Invalid value: metric and target go together: add the one that is missing, or remove the other")
	for _, mode := range []string{"IncreaseBy", "IncreaseByPercent", "DecreaseBy", "DecreaseByPercent"} {
		add("a target of mode "+mode+" without baseline", edits{goal + ".baseline": absent, target + ".mode": mode},
			goal+".baseline: Required value: a relative target needs a baseline: add baseline, or use mode Absolute")
		add("a target of mode "+mode+" and zero", edits{target + ".value": "'0.00'", target + ".mode": mode},
			target+": Invalid value: value of a relative target must be greater than zero")
	}
	add("a decrease by more than all", edits{target + ".mode": "DecreaseByPercent", target + ".value": "'100.01'"},
		target+".value: Invalid value: a decrease by more than 100 percent would end below zero: value must be at most 100")
	add("a decrease by all", edits{target + ".mode": "DecreaseByPercent", target + ".value": "'100.00'"})
	add("a decrease by no number", edits{target + ".mode": "DecreaseByPercent", target + ".value": "9x"},
		target+`.value: Invalid value: "9x": `+notDecimal)
	add("an absolute target without baseline", edits{goal + ".baseline": absent, target + ".mode": "Absolute"})
	add("an absolute target of zero", edits{target + ".value": "'0'", target + ".mode": "Absolute"})
	for name, field := range map[string]string{"a baseline": ".baseline: '5'", "milestones": ".milestones: [{day: '2026-09-30', value: '5'}]"} {
		path, value, _ := strings.Cut(field, ": ")
		add("a deliverable with "+name, edits{deliverable + path: value},
			deliverable+": Invalid value: baseline and milestones need a metric: add metric and target, or remove them")
	}
	add("a negative target", edits{target + ".value": "'-10'"},
		target+": Invalid value: value must not be negative: say DecreaseBy or DecreaseByPercent for a decrease")
	add("a negative baseline", edits{goal + ".baseline": "'-10.5'"})
	add("two goals of one name", edits{deliverable + ".name": "cloud-revenue"}, deliverable+`: Duplicate value: {"name":"cloud-revenue"}`)
	add("two milestones of one day", edits{goal + ".milestones[1]": "{day: '2026-09-30', value: '5'}"},
		goal+`.milestones[1]: Duplicate value: {"day":"2026-09-30"}`)
	add("a goal due on 30 February", edits{goal + ".due": "'2026-02-30'"},
		goal+`.due: Invalid value: "2026-02-30": `+goal+`.due in body must be of type date: "2026-02-30"`, rulesNotChecked)
	add("a goal due on 29 February of a common year", edits{goal + ".due": "'2027-02-29'"},
		goal+`.due: Invalid value: "2027-02-29": `+goal+`.due in body must be of type date: "2027-02-29"`, rulesNotChecked)
	add("a goal due on 29 February of a leap year", edits{goal + ".due": "'2028-02-29'"})
	add("a target without value", edits{target + ".value": absent}, target+".value: Required value", rulesNotChecked)
	add("a target of an unknown mode", edits{target + ".mode": "Relative"},
		target+`.mode: Unsupported value: "Relative": supported values: "Absolute", "IncreaseBy", "IncreaseByPercent", "DecreaseBy", "DecreaseByPercent"`,
		rulesNotChecked)
}

// shareRows are changes to how a goal is divided among its initiatives.
func shareRows(add adder) {
	const shares = "spec.goals[0].initiativeShares"
	const wrong = shares + ": Invalid value: the shares must be of the goal's initiatives and make 100 percent in all"
	two := edits{"spec.goals[0].initiatives": "[cloud-migration, security]"}
	of := func(text string) edits {
		set := edits{shares: text}
		maps.Copy(set, two)
		return set
	}
	add("shares of 60 and 40", of("[{initiative: cloud-migration, percent: 60}, {initiative: security, percent: 40}]"))
	add("shares of 60 and 41", of("[{initiative: cloud-migration, percent: 60}, {initiative: security, percent: 41}]"), wrong)
	add("shares of 60 and 39", of("[{initiative: cloud-migration, percent: 60}, {initiative: security, percent: 39}]"), wrong)
	add("a share of an initiative that the goal does not serve", of("[{initiative: cloud-migration, percent: 60}, {initiative: schools, percent: 40}]"), wrong)
	add("shares and no initiatives", edits{"spec.goals[0].initiatives": absent, shares: "[{initiative: cloud-migration, percent: 100}]"}, wrong)
	add("two shares of one initiative", of("[{initiative: security, percent: 60}, {initiative: security, percent: 40}]"),
		shares+`[1]: Duplicate value: {"initiative":"security"}`)
	add("a goal of several initiatives that is not divided", two)
}

// salesRows are changes to the joint sales plan.
func salesRows(add adder) {
	const plan, quarter = "spec.salesPlan", "spec.salesPlan.quarters[0]"
	add("a win rate above all", edits{plan + ".expectedWinRatePercent": "'100.5'"},
		plan+`.expectedWinRatePercent: Invalid value: "100.5": no more than all opportunities can be won: write at most 100`)
	add("a win rate of all", edits{plan + ".expectedWinRatePercent": "'100'"})
	add("a stage rate above all", edits{plan + ".stages[0].expectedRatePercent": "'101'"},
		plan+`.stages[0].expectedRatePercent: Invalid value: "101": no more than all of the stage before can go on: write at most 100`)
	const either = quarter + ": Invalid value: give either quarter, or both from and through"
	const together = quarter + ": Invalid value: from and through go together: add the one that is missing, or remove the other"
	add("a quarter of the sales plan that is none", edits{quarter + ".quarter": absent}, either)
	add("a quarter of the sales plan with days beside", edits{quarter + ".from": "'2026-07-01'", quarter + ".through": "'2026-09-30'"}, either)
	add("a quarter of the sales plan without end", edits{quarter + ".quarter": absent, quarter + ".from": "'2026-07-01'"}, together)
	add("a quarter of the sales plan with an end beside", edits{quarter + ".through": "'2026-09-30'"}, together)
	add("a quarter of the sales plan that ends before it begins", edits{
		quarter + ".quarter": absent, quarter + ".from": "'2026-07-01'", quarter + ".through": "'2026-06-30'",
	}, quarter+": Invalid value: from must not be after through")
	add("a quarter of the sales plan by its days", edits{quarter + ".quarter": absent, quarter + ".from": "'2026-07-01'", quarter + ".through": "'2026-09-30'"})
}

func periodRows(add adder) {
	const either = "spec.period: Invalid value: give either fiscalYear (with part) or both from and through"
	add("a period that is none", edits{"spec.period": "{}"}, either)
	add("a period of a year and days", edits{"spec.period": "{fiscalYear: 2027, from: '2026-07-01', through: '2026-12-31'}"}, either)
	add("a period without year", edits{"spec.period": "{part: H1}"}, either, "spec.period: Invalid value: part needs a fiscalYear: add fiscalYear, or remove part")
	add("a period of a whole year", edits{"spec.period": "{fiscalYear: 2027}"})
	add("a period of a part that does not exist", edits{"spec.period.part": "H3"},
		`spec.period.part: Unsupported value: "H3": supported values: "Year", "H1", "H2", "Q1", "Q2", "Q3", "Q4"`, rulesNotChecked)
	add("a period in the year 3000", edits{"spec.period.fiscalYear": "3000"},
		"spec.period.fiscalYear: Invalid value: 3000: spec.period.fiscalYear in body should be less than or equal to 2197")
	add("a year in quotes", edits{"spec.period.fiscalYear": "'2027'"},
		`spec.period.fiscalYear: Invalid value: "string": spec.period.fiscalYear in body must be of type integer: "string"`, rulesNotChecked)
	add("no period", edits{"spec.period": absent}, "spec.period: Required value", rulesNotChecked)
}

func explicitPeriodRows(add adder) {
	const either = "spec.period: Invalid value: give either fiscalYear (with part) or both from and through"
	add("days and a part", edits{"spec.period.part": "H1"}, "spec.period: Invalid value: part needs a fiscalYear: add fiscalYear, or remove part")
	add("a period without end", edits{"spec.period.through": absent}, either)
	add("a period that ends before it begins", edits{"spec.period.through": "'2026-06-30'"}, "spec.period: Invalid value: from must not be after through")
	add("a period of 732 days", edits{"spec.period.through": "'2028-07-02'"})
	add("a period of more than two years", edits{"spec.period.through": "'2028-07-03'"},
		"spec.period: Invalid value: a period may have at most two years: through must be at most 732 days after from")
	add("a period of the far future", edits{"spec.period.from": "'2199-01-01'", "spec.period.through": "'2199-01-31'"},
		"spec.period.through: Invalid value: a period must end by 2198, so that its deadlines are days of the years to 2200")
	add("a period of one day", edits{"spec.period.through": "'2026-07-01'"})
}

// notPlanName is the rule of a plan's name.
const notPlanName = "<nil>: Invalid value: metadata.name must consist of at most 52 lower-case letters, digits and hyphens " +
	"(its revisions are named after it), and begin and end with a letter or digit"

func sectionRows(add adder) {
	add("a name that is too long", edits{"metadata.name": strings.Repeat("a", 53)}, notPlanName)
	add("a name with dots", edits{"metadata.name": "acme.h1"}, notPlanName)
	add("the longest name", edits{"metadata.name": strings.Repeat("a", 52)})
	add("an activity that ends before it begins", edits{"spec.activities[0].through": "'2026-08-31'"},
		"spec.activities[0]: Invalid value: from must not be after through")
	add("funders without a cost", edits{"spec.activities[0].cost": absent}, "spec.activities[0].cost: Required value: funding needs a cost: add cost, or remove funding")
	add("neither funders nor a cost", edits{"spec.activities[0].cost": absent, "spec.activities[0].funding": absent})
	add("a funder that takes", edits{"spec.activities[0].funding[0].amount": "'-1'"}, `spec.activities[0].funding[0].amount: Invalid value: "-1": `+negative)
	add("an unknown funder", edits{"spec.activities[0].funding[0].funder": "Bank"},
		`spec.activities[0].funding[0].funder: Unsupported value: "Bank": supported values: "Vendor", "Partner", "ThirdParty"`, rulesNotChecked)
	const either = "spec.benefitRequests[0]: Invalid value: give either goal or activity: what the benefit is for"
	add("a benefit for nothing", edits{"spec.benefitRequests[0].goal": absent}, either)
	add("a benefit for a goal and an activity", edits{"spec.benefitRequests[0].activity": "autumn"}, either)
	add("nothing of a benefit", edits{"spec.benefitRequests[0].quantity": "'0.0'"}, `spec.benefitRequests[0].quantity: Invalid value: "0.0": must be above zero`)
	add("less than nothing of a benefit", edits{"spec.benefitRequests[0].quantity": "'-1'"}, `spec.benefitRequests[0].quantity: Invalid value: "-1": must be above zero`)
	add("some of a benefit", edits{"spec.benefitRequests[0].quantity": "'0.5'"})
	add("an activity of one day", edits{"spec.activities[0].through": "'2026-09-01'"})
	add("an activity in small letters", edits{"spec.activities[0].type": "webinar"}, `spec.activities[0].type: Invalid value: "webinar": `+notActivity)
	add("a negative cost", edits{"spec.activities[0].cost.amount": "'-2500'"}, `spec.activities[0].cost.amount: Invalid value: "-2500": `+negative)
	add("a cost in a coin", edits{"spec.activities[0].cost.currency": "'€€€'"}, `spec.activities[0].cost.currency: Invalid value: "€€€": `+notCurrency)
	add("a weight with a percent sign", edits{"spec.goals[0].weightPercent": "100%"}, `spec.goals[0].weightPercent: Invalid value: "100%": `+notPercent)
	add("a weight above 1000", edits{"spec.goals[0].weightPercent": "'1000.001'"}, `spec.goals[0].weightPercent: Invalid value: "1000.001": `+notPercent)
	add("a weight of 1000", edits{"spec.goals[0].weightPercent": "'1000.000'"})
	add("a negative weight", edits{"spec.goals[0].weightPercent": "'-5'"}, `spec.goals[0].weightPercent: Invalid value: "-5": `+notPercent)
	add("a partner in another namespace", edits{"spec.partnerRef.namespace": "partner-bolt"}, `strict decoding error: unknown field "spec.partnerRef.namespace"`)
	add("a misspelt field", edits{"spec.goals[0].wieghtPercent": "'5'"}, `strict decoding error: unknown field "spec.goals[0].wieghtPercent"`)
	add("one initiative twice", edits{"spec.goals[0].initiatives[1]": "cloud-migration"}, `spec.goals[0].initiatives[1]: Duplicate value: "cloud-migration"`)
	add("an account twice", edits{"spec.targetAccounts[1]": "{name: Muster AG}"}, `spec.targetAccounts[1]: Duplicate value: {"name":"Muster AG"}`)
}

func progressRows(add adder) {
	add("a thing done twice", edits{"spec.progress.done[1]": "{name: reference, kind: Goal, day: '2026-09-02'}"},
		`spec.progress.done[1]: Duplicate value: {"kind":"Goal","name":"reference"}`)
	add("a goal and a commitment of one name done", edits{"spec.progress.done[1]": "{name: reference, kind: Commitment, day: '2026-09-02'}"})
	add("an action done", edits{"spec.progress.done[1]": "{name: acme-h1-20260812/call, kind: Action, day: '2026-09-02'}"})
	const named = ".name: Invalid value: an Action is named by its PlanReview and its name, such as acme-review-20261001/new-ad-text; a Goal, Commitment or Risk " +
		"by its name alone"
	add("an action done of no review", edits{"spec.progress.done[1]": "{name: call, kind: Action, day: '2026-09-02'}"}, "spec.progress.done[1]"+named)
	add("a goal done of a review", edits{"spec.progress.done[1]": "{name: a/call, kind: Goal, day: '2026-09-02'}"}, "spec.progress.done[1]"+named)
	add("an action done of two slashes", edits{"spec.progress.done[1]": "{name: a/b/c, kind: Action, day: '2026-09-02'}"},
		`spec.progress.done[1].name: Invalid value: "a/b/c": must be a name of lower-case letters, digits and hyphens, or two of them with a slash between, such `+
			`as acme-review-20261001/new-ad-text`)
}

func reviewRows(add adder) {
	const actions = "spec: Invalid value: list the actions that the review decided on, or say in noActionsBecause why there are none"
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("no actions", edits{"spec.actions": absent}, actions)
	add("a reason for none", edits{"spec.actions": absent, "spec.noActionsBecause": "All is well."})
	add("actions and a reason for none", edits{"spec.noActionsBecause": "All is well."}, actions,
		"spec: Invalid value: there are actions: remove noActionsBecause")
	add("no attendees", edits{"spec.attendees": absent}, "spec.attendees: Required value", rulesNotChecked)
	add("nobody there", edits{"spec.attendees": "[]"}, "spec.attendees: Invalid value: 0: spec.attendees in body should have at least 1 items")
	const outcome = "spec.outcome: Invalid value: a Review or Reconciliation has an outcome, a KickOff has none"
	add("no outcome", edits{"spec.outcome": absent}, outcome)
	add("an outcome in words", edits{"spec.outcome": "good"},
		`spec.outcome: Unsupported value: "good": supported values: "OnTrack", "AtRisk", "OffTrack"`, rulesNotChecked)
	add("an outcome of a kick-off", edits{"spec.occasion": "KickOff", "spec.goals": absent}, outcome)
	add("a reconciliation without actions", edits{"spec.occasion": "Reconciliation", "spec.actions": absent})
	add("an action twice", edits{"spec.actions[1]": "{name: call, party: Vendor, due: '2026-09-02'}"}, `spec.actions[1]: Duplicate value: {"name":"call"}`)
	add("no instant", edits{"spec.recordedTime": absent}, "spec.recordedTime: Required value", rulesNotChecked)
	add("results of a kick-off", edits{"spec.occasion": "KickOff", "spec.outcome": absent}, "spec.goals: Invalid value: a KickOff has no results yet: remove goals")
	add("a goal twice", edits{"spec.goals[1]": "{goal: cloud-revenue, realistic: TooLow, accomplished: Missed}"},
		`spec.goals[1]: Duplicate value: {"goal":"cloud-revenue"}`)
	add("an instant of old", edits{"spec.recordedTime": "'1969-12-31T23:59:59Z'"},
		`spec.recordedTime: Invalid value: "1969-12-31T23:59:59Z": must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z`)
}

func answerRows(add adder) {
	const answers = "spec.decision: Invalid value: a PlanReview is Confirmed or Disputed, and a dispute about it Upheld or Dismissed; everything else is Approved, " +
		"ApprovedInPart, Submitted, Returned or Rejected"
	const why = "spec: Invalid value: a decision other than Approved, Submitted and Confirmed needs a comment that says why"
	add("a confirmation without a comment", edits{"spec.decision": "Confirmed", "spec.comment": absent})
	add("a dispute without a comment", edits{"spec.comment": absent}, why)
	add("a resolution", edits{"spec.decision": "Upheld", "spec.party": "Vendor"})
	add("an approval of a review", edits{"spec.decision": "Approved"}, answers)
	add("a dispute of a plan", edits{"spec.targetRef.kind": "JointPlan"}, answers)
}
