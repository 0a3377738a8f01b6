package samples_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// TestTheRewardsOfPelican holds the worked number of the sample of rewards.
func TestTheRewardsOfPelican(t *testing.T) {
	set, err := reader.Read(context.Background(), manifest.Options{}, "../../config/samples-rules/rewards")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, object := range preview.New(set).At(time.Date(2026, time.November, 30, 9, 0, 0, 0, time.UTC)) {
		switch x := object.(type) {
		case *v1alpha1.Partner:
			for _, one := range x.Status.Incentives {
				line := fmt.Sprintf("%s %s %s of %s", one.Reward, one.Interval, one.State, one.Measured)
				if one.ToNext != nil {
					line += fmt.Sprintf(", %s for %s", one.ToNext.Missing, one.ToNext.Earns)
				}
				got = append(got, line)
			}
		case *v1alpha1.JointPlan:
			for _, one := range x.Status.Unlocks {
				got = append(got, strings.TrimSuffix(fmt.Sprintf("%s: %s, %s, %s", one.What, one.Amount, one.State, one.By), ", "))
			}
		case *v1alpha1.MDFAllocation:
			got = append(got, fmt.Sprintf("%s %s %s", x.Name, x.Status.Stage, x.Status.Granted.Amount))
		case *v1alpha1.MDFClaim:
			got = append(got, fmt.Sprintf("%s %s %s, pay by %s", x.Name, x.Status.Stage, x.Status.Payable.Amount, x.Status.PaymentDue.PayBy))
		}
		for _, f := range preview.Common(object).Findings {
			if f.Severity != v1alpha1.SeverityInfo {
				t.Errorf("%s: %s: %s", object.GetName(), f.Field, f.Message)
			}
		}
	}
	want := []string{
		"first-leads FY2027 Q1 Earned of 19", "growth-rebate FY2027 Q1 Granted of 120000", "lead-bonus FY2027 Q1 NotEarned of 19",
		"first-leads FY2027 Q2 Open of 14", "growth-rebate FY2027 Q2 Open of 138000, 12000 for 4500.00", "lead-bonus FY2027 Q2 Open of 14, 6 for 500.00",
		"reward first-leads of FY2027 Q1 from budget tidewater-rewards-fy27: 200.00, Open",
		"reward growth-rebate of FY2027 Q1 from budget tidewater-rewards-fy27: 2000.00, Open",
		"reward first-leads of FY2027 Q2 from budget tidewater-rewards-fy27: 200.00, Open",
		"reward growth-rebate of FY2027 Q2 from budget tidewater-rewards-fy27: 4500.00, Locked, Reach 12000 more of net-sales",
		"reward lead-bonus of FY2027 Q2 from budget tidewater-rewards-fy27: 500.00, Locked, Reach 6 more of qualified-leads",
		"pelican-growth-rebate-q1 Granted 2000.00", "pelican-growth-rebate-q1-1 Accepted 2000.00, pay by 2026-12-23",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
