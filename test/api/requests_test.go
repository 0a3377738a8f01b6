package api

import (
	"strings"
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
	add("a least part that is not a number", edits{"spec.acceptAtLeast": "9x"}, `spec.acceptAtLeast: Invalid value: "9x": `+notDecimal)
	add("a least part of an amount that is not a number", edits{"spec.amount.amount": "9x"}, `spec.amount.amount: Invalid value: "9x": `+notDecimal)
	add("more than the cost", edits{"spec.amount.amount": "'6000.01'"}) // the chain of rules compares it with the share
	add("no day, as a draft", edits{"spec.requestedOn": absent, "spec.resubmittedOn": absent, "spec.withdrawnOn": absent})
	const again = "spec.resubmittedOn: Invalid value: resubmittedOn needs requestedOn, the day of the first request, and must not be before it"
	add("a day of a second submission and none of the first", edits{"spec.requestedOn": absent}, again)
	add("a second submission before the first", edits{"spec.resubmittedOn": "'2026-07-31'"}, again)
	add("a second submission on the day of the first", edits{"spec.resubmittedOn": "'2026-08-01'"})
	add("one result twice", edits{"spec.expected[1]": "{metric: qualified-leads, value: '5'}"},
		`spec.expected[1]: Duplicate value: {"metric":"qualified-leads"}`)
	contingencyRows(add)
	codeRows(add, "spec.purchaseOrder")
	add("one goal twice", edits{"spec.contingentOn[1]": "{goal: cloud-revenue, atLeast: '5'}"},
		`spec.contingentOn[1]: Duplicate value: {"goal":"cloud-revenue"}`)
	add("a result below zero", edits{"spec.expected[0].value": "'-5'"}, `spec.expected[0].value: Invalid value: "-5": `+negative)
	add("a goal to fall below zero", edits{"spec.contingentOn[0].atLeast": "'-5'"})
	add("a budget of another kind of name", edits{"spec.budgetRef.name": "FY27"}, `spec.budgetRef.name: Invalid value: "FY27": `+notName)
	add("a budget in a namespace", edits{"spec.budgetRef.namespace": "finance"}, `strict decoding error: unknown field "spec.budgetRef.namespace"`)
	for _, missing := range []string{"planRef", "budgetRef", "requestedBy", "amount"} {
		add("no "+missing, edits{"spec." + missing: absent}, "spec."+missing+": Required value", rulesNotChecked)
	}
	for _, missing := range []string{"activity", "startsOn", "endsOn", "cost", "reimbursementPercent"} {
		add("no "+missing, edits{"spec." + missing: absent}, "spec."+missing+": Required value: a request for an activity needs it, one for a reward needs reward instead")
	}
	const noActivity = "spec.reward: Invalid value: a reward has no activity: remove activity, startsOn, endsOn, place, audience, cost, reimbursementPercent, expected, " +
		"contingentOn and sharedActivity, or remove reward"
	add("an activity and a reward", edits{"spec.reward": "{name: rebate, period: {fiscalYear: 2027, part: Q1}}"}, noActivity)
	reward := func(name string, set edits, want ...string) {
		rows["a request for a reward with "+name] = row{base: "MDFAllocation/rebate", set: set, want: want}
	}
	for field, value := range map[string]string{
		"activity": "autumn", "startsOn": "'2026-09-14'", "endsOn": "'2026-09-15'", "place": "Munich", "audience": "Owners", "cost": "{amount: '1', currency: EUR}",
		"reimbursementPercent": "'50'", "expected": "[{metric: qualified-leads, value: '5'}]", "contingentOn": "[{goal: cloud-revenue, atLeast: '5'}]",
	} {
		reward(field, edits{"spec." + field: value}, noActivity)
	}
	reward("days", edits{"spec.reward.period": "{from: '2026-07-01', through: '2026-07-31'}"})
	reward("no interval", edits{"spec.reward.period": absent}, "spec.reward.period: Required value", rulesNotChecked)
	reward("a part that is accepted", edits{"spec.acceptAtLeast": "'500'"})
	fiscalPeriodRows(reward, "spec.reward.period")
	dayPeriodRows(func(name string, set edits, want ...string) {
		rows["a request for a reward of days with "+name] = row{base: "MDFAllocation/rebate-of-days", set: set, want: want}
	}, "spec.reward.period")
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
	const cost, payment = "spec.costs[0]", "spec.payments[0]"
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
	add("an invoice that is not a number", edits{cost + ".invoiceNet": "9x"}, cost+`.invoiceNet: Invalid value: "9x": `+notDecimal)
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
	add("a gross that is not a number", edits{cost + ".gross": "9x"}, cost+`.gross: Invalid value: "9x": `+notDecimal)
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
		add("a payment of "+zero, edits{payment + ".net": quoted(zero)}, payment+".net: Invalid value: "+quoted(zero)+": "+aboveZero)
		add("a booked rate of "+zero, edits{payment + ".bookedRate": quoted(zero)}, payment+".bookedRate: Invalid value: "+quoted(zero)+": "+aboveZero)
		add("a document of "+zero, edits{payment + ".documentTotal": quoted(zero)}, payment+".documentTotal: Invalid value: "+quoted(zero)+": "+aboveZero)
	}
	const notID = ": must consist of letters, digits and . _ / -, and begin and end with a letter or digit"
	for _, id := range []string{"a b", "-1", "1-", "ä", "a\u200bb", "a:b"} {
		add("the payment "+id, edits{payment + ".document": quoted(id)}, payment+".document: Invalid value: "+quoted(id)+notID)
	}
	add("a payment by its path", edits{payment + ".document": "SEPA/2026_10.0815-1"})
	add("a payment in all its parts", edits{payment + ".tax": "'570.00'", payment + ".withheld": "'0'", payment + ".documentTotal": "'3570.00'", payment + ".bookedRate": "'0.9'"})
	add("a negative tax", edits{payment + ".tax": "'-1'"}, payment+`.tax: Invalid value: "-1": must not be negative`)
	add("a negative amount withheld", edits{payment + ".withheld": "'-1'"}, payment+`.withheld: Invalid value: "-1": must not be negative`)
	add("more withheld than paid", edits{payment + ".tax": "'10'", payment + ".withheld": "'3010.01'"},
		payment+".withheld: Invalid value: withheld must not be above net and tax together")
	add("a payment on line 0", edits{payment + ".line": "0"}, payment+".line: Invalid value: 0: "+payment+".line in body should be greater than or equal to 1")
	add("a payment by barter", edits{payment + ".method": "Barter"}, payment+
		`.method: Unsupported value: "Barter": supported values: "Transfer", "CreditNote", "Check", "Card", "Offset"`, rulesNotChecked)
	const paid = "{document: SEPA-2026-10-0815, line: 1, paidOn: '2026-10-15', method: Transfer, currency: EUR, net: '3000.00'}"
	const back = "{document: R-1, line: 1, paidOn: '2026-10-20', method: Transfer, currency: EUR, net: '3000.00', reason: closed, "
	const names = "spec.payments: Invalid value: reverses must name a payment of the same claim, in the same currency, that is not a reversal itself"
	const twice = "spec.payments: Invalid value: each line of a document is recorded once, whatever the case of its letters"
	lines := func(list ...string) edits { return edits{"spec.payments": "[" + strings.Join(list, ", ") + "]"} }
	add("a reversal", lines(paid, back+"reverses: {document: sepa-2026-10-0815, line: 1}}"))
	add("a reversal of another line", lines(paid, back+"reverses: {document: SEPA-2026-10-0815, line: 2}}"), names)
	add("a reversal of another document", lines(paid, back+"reverses: {document: T-1, line: 1}}"), names)
	add("a reversal of itself", lines(paid, back+"reverses: {document: R-1, line: 1}}"),
		names, "spec.payments[1].reverses: Invalid value: a line cannot reverse itself: a reversal is a line of its own")
	add("a reversal of a reversal", lines(paid, back+"reverses: {document: SEPA-2026-10-0815, line: 1}}",
		strings.Replace(back, "R-1", "R-2", 1)+"reverses: {document: R-1, line: 1}}"), names)
	add("a reversal in another currency", lines(paid, strings.Replace(back, "EUR", "USD", 1)+"reverses: {document: SEPA-2026-10-0815, line: 1}}"), names)
	add("a payment with a reason", edits{payment + ".reason": "none"}, payment+".reason: Invalid value: a reversal needs a reason, and nothing else has one")
	add("a line in small letters again", lines(paid, strings.Replace(paid, "SEPA", "sepa", 1)), twice)
	add("a second line of the document", lines(paid, strings.Replace(paid, "line: 1", "line: 2", 1)))
	const digest = "must be a SHA-256 digest: 64 lower-case hexadecimal digits"
	upper := strings.Repeat("0F", 32)
	rows["a decision on creatives with a digest in capitals"] = row{base: "ApprovalDecision/exception-vendor", set: edits{"spec.creatives[0]": upper}, want: []string{
		`spec.creatives[0]: Invalid value: "` + upper + `": ` + digest,
	}}
	add("a proof with a digest in capitals", edits{"spec.proofs[0].sha256": upper}, `spec.proofs[0].sha256: Invalid value: "`+upper+`": `+digest)
	for base, called := range map[string]string{"MDFClaim/attested": "claim", "MDFAllocation/attested": "request"} {
		rows[base+" with a digest in capitals"] = row{base: base, set: edits{"spec.attestation.sha256": upper}, want: []string{
			`spec.attestation.sha256: Invalid value: "` + upper + `": ` + digest,
		}}
		rows[base+" by who asks"] = row{base: base, set: edits{"spec.attestation.recordedBy": "paula@example.com"}, want: []string{
			"spec.attestation.recordedBy: Invalid value: you cannot attest your own " + called + ": write it in your own name, without attestation",
		}}
	}
	const decision = "ApprovalDecision/acme-h1-partner"
	rows["a decision with a digest in capitals"] = row{base: decision, set: edits{"spec.attestation.sha256": upper}, want: []string{
		`spec.attestation.sha256: Invalid value: "` + upper + `": ` + digest,
	}}
	rows["a decision of the vendor that is attested"] = row{base: decision, set: edits{"spec.party": "Vendor"}, want: []string{
		"spec.attestation: Invalid value: only a decision of the partner is attested: the vendor's people decide under their own accounts",
	}}
	rows["a decision that its maker attests"] = row{base: decision, set: edits{"spec.attestation.recordedBy": "paula@example.com"}, want: []string{
		"spec.attestation.recordedBy: Invalid value: you cannot attest your own decision: create it in your own name, without attestation",
	}}
	rows["a document that came before its decision"] = row{base: decision, set: edits{"spec.attestation.receivedOn": "'2026-09-19'"}, want: []string{
		"spec.attestation.receivedOn: Invalid value: a document cannot be received before the decision it shows",
	}}
	add("an allocation in another namespace", edits{"spec.allocationRef.namespace": "partner-bolt"},
		`strict decoding error: unknown field "spec.allocationRef.namespace"`)
	return rows
}

// moneyChangeRows are changes to requests, claims and budgets that are there.
func moneyChangeRows() map[string]change {
	const budget, open, request, claim, unpaid = "MDFBudget", "MDFAllocation/open", "MDFAllocation", "MDFClaim", "MDFClaim/unpaid"
	const fixed = "spec.authority: Invalid value: a rule of authority cannot be changed or removed: add one with a later effectiveFrom"
	const undone = "spec.withdrawnOn: Invalid value: a withdrawal cannot be undone: request again with a new requestID"
	const once = "spec: Invalid value: a claim with recorded payments cannot be changed but for more payments: it is the record of what was paid"
	const fixedEvidence = "spec.attestation: Invalid value: attestation cannot be changed"
	const stays = "spec.payments: Invalid value: a recorded payment cannot be changed or removed: record a reversal of it, as a line of its own"
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
		"a request asks for another reward": {
			"MDFAllocation/rebate",
			edits{"spec.reward.name": "leads"},
			[]string{"spec.reward: Invalid value: the reward of a request cannot be changed: create another MDFAllocation"},
		},
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
		"a claim is invoiced on another day": {claim, edits{"spec.invoicedOn": "'2026-10-11'"}, []string{
			"spec.invoicedOn: Invalid value: invoicedOn cannot be changed: it is the day from which the vendor's days to pay run",
		}},
		"a payment is removed":              {claim, edits{"spec.payments": absent}, []string{stays}},
		"a payment changes its document":    {claim, edits{"spec.payments[0].document": "other"}, []string{stays}},
		"a payment changes its line":        {claim, edits{"spec.payments[0].line": "2"}, []string{stays}},
		"a payment changes its day":         {claim, edits{"spec.payments[0].paidOn": "'2026-10-16'"}, []string{stays}},
		"a claim changes who recorded it":   {"MDFClaim/attested", edits{"spec.attestation.recordedBy": "vera"}, []string{once, fixedEvidence}},
		"a request changes who recorded it": {"MDFAllocation/attested", edits{"spec.attestation.recordedBy": "vera"}, []string{fixedEvidence}},
		"a request gets evidence":           {open, edits{"spec.attestation": "{recordedBy: vera, document: a, sha256: " + strings.Repeat("0f", 32) + ", receivedOn: '2026-09-01', channel: Form}"}, []string{fixedEvidence}},
		"a payment is reversed": {claim, edits{"spec.payments[1]": "{document: R-1, line: 1, paidOn: '2026-10-20', method: Transfer, currency: EUR, " +
			"net: '3000.00', reason: closed, reverses: {document: SEPA-2026-10-0815, line: 1}}"}, nil},
		"a paid claim changes its proofs": {claim, edits{"spec.proofs[0].reference": "another"}, []string{once}},
		"a paid claim loses its results":  {claim, edits{"spec.results": absent, "spec.scope": "Partial"}, []string{once}},
		"a payment changes its amount": {
			claim, edits{"spec.payments[0].net": "'3000'"}, []string{stays},
		},
		"a payment is recorded": {
			unpaid, edits{"spec.payments": "[{document: '1', line: 1, paidOn: '2026-10-15', method: Check, currency: EUR, net: '50.00'}]"}, nil,
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
	for _, field := range []string{"account", "taxCode", "supplierNumber", "purchaseOrder"} {
		path := "status.posting." + field
		rows["a posting with the "+field+" a b"] = change{"MDFClaim", edits{path: "a b"}, []string{path + `: Invalid value: "a b": ` + notCode}}
		rows["a posting with an IBAN as "+field] = change{"MDFClaim", edits{path: "DE89370400440532013000"}, []string{
			path + `: Invalid value: "DE89370400440532013000": ` + notBank,
		}}
		rows["a posting with a right "+field] = change{"MDFClaim", edits{path: "PO-2026-0815"}, nil}
	}
	for _, kind := range []string{"MDFAllocation", "MDFClaim"} {
		rows[kind+" approved at no instant"] = change{kind, edits{"status.approvals": "[" + approval + "]"}, []string{"status.approvals[0].decidedTime" + early}}
	}
	return rows
}
