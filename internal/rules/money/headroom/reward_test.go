package headroom_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/testobj"
)

// room is what is left for the request of a dossier on RewardNoon, as "minor units reason: message".
func room(d *moneytest.Dossier) string {
	f := facts.Of(d.Snapshot(), testobj.At(moneytest.RewardNoon))
	found := headroom.Of(f, "fy27-emea").For(request.Of(f, d.Request))
	return fmt.Sprintf("%d %s: %s", found.Amount, found.Reason, found.Message)
}

// TestWhatARewardComesTo holds steps at one below, at and one above each threshold, and what was granted already.
func TestWhatARewardComesTo(t *testing.T) {
	percent := func(r *v1alpha1.RewardRule) { r.Steps, r.Percent = nil, "2" }
	sold := func(value string) func(*moneytest.Dossier) {
		return func(d *moneytest.Dossier) { d.Earn("2026-09-30", value) }
	}
	for name, tc := range map[string]struct {
		rule   func(*v1alpha1.RewardRule)
		change func(*moneytest.Dossier)
		want   string
	}{
		"one cent below the first step": {nil, sold("99999.99"), "0 RewardNotEarned: partner acme has earned EUR 0.00 of reward growth-rebate in FY2027 Q1 " +
			"(EUR 99,999.99 new-revenue reach no step that pays, measured through 2026-09-30 by crm): nothing is left to request, so withdraw this one (spec.withdrawnOn)"},
		"at the first step": {nil, sold("100000"), "200000 RewardNotEarned: partner acme has earned EUR 2,000.00 of reward growth-rebate in FY2027 Q1 (by the step that " +
			"EUR 100,000.00 new-revenue reach, measured through 2026-09-30 by crm): request at most EUR 2,000.00"},
		"one cent above the first step":  {nil, sold("100000.01"), "200000 "},
		"one cent below the second step": {nil, sold("149999.99"), "200000 "},
		"at the second step":             {nil, sold("150000"), "450000 "},
		"one cent above the second step": {nil, sold("150000.01"), "450000 "},
		"returns take a step away":       {nil, func(d *moneytest.Dossier) { d.Earn("2026-08-31", "100000", "2026-09-30", "-0.01") }, "0 "},
		"what is sold on other days does not count": {nil, func(d *moneytest.Dossier) {
			d.Earn("2026-06-30", "1", "2026-07-01", "99999", "2026-09-30", "0.99", "2026-10-01", "5")
		}, "0 "},
		"a percentage, rounded down":         {percent, sold("120000.49"), "240000 "},
		"a percentage of 120,000.50":         {percent, sold("120000.50"), "240001 "},
		"a percentage of returns is nothing": {percent, sold("-5"), "0 "},
		"at most":                            {func(r *v1alpha1.RewardRule) { percent(r); r.Maximum = "2399.99" }, sold("120000"), "239999 "},
		"another request was granted a part": {nil, func(d *moneytest.Dossier) {
			d.Ledger.Spec.Reserved["partner-acme/other/1"] = 150001
			d.Ledger.Spec.Rewards = map[string]string{"partner-acme/other/1": "acme/growth-rebate/2026-07-01"}
		}, "49999 RewardNotEarned: partner acme has earned EUR 2,000.00 of reward growth-rebate in FY2027 Q1 (by the step that EUR 120,000.00 new-revenue reach, measured " +
			"through 2026-09-30 by crm), of which EUR 1,500.01 is granted to other requests: request at most EUR 499.99"},
		"a request that is gone was paid all of it": {nil, func(d *moneytest.Dossier) {
			d.Ledger.Spec.Reserved["partner-acme/gone/1"] = 0
			d.Ledger.Spec.Settled["partner-acme/gone/1/c1"] = 200000
			d.Ledger.Spec.Rewards = map[string]string{"partner-acme/gone/1": "acme/growth-rebate/2026-07-01"}
		}, "0 RewardNotEarned: partner acme has earned EUR 2,000.00 of reward growth-rebate in FY2027 Q1 (by the step that EUR 120,000.00 new-revenue reach, measured " +
			"through 2026-09-30 by crm), of which EUR 2,000.00 is granted to other requests: nothing is left to request, so withdraw this one (spec.withdrawnOn)"},
		"another interval, partner, reward or namespace was granted": {nil, func(d *moneytest.Dossier) {
			d.Ledger.Spec.Rewards = map[string]string{}
			for i, x := range []string{"acme/growth-rebate/2026-04-01", "globex/growth-rebate/2026-07-01", "acme/other/2026-07-01"} {
				key := fmt.Sprintf("partner-acme/r1%d/1", i)
				d.Ledger.Spec.Reserved[key], d.Ledger.Spec.Rewards[key] = 200000, x
			}
			d.Ledger.Spec.Reserved["partner-other/x/1"], d.Ledger.Spec.Rewards["partner-other/x/1"] = 200000, "acme/growth-rebate/2026-07-01"
		}, "200000 "},
		"the money of an activity of the same partner": {nil, func(d *moneytest.Dossier) { d.Ledger.Spec.Reserved["partner-acme/webinar/1"] = 200000 }, "200000 "},
		"a limit per partner counts too": {nil, func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Rewards().Limit("cap", v1alpha1.LimitPerPartner, "1500.00").Obj()
		}, "150000 LimitReached: "},
		"a limit per activity does not": {nil, func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Rewards().Limit("cap", v1alpha1.LimitPerActivity, "1500.00").Obj()
		}, "200000 "},
		"a limit for webinars does not": {nil, func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Rewards().Limit("cap", v1alpha1.LimitPerPartner, "1500.00").Obj()
			d.Budget.Spec.Limits[0].Activities = []v1alpha1.ActivityType{"Webinar"}
		}, "200000 "},
		"results are not complete": {nil, func(d *moneytest.Dossier) { d.Earn("2026-09-29", "120000") }, "0 RewardNotEarned: "},
		"the metric cannot be used": {
			func(r *v1alpha1.RewardRule) { percent(r); r.Metric = "qualified-leads" }, func(*moneytest.Dossier) {},
			"0 RewardNotEarned: what reward growth-rebate of budget fy27-emea comes to cannot be computed, so nothing is granted until finance corrects it: " +
				"spec.rewards[growth-rebate].metric: metric qualified-leads has unit Count: name one with unit Currency",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewRewardDossier()
			if tc.rule != nil {
				d = moneytest.NewRewardDossier(tc.rule)
			}
			tc.change(d)
			if got := room(d); got != tc.want && !(strings.HasSuffix(tc.want, " ") && strings.HasPrefix(got, tc.want)) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestWhatIsOutsideTheIntervalChangesNoReward: whatever is sold before and after, the reward stays the same.
func TestWhatIsOutsideTheIntervalChangesNoReward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		within := []string{"2026-09-30", fmt.Sprint(rapid.IntRange(0, 200000).Draw(t, "sold"))}
		d := moneytest.NewRewardDossier()
		d.Earn(within...)
		before := room(d)
		for range rapid.IntRange(1, 4).Draw(t, "others") {
			day := rapid.SampledFrom([]string{"2026-03-31", "2026-06-29", "2026-06-30", "2026-10-01", "2026-10-12", "2027-01-01"}).Draw(t, "day")
			within = append(within, day, fmt.Sprint(rapid.IntRange(-50000, 200000).Draw(t, "value")))
		}
		d.Earn(within...)
		if after := room(d); after != before {
			t.Fatalf("before %s\nafter  %s", before, after)
		}
	})
}
