package api

import (
	"fmt"
	"strings"
)

// otherRows are changes to objects of the other kinds.
func otherRows() map[string]row {
	rows := map[string]row{}
	of := func(base, article string) adder {
		return func(name string, set edits, want ...string) {
			rows[article+" with "+name] = row{base: base, set: set, want: want}
		}
	}
	partnerRows(of("Partner", "a partner"))
	of("ProgramCatalog", "a catalog")("a name that is too long", edits{"metadata.name": longName},
		"<nil>: Invalid value: metadata.name must be that of the PartnerProgram: at most 63 characters")
	strategyRows(of("ChannelStrategy", "a strategy"))
	of("ProgramReport", "a report")("a name that is too long", edits{"metadata.name": strings.Repeat("a", 128)},
		"<nil>: Invalid value: metadata.name must be at most 127 characters")
	for kind, article := range map[string]string{"Benchmark": "a benchmark", "PublishedBenchmark": "a published benchmark"} {
		fiscalPeriodRows(of(kind, article), "spec.quarter")
		dayPeriodRows(of(kind+"/southwind-days", article), "spec.quarter")
	}
	managerRows(of("ChannelManager", "a channel manager"))
	campaignRows(of("Campaign", "a campaign"))
	measurementRows(of("MeasurementSet", "a set of measurements"))
	reviewRows(of("PlanReview", "a record of a meeting"))
	answerRows(of("ApprovalDecision/acme-h1-20260812-partner", "an answer"))
	decisionRows(of("ApprovalDecision", "a decision"))
	moneyDecisionRows(of("ApprovalDecision/webinar-vendor", "a decision on money"))
	revisionRows(of("PlanRevision", "a revision"))
	return rows
}

// noDistributor is the rule of who has child namespaces.
const noDistributor = "spec.childNamespaces: Invalid value: only a distributor has child namespaces: remove childNamespaces, or set type to Distributor"

func partnerRows(add adder) {
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	add("a name with a capital", edits{"metadata.name": "Acme"}, `metadata.name: Invalid value: "Acme": a lowercase RFC 1123 subdomain must consist of lower `+
		`case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is `+
		`'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`, nameTooLong)
	codeRows(add, "spec.supplierNumber")
	add("child namespaces that buys nothing to sell on", edits{"spec.type": "Reseller"}, noDistributor)
	add("child namespaces and no type", edits{"spec.type": absent}, noDistributor)
	add("no child namespaces and another type", edits{"spec.type": "Reseller", "spec.childNamespaces": absent})
	add("an agreement that ends before it is signed", edits{"spec.agreement.endsOn": "'2024-12-31'"},
		"spec.agreement: Invalid value: endsOn must not be before signedOn")
	add("an agreement of one day", edits{"spec.agreement.endsOn": "'2025-01-01'"})
	add("a certificate that ends before it begins", edits{"spec.competencies[0].through": "'2025-12-31'"},
		"spec.competencies[0]: Invalid value: from must not be after through")
	for name, address := range map[string]string{
		"no at sign": "kim.example.com", "two at signs": "kim@a@example.com", "a blank": "kim @example.com",
		"no name": "@example.com", "a zero-width space": "kim@exam\u200bple.com",
	} {
		add("an address with "+name, edits{"spec.channelManager.email": quoted(address)},
			"spec.channelManager.email: Invalid value: "+quoted(address)+": must be an e-mail address such as ana@example.com")
		add("a partner's address with "+name, edits{"spec.contact.email": quoted(address)},
			"spec.contact.email: Invalid value: "+quoted(address)+": must be an e-mail address such as ana@example.com")
	}
	add("a territory of a competency twice", edits{"spec.competencies[0].territories[1]": "germany"},
		`spec.competencies[0].territories[1]: Duplicate value: "germany"`)
	for most, want := range map[int][]string{512: nil, 513: {
		"spec.competencies: Invalid value: all competencies together may have at most 512 territories: remove those in which no tier requires the competency",
	}} {
		var list []string
		for i := 0; i < most; i += 64 {
			var names []string
			for k := i; k < min(i+64, most); k++ {
				names = append(names, fmt.Sprintf("t%d", k))
			}
			list = append(list, fmt.Sprintf("{name: engineer, person: Ana, territories: [%s]}", strings.Join(names, ", ")))
		}
		add(fmt.Sprintf("%d territories of competencies", most), edits{"spec.competencies": "[" + strings.Join(list, ", ") + "]"}, want...)
	}
	add("a territory twice", edits{"spec.territories[1]": "germany"}, `spec.territories[1]: Duplicate value: "germany"`)
	add("an invoice twice", edits{"spec.invoices[1]": "{number: '4711', dueOn: '2026-09-30'}"}, `spec.invoices[1]: Duplicate value: {"number":"4711"}`)
	add("an invoice number without quotes", edits{"spec.invoices[0].number": "4711"},
		`spec.invoices[0].number: Invalid value: "integer": spec.invoices[0].number in body must be of type string: "integer"`, rulesNotChecked)
	add("no program", edits{"spec.programRef": absent}, "spec.programRef: Required value", rulesNotChecked)
	add("no spec", edits{"spec": absent}, "spec: Required value", rulesNotChecked)
}

func managerRows(add adder) {
	const pseudonym = "<nil>: Invalid value: metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit: " +
		"a pseudonym such as cam-014, not a person's name"
	add("a name that is too long", edits{"metadata.name": longName}, pseudonym)
	add("a name with dots", edits{"metadata.name": "vera.lindqvist"}, pseudonym)
	const weights = "spec.goals: Invalid value: give weightPercent for every goal, or for none"
	add("a goal without a weight beside one with it", edits{"spec.goals[0].weightPercent": absent}, weights)
	add("goals without weights", edits{"spec.goals[0].weightPercent": absent, "spec.goals[1].weightPercent": absent})
	add("no goals", edits{"spec.goals": absent})
	add("a goal twice", edits{"spec.goals[1].name": "two-schools"}, `spec.goals[1]: Duplicate value: {"name":"two-schools"}`)
	add("no users", edits{"spec.users": absent})
	add("no program", edits{"spec.programRef": absent}, "spec.programRef: Required value", rulesNotChecked)
}

func campaignRows(add adder) {
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	add("an end before its start", edits{"spec.schedule.endsOn": "'2026-08-31'"}, "spec.schedule: Invalid value: endsOn must not be before startsOn")
	add("results before its start", edits{"spec.schedule.resultsFrom": "'2026-08-31'"}, "spec.schedule: Invalid value: resultsFrom must not be before startsOn")
	add("results from its start", edits{"spec.schedule.resultsFrom": "'2026-09-01'"})
	add("no results day", edits{"spec.schedule.resultsFrom": absent})
	add("a margin of more than 1000", edits{"spec.marginPercent": "'1001'"}, `spec.marginPercent: Invalid value: "1001": `+notPercent)
	add("a type of two words", edits{"spec.type": "Trade Show"}, `spec.type: Invalid value: "Trade Show": `+notActivity)
	add("negative money", edits{"spec.mdf.amount": "'-0.01'"}, `spec.mdf.amount: Invalid value: "-0.01": `+negative)
	add("a negative expectation", edits{"spec.funnel[0].expected": "'-5'"}, `spec.funnel[0].expected: Invalid value: "-5": `+negative)
	add("a negative limit", edits{"spec.stopRule.maxCostPerResult": "'-5'"}, `spec.stopRule.maxCostPerResult: Invalid value: "-5": `+negative)
	add("an end in the far future", edits{"spec.schedule.endsOn": "'2198-01-01'"},
		"spec.schedule.endsOn: Invalid value: a campaign must end by 2197, so that its attribution ends by 2200")
	add("money in no currency", edits{"spec.mdf.currency": absent}, "spec.mdf.currency: Required value", rulesNotChecked)
	add("a step of the funnel twice", edits{"spec.funnel[1]": "{metric: qualified-leads, expected: '5'}"},
		`spec.funnel[1]: Duplicate value: {"metric":"qualified-leads"}`)
	add("a plan in another namespace", edits{"spec.planRef.namespace": "partner-bolt"}, `strict decoding error: unknown field "spec.planRef.namespace"`)
}

func measurementRows(add adder) {
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	add("leads made after their result", edits{"spec.entries[0].cohort": "'2026-10-01'"}, "spec.entries[0]: Invalid value: cohort must not be after day")
	add("leads made on the day of their result", edits{"spec.entries[0].cohort": "'2026-09-30'"})
	add("a result that was known before its day", edits{"spec.entries[0].reportedOn": "'2026-09-29'"},
		"spec.entries[0]: Invalid value: reportedOn must not be before day: a result cannot be known before its day is over")
	add("a result that was known on its day", edits{"spec.entries[0].reportedOn": "'2026-09-30'"})
	const number = "spec.entries[0].transaction"
	for _, wrong := range []string{"-4711", "4711 ", "4711\u2013a"} {
		add("the transaction "+wrong, edits{number: quoted(wrong)}, number+": Invalid value: "+quoted(wrong)+": must be the number of a transaction such as SO-2026/4711: "+
			"letters, digits, spaces and the signs . _ : / # -")
	}
	for _, right := range []string{"4", "SO-2026/4711", "order 4711 #2", "urn:x_1.2"} {
		add("the transaction "+right, edits{number: quoted(right)})
	}
	add("a subject that is not measured", edits{"spec.subjectRef.kind": "Vendor"},
		`spec.subjectRef.kind: Unsupported value: "Vendor": supported values: "Partner", "JointPlan", "Campaign"`, rulesNotChecked)
	add("a value without quotes", edits{"spec.entries[0].value": "162000"},
		`spec.entries[0].value: Invalid value: "integer": spec.entries[0].value in body must be of type string: "integer"`, rulesNotChecked)
	add("a value with a point and without quotes", edits{"spec.entries[0].value": "162000.5"},
		`spec.entries[0].value: Invalid value: "number": spec.entries[0].value in body must be of type string: "number"`, rulesNotChecked)
}

func decisionRows(add adder) {
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	for _, decision := range []string{"Returned", "Rejected"} {
		add("the outcome "+decision+" and no comment", edits{"spec.decision": decision, "spec.comment": absent},
			"spec: Invalid value: a decision other than Approved, Submitted and Confirmed needs a comment that says why")
	}
	add("an approval without comment", edits{"spec.comment": absent})
	const form = ": must be a revision as status.revision shows it: v1: and 32 hexadecimal digits"
	for name, revision := range map[string]string{"capitals": "v1:0123456789ABCDEF0123456789abcdef", "another version": "v2:0123456789abcdef0123456789abcdef"} {
		add("a revision in "+name, edits{"spec.revision": revision}, "spec.revision: Invalid value: "+quoted(revision)+form)
	}
	add("a name that reads backwards", edits{"spec.approvedBy": `"kim\u202emoc"`}, `spec.approvedBy: Invalid value: "kim\u202emoc": `+notTitle)
	add("a day for an instant", edits{"spec.decidedTime": "'2026-06-15'"},
		`spec.decidedTime: Invalid value: "2026-06-15": spec.decidedTime in body must be of type date-time: "2026-06-15"`, rulesNotChecked)
	for instant, why := range notInstants {
		add("the instant "+instant, edits{"spec.decidedTime": quoted(instant)}, "spec.decidedTime: "+why)
	}
	add("an instant in another zone", edits{"spec.decidedTime": "'2026-07-01T10:00:00.5+02:00'"})
	add("a target of another kind", edits{"spec.targetRef.kind": "Campaign"},
		`spec.targetRef.kind: Unsupported value: "Campaign": supported values: "JointPlan", "PlanReview", "MDFAllocation", "MDFClaim"`, rulesNotChecked)
	add("the vendor's submission", edits{"spec.decision": "Submitted"}, "spec.decision: Invalid value: only the partner submits, and only a plan: money is "+
		"requested with requestedOn and claimed with claimedOn")
	add("the partner's submission", edits{"spec.decision": "Submitted", "spec.party": "Partner", "spec.comment": ""})
	add("creatives of a plan", edits{"spec.creatives": "[" + strings.Repeat("0f", 32) + "]"}, "spec.creatives: Invalid value: creatives are approved with a request "+
		"for money: remove creatives, or approve an MDFAllocation")
	add("an exception for a plan", edits{"spec.exception": "{reason: Nobody decided.}"}, "spec.exception: Invalid value: an exception approves a request for money "+
		"after its activity began: remove exception, or approve an MDFAllocation")
	add("a part of a plan", edits{"spec.decision": "ApprovedInPart", "spec.amount": "{amount: '1', currency: EUR}"},
		"spec.decision: Invalid value: a plan cannot be approved in part: return it and say what to change")
	add("an amount for a plan", edits{"spec.amount": "{amount: '1', currency: EUR}"}, amountOnly)
}

// amountOnly is the rule of when a decision has an amount.
const amountOnly = "spec.amount: Invalid value: ApprovedInPart needs exactly one of amount and percent; no other decision has either"

// moneyDecisionRows are changes to a decision on money.
func moneyDecisionRows(add adder) {
	add("the partner's word on money", edits{"spec.party": "Partner"}, "spec.party: Invalid value: money is approved by the vendor: set party to Vendor")
	add("a part and no amount", edits{"spec.amount": absent}, amountOnly)
	add("a part in percent", edits{"spec.amount": absent, "spec.percent": "'60'"})
	add("a part in both", edits{"spec.percent": "'60'"}, amountOnly)
	add("all of it in percent", edits{"spec.amount": absent, "spec.percent": "'100'"}, `spec.percent: Invalid value: "100": must be below 100: approve instead`)
	add("nearly all of it in percent", edits{"spec.amount": absent, "spec.percent": "'99.999'"})
	for _, zero := range []string{"0", "0.000"} {
		add("a part of "+zero+" percent", edits{"spec.amount": absent, "spec.percent": quoted(zero)},
			"spec.percent: Invalid value: "+quoted(zero)+": must be above zero: reject instead")
	}
	add("a part of a claim in percent", edits{"spec.amount": absent, "spec.percent": "'60'", "spec.targetRef.kind": "MDFClaim"},
		"spec.percent: Invalid value: percent is of the amount of a request (MDFAllocation): approve a claim in part with amount")
	add("a part and no comment", edits{"spec.comment": absent},
		"spec: Invalid value: a decision other than Approved, Submitted and Confirmed needs a comment that says why")
	for _, decision := range []string{"Approved", "Returned", "Rejected"} {
		add("the outcome "+decision+" and an amount", edits{"spec.decision": decision}, amountOnly)
		add("the outcome "+decision+" and no amount", edits{"spec.decision": decision, "spec.amount": absent})
	}
	add("a part of nothing", edits{"spec.amount.amount": "'0.00'"}, "spec.amount: Invalid value: must be above zero: reject instead")
	add("a part of a claim", edits{"spec.targetRef.kind": "MDFClaim"})
}

// notInstants are date-times that the schema's format takes and that no Go client can decode: one such object would break every typed list.
var notInstants = map[string]string{
	"2026-07-01t10:00:00z": unreadable + `2026-07-01t10:00:00z: parsing time "2026-07-01t10:00:00z" as "2006-01-02T15:04:05": ` +
		`cannot parse "t10:00:00z" as "T" evaluating rule: ` + notInstant,
	"2026-07-01T10:00:00x5Z": unreadable + `2026-07-01T10:00:00x5Z: parsing time "2026-07-01T10:00:00x5Z": extra text: "x5Z" evaluating rule: ` + notInstant,
	"2026-07-01T10:00:00+99:99": unreadable + `2026-07-01T10:00:00+99:99: parsing time "2026-07-01T10:00:00+99:99": extra text: "+99:99" ` +
		`evaluating rule: ` + notInstant,
	"1969-12-31T23:59:59Z": `Invalid value: "1969-12-31T23:59:59Z": ` + notInstant,
}

// unreadable begins what is said of text that cannot be read as an instant.
const unreadable = `Invalid value: "string": Invalid date-time formatted string `

func revisionRows(add adder) {
	for instant, why := range notInstants {
		for _, path := range []string{"spec.approvedTime", "spec.approvals[0].decidedTime"} {
			add("the instant "+instant+" in "+path, edits{path: quoted(instant)}, path+": "+why)
		}
	}
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	add("a revision of other letters", edits{"spec.revision": "v1:" + strings.Repeat("g", 32)},
		"spec.revision: Invalid value: "+quoted("v1:"+strings.Repeat("g", 32))+": must be v1: and 32 hexadecimal digits")
	add("two approvals of one party", edits{"spec.approvals[1]": "{party: Vendor, decision: b, by: kim, decidedTime: '2026-06-15T09:00:00Z'}"},
		`spec.approvals[1]: Duplicate value: {"party":"Vendor"}`)
}
