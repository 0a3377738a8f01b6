package sums

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// paceOf returns how long the planning of a plan took, and in whose hands it lies.
func paceOf(status *v1alpha1.JointPlanStatus, today fiscal.Day) pace {
	p := pace{vendorDays: plan.InHands(status.Timeline, v1alpha1.PartyVendor, today), partnerDays: plan.InHands(status.Timeline, v1alpha1.PartyPartner, today)}
	if status.PlanningDays != nil {
		p.days, p.known = int(*status.PlanningDays), true
	}
	if n := len(status.Timeline); n > 0 && status.Timeline[n-1].Through == "" {
		p.hands = status.Timeline[n-1].InHandsOf
	}
	return p
}

// days is a multiset of numbers of days.
type days map[int]int

func (d days) add(n, sign int) {
	if d[n] += sign; d[n] == 0 {
		delete(d, n)
	}
}

func (d days) count() int {
	n := 0
	for _, times := range d {
		n += times
	}
	return n
}

// median returns the median in halves of a day; ok is false of nothing.
func (d days) median() (halves int, ok bool) {
	n := d.count()
	if n == 0 {
		return 0, false
	}
	var order []int
	for value := range d {
		order = append(order, value)
	}
	slices.Sort(order)
	return d.nth(order, (n-1)/2) + d.nth(order, n/2), true
}

// nth returns the nth number, from 0, of the numbers in order.
func (d days) nth(order []int, n int) int {
	for _, value := range order {
		if n < d[value] {
			return value
		}
		n -= d[value]
	}
	return 0
}
