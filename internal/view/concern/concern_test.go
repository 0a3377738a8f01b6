package concern_test

import (
	"testing"
	"time"

	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/concern"
)

// TestConcernsOfTheSamples compares the gravest concern of objects of every kind with what the samples tell of them.
func TestConcernsOfTheSamples(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, "2026-11-03T09:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, object := range preview.New(set).At(at) {
		text := "fine"
		if concerns := concern.Of(object); len(concerns) > 0 {
			text = concerns[0].Level.String() + " " + concerns[0].Reason
		}
		got[manifest.KeyOf(object).Kind+"/"+object.GetName()] = text
	}
	for name, want := range map[string]string{
		"PartnerProgram/northwind":                    "fine",
		"MDFBudget/northwind-fy27":                    "fine",
		"Partner/acme":                                "fine",
		"Partner/brightpath":                          "grave ReducedRate",
		"Partner/finch":                               "warning Shortfall",
		"Partner/helix":                               "warning HeldInGrace",
		"Partner/orbit":                               "warning Watch",
		"JointPlan/acme-fy26-h2":                      "fine",
		"JointPlan/acme-fy27-h1":                      "warning InGrace",
		"JointPlan/acme-fy27-h2":                      "note NotSmart",
		"JointPlan/brightpath-fy27-h1":                "grave Escalated",
		"JointPlan/corvid-fy27-h1":                    "grave OffTrack",
		"JointPlan/corvid-fy27-h2":                    "warning Returned",
		"JointPlan/finch-fy27-h2":                     "grave InvalidSpec",
		"JointPlan/helix-2026-h2":                     "warning AmendmentPending",
		"JointPlan/lyra-cloud-fy27-h1":                "warning ResultsMissing",
		"Campaign/acme-network-ads":                   "grave LimitExceeded",
		"Campaign/brightpath-winter-mailing":          "warning NotInPlan",
		"MDFAllocation/acme-customer-day":             "warning SecondApproverMissing",
		"MDFAllocation/brightpath-term-start-posters": "grave RateAboveProgram",
		"MDFAllocation/lyra-cloud-desk-ads":           "warning BudgetExhausted",
		"MDFAllocation/helix-demo-day-antwerp":        "warning WindowClosing",
		"MDFClaim/acme-cloud-webinar-1":               "warning AwaitingPayment",
		"MDFClaim/acme-network-ads-1":                 "grave ProofMissing",
		"MDFClaim/orbit-accountants-webinar-1":        "warning Returned",
		"ApprovalDecision/lyra-cloud-fy27-h2-vendor":  "note Stale",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}
