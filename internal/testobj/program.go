package testobj

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// ProgramBuilder builds a PartnerProgram.
type ProgramBuilder struct{ program *v1alpha1.PartnerProgram }

// Program is a program of Europe/Berlin with fiscal years from 1 July, named by their end, in EUR. Its one rule set, fy27, is in force
// from 2026-07-01: tier gold is reviewed each month with 5 days of grace, silver each quarter; overdue reviews go to the
// ChannelAccountManager after 7 days and to the ChannelDirector after 14.
func Program(name string) *ProgramBuilder {
	return &ProgramBuilder{program: &v1alpha1.PartnerProgram{
		ObjectMeta: metav1.ObjectMeta{Name: name, Generation: 1},
		Spec: v1alpha1.PartnerProgramSpec{
			Calendar: v1alpha1.Calendar{TimeZone: "Europe/Berlin", FiscalYearStart: "07-01", FiscalYearNamedBy: v1alpha1.NamedByEnd},
			Currency: "EUR",
			Metrics: []v1alpha1.Metric{
				{Name: "new-revenue", Unit: v1alpha1.UnitCurrency, Behaviour: v1alpha1.BehaviourFlow, SourceOfRecord: "crm", ReportingLagDays: new(int32(20))},
				{Name: "qualified-leads", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow},
				{Name: "retention", Unit: v1alpha1.UnitPercent, Behaviour: v1alpha1.BehaviourStock},
			},
			Initiatives: []v1alpha1.Initiative{
				{Name: "cloud-migration"}, {Name: "security"}, {Name: "mainframe", Through: "2026-06-30"},
			},
			Activities: []v1alpha1.Activity{
				{Type: "Webinar", ReimbursementPercent: "50"},
				{Type: "TradeShow", ReimbursementPercent: "50", ClaimWithinDays: new(int32(60))},
			},
			RuleSets: []v1alpha1.RuleSet{{
				Name: "fy27", EffectiveFrom: "2026-07-01",
				Tiers: []v1alpha1.Tier{
					{Name: "gold", Rank: 3, Planning: &v1alpha1.PlanningRule{
						Every: v1alpha1.CadenceHalf, ReviewEvery: v1alpha1.CadenceMonth, ReviewGraceDays: new(int32(5)),
					}},
					{Name: "silver", Rank: 2, Planning: &v1alpha1.PlanningRule{Every: v1alpha1.CadenceHalf, ReviewEvery: v1alpha1.CadenceQuarter}},
					{Name: "registered", Rank: 1},
				},
				TierPolicy: &v1alpha1.TierPolicy{Change: v1alpha1.TierChangeByDecision},
				Escalation: []v1alpha1.EscalationStep{{AfterDays: 7, To: "ChannelAccountManager"}, {AfterDays: 14, To: "ChannelDirector"}},
			}},
		},
	}}
}

// With changes the program's spec.
func (b *ProgramBuilder) With(change func(*v1alpha1.PartnerProgramSpec)) *ProgramBuilder {
	change(&b.program.Spec)
	return b
}

// Rules changes the program's first rule set.
func (b *ProgramBuilder) Rules(change func(*v1alpha1.RuleSet)) *ProgramBuilder {
	change(&b.program.Spec.RuleSets[0])
	return b
}

// Obj returns the program.
func (b *ProgramBuilder) Obj() *v1alpha1.PartnerProgram { return b.program }

// PartnerBuilder builds a Partner.
type PartnerBuilder struct{ partner *v1alpha1.Partner }

// Partner is a partner of program northwind without a tier.
func Partner(name string) *PartnerBuilder {
	return &PartnerBuilder{partner: &v1alpha1.Partner{
		ObjectMeta: meta(name), Spec: v1alpha1.PartnerSpec{ProgramRef: v1alpha1.Reference{Name: "northwind"}},
	}}
}

// Tier states the tier that the partner holds, and since when.
func (b *PartnerBuilder) Tier(name v1alpha1.Name, since v1alpha1.Date) *PartnerBuilder {
	b.partner.Spec.Tier = &v1alpha1.HeldTier{Name: name, Since: since}
	return b
}

// With changes the partner's spec.
func (b *PartnerBuilder) With(change func(*v1alpha1.PartnerSpec)) *PartnerBuilder {
	change(&b.partner.Spec)
	return b
}

// Obj returns the partner.
func (b *PartnerBuilder) Obj() *v1alpha1.Partner { return b.partner }
