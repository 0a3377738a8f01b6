package explain

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/concern"
)

// pipelineFacts say what campaigns have brought and cost.
func (b *builder) pipelineFacts(x *v1alpha1.PipelineSums) {
	b.factf("Campaigns", "%s", measuredOf(x))
	var brought []string
	for _, one := range []struct {
		value v1alpha1.Decimal
		what  string
	}{{x.Leads, "leads"}, {x.Opportunities, "opportunities"}, {x.Wins, "won"}} {
		if one.value != "" {
			brought = append(brought, string(one.value)+" "+one.what)
		}
	}
	b.factf("Funnel", "%s", strings.Join(brought, ", "))
	in := func(value v1alpha1.Decimal) string {
		if value == "" {
			return ""
		}
		return amount(&v1alpha1.Money{Amount: value, Currency: x.Currency})
	}
	b.factf("Pipeline", "%s", in(x.Pipeline))
	b.factf("Revenue", "%s", in(x.Revenue))
	b.factf("Cost", "%s", in(x.Cost))
	if x.MDFGranted != "" || x.MDFPaid != "" {
		b.factf("MDF", "%s", strings.Join(present(labelled(in(x.MDFGranted), "granted"), labelled(in(x.MDFPaid), "paid")), ", "))
	}
	b.factf("Left out", "%s", x.Message)
}

// measuredOf says how many campaigns there are, and how many of them are measured, through which day.
func measuredOf(x *v1alpha1.PipelineSums) string {
	text := fmt.Sprintf("%d, %d measured", x.Campaigns, x.Measured)
	if x.AsOf != "" {
		text += " through " + string(x.AsOf)
	}
	return text
}

func labelled(value, label string) string {
	if value == "" {
		return ""
	}
	return value + " " + label
}

// present returns texts that are not empty.
func present(texts ...string) []string {
	var all []string
	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}

// byInitiative says what was spent for each initiative, and what came back.
func byInitiative(x *v1alpha1.PlanPipeline) []Verdict {
	if x == nil {
		return nil
	}
	in := func(value v1alpha1.Decimal, label string) string {
		if value == "" {
			return ""
		}
		return labelled(amount(&v1alpha1.Money{Amount: value, Currency: x.Currency}), label)
	}
	var all []Verdict
	for i := range x.Initiatives {
		one := &x.Initiatives[i]
		all = append(all, Verdict{
			Rule: string(one.Initiative), Verdict: verdict.Count(one.Campaigns, "campaign"), Level: concern.Fine,
			Message: strings.Join(present(
				in(one.Cost, "spent"), in(one.MDFGranted, "MDF granted"), in(one.MDFPaid, "MDF paid"), in(one.Pipeline, "pipeline"), in(one.Revenue, "revenue"),
			), ", "),
		})
	}
	return all
}

// salesPlan explains the joint sales plan: each quarter, the stages and the win rate, with what is expected of them.
func (b *builder) salesPlan(x *v1alpha1.JointPlan) {
	status := x.Status.SalesPlan
	if status == nil {
		return
	}
	if sales := x.Spec.SalesPlan; sales != nil {
		b.factf("Qualified", "%s", strings.Join(strings.Fields(string(sales.Qualification)), " "))
	}
	var quarters, rates []Verdict
	for i := range status.Quarters {
		q := &status.Quarters[i]
		v := Verdict{
			Rule: fmt.Sprintf("%s %s", q.Label, q.Goal), Verdict: "-", Level: concern.Fine, Threshold: string(q.Target), Found: string(q.Actual), AsOf: string(q.AsOf),
		}
		if q.AttainmentPercent != nil {
			v.Verdict = fmt.Sprintf("%d%%", *q.AttainmentPercent)
		}
		if q.Forecast != "" {
			v.Verdict += ", forecast " + string(q.Forecast)
		}
		if q.StatedForecast != "" {
			v.Verdict += ", stated " + string(q.StatedForecast)
		}
		v.Verdict = strings.TrimPrefix(v.Verdict, "-, ")
		quarters = append(quarters, v)
	}
	for i := range status.Stages {
		s := &status.Stages[i]
		rates = append(rates, rateOf("stage "+string(s.Name), s.ActualRatePercent, s.ExpectedRatePercent, "of the stage before", string(s.Actual), ""))
	}
	if w := status.WinRate; w != nil {
		found := ""
		if w.Wins != "" && w.Opportunities != "" {
			found = fmt.Sprintf("%s of %s", w.Wins, w.Opportunities)
		}
		rates = append(rates, rateOf("win rate", w.ActualPercent, w.ExpectedPercent, "won", found, w.Message))
	}
	b.section("Sales plan", quarters)
	b.section("Sales stages", rates)
}

// rateOf explains a rate beside the one that is expected.
func rateOf(rule string, actual *int32, expected v1alpha1.Percent, of, found, message string) Verdict {
	v := Verdict{Rule: rule, Verdict: "-", Level: concern.Fine, Found: found, Message: message}
	if actual != nil {
		v.Verdict = fmt.Sprintf("%d%% %s", *actual, of)
	}
	if expected != "" {
		v.Threshold = string(expected) + "%"
	}
	return v
}

// resellerFact says how many resellers a distributor has, and who of them has no plan.
func resellerFact(x *v1alpha1.ResellerTotals) string {
	if x == nil {
		return ""
	}
	text := fmt.Sprintf("%d, of which %d have a plan for today", x.Count, x.Planned)
	if len(x.Unplanned) > 0 {
		text += "; without: " + strings.Join(x.Unplanned, ", ")
	}
	if x.FurtherUnplanned != nil {
		text += fmt.Sprintf(" and %d more", *x.FurtherUnplanned)
	}
	return text
}

// resellers explains how far the plans of each reseller have come, as far as the reader may read them: what it owes, what is approved, and what each goal is
// to reach and is forecast to.
func (b *builder) resellers(x *v1alpha1.Partner) []Verdict {
	var all []Verdict
	for _, object := range b.index.Resellers(x) {
		if child, ok := object.(*v1alpha1.Partner); ok && snapshot.IsReseller(x, child) {
			all = append(all, b.reseller(child)...)
		}
	}
	return all
}

// reseller explains the plans of a reseller that are not closed.
func (b *builder) reseller(x *v1alpha1.Partner) []Verdict {
	name := x.Namespace + "/" + x.Name
	var all []Verdict
	for _, owed := range x.Status.Obligations {
		if owed.Plan == "" && !concern.IsMet(owed.State) {
			all = append(all, Verdict{
				Rule: name, Verdict: "no plan for " + owed.Period, Level: levelOf(string(owed.State)), Threshold: "by " + string(owed.DueOn), Found: string(owed.State),
			})
		}
	}
	for _, object := range b.index.Children(manifest.Key{Kind: kinds.Partner, Namespace: x.Namespace, Name: x.Name}) {
		plan, ok := object.(*v1alpha1.JointPlan)
		if !ok || plan.Status.Stage == v1alpha1.StageClosed {
			continue
		}
		v := Verdict{Rule: fmt.Sprintf("%s: %s", name, plan.Name), Verdict: string(plan.Status.Stage), Level: concern.Fine, AsOf: plan.Status.PeriodLabel}
		if plan.Status.PlanOfRecord == nil {
			v.Level = concern.Note
		}
		var says []string
		for i := range plan.Status.Goals {
			if g := &plan.Status.Goals[i]; g.Target != "" {
				says = append(says, fmt.Sprintf("%s: target %s, forecast %s", g.Name, g.Target, orDash(string(g.Forecast))))
			}
		}
		v.Message = strings.Join(says, "; ")
		all = append(all, v)
	}
	if len(all) == 0 {
		all = append(all, Verdict{Rule: name, Verdict: "no plan", Level: concern.Note})
	}
	return all
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
