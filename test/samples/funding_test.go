package samples_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/testobj"
)

// amount returns an amount; "-" when there is none.
func amount(m *v1alpha1.Money) string {
	if m == nil {
		return "-"
	}
	return string(m.Amount)
}

// requestVerdicts is what became of a request.
type requestVerdicts struct {
	Stage                       v1alpha1.AllocationStage
	Reason                      string
	Eligible, Approved, Granted string
	Window, Amount              string
	ActBy                       v1alpha1.Date
}

func TestRequestsOfTheSamples(t *testing.T) {
	want := map[string]requestVerdicts{
		"acme-cloud-webinar":      {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowOpen", "3000.00", "2026-12-16"},
		"acme-network-ads":        {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowOpen", "3250.00", "2026-12-30"},
		"acme-migration-roadshow": {"Granted", "GrantedInPart", "Granted", "Approved", "GrantedInPart", "WindowOpen", "8000.00", "2027-02-23"},
		"acme-customer-day": {
			"PendingApproval", "SecondApproverMissing", "Eligible", "SecondApproverMissing", "NotApproved", "NothingToClaim", "-", "2026-12-08",
		},
		"lyra-cloud-desk-ads":    {"Waiting", "BudgetExhausted", "Eligible", "Approved", "BudgetExhausted", "NothingToClaim", "-", "2027-02-16"},
		"lyra-reseller-days":     {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowOpen", "14750.00", "2026-12-24"},
		"lyra-reseller-webinars": {"Refused", "NoPlan", "NoPlan", "AwaitingDecision", "NotEligible", "NothingToClaim", "-", ""},
		"brightpath-term-start":  {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowOpen", "600.00", "2027-01-12"},
		"brightpath-term-start-posters": {
			"Refused", "RateAboveProgram", "RateAboveProgram", "DecisionOverdue", "NotEligible", "NothingToClaim", "-", "",
		},
		"corvid-audit-calls":        {"Refused", "StandingHold", "StandingHold", "Approved", "NotEligible", "NothingToClaim", "-", ""},
		"finch-service-webinar":     {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowOpen", "1246.20", "2027-02-22"},
		"finch-service-webinar-2":   {"Refused", "LeadTimeMissed", "LeadTimeMissed", "AwaitingDecision", "NotEligible", "NothingToClaim", "-", ""},
		"helix-demo-day-antwerp":    {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowClosing", "3500.00", "2026-12-07"},
		"helix-autumn-mails":        {"PendingApproval", "ChangePending", "Eligible", "ChangePending", "NotApproved", "NothingToClaim", "-", "2026-12-31"},
		"helix-demo-day-ghent":      {"Refused", "ActivityNotInPlan", "ActivityNotInPlan", "AwaitingDecision", "NotEligible", "NothingToClaim", "-", ""},
		"orbit-accountants-webinar": {"Granted", "Granted", "Granted", "Approved", "Granted", "WindowClosing", "1500.00", "2026-12-09"},
	}
	got := map[string]requestVerdicts{}
	for name, x := range evaluated[*v1alpha1.MDFAllocation](t) {
		got[name] = requestVerdicts{
			Stage: x.Status.Stage, Reason: x.Status.Reason, Eligible: reason(x, v1alpha1.ConditionEligible),
			Approved: reason(x, v1alpha1.ConditionApproved), Granted: reason(x, v1alpha1.ConditionGranted),
			Window: reason(x, v1alpha1.ConditionClaimWindowClosing), Amount: amount(x.Status.Granted), ActBy: x.Status.ActBy,
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// claimVerdicts is how a claim stands.
type claimVerdicts struct {
	Stage             v1alpha1.ClaimStage
	Reason            string
	Accepted, Settled string
	Payable           string
	ActBy             v1alpha1.Date
}

func TestClaimsOfTheSamples(t *testing.T) {
	want := map[string]claimVerdicts{
		"acme-cloud-webinar-1":        {"Accepted", "AwaitingPayment", "Accepted", "AwaitingPayment", "2100.00", ""},
		"acme-cloud-webinar-2":        {"PendingDecision", "AwaitingDecision", "AwaitingDecision", "NotAccepted", "725.00", ""},
		"acme-migration-roadshow-ads": {"Draft", "NotClaimed", "NotClaimed", "NotAccepted", "600.00", "2027-02-23"},
		"acme-network-ads-1":          {"Refused", "ProofMissing", "ProofMissing", "NotAccepted", "0.00", "2026-12-30"},
		"lyra-reseller-days-1":        {"Accepted", "AwaitingPayment", "Accepted", "AwaitingPayment", "5175.00", ""},
		"lyra-reseller-days-2":        {"Accepted", "AwaitingPayment", "Accepted", "AwaitingPayment", "9200.00", ""},
		"orbit-accountants-webinar-1": {"SentBack", "Returned", "Returned", "NotAccepted", "1450.00", "2026-12-10"},
	}
	got := map[string]claimVerdicts{}
	for name, x := range evaluated[*v1alpha1.MDFClaim](t) {
		got[name] = claimVerdicts{
			Stage: x.Status.Stage, Reason: x.Status.Reason, Accepted: reason(x, v1alpha1.ConditionAccepted),
			Settled: reason(x, v1alpha1.ConditionSettled), Payable: amount(x.Status.Payable), ActBy: x.Status.ActBy,
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// TestAnInvoiceOfTheSamplesIsShared says what is left of an invoice for the second claim on it, in another spelling.
func TestAnInvoiceOfTheSamplesIsShared(t *testing.T) {
	want := v1alpha1.Finding{
		Rule: "InvoiceShared", Severity: v1alpha1.SeverityWarning, Field: "spec.costs[No. ADN 90107].net",
		Message: `invoice "No. ADN 90107" comes to EUR 3,600.00 net, of which EUR 2,400.00 counts in MDFClaim "acme-network-ads-1": of the EUR 1,250.00 claimed here, ` +
			"EUR 1,200.00 counts; the rest is the partner's cost",
	}
	got := evaluated[*v1alpha1.MDFClaim](t)["acme-migration-roadshow-ads"].Status.Findings
	if !slices.Contains(got, want) {
		t.Errorf("findings %+v lack %+v", got, want)
	}
}

// budgetVerdicts is how a budget stands.
type budgetVerdicts struct {
	Reserved, Settled, Available string
	Intact, Within               string
}

func TestBudgetsOfTheSamples(t *testing.T) {
	want := map[string]budgetVerdicts{
		"northwind-distribution-fy27": {"14750.00", "0.00", "10250.00", "LedgerIntact", "WithinLimit"},
		"northwind-fy27":              {"15496.20", "0.00", "4503.80", "LedgerIntact", "WithinLimit"},
		"northwind-schools-fy27":      {"600.00", "0.00", "14400.00", "LedgerIntact", "WithinLimit"},
		"subtle-2026":                 {"5000.00", "0.00", "7000.00", "LedgerIntact", "WithinLimit"},
	}
	got := map[string]budgetVerdicts{}
	for name, x := range evaluated[*v1alpha1.MDFBudget](t) {
		got[name] = budgetVerdicts{
			Reserved: amount(x.Status.Reserved), Settled: amount(x.Status.Settled), Available: amount(x.Status.Available),
			Intact: reason(x, v1alpha1.ConditionLedgerIntact), Within: reason(x, v1alpha1.ConditionWithinLimit),
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
}

// TestWhatAPartnerReportsMovesItsCampaignAlone takes what Brightpath reports itself away: no tier, plan, money or standing changes. Only its campaign
// loses a figure, and the partner the finding that its own figure of revenue does not count.
func TestWhatAPartnerReportsMovesItsCampaignAlone(t *testing.T) {
	with := map[manifest.Key]preview.Object{}
	for _, x := range preview.New(readSamples(t)).At(now) {
		with[manifest.KeyOf(x)] = x
	}
	set := readSamples(t)
	set.Measurements = slices.DeleteFunc(set.Measurements, func(x *v1alpha1.MeasurementSet) bool {
		return x.Spec.Source == v1alpha1.SourcePartnerReported
	})
	changed := map[string]string{}
	for _, x := range preview.New(set).At(now) {
		before := with[manifest.KeyOf(x)]
		if cmp.Equal(kinds.Status(before), kinds.Status(x)) {
			continue
		}
		changed[manifest.KeyOf(x).String()] = "more than findings"
		if of, without := preview.Common(before), preview.Common(x); len(of.Findings) == len(without.Findings)+1 {
			of.Findings = without.Findings
			if cmp.Equal(kinds.Status(before), kinds.Status(x)) {
				changed[manifest.KeyOf(x).String()] = "a finding"
			}
		}
	}
	want := map[string]string{
		"Partner partner-brightpath/brightpath":             "a finding",
		"Campaign partner-brightpath/brightpath-term-start": "more than findings",
	}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("what the partner reports changes (-want +got):\n%s", diff)
	}
	funnel := with[manifest.Key{Kind: "Campaign", Namespace: "partner-brightpath", Name: "brightpath-term-start"}].(*v1alpha1.Campaign).Status.Funnel
	if funnel[0].Metric != "registrations" || funnel[0].Actual != "41" {
		t.Errorf("the campaign says %+v", funnel)
	}
}

// TestWhatTheTourDoes follows the tour of the project's README with money.
func TestWhatTheTourDoes(t *testing.T) {
	newYear := time.Date(2026, time.December, 30, 23, 0, 0, 0, time.UTC) // midnight in Berlin
	for name, tc := range map[string]struct {
		change func(*manifest.Set)
		at     time.Time
		want   map[string]string
	}{
		"a second person approves the customer day": {
			change: approveCustomerDay, at: now, want: map[string]string{"acme-customer-day": "Granted 4500.00"},
		},
		"finance records a payment": {
			change: recordPayment, at: now, want: map[string]string{"acme-cloud-webinar-1": "Settled 2100.00"},
		},
		"finance pays two claims by one payment run, and one payment comes back": {
			change: payLyra, at: now, want: map[string]string{"lyra-reseller-days-1": "Accepted 0.00", "lyra-reseller-days-2": "Settled 9200.00"},
		},
		"Corvid pays its invoice, and its request is granted": {
			change: payInvoice, at: now, want: map[string]string{"corvid-audit-calls": "Granted 2400.00"},
		},
		"the claim window of the ads closes, and who waited gets the money": {
			change: leaveAll, at: newYear, want: map[string]string{"acme-network-ads": "Released 0.00", "lyra-cloud-desk-ads": "Granted 6000.00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := readSamples(t)
			tc.change(set)
			got := map[string]string{}
			for _, object := range preview.New(set).At(tc.at) {
				switch x := object.(type) {
				case *v1alpha1.MDFAllocation:
					got[x.Name] = string(x.Status.Stage) + " " + amount(x.Status.Granted)
				case *v1alpha1.MDFClaim:
					got[x.Name] = string(x.Status.Stage) + " " + amount(x.Status.Paid)
				}
			}
			for name, want := range tc.want {
				if got[name] != want {
					t.Errorf("%s is %s, want %s", name, got[name], want)
				}
			}
		})
	}
}

func approveCustomerDay(set *manifest.Set) {
	for _, x := range set.Decisions {
		if x.Name == "acme-customer-day-mdf-vera" {
			second := x.DeepCopy()
			second.Name, second.Spec.ApprovedBy = "acme-customer-day-mdf-dirk", "dirk.hoffmann@northwind.example"
			second.Spec.DecidedTime.Time = now
			set.Decisions = append(set.Decisions, second)
		}
	}
}

func recordPayment(set *manifest.Set) {
	for _, x := range set.Claims {
		if x.Name == "acme-cloud-webinar-1" {
			x.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-2026-11-0071", "2026-11-03", "2100.00")}
		}
	}
}

// payLyra pays the claims of Lyra by two lines of a document that comes to both, of which the first comes back.
func payLyra(set *manifest.Set) {
	first, second := testobj.Payment("RUN-2026-11", "2026-11-03", "5175.00"), testobj.Payment("RUN-2026-11", "2026-11-03", "9200.00")
	first.Line, second.Line, first.DocumentTotal, second.DocumentTotal = 31, 32, "14375.00", "14375.00"
	back := testobj.Reversal("BANK-2026-11", "2026-11-03", "5175.00", "RUN-2026-11")
	back.Reverses.Line = first.Line
	for _, x := range set.Claims {
		switch x.Name {
		case "lyra-reseller-days-1":
			x.Spec.Payments = []v1alpha1.Payment{first, back}
		case "lyra-reseller-days-2":
			x.Spec.Payments = []v1alpha1.Payment{second}
		}
	}
}
