package sheet

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
	"jointplan.dev/jointplan/internal/verdict"
)

const (
	// maxPlan is how many characters the name of a plan may have.
	maxPlan = 52
	// maxGoals is how many goals a plan may have.
	maxGoals = 20
)

// draftedPlan is a past plan of rows.
type draftedPlan struct {
	plan  *v1alpha1.JointPlan
	rows  []*record
	goals map[v1alpha1.Name]*record
}

// result is what a row says was reached.
type result struct {
	*record

	plan   *draftedPlan
	metric *v1alpha1.Metric
	day    fiscal.Day
	value  string
}

// plans makes plans of periods that are over of the rows, and measurement sets of what was reached.
func (in *intake) plans() error {
	if in.has("result") && in.Source == "" {
		return errors.New("the sheet has results, and nobody vouches for them: name the system that they come from with --source, such as crm")
	}
	d := newPartnerDirectory(in)
	byKey := map[string]*draftedPlan{}
	var list []*draftedPlan
	var found []*result
	for _, x := range in.rows {
		p, r := x.goal(d, byKey)
		if p != nil && len(p.rows) == 1 {
			list = append(list, p)
		}
		if r != nil {
			found = append(found, r)
		}
	}
	var drafted []manifest.Object
	for _, p := range list {
		item, err := in.planItem(p)
		if err != nil {
			return err
		}
		if item != nil {
			in.outcome.Items = append(in.outcome.Items, item)
			drafted = append(drafted, item.Object)
		}
	}
	return in.measure(found, drafted)
}

// goal reads a row.
func (x *record) goal(d *partnerDirectory, byKey map[string]*draftedPlan) (*draftedPlan, *result) {
	text := x.text("partner")
	if text == "" {
		x.rejectf("partner", "is empty: write the partner, or leave out such rows with skip in the mapping")
		return nil, nil
	}
	of, err := d.find(text)
	if err != nil {
		x.rejectf("partner", "%s", withRemedy(err, "correct the cell, or say in spec.values of the mapping which partner it means"))
	}
	period, span := x.period()
	if !x.isRejected() && span.Through >= x.in.today {
		x.rejectf("period", "%s ends on %s and is not over: this imports past plans; write a plan that runs as its own manifest, and have it approved", x.in.program.Calendar.Label(span), span.Through)
	}
	metric := x.metric()
	name := x.objectName("name")
	if metric == nil || x.isRejected() {
		return nil, nil
	}
	target := x.value("target", metric)
	if target == "" && !x.isRejected() {
		x.rejectf("target", "is empty, and a goal is nothing without its target: write it, or leave out such rows with skip in the mapping")
	}
	result := x.result(metric, span)
	if x.isRejected() {
		return nil, nil
	}
	key := of.partner.Namespace + "/" + of.partner.Name + " " + span.String()
	p := byKey[key]
	switch {
	case p == nil:
		p = &draftedPlan{plan: x.in.planOf(of.partner, period, span, name), goals: map[v1alpha1.Name]*record{}}
		if taken := x.in.isTaken(p.plan, span); taken != "" {
			x.rejectf("partner", "%s", taken)
			return nil, nil
		}
		byKey[key] = p
	case p.goals[metric.Name] != nil:
		x.rejectf("metric", "the plan of %s for %s has a goal of %s already, on %s: remove one of the two", of.partner.Name, x.in.program.Calendar.Label(span), metric.Name, x.in.place(p.goals[metric.Name].Number))
		return nil, nil
	case name != "" && name != p.plan.Name:
		x.rejectf("name", "the plan of %s for %s is called %s on %s: give it one name", of.partner.Name, x.in.program.Calendar.Label(span), p.plan.Name, x.in.place(p.rows[0].Number))
		return nil, nil
	case len(p.goals) == maxGoals:
		x.rejectf("metric", "a plan has at most %d goals: leave out some rows", maxGoals)
		return nil, nil
	}
	p.rows = append(p.rows, x)
	p.goals[metric.Name] = x
	p.plan.Spec.Goals = append(p.plan.Spec.Goals, v1alpha1.Goal{Name: metric.Name, Metric: metric.Name, Target: &v1alpha1.Target{Mode: v1alpha1.TargetAbsolute, Value: target}})
	if result != nil {
		result.plan = p
	}
	return p, result
}

// metric returns the metric of a row; nil if there is none.
func (x *record) metric() *v1alpha1.Metric {
	text := x.text("metric")
	names := x.in.program.MetricNames()
	if text == "" {
		x.rejectf("metric", "is empty: write a metric of program %s (%s)", x.in.program.Name, verdict.List(names))
		return nil
	}
	metric := x.in.program.Metric(v1alpha1.Name(chosen(text, names)))
	if metric == nil {
		x.rejectf("metric", "%s", x.in.lacks("metric", text, names))
	}
	return metric
}

// value returns a number of a metric; nothing if the row has none.
func (x *record) value(name string, metric *v1alpha1.Metric) v1alpha1.Decimal {
	currency := ""
	if metric.Unit == v1alpha1.UnitCurrency {
		currency = string(x.in.program.Spec.Currency)
		if code := x.text("currency"); code != "" && !strings.EqualFold(code, currency) {
			x.rejectf("currency", "is %s, and program %s counts in %s; nothing is converted: convert the amounts where they come from", code, x.in.program.Name, currency)
			return ""
		}
	}
	value := x.number(name, currency)
	if value == nil {
		return ""
	}
	text := decimalOf(value, decimal.MaxFractionDigits)
	if text == "" {
		x.rejectf(name, "has more than %d digits after the point: round it", decimal.MaxFractionDigits)
	}
	return text
}

// result returns what a row says was reached; nil if it says nothing.
func (x *record) result(metric *v1alpha1.Metric, span fiscal.Span) *result {
	value := x.value("result", metric)
	if value == "" {
		return nil
	}
	return &result{record: x, metric: metric, day: span.Through, value: string(value)}
}

// planOf begins a plan: with the name of the one that is there for the partner and period, if there is one.
func (in *intake) planOf(partner *v1alpha1.Partner, period v1alpha1.Period, span fiscal.Span, name string) *v1alpha1.JointPlan {
	plan := &v1alpha1.JointPlan{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: kinds.JointPlan},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: partner.Namespace},
		Spec: v1alpha1.JointPlanSpec{PlanTerms: v1alpha1.PlanTerms{
			PartnerRef: v1alpha1.Reference{Name: v1alpha1.Name(partner.Name)}, Period: period,
		}},
	}
	if name == "" {
		if before := in.planThere(plan, span); before != nil {
			plan.Name = before.Name
			return plan
		}
		end := "-" + Slug(in.program.Calendar.Label(span))
		plan.Name = shortened(partner.Name, maxPlan-len(end)) + end
	}
	return plan
}

// planThere returns the plan that is there under the same name, or else the only one of the same partner and period; nil if there is none.
func (in *intake) planThere(plan *v1alpha1.JointPlan, span fiscal.Span) *v1alpha1.JointPlan {
	var same []*v1alpha1.JointPlan
	for _, object := range in.Objects {
		x, ok := object.(*v1alpha1.JointPlan)
		if !ok || x.Namespace != plan.Namespace {
			continue
		}
		if x.Name == plan.Name {
			return x
		}
		if of, err := in.program.Calendar.Period(x.Spec.Period); err == nil && of == span && x.Spec.PartnerRef == plan.Spec.PartnerRef {
			same = append(same, x)
		}
	}
	if plan.Name == "" && len(same) == 1 {
		return same[0]
	}
	return nil
}

// isTaken says what else has the name of a plan; nothing if nothing has.
func (in *intake) isTaken(plan *v1alpha1.JointPlan, span fiscal.Span) string {
	before := in.planThere(plan, span)
	if before == nil {
		return ""
	}
	if of, err := in.program.Calendar.Period(before.Spec.Period); err != nil || of != span || before.Spec.PartnerRef != plan.Spec.PartnerRef {
		return fmt.Sprintf("JointPlan %s/%s is there already, of another period or partner: write another name into a column %q", plan.Namespace, plan.Name, "Object Name")
	}
	return ""
}

// planItem returns a plan as it would be written; nil if all its rows are rejected.
func (in *intake) planItem(p *draftedPlan) (*Item, error) {
	first := p.rows[0]
	slices.SortStableFunc(p.plan.Spec.Goals, func(a, b v1alpha1.Goal) int { return cmp.Compare(p.goals[a.Name].Number, p.goals[b.Name].Number) })
	item := &Item{Object: p.plan, IsNew: true, Place: in.place(first.Number), row: first.Number}
	span, err := in.program.Calendar.Period(p.plan.Spec.Period)
	if err != nil {
		return nil, err
	}
	before := in.planThere(p.plan, span)
	if before == nil {
		return item, nil
	}
	now := &v1alpha1.JointPlan{}
	drafted := p.plan.DeepCopy()
	drafted.Spec.Period = before.Spec.Period // of the same days, perhaps written otherwise
	item.IsNew = false
	item.Changes, err = merge(before, drafted, now)
	item.Object = now
	return item, err
}

// valueColumn is the column of the value among those of results.
const valueColumn = 4

var resultHeaders = []string{"plan", "partner", "metric", "day", "value"}

// rowsOfResults are the results as rows of a table.
type rowsOfResults struct {
	in   *intake
	list []*result
}

// Rows yields a header and the results.
func (s *rowsOfResults) Rows() iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		rowOf := func(number int, texts ...string) table.Row {
			row := table.Row{Number: number}
			for _, text := range texts {
				row.Cells = append(row.Cells, table.Cell{Text: text})
			}
			return row
		}
		if !yield(rowOf(0, resultHeaders...), nil) {
			return
		}
		for _, r := range s.list {
			row := rowOf(r.Number, r.plan.plan.Name, string(r.plan.plan.Spec.PartnerRef.Name), string(r.metric.Name), string(r.day.Date()), r.value)
			row.Cells[valueColumn].Stored = true
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Place says on which row of the sheet a result stands.
func (s *rowsOfResults) Place(row, _ int) string { return s.in.place(row) }

// measure makes measurement sets of results, as the import of results does: what was reported otherwise before is a correction.
func (in *intake) measure(list []*result, drafted []manifest.Object) error {
	list = slices.DeleteFunc(list, func(r *result) bool { return r.isRejected() })
	if len(list) == 0 {
		return nil
	}
	objects := slices.DeleteFunc(slices.Clone(in.Objects), func(x manifest.Object) bool {
		return slices.ContainsFunc(drafted, func(d manifest.Object) bool { return manifest.KeyOf(d) == manifest.KeyOf(x) })
	})
	spec := &importsv1alpha1.ResultsMappingSpec{
		Source:  in.Source,
		Subject: importsv1alpha1.SubjectColumn{Kind: v1alpha1.SubjectJointPlan, Column: "plan", PartnerColumn: "partner"},
		Day:     importsv1alpha1.DayColumn{Column: "day"},
		Values:  []importsv1alpha1.ValueColumn{{Column: "value", MetricColumn: "metric", Currency: in.program.Spec.Currency}},
	}
	outcome, err := results.Import(results.NewDirectory(append(objects, drafted...)), spec, &rowsOfResults{in, list}, results.Options{
		At: in.At, Origin: in.Origin,
		Rejected: func(r results.Rejection) { in.rejectResult(list, r) },
	})
	if err != nil {
		return fmt.Errorf("results: %w", err)
	}
	in.outcome.Results = outcome
	return nil
}

// rejectResult rejects the row of a result.
func (in *intake) rejectResult(list []*result, r results.Rejection) {
	for _, x := range list {
		if in.place(x.Number) == r.Place {
			x.rejectf("result", "%s", r.Message)
			return
		}
	}
}
