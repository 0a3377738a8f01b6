package preview

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// ofAcme returns the samples of one partner, with the programs and budgets.
func ofAcme(t *testing.T) *manifest.Set {
	t.Helper()
	set, err := reader.Read(t.Context(), manifest.Options{}, "../../../config/samples/programs", "../../../config/samples/budgets", "../../../config/samples/partners/acme")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// withLedgers returns a set with the ledgers and revisions that it has at an instant, and a budget's amount changed.
func withLedgers(t *testing.T, set *manifest.Set, at time.Time, amount v1alpha1.Decimal) *manifest.Set {
	t.Helper()
	objects := set.Objects()
	for _, x := range New(set).At(at) {
		if kind := manifest.KeyOf(x).Kind; kind == "MDFLedger" || kind == "PlanRevision" {
			objects = append(objects, x)
		}
	}
	for _, x := range set.Budgets {
		if x.Name == "northwind-fy27" && amount != "" {
			x.Spec.Amount.Amount = amount
		}
	}
	all, err := manifest.NewSet(objects, set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLedgersOfAnInstantGoOnFromThere evaluates the samples with the ledgers that they came to have: nothing is different.
func TestLedgersOfAnInstantGoOnFromThere(t *testing.T) {
	for _, at := range []time.Time{samplesAt, samplesAt.AddDate(0, 2, 0), samplesAt.AddDate(1, 0, 0)} {
		want := asJSON(t, New(samples(t)).At(at))
		if diff := cmp.Diff(want, asJSON(t, NewAsOf(withLedgers(t, samples(t), at, ""), at).At(at))); diff != "" {
			t.Errorf("at %s (-want +got):\n%s", at, diff)
		}
	}
}

// TestACutTakesNothingBackThatWasClaimed cuts a budget: what a claim was accepted for stays, which was not claimed when it was granted.
func TestACutTakesNothingBackThatWasClaimed(t *testing.T) {
	objects := NewAsOf(withLedgers(t, ofAcme(t), samplesAt, "14000.00"), samplesAt).At(samplesAt)
	claim, ok := Find(objects, "MDFClaim", "partner-acme", "acme-cloud-webinar-1").(*v1alpha1.MDFClaim)
	if !ok || claim.Status.Stage != v1alpha1.ClaimAccepted {
		t.Errorf("the accepted claim is %v", claim.Status.Stage)
	}
	request, ok := Find(objects, "MDFAllocation", "partner-acme", "acme-migration-roadshow").(*v1alpha1.MDFAllocation)
	if !ok || request.Status.Stage != v1alpha1.AllocationReleased {
		t.Errorf("the request that nobody claimed on is %v", request.Status.Stage)
	}
}

func TestASnapshotHoldsThePartnerOfAnObject(t *testing.T) {
	objects := New(samples(t)).At(samplesAt)
	snap := Snapshot(objects, Find(objects, "MDFClaim", "partner-acme", "acme-network-ads-1"))
	if snap.Namespace != "partner-acme" || snap.Plan("acme-fy27-h1") == nil || snap.Program("northwind") == nil || snap.Budget("northwind-fy27") == nil ||
		snap.Ledger("northwind-fy27") == nil || snap.Allocation("acme-customer-day") == nil || snap.Claim("acme-network-ads-1") == nil ||
		len(snap.DecisionsOn("acme-fy27-h1")) != 2 || len(snap.RevisionsOf("acme-fy27-h1")) != 1 || len(snap.CampaignsOf("acme-fy27-h1")) == 0 ||
		len(snap.MeasurementsAbout("Partner", "acme")) == 0 {
		t.Error("something of the partner is missing")
	}
	if snap.Partner("finch") != nil || snap.Plan("finch-fy27-h1") != nil {
		t.Error("something of another partner is there")
	}
	if Find(objects, "JointPlan", "partner-acme", "finch-fy27-h1") != nil {
		t.Error("an object was found in another namespace")
	}
}
