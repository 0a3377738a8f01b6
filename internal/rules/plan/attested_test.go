package plan

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestWhoRecordsThePartnersApprovalCannotApproveForTheVendor says that of the two the later does not count, whichever it is.
func TestWhoRecordsThePartnersApprovalCannotApproveForTheVendor(t *testing.T) {
	const vendorAt, partnerAt, now = "2026-06-20T09:00:00Z", "2026-06-20T10:00:00Z", "2026-06-21T10:00:00Z"
	p := testobj.Plan("acme-h1").Obj()
	for name, test := range map[string]struct {
		recorder          string
		vendor, partner   string
		approved          bool
		later, wantReason string
		message           string
	}{
		"another recorded it": {"walt", vendorAt, partnerAt, true, "partner", "", "counts as the decision of the partner on the current revision, which is the plan of record: Approved, attested by walt"},
		"recorded after": {
			"VERA", vendorAt, partnerAt, false, "partner", v1alpha1.ReasonRecorderApproves, `vera approves this revision for the vendor in ApprovalDecision "vendor" and recorded ` +
				`that of the partner in ApprovalDecision "partner" from a document: one person cannot do both; let another person approve for the vendor, or record it`,
		},
		"recorded before": {
			"vera", partnerAt, vendorAt, false, "vendor", v1alpha1.ReasonRecorderApproves, `vera approves this revision for the vendor in ApprovalDecision "vendor" and recorded ` +
				`that of the partner in ApprovalDecision "partner" from a document: one person cannot do both; let another person approve for the vendor, or record it`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			revision := Revision(&p.Spec.PlanTerms)
			vendor := testobj.Decision("vendor", p.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, test.vendor)
			partner := testobj.Decision("partner", p.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, test.partner)
			vendor.Spec.ApprovedBy, partner.Spec.ApprovedBy, partner.Spec.Attestation = "vera", "pat", testobj.Attested(test.recorder)
			snap := testobj.Snapshot(testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), p, vendor, partner)
			a := Approvals(snap, p, testobj.At(now))
			if (a.Record != nil) != test.approved {
				t.Errorf("of record %t, want %t", a.Record != nil, test.approved)
			}
			later := map[string]*v1alpha1.ApprovalDecision{"vendor": vendor, "partner": partner}[test.later]
			got := a.judge(p, later)
			if test.wantReason != "" && got.Reason != test.wantReason || got.Message != test.message {
				t.Errorf("%s: %s\nwant %s: %s", got.Reason, got.Message, test.wantReason, test.message)
			}
			for _, party := range a.Parties {
				if party.Party == v1alpha1.PartyPartner && party.State == "Approved" && party.AttestedBy != test.recorder {
					t.Errorf("the partner's approval is attested by %q, want %q", party.AttestedBy, test.recorder)
				}
			}
		})
	}
}
