package compare

import (
	"fmt"
	"strconv"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// figure is a figure or a word of a status.
type figure struct{ name, value string }

// figures returns what a reader wants to know of how an object stands, beside its conditions.
func figures(object manifest.Object) []figure {
	switch x := object.(type) {
	case *v1alpha1.PartnerProgram:
		return []figure{
			{"rule set", string(x.Status.RuleSet)},
			{"partners", number(x.Status.Partners)},
			{"partners on hold", number(x.Status.PartnersOnHold)},
			{"plans", number(x.Status.Plans)},
			{"plans overdue", number(x.Status.PlansOverdue)},
		}
	case *v1alpha1.Partner:
		return ofPartner(x)
	case *v1alpha1.JointPlan:
		return ofPlan(x)
	case *v1alpha1.Campaign:
		return ofCampaign(x)
	case *v1alpha1.MeasurementSet:
		return []figure{
			{"latest", string(x.Status.Latest)}, {"entries", number(x.Status.Entries)}, {"entries that do not count", number(x.Status.Ignored)},
		}
	case *v1alpha1.MDFAllocation:
		return []figure{
			{"stage", string(x.Status.Stage)},
			{"asked", amount(x.Status.Asked)},
			{"granted", amount(x.Status.Granted)},
			{"claims through", string(x.Status.ClaimThrough)},
			{"revision", revision.Short(x.Status.Revision)},
		}
	case *v1alpha1.MDFClaim:
		return []figure{
			{"stage", string(x.Status.Stage)},
			{"claimed", amount(x.Status.Claimed)},
			{"payable", amount(x.Status.Payable)},
			{"partner's own cost", amount(x.Status.OwnCost)},
			{"paid", amount(x.Status.Paid)},
			{"revision", revision.Short(x.Status.Revision)},
		}
	default:
		return nil
	}
}

func ofPartner(x *v1alpha1.Partner) []figure {
	list := []figure{{"tier", string(x.Status.EffectiveTier)}, {"qualifies for", string(x.Status.QualifiedTier)}}
	if standing := x.Status.Standing; standing != nil {
		list = append(list, figure{"standing", string(standing.Step)}, figure{"rate", percentText(string(standing.RatePercent))})
	}
	if plans := x.Status.Plans; plans != nil {
		list = append(list, figure{"open plans", strconv.Itoa(int(plans.Open))}, figure{"overdue plans", strconv.Itoa(int(plans.Overdue))})
	}
	return list
}

func ofPlan(x *v1alpha1.JointPlan) []figure {
	list := []figure{{"stage", string(x.Status.Stage)}, {"revision", revision.Short(x.Status.Revision)}}
	if record := x.Status.PlanOfRecord; record != nil {
		list = append(list, figure{"plan of record", revision.Short(record.Revision)})
	}
	list = append(list, figure{"attainment", percent(x.Status.AttainmentPercent)}, figure{"pace", percent(x.Status.PacePercent)})
	if reviews := x.Status.Reviews; reviews != nil {
		list = append(list, figure{"next review due", string(reviews.NextDue)}, figure{"reviews held", strconv.Itoa(int(reviews.Held))},
			figure{"reviews missed", strconv.Itoa(int(reviews.Missed))})
	}
	for i := range x.Status.Goals {
		goal := &x.Status.Goals[i]
		name := "goal " + string(goal.Name)
		list = append(list,
			figure{name + " target", string(goal.Target)}, figure{name + " verdict", string(goal.Verdict)},
			figure{name + " attainment", percent(goal.AttainmentPercent)}, figure{name + " pace", percent(goal.PacePercent)},
			figure{name + " forecast", string(goal.Forecast)},
		)
	}
	return list
}

func ofCampaign(x *v1alpha1.Campaign) []figure {
	measured := func(of v1alpha1.Decimal) string {
		if of == "" {
			return ""
		}
		return amount(&v1alpha1.Money{Amount: of, Currency: x.Status.Currency})
	}
	return []figure{
		{"stage", string(x.Status.Stage)},
		{"leads", string(x.Status.Leads)},
		{"cost", measured(x.Status.Cost)},
		{"pipeline", measured(x.Status.Pipeline)},
		{"revenue", measured(x.Status.Revenue)},
	}
}

// amounts returns the money of a budget, in units of its currency, and how many requests it is about.
func amounts(x *v1alpha1.MDFBudget) []figure {
	if x == nil {
		return nil
	}
	plain := func(m *v1alpha1.Money) string {
		if m == nil {
			return ""
		}
		return string(m.Amount)
	}
	return []figure{
		{"amount", string(x.Spec.Amount.Amount)},
		{"reserved", plain(x.Status.Reserved)},
		{"settled", plain(x.Status.Settled)},
		{"available", plain(x.Status.Available)},
		{"lapsed", plain(x.Status.Lapsed)},
		{"excess", plain(x.Status.Excess)},
		{"requests granted", number(x.Status.Granted)},
		{"requests waiting", number(x.Status.Waiting)},
	}
}

func amount(m *v1alpha1.Money) string {
	if m == nil {
		return ""
	}
	return fmt.Sprintf("%s %s", m.Currency, m.Amount)
}

func number(n *int32) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(int(*n))
}

func percent(n *int32) string { return percentText(number(n)) }

func percentText(text string) string {
	if text == "" {
		return ""
	}
	return text + "%"
}
