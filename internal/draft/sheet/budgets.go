package sheet

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/money"
)

// budgets makes budgets of the rows.
func (in *intake) budgets() error {
	there := map[string]*v1alpha1.MDFBudget{}
	for _, object := range in.Objects {
		if x, ok := object.(*v1alpha1.MDFBudget); ok {
			there[x.Name] = x
		}
	}
	first := map[string]*record{}
	for _, x := range in.rows {
		budget := x.budget(first)
		if x.isRejected() {
			continue
		}
		item := &Item{Object: budget, IsNew: true, Place: in.place(x.Number), row: x.Number}
		if before := there[budget.Name]; before != nil {
			now := &v1alpha1.MDFBudget{}
			changes, err := merge(before, x.said(budget), now)
			if err != nil {
				return err
			}
			item.Object, item.IsNew, item.Changes = now, false, changes
		}
		in.outcome.Items = append(in.outcome.Items, item)
	}
	return nil
}

// budget reads a row.
func (x *record) budget(first map[string]*record) *v1alpha1.MDFBudget {
	title := x.title("displayName")
	name := x.objectName("name")
	switch {
	case title == "":
		x.rejectf("displayName", "is empty: write the budget's name, or leave out such rows with skip in the mapping")
		return nil
	case name == "":
		if name = shortened(Slug(string(title)), maxName); name == "" {
			x.rejectf("displayName", "no object name can be made of it, as its letters are not Latin: write one into a column %q", "Object Name")
			return nil
		}
	}
	if before := first[name]; before != nil {
		x.rejectf("displayName", "would have the object name %s, which %q on %s has: remove one of the two, or write other names into a column %q",
			name, before.text("displayName"), x.in.place(before.Number), "Object Name")
		return nil
	}
	first[name] = x
	budget := &v1alpha1.MDFBudget{}
	period, span := x.period()
	if x.in.Template != nil {
		budget.Spec = templateOf(x.in, span)
	}
	budget.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: kinds.MDFBudget}
	budget.ObjectMeta = metav1.ObjectMeta{Name: name}
	spec := &budget.Spec
	spec.DisplayName, spec.ProgramRef, spec.Period = title, v1alpha1.Reference{Name: x.in.program.Name}, period
	spec.Amount = x.money("amount")
	x.readLabels(spec)
	x.readActivities(spec)
	if by := x.date("requestBy"); by != "" {
		spec.RequestBy = by
	}
	if by := x.date("receivedBy"); by != "" {
		if spec.Claims == nil {
			spec.Claims = &v1alpha1.ClaimPolicy{}
		}
		spec.Claims.ReceivedBy = by
	}
	if last := span.Through.Date(); spec.RequestBy > last && !span.IsZero() {
		x.rejectf("requestBy", "%s is after the end of the budget's period, %s: correct one of the two", spec.RequestBy, last)
	}
	return budget
}

// said leaves of a budget what its row says: what the template says is for new budgets.
func (x *record) said(budget *v1alpha1.MDFBudget) *v1alpha1.MDFBudget {
	s := &budget.Spec
	said := &v1alpha1.MDFBudget{TypeMeta: budget.TypeMeta, ObjectMeta: budget.ObjectMeta, Spec: v1alpha1.MDFBudgetSpec{
		DisplayName: s.DisplayName, ProgramRef: s.ProgramRef, Period: s.Period, Amount: s.Amount,
	}}
	if x.text("labels") != "" {
		said.Spec.AllowedNamespaces = s.AllowedNamespaces
	}
	if x.text("activities") != "" {
		said.Spec.Activities = s.Activities
	}
	if x.text("requestBy") != "" {
		said.Spec.RequestBy = s.RequestBy
	}
	if x.text("receivedBy") != "" {
		said.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: s.Claims.ReceivedBy}
	}
	return said
}

// templateOf returns what a template says of a budget of a period. Its last days are those of its own period alone.
func templateOf(in *intake, span fiscal.Span) v1alpha1.MDFBudgetSpec {
	spec := *in.Template.Spec.DeepCopy()
	spec.Recovery = nil
	if of, err := in.program.Calendar.Period(spec.Period); err != nil || of != span {
		spec.RequestBy = ""
		if spec.Claims != nil {
			spec.Claims.ReceivedBy = ""
		}
	}
	return spec
}

// money returns an amount of the row.
func (x *record) money(name string) v1alpha1.Money {
	currency := x.currency(name)
	if x.isRejected() {
		return v1alpha1.Money{}
	}
	value := x.number(name, string(currency))
	digits, err := money.Digits(currency)
	switch {
	case x.isRejected():
		return v1alpha1.Money{}
	case value == nil:
		x.rejectf(name, "is empty: write the amount; a budget of nothing is 0")
		return v1alpha1.Money{}
	case err != nil:
		x.rejectf("currency", "%s", err)
		return v1alpha1.Money{}
	}
	amount := v1alpha1.Decimal(value.FloatString(digits))
	if decimalOf(value, digits) == "" {
		x.rejectf(name, "has more digits after the point than %s has, %d: round it", currency, digits)
	}
	if _, err := money.Parse(amount, currency); err != nil {
		x.rejectf(name, "%s", err)
	}
	return v1alpha1.Money{Amount: amount, Currency: currency}
}

// readLabels reads which namespaces may draw on the budget.
func (x *record) readLabels(spec *v1alpha1.MDFBudgetSpec) {
	labels := map[string]string{}
	for _, part := range x.list("labels") {
		key, value, found := strings.Cut(part, "=")
		if key, value = strings.TrimSpace(key), strings.TrimSpace(value); !found || key == "" || value == "" {
			x.rejectf("labels", "%q is not a label: write KEY=VALUE, as the namespaces have it whose partners may draw on the budget", part)
			return
		}
		labels[key] = value
	}
	if len(labels) > 0 {
		spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: labels}}
	}
}

// readActivities reads what the budget funds.
func (x *record) readActivities(spec *v1alpha1.MDFBudgetSpec) {
	names := x.in.program.ActivityNames()
	var list []v1alpha1.ActivityType
	for _, part := range x.list("activities") {
		activity := chosen(part, names)
		if activity == "" {
			x.rejectf("activities", "%s", x.in.lacks("activity", part, names))
			continue
		}
		list = append(list, v1alpha1.ActivityType(activity))
	}
	if len(list) > 0 {
		spec.Activities = list
	}
}
