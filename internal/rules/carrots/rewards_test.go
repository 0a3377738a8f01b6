package carrots_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/internal/rules/money/moneytest"
)

// TestTheRewardsThatAPlanOpens: by the plan's own step first, then by results, until they are paid.
func TestTheRewardsThatAPlanOpens(t *testing.T) {
	const during, after = "2026-08-10T12:00:00+02:00", "2026-10-12T12:00:00+02:00"
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		at     string
		want   string // the line of the first quarter; empty for none
	}{
		"a draft opens it once it is the plan of record": {
			func(d *moneytest.Dossier) { d.More = nil }, during,
			"Locked reward growth-rebate of FY2027 Q1 from budget fy27-emea | 2000.00 | EUR | Submit and approve acme-h1",
		},
		"one below a step": {
			func(d *moneytest.Dossier) { d.Earn("2026-08-09", "99999") }, during,
			"Locked reward growth-rebate of FY2027 Q1 from budget fy27-emea | 2000.00 | EUR | Reach 1 more of new-revenue | 2026-09-30",
		},
		"at a step, the next one": {
			func(d *moneytest.Dossier) { d.Earn("2026-08-09", "100000") }, during,
			"Locked reward growth-rebate of FY2027 Q1 from budget fy27-emea | 4500.00 | EUR | Reach 50000 more of new-revenue | 2026-09-30",
		},
		"at the last step": {
			func(d *moneytest.Dossier) { d.Earn("2026-08-09", "150000") }, during,
			"Open reward growth-rebate of FY2027 Q1 from budget fy27-emea | 4500.00 | EUR | 2026-09-30",
		},
		"results are awaited": {
			func(d *moneytest.Dossier) { d.Earn() }, after,
			"Locked reward growth-rebate of FY2027 Q1 from budget fy27-emea | Report new-revenue through 2026-09-30 (the vendor)",
		},
		"earned": {func(*moneytest.Dossier) {}, after, "Open reward growth-rebate of FY2027 Q1 from budget fy27-emea | 2000.00 | EUR"},
		"missed": {func(d *moneytest.Dossier) { d.Earn("2026-09-30", "99999.99") }, after, ""},
		"paid": {func(d *moneytest.Dossier) {
			d.GrantReward(0)
			d.Ledger.Spec.Settled[moneytest.RequestKey+"/c1"] = 200000
		}, after, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewRewardDossier()
			tc.change(d)
			got := ""
			for line := range strings.Lines(opened(d, tc.at)) {
				if strings.Contains(line, "of FY2027 Q1") {
					got = strings.TrimSpace(line)
				}
			}
			if got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}
