package samples_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// rulesFolder holds the samples of rules, each of which stands beside the samples.
const rulesFolder = "../../config/samples-rules"

// evaluatedBeside returns the samples with those of a rule as they stand at the samples' instant, by kind and name.
func evaluatedBeside(t *testing.T, rule string) map[string]preview.Object {
	t.Helper()
	set, err := reader.Read(context.Background(), manifest.Options{}, folder, rulesFolder+"/"+rule)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]preview.Object{}
	for _, object := range preview.New(set).At(now) {
		byName[manifest.KeyOf(object).Kind+"/"+object.GetName()] = object
	}
	return byName
}

func TestTheBenefitsOfTheSamples(t *testing.T) {
	objects := evaluatedBeside(t, "benefits")
	told := func(name string) string {
		partner, _ := objects["Partner/"+name].(*v1alpha1.Partner)
		if partner == nil {
			t.Fatalf("no partner %s", name)
		}
		var lines []string
		for i := range partner.Status.Benefits {
			if x := &partner.Status.Benefits[i]; x.Name == "se-days" {
				lines = append(lines, fmt.Sprintf("%s: entitled %s, aligned %s, asked %s, granted %s, used %s, left %s to %s",
					x.Period, x.Entitled, x.Aligned, x.Asked, x.Granted, x.Used, x.Left, x.UseThrough))
			}
		}
		return strings.Join(lines, "\n")
	}
	for name, want := range map[string]string{
		"acme": "FY2027 H1: entitled 6.0, aligned 6.0, asked 0.0, granted 0.0, used 0.0, left 0.0 to 2026-12-31\n" +
			"FY2027 H2: entitled 6.0, aligned 3.0, asked 0.0, granted 0.0, used 0.0, left 0.0 to 2027-06-30",
		"marlin": "FY2027 H1: entitled 6.0, aligned 4.0, asked 4.5, granted 4.0, used 1.5, left 2.5 to 2026-12-31\n" +
			"FY2027 H2: entitled 6.0, aligned 6.0, asked 4.0, granted 0.0, used 0.0, left 0.0 to 2027-06-30",
	} {
		if diff := cmp.Diff(want, told(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTheBudgetAndTheCarrotsOfTheSamples(t *testing.T) {
	objects := evaluatedBeside(t, "benefits")
	h1, _ := objects["JointPlan/marlin-fy27-h1"].(*v1alpha1.JointPlan)
	h2, _ := objects["JointPlan/marlin-fy27-h2"].(*v1alpha1.JointPlan)
	acme, _ := objects["JointPlan/acme-fy27-h2"].(*v1alpha1.JointPlan)
	report, _ := objects["ProgramReport/northwind-fy2027-h1"].(*v1alpha1.ProgramReport)
	if h1 == nil || h2 == nil || acme == nil || report == nil {
		t.Fatal("an object is missing")
	}
	if diff := cmp.Diff(&v1alpha1.PlanBudget{
		Currency: "EUR", Planned: v1alpha1.FundedCost{Vendor: "7000", Partner: "6000", ThirdParty: "3000", Total: "16000"}, Granted: "0", Paid: "0",
		Activities: []v1alpha1.ActivityBudget{
			{Name: "alpine-roadshow", BudgetLine: v1alpha1.BudgetLine{Vendor: "5000", Partner: "4000", ThirdParty: "3000", Granted: "0", Paid: "0"}},
			{Name: "cloud-webinar", BudgetLine: v1alpha1.BudgetLine{Vendor: "2000", Partner: "2000", ThirdParty: "0", Granted: "0", Paid: "0"}},
		},
	}, h1.Status.Budget); diff != "" {
		t.Errorf("budget (-want +got):\n%s", diff)
	}
	for _, tc := range []struct {
		plan *v1alpha1.JointPlan
		want v1alpha1.PlanUnlock
	}{
		{h1, v1alpha1.PlanUnlock{Kind: v1alpha1.UnlockBenefit, What: "se-days (days of a sales engineer)", Quantity: "4.0", State: v1alpha1.UnlockOpen, Through: "2026-12-31"}},
		{h2, v1alpha1.PlanUnlock{
			Kind: v1alpha1.UnlockBenefit, What: "se-days (days of a sales engineer)", Quantity: "6.0", State: v1alpha1.UnlockLocked, By: "Submit and approve marlin-fy27-h2",
			Through: "2027-01-15",
		}},
		{acme, v1alpha1.PlanUnlock{
			Kind: v1alpha1.UnlockBenefit, What: "se-days (days of a sales engineer)", Quantity: "3.0", State: v1alpha1.UnlockLocked, By: "Submit and approve acme-fy27-h2",
			Through: "2027-01-15",
		}},
		{acme, v1alpha1.PlanUnlock{
			Kind: v1alpha1.UnlockRate, What: "MDF for CustomerEvent, DigitalAds and 3 more", Percent: "50", State: v1alpha1.UnlockLocked, By: "Submit and approve acme-fy27-h2",
			Through: "2027-01-15",
		}},
	} {
		var same []v1alpha1.PlanUnlock
		for _, x := range tc.plan.Status.Unlocks {
			if x.What == tc.want.What {
				same = append(same, x)
			}
		}
		if diff := cmp.Diff([]v1alpha1.PlanUnlock{tc.want}, same); diff != "" {
			t.Errorf("%s opens (-want +got):\n%s", tc.plan.Name, diff)
		}
	}
	for _, x := range report.Status.Figures.Benefits {
		if x.Benefit == "se-days" && (x.Asked != "4.5" || x.Granted != "4.0" || x.Capacity != "30.0" || x.Over != "") {
			t.Errorf("the report has %+v", x)
		}
	}
}
