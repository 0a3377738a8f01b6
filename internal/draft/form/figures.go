package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// Names adds to the lists the names of the objects of a namespace that fields refer to.
func (l Lists) Names(objects []manifest.Object, namespace string) {
	for _, object := range objects {
		if object.GetNamespace() != namespace {
			continue
		}
		switch x := object.(type) {
		case *v1alpha1.Partner:
			l.Add("Partners", x.Name)
			for i := range x.Status.Budgets {
				l.Add("Budgets", string(x.Status.Budgets[i].Name))
			}
		case *v1alpha1.JointPlan:
			l.Add("Plans", x.Name)
		case *v1alpha1.MDFAllocation:
			l.Add("Requests", x.Name)
		default:
		}
	}
}

// OfPlan adds the names of a plan that a request refers to.
func (l Lists) OfPlan(plan *v1alpha1.JointPlan) {
	for i := range plan.Spec.Activities {
		l.Add("Planned activities", string(plan.Spec.Activities[i].Name))
	}
	for i := range plan.Spec.Goals {
		l.Add("Goals of the plan", string(plan.Spec.Goals[i].Name))
	}
}

// Explained returns the catalogue of a program as tables for looking things up.
func Explained(program *v1alpha1.PartnerProgramSpec) []Table {
	metrics := Table{Title: "Metrics", Header: []string{"Name", "Unit", "Source that counts", "What is measured"}}
	for i := range program.Metrics {
		m := &program.Metrics[i]
		metrics.Rows = append(metrics.Rows, []string{string(m.Name), string(m.Unit), string(m.SourceOfRecord), string(m.Definition)})
	}
	initiatives := Table{Title: "Initiatives", Header: []string{"Name", "Title", "From", "Through"}}
	for i := range program.Initiatives {
		x := &program.Initiatives[i]
		initiatives.Rows = append(initiatives.Rows, []string{string(x.Name), string(x.Title), string(x.From), string(x.Through)})
	}
	activities := Table{Title: "Activities", Header: []string{"Type", "Percent of the net cost that is paid", "Business days to ask ahead", "Proofs that a claim must bring"}}
	for i := range program.Activities {
		x := &program.Activities[i]
		var proofs []string
		for _, proof := range x.Proofs {
			proofs = append(proofs, string(proof))
		}
		ahead := ""
		if x.LeadTimeBusinessDays != nil {
			ahead = fmt.Sprint(*x.LeadTimeBusinessDays)
		}
		activities.Rows = append(activities.Rows, []string{string(x.Type), string(x.ReimbursementPercent), ahead, strings.Join(proofs, ", ")})
	}
	return []Table{metrics, initiatives, activities}
}

// Figures returns what is known of a partner when its next goals are set: the last value that was reported of each metric, and what became of the goals of
// its plans, the newest first. Except leaves out a plan.
func Figures(objects []manifest.Object, namespace, partner, except string) []Table {
	return []Table{lastValues(objects, namespace), lastGoals(objects, namespace, partner, except)}
}

// reported is the last value of a metric about a subject.
type reported struct {
	entry   *v1alpha1.Measurement
	subject string
	source  v1alpha1.Name
}

func lastValues(objects []manifest.Object, namespace string) Table {
	newest := map[string]reported{}
	for _, object := range objects {
		set, ok := object.(*v1alpha1.MeasurementSet)
		if !ok || set.Namespace != namespace || set.Spec.SubjectRef.Kind == v1alpha1.SubjectCampaign {
			continue
		}
		about := strings.ToLower(string(set.Spec.SubjectRef.Kind)) + "/" + string(set.Spec.SubjectRef.Name)
		for i := range set.Spec.Entries {
			entry := &set.Spec.Entries[i]
			key := string(entry.Metric) + " " + about
			if old, found := newest[key]; !found || entry.Day > old.entry.Day || entry.Day == old.entry.Day && entry.ReportedOn > old.entry.ReportedOn {
				newest[key] = reported{entry, about, set.Spec.Source}
			}
		}
	}
	t := Table{Title: "Last values that were reported", Header: []string{"Metric", "Value", "Through", "About", "Source"}}
	for _, x := range newest {
		t.Rows = append(t.Rows, []string{string(x.entry.Metric), string(x.entry.Value), string(x.entry.Day), x.subject, string(x.source)})
	}
	slices.SortFunc(t.Rows, func(a, b []string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[2], a[2]), cmp.Compare(a[3], b[3]))
	})
	return t
}

func lastGoals(objects []manifest.Object, namespace, partner, except string) Table {
	var plans []*v1alpha1.JointPlan
	for _, object := range objects {
		plan, ok := object.(*v1alpha1.JointPlan)
		if ok && plan.Namespace == namespace && string(plan.Spec.PartnerRef.Name) == partner && plan.Name != except {
			plans = append(plans, plan)
		}
	}
	slices.SortFunc(plans, func(a, b *v1alpha1.JointPlan) int {
		return cmp.Or(cmp.Compare(b.Status.PeriodLabel, a.Status.PeriodLabel), cmp.Compare(a.Name, b.Name))
	})
	t := Table{Title: "Goals of the partner's plans", Header: []string{"Plan", "Goal", "Metric", "Target", "Actual", "As of", "Attainment in percent"}}
	for _, plan := range plans {
		for i := range plan.Status.Goals {
			goal := &plan.Status.Goals[i]
			attained, metric := "", ""
			if goal.AttainmentPercent != nil {
				attained = fmt.Sprint(*goal.AttainmentPercent)
			}
			for j := range plan.Spec.Goals {
				if plan.Spec.Goals[j].Name == goal.Name {
					metric = string(plan.Spec.Goals[j].Metric)
				}
			}
			t.Rows = append(t.Rows, []string{plan.Name, string(goal.Name), metric, string(goal.Target), string(goal.Actual), string(goal.AsOf), attained})
		}
	}
	return t
}

// Reported compares the values of a form with what was reported before by the same source about the same subject. What is the same is left out; what is
// other is a correction, known since a day. Entries of a set that has the name of the one that is made stay in it.
func (r *Returned) Reported(objects []manifest.Object, on v1alpha1.Date) {
	subject, _ := r.Spec["subjectRef"].(map[string]any)
	before := map[string]*v1alpha1.Measurement{}
	var kept []any
	for _, object := range objects {
		set, ok := object.(*v1alpha1.MeasurementSet)
		if !ok || set.Namespace != r.Form.Namespace || string(set.Spec.SubjectRef.Kind) != textOf(subject["kind"]) ||
			string(set.Spec.SubjectRef.Name) != textOf(subject["name"]) || string(set.Spec.Source) != textOf(r.Spec["source"]) {
			continue
		}
		for i := range set.Spec.Entries {
			entry := &set.Spec.Entries[i]
			key := string(entry.Metric) + " " + string(entry.Day)
			if old := before[key]; entry.Cohort == "" && (old == nil || old.ReportedOn <= entry.ReportedOn) {
				before[key] = entry
			}
		}
		if set.Name == r.Form.Name {
			kept = entriesOf(set)
		}
	}
	list := r.root.step(valuesMark)
	entries, _ := r.Spec[valuesMark].([]any)
	var fresh []any
	var items []*node
	for i, item := range entries {
		entry, _ := item.(map[string]any)
		old := before[textOf(entry["metric"])+" "+textOf(entry["day"])]
		if old != nil && string(old.Value) == textOf(entry["value"]) {
			continue
		}
		if old != nil {
			entry["reportedOn"] = string(on)
			r.Problems = append(r.Problems, Problem{
				Place: list.items[i].place, Severity: string(v1alpha1.SeverityInfo),
				Message: fmt.Sprintf("was reported as %s before: it is taken as a correction that became known on %s", old.Value, on),
			})
		}
		fresh, items = append(fresh, entry), append(items, list.items[i])
	}
	list.items, r.Spec[valuesMark] = items, append(fresh, kept...)
	r.order()
}

// entriesOf returns the entries of a set as JSON has them.
func entriesOf(set *v1alpha1.MeasurementSet) []any {
	var list []any
	for i := range set.Spec.Entries {
		entry := &set.Spec.Entries[i]
		content := map[string]any{}
		for name, value := range map[string]string{
			"metric": string(entry.Metric), "day": string(entry.Day), "value": string(entry.Value), "unit": string(entry.Unit),
			"cohort": string(entry.Cohort), "reportedOn": string(entry.ReportedOn),
		} {
			if value != "" {
				content[name] = value
			}
		}
		list = append(list, content)
	}
	return list
}

// Object returns the object as a manifest has it, under a name.
func (r *Returned) Object(name string) map[string]any {
	metadata := map[string]any{"name": name}
	if r.Form.Namespace != "" {
		metadata["namespace"] = r.Form.Namespace
	}
	if len(r.Form.Labels) > 0 {
		labels := map[string]any{}
		for key, value := range r.Form.Labels {
			labels[key] = value
		}
		metadata["labels"] = labels
	}
	return map[string]any{"apiVersion": v1alpha1.GroupVersion.String(), "kind": r.Form.Kind, "metadata": metadata, "spec": r.Spec}
}
