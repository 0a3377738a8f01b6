package tree

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
)

// State returns where an object is in its life in a few words; empty while it is not evaluated.
func State(object manifest.Object) string {
	switch x := object.(type) {
	case *v1alpha1.PartnerProgram:
		return programState(x)
	case *v1alpha1.ChannelStrategy:
		return strategyState(x)
	case *v1alpha1.ProgramReport:
		return reportState(x)
	case *v1alpha1.ChannelManager:
		if x.Status.Partners == nil { // all else is nobody's business who only looks at the tree
			return ""
		}
		return verdict.Count(*x.Status.Partners, "partner")
	case *v1alpha1.Benchmark:
		return cohorts(len(x.Spec.Rows), len(x.Spec.Withheld))
	case *v1alpha1.PublishedBenchmark:
		return cohorts(len(x.Spec.Rows), len(x.Spec.Withheld))
	case *v1alpha1.Partner:
		return partnerState(x)
	case *v1alpha1.JointPlan:
		return planState(x)
	case *v1alpha1.Campaign:
		return string(x.Status.Stage)
	case *v1alpha1.MDFBudget:
		if x.Status.Available == nil {
			return ""
		}
		return Amount(x.Status.Available) + " left"
	case *v1alpha1.MDFAllocation:
		return marked(withAmount(string(x.Status.Stage), x.Status.Granted, x.Status.Asked, &x.Spec.Amount), x.Spec.Attestation != nil)
	case *v1alpha1.MDFClaim:
		return marked(withAmount(string(x.Status.Stage), x.Status.Paid, x.Status.Payable), x.Spec.Attestation != nil)
	default:
		return ""
	}
}

func programState(x *v1alpha1.PartnerProgram) string {
	if x.Status.Plans == nil {
		return ""
	}
	text := verdict.Count(*x.Status.Plans, "plan")
	if overdue := x.Status.PlansOverdue; overdue != nil && *overdue > 0 {
		text += fmt.Sprintf(", %d overdue", *overdue)
	}
	return text
}

func strategyState(x *v1alpha1.ChannelStrategy) string {
	if x.Status.ObservedGeneration < max(x.Generation, 1) {
		return ""
	}
	return verdict.Count(len(x.Status.Reports), "report")
}

// reportState says how firm the figures of a report are, and how much of the target is forecast that its headline is about.
func reportState(x *v1alpha1.ProgramReport) string {
	text := string(x.Status.State)
	figures := x.Status.Figures
	if x.Spec.Final != nil {
		figures = &x.Spec.Final.Figures
	}
	if text == "" || figures == nil {
		return text
	}
	for i := range figures.Sums {
		sum := &figures.Sums[i]
		about := fmt.Sprintf("%s of %s:", x.Spec.Period, sum.Metric)
		if sum.By == v1alpha1.GroupTotal && sum.ForecastPercent != nil && strings.HasPrefix(x.Status.Headline, about) {
			return text + fmt.Sprintf(", %d%% forecast", *sum.ForecastPercent)
		}
	}
	return text
}

// cohorts says how many cohorts of a benchmark have figures, and of how many they are withheld.
func cohorts(rows, withheld int) string {
	text := verdict.Count(rows, "row")
	if withheld > 0 {
		text += fmt.Sprintf(", %d withheld", withheld)
	}
	return text
}

func partnerState(x *v1alpha1.Partner) string {
	if x.Status.Standing == nil {
		return string(x.Status.EffectiveTier)
	}
	tier := string(x.Status.EffectiveTier)
	if tier == "" {
		tier = "no tier"
	}
	if x.Status.Standing.Step == v1alpha1.StepGood {
		return tier
	}
	return tier + ", " + string(x.Status.Standing.Step)
}

func planState(x *v1alpha1.JointPlan) string {
	text := string(x.Status.Stage)
	if x.Status.AttainmentPercent != nil {
		text += fmt.Sprintf(" %d%%", *x.Status.AttainmentPercent)
	}
	return marked(text, slices.ContainsFunc(x.Status.Approvals, func(one v1alpha1.PartyApproval) bool { return one.AttestedBy != "" }))
}

// marked marks what stands on what somebody else recorded for the partner from a document.
func marked(text string, attested bool) string {
	if text == "" || !attested {
		return text
	}
	return text + ", attested"
}

// withAmount returns a stage with the first amount that is there.
func withAmount(stage string, amounts ...*v1alpha1.Money) string {
	for _, amount := range amounts {
		if stage != "" && amount != nil && amount.Currency != "" && strings.Trim(string(amount.Amount), "0.") != "" {
			return stage + " " + Amount(amount)
		}
	}
	return stage
}

// Amount writes an amount for people: EUR 4,503.80.
func Amount(amount *v1alpha1.Money) string {
	return string(amount.Currency) + " " + decimal.Group(string(amount.Amount))
}
