package preview

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// revisionOf stands in the scenarios for the revision of an object.
var revisionOf = regexp.MustCompile(`\$\{([A-Za-z]+ [a-z0-9-]+)\}`)

// scenario reads a scenario from testdata, with pairs of texts replaced.
func scenario(t *testing.T, name string, replaced ...string) *World {
	t.Helper()
	return New(scenarioSet(t, name, replaced...))
}

func scenarioSet(t *testing.T, name string, replaced ...string) *manifest.Set {
	t.Helper()
	var text strings.Builder
	for _, file := range []string{"base.yaml", name + ".yaml"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		text.Write(raw)
	}
	for i := 0; i < len(replaced); i += 2 {
		if !strings.Contains(text.String(), replaced[i]) {
			t.Fatalf("the scenario has no %q", replaced[i])
		}
	}
	manifests := strings.NewReplacer(replaced...).Replace(text.String())
	revisions := revisionsOf(read(t, revisionOf.ReplaceAllString(manifests, "v1:"+strings.Repeat("0", 32))))
	return read(t, revisionOf.ReplaceAllStringFunc(manifests, func(hole string) string {
		return revisions[revisionOf.FindStringSubmatch(hole)[1]]
	}))
}

// revisionsOf returns the revisions of all that is decided on, by kind and name.
func revisionsOf(set *manifest.Set) map[string]string {
	all := map[string]string{}
	for _, x := range set.Plans {
		all["JointPlan "+x.Name] = plan.Revision(&x.Spec.PlanTerms)
	}
	for _, x := range set.Allocations {
		all["MDFAllocation "+x.Name] = facts.RequestRevision(&x.Spec)
	}
	for _, x := range set.Claims {
		all["MDFClaim "+x.Name] = facts.ClaimRevision(&x.Spec)
	}
	return all
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// amountOf returns an amount; "-" when there is none.
func amountOf(m *v1alpha1.Money) string {
	if m == nil {
		return "-"
	}
	return string(m.Amount)
}

// account says in one line how a budget, a request or a claim stands at an instant, by its name.
func account(t *testing.T, w *World, at string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, object := range w.At(instant(t, at)) {
		switch x := object.(type) {
		case *v1alpha1.MDFBudget:
			all[x.Name] = "reserved " + amountOf(x.Status.Reserved) + " settled " + amountOf(x.Status.Settled) +
				" available " + amountOf(x.Status.Available) + " lapsed " + amountOf(x.Status.Lapsed)
		case *v1alpha1.MDFAllocation:
			all[x.Name] = string(x.Status.Stage) + " " + x.Status.Reason + " granted " + amountOf(x.Status.Granted) + " paid " + amountOf(x.Status.Paid)
		case *v1alpha1.MDFClaim:
			all[x.Name] = string(x.Status.Stage) + " " + x.Status.Reason + " payable " + amountOf(x.Status.Payable) + " paid " + amountOf(x.Status.Paid)
		}
	}
	return all
}

// wants compares how some objects stand with how they are to stand.
func wants(t *testing.T, w *World, at string, want map[string]string) {
	t.Helper()
	all, got := account(t, w, at), map[string]string{}
	for name := range want {
		got[name] = all[name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("at %s (-want +got):\n%s", at, diff)
	}
}

func TestScenarioGrants(t *testing.T) {
	for name, tc := range map[string]struct {
		replaced []string
		want     map[string]string
	}{
		"a part is accepted": {want: map[string]string{
			"fy26": "reserved 20000.00 settled 0.00 available 0.00 lapsed -",
			"r0":   "Granted Granted granted 2000.00 paid 0.00",
			"r1":   "Granted Granted granted 9900.00 paid 0.00",
			"r2":   "Granted GrantedInPart granted 8100.00 paid 0.00",
			"r3":   "Waiting BudgetExhausted granted - paid -",
		}},
		"no part is accepted": {
			replaced: []string{"  acceptAtLeast: \"5000.00\"\n", ""},
			want: map[string]string{
				"fy26": "reserved 14900.00 settled 0.00 available 5100.00 lapsed -",
				"r0":   "Granted Granted granted 2000.00 paid 0.00",
				"r1":   "Granted Granted granted 9900.00 paid 0.00",
				"r2":   "Waiting BudgetExhausted granted - paid -",
				"r3":   "Granted Granted granted 3000.00 paid 0.00",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := scenario(t, "grants", tc.replaced...)
			wants(t, w, "2026-08-12T09:00:00Z", tc.want)
			wants(t, w, "2026-10-01T09:00:00Z", tc.want) // another exchange rate is in force since September
		})
	}
}

// TestTheRefusalSaysNotWhatIsLeft: what others got is not the partner's to know.
func TestTheRefusalSaysNotWhatIsLeft(t *testing.T) {
	for _, object := range scenario(t, "grants").At(instant(t, "2026-08-12T09:00:00Z")) {
		if object.GetName() == "r3" {
			granted := meta.FindStatusCondition(Common(object).Conditions, v1alpha1.ConditionGranted)
			const want = "EUR 3,000.00 is requested, and budget fy26 does not have that much left: "
			if granted == nil || !strings.HasPrefix(granted.Message, want) || strings.Contains(granted.Message, "EUR 0.00") {
				t.Errorf("Granted of r3 = %v, want a message that begins with %q and says no more of the budget", granted, want)
			}
		}
	}
}

func TestScenarioClaims(t *testing.T) {
	w := scenario(t, "claims")
	for _, step := range []struct {
		at   string
		want map[string]string
	}{
		{"2026-10-06T09:00:00Z", map[string]string{
			"fy26": "reserved 5000.00 settled 0.00 available 15000.00 lapsed -",
			"expo": "Granted Granted granted 5000.00 paid 0.00",
		}},
		{"2026-10-07T09:00:00Z", map[string]string{"late": "Refused LeadTimeMissed granted - paid -"}},
		{"2026-11-09T09:00:00Z", map[string]string{"first": "Accepted AwaitingPayment payable 3000.00 paid -"}},
		{"2026-12-01T09:00:00Z", map[string]string{
			"fy26":  "reserved 2000.00 settled 3000.00 available 15000.00 lapsed -",
			"first": "Settled Settled payable 3000.00 paid 3000.00",
		}},
		{"2027-01-17T22:59:59Z", map[string]string{
			"fy26":   "reserved 2000.00 settled 3000.00 available 0.00 lapsed 15000.00",
			"second": "PendingDecision AwaitingDecision payable 2000.00 paid -",
		}},
		{"2027-02-01T09:00:00Z", map[string]string{"second": "SentBack Rejected payable 2000.00 paid -"}},
		{"2027-03-18T22:59:59Z", map[string]string{
			"fy26":   "reserved 2000.00 settled 3000.00 available 0.00 lapsed 15000.00",
			"second": "SentBack Rejected payable 2000.00 paid -",
		}},
		{"2027-03-18T23:00:00Z", map[string]string{
			"fy26": "reserved 0.00 settled 3000.00 available 0.00 lapsed 17000.00",
			"expo": "Released ClaimWindowClosed granted 3000.00 paid 3000.00",
		}},
	} {
		wants(t, w, step.at, step.want)
	}
}

func TestAClaimOnTheDayAfterItsWindowIsLate(t *testing.T) {
	w := scenario(t, "claims", `claimedOn: "2027-01-17"`, `claimedOn: "2027-01-18"`)
	wants(t, w, "2027-01-18T09:00:00Z", map[string]string{
		"fy26":   "reserved 0.00 settled 3000.00 available 0.00 lapsed 17000.00",
		"second": "Refused ClaimTooLate payable 0.00 paid -",
	})
}

func TestScenarioCumulativeRounding(t *testing.T) {
	w := scenario(t, "rounding")
	wants(t, w, "2026-11-13T09:00:00Z", map[string]string{
		"part-1": "Accepted AwaitingPayment payable 16.66 paid -",
		"part-2": "Accepted AwaitingPayment payable 16.67 paid -",
		"part-3": "Accepted AwaitingPayment payable 16.66 paid -",
	})
	wants(t, w, "2026-12-03T09:00:00Z", map[string]string{
		"fy26":   "reserved 50.01 settled 49.99 available 19900.00 lapsed -",
		"part-1": "Settled Settled payable 16.66 paid 16.66",
		"part-2": "Settled Settled payable 16.67 paid 16.67",
		"part-3": "Settled Settled payable 16.66 paid 16.66",
	})
}

// TestTheLedgerDoesNotDependOnWhatWasAskedBefore asks for instants out of order: what a later one found must not change what an earlier one says.
func TestTheLedgerDoesNotDependOnWhatWasAskedBefore(t *testing.T) {
	instants := []string{"2026-10-01T00:00:00Z", "2026-10-06T09:00:00Z", "2026-12-01T09:00:00Z", "2027-03-18T22:59:59Z", "2027-03-18T23:00:00Z"}
	w := scenario(t, "claims")
	for _, text := range slices.Backward(instants) {
		at := instant(t, text)
		if diff := cmp.Diff(asJSON(t, scenario(t, "claims").At(at)), asJSON(t, w.At(at))); diff != "" {
			t.Errorf("at %s (-asked first +asked after later instants):\n%s", text, diff)
		}
	}
}

// TestALedgerThatIsGivenGoesOn gives what a preview printed to another one, which goes on from that ledger.
func TestALedgerThatIsGivenGoesOn(t *testing.T) {
	w := scenario(t, "claims")
	then := read(t, `{"apiVersion": "v1", "kind": "List", "items": `+asJSON(t, w.At(instant(t, "2026-12-15T00:00:00Z")))+`}`)
	if len(then.Ledgers) != 1 || len(then.Ledgers[0].Spec.Settled) != 1 {
		t.Fatalf("ledgers %v, want one with a settlement", then.Ledgers)
	}
	for _, at := range []string{"2026-12-15T00:00:00Z", "2027-03-18T22:59:59Z", "2027-03-18T23:00:00Z"} {
		if diff := cmp.Diff(account(t, w, at), account(t, New(then), at)); diff != "" {
			t.Errorf("at %s (-from the beginning +from the ledger):\n%s", at, diff)
		}
	}
}

// TestTheSamplesAreTheSameAppliedAtOnce asserts what a cluster needs that gets all samples at their instant: it comes to the ledgers and
// statuses of a manager that ran all along. No sample grant may rest on the order of things in between.
func TestTheSamplesAreTheSameAppliedAtOnce(t *testing.T) {
	atOnce := New(samples(t))
	for _, x := range atOnce.history.pools {
		x.from, x.next = samplesAt, samplesAt
	}
	if diff := cmp.Diff(asJSON(t, New(samples(t)).At(samplesAt)), asJSON(t, atOnce.At(samplesAt))); diff != "" {
		t.Errorf("(-from the first decision on +at once):\n%s", diff)
	}
}

// TestWhatFollowsAPaymentFollowsAtOnce pays the final claim: what is left is released at the same instant.
func TestWhatFollowsAPaymentFollowsAtOnce(t *testing.T) {
	w := scenario(t, "claims", `claimedOn: "2026-11-02"`, `claimedOn: "2026-11-02"
  scope: Final
  results: [{metric: leads, value: "20"}]`)
	wants(t, w, "2026-11-30T22:59:59Z", map[string]string{"fy26": "reserved 5000.00 settled 0.00 available 15000.00 lapsed -"})
	wants(t, w, "2026-11-30T23:00:00Z", map[string]string{
		"fy26": "reserved 0.00 settled 3000.00 available 17000.00 lapsed -",
		"expo": "Settled FinalClaimPaid granted 3000.00 paid 3000.00",
	})
}

// TestWhoWaitsHearsOfMoneyThatIsReleased withdraws one request: another, which waits, says what is left now.
func TestWhoWaitsHearsOfMoneyThatIsReleased(t *testing.T) {
	w := scenario(t, "grants", `amount: {amount: "2000.00", currency: EUR}`, `amount: {amount: "2000.00", currency: EUR}
  withdrawnOn: "2026-09-15"`)
	wants(t, w, "2026-09-14T22:00:00Z", map[string]string{
		"fy26": "reserved 18000.00 settled 0.00 available 2000.00 lapsed -",
		"r0":   "Withdrawn Withdrawn granted 0.00 paid 0.00",
		"r3":   "Waiting BudgetExhausted granted - paid -",
	})
	missesNothing(t, w, instant(t, "2026-01-01T00:00:00Z"), instant(t, "2027-06-01T00:00:00Z"), 50)
}

func TestABudgetIsForTheNamespacesThatItAllows(t *testing.T) {
	const amount = `  amount: {amount: "20000.00", currency: EUR}`
	w := scenario(t, "grants", amount, amount+`
  allowedNamespaces: {from: Selector, selector: {matchLabels: {channel: "yes"}}}`)
	wants(t, w, "2026-08-12T09:00:00Z", map[string]string{"fy26": "reserved 0.00 settled 0.00 available 20000.00 lapsed -"})
}

func aLedger(reserved map[string]int64) *v1alpha1.MDFLedger {
	x := &v1alpha1.MDFLedger{Spec: v1alpha1.MDFLedgerSpec{Currency: "EUR", LimitMinor: 2_000_000, Reserved: reserved}}
	x.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("MDFLedger"))
	x.Name = "fy26"
	return x
}

// TestALedgerThatIsGivenKnowsThePast gives a ledger without an entry for a request that was withdrawn before the latest grant: it was not
// granted then, so it is not granted here.
func TestALedgerThatIsGivenKnowsThePast(t *testing.T) {
	set := scenarioSet(t, "grants", `amount: {amount: "2000.00", currency: EUR}`, `amount: {amount: "2000.00", currency: EUR}
  withdrawnOn: "2026-05-01"`)
	given := aLedger(map[string]int64{"partner-acme/r1/1": 990_000})
	given.Spec.Ends = map[string]string{"partner-acme/r1/1": "2026-10-19"}
	set.Ledgers = append(set.Ledgers, given)
	epoch, _ := New(set).history.at(t.Context(), instant(t, "2026-08-10T10:00:00Z"))
	ledger := epoch.ledger("fy26")
	if diff := cmp.Diff(given.Spec, ledger.Spec); diff != "" {
		t.Errorf("(-given +later):\n%s", diff)
	}
}

func TestAnEmptyLedgerThatIsGivenIsFilled(t *testing.T) {
	set := scenarioSet(t, "grants")
	set.Ledgers = append(set.Ledgers, aLedger(nil))
	wants(t, New(set), "2026-08-12T09:00:00Z", map[string]string{"fy26": "reserved 20000.00 settled 0.00 available 0.00 lapsed -"})
}

// TestDecadesAheadCostNoMore counts the decisions on money, which a look at the far future has to follow: once all budgets are over and nobody
// may claim any more, there are none.
func TestDecadesAheadCostNoMore(t *testing.T) {
	h := New(samples(t)).history
	decisions, last := 0, time.Time{}
	for next := h.next(); !next.IsZero(); next = h.next() {
		h.advance(t.Context(), next)
		decisions, last = decisions+1, next
	}
	if decisions < 100 || decisions > 400 || last.After(instant(t, "2028-01-01T00:00:00Z")) {
		t.Errorf("money is decided on at %d instants, the last one at %s: the budgets of the samples are over in 2027", decisions, last)
	}
}
