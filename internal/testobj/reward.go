package testobj

import "jointplan.dev/jointplan/api/v1alpha1"

// Reward makes the request one for a reward of an amount in EUR, for a part of fiscal year 2027, made on a day.
func (b *AllocationBuilder) Reward(name v1alpha1.Name, part v1alpha1.PeriodPart, amount v1alpha1.Decimal, on v1alpha1.Date) *AllocationBuilder {
	spec := &b.allocation.Spec
	*spec = v1alpha1.MDFAllocationSpec{
		PlanRef: spec.PlanRef, BudgetRef: spec.BudgetRef, RequestedBy: spec.RequestedBy, RequestedOn: on,
		Reward: &v1alpha1.RewardRequest{Name: name, Period: v1alpha1.Period{FiscalYear: new(int32(2027)), Part: part}},
		Amount: v1alpha1.Money{Amount: amount, Currency: "EUR"},
	}
	return b
}

// Rewards is a rebate by new-revenue in each quarter, growth-rebate: EUR 2,000.00 from 100,000.00 on and 4,500.00 from 150,000.00 on.
func (b *BudgetBuilder) Rewards(change ...func(*v1alpha1.RewardRule)) *BudgetBuilder {
	rule := v1alpha1.RewardRule{
		Name: "growth-rebate", Stage: v1alpha1.RewardPostSale, Kind: v1alpha1.RewardRebate, Metric: "new-revenue", Every: v1alpha1.CadenceQuarter,
		Steps: []v1alpha1.AccrualStep{{AtLeast: "100000", Amount: "2000.00"}, {AtLeast: "150000", Amount: "4500.00"}},
	}
	for _, one := range change {
		one(&rule)
	}
	b.budget.Spec.Rewards = append(b.budget.Spec.Rewards, rule)
	return b
}
