package outcome_test

import (
	"fmt"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// told says in one text what became of a request: what its columns show, its amounts and days, and the conditions Granted and ClaimWindowClosing.
func told(t *testing.T, status *v1alpha1.MDFAllocationStatus) string {
	t.Helper()
	amount := func(m *v1alpha1.Money) string {
		if m == nil {
			return "-"
		}
		return string(m.Amount)
	}
	return fmt.Sprintf("%s %s %q | asked %s granted %s reserved %s claimed %s paid %s | claim %q release %q\n%s\n%s",
		status.Stage, status.Reason, status.ActBy, amount(status.Asked), amount(status.Granted), amount(status.Reserved), amount(status.Claimed), amount(status.Paid),
		status.ClaimThrough, status.ReleaseOn,
		moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionGranted), moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionClaimWindowClosing))
}

func TestAllocation(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		now    string
		want   string
	}{
		"draft": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" }, moneytest.Noon,
			`Draft NotRequested "2026-10-19" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				`False/NotEligible: the request is not eligible: NotRequested` + "\n" +
				`False/NothingToClaim: nothing is reserved, so there is nothing to claim`,
		},
		"refused": {
			func(d *moneytest.Dossier) { d.Request.Spec.Expected = nil }, moneytest.Noon,
			`Refused ExpectedOutcomeMissing "" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				`False/NotEligible: the request is not eligible: ExpectedOutcomeMissing` + "\n" +
				`False/NothingToClaim: nothing is reserved, so there is nothing to claim`,
		},
		"cannot be judged": {
			func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "5000.001" }, moneytest.Noon,
			`Refused NotEvaluated "" | asked - granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				`Unknown/NotEvaluated: cannot be judged: spec.amount: "5000.001" has too many digits after the point (3): EUR amounts ` +
				`have at most 2, such as "12.50"` + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"waits for approval": {
			func(*moneytest.Dossier) {}, moneytest.Noon,
			`PendingApproval AwaitingDecision "2026-10-19" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				`False/NotApproved: the request is not approved: AwaitingDecision` + "\n" +
				`False/NothingToClaim: nothing is reserved, so there is nothing to claim`,
		},
		"sent back": {
			func(d *moneytest.Dossier) { d.Decide(returned, "vera", "2026-08-05T10:00:00+02:00") }, moneytest.Noon,
			`Refused Returned "2026-10-19" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				`False/NotApproved: the request is not approved: Returned` + "\n" +
				`False/NothingToClaim: nothing is reserved, so there is nothing to claim`,
		},
		"about to be granted": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-05T10:00:00+02:00") }, moneytest.Noon,
			`Waiting GrantPending "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ` +
				`""` + "\n" +
				"False/GrantPending: nothing stands in the way; budget fy27-emea is about to grant it" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"no ledger yet": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Ledger = nil
		}, moneytest.Noon, `Waiting GrantPending "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ` +
			`""` + "\n" +
			"False/GrantPending: the ledger of budget fy27-emea is about to be created" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"the ledger is lost before a grant": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Ledger, d.Budget.Status.Ledger = nil, &v1alpha1.LedgerRecord{Name: "fy27-emea", UID: "ledger-1"}
		}, moneytest.Noon, `Waiting RecoveryRequired "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" ` +
			`release ""` + "\n" +
			"False/RecoveryRequired: the ledger of budget fy27-emea is lost: nothing is granted or settled until the budget " +
			"owner restores it, or lets it be rebuilt" + "\n" +
			"Unknown/RecoveryRequired: the budget's ledger is lost, so grants cannot be verified"},
		"the ledger is lost after a grant": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Request.Status = d.Evaluate(testobj.At(moneytest.Noon))
			d.Ledger = nil
		}, moneytest.Noon, `Granted RecoveryRequired "" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release ""` + "\n" +
			"Unknown/RecoveryRequired: the ledger of budget fy27-emea is lost: nothing is granted or settled until the budget " +
			"owner restores it, or lets it be rebuilt; the amounts in this status are those from before" + "\n" +
			"Unknown/RecoveryRequired: the budget's ledger is lost, so grants cannot be verified"},
		"the ledger is of another currency": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Ledger.Spec.Currency = "CHF"
		}, moneytest.Noon, `Waiting LedgerMismatch "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" ` +
			`release ""` + "\n" +
			"False/LedgerMismatch: the ledger of budget fy27-emea is in CHF from an earlier budget of this name, the budget in " +
			"EUR: request money from another budget" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"a policy is missing": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Gate = facts.Gate{Reason: v1alpha1.ReasonPolicyMissing, Message: "ValidatingAdmissionPolicy x is missing: install it"}
		}, moneytest.Noon, `Waiting PolicyMissing "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ` +
			`""` + "\n" +
			"False/PolicyMissing: an admission policy that guards money is not in force, and nothing is granted until it is: the owner of budget " +
			"fy27-emea sees in its condition LedgerIntact which" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"exhausted": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Ledger.Spec.Reserved["partner-acme/r0/1"], d.Ledger.Spec.Settled["partner-acme/r0/1/c"] = 1000000, 500001
		}, moneytest.Noon, `Waiting BudgetExhausted "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" ` +
			`release ""` + "\n" +
			"False/BudgetExhausted: EUR 5,000.00 is requested, and budget fy27-emea does not have that much left: request less, accept a part " +
			"(spec.acceptAtLeast), wait until money is released or added, or ask the budget owner" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"exhausted, and the request accepts a part": {func(d *moneytest.Dossier) {
			d.Request.Spec.AcceptAtLeast = "4500.00"
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Ledger.Spec.Reserved["partner-acme/r0/1"] = 2000000
		}, moneytest.Noon, `Waiting BudgetExhausted "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" ` +
			`release ""` + "\n" +
			"False/BudgetExhausted: EUR 5,000.00 is requested, at least EUR 4,500.00 of it, and budget fy27-emea does not have that much left: request " +
			"less, wait until money is released or added, or ask the budget owner" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"a part is about to be granted": {func(d *moneytest.Dossier) {
			d.Request.Spec.AcceptAtLeast = "4500.00"
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Ledger.Spec.Reserved["partner-acme/r0/1"] = 1550000
		}, moneytest.Noon, `Waiting GrantPending "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ` +
			`""` + "\n" +
			"False/GrantPending: nothing stands in the way; budget fy27-emea is about to grant it" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"limit reached": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerPartner, "4000.00").Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, moneytest.Noon, `Waiting LimitReached "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ` +
			`""` + "\n" +
			"False/LimitReached: EUR 5,000.00 is requested; limit cap of budget fy27-emea allows EUR 4,000.00 for all requests of " +
			"partner acme, none of it used: request at most EUR 4,000.00, or ask finance to raise the limit" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"the budget has ended": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-05T10:00:00+02:00") }, "2027-01-01T00:00:00+01:00",
			`Waiting BudgetExhausted "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" ` +
				`release ""` + "\n" +
				"False/BudgetExhausted: budget fy27-emea ended on 2026-12-31 and grants nothing more: request money from another budget" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"granted": {(*moneytest.Dossier).GrantInFull, moneytest.Noon, `Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2027-01-18"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
			"False/WindowOpen: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17"},
		"granted in part": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Grant(450000)
			d.Ledger.Spec.Notes[moneytest.RequestKey] = "Cut budget fy27-emea had no more left"
		}, moneytest.Noon, `Granted GrantedInPart "2027-01-17" | asked 5000.00 granted 4500.00 reserved 4500.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2027-01-18"` + "\n" +
			"True/GrantedInPart: EUR 4,500.00 of EUR 5,000.00 is granted, because budget fy27-emea had no more left; claims " +
			"can be received from 2026-10-19 through 2027-01-17" + "\n" +
			"False/WindowOpen: EUR 4,500.00 is not claimed; claims can be received through 2027-01-17"},
		"granted and changed": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Request.Spec.Place = "Lyon"
		}, moneytest.Noon, `Granted ChangePending "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2027-01-18"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
			"False/WindowOpen: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17"},
		"granted, and the plan is withdrawn": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.More = d.More[2:]
		}, moneytest.Noon, `Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2027-01-18"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
			"False/WindowOpen: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17"},
		"granted, and the budget is gone": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Budget = nil
		}, moneytest.Noon, `Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2027-01-18"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
			"False/WindowOpen: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17"},
		"one day before notice": {
			(*moneytest.Dossier).GrantInFull, "2027-01-02T23:59:59+01:00",
			`Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
				`"2027-01-17" release "2027-01-18"` + "\n" +
				"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
				"False/WindowOpen: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17",
		},
		"notice": {
			(*moneytest.Dossier).GrantInFull, "2027-01-03T00:00:00+01:00",
			`Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
				`"2027-01-17" release "2027-01-18"` + "\n" +
				"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
				"True/WindowClosing: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17: what is not claimed by " +
				"then is released on 2027-01-18",
		},
		"the budget receives claims to an earlier day, with longer notice": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: "2026-12-15", NoticeDays: new(int32(30))}
		}, "2026-11-15T00:00:00+01:00", `Granted Granted "2026-12-15" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2026-12-15" release "2026-12-16"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2026-12-15" + "\n" +
			"True/WindowClosing: EUR 5,000.00 is not claimed; claims can be received through 2026-12-15: what is not claimed by " +
			"then is released on 2026-12-16"},
		"last second": {
			(*moneytest.Dossier).GrantInFull, "2027-01-17T23:59:59+01:00",
			`Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
				`"2027-01-17" release "2027-01-18"` + "\n" +
				"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
				"True/WindowClosing: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17: what is not claimed by " +
				"then is released on 2027-01-18",
		},
		"window over": {
			(*moneytest.Dossier).GrantInFull, "2027-01-18T00:00:00+01:00",
			`Released ClaimWindowClosed "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" ` +
				`release ""` + "\n" +
				"False/ClaimWindowClosed: claims could be received through 2027-01-17; what was not claimed is released" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"window over and released": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Grant(0) }, "2027-01-18T00:00:00+01:00",
			`Released ClaimWindowClosed "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" ` +
				`release ""` + "\n" +
				"False/ClaimWindowClosed: claims could be received through 2027-01-17; what was not claimed is released" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"a claim waits": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Lodge("c1", "2026-11-02", "6000.00", "") }, "2026-11-03T12:00:00+01:00",
			`Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 3000.00 paid 0.00 | claim ` +
				`"2027-01-17" release ""` + "\n" +
				"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
				"False/WindowOpen: EUR 2,000.00 is not claimed; claims can be received through 2027-01-17",
		},
		"a claim waits and the window is over": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Lodge("c1", "2026-11-02", "6000.00", "") }, "2027-01-18T12:00:00+01:00",
			`Granted GrantedInPart "" | asked 5000.00 granted 3000.00 reserved 3000.00 claimed 3000.00 paid 0.00 | claim ` +
				`"2027-01-17" release ""` + "\n" +
				"True/GrantedInPart: EUR 3,000.00 of EUR 5,000.00 is granted; claims could be received through 2027-01-17; what was " +
				"not claimed is released" + "\n" +
				"False/NothingToClaim: all that is reserved, EUR 3,000.00, is claimed",
		},
		"a claim is sent back": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			c := d.Lodge("c1", "2026-11-02", "10000.00", "").Obj()
			d.More = append(d.More, testobj.MoneyDecision("on-c1", "MDFClaim", "c1", facts.ClaimRevision(&c.Spec), rejected, "vera", "2027-02-01T10:00:00+01:00"))
		}, "2027-03-10T12:00:00+01:00", `Granted Granted "2027-03-18" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 5000.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2027-03-19"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; claims could be received through 2027-01-17: what claims hold stays reserved" + "\n" +
			`True/WindowClosing: EUR 5,000.00 is claimed by MDFClaim "c1", which was sent back; it can be submitted again through ` +
			"2027-03-18: what is not claimed by then is released on 2027-03-19"},
		"a claim is paid": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Lodge("c1", "2026-11-02", "6000.00", "2026-11-03T10:00:00+01:00").Paid("p1", "2026-11-10", "3000.00")
			d.Grant(200000)
			d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"], d.Ledger.Spec.Payments["p1#1"] = 300000, "partner-acme/c1"
		}, "2026-11-11T12:00:00+01:00", `Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 2000.00 claimed 3000.00 paid 3000.00 | claim ` +
			`"2027-01-17" release "2027-01-18"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted: EUR 3,000.00 of it is paid, EUR 2,000.00 stays reserved; claims can be " +
			"received from 2026-10-19 through 2027-01-17" + "\n" +
			"False/WindowOpen: EUR 2,000.00 is not claimed; claims can be received through 2027-01-17"},
		"all is paid": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Lodge("c1", "2026-11-02", "10000.00", "2026-11-03T10:00:00+01:00").Paid("p1", "2026-11-10", "5000.00")
			d.Grant(0)
			d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"], d.Ledger.Spec.Payments["p1#1"] = 500000, "partner-acme/c1"
		}, "2026-11-11T12:00:00+01:00", `Settled Settled "" | asked 5000.00 granted 5000.00 reserved 0.00 claimed 5000.00 paid 5000.00 | claim "2027-01-17" ` +
			`release ""` + "\n" +
			"True/Settled: EUR 5,000.00 was granted and is paid; nothing more is reserved" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"the final claim is paid": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			c := testobj.Claim("c1", "r1").Cost("INV-c1", "6000.00").Final().Paid("p1", "2026-11-10", "3000.00").Obj()
			d.Claims = append(d.Claims, c)
			d.More = append(d.More, testobj.MoneyDecision("on-c1", "MDFClaim", "c1", facts.ClaimRevision(&c.Spec), approved, "vera", "2026-11-03T10:00:00+01:00"))
			d.Grant(200000)
			d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"], d.Ledger.Spec.Payments["p1#1"] = 300000, "partner-acme/c1"
		}, "2026-11-11T12:00:00+01:00", `Settled FinalClaimPaid "" | asked 5000.00 granted 3000.00 reserved 0.00 claimed 3000.00 paid 3000.00 | claim ` +
			`"2027-01-17" release ""` + "\n" +
			"True/FinalClaimPaid: EUR 3,000.00 is paid; the final claim is paid; what is left of the grant is released" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"paid in part, the rest is over": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Lodge("c1", "2026-11-02", "6000.00", "2026-11-03T10:00:00+01:00").Paid("p1", "2026-11-10", "3000.00")
			d.Grant(200000)
			d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"], d.Ledger.Spec.Payments["p1#1"] = 300000, "partner-acme/c1"
		}, "2027-01-18T12:00:00+01:00", `Released ClaimWindowClosed "" | asked 5000.00 granted 3000.00 reserved 0.00 claimed 3000.00 paid 3000.00 | claim ` +
			`"2027-01-17" release ""` + "\n" +
			"False/ClaimWindowClosed: EUR 3,000.00 is paid and nothing more is reserved: claims could be received through " +
			"2027-01-17; what was not claimed is released" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"withdrawn before a grant": {
			func(d *moneytest.Dossier) { d.Request.Spec.WithdrawnOn = "2026-08-09" }, moneytest.Noon,
			`Withdrawn Withdrawn "" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				"False/Withdrawn: the request was withdrawn on 2026-08-09 (spec.withdrawnOn), before anything was granted" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"to be withdrawn": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Request.Spec.WithdrawnOn = "2026-08-11" }, moneytest.Noon,
			`Granted Granted "2027-01-17" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
				`"2027-01-17" release "2027-01-18"` + "\n" +
				"True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17" + "\n" +
				"False/WindowOpen: EUR 5,000.00 is not claimed; claims can be received through 2027-01-17",
		},
		"withdrawn after a grant": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Request.Spec.WithdrawnOn = "2026-08-09" }, moneytest.Noon,
			`Withdrawn Withdrawn "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" release ` +
				`""` + "\n" +
				"False/Withdrawn: the request was withdrawn on 2026-08-09 (spec.withdrawnOn); what is not claimed is released, which is " +
				"final: to request again, set a new requestID" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"withdrawn with a claim": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Lodge("c1", "2026-11-02", "6000.00", "")
			d.Request.Spec.WithdrawnOn = "2026-11-03"
		}, "2026-11-03T12:00:00+01:00", `Withdrawn Withdrawn "" | asked 5000.00 granted 3000.00 reserved 3000.00 claimed 3000.00 paid 0.00 | claim ` +
			`"2027-01-17" release ""` + "\n" +
			"True/GrantedInPart: EUR 3,000.00 of EUR 5,000.00 is granted; the request was withdrawn on 2026-11-03 " +
			"(spec.withdrawnOn); what is not claimed is released, which is final: to request again, set a new requestID" + "\n" +
			"False/NothingToClaim: all that is reserved, EUR 3,000.00, is claimed"},
		"the approval is withdrawn": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Decide(rejected, "vera", "2026-08-06T10:00:00+02:00") }, moneytest.Noon,
			`Released ApprovalWithdrawn "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" ` +
				`release ""` + "\n" +
				"False/ApprovalWithdrawn: its approval was withdrawn; what is not claimed is released, which is final: to request again, set a " +
				"new requestID" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"the budget is cut": {
			func(d *moneytest.Dossier) {
				d.GrantInFull()
				d.Ledger.Spec.Notes[moneytest.RequestKey] = "Ending BudgetCut"
			}, moneytest.Noon,
			`Released BudgetCut "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" release ` +
				`""` + "\n" +
				`False/BudgetCut: the amount of budget "fy27-emea" was lowered and no longer covers this request; what is not claimed ` +
				"is released: ask the budget owner to raise it, then request again with a new requestID" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"the budget was cut": {
			func(d *moneytest.Dossier) {
				d.GrantInFull()
				d.Grant(0)
				d.Ledger.Spec.Notes[moneytest.RequestKey] = "Ending BudgetCut"
			}, moneytest.Noon,
			`Released BudgetCut "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" release ` +
				`""` + "\n" +
				"False/BudgetCut: the amount of budget fy27-emea was lowered and no longer covered the request; what was not claimed " +
				"is released, which is final: to request again, set a new requestID" + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"released for a reason that is gone": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Grant(0) }, moneytest.Noon,
			`Released Released "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" release ""` + "\n" +
				`False/Released: what was granted to requestID "1" is released, which is final: to request again, set a new requestID` + "\n" +
				"False/NothingToClaim: nothing is reserved, so there is nothing to claim",
		},
		"the agreement ended": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2026-01-01", EndsOn: "2026-08-09"}
		}, moneytest.Noon, `Released AgreementEnded "" | asked 5000.00 granted 0.00 reserved 0.00 claimed 0.00 paid 0.00 | claim "2027-01-17" ` +
			`release ""` + "\n" +
			"False/AgreementEnded: the partner's agreement ended on 2026-08-09, before the activity on 2026-10-19; what is not " +
			"claimed is released: renew the agreement, then request again with a new requestID" + "\n" +
			"False/NothingToClaim: nothing is reserved, so there is nothing to claim"},
		"the agreement will end": {func(d *moneytest.Dossier) {
			d.GrantInFull()
			d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2026-01-01", EndsOn: "2026-08-31"}
		}, moneytest.Noon, `Granted Granted "2026-08-31" | asked 5000.00 granted 5000.00 reserved 5000.00 claimed 0.00 paid 0.00 | claim ` +
			`"2027-01-17" release "2026-09-01"` + "\n" +
			"True/Granted: EUR 5,000.00 is granted; the partner's agreement ends on 2026-08-31, before the activity does on " +
			"2026-10-19: renew it, or what is not claimed is released on 2026-09-01" + "\n" +
			"False/WindowOpen: EUR 5,000.00 is not claimed, and the partner's agreement, which ends before the activity does, has " +
			"to be renewed by 2026-08-31"},
		"asked again": {
			func(d *moneytest.Dossier) { d.GrantInFull(); d.Grant(0); d.Request.Spec.RequestID = "2" }, moneytest.Noon,
			`PendingApproval AwaitingDecision "2026-12-31" | asked 5000.00 granted - reserved - claimed - paid - | claim "2027-01-17" release ""` + "\n" +
				`False/NotApproved: the request is not approved: AwaitingDecision` + "\n" +
				`False/NothingToClaim: nothing is reserved, so there is nothing to claim`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			tc.change(d)
			status := d.Evaluate(testobj.At(tc.now))
			if got := told(t, &status); got != tc.want {
				t.Errorf("FILL[%s][%s]END", name, got)
			}
		})
	}
}
