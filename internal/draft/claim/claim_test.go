package claim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/claim"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

const paula = "paula.reimann@acme.example"

// now is after the roadshow; in the program's zone it is December already.
var now = time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC)

func samples(t *testing.T) []manifest.Object {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	return preview.New(set).At(now)
}

func request(t *testing.T, objects []manifest.Object, name string) *v1alpha1.MDFAllocation {
	t.Helper()
	found, ok := preview.Find(objects, "MDFAllocation", "partner-acme", name).(*v1alpha1.MDFAllocation)
	if !ok {
		t.Fatalf("no request %s", name)
	}
	return found
}

var hall = []v1alpha1.ClaimedCost{{Invoice: "RS-118", Net: "6400.00", IncurredOn: "2026-10-20"}}

func TestDraft(t *testing.T) {
	objects := samples(t)
	invoice := v1alpha1.Proof{Type: "Invoice", Reference: "RS-118.pdf"}
	all := []v1alpha1.Proof{invoice, {Type: "AttendeeList", Reference: "list"}, {Type: "Agenda", Reference: "agenda"}}
	for name, tc := range map[string]struct {
		wish      claim.Wish
		want      v1alpha1.MDFClaimSpec
		checklist []string
		verdict   []string // what the lines begin with
	}{
		"today, with a proof": {
			claim.Wish{Proofs: []v1alpha1.Proof{invoice}},
			v1alpha1.MDFClaimSpec{ClaimedOn: "2026-12-01", Proofs: []v1alpha1.Proof{invoice}},
			[]string{"[x] Invoice, RS-118.pdf", "[ ] AttendeeList", "[ ] Agenda"},
			[]string{"Payable: EUR 0.00 of EUR 6,400.00", "Accepted False (ProofMissing): "},
		},
		"the final one, of a day": {
			claim.Wish{Proofs: all, On: "2026-11-28", Final: true, Results: []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: "31"}}},
			v1alpha1.MDFClaimSpec{
				ClaimedOn: "2026-11-28", Proofs: all, Scope: "Final", Results: []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: "31"}},
			},
			[]string{"[x] Invoice, RS-118.pdf", "[x] AttendeeList, list", "[x] Agenda, agenda"},
			[]string{"Payable: EUR 3,200.00 of EUR 6,400.00", "Accepted False (AwaitingDecision): "},
		},
		"a draft": {
			claim.Wish{Draft: true},
			v1alpha1.MDFClaimSpec{},
			[]string{"[ ] Invoice", "[ ] AttendeeList", "[ ] Agenda"},
			[]string{"Payable: EUR 3,200.00 of EUR 6,400.00", "Accepted False (NotClaimed): "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := tc.wish
			w.Request, w.By, w.Costs, w.At = request(t, objects, "acme-migration-roadshow"), paula, hall, now
			got, err := claim.New(objects, w)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.AllocationRef.Name, tc.want.RequestedBy, tc.want.Currency, tc.want.Costs = "acme-migration-roadshow", paula, "EUR", hall
			if diff := cmp.Diff(tc.want, got.Claim.Spec); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			if got.Claim.Name != "acme-migration-roadshow-1" || got.Claim.Namespace != "partner-acme" {
				t.Errorf("it is %s/%s", got.Claim.Namespace, got.Claim.Name)
			}
			if diff := cmp.Diff(tc.checklist, got.Checklist); diff != "" {
				t.Errorf("checklist (-want +got):\n%s", diff)
			}
			if !slices.EqualFunc(got.Verdict, tc.verdict, strings.HasPrefix) {
				t.Errorf("verdict %q, want %q", got.Verdict, tc.verdict)
			}
			const account = "EUR 8,000.00 is granted to MDFAllocation partner-acme/acme-migration-roadshow, of which EUR 8,000.00 is not claimed yet; " +
				"claims can be received through 2027-02-23; 50% of the net cost is paid"
			if got.Account != account {
				t.Errorf("account %q", got.Account)
			}
		})
	}
}

func TestTheNextClaimHasTheNextNumber(t *testing.T) {
	objects := samples(t)
	got, err := claim.New(objects, claim.Wish{Request: request(t, objects, "acme-cloud-webinar"), By: paula, Costs: hall, At: now})
	if err != nil || got.Claim.Name != "acme-cloud-webinar-3" {
		t.Errorf("got %v, %v", got, err)
	}
	if !strings.Contains(got.Account, "EUR 3,000.00 is granted to MDFAllocation partner-acme/acme-cloud-webinar, of which EUR 175.00 is not claimed yet") {
		t.Errorf("account %q", got.Account)
	}
	got, err = claim.New(objects, claim.Wish{Request: request(t, objects, "acme-cloud-webinar"), Name: "flowers", By: paula, Costs: hall, At: now})
	if err != nil || got.Claim.Name != "flowers" {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestWhatAPartnerMayNotReadIsNotGuessed drafts a claim without program, budget and ledger.
func TestWhatAPartnerMayNotReadIsNotGuessed(t *testing.T) {
	objects := slices.DeleteFunc(samples(t), func(x manifest.Object) bool { return x.GetNamespace() != "partner-acme" })
	got, err := claim.New(objects, claim.Wish{Request: request(t, objects, "acme-migration-roadshow"), By: paula, Costs: hall, At: now})
	if err != nil || got.Checklist != nil || got.Verdict != nil || got.Claim.Spec.ClaimedOn != "2026-11-30" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	objects := samples(t)
	for name, tc := range map[string]struct {
		request string
		wish    claim.Wish
		want    string
	}{
		"nobody": {"acme-migration-roadshow", claim.Wish{Costs: hall}, "say who claims: --by USER"},
		"more digits than the currency has": {
			"acme-migration-roadshow",
			claim.Wish{By: paula, Costs: []v1alpha1.ClaimedCost{{Invoice: "RS-1", Net: "6400.005"}}},
			`--cost RS-1: NET "6400.005" has too many digits after the point (3): EUR amounts have at most 2`,
		},
		"more than can be": {
			"acme-migration-roadshow",
			claim.Wish{By: paula, Costs: []v1alpha1.ClaimedCost{{Invoice: "RS-1", Net: "1", Gross: "999999999999999"}}},
			"--cost RS-1: GROSS amount out of range: ",
		},
		"not granted": {"acme-customer-day", claim.Wish{By: paula, Costs: hall}, "there is nothing to claim on MDFAllocation partner-acme/acme-customer-day: "},
	} {
		t.Run(name, func(t *testing.T) {
			tc.wish.Request, tc.wish.At = request(t, objects, tc.request), now
			if _, err := claim.New(objects, tc.wish); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
	fresh := request(t, objects, "acme-migration-roadshow").DeepCopy()
	fresh.Status = v1alpha1.MDFAllocationStatus{}
	_, err := claim.New(objects, claim.Wish{Request: fresh, By: paula, Costs: hall, At: now})
	if err == nil || !strings.HasSuffix(err.Error(), "it is not evaluated yet; wait a moment and try again") {
		t.Errorf("not evaluated: %v", err)
	}
}
