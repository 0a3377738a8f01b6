package approval_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// share has a person approve a percentage of the request as it is.
func share(d *moneytest.Dossier, percent v1alpha1.Percent, by, at string) {
	d.Decide(v1alpha1.DecisionApprovedInPart, by, at).Spec.Percent = percent
}

func TestApprovalOfAPercentage(t *testing.T) {
	const at = "2026-08-05T10:00:00+02:00"
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		want   string // the condition Approved
		asked  v1alpha1.Decimal
	}{
		"rounded down": {
			func(d *moneytest.Dossier) { share(d, "60", "vera", at) },
			"True/ApprovedInPart: EUR 799.99 of EUR 1,333.33 is approved by vera (2026-08-05)", "799.99",
		},
		"the least of several": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("100.00", 2).Obj()
			share(d, "60", "vera", at)
			d.Part("800.00", "EUR", "walt", at)
		}, "True/ApprovedInPart: EUR 799.99 of EUR 1,333.33 is approved by vera (2026-08-05) and walt (2026-08-05)", "799.99"},
		"the least of several is an amount": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("100.00", 2).Obj()
			share(d, "60", "vera", at)
			d.Part("799.98", "EUR", "walt", at)
		}, "True/ApprovedInPart: EUR 799.98 of EUR 1,333.33", "799.98"},
		"all of it": {func(d *moneytest.Dossier) { share(d, "100", "vera", at) }, "True/Approved: ", "1333.33"},
		"a percentage that comes to nothing": {
			func(d *moneytest.Dossier) { share(d, "0.0001", "vera", at) }, "False/AwaitingDecision: ", "1333.33",
		},
		"an amount and a percentage": {func(d *moneytest.Dossier) {
			share(d, "60", "vera", at)
			testobj.InPart(d.More[len(d.More)-1].(*v1alpha1.ApprovalDecision), "10.00", "EUR")
		}, "False/AwaitingDecision: ", "1333.33"},
		"one person approves less than authority asks two for": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("799.99", 2).Obj()
			share(d, "60", "vera", at)
		}, "True/ApprovedInPart: EUR 799.99", "799.99"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			d.Request = testobj.Allocation("r1").Asks("EUR", "2666.66", "50", "1333.33").Obj()
			tc.change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved); !strings.HasPrefix(got, tc.want) {
				t.Errorf("Approved is\n%s\nnot\n%s", got, tc.want)
			}
			if status.Asked == nil || status.Asked.Amount != tc.asked {
				t.Errorf("asked %+v, want %s", status.Asked, tc.asked)
			}
		})
	}
}
