package samples_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// claimRules returns the samples of config/samples-rules/claims as they stand at an instant, by name.
func claimRules(t *testing.T, at string) map[string]preview.Object {
	t.Helper()
	set, err := reader.Read(context.Background(), manifest.Options{}, "../../config/samples-rules/claims")
	if err != nil {
		t.Fatal(err)
	}
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]preview.Object{}
	for _, x := range preview.New(set).At(instant) {
		byName[x.GetName()] = x
	}
	return byName
}

// says returns what conditions and findings of an object say, a line each.
func says(x preview.Object) string {
	var text strings.Builder
	for _, c := range preview.Common(x).Conditions {
		text.WriteString(c.Type + " " + string(c.Status) + " " + c.Reason + ": " + c.Message + "\n")
	}
	for _, f := range preview.Common(x).Findings {
		text.WriteString(f.Rule + ": " + f.Message + "\n")
	}
	return text.String()
}

// TestWhatTheSamplesOfClaimsSay has the worked numbers of their README.
func TestWhatTheSamplesOfClaimsSay(t *testing.T) {
	for _, tc := range []struct {
		at, name, want string
		not            bool
	}{
		{"2026-05-06T21:59:59Z", "quay-coop", "EarnedLessThanDrawn", true},
		{"2026-05-06T22:00:00Z", "quay-coop", "has drawn EUR 1,400.00 and earned EUR 1,200.00 of it by what is measured now: EUR 200.00 is made up for by what it earns next", false},
		{"2026-05-06T22:00:00Z", "quay-coop", "Granted True Granted: EUR 1,400.00 is granted", false},
		{"2026-11-03T09:00:00Z", "quay-edge", "Eligible True Granted", false},
		{"2026-11-03T09:00:00Z", "quay-data", "Eligible True Granted", false},
		{"2026-11-03T09:00:00Z", "quay-plain", "-20 where it serves no initiative in force, so 30 percent", false},
		{"2026-11-03T09:00:00Z", "quay-gate", "85 percent of the target of 2026-05-31 of goal revenue (EUR 500,000, approved on 2026-03-02); measured through 2026-10-31 is EUR 400,000, 80 percent " +
			"of it (the current target is EUR 350,000, of which it is 114 percent)", false},
		{"2026-11-13T22:59:59Z", "quay-edge-1", "PaymentOverdue", true},
		{"2026-11-13T23:00:00Z", "quay-edge-1", "its payment was due by 2026-11-13 and has been overdue since 2026-11-14", false},
		{"2026-11-03T09:00:00Z", "quay-small-1", "Finance cannot post the claim yet: state the purchase order", false},
		{"2026-11-03T09:00:00Z", "quay-ads-1", "CreativeNotApproved", false},
	} {
		got := says(claimRules(t, tc.at)[tc.name])
		if strings.Contains(got, tc.want) == tc.not {
			t.Errorf("%s at %s: %q is there: %v, in:\n%s", tc.name, tc.at, tc.want, tc.not, got)
		}
	}
	all := claimRules(t, "2026-11-03T09:00:00Z")
	edge := all["quay-edge-1"].(*v1alpha1.MDFClaim).Status
	if p := edge.Posting; p == nil || *p != (v1alpha1.ClaimPosting{SupplierNumber: "100234", PurchaseOrder: "PO-2026-0815", CostCentre: "CC-4300", Account: "6600", TaxCode: "V0"}) {
		t.Errorf("finance posts %+v", p)
	}
	if c := edge.Cycle; c == nil || c.AcceptedOn != "2026-10-14" || *c.VendorDays != 6 || *c.Touches != 2 {
		t.Errorf("the cycle is %+v", c)
	}
	if lane := all["quay-small-1"].(*v1alpha1.MDFClaim).Status.Lane; lane != v1alpha1.LaneFast || edge.Lane != "" {
		t.Errorf("lanes %q and %q", lane, edge.Lane)
	}
	if got := preview.AsNow([]preview.Object{all["quay-erp"]}, time.Date(2026, 4, 20, 12, 0, 0, 0, time.UTC)); !strings.HasPrefix(got, "as now: ") {
		t.Errorf("nothing says what is shown as it is now: %q", got)
	}
	if got := preview.AsNow([]preview.Object{all["quay-erp"]}, time.Date(2026, 5, 7, 12, 0, 0, 0, time.UTC)); got != "" {
		t.Errorf("nothing was reported after that day, and yet: %q", got)
	}
}
