package access

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
	payment  = "{id: T-9, paidOn: '2026-10-15', amount: {amount: '50.00', currency: EUR}}"
	recovery = "{requestedTime: '2026-11-01T09:00:00Z', requestedBy: USER}"
	review   = "[{heldOn: '2026-09-12', outcome: OnTrack, attendees: [{name: Vera, party: Vendor}], noActionsBecause: All is well.}]"
)

// on returns a decision of the caller: the party, the outcome, and the kind and name of what is decided on.
func on(party, outcome, kind, name string) map[string]string {
	set := map[string]string{
		"spec.approvedBy": "USER", "spec.party": party, "spec.decision": outcome, "spec.comment": "Because.",
		"spec.targetRef": "{kind: " + kind + ", name: " + name + "}",
	}
	if outcome == "ApprovedInPart" {
		set["spec.amount"] = "{amount: '10.00', currency: EUR}"
	}
	return set
}

// with returns changes with one more.
func with(set map[string]string, path, text string) map[string]string {
	set[path] = text
	return set
}

// mine are the changes that make a request or claim the caller's.
var mine = map[string]string{"spec.requestedBy": "USER"}

// rows are writes that the policies judge.
var rows = map[string]row{
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

	// Decisions: in the own name.
	"an approval in the own name": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one", set: on("Vendor", "Approved", "MDFClaim", "one"),
	},
	"a forged approval": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.approvedBy", "vera@example.com"),
		want: "the caller is USER, but approvedBy is vera@example.com: set spec.approvedBy to USER; only an account with the verb attest on " +
			"approvaldecisions may record decisions of others",
	},
	"an approval in the own name in capitals": {
		rule: "jointplan-decisions/1", by: "finance", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.approvedBy", "CAPITALS"),
		want: "the caller is USER, but approvedBy is CAPITALS: set spec.approvedBy to USER; only an account with the verb attest on approvaldecisions may " +
			"record decisions of others",
	},
	"an approval from Git": {
		rule: "jointplan-decisions/1", by: "git-approvals", verb: "create", base: "approvaldecisions/one",
		set: with(on("Vendor", "Approved", "MDFClaim", "one"), "spec.approvedBy", "vera@example.com"),
	},
	"an approval that an administrator restores": {
		rule: "jointplan-decisions/1", by: "admin", verb: "create", base: "approvaldecisions/one",
		set: with(on("Partner", "Approved", "JointPlan", "one"), "spec.approvedBy", "vera@example.com"),
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

	// Requests and claims: in the own name.
	"a request in the own name": {rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfallocations/one", set: mine},
	"a claim in the own name":   {rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfclaims/one", set: mine},
	"a request in the name of another": {
		rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfallocations/one",
		want: "the caller is USER, but requestedBy is paula@example.com: set spec.requestedBy to USER; only an account with the verb attest on " +
			"mdfallocations may record those of others",
	},
	"a claim in the name of another": {
		rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfclaims/one",
		want: "the caller is USER, but requestedBy is paula@example.com: set spec.requestedBy to USER; only an account with the verb attest on " +
			"mdfclaims may record those of others",
	},
	"a request in the own name in capitals": {
		rule: "jointplan-requests/0", by: "editor", verb: "create", base: "mdfallocations/one", set: map[string]string{"spec.requestedBy": "CAPITALS"},
		want: "the caller is USER, but requestedBy is CAPITALS: set spec.requestedBy to USER; only an account with the verb attest on mdfallocations may " +
			"record those of others",
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
			"mdfclaims may record those of others",
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
		want: "USER may not delete the claim paid, as its payment is recorded: it stays as the record of the payment;" + onlyPurged,
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
	"the channel manager records reviews, progress and submission": {
		rule: "jointplan-separation/0", by: "channel-manager", verb: "update", base: "jointplans/one", set: map[string]string{
			"spec.reviews": review, "spec.progress": "{firedRisks: [{name: prices, day: '2026-09-01'}]}", "spec.submittedOn": "",
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
		set:  map[string]string{"spec.payment": payment, "spec.claimedOn": "'2026-09-20'"},
		want: "USER may approve MDFClaim one and so may not change what is approved of it" + toSeparate + "mdfclaims" + onlyOverridden,
	},
	"Git's approvals change a claim": {
		rule: "jointplan-separation/0", by: "git-approvals", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.claimedOn": "'2026-09-20'"},
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
		rule: "jointplan-payments/0", by: "finance", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.payment": payment},
	},
	"Git's approvals record a payment": {
		rule: "jointplan-payments/0", by: "git-approvals", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.payment": payment},
	},
	"the editor records a payment": {
		rule: "jointplan-payments/0", by: "editor", verb: "update", base: "mdfclaims/one", set: map[string]string{"spec.payment": payment},
		want: "USER may not record a payment of claim one: leave spec.payment out, and let a person record it who has the verb pay on mdfclaims in " +
			"namespace NAMESPACE",
	},
	"the editor claims with a payment": {
		rule: "jointplan-payments/0", by: "editor", verb: "create", base: "mdfclaims/one",
		set: map[string]string{"spec.requestedBy": "USER", "spec.payment": payment},
		want: "USER may not record a payment of claim new-one: leave spec.payment out, and let a person record it who has the verb pay on mdfclaims " +
			"in namespace NAMESPACE",
	},
	"the editor labels a claim that is paid": {
		rule: "jointplan-payments/0", by: "editor", verb: "update", base: "mdfclaims/paid", set: map[string]string{"metadata.labels": "{a: b}"},
	},

	// Reviews.
	"the editor records a review": {
		rule: "jointplan-reviews/0", by: "editor", verb: "update", base: "jointplans/one", set: map[string]string{"spec.reviews": review},
	},
	"the editor creates a plan with reviews": {rule: "jointplan-reviews/0", by: "editor", verb: "create", base: "jointplans/one"},
	"who may not review changes a plan": {
		rule: "jointplan-reviews/0", by: "clerk", verb: "update", base: "jointplans/one", set: map[string]string{"spec.vision": "Others."},
	},
	"who may not review creates a plan without reviews": {
		rule: "jointplan-reviews/0", by: "clerk", verb: "create", base: "jointplans/one", set: map[string]string{"spec.reviews": ""},
	},
	"who may not review records a review": {
		rule: "jointplan-reviews/0", by: "clerk", verb: "update", base: "jointplans/one", set: map[string]string{"spec.reviews": review},
		want: "USER may not change the reviews of plan one: leave spec.reviews as it is, and let a person record them who has the verb review on " +
			"jointplans in namespace NAMESPACE",
	},
	"who may not review takes reviews away": {
		rule: "jointplan-reviews/0", by: "clerk", verb: "update", base: "jointplans/one", set: map[string]string{"spec.reviews": ""},
		want: "USER may not change the reviews of plan one: leave spec.reviews as it is, and let a person record them who has the verb review on " +
			"jointplans in namespace NAMESPACE",
	},
	"who may not review creates a plan with reviews": {
		rule: "jointplan-reviews/0", by: "clerk", verb: "create", base: "jointplans/one",
		want: "USER may not change the reviews of plan new-one: leave spec.reviews as it is, and let a person record them who has the verb review on " +
			"jointplans in namespace NAMESPACE",
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
	"finance authorises a recovery in the own name": {
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
}
