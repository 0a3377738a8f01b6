package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// requestRows are changes to a request for money.
func requestRows() map[string]row {
	rows := map[string]row{}
	add := func(name string, set edits, want ...string) {
		rows["a request with "+name] = row{base: "MDFAllocation", set: set, want: want}
	}
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	add("an end before its start", edits{"spec.endsOn": "'2026-09-13'"}, "spec.endsOn: Invalid value: endsOn must not be before startsOn")
	add("an activity of one day", edits{"spec.endsOn": "'2026-09-14'"})
	add("an end in the far future", edits{"spec.endsOn": "'2198-01-01'"},
		"spec.endsOn: Invalid value: an activity must end by 2197, so that its claims end by 2200")
	add("amount and cost in two currencies", edits{"spec.amount.currency": "USD"},
		"spec.amount.currency: Invalid value: amount and cost must be in one currency")
	add("another currency", edits{"spec.amount.currency": "JPY", "spec.cost.currency": "JPY"})
	for _, zero := range []string{"0", "0.00"} {
		add("an amount of "+zero, edits{"spec.amount.amount": quoted(zero), "spec.acceptAtLeast": absent}, "spec.amount.amount: Invalid value: "+aboveZero)
		add("a cost of "+zero, edits{"spec.cost.amount": quoted(zero)}, "spec.cost.amount: Invalid value: "+aboveZero)
		add("a least part of "+zero, edits{"spec.acceptAtLeast": quoted(zero)}, "spec.acceptAtLeast: Invalid value: "+quoted(zero)+": "+aboveZero)
		add("a share of "+zero, edits{"spec.reimbursementPercent": quoted(zero)}, "spec.reimbursementPercent: Invalid value: "+quoted(zero)+": "+aboveZero)
	}
	add("a negative least part", edits{"spec.acceptAtLeast": "'-1'"}, `spec.acceptAtLeast: Invalid value: "-1": `+aboveZero)
	add("a least part above the amount", edits{"spec.acceptAtLeast": "'3000.01'"}, "spec.acceptAtLeast: Invalid value: acceptAtLeast must not be above amount")
	add("a least part of all", edits{"spec.acceptAtLeast": "'3000'"})
	add("a least part that is no number", edits{"spec.acceptAtLeast": "9x"}, `spec.acceptAtLeast: Invalid value: "9x": `+notDecimal)
	add("a least part of an amount that is no number", edits{"spec.amount.amount": "9x"}, `spec.amount.amount: Invalid value: "9x": `+notDecimal)
	add("more than the cost", edits{"spec.amount.amount": "'6000.01'"}) // the chain of rules compares it with the share
	add("no day, as a draft", edits{"spec.requestedOn": absent, "spec.withdrawnOn": absent})
	add("one result twice", edits{"spec.expected[1]": "{metric: qualified-leads, value: '5'}"},
		`spec.expected[1]: Duplicate value: {"metric":"qualified-leads"}`)
	add("one goal twice", edits{"spec.contingentOn[1]": "{goal: cloud-revenue, atLeast: '5'}"},
		`spec.contingentOn[1]: Duplicate value: {"goal":"cloud-revenue"}`)
	add("a result below zero", edits{"spec.expected[0].value": "'-5'"}, `spec.expected[0].value: Invalid value: "-5": `+negative)
	add("a goal to fall below zero", edits{"spec.contingentOn[0].atLeast": "'-5'"})
	add("a budget of another kind of name", edits{"spec.budgetRef.name": "FY27"}, `spec.budgetRef.name: Invalid value: "FY27": `+notName)
	add("a budget in a namespace", edits{"spec.budgetRef.namespace": "finance"}, `strict decoding error: unknown field "spec.budgetRef.namespace"`)
	for _, missing := range []string{"planRef", "budgetRef", "requestedBy", "activity", "cost", "reimbursementPercent", "amount"} {
		add("no "+missing, edits{"spec." + missing: absent}, "spec."+missing+": Required value", rulesNotChecked)
	}
	return rows
}

// claimRows are changes to a claim.
func claimRows() map[string]row {
	rows := map[string]row{}
	add := func(name string, set edits, want ...string) {
		rows["a claim with "+name] = row{base: "MDFClaim", set: set, want: want}
	}
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	const cost, payment = "spec.costs[0]", "spec.payment"
	for _, wrong := range []string{"0", "0.00", "-5"} {
		add("a net cost of "+wrong, edits{cost + ".net": quoted(wrong)}, cost+".net: Invalid value: "+quoted(wrong)+": "+aboveZero)
	}
	add("a net cost above gross", edits{cost + ".net": "'7140.01'", cost + ".invoiceNet": absent}, cost+".net: Invalid value: net must not be above gross")
	add("a net cost that is gross", edits{cost + ".net": "'7140'", cost + ".invoiceNet": absent})
	add("no gross", edits{cost + ".gross": absent})
	add("a part of an invoice", edits{cost + ".net": "'2500.00'"})
	add("all of an invoice", edits{cost + ".invoiceNet": absent})
	add("more than the invoice", edits{cost + ".net": "'6000.01'"},
		cost+".net: Invalid value: net is the part of invoiceNet that is claimed and must not be above it")
	add("an invoice above its gross", edits{cost + ".invoiceNet": "'7140.01'"}, cost+".invoiceNet: Invalid value: invoiceNet must not be above gross")
	add("an invoice that is no number", edits{cost + ".invoiceNet": "9x"}, cost+`.invoiceNet: Invalid value: "9x": `+notDecimal)
	for _, wrong := range []string{"0", "0.00", "-5"} {
		add("an invoice of "+wrong, edits{cost + ".invoiceNet": quoted(wrong), cost + ".net": quoted("-9")},
			cost+".invoiceNet: Invalid value: "+quoted(wrong)+": "+aboveZero, cost+`.net: Invalid value: "-9": `+aboveZero)
	}
	for _, number := range []string{"---", "#", "\u2605", "()"} {
		add("the invoice "+number, edits{cost + ".invoice": quoted(number)},
			cost+".invoice: Invalid value: "+quoted(number)+": must have a letter or digit, as the number of an invoice has")
	}
	for _, number := range []string{"7", "\u6771-1", "\u0662\u0660", "No. R/2041"} {
		add("the invoice "+number, edits{cost + ".invoice": quoted(number)})
	}
	add("a gross that is no number", edits{cost + ".gross": "9x"}, cost+`.gross: Invalid value: "9x": `+notDecimal)
	add("a negative gross", edits{cost + ".gross": "'-1'"}, cost+`.gross: Invalid value: "-1": `+negative)
	add("no cost", edits{"spec.costs": "[]"}, "spec.costs: Invalid value: 0: spec.costs in body should have at least 1 items")
	add("an invoice twice", edits{"spec.costs[1]": "{invoice: R-2041, incurredOn: '2026-08-21', net: '5'}"},
		`spec.costs[1]: Duplicate value: {"invoice":"R-2041"}`)
	add("a day of a second submission and none of the first", edits{"spec.claimedOn": absent},
		"spec.resubmittedOn: Invalid value: resubmittedOn needs claimedOn, the day of the first submission")
	add("no results at its end", edits{"spec.results": absent}, "spec.results: Invalid value: the final claim states the results that the activity had: add results")
	for name, scope := range map[string]string{"Partial": "Partial", "none": absent} {
		add("no results and scope "+name, edits{"spec.results": absent, "spec.scope": scope})
	}
	add("a proof of another kind", edits{"spec.proofs[0].type": "Rumour"},
		`spec.proofs[0].type: Unsupported value: "Rumour": supported values: "Invoice", "ProofOfPayment", "AttendeeList", "Photo", "Creative", "Report", `+
			`"Screenshot", "Agenda"`, rulesNotChecked)
	add("no proof", edits{"spec.proofs": absent}) // the program says which are needed
	for _, zero := range []string{"0", "0.00"} {
		add("a payment of "+zero, edits{payment + ".amount.amount": quoted(zero)}, payment+".amount.amount: Invalid value: "+aboveZero)
	}
	const notID = ": must consist of letters, digits and . _ / -, and begin and end with a letter or digit"
	for _, id := range []string{"a b", "-1", "1-", "ä", "a\u200bb", "a:b"} {
		add("the payment "+id, edits{payment + ".id": quoted(id)}, payment+".id: Invalid value: "+quoted(id)+notID)
	}
	add("a payment by its path", edits{payment + ".id": "SEPA/2026_10.0815-1"})
	add("an allocation in another namespace", edits{"spec.allocationRef.namespace": "partner-bolt"},
		`strict decoding error: unknown field "spec.allocationRef.namespace"`)
	return rows
}

// moneyChangeRows are changes to requests, claims and budgets that are there.
func moneyChangeRows() map[string]change {
	const budget, open, request, claim, unpaid = "MDFBudget", "MDFAllocation/open", "MDFAllocation", "MDFClaim", "MDFClaim/unpaid"
	const fixed = "spec.authority: Invalid value: a rule of authority cannot be changed or removed: add one with a later effectiveFrom"
	const undone = "spec.withdrawnOn: Invalid value: a withdrawal cannot be undone: ask again with another requestID"
	const once = "spec: Invalid value: a claim whose payment is recorded cannot be changed: it is the record of what was paid"
	const who = "spec.requestedBy: Invalid value: requestedBy cannot be changed"
	return map[string]change{
		"a budget changes its program": {
			budget,
			edits{"spec.programRef.name": "other"},
			[]string{"spec.programRef: Invalid value: the program of a budget cannot be changed: create another budget"},
		},
		"a budget changes its currency": {
			budget,
			edits{"spec.amount.currency": "USD"},
			[]string{"spec.amount: Invalid value: the currency of a budget cannot be changed: create another budget"},
		},
		"a budget grows":    {budget, edits{"spec.amount.amount": "'30000.00'"}, nil},
		"a budget is cut":   {budget, edits{"spec.amount.amount": "'0'"}, nil},
		"a budget is moved": {budget, edits{"spec.period": "{fiscalYear: 2028}"}, nil},
		"a budget loses its authority": {
			budget,
			edits{"spec.authority": absent},
			[]string{"spec.authority: Invalid value: authority cannot be removed: to have one person approve again, add a rule without levels"},
		},
		"a rule of authority is loosened":      {budget, edits{"spec.authority[0].levels[0].above": "'9000.00'"}, []string{fixed}},
		"a rule of authority loses its levels": {budget, edits{"spec.authority[0].levels": absent}, []string{fixed}},
		"a rule of authority moves": {
			budget, edits{"spec.authority[0].effectiveFrom": "'2027-01-01'"}, []string{fixed},
		},
		"a rule of authority is put before the others": {
			budget,
			edits{"spec.authority[1]": "{effectiveFrom: '2026-06-30'}"},
			[]string{"spec.authority: Invalid value: a rule of authority takes effect after all that are there: give it a later effectiveFrom"},
		},
		"a rule of authority is added": {
			budget, edits{"spec.authority[1]": "{effectiveFrom: '2026-07-02', levels: [{above: '1000.00', approvers: 3}]}"}, nil,
		},
		"a rule of authority for one approver is added": {budget, edits{"spec.authority[1]": "{effectiveFrom: '2026-07-02'}"}, nil},

		"a request changes its plan": {
			request,
			edits{"spec.planRef.name": "other"},
			[]string{"spec.planRef: Invalid value: the plan of a request cannot be changed: create another MDFAllocation"},
		},
		"a request changes its budget": {
			request,
			edits{"spec.budgetRef.name": "other"},
			[]string{"spec.budgetRef: Invalid value: the budget of a request cannot be changed: create another MDFAllocation"},
		},
		"a request changes who asks": {request, edits{"spec.requestedBy": "kim"}, []string{who}},
		"a request loses who asks":   {request, edits{"spec.requestedBy": absent}, []string{"spec.requestedBy: Required value", rulesNotChecked}},
		"a request changes amount and date": {
			request, edits{"spec.amount.amount": "'2000.00'", "spec.startsOn": "'2026-09-15'"}, nil,
		},
		"a request is withdrawn":                      {open, edits{"spec.withdrawnOn": "'2026-08-20'"}, nil},
		"a withdrawal is undone":                      {request, edits{"spec.withdrawnOn": absent}, []string{undone}},
		"a withdrawal moves":                          {request, edits{"spec.withdrawnOn": "'2026-08-21'"}, []string{undone}},
		"a withdrawal stays":                          {request, edits{"spec.priority": "5"}, nil},
		"a withdrawn request asks again":              {request, edits{"spec.withdrawnOn": absent, "spec.requestID": "second"}, nil},
		"a withdrawn request states its requestID":    {request, edits{"spec.withdrawnOn": absent, "spec.requestID": "'1'"}, []string{undone}},
		"a withdrawn request leaves its requestID":    {request, edits{"spec.withdrawnOn": absent, "spec.requestID": absent}, []string{undone}},
		"a request that asks again is withdrawn, too": {request, edits{"spec.withdrawnOn": "'2026-09-01'", "spec.requestID": "second"}, nil},

		"a claim changes its allocation": {
			unpaid,
			edits{"spec.allocationRef.name": "other"},
			[]string{"spec.allocationRef: Invalid value: the request that a claim draws on cannot be changed: create another MDFClaim"},
		},
		"a claim changes who claims":      {unpaid, edits{"spec.requestedBy": "kim"}, []string{who}},
		"a claim loses who claims":        {unpaid, edits{"spec.requestedBy": absent}, []string{"spec.requestedBy: Required value", rulesNotChecked}},
		"a paid claim changes an invoice": {claim, edits{"spec.costs[0].invoice": "OTHER-1"}, []string{once}},
		"a paid claim is given a label":   {claim, edits{"metadata.labels": "{a: b}"}, nil},
		"a payment is removed":            {claim, edits{"spec.payment": absent}, []string{once}},
		"a payment changes its id":        {claim, edits{"spec.payment.id": "other"}, []string{once}},
		"a payment changes its day":       {claim, edits{"spec.payment.paidOn": "'2026-10-16'"}, []string{once}},
		"a payment changes its amount": {
			claim, edits{"spec.payment.amount.amount": "'3000'"}, []string{once},
		},
		"a payment is recorded": {
			unpaid, edits{"spec.payment": "{id: '1', paidOn: '2026-10-15', amount: {amount: '50.00', currency: EUR}}"}, nil,
		},
		"a claim is submitted again": {unpaid, edits{"spec.claimedOn": "'2026-09-20'", "spec.resubmittedOn": "'2026-10-05'"}, nil},

		"a decision on money changes its amount": {
			"ApprovalDecision/webinar-vendor",
			edits{"spec.amount.amount": "'3000.00'"},
			[]string{"spec: Invalid value: a decision cannot be changed: create another one"},
		},
		"a decision on money loses its amount": {
			"ApprovalDecision/webinar-vendor",
			edits{"spec.amount": absent, "spec.decision": "Approved"},
			[]string{"spec: Invalid value: a decision cannot be changed: create another one"},
		},
	}
}

// staged is a change to an object that has a status.
type staged struct {
	change

	status edits
}

// stagedRows are changes that the API server judges by the status that the object has.
func stagedRows() map[string]staged {
	const waits = "spec.requestID: Invalid value: requestID cannot be changed while claims on the request wait for their decision or payment, as their money " +
		"would be released"
	claimed := func(claimed, paid string) edits {
		return edits{"status.claimed": "{amount: '" + claimed + "', currency: EUR}", "status.paid": "{amount: '" + paid + "', currency: EUR}"}
	}
	again := edits{"spec.requestID": "second"}
	return map[string]staged{
		"a request asks again while a claim on it waits": {change{"MDFAllocation/open", again, []string{waits}}, claimed("50.00", "0.00")},
		"a request asks again when its claims are paid":  {change{"MDFAllocation/open", again, nil}, claimed("50.00", "50.00")},
		"a request changes while a claim on it waits": {
			change{"MDFAllocation/open", edits{"spec.requestID": "'1'", "spec.priority": "5"}, nil}, claimed("50.00", "0.00"),
		},
	}
}

func TestChangesOfWhatHasAStatus(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	for name, row := range stagedRows() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := row.status.apply(t, j.create(t, row.base))
			if err := j.client.Status().Update(t.Context(), object); err != nil {
				t.Fatal(err)
			}
			err := j.client.Update(t.Context(), row.set.apply(t, object), client.DryRunAll)
			if diff := cmp.Diff(row.want, refusal(t, err)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// moneyStatusRows are statuses that break the rules that only statuses have.
func moneyStatusRows() map[string]change {
	const early = ": Invalid value: \"1969-12-31T23:59:59Z\": must be an instant"
	const approval = "{by: kim, decision: a, decidedTime: '1969-12-31T23:59:59Z'}"
	const report = "{requestedBy: fay, reservations: 1, reserved: {amount: '1', currency: EUR}, settlements: 0, settled: {amount: '0', currency: EUR}, "
	rows := map[string]change{
		"a report of a recovery": {"MDFBudget", edits{"status.recovery": report + "requestedTime: '2026-11-01T09:00:00Z'}"}, nil},
		"a recovery at no instant": {
			"MDFBudget", edits{"status.recovery": report + "requestedTime: '1969-12-31T23:59:59Z'}"}, []string{"status.recovery.requestedTime" + early},
		},
		"a stage of a request that is none": {
			"MDFAllocation",
			edits{"status.stage": "Paid"},
			[]string{
				`status.stage: Unsupported value: "Paid": supported values: "Draft", "Refused", "PendingApproval", "Waiting", "Granted", "Settled", "Released", ` +
					`"Withdrawn"`, rulesNotChecked,
			},
		},
		"a stage of a claim that is none": {
			"MDFClaim",
			edits{"status.stage": "Paid"},
			[]string{
				`status.stage: Unsupported value: "Paid": supported values: "Draft", "Refused", "PendingDecision", "SentBack", "Accepted", "Settled", "Lapsed"`,
				rulesNotChecked,
			},
		},
		"less than nothing granted": {
			"MDFAllocation", edits{"status.granted": "{amount: '-1', currency: EUR}"}, []string{`status.granted.amount: Invalid value: "-1": ` + negative},
		},
	}
	for _, kind := range []string{"MDFAllocation", "MDFClaim"} {
		rows[kind+" approved at no instant"] = change{kind, edits{"status.approvals": "[" + approval + "]"}, []string{"status.approvals[0].decidedTime" + early}}
	}
	return rows
}
