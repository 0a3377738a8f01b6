package incentive_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/incentive"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// shown writes how a reward stands, such as "Q1 Open 70000 earns 0.00, 30000 for 2000.00: why".
func shown(x *v1alpha1.IncentiveStatus) string {
	text := fmt.Sprintf("%s %s %s", strings.TrimPrefix(x.Interval, "FY2027 "), x.State, x.Measured)
	for _, one := range []struct {
		what  string
		value v1alpha1.Decimal
	}{{"earned", x.Earned}, {"granted", x.Granted}, {"paid", x.Paid}} {
		if one.value != "" {
			text += fmt.Sprintf(", %s %s", one.what, one.value)
		}
	}
	if x.ToNext != nil {
		text += fmt.Sprintf(", %s for %s", x.ToNext.Missing, x.ToNext.Earns)
	}
	return text + ": " + x.Why
}

// TestHowARewardStands follows growth-rebate of FY2027 Q1 through its life.
func TestHowARewardStands(t *testing.T) {
	const during, after = "2026-09-15T12:00:00+02:00", moneytest.RewardNoon
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		now    string
		want   string
	}{
		"in its interval": {func(*moneytest.Dossier) {}, during, "Q1 Open 70000, earned 0.00, 30000 for 2000.00: 30000 more of new-revenue by 2026-09-30 earns EUR 2,000.00"},
		"beyond the last step": {
			func(d *moneytest.Dossier) { d.Earn("2026-07-31", "150000") }, during, "Q1 Open 150000, earned 4500.00: it can be requested from 2026-10-01 on",
		},
		"without a plan of record": {func(d *moneytest.Dossier) { d.More = d.More[2:] }, during, `Q1 Locked 70000, earned 0.00, 30000 for 2000.00: JointPlan "acme-h1" has ` +
			"no plan of record: the partner submits it, and every party approves it first; no plan, no money"},
		"without any plan": {func(d *moneytest.Dossier) { d.Plan = nil }, during, "Q1 Locked 70000, earned 0.00, 30000 for 2000.00: no plan has a day of FY2027 Q1: no plan, " +
			"no reward"},
		"without the goal": {func(d *moneytest.Dossier) { d.Budget.Spec.Rewards[0].Metric = "purchases" }, during, "Q1 Locked : what it comes to cannot be computed until " +
			`finance corrects the budget: spec.rewards[growth-rebate].metric: program northwind has no metric "purchases"`},
		"of another tier": {func(d *moneytest.Dossier) { d.Budget.Spec.Rewards[0].Tiers = []v1alpha1.Name{"silver"} }, during, "Q1 Locked 70000, earned 0.00, 30000 for " +
			`2000.00: partner "acme" holds tier gold, and reward growth-rebate is for silver: reach that tier first`},
		"not reported through": {
			func(d *moneytest.Dossier) { d.Earn("2026-09-29", "120000") }, after,
			"Q1 AwaitingResults 120000, earned 2000.00: the vendor has not reported new-revenue through 2026-09-30, and what is missing is not zero",
		},
		"nothing reported": {
			func(d *moneytest.Dossier) { d.Earn() }, after, "Q1 AwaitingResults : the vendor has not reported new-revenue through 2026-09-30, and what is missing is not zero",
		},
		"nothing earned": {
			func(d *moneytest.Dossier) { d.Earn("2026-09-30", "99999.99") }, after,
			"Q1 NotEarned 99999.99, earned 0.00: nothing is earned in FY2027 Q1: EUR 99,999.99 new-revenue reach no step that pays, measured through 2026-09-30 by crm",
		},
		"requested": {func(*moneytest.Dossier) {}, after, `Q1 Requested 120000, earned 2000.00: EUR 2,000.00 is earned: MDFAllocation "r1" waits, and says for what`},
		"not requested": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" }, after,
			"Q1 Earned 120000, earned 2000.00: EUR 2,000.00 is earned and not requested: request it by 2026-12-31 (kubectl jointplan reward)",
		},
		"granted": {
			func(d *moneytest.Dossier) { d.GrantReward(200000) }, after,
			"Q1 Granted 120000, earned 2000.00, granted 2000.00: EUR 2,000.00 is granted and not paid: claim it by 2027-03-31 (kubectl jointplan claim)",
		},
		"claimed": {func(d *moneytest.Dossier) {
			d.GrantReward(200000)
			d.Claims = append(d.Claims, testobj.Claim("c1", "r1").Claimed("2026-10-13").Obj())
		}, after, "Q1 Granted 120000, earned 2000.00, granted 2000.00: EUR 2,000.00 is claimed and not paid yet"},
		"paid": {func(d *moneytest.Dossier) {
			d.GrantReward(0)
			d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"] = 200000
		}, after, "Q1 Paid 120000, earned 2000.00, granted 2000.00, paid 2000.00: all that is earned is paid"},
		"granted in part": {func(d *moneytest.Dossier) { d.GrantReward(150000) }, after, "Q1 Earned 120000, earned 2000.00, granted 1500.00: EUR 500.00 is earned and not " +
			"requested: request it by 2026-12-31 (kubectl jointplan reward)"},
		"corrected after it was granted": {func(d *moneytest.Dossier) {
			d.GrantReward(200000)
			d.Earn("2026-09-30", "99999")
		}, after, "Q1 Granted 99999, earned 0.00, granted 2000.00: EUR 2,000.00 of what was granted is no longer earned, because results were corrected: what was granted stays"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewRewardDossier()
			tc.change(d)
			all, _ := incentive.OfPartner(d.Snapshot(), d.Partner, testobj.At(tc.now))
			for i := range all {
				if all[i].Interval == "FY2027 Q1" {
					if got := shown(&all[i]); !strings.HasPrefix(got, tc.want) {
						t.Errorf("got  %s\nwant %s", got, tc.want)
					}
					return
				}
			}
			t.Errorf("no row for FY2027 Q1: %v", all)
		})
	}
}

// TestWhichIntervalsAreListed: the running one and the last one, as far as a budget pays for them, those that end first first, and no more than eight.
func TestWhichIntervalsAreListed(t *testing.T) {
	d := moneytest.NewRewardDossier()
	d.Budget = testobj.Budget("fy27-emea").Rewards().Rewards(func(r *v1alpha1.RewardRule) { r.Name, r.Every = "month", v1alpha1.CadenceMonth }).
		Rewards(func(r *v1alpha1.RewardRule) { r.Name, r.Every = "year", v1alpha1.CadenceYear }).Obj()
	listed := func(now string) (rows []string) {
		all, _ := incentive.OfPartner(d.Snapshot(), d.Partner, testobj.At(now))
		for _, x := range all {
			rows = append(rows, fmt.Sprintf("%s %s", x.Reward, x.Through))
		}
		return rows
	}
	want := []string{"growth-rebate 2026-06-30", "month 2026-06-30", "year 2026-06-30", "month 2026-07-31", "growth-rebate 2026-09-30"}
	if diff := cmp.Diff(want, listed("2026-07-15T12:00:00+02:00")); diff != "" {
		t.Errorf("in July (-want +got):\n%s", diff)
	}
	want = []string{"year 2026-06-30", "growth-rebate 2026-09-30", "month 2026-11-30"} // what ends on 2026-12-31 is paid by the next budget
	if diff := cmp.Diff(want, listed("2026-12-15T12:00:00+01:00")); diff != "" {
		t.Errorf("in December (-want +got):\n%s", diff)
	}
	for i := range 8 {
		d.Budget = testobj.Budget("fy27-emea").With(func(s *v1alpha1.MDFBudgetSpec) { s.Rewards = d.Budget.Spec.Rewards }).Rewards(func(r *v1alpha1.RewardRule) {
			r.Name = v1alpha1.Name(fmt.Sprintf("more-%d", i))
		}).Obj()
	}
	if rows := listed("2026-10-15T12:00:00+02:00"); len(rows) != 8 {
		t.Errorf("%d rows: %v", len(rows), rows)
	}
}

// TestRewardsOfAPlan: those of the intervals that end in its period.
func TestRewardsOfAPlan(t *testing.T) {
	d := moneytest.NewRewardDossier()
	all, _ := incentive.OfPlan(d.Snapshot(), d.Plan, testobj.At("2026-07-15T12:00:00+02:00"))
	if len(all) != 1 || all[0].Interval != "FY2027 Q1" || all[0].State != v1alpha1.IncentiveOpen {
		t.Errorf("got %v", all)
	}
}

// TestIncentivesStayUntilTheySay: nothing changes before the instant that is said.
func TestIncentivesStayUntilTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := moneytest.NewRewardDossier()
		some := func(label string) time.Time {
			return testobj.At("2026-06-25T00:00:00+02:00").AddDate(0, 0, rapid.IntRange(0, 250).Draw(t, label))
		}
		var entries []string
		for range rapid.IntRange(0, 3).Draw(t, "results") {
			entries = append(entries, some("measured").Format(time.DateOnly), rapid.SampledFrom([]string{"60000", "100000", "-5"}).Draw(t, "value"))
		}
		d.Earn(entries...)
		d.Request.Spec.RequestedOn = v1alpha1.Date(some("requested").Format(time.DateOnly))
		switch rapid.IntRange(0, 3).Draw(t, "ledger") {
		case 0:
			d.GrantReward(rapid.Int64Range(0, 200000).Draw(t, "granted"))
			d.Claims = append(d.Claims, testobj.Claim("c1", "r1").Claimed(v1alpha1.Date(some("claimed").Format(time.DateOnly))).Obj())
		case 1:
			d.More = d.More[2:] // no plan of record
		}
		if rapid.Bool().Draw(t, "agreement") {
			d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2026-01-01", EndsOn: v1alpha1.Date(some("ends").Format(time.DateOnly))}
		}
		if rapid.Bool().Draw(t, "requestBy") {
			d.Budget.Spec.RequestBy = v1alpha1.Date(some("requestBy").Format(time.DateOnly))
		}
		now := some("now").Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "second")) * time.Second)
		all, next := incentive.OfPartner(d.Snapshot(), d.Partner, now)
		end := next
		if end.IsZero() {
			end = now.AddDate(3, 0, 0)
		}
		for range 4 {
			at := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "later")))
			later, _ := incentive.OfPartner(d.Snapshot(), d.Partner, at)
			if diff := cmp.Diff(all, later); diff != "" {
				t.Fatalf("changed by %s, before %s:\n%s", at, end, diff)
			}
		}
	})
}
