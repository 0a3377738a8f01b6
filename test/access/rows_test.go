package access

import (
	"maps"
	"strings"
)

const (
	toWithdraw = ": to withdraw it, create another that is Returned or Rejected, on the same revision; only the verb purge on approvaldecisions " +
		"deletes them"
	holdsMoney = ", as money is reserved for it: withdraw it first with spec.withdrawnOn, and delete it once status.reserved is 0; only the verb " +
		"purge on mdfallocations deletes it before"
	onlyPurged     = " only the verb purge on mdfclaims deletes it"
	toSeparate     = ": let a person do it who has neither approve-as-vendor nor approve-as-partner on "
	onlyOverridden = "; only the verb override-separation lifts this"
	managersLedger = "USER may not write an MDFLedger: the manager alone does, so change its MDFBudget instead; docs/access.md says how an " +
		"administrator restores or removes one"
	toGovern        = " may not change who has to approve on budget "
	leaveAuthority  = ": leave spec.authority and spec.allowedNamespaces as they are, and let a person do it who has the verb govern on mdfbudgets"
	datedBack       = "spec.authority: a rule that is added takes effect on the day after it is written, by UTC, or later: "
	onlyAttested    = "; only an account with the verb attest on mdfbudgets may add an earlier one"
	toGovernProgram = " may not change who has to approve under program CLUSTER: leave effectiveFrom and approval of the rule sets, allowedNamespaces, " +
		"exchangeRates and the fiscal years of the calendar as they are, and let a person do it who has the verb govern on partnerprograms"
	partnersAlone = ": those of the partner with spec.attestation, or with the verb deliver, as Git has it, all"
	withEvidence  = ": with spec.attestation or, with the verb deliver, as Git has it, without"
	vendorAlone   = "[{name: all, effectiveFrom: '2026-01-01', approval: {parties: [Vendor]}}]"
	aboutIt       = ": it has 2 decisions, so it stays as long as they are kept; only the verb purge on "
	notKnown      = ": it is suspended, so its status does not say what is about it: resume it first; only the verb purge on "
	labelled      = ": it is labelled channel.jointplan.dev/records=keep, as it holds records of plans and money; only the verb purge on namespaces, in a " +
		"ClusterRoleBinding, allows it"
	backdated   = ", which is more than an hour before the decision is written, or after it: set spec.decidedTime to the instant at which you create it; "
	attestOnly  = "only an account with the verb attest on approvaldecisions may record decisions of others, or of before" + partnersAlone
	notBack     = ", which is more than a day before it is written" + laterDay
	laterDay    = ": what is delivered later counts from the day on which it arrives, so set that day; only an account with the verb backdate on "
	vouched     = " vouches for an earlier one"
	ownerless   = "metadata.ownerReferences cannot be added to "
	collected   = ": it would be deleted with its owner, past all rules that say it stays; leave them out"
	datedRecord = "USER may not date the record of a meeting: spec.recordedTime must be the present, from an hour ago to five minutes ahead; only an account with the verb attest on planreviews may bring " +
		"older records"
	payment  = "[{document: T-9, line: 1, paidOn: '2026-10-15', method: Transfer, currency: EUR, net: '50.00'}]"
	recovery = "{requestedTime: '2026-11-01T09:00:00Z', requestedBy: USER}"
)

// on returns a decision of the caller: the party, the outcome, and the kind and name of what is decided on.
func on(party, outcome, kind, name string) map[string]string {
	set := map[string]string{
		"spec.approvedBy": "USER", "spec.party": party, "spec.decision": outcome, "spec.comment": "Because.",
		"spec.targetRef": "{kind: " + kind + ", name: " + name + "}", "spec.decidedTime": "'NOW'",
	}
	if outcome == "ApprovedInPart" {
		set["spec.amount"] = "{amount: '10.00', currency: EUR}"
	}
	return set
}

// attested returns changes that record what others decide or ask for, from a mail.
func attested(what func() map[string]string, recordedBy, received string) map[string]string {
	set := what()
	set["spec.attestation"] = "{recordedBy: " + recordedBy + ", document: mail 17, sha256: " + strings.Repeat("0f", 32) + ", receivedOn: '" + received + "', channel: Mail}"
	return set
}

// partners is an approval of a plan by the partner's person, on a day long ago.
func partners() map[string]string {
	return with(with(on("Partner", "Approved", "JointPlan", "one"), "spec.approvedBy", "paula@example.com"), "spec.decidedTime", "'2026-08-31T10:00:00Z'")
}

// asksPaula is what paula asks for or claims.
func asksPaula() map[string]string { return map[string]string{"spec.requestedBy": "paula@example.com"} }

// with returns changes with one more.
func with(set map[string]string, path, text string) map[string]string {
	set[path] = text
	return set
}

// ruled returns the authority of a budget with a further rule, for one approver, from a day on.
func ruled(day string) string {
	return "[{effectiveFrom: '2026-07-01', levels: [{above: '4000.00', approvers: 2}]}, {effectiveFrom: '" + day + "'}]"
}

// recorded are the changes that make the record of a meeting one of today by the caller, for a party; and more.
func recorded(party string, more map[string]string) map[string]string {
	set := map[string]string{"spec.party": party, "spec.recordedBy": "USER", "spec.recordedTime": "NOW", "spec.heldOn": "TODAY"}
	maps.Copy(set, more)
	return set
}

// answered are the changes that make a decision an answer of the caller to the record of a meeting, of now; and more.
func answered(party, outcome string, more map[string]string) map[string]string {
	set := on(party, outcome, "PlanReview", "one")
	maps.Copy(set, more)
	return set
}

// owned are the changes that give an object an owner that does not exist.
var owned = map[string]string{
	"metadata.ownerReferences": "[{apiVersion: v1, kind: ConfigMap, name: gone, uid: 00000000-0000-4000-8000-000000000000}]",
}

// me are the changes that make a new request or claim the caller's.
func me() map[string]string { return map[string]string{"spec.requestedBy": "USER"} }

// mine are the changes that make a request or claim the caller's.
var mine = map[string]string{"spec.requestedBy": "USER"}

// notReported is the refusal of results from a source that the caller may not report.
const notReported = "USER may not report results of source crm: report them from source partner-reported, or let an account do it that has the verb " +
	"report on resultsources/crm in namespace NAMESPACE"

// rows are writes that the policies judge.
var rows = map[string]row{
	// Results: the right to report their source.
	"the partner reports what it knows itself": {
		rule: "jointplan-results/0", by: "editor", verb: "create", base: "measurementsets/one", set: map[string]string{"spec.source": "partner-reported"},
	},
	"the partner reports as the vendor's CRM": {
		rule: "jointplan-results/0", by: "editor", verb: "create", base: "measurementsets/one", set: map[string]string{"spec.source": "crm"}, want: notReported,
	},
	"the partner's path reports as the vendor's CRM": {
		rule: "jointplan-results/0", by: "git-partner", verb: "create", base: "measurementsets/one", set: map[string]string{"spec.source": "crm"}, want: notReported,
	},
	"the partner changes what the vendor's CRM reported": {
		rule: "jointplan-results/0", by: "editor", verb: "update", base: "measurementsets/crm",
		set: map[string]string{"spec.entries": "[{metric: leads, day: '2026-09-30', value: '90000000'}]"}, want: notReported,
	},
	"the partner deletes what the vendor's CRM reported": {
		rule: "jointplan-results/0", by: "editor", verb: "delete", base: "measurementsets/crm", want: notReported,
	},
	"the partner deletes what it reported itself": {
		rule: "jointplan-results/0", by: "editor", verb: "delete", base: "measurementsets/one",
	},
	"the channel manager reports from any source": {
		rule: "jointplan-results/0", by: "channel-manager", verb: "create", base: "measurementsets/one", set: map[string]string{"spec.source": "portal"},
	},
	"the vendor's path reports from any source": {
		rule: "jointplan-results/0", by: "git-approvals", verb: "create", base: "measurementsets/one", set: map[string]string{"spec.source": "crm"},
	},
	// Decisions: the party's verb on what is decided on.
	"the channel manager approves a plan": {
		rule: "jointplan-decisions/0", by: "channel-manager", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "JointPlan", "one"),
	},
	"the partner's approver approves a plan": {
		rule: "jointplan-decisions/0", by: "approver", verb: "create", base: "approvaldecisions/one", set: on("Partner", "Approved", "JointPlan", "one"),
	},
	"finance approves a request": {
		rule: "jointplan-decisions/0", by: "finance", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "MDFAllocation", "one"),
	},
	"finance approves a claim in part": {
		rule: "jointplan-decisions/0", by: "finance", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "ApprovedInPart", "MDFClaim", "one"),
	},
	"who may only revoke rejects a claim": {
		rule: "jointplan-decisions/0", by: "revoker", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Rejected", "MDFClaim", "one"),
	},
	"who may only revoke returns a claim": {
		rule: "jointplan-decisions/0", by: "revoker", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Returned", "MDFClaim", "one"),
	},
	"who may only revoke approves a claim": {
		rule: "jointplan-decisions/0", by: "revoker", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "MDFClaim", "one"),
		want: "USER may not decide as Vendor on MDFClaim one: let a person decide who has the verb approve-as-vendor on mdfclaims in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"who may only revoke approves a claim in part": {
		rule: "jointplan-decisions/0", by: "revoker", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "ApprovedInPart", "MDFClaim", "one"),
		want: "USER may not decide as Vendor on MDFClaim one: let a person decide who has the verb approve-as-vendor on mdfclaims in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"who may revoke claims rejects a request": {
		rule: "jointplan-decisions/0", by: "revoker", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Rejected", "MDFAllocation", "one"),
		want: "USER may not decide as Vendor on MDFAllocation one: let a person decide who has the verb approve-as-vendor or revoke on mdfallocations " +
			"in namespace NAMESPACE, or ask an administrator for a role with it",
	},
	"the partner's approver approves as the vendor": {
		rule: "jointplan-decisions/0", by: "approver", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "JointPlan", "one"),
		want: "USER may not decide as Vendor on JointPlan one: let a person decide who has the verb approve-as-vendor on jointplans in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"the channel manager approves as the partner": {
		rule: "jointplan-decisions/0", by: "channel-manager", verb: "create", base: "approvaldecisions/one", set: on("Partner", "Approved", "JointPlan", "one"),
		want: "USER may not decide as Partner on JointPlan one: let a person decide who has the verb approve-as-partner on jointplans in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"the channel manager approves a request for money": {
		rule: "jointplan-decisions/0", by: "channel-manager", verb: "create", base: "approvaldecisions/one",
		set: on("Vendor", "Approved", "MDFAllocation", "one"),
		want: "USER may not decide as Vendor on MDFAllocation one: let a person decide who has the verb approve-as-vendor on mdfallocations in " +
			"namespace NAMESPACE, or ask an administrator for a role with it",
	},
	"the channel manager withdraws in the name of the partner": {
		rule: "jointplan-decisions/0", by: "channel-manager", verb: "create", base: "approvaldecisions/one", set: on("Partner", "Rejected", "JointPlan", "one"),
		want: "USER may not decide as Partner on JointPlan one: let a person decide who has the verb approve-as-partner on jointplans in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"the partner's approver returns a plan": {
		rule: "jointplan-decisions/0", by: "approver", verb: "create", base: "approvaldecisions/one", set: on("Partner", "Returned", "JointPlan", "one"),
	},
	"finance approves a plan": {
		rule: "jointplan-decisions/0", by: "finance", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "JointPlan", "one"),
		want: "USER may not decide as Vendor on JointPlan one: let a person decide who has the verb approve-as-vendor on jointplans in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"a decision on what does not exist yet": {
		rule: "jointplan-decisions/0", by: "finance", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "MDFClaim", "later"),
	},

	// Decisions: in one's own name.
	"an approval in one's own name": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "MDFClaim", "one"),
	},
	"a forged approval": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.approvedBy", "vera@example.com"),
		want: "the caller is USER, but approvedBy is vera@example.com: set spec.approvedBy to USER; only an account with the verb attest on " +
			"approvaldecisions may record decisions of others, or of before" + partnersAlone,
	},
	"an approval in one's own name in capitals": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.approvedBy", "CAPITALS"),
		want: "the caller is USER, but approvedBy is CAPITALS: set spec.approvedBy to USER; only an account with the verb attest on approvaldecisions may " +
			"record decisions of others, or of before" + partnersAlone,
	},
	"the desk records an approval of the partner": {
		rule: "jointplan-decisions/0", by: "desk", verb: "create", base: "approvaldecisions/one", set: attested(partners, "USER", "2026-09-01"),
	},
	"the desk records an approval of the partner as it came": {
		rule: "jointplan-decisions/1", by: "desk", verb: "create", base: "approvaldecisions/one", set: attested(partners, "USER", "2026-09-01"),
	},
	"the desk records a confirmation of the partner": {
		rule: "jointplan-decisions/0", by: "desk", verb: "create", base: "approvaldecisions/one",
		set: attested(func() map[string]string {
			return with(with(on("Partner", "Confirmed", "PlanReview", "one"), "spec.approvedBy", "paula@example.com"), "spec.decidedTime", "'2026-08-31T10:00:00Z'")
		}, "USER", "2026-09-01"),
	},
	"the desk approves for the partner without a document": {
		rule: "jointplan-decisions/0", by: "desk", verb: "create", base: "approvaldecisions/one", set: with(on("Partner", "Approved", "JointPlan", "one"), "spec.comment", "OK"),
		want: "USER may not decide as Partner on JointPlan one: let a person decide who has the verb approve-as-partner on jointplans in namespace NAMESPACE, or ask " +
			"an administrator for a role with it",
	},
	"finance records an approval of the partner": {
		rule: "jointplan-decisions/0", by: "finance", verb: "create", base: "approvaldecisions/one", set: attested(partners, "USER", "2026-09-01"),
		want: "USER may not decide as Partner on JointPlan one: let a person decide who has the verb attest on jointplans in namespace NAMESPACE, or ask an " +
			"administrator for a role with it",
	},
	"the desk records what another received": {
		rule: "jointplan-decisions/2", by: "desk", verb: "create", base: "approvaldecisions/one", set: attested(partners, "vera@example.com", "2026-09-01"),
		want: "the caller is USER, but attestation.recordedBy is vera@example.com: set it to USER, who records the decision",
	},
	"Git delivers what the desk recorded": {
		rule: "jointplan-decisions/2", by: "git-approvals", verb: "create", base: "approvaldecisions/one", set: attested(partners, "vera@example.com", "2026-09-01"),
	},
	"the desk records a mail of next year": {
		rule: "jointplan-decisions/3", by: "desk", verb: "create", base: "approvaldecisions/one", set: attested(partners, "USER", "2199-01-01"),
		want: "spec.attestation.receivedOn is 2199-01-01, which is in the future: state the day on which the document came",
	},
	"the desk records a mail of last year": {
		rule: "jointplan-decisions/3", by: "desk", verb: "create", base: "approvaldecisions/one", set: attested(partners, "USER", "2026-09-01"),
	},
	"an approval from Git": {
		rule: "jointplan-decisions/1", by: "git-approvals", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.approvedBy", "vera@example.com"),
	},
	"an approval that an administrator restores": {
		rule: "jointplan-decisions/1", by: "admin", verb: "create", base: "approvaldecisions/one",
		set: with(on("Partner", "Approved", "JointPlan", "one"), "spec.approvedBy", "vera@example.com"),
	},

	// Decisions: when they are taken.
	"an approval of half an hour ago": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.decidedTime", "'HALF-AN-HOUR-AGO'"),
	},
	"an approval that is dated back, before the activity": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one",
		set:  with(on("Vendor", "Approved", "MDFAllocation", "one"), "spec.decidedTime", "'LONG-AGO'"),
		want: "decidedTime is LONG-AGO" + backdated + attestOnly,
	},
	"a submission that is dated back, before the plan was due": {
		rule: "jointplan-decisions/1", by: "approver", verb: "create", base: "approvaldecisions/one",
		set:  with(on("Partner", "Approved", "JointPlan", "one"), "spec.decidedTime", "'LONG-AGO'"),
		want: "decidedTime is LONG-AGO" + backdated + attestOnly,
	},
	"an approval that is dated ahead": {
		rule: "jointplan-decisions/1", by: "git-approvals", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.decidedTime", "'LATER'"),
	},
	"an earlier approval from Git": {
		rule: "jointplan-decisions/1", by: "git-approvals", verb: "create", base: "approvaldecisions/one",
		set: with(on("Partner", "Approved", "JointPlan", "one"), "spec.decidedTime", "'LONG-AGO'"),
	},

	// Decisions: exceptions.
	"finance grants an exception": {
		rule: "jointplan-decisions/4", by: "finance", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFAllocation", "one"), "spec.exception", "{reason: Nobody decided.}"),
	},
	"who may approve, and not except, grants an exception": {
		rule: "jointplan-decisions/4", by: "money", verb: "create", base: "approvaldecisions/one",
		set:  with(on("Vendor", "Approved", "MDFAllocation", "one"), "spec.exception", "{reason: Nobody decided.}"),
		want: "USER may not grant an exception on MDFAllocation one: let a person do it who has the verb except on mdfallocations in namespace NAMESPACE",
	},

	// Days of requests and claims.
	"a request of yesterday": {
		rule: "jointplan-days/0", by: "editor", verb: "create", base: "mdfallocations/one", set: with(me(), "spec.requestedOn", "'YESTERDAY'"),
	},
	"a request that is dated back": {
		rule: "jointplan-days/0", by: "editor", verb: "create", base: "mdfallocations/one", set: with(me(), "spec.requestedOn", "'DAYS-AGO'"),
		want: "spec.requestedOn is DAYS-AGO" + notBack + "mdfallocations" + vouched,
	},
	"a request of Monday that Git delivers on Wednesday": {
		rule: "jointplan-days/0", by: "git-partner", verb: "create", base: "mdfallocations/one", set: map[string]string{"spec.requestedOn": "'DAYS-AGO'"},
		want: "spec.requestedOn is DAYS-AGO" + notBack + "mdfallocations" + vouched,
	},
	"a draft is submitted as of before": {
		rule: "jointplan-days/0", by: "editor", verb: "update", base: "mdfallocations/one", set: map[string]string{"spec.requestedOn": "'DAYS-AGO'"},
		want: "spec.requestedOn is DAYS-AGO" + notBack + "mdfallocations" + vouched,
	},
	"a draft is submitted": {
		rule: "jointplan-days/0", by: "editor", verb: "update", base: "mdfallocations/one", set: map[string]string{"spec.requestedOn": "'TODAY'"},
	},
	"a draft is submitted as of before, without the server's notes": {
		rule: "jointplan-days/0", by: "editor", verb: "update", base: "mdfallocations/one",
		set:  map[string]string{"spec.requestedOn": "'DAYS-AGO'", "metadata.managedFields": "[{}]"},
		want: "spec.requestedOn is DAYS-AGO, which is to be written with metadata.managedFields, where the server notes the time" + laterDay + "mdfallocations" + vouched,
	},
	"a request is made again under its old day": {
		rule: "jointplan-days/0", by: "editor", verb: "update", base: "mdfallocations/old", set: map[string]string{"spec.requestID": "'2'"},
		want: "spec.requestedOn is 2026-08-03" + notBack + "mdfallocations" + vouched,
	},
	"an old request is changed": {
		rule: "jointplan-days/0", by: "editor", verb: "update", base: "mdfallocations/old", set: map[string]string{"spec.place": "Rome"},
	},
	"a claim that is dated back": {
		rule: "jointplan-days/0", by: "editor", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.claimedOn": "'DAYS-AGO'"},
		want: "spec.claimedOn is DAYS-AGO" + notBack + "mdfclaims" + vouched,
	},
	"a claim that is submitted again as of before": {
		rule: "jointplan-days/0", by: "git-partner", verb: "update", base: "mdfclaims/one",
		set:  map[string]string{"spec.claimedOn": "'TODAY'", "spec.resubmittedOn": "'DAYS-AGO'"},
		want: "spec.resubmittedOn is DAYS-AGO" + notBack + "mdfclaims" + vouched,
	},
	"the desk vouches for an earlier day": {
		rule: "jointplan-days/0", by: "desk", verb: "create", base: "mdfallocations/one",
		set: with(attested(asksPaula, "USER", "2026-08-03"), "spec.requestedOn", "'2026-08-03'"),
	},

	// Decisions stay.
	"a decision is deleted": {
		rule: "jointplan-decisions-stay/0", by: "deleter", verb: "delete", base: "approvaldecisions/one",
		want: "USER may not delete the decision one" + toWithdraw,
	},
	"a decision is purged": {rule: "jointplan-decisions-stay/0", by: "purger", verb: "delete", base: "approvaldecisions/one"},
	"an administrator deletes a decision": {
		rule: "jointplan-decisions-stay/0", by: "admin", verb: "delete", base: "approvaldecisions/one",
	},

	// Requests and claims: in one's own name.
	"a request in one's own name": {rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfallocations/one", set: mine},
	"a claim in one's own name":   {rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfclaims/one", set: mine},
	"a request in the name of another": {
		rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfallocations/one",
		want: "the caller is USER, but requestedBy is paula@example.com: set spec.requestedBy to USER; only an account with the verb attest on " +
			"mdfallocations may record those of others" + withEvidence,
	},
	"a claim in the name of another": {
		rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfclaims/one",
		want: "the caller is USER, but requestedBy is paula@example.com: set spec.requestedBy to USER; only an account with the verb attest on " +
			"mdfclaims may record those of others" + withEvidence,
	},
	"a request in one's own name in capitals": {
		rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfallocations/one", set: map[string]string{"spec.requestedBy": "CAPITALS"},
		want: "the caller is USER, but requestedBy is CAPITALS: set spec.requestedBy to USER; only an account with the verb attest on mdfallocations may " +
			"record those of others" + withEvidence,
	},
	"the desk records a request": {
		rule: "jointplan-requests/0", by: "desk", verb: "create", base: "mdfallocations/one", set: attested(asksPaula, "USER", "2026-09-01"),
	},
	"the desk records a claim": {
		rule: "jointplan-requests/0", by: "desk", verb: "create", base: "mdfclaims/one", set: attested(asksPaula, "USER", "2026-09-01"),
	},
	"the desk records a claim without a document": {
		rule: "jointplan-requests/0", by: "desk", verb: "create", base: "mdfclaims/one",
		want: "the caller is USER, but requestedBy is paula@example.com: set spec.requestedBy to USER; only an account with the verb attest on mdfclaims may " +
			"record those of others" + withEvidence,
	},
	"the desk records a claim that another received": {
		rule: "jointplan-requests/1", by: "desk", verb: "create", base: "mdfclaims/one", set: attested(asksPaula, "vera@example.com", "2026-09-01"),
		want: "the caller is USER, but attestation.recordedBy is vera@example.com: set it to USER, who records it",
	},
	"Git delivers a claim that the desk recorded": {
		rule: "jointplan-requests/1", by: "git-partner", verb: "create", base: "mdfclaims/one", set: attested(asksPaula, "vera@example.com", "2026-09-01"),
	},
	"the desk records a claim of next year": {
		rule: "jointplan-requests/2", by: "desk", verb: "create", base: "mdfclaims/one", set: attested(asksPaula, "USER", "2199-01-01"),
		want: "spec.attestation.receivedOn is 2199-01-01, which is in the future: state the day on which the document came",
	},
	"the desk records a claim that came": {
		rule: "jointplan-requests/2", by: "desk", verb: "create", base: "mdfclaims/one", set: attested(asksPaula, "USER", "2026-09-01"),
	},
	"a request from Git": {rule: "jointplan-requests/0", by: "git-partner", verb: "create", base: "mdfallocations/one"},
	"a claim from Git":   {rule: "jointplan-requests/0", by: "git-partner", verb: "create", base: "mdfclaims/one"},
	"another edits what one asked": {
		rule: "jointplan-requests/0", by: "editor", verb: "update", base: "mdfallocations/one",
		set: map[string]string{"spec.place": "Rome"},
	},
	"an administrator restores one": {rule: "jointplan-requests/0", by: "admin", verb: "create", base: "mdfclaims/paid"},
	"who has no role of the partner's claims for it": {
		rule: "jointplan-requests/0", by: "clerk", verb: "create", base: "mdfclaims/one",
		want: "the caller is USER, but requestedBy is paula@example.com: set spec.requestedBy to USER; only an account with the verb attest on " +
			"mdfclaims may record those of others" + withEvidence,
	},

	// Requests stay while they hold money.
	"a request without money is deleted":     {rule: "jointplan-requests-stay/0", by: "editor", verb: "delete", base: "mdfallocations/one"},
	"a request that was released is deleted": {rule: "jointplan-requests-stay/0", by: "editor", verb: "delete", base: "mdfallocations/released"},
	"a request with money is purged":         {rule: "jointplan-requests-stay/0", by: "purger", verb: "delete", base: "mdfallocations/granted"},
	"an administrator deletes a request":     {rule: "jointplan-requests-stay/0", by: "admin", verb: "delete", base: "mdfallocations/withdrawn"},
	"a request that was granted is deleted": {
		rule: "jointplan-requests-stay/0", by: "editor", verb: "delete", base: "mdfallocations/granted",
		want: "USER may not delete the request granted" + holdsMoney,
	},
	"a request that was withdrawn, and holds money, is deleted": {
		rule: "jointplan-requests-stay/0", by: "editor", verb: "delete", base: "mdfallocations/withdrawn",
		want: "USER may not delete the request withdrawn" + holdsMoney,
	},
	"a request on which money was paid is deleted": {
		rule: "jointplan-requests-stay/0", by: "editor", verb: "delete", base: "mdfallocations/paid",
		want: "USER may not delete the request paid, as EUR 3000.00 was paid on it: it stays as the record of the payment; only the verb purge on " +
			"mdfallocations deletes it",
	},

	// Claims stay once they count.
	"a claim that nobody accepted is deleted": {rule: "jointplan-claims-stay/0", by: "editor", verb: "delete", base: "mdfclaims/one"},
	"a claim that is paid is purged":          {rule: "jointplan-claims-stay/0", by: "purger", verb: "delete", base: "mdfclaims/paid"},
	"an administrator deletes a claim":        {rule: "jointplan-claims-stay/0", by: "admin", verb: "delete", base: "mdfclaims/settled"},
	"a claim that is accepted is deleted": {
		rule: "jointplan-claims-stay/0", by: "editor", verb: "delete", base: "mdfclaims/accepted",
		want: "USER may not delete the claim accepted, as it is accepted: have it sent back first by a decision Returned or Rejected;" + onlyPurged,
	},
	"a claim that is paid is deleted": {
		rule: "jointplan-claims-stay/0", by: "editor", verb: "delete", base: "mdfclaims/paid",
		want: "USER may not delete the claim paid, as payments are recorded: it stays as the record of the payment;" + onlyPurged,
	},
	"a claim that is settled is deleted": {
		rule: "jointplan-claims-stay/0", by: "editor", verb: "delete", base: "mdfclaims/settled",
		want: "USER may not delete the claim settled, as it is accepted: have it sent back first by a decision Returned or Rejected;" + onlyPurged,
	},

	// Who approves does not write.
	"the editor changes a plan": {
		rule: "jointplan-separation/0", by: "editor", verb: "update", base: "jointplans/one", set: map[string]string{"spec.vision": "Others."},
	},
	"the channel manager changes a plan": {
		rule: "jointplan-separation/0", by: "channel-manager", verb: "update", base: "jointplans/one", set: map[string]string{"spec.vision": "Others."},
		want: "USER may approve JointPlan one and so may not change what is approved of it" + toSeparate + "jointplans" + onlyOverridden,
	},
	"the channel manager adds to a plan": {
		rule: "jointplan-separation/0", by: "channel-manager", verb: "update", base: "jointplans/one", set: map[string]string{"spec.segment": "schools"},
		want: "USER may approve JointPlan one and so may not change what is approved of it" + toSeparate + "jointplans" + onlyOverridden,
	},
	"the channel manager takes from a plan": {
		rule: "jointplan-separation/0", by: "channel-manager", verb: "update", base: "jointplans/one", set: map[string]string{"spec.vision": ""},
		want: "USER may approve JointPlan one and so may not change what is approved of it" + toSeparate + "jointplans" + onlyOverridden,
	},
	"the channel manager records progress": {
		rule: "jointplan-separation/0", by: "channel-manager", verb: "update", base: "jointplans/one", set: map[string]string{
			"spec.progress": "{firedRisks: [{name: prices, day: '2026-09-01'}]}",
		},
	},
	"the channel manager labels a plan": {
		rule: "jointplan-separation/0", by: "channel-manager", verb: "update", base: "jointplans/one", set: map[string]string{"metadata.labels": "{a: b}"},
	},
	"who approves for the partner changes a plan": {
		rule: "jointplan-separation/0", by: "both-sides", verb: "update", base: "jointplans/one", set: map[string]string{"spec.vision": "Others."},
		want: "USER may approve JointPlan one and so may not change what is approved of it" + toSeparate + "jointplans" + onlyOverridden,
	},
	"who approves creates a plan": {
		rule: "jointplan-separation/0", by: "both", verb: "create", base: "jointplans/one",
		want: "USER may approve JointPlan new-one and so may not create it" + toSeparate + "jointplans" + onlyOverridden,
	},
	"who approves asks": {
		rule: "jointplan-separation/0", by: "both", verb: "create", base: "mdfallocations/one", set: mine,
		want: "USER may approve MDFAllocation new-one and so may not create it" + toSeparate + "mdfallocations" + onlyOverridden,
	},
	"who approves withdraws a request": {
		rule: "jointplan-separation/0", by: "both", verb: "update", base: "mdfallocations/one", set: map[string]string{"spec.withdrawnOn": "'2026-09-01'"},
		want: "USER may approve MDFAllocation one and so may not change what is approved of it" + toSeparate + "mdfallocations" + onlyOverridden,
	},
	"who approves claims": {
		rule: "jointplan-separation/0", by: "both", verb: "create", base: "mdfclaims/one", set: mine,
		want: "USER may approve MDFClaim new-one and so may not create it" + toSeparate + "mdfclaims" + onlyOverridden,
	},
	"finance changes a claim with its payment": {
		rule: "jointplan-separation/0", by: "finance", verb: "update", base: "mdfclaims/one",
		set:  map[string]string{"spec.payments": payment, "spec.claimedOn": "'TODAY'"},
		want: "USER may approve MDFClaim one and so may not change what is approved of it" + toSeparate + "mdfclaims" + onlyOverridden,
	},
	"Git's approvals change a claim": {
		rule: "jointplan-separation/0", by: "git-approvals", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.claimedOn": "'TODAY'"},
		want: "USER may approve MDFClaim one and so may not change what is approved of it" + toSeparate + "mdfclaims" + onlyOverridden,
	},
	"who may override creates a plan": {rule: "jointplan-separation/0", by: "override", verb: "create", base: "jointplans/one"},
	"who may override asks":           {rule: "jointplan-separation/0", by: "override", verb: "create", base: "mdfallocations/one", set: mine},
	"who may override claims":         {rule: "jointplan-separation/0", by: "override", verb: "create", base: "mdfclaims/one", set: mine},
	"an administrator changes a request": {
		rule: "jointplan-separation/0", by: "admin", verb: "update", base: "mdfallocations/one",
		set: map[string]string{"spec.place": "Rome"},
	},

	// Payments.
	"finance records a payment": {
		rule: "jointplan-payments/0", by: "finance", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.payments": payment},
	},
	"Git's approvals record a payment": {
		rule: "jointplan-payments/0", by: "git-approvals", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.payments": payment},
	},
	"the editor records a payment": {
		rule: "jointplan-payments/0", by: "editor", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.payments": payment},
		want: "USER may not record a payment of claim one: leave spec.payments as it is, and let a person record it who has the verb pay on mdfclaims in " +
			"namespace NAMESPACE",
	},
	"the editor claims with a payment": {
		rule: "jointplan-payments/0", by: "editor", verb: "create", base: "mdfclaims/one",
		set: map[string]string{"spec.requestedBy": "USER", "spec.payments": payment},
		want: "USER may not record a payment of claim new-one: leave spec.payments as it is, and let a person record it who has the verb pay on mdfclaims " +
			"in namespace NAMESPACE",
	},
	"the editor labels a claim that is paid": {
		rule: "jointplan-payments/0", by: "editor", verb: "update", base: "mdfclaims/paid", set: map[string]string{"metadata.labels": "{a: b}"},
	},

	// Records of meetings: by the party, in one's own name, when they happen.
	"the channel manager records a meeting": {
		rule: "jointplan-reviews/0", by: "channel-manager", verb: "create", base: "planreviews/one", set: recorded("Vendor", nil),
	},
	"the editor records a meeting": {
		rule: "jointplan-reviews/0", by: "editor", verb: "create", base: "planreviews/one", set: recorded("Partner", nil),
	},
	"the editor records a meeting as the vendor": {
		rule: "jointplan-reviews/0", by: "editor", verb: "create", base: "planreviews/one", set: recorded("Vendor", nil),
		want: "USER may not record meetings about plan one as Vendor: let a person record it who has the verb review-as-vendor on jointplans in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"the channel manager records a meeting as the partner": {
		rule: "jointplan-reviews/0", by: "channel-manager", verb: "create", base: "planreviews/one", set: recorded("Partner", nil),
		want: "USER may not record meetings about plan one as Partner: let a person record it who has the verb review-as-partner on jointplans in namespace " +
			"NAMESPACE, or ask an administrator for a role with it",
	},
	"the editor records a meeting for another": {
		rule: "jointplan-reviews/1", by: "editor", verb: "create", base: "planreviews/one", set: recorded("Partner", map[string]string{"spec.recordedBy": "paul"}),
		want: "the caller is USER, but recordedBy is paul: set spec.recordedBy to USER; only an account with the verb attest on planreviews may bring records " +
			"of others",
	},
	"Git's approvals bring a record of another, of old": {
		rule: "jointplan-reviews/1", by: "git-approvals", verb: "create", base: "planreviews/one",
	},
	"the editor records what was held an hour ago": {
		rule: "jointplan-reviews/2", by: "editor", verb: "create", base: "planreviews/one",
		set: recorded("Partner", map[string]string{"spec.recordedTime": "AN-HOUR-AGO", "spec.heldOn": "'2026-08-12'"}),
	},
	"the editor dates a record back": {
		rule: "jointplan-reviews/2", by: "editor", verb: "create", base: "planreviews/one",
		set:  recorded("Partner", map[string]string{"spec.recordedTime": "LONGER-AGO", "spec.heldOn": "'2026-08-12'"}),
		want: datedRecord,
	},
	"the channel manager dates a record back": {
		rule: "jointplan-reviews/2", by: "channel-manager", verb: "create", base: "planreviews/one",
		set:  recorded("Vendor", map[string]string{"spec.recordedTime": "LONGER-AGO", "spec.heldOn": "'2026-08-12'"}),
		want: datedRecord,
	},
	"the editor dates a record ahead": {
		rule: "jointplan-reviews/2", by: "editor", verb: "create", base: "planreviews/one",
		set:  recorded("Partner", map[string]string{"spec.recordedTime": "IN-A-WHILE"}),
		want: datedRecord,
	},
	"the editor records a meeting of today": {
		rule: "jointplan-reviews/3", by: "editor", verb: "create", base: "planreviews/one", set: recorded("Partner", nil),
	},
	"Git's approvals bring a record of a meeting to come": {
		rule: "jointplan-reviews/3", by: "git-approvals", verb: "create", base: "planreviews/one", set: recorded("Vendor", map[string]string{"spec.heldOn": "'2100-01-01'"}),
		want: "the meeting of 2100-01-01 is to come: record a meeting once it was held",
	},
	"who may delete records deletes one": {
		rule: "jointplan-reviews-stay/0", by: "cleaner", verb: "delete", base: "planreviews/one",
		want: "USER may not delete the record of a meeting one: the other party disputes a wrong one; only the verb purge on planreviews deletes it",
	},
	"an administrator deletes a record": {rule: "jointplan-reviews-stay/0", by: "admin", verb: "delete", base: "planreviews/one"},
	"a record with an owner": {
		rule: "jointplan-owners/0", by: "admin", verb: "create", base: "planreviews/one", set: owned, want: ownerless + "PlanReview new-one" + collected,
	},
	"the editor answers the vendor's record": {
		rule: "jointplan-decisions/0", by: "editor", verb: "create", base: "approvaldecisions/one", set: answered("Partner", "Disputed", nil),
	},
	"the channel manager answers the partner's record": {
		rule: "jointplan-decisions/0", by: "channel-manager", verb: "create", base: "approvaldecisions/one", set: answered("Vendor", "Confirmed", nil),
	},
	"the editor answers as the vendor": {
		rule: "jointplan-decisions/0", by: "editor", verb: "create", base: "approvaldecisions/one", set: answered("Vendor", "Confirmed", nil),
		want: "USER may not decide as Vendor on PlanReview one: let a person decide who has the verb review-as-vendor on planreviews in namespace NAMESPACE, or ask " +
			"an administrator for a role with it",
	},
	"who records meetings does not approve": {
		rule: "jointplan-decisions/0", by: "editor", verb: "create", base: "approvaldecisions/one", set: on("Partner", "Approved", "JointPlan", "one"),
		want: "USER may not decide as Partner on JointPlan one: let a person decide who has the verb approve-as-partner on jointplans in namespace NAMESPACE, or " +
			"ask an administrator for a role with it",
	},
	"the resolver resolves a dispute": {
		rule: "jointplan-decisions/0", by: "resolver", verb: "create", base: "approvaldecisions/one", set: answered("Vendor", "Upheld", nil),
	},
	"the channel manager resolves a dispute": {
		rule: "jointplan-decisions/0", by: "channel-manager", verb: "create", base: "approvaldecisions/one", set: answered("Vendor", "Dismissed", nil),
		want: "USER may not decide as Vendor on PlanReview one: let a person decide who has the verb resolve-disputes on planreviews in namespace NAMESPACE, or ask " +
			"an administrator for a role with it",
	},
	"the channel manager dates an answer back": {
		rule: "jointplan-decisions/2", by: "channel-manager", verb: "create", base: "approvaldecisions/one",
		set:  answered("Vendor", "Confirmed", map[string]string{"spec.decidedTime": "'LONGER-AGO'"}),
		want: "decidedTime is LONGER-AGO" + backdated + attestOnly,
	},
	"Git's approvals bring an answer of old": {
		rule: "jointplan-decisions/2", by: "git-approvals", verb: "create", base: "approvaldecisions/one",
		set: answered("Vendor", "Confirmed", map[string]string{"spec.decidedTime": "'LONGER-AGO'"}),
	},

	// Recovery of a ledger.
	"finance authorises a recovery": {
		rule: "jointplan-recovery/0", by: "treasurer", verb: "update", base: "mdfbudgets/", set: map[string]string{"spec.recovery": recovery},
	},
	"the program's admin changes an amount": {
		rule: "jointplan-recovery/0", by: "rules", verb: "update", base: "mdfbudgets/lost-", set: map[string]string{"spec.amount.amount": "'1.00'"},
	},
	"the program's admin opens a budget": {rule: "jointplan-recovery/0", by: "rules", verb: "create", base: "mdfbudgets/"},
	"the program's admin authorises a recovery": {
		rule: "jointplan-recovery/0", by: "rules", verb: "update", base: "mdfbudgets/", set: map[string]string{"spec.recovery": recovery},
		want: "USER may not authorise the recovery of the ledger of budget CLUSTER: leave spec.recovery as it is, and let a person set it who has the " +
			"verb recover on mdfbudgets",
	},
	"the program's admin takes an authorisation away": {
		rule: "jointplan-recovery/0", by: "rules", verb: "update", base: "mdfbudgets/lost-", set: map[string]string{"spec.recovery": ""},
		want: "USER may not authorise the recovery of the ledger of budget lost-CLUSTER: leave spec.recovery as it is, and let a person set it who has " +
			"the verb recover on mdfbudgets",
	},
	"finance authorises a recovery in one's own name": {
		rule: "jointplan-recovery/1", by: "treasurer", verb: "update", base: "mdfbudgets/lost-", set: map[string]string{"spec.recovery": recovery},
	},
	"finance takes an authorisation away": {
		rule: "jointplan-recovery/1", by: "treasurer", verb: "update", base: "mdfbudgets/lost-", set: map[string]string{"spec.recovery": ""},
	},
	"finance authorises a recovery in the name of another": {
		rule: "jointplan-recovery/1", by: "treasurer", verb: "update", base: "mdfbudgets/lost-",
		set: map[string]string{"spec.recovery.requestedTime": "'2026-11-02T09:00:00Z'"},
		want: "the caller is USER, but recovery.requestedBy is fay@example.com: set spec.recovery.requestedBy to USER; only an account with the verb " +
			"attest on mdfbudgets may record those of others",
	},
	"who may attest records a recovery of another": {
		rule: "jointplan-recovery/1", by: "recorder", verb: "update", base: "mdfbudgets/lost-",
		set: map[string]string{"spec.recovery.requestedTime": "'2026-11-02T09:00:00Z'"},
	},

	// Ledgers are the manager's.
	"the manager opens a ledger": {rule: "jointplan-ledgers/0", by: "manager", verb: "create", base: "mdfledgers/"},
	"the manager writes a ledger": {
		rule: "jointplan-ledgers/0", by: "manager", verb: "update", base: "mdfledgers/",
		set: map[string]string{"spec.limitMinor": "1"},
	},
	"an administrator opens a ledger": {
		rule: "jointplan-ledgers/0", by: "admin", verb: "create", base: "mdfledgers/", want: managersLedger,
	},
	"an administrator writes a ledger": {
		rule: "jointplan-ledgers/0", by: "admin", verb: "update", base: "mdfledgers/", set: map[string]string{"spec.limitMinor": "1"}, want: managersLedger,
	},
	"an administrator deletes a ledger": {rule: "jointplan-ledgers/0", by: "admin", verb: "delete", base: "mdfledgers/", want: managersLedger},

	// Revisions are the manager's.
	"the manager keeps a revision": {rule: "jointplan-revisions/0", by: "manager", verb: "create", base: "planrevisions/one"},
	"a revision is restored":       {rule: "jointplan-revisions/0", by: "restorer", verb: "create", base: "planrevisions/one"},
	"an administrator restores a revision": {
		rule: "jointplan-revisions/0", by: "admin", verb: "create", base: "planrevisions/one",
	},
	"a revision is forged": {
		rule: "jointplan-revisions/0", by: "copyist", verb: "create", base: "planrevisions/one",
		want: "USER may not create a PlanRevision: the manager does when a plan is approved; only the verb restore on planrevisions brings one back " +
			"from a backup",
	},

	// Who approves does not change the rule that binds approvers.
	"the program's admin opens a budget for one approver": {rule: "jointplan-authority/0", by: "rules", verb: "create", base: "mdfbudgets/"},
	"the program's admin adds a rule of authority": {
		rule: "jointplan-authority/0", by: "rules", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{"spec.authority": ruled("2199-01-01")},
	},
	"finance raises the amount": {
		rule: "jointplan-authority/0", by: "treasurer", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{"spec.amount.amount": "'30000.00'"},
	},
	"finance lets one person approve": {
		rule: "jointplan-authority/0", by: "treasurer", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{"spec.authority": ruled("2199-01-01")},
		want: "USER" + toGovern + "ruled-CLUSTER" + leaveAuthority,
	},
	"finance gives a budget its first rule": {
		rule: "jointplan-authority/0", by: "treasurer", verb: "update", base: "mdfbudgets/",
		set:  map[string]string{"spec.authority": "[{effectiveFrom: '2199-01-01', levels: [{above: '9000.00', approvers: 2}]}]"},
		want: "USER" + toGovern + "CLUSTER" + leaveAuthority,
	},
	"finance opens the budget to other namespaces": {
		rule: "jointplan-authority/0", by: "treasurer", verb: "update", base: "mdfbudgets/ruled-",
		set:  map[string]string{"spec.allowedNamespaces": "{from: Selector, selector: {matchLabels: {mine: 'yes'}}}"},
		want: "USER" + toGovern + "ruled-CLUSTER" + leaveAuthority,
	},
	"who may only create opens a budget for one approver": {
		rule: "jointplan-authority/0", by: "opener", verb: "create", base: "mdfbudgets/",
		want: "USER may not open budget new-CLUSTER: let a person do it who has the verb govern on mdfbudgets",
	},
	"a rule of authority for the far future": {
		rule: "jointplan-authority/1", by: "rules", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{"spec.authority": ruled("2199-01-01")},
	},
	"a rule of authority from before, which Git recorded": {
		rule: "jointplan-authority/1", by: "steward", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{"spec.authority": ruled("2026-07-02")},
	},
	"a budget is opened with the rules that it had": {
		rule: "jointplan-authority/1", by: "rules", verb: "create", base: "mdfbudgets/ruled-",
	},
	"a rule of authority is dated back": {
		rule: "jointplan-authority/1", by: "rules", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{"spec.authority": ruled("2026-07-02")},
		want: datedBack + "set a later effectiveFrom" + onlyAttested,
	},
	"a rule of authority is dated back, and so are the fields": {
		rule: "jointplan-authority/1", by: "rules", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{
			"spec.authority": ruled("2026-07-02"),
			"metadata.managedFields": "[{manager: access.test, operation: Update, apiVersion: channel.jointplan.dev/v1alpha1, time: '2026-07-01T00:00:00Z', " +
				"fieldsType: FieldsV1, fieldsV1: {'f:spec': {'f:authority': {'k:{\"effectiveFrom\":\"2026-07-02\"}': {'.': {}, 'f:effectiveFrom': {}}}}}}]",
		},
		want: datedBack + "set a later effectiveFrom" + onlyAttested,
	},
	"a rule of authority, and nobody notes the day": {
		rule: "jointplan-authority/1", by: "rules", verb: "update", base: "mdfbudgets/ruled-", set: map[string]string{
			"spec.authority": ruled("2026-07-02"), "metadata.managedFields": "[{}]",
		},
		want: datedBack + "leave metadata.managedFields to the server, which notes the day there" + onlyAttested,
	},

	// Who approves plans.
	"the program's admin opens a program": {rule: "jointplan-approval-rules/0", by: "rules", verb: "create", base: "partnerprograms/"},
	"the program's admin lets the vendor approve alone": {
		rule: "jointplan-approval-rules/0", by: "rules", verb: "update", base: "partnerprograms/", set: map[string]string{"spec.ruleSets": vendorAlone},
	},
	"who keeps the catalogue adds holidays and a title": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/",
		set: map[string]string{"spec.displayName": "Northwind", "spec.calendar.holidays": "['2026-12-25']"},
	},
	"who keeps the catalogue lets the vendor approve alone": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/", set: map[string]string{"spec.ruleSets": vendorAlone},
		want: "USER" + toGovernProgram,
	},
	"who keeps the catalogue shortens the days to decide": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/", set: map[string]string{
			"spec.ruleSets": "[{name: fy27, effectiveFrom: '2026-07-01', approval: {decideWithinDays: 1}}]",
		},
		want: "USER" + toGovernProgram,
	},
	"who keeps the catalogue adds a rule set": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/",
		set: map[string]string{
			"spec.ruleSets": "[{name: all, effectiveFrom: '2026-01-01', approval: {parties: [Vendor, Partner]}}, {name: more, effectiveFrom: '2027-01-01'}]",
		},
		want: "USER" + toGovernProgram,
	},
	"who keeps the catalogue makes large requests small": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/",
		set:  map[string]string{"spec.exchangeRates": "[{from: USD, to: EUR, effectiveFrom: '2026-01-01', rate: '0.01'}]"},
		want: "USER" + toGovernProgram,
	},
	"who keeps the catalogue moves the fiscal years": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/",
		set:  map[string]string{"spec.calendar.fiscalYearStart": "07-01"},
		want: "USER" + toGovernProgram,
	},
	"who keeps the catalogue lets in other namespaces": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "update", base: "partnerprograms/",
		set:  map[string]string{"spec.allowedNamespaces": "{from: All}"},
		want: "USER" + toGovernProgram,
	},
	"who keeps the catalogue opens a program": {
		rule: "jointplan-approval-rules/0", by: "catalogue", verb: "create", base: "partnerprograms/",
		want: "USER may not open program new-CLUSTER: let a person do it who has the verb govern on partnerprograms",
	},

	"who governs programs moves a partner": {
		rule: "jointplan-partner-program/0", by: "mover", verb: "update", base: "partners/one", set: map[string]string{"spec.programRef.name": "other"},
	},
	"the channel manager changes a partner's region": {
		rule: "jointplan-partner-program/0", by: "channel-manager", verb: "update", base: "partners/one", set: map[string]string{"spec.region": "emea"},
	},
	"the channel manager moves a partner to a program where the vendor approves alone": {
		rule: "jointplan-partner-program/0", by: "channel-manager", verb: "update", base: "partners/one", set: map[string]string{"spec.programRef.name": "other"},
		want: "USER may not move partner one to program other, whose rules say who has to approve: leave spec.programRef as it is, and let a person move " +
			"it who has the verb govern on partnerprograms",
	},

	// The day on which a partner was recorded.
	"a partner was recorded before":         {rule: "jointplan-recorded/0", by: "channel-manager", verb: "update", base: "partners/one", set: map[string]string{"spec.recordedOn": "'DAYS-AGO'"}},
	"a partner was recorded today":          {rule: "jointplan-recorded/0", by: "channel-manager", verb: "create", base: "partners/one", set: map[string]string{"spec.recordedOn": "'TODAY'"}},
	"a partner says nothing of when it was": {rule: "jointplan-recorded/0", by: "channel-manager", verb: "create", base: "partners/one"},
	"a partner is recorded later than it is there, so that it owes less": {
		rule: "jointplan-recorded/0", by: "channel-manager", verb: "create", base: "partners/one", set: map[string]string{"spec.recordedOn": "'2126-11-03'"},
		want: "spec.recordedOn is 2126-11-03, but partner new-one was created on TODAY: state that day or an earlier one",
	},
	"the same of one that is there": {
		rule: "jointplan-recorded/0", by: "channel-manager", verb: "update", base: "partners/one", set: map[string]string{"spec.recordedOn": "'2126-11-03'"},
		want: "spec.recordedOn is 2126-11-03, but partner one was created on TODAY: state that day or an earlier one",
	},

	// What is about the past outlives its object.
	"a plan that nobody decided on is deleted": {rule: "jointplan-plans-stay/0", by: "editor", verb: "delete", base: "jointplans/one"},
	"a partner without records is deleted":     {rule: "jointplan-plans-stay/0", by: "channel-manager", verb: "delete", base: "partners/one"},
	"an approved plan is purged":               {rule: "jointplan-plans-stay/0", by: "purger", verb: "delete", base: "jointplans/approved"},
	"a partner with records is purged":         {rule: "jointplan-plans-stay/0", by: "purger", verb: "delete", base: "partners/approved"},
	"an administrator deletes an approved plan": {
		rule: "jointplan-plans-stay/0", by: "admin", verb: "delete", base: "jointplans/approved",
	},
	"an approved plan is deleted": {
		rule: "jointplan-plans-stay/0", by: "editor", verb: "delete", base: "jointplans/approved",
		want: "USER may not delete JointPlan approved" + aboutIt + "jointplans deletes it",
	},
	"a partner with records is deleted": {
		rule: "jointplan-plans-stay/0", by: "channel-manager", verb: "delete", base: "partners/approved",
		want: "USER may not delete Partner approved" + aboutIt + "partners deletes it",
	},
	"a suspended plan is deleted": {
		rule: "jointplan-plans-stay/0", by: "editor", verb: "delete", base: "jointplans/suspended",
		want: "USER may not delete JointPlan suspended" + notKnown + "jointplans deletes it",
	},
	"a plan is deleted before it is evaluated again": {
		rule: "jointplan-plans-stay/0", by: "editor", verb: "delete", base: "jointplans/resumed",
		want: "USER may not delete JointPlan resumed" + notKnown + "jointplans deletes it",
	},
	"a revision is purged":                {rule: "jointplan-revisions-stay/0", by: "purger", verb: "delete", base: "planrevisions/one"},
	"an administrator deletes a revision": {rule: "jointplan-revisions-stay/0", by: "admin", verb: "delete", base: "planrevisions/one"},
	"a revision is deleted": {
		rule: "jointplan-revisions-stay/0", by: "copyist", verb: "delete", base: "planrevisions/one",
		want: "USER may not delete the approved revision one: it is the record of what was agreed; only the verb purge on planrevisions deletes it",
	},
	"a budget without grants is deleted": {rule: "jointplan-budgets-stay/0", by: "rules", verb: "delete", base: "mdfbudgets/"},
	"a budget with grants is purged":     {rule: "jointplan-budgets-stay/0", by: "closer", verb: "delete", base: "mdfbudgets/ruled-"},
	"a budget with grants is deleted": {
		rule: "jointplan-budgets-stay/0", by: "rules", verb: "delete", base: "mdfbudgets/ruled-",
		want: "USER may not delete budget ruled-CLUSTER: its ledger holds 1 reserved and 0 settled; to end the budget, set spec.amount.amount to 0; only " +
			"the verb purge on mdfbudgets deletes it",
	},
	"a program without partners is deleted": {rule: "jointplan-programs-stay/0", by: "rules", verb: "delete", base: "partnerprograms/"},
	"a program with partners is purged":     {rule: "jointplan-programs-stay/0", by: "closer", verb: "delete", base: "partnerprograms/joined-"},
	"a program with partners is deleted": {
		rule: "jointplan-programs-stay/0", by: "rules", verb: "delete", base: "partnerprograms/joined-",
		want: "USER may not delete program joined-CLUSTER: it has 3 partners, whose plans and money are judged by it; only the verb purge on " +
			"partnerprograms deletes it",
	},
	"a namespace without the label is deleted": {rule: "jointplan-namespaces-stay/0", by: "host", verb: "delete", base: "namespaces/free-"},
	"a namespace with records is labelled": {
		rule: "jointplan-namespaces-stay/0", by: "host", verb: "update", base: "namespaces/kept-",
		set: map[string]string{"metadata.labels": "{channel.jointplan.dev/records: keep, a: b}"},
	},
	"a namespace with records is purged": {rule: "jointplan-namespaces-stay/0", by: "closer", verb: "delete", base: "namespaces/kept-"},
	"a namespace with records is deleted": {
		rule: "jointplan-namespaces-stay/0", by: "host", verb: "delete", base: "namespaces/kept-",
		want: "USER may not delete namespace kept-CLUSTER" + labelled,
	},
	"a namespace with records loses its label": {
		rule: "jointplan-namespaces-stay/0", by: "host", verb: "update", base: "namespaces/kept-", set: map[string]string{"metadata.labels": "{a: b}"},
		want: "USER may not take the label from namespace kept-CLUSTER" + labelled,
	},

	// What stays has no owner.
	"a plan without owners is labelled": {
		rule: "jointplan-owners/0", by: "editor", verb: "update", base: "jointplans/approved", set: map[string]string{"metadata.labels": "{a: b}"},
	},
	"a plan is given an owner that is gone": {
		rule: "jointplan-owners/0", by: "editor", verb: "update", base: "jointplans/approved", set: owned, want: ownerless + "JointPlan approved" + collected,
	},
	"a plan is created with an owner": {
		rule: "jointplan-owners/0", by: "editor", verb: "create", base: "jointplans/one", set: owned, want: ownerless + "JointPlan new-one" + collected,
	},
	"an accepted claim is given an owner": {
		rule: "jointplan-owners/0", by: "editor", verb: "update", base: "mdfclaims/accepted", set: owned, want: ownerless + "MDFClaim accepted" + collected,
	},
	"a request with money is given an owner": {
		rule: "jointplan-owners/0", by: "editor", verb: "update", base: "mdfallocations/granted", set: owned,
		want: ownerless + "MDFAllocation granted" + collected,
	},
	"a decision from Git is given an owner": {
		rule: "jointplan-owners/0", by: "git-approvals", verb: "update", base: "approvaldecisions/one", set: owned,
		want: ownerless + "ApprovalDecision one" + collected,
	},
	"the manager gives a revision an owner": {
		rule: "jointplan-owners/0", by: "manager", verb: "create", base: "planrevisions/one", set: owned, want: ownerless + "PlanRevision new-one" + collected,
	},
	"the manager gives a ledger an owner": {
		rule: "jointplan-owners/0", by: "manager", verb: "update", base: "mdfledgers/", set: owned, want: ownerless + "MDFLedger CLUSTER" + collected,
	},
	"an administrator gives a budget an owner": {
		rule: "jointplan-owners/0", by: "admin", verb: "update", base: "mdfbudgets/", set: owned, want: ownerless + "MDFBudget CLUSTER" + collected,
	},
}
