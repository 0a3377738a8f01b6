package sums_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/sums"
)

// Two gold partners ask for days of a sales engineer, of which the vendor has 12 a year: 6.0 in the half.
func TestWhatPlansAskForAgainstWhatThereIs(t *testing.T) {
	for name, tc := range map[string]struct {
		capacity    v1alpha1.Decimal
		first, more v1alpha1.Decimal
		want        v1alpha1.BenefitDemand
	}{
		"nobody asks":                   {"12", "0.0", "0.0", v1alpha1.BenefitDemand{Entitled: "12.0", Capacity: "6.0"}},
		"less than there is":            {"12", "3.5", "2.0", v1alpha1.BenefitDemand{Entitled: "12.0", Asked: "5.5", Granted: "2.0", Capacity: "6.0"}},
		"all that there is":             {"12", "3.5", "2.5", v1alpha1.BenefitDemand{Entitled: "12.0", Asked: "6.0", Granted: "2.0", Capacity: "6.0"}},
		"more":                          {"12", "3.5", "3.0", v1alpha1.BenefitDemand{Entitled: "12.0", Asked: "6.5", Granted: "2.0", Capacity: "6.0", Over: "0.5"}},
		"nobody says how much there is": {"", "3.5", "3.0", v1alpha1.BenefitDemand{Entitled: "12.0", Asked: "6.5", Granted: "2.0"}},
	} {
		in, strategy := settings()
		if tc.capacity != "" {
			strategy.Spec.Capacity = []v1alpha1.Capacity{{Benefit: "se-days", FiscalYear: 2027, Quantity: tc.capacity}, {Benefit: "se-days", FiscalYear: 2028, Quantity: "99"}}
		}
		s := sums.New()
		for i, asked := range []v1alpha1.Decimal{tc.first, tc.more} {
			partner := &v1alpha1.Partner{ObjectMeta: metav1.ObjectMeta{Namespace: "partner-p", Name: []string{"a", "b"}[i]}}
			partner.Spec.ProgramRef.Name, partner.Status.EffectiveTier = "northwind", "gold"
			plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: "partner-p", Name: "plan-" + partner.Name}}
			plan.Status.Period = &spans[0]
			plan.Status.Benefits = []v1alpha1.PlanBenefit{{Benefit: "se-days", Entitled: "6.0", Aligned: "6.0", Asked: asked, Granted: "1.0"}}
			c, _ := sums.Of(in, sums.Evaluated{Partner: partner, Plans: []*v1alpha1.JointPlan{plan}}, now)
			s.Set(c)
		}
		span := fiscal.Span{From: fiscal.MustParseDay("2026-07-01"), Through: fiscal.MustParseDay("2026-12-31")}
		tc.want.Benefit, tc.want.Unit = "se-days", "days"
		if diff := cmp.Diff([]v1alpha1.BenefitDemand{tc.want}, s.Figures(in, span, in.Program.Today(now)).Benefits); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
