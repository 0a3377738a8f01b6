package api

// budgetRows are changes to a budget.
func budgetRows() map[string]row {
	rows := map[string]row{}
	of := func(base, article string) adder {
		return func(name string, set edits, want ...string) {
			rows[article+" with "+name] = row{base: base, set: set, want: want}
		}
	}
	add, steps := of("MDFBudget", "a budget"), of("MDFBudget/fy27-steps", "a budget of explicit days")
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	namespaceRows(add)
	periodRows(add)
	explicitPeriodRows(steps)
	limitRows(add)
	accrualRows(add, steps)
	bandRows(of("MDFBudget/fy27-bands", "a budget of bands"))
	sharedRows(add)
	rewardRows(of("MDFBudget/fy27-rewards", "a budget of rewards"))
	windowRows(add)
	claimPolicyRows(add)
	postingRows(add)
	add("an amount of zero, which closes it", edits{"spec.amount.amount": "'0.00'"})
	add("two limits of one name", edits{"spec.limits[1].name": "gold-cap"}, `spec.limits[1]: Duplicate value: {"name":"gold-cap"}`)
	add("two numbers of approvers above one amount", edits{"spec.authority[0].levels[1]": "{above: '5000.00', approvers: 3}"},
		`spec.authority[0].levels[1]: Duplicate value: {"above":"5000.00"}`)
	add("one approver as a level of authority", edits{"spec.authority[0].levels[0].approvers": "1"},
		"spec.authority[0].levels[0].approvers: Invalid value: 1: spec.authority[0].levels[0].approvers in body should be greater than or equal to 2")
	add("a rule of authority for one approver", edits{"spec.authority[0].levels": absent})
	add("two rules of authority of one day", edits{"spec.authority[1]": "{effectiveFrom: '2026-07-01'}"},
		`spec.authority[1]: Duplicate value: {"effectiveFrom":"2026-07-01"}`)
	add("an outcome that may be expected", edits{"spec.expectedOutcome": "Desired"},
		`spec.expectedOutcome: Unsupported value: "Desired": supported values: "Required", "Optional"`, rulesNotChecked)
	add("no program", edits{"spec.programRef": absent}, "spec.programRef: Required value", rulesNotChecked)
	for instant, why := range notInstants {
		add("a recovery at the instant "+instant, edits{"spec.recovery.requestedTime": quoted(instant)}, "spec.recovery.requestedTime: "+why)
	}
	return rows
}

func limitRows(add adder) {
	const fixed, share = "spec.limits[0]", "spec.limits[1]"
	const exactlyOne = ": Invalid value: give exactly one of amount and percent"
	const together = ": Invalid value: percent and metric belong together: percent is the share of that metric"
	add("a limit of nothing", edits{fixed + ".amount": absent}, fixed+exactlyOne)
	add("a limit of amount and share", edits{fixed + ".percent": "'3'", fixed + ".metric": "new-revenue"}, fixed+exactlyOne)
	add("a share of nothing", edits{share + ".metric": absent, share + ".trailingMonths": absent}, share+together)
	add("a metric without share", edits{fixed + ".metric": "new-revenue"}, fixed+together)
	add("months of a fixed limit", edits{fixed + ".trailingMonths": "12"},
		fixed+": Invalid value: trailingMonths applies to a metric only: remove trailingMonths")
	add("a share without months", edits{share + ".trailingMonths": absent})
	add("a limit of zero", edits{fixed + ".amount": "'0.00'"})
	add("a limit per region", edits{fixed + ".per": "Region"},
		fixed+`.per: Unsupported value: "Region": supported values: "Request", "Activity", "Plan", "Partner"`, rulesNotChecked)
	for _, scope := range []string{"Request", "Activity", "Plan", "Partner"} {
		add("a limit per "+scope, edits{fixed + ".per": scope})
	}
}

// rewardRows are changes to the rewards of a budget.
func rewardRows(add adder) {
	const exactlyOne = "spec.rewards[0]: Invalid value: give exactly one of percent and steps"
	add("a reward of nothing", edits{"spec.rewards[0].percent": absent}, exactlyOne)
	add("a reward of share and steps", edits{"spec.rewards[0].steps": "[{atLeast: '1', amount: '1'}]"}, exactlyOne)
	add("a reward of at most less than nothing", edits{"spec.rewards[0].maximum": "'-1'"}, `spec.rewards[0].maximum: Invalid value: "-1": `+negative)
	add("rewards and an accrual", edits{"spec.accrual": "{metric: new-revenue, percent: '3', every: Quarter, spend: NextPeriod}"},
		"spec.rewards: Invalid value: accrual and rewards need a budget each: what a partner earns for activities is no reward")
	add("a reward twice", edits{"spec.rewards[1].name": "rebate"}, `spec.rewards[1]: Duplicate value: {"name":"rebate"}`)
}

func accrualRows(add, steps adder) {
	const exactlyOne = "spec.accrual: Invalid value: give exactly one of percent, steps and percentSteps"
	add("an accrual of nothing", edits{"spec.accrual.percent": absent}, exactlyOne)
	add("an accrual of share and steps", edits{"spec.accrual.steps": "[{atLeast: '1', amount: '1'}]"}, exactlyOne)
	steps("a step from zero on", edits{"spec.accrual.steps[0].atLeast": "'0'"})
	steps("one step twice", edits{"spec.accrual.steps[1]": "{atLeast: '100000', amount: '5.00'}"},
		`spec.accrual.steps[1]: Duplicate value: {"atLeast":"100000"}`)
	add("money that is spent before it is earned", edits{"spec.accrual.spend": "PriorPeriod"},
		`spec.accrual.spend: Unsupported value: "PriorPeriod": supported values: "SamePeriod", "NextPeriod"`, rulesNotChecked)
	for _, every := range []string{"Month", "Quarter", "Half", "Year"} {
		add("an accrual each "+every, edits{"spec.accrual.every": every})
	}
}

func bandRows(add adder) {
	const accrual = "spec.accrual"
	add("bands that apply to nothing", edits{accrual + ".stepsApply": absent}, accrual+": Invalid value: percentSteps and stepsApply belong together: stepsApply says whether a "+
		"step's percent holds for its band (Marginal) or for all (Retroactive)")
	add("the reached percentage for all", edits{accrual + ".stepsApply": "Retroactive"})
	add("an interval and an event", edits{accrual + ".every": "Year"}, accrual+": Invalid value: give exactly one of every and fromEvent")
	add("neither interval nor event", edits{accrual + ".fromEvent": absent}, accrual+": Invalid value: give exactly one of every and fromEvent")
	add("two steps of one threshold", edits{accrual + ".percentSteps[1].above": "'0'"}, accrual+`.percentSteps[1]: Duplicate value: {"above":"0"}`)
	add("a step below zero", edits{accrual + ".percentSteps[0].above": "'-1'"}, accrual+`.percentSteps[0].above: Invalid value: "-1": `+negative)
	add("the first result of nothing", edits{accrual + ".fromEvent.metric": absent},
		accrual+".fromEvent: Invalid value: metric is required for event FirstResult and must be absent otherwise")
	add("months from the first plan", edits{accrual + ".fromEvent": "{event: FirstPlanApproved, months: 6}"})
}

func sharedRows(add adder) {
	const shared = "spec.sharedActivities[0]"
	add("a shared activity of nothing", edits{shared + ".amount": "'0.00'"}, shared+`.amount: Invalid value: "0.00": must be above zero`)
	add("a weight for one partner", edits{shared + ".partners[0].weight": absent}, shared+".partners: Invalid value: give each partner a weight, or none")
	add("a shared activity without weights", edits{shared + ".partners": "[{namespace: a, name: a}, {namespace: b, name: b}]"})
	add("one partner twice", edits{shared + ".partners[1]": "{namespace: partner-acme, name: acme, weight: 1}"},
		shared+`.partners[1]: Duplicate value: {"name":"acme","namespace":"partner-acme"}`)
}

func windowRows(add adder) {
	const window = "spec.requestWindow"
	const metric = window + ": Invalid value: metric is required for event FirstResult and must be absent otherwise"
	add("a window from the first result of nothing", edits{window + ".metric": absent}, metric)
	for _, event := range []string{"AgreementSigned", "MemberSince", "FirstPlanApproved"} {
		add("a window from "+event+" and a metric", edits{window + ".event": event}, metric)
		add("a window from "+event, edits{window + ".event": event, window + ".metric": absent})
	}
	add("a window of business days", edits{window + ".count": "BusinessDays"})
	add("a window of working days", edits{window + ".count": "WorkingDays"},
		window+`.count: Unsupported value: "WorkingDays": supported values: "CalendarDays", "BusinessDays"`, rulesNotChecked)
}

func claimPolicyRows(add adder) {
	const claims = "spec.claims"
	add("a least claim above the greatest", edits{claims + ".minimum": "'10000.01'"}, claims+": Invalid value: minimum must not be above maximum")
	add("one size of claim", edits{claims + ".minimum": "'10000.0'"})
	add("a least claim and no greatest", edits{claims + ".maximum": absent})
	add("a least claim that is not a number", edits{claims + ".minimum": "9x"}, claims+`.minimum: Invalid value: "9x": `+notDecimal)
	add("a greatest claim that is negative", edits{claims + ".maximum": "'-1'"}, claims+`.maximum: Invalid value: "-1": `+negative)
	add("no time to submit again", edits{claims + ".resubmitWithinDays": "0"})
}
