package claim_test

import (
	"fmt"
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestAClaimOnAReward has no costs: it claims all that is granted and not claimed yet.
func TestAClaimOnAReward(t *testing.T) {
	lodge := func(d *moneytest.Dossier, name string, on v1alpha1.Date, approved string, part v1alpha1.Decimal) *testobj.ClaimBuilder {
		b := testobj.Claim(name, "r1").Claimed(on)
		d.Claims = append(d.Claims, b.Obj())
		if approved != "" {
			decision := testobj.MoneyDecision("on-"+name, "MDFClaim", name, facts.ClaimRevision(&b.Obj().Spec), v1alpha1.DecisionApproved, "vera", approved)
			if part != "" {
				testobj.InPart(decision, part, "EUR")
			}
			d.More = append(d.More, decision)
		}
		return b
	}
	const approved = "2026-10-16T09:00:00+02:00"
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		want   []string
	}{
		"it waits": {
			func(d *moneytest.Dossier) { lodge(d, "c1", "2026-10-15", "", "") },
			[]string{"c1 PendingDecision 2000.00: received on 2026-10-15; EUR 2,000.00 would be payable; waiting for the decision of the vendor on revision "},
		},
		"it is approved": {
			func(d *moneytest.Dossier) { lodge(d, "c1", "2026-10-15", approved, "") },
			[]string{"c1 Accepted 2000.00: EUR 2,000.00 of the reward is payable; approved by vera on 2026-10-16"},
		},
		"a second one has nothing left": {func(d *moneytest.Dossier) {
			lodge(d, "c1", "2026-10-15", approved, "")
			lodge(d, "c2", "2026-10-15", "", "")
		}, []string{"c1 Accepted 2000.00: ", `c2 Refused 0.00: nothing is left of what MDFAllocation "r1" was granted: other claims have it`}},
		"after a part, the rest": {func(d *moneytest.Dossier) {
			lodge(d, "c1", "2026-10-15", approved, "500.00")
			lodge(d, "c2", "2026-10-15", "2026-10-17T09:00:00+02:00", "")
		}, []string{"c1 Accepted 500.00: EUR 500.00 of the reward is payable; approved by vera on 2026-10-16", "c2 Accepted 1500.00: EUR 1,500.00 of the reward is payable"}},
		"a draft says what it would get": {
			func(d *moneytest.Dossier) { lodge(d, "c1", "", "", "") },
			[]string{"c1 Draft 2000.00: the claim is a draft: set spec.claimedOn to submit it; claims are received through 2027-03-31"},
		},
		"on the last day for claims": {func(d *moneytest.Dossier) {
			d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: "2026-10-15"}
			lodge(d, "c1", "2026-10-15", "", "")
		}, []string{"c1 PendingDecision 2000.00: "}},
		"on the day after it": {func(d *moneytest.Dossier) {
			d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: "2026-10-14"}
			lodge(d, "c1", "2026-10-15", "", "")
		}, []string{"c1 Refused 0.00: claimed on 2026-10-15; claims on the reward could be received through 2026-10-14: it has lapsed"}},
		"costs do not belong to it": {func(d *moneytest.Dossier) { lodge(d, "c1", "2026-10-15", "", "").Cost("INV-1", "100.00") }, []string{
			"c1 Refused 0.00: spec.costs: a reward has no costs, and all that is granted of it is paid: remove spec.costs",
		}},
		"nothing is granted": {func(d *moneytest.Dossier) {
			d.Ledger.Spec.Reserved, d.Ledger.Spec.Rewards = map[string]int64{}, nil
			lodge(d, "c1", "2026-10-15", "", "")
		}, []string{`c1 Refused 0.00: nothing is granted to MDFAllocation "r1" (requestID 1): see its status for what is missing, and claim once it is granted`}},
		"its payment is settled": {func(d *moneytest.Dossier) {
			lodge(d, "c1", "2026-10-15", approved, "").Paid("RUN-1", "2026-10-17", "2000.00")
			d.Ledger.Spec.Reserved[moneytest.RequestKey], d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"] = 0, 200000
			d.Ledger.Spec.Payments["RUN-1#1"] = "partner-acme/c1"
		}, []string{"c1 Settled 2000.00: EUR 2,000.00 of the reward was payable; approved by vera on 2026-10-16"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewRewardDossier()
			d.GrantReward(200000)
			tc.change(d)
			snap := d.Snapshot()
			for i, c := range d.Claims {
				status, _ := claim.Evaluate(snap, c, testobj.At("2026-10-18T12:00:00+02:00"))
				_, message, _ := strings.Cut(moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionAccepted), ": ")
				got := fmt.Sprintf("%s %s %s: %s", c.Name, status.Stage, status.Payable.Amount, message)
				if !strings.HasPrefix(got, tc.want[i]) {
					t.Errorf("got  %s\nwant %s", got, tc.want[i])
				}
				if status.Claimed != nil || status.OwnCost != nil && status.OwnCost.Amount != "0.00" {
					t.Errorf("%s claims costs of %v, of which %v is the partner's", c.Name, status.Claimed, status.OwnCost)
				}
			}
		})
	}
}

// TestAClaimOnAnActivityNeedsCosts holds what the schema cannot say: it does not know what a claim is on.
func TestAClaimOnAnActivityNeedsCosts(t *testing.T) {
	d := moneytest.NewDossier()
	d.ApprovePlan()
	d.GrantInFull()
	d.Claims = append(d.Claims, testobj.Claim("c1", "r1").Obj())
	status, _ := claim.Evaluate(d.Snapshot(), d.Claims[0], testobj.At("2026-11-03T12:00:00+01:00"))
	const want = "False/InvalidSpec: spec.costs: a claim on an activity lists what it cost: add an invoice to spec.costs"
	if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionAccepted); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
