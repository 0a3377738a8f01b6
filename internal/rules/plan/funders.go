package plan

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
)

// Funding is the cost of an activity by who pays it, in minor units of the program's currency.
type Funding struct {
	Vendor, Partner, ThirdParty int64
}

// Total is what all pay together.
func (f Funding) Total() int64 { return f.Vendor + f.Partner + f.ThirdParty }

// FundingOf returns who pays an activity: what it says, and otherwise the vendor the rate of its type, rounded down, and the partner the rest. It reports
// false for an activity without a cost, and for one whose amounts cannot be used.
func FundingOf(prog *program.Program, activity *v1alpha1.PlannedActivity) (Funding, bool) {
	currency := prog.Spec.Currency
	if activity.Cost == nil || activity.Cost.Currency != currency {
		return Funding{}, false
	}
	cost, err := money.ParseMoney(*activity.Cost)
	if err != nil || cost < 0 {
		return Funding{}, false
	}
	if len(activity.Funding) == 0 {
		vendor := mostOf(prog, activity, cost)
		return Funding{Vendor: vendor, Partner: cost - vendor}, true
	}
	return statedFunding(activity, currency)
}

// statedFunding adds up what an activity says of who pays.
func statedFunding(activity *v1alpha1.PlannedActivity, currency v1alpha1.CurrencyCode) (f Funding, ok bool) {
	for i := range activity.Funding {
		minor, err := money.Parse(activity.Funding[i].Amount, currency)
		if err != nil || minor < 0 {
			return Funding{}, false
		}
		to := map[v1alpha1.Funder]*int64{
			v1alpha1.FunderVendor: &f.Vendor, v1alpha1.FunderPartner: &f.Partner, v1alpha1.FunderThirdParty: &f.ThirdParty,
		}[activity.Funding[i].Funder]
		if to == nil {
			return Funding{}, false
		}
		if *to, err = money.Add(*to, minor); err != nil {
			return Funding{}, false
		}
	}
	if _, err := money.Add(f.Vendor, f.Partner, f.ThirdParty); err != nil {
		return Funding{}, false
	}
	return f, true
}

// mostOf returns what the vendor pays of a cost at most, by the rate of the activity's type.
func mostOf(prog *program.Program, activity *v1alpha1.PlannedActivity, cost int64) int64 {
	vendor, err := money.Percent(cost, RateOf(prog, activity.Type))
	if err != nil {
		return 0
	}
	return min(vendor, cost)
}

// RateOf returns the percentage of the cost of a type of activity that the vendor pays; zero when it pays none.
func RateOf(prog *program.Program, kind v1alpha1.ActivityType) *big.Rat {
	entry := prog.Activity(kind)
	if entry == nil || entry.ReimbursementPercent == "" {
		return new(big.Rat)
	}
	rate, err := decimal.ParsePercent(entry.ReimbursementPercent)
	if err != nil {
		return new(big.Rat)
	}
	return rate
}

// checkFunding checks that the funders of an activity make its cost, and that the vendor pays no more of it than the rate of the activity's type.
func (c *check) checkFunding(field string, activity *v1alpha1.PlannedActivity) {
	prog := c.ground.program
	currency := prog.Spec.Currency
	cost, err := money.ParseMoney(*activity.Cost)
	if len(activity.Funding) == 0 || err != nil || cost < 0 || activity.Cost.Currency != currency {
		return // what is wrong with the cost is found
	}
	for i := range activity.Funding {
		x := &activity.Funding[i]
		if minor, err := money.Parse(x.Amount, currency); err != nil {
			c.findings.Errorf(RuleCostInvalid, item(field, v1alpha1.Name(x.Funder))+".amount", "%s", err)
		} else if minor < 0 {
			c.findings.Errorf(RuleCostInvalid, item(field, v1alpha1.Name(x.Funder))+".amount", "the part of the cost that the %s pays is negative: give what it pays", x.Funder)
		}
	}
	f, ok := FundingOf(prog, activity)
	if !ok {
		return
	}
	if f.Total() != cost {
		c.findings.Errorf(RuleFundingSum, field, "the funders pay %s together, and the cost is %s: change the amounts so that they add up to it",
			money.Format(f.Total(), currency), money.Format(cost, currency))
	}
	if most := mostOf(prog, activity, cost); f.Vendor > most {
		c.findings.Warningf(RuleVendorShareAboveRate, item(field, v1alpha1.Name(v1alpha1.FunderVendor)),
			"the vendor is to pay %s, and of %s of the type %s it pays %s percent, which is %s: lower its part to that, and say who pays the rest",
			money.Format(f.Vendor, currency), money.Format(cost, currency), activity.Type, decimal.Short(RateOf(prog, activity.Type), 2), money.Format(most, currency))
	}
}
