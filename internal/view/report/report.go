// Package report adds up plans and money by tier, region, segment, territory, initiative, distributor, channel manager, partner, program or period: of the
// plans that are not closed or, of one period or by period, of all that there are, closed ones among them. Each plan counts as much as any other. Amounts of
// different currencies are never added. What plans are to reach, have reached and will reach it does not add up: that is read from ProgramReports.
package report

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/sums"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Row is what one group adds up to.
type Row struct {
	// Group is the name of the group; empty for objects that belong to none.
	Group string `json:"group"`
	// Partners is the number of partners; by initiative, of those with a plan that serves it.
	Partners int `json:"partners"`
	// Plans is the number of plans that are not closed; of a period, of all its plans.
	Plans int `json:"plans"`
	// Approved is the number of these that have a plan of record.
	Approved int `json:"approved"`
	// OnTrack, AtRisk and OffTrack are the numbers of these that are judged so; Unknown of those that cannot be judged yet.
	OnTrack int `json:"onTrack"`
	// AtRisk is the number of plans at risk.
	AtRisk int `json:"atRisk"`
	// OffTrack is the number of plans off track.
	OffTrack int `json:"offTrack"`
	// Unknown is the number of plans that cannot be judged yet.
	Unknown int `json:"unknown"`
	// Overdue is the number of plans whose review is overdue.
	Overdue int `json:"overdue"`
	// AttainmentPercent is the mean of the scores of the plans that have one, rounded down. Absent when none has.
	AttainmentPercent *int `json:"attainmentPercent,omitempty"`
	// Scored is the number of these plans.
	Scored int `json:"scored"`
	// PacePercent is the mean of the paces of the plans that have one, rounded down. Absent when none has.
	PacePercent *int `json:"pacePercent,omitempty"`
	// Paced is the number of these plans.
	Paced int `json:"paced"`
	// Money is what was requested, granted and paid, by currency.
	Money []Sum `json:"money,omitempty"`
}

// Sum is amounts of one currency.
type Sum struct {
	// Currency is the currency of all amounts.
	Currency v1alpha1.CurrencyCode `json:"currency"`
	// Requested is what was requested, in the budget's currency where that is known, what was refused included; not what is only drafted or
	// was withdrawn.
	Requested v1alpha1.Decimal `json:"requested"`
	// Granted is what is reserved or was paid.
	Granted v1alpha1.Decimal `json:"granted"`
	// Paid is what was paid.
	Paid v1alpha1.Decimal `json:"paid"`
}

// Report is a report.
type Report struct {
	// By is what the rows are grouped by.
	By string `json:"by"`
	// Period is the period whose plans are added up; empty for those of all periods that are not closed.
	Period string `json:"period,omitempty"`
	// Rows are the groups by name, tiers from the highest down, periods from the newest; what belongs to none comes last.
	Rows []Row `json:"rows"`
	// Total is all together. Each plan counts once in it, also by initiative, where one plan may be in several groups.
	Total Row `json:"total"`
}

// Groupings are what a report can be grouped by.
func Groupings() []string {
	return []string{"tier", "region", "segment", "territory", "initiative", "distributor", byManager, byPartner, byProgram, byPeriod}
}

const (
	// byManager groups by the partners' channel managers: by pseudonym where a partner names one, and otherwise by name, compared as people.
	byManager = "channel-manager"
	byPartner = "partner"
	byProgram = "program"
	// byPeriod groups plans by their fiscal period: of all of them, closed ones among them.
	byPeriod = "period"
)

// groupings of ProgramReports by the words of people.
var groupings = map[string]v1alpha1.ReportGrouping{
	"tier": v1alpha1.GroupTier, "region": v1alpha1.GroupRegion, "segment": v1alpha1.GroupSegment, "territory": v1alpha1.GroupTerritory,
	"initiative": v1alpha1.GroupInitiative, "distributor": v1alpha1.GroupDistributor, byManager: v1alpha1.GroupManager,
	byProgram: v1alpha1.GroupTotal, byPeriod: v1alpha1.GroupTotal,
}

// scope says which plans count.
type scope struct {
	period string // the label of the period; empty for all periods
	closed bool   // whether closed plans count
}

// fiscalYear is a fiscal year or a part of it, as people write it: FY2027, "FY2027 H1" or FY2027-H1.
var fiscalYear = regexp.MustCompile(`^(?i)FY[0-9]{4}([ -][HQ][1-4])?$`)

// label returns a period that people wrote as its label is.
func label(period string) string {
	if !fiscalYear.MatchString(period) {
		return period
	}
	return strings.ToUpper(strings.ReplaceAll(period, "-", " "))
}

// By returns the report of all partners, their plans and requests. Period is the label of a fiscal year, such as "FY2027", or of a part of it, such as
// "FY2027 H1": of it all plans count, and none of others; with an empty one those that are not closed. It fails when a sum is beyond what can be shown.
func By(index *lineage.Index, by, period string) (*Report, error) {
	if !slices.Contains(Groupings(), by) {
		return nil, fmt.Errorf("cannot group by %q: must be one of %v", by, Groupings())
	}
	period = label(period)
	in := scope{period: period, closed: period != "" || by == byPeriod}
	if err := knows(index, in); err != nil {
		return nil, err
	}
	groups, labels, total := map[string]*tally{}, map[string]string{}, newTally(in)
	for _, object := range index.Objects() {
		names, counted := groupsOf(index, object, by, in)
		if !counted {
			continue
		}
		for _, name := range names {
			key := name
			if by == byManager {
				key = identity.PersonKey(name)
			}
			if groups[key] == nil {
				groups[key], labels[key] = newTally(in), name
			}
			labels[key] = min(labels[key], name) // of several spellings of a person always the same
			groups[key].add(index, object)
		}
		total.add(index, object)
	}
	r := &Report{By: by, Period: period, Rows: []Row{}}
	order := inOrder(index, by)
	for _, key := range slices.SortedFunc(maps.Keys(groups), func(a, b string) int { return order(labels[a], labels[b]) }) {
		row, err := groups[key].row(labels[key])
		if err != nil {
			return nil, err
		}
		r.Rows = append(r.Rows, row)
	}
	var err error
	r.Total, err = total.row("")
	return r, err
}

// inOrder returns the order of groups: tiers from the highest down, as the programs rank them, periods from the newest, everything else by name; none last.
func inOrder(index *lineage.Index, by string) func(a, b string) int {
	rank, begins := map[string]int{}, map[string]string{}
	for _, object := range index.Objects() {
		if prog, ok := object.(*v1alpha1.PartnerProgram); ok && by == "tier" {
			for i, one := range prog.Status.Tiers {
				if _, known := rank[one.Tier]; !known && one.Tier != "" {
					rank[one.Tier] = i - len(prog.Status.Tiers)
				}
			}
		}
		if plan, ok := object.(*v1alpha1.JointPlan); ok && by == byPeriod && plan.Status.Period != nil {
			begins[plan.Status.PeriodLabel] = string(plan.Status.Period.From)
		}
	}
	return func(a, b string) int {
		if a == "" || b == "" {
			return cmp.Compare(b, a)
		}
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(begins[b], begins[a]), cmp.Compare(a, b))
	}
}

// counts reports whether a plan is added up.
func (in scope) counts(plan *v1alpha1.JointPlan) bool {
	if !in.closed && plan.Status.Stage == v1alpha1.StageClosed {
		return false
	}
	return in.period == "" || within(plan.Status.PeriodLabel, in.period)
}

// within reports whether a period is another one, or a part of it.
func within(one, period string) bool { return one == period || strings.HasPrefix(one, period+" ") }

// knows returns an error when no plan is of a period that is requested.
func knows(index *lineage.Index, in scope) error {
	if in.period == "" {
		return nil
	}
	var labels []string
	for _, object := range index.Objects() {
		if plan, ok := object.(*v1alpha1.JointPlan); ok && plan.Status.PeriodLabel != "" {
			if in.counts(plan) {
				return nil
			}
			labels = append(labels, plan.Status.PeriodLabel)
		}
	}
	slices.Sort(labels)
	return fmt.Errorf("no plan is for %q: there are plans for %s", in.period, strings.Join(slices.Compact(labels), ", "))
}

// groupsOf returns the groups that an object belongs to, and whether it counts: a partner, a plan of a partner, or a request of such a plan.
func groupsOf(index *lineage.Index, object manifest.Object, by string, in scope) (names []string, counted bool) {
	partner := index.Partner(object)
	if partner == nil {
		return nil, false
	}
	plan := index.Plan(object)
	switch object.(type) {
	case *v1alpha1.Partner:
	case *v1alpha1.JointPlan, *v1alpha1.MDFAllocation:
		if plan == nil || !in.counts(plan) && (in.closed || object != manifest.Object(plan) || !isOverdue(plan)) {
			return nil, false
		}
	default:
		return nil, false
	}
	switch by {
	case "initiative":
		return initiativesOf(object, plan), true
	case byPeriod:
		if plan == nil { // a partner is of no period
			return nil, true
		}
		return []string{plan.Status.PeriodLabel}, true
	case "segment":
		if plan == nil { // it counts where its plans are, or else in its own
			return segmentsOf(index, partner, in), true
		}
	}
	return []string{groupOf(partner, plan, by)}, true
}

// segmentsOf returns the segments of a partner: its own, unless all of its plans that count are of others.
func segmentsOf(index *lineage.Index, partner *v1alpha1.Partner, in scope) []string {
	for _, child := range index.Children(manifest.KeyOf(partner)) {
		if plan, ok := child.(*v1alpha1.JointPlan); ok && in.counts(plan) {
			return nil
		}
	}
	return []string{groupOf(partner, nil, "segment")}
}

// groupOf returns the group of a partner or, where it depends on that, of its plan.
func groupOf(partner *v1alpha1.Partner, plan *v1alpha1.JointPlan, by string) string {
	switch by {
	case "segment", "territory", "distributor":
		place := sums.Place(groupings[by], partner, plan)
		if place == v1alpha1.InNone {
			return ""
		}
		return place
	case "tier":
		return string(partner.Status.EffectiveTier)
	case "region":
		return string(partner.Spec.Region)
	case byPartner:
		return partner.Namespace + "/" + partner.Name
	case byProgram:
		return string(partner.Spec.ProgramRef.Name)
	default:
		switch {
		case partner.Spec.ManagerRef != nil:
			return string(partner.Spec.ManagerRef.Name)
		case partner.Spec.ChannelManager != nil:
			return string(partner.Spec.ChannelManager.Name)
		}
		return ""
	}
}

// initiativesOf returns the initiatives that an object serves: a plan those that its goals and strategies serve, a request those of its
// activity or, where that names none, of its plan. A partner serves none itself.
func initiativesOf(object manifest.Object, plan *v1alpha1.JointPlan) []string {
	var names []string
	take := func(all []v1alpha1.Name) {
		for _, name := range all {
			names = append(names, string(name))
		}
	}
	switch x := object.(type) {
	case *v1alpha1.Partner:
		return nil
	case *v1alpha1.MDFAllocation:
		for _, planned := range plan.Spec.Activities {
			if planned.Name == x.Spec.Activity {
				take(planned.Initiatives)
			}
		}
	}
	if len(names) == 0 && plan.Status.Alignment != nil {
		take(plan.Status.Alignment.Covered)
	}
	if len(names) == 0 {
		return []string{""}
	}
	return names
}

// tally is a row that is being added up.
type tally struct {
	Row

	in               scope
	partners         map[manifest.Key]bool
	attainment, pace int
	money            map[v1alpha1.CurrencyCode]*[3]int64 // requested, granted, paid
	err              error
}

func newTally(in scope) *tally {
	return &tally{in: in, partners: map[manifest.Key]bool{}, money: map[v1alpha1.CurrencyCode]*[3]int64{}}
}

func (t *tally) add(index *lineage.Index, object manifest.Object) {
	t.partners[manifest.KeyOf(index.Partner(object))] = true
	switch x := object.(type) {
	case *v1alpha1.JointPlan:
		t.plan(x)
	case *v1alpha1.MDFAllocation:
		t.request(x)
	}
}

// isOverdue reports whether a review of a plan is overdue. It counts also once the plan has closed, as in the status of a PartnerProgram.
func isOverdue(x *v1alpha1.JointPlan) bool {
	return meta.IsStatusConditionTrue(x.Status.Conditions, v1alpha1.ConditionReviewOverdue)
}

func (t *tally) plan(x *v1alpha1.JointPlan) {
	if isOverdue(x) {
		t.Overdue++
	}
	if !t.in.counts(x) {
		return
	}
	t.Plans++
	if x.Status.PlanOfRecord != nil {
		t.Approved++
	}
	reason := ""
	if judged := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionOnTrack); judged != nil {
		reason = judged.Reason
	}
	switch reason {
	case v1alpha1.ReasonOnTrack:
		t.OnTrack++
	case v1alpha1.ReasonAtRisk:
		t.AtRisk++
	case v1alpha1.ReasonOffTrack:
		t.OffTrack++
	default:
		t.Unknown++
	}
	if x.Status.AttainmentPercent != nil {
		t.attainment, t.Scored = t.attainment+int(*x.Status.AttainmentPercent), t.Scored+1
	}
	if x.Status.PacePercent != nil {
		t.pace, t.Paced = t.pace+int(*x.Status.PacePercent), t.Paced+1
	}
}

func (t *tally) request(x *v1alpha1.MDFAllocation) {
	asked := x.Status.Asked
	if asked == nil {
		asked = &x.Spec.Amount
	}
	if x.Status.Stage != v1alpha1.AllocationDraft && x.Status.Stage != v1alpha1.AllocationWithdrawn && x.Status.Stage != "" {
		t.sum(0, asked)
	}
	t.sum(1, x.Status.Granted)
	t.sum(2, x.Status.Paid)
}

// sum adds an amount to what was requested (0), granted (1) or paid (2). An amount that cannot be read counts nothing: its object says so.
func (t *tally) sum(i int, amount *v1alpha1.Money) {
	if amount == nil {
		return
	}
	minor, err := money.ParseMoney(*amount)
	if err != nil {
		return
	}
	sums := t.money[amount.Currency]
	if sums == nil {
		sums = &[3]int64{}
		t.money[amount.Currency] = sums
	}
	total, err := money.Add(sums[i], minor)
	if err != nil {
		t.err = fmt.Errorf("the amounts in %s add up to more than can be shown: look at fewer with -n or -l", amount.Currency)
		return
	}
	sums[i] = total
}

func (t *tally) row(name string) (Row, error) {
	if t.err != nil {
		return Row{}, t.err
	}
	t.Group, t.Partners = name, len(t.partners)
	t.AttainmentPercent, t.PacePercent = mean(t.attainment, t.Scored), mean(t.pace, t.Paced)
	for _, code := range slices.Sorted(maps.Keys(t.money)) {
		var amounts [3]v1alpha1.Decimal
		for i, minor := range t.money[code] {
			amount, err := money.Money(minor, code)
			if err != nil {
				return Row{}, err
			}
			amounts[i] = amount.Amount
		}
		t.Money = append(t.Money, Sum{Currency: code, Requested: amounts[0], Granted: amounts[1], Paid: amounts[2]})
	}
	return t.Row, nil
}

// mean returns sum / n, rounded down; nil for none.
func mean(sum, n int) *int {
	if n == 0 {
		return nil
	}
	value := sum / n
	if sum%n != 0 && sum < 0 {
		value--
	}
	return &value
}
