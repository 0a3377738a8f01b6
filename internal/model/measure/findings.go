package measure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxNamed is how many objects a message names before it only counts them.
const maxNamed = 3

// Findings returns what is wrong in the measurements about the subject, and which of them do not count because others say the same. None is an
// Error: what is wrong in a set is its own Error and Stalled.
func (b *Book) Findings() []v1alpha1.Finding {
	return b.FindingsFor(func(v1alpha1.Name) bool { return true })
}

// FindingsFor returns the same, but that a level is not added up only for the metrics of which somebody asks the subject's level.
func (b *Book) FindingsFor(asked func(metric v1alpha1.Name) bool) []v1alpha1.Finding {
	if b == nil || b.root == nil {
		return nil
	}
	findings := &verdict.Findings{}
	ignored := map[*v1alpha1.MeasurementSet]int{}
	for name, places := range b.root.places.of {
		if b.program.Metric(name) == nil {
			for _, place := range places {
				ignored[place.set]++
			}
		}
	}
	for i := range b.program.Spec.Metrics {
		name := b.program.Spec.Metrics[i].Name
		r := b.resolve(name)
		if r == nil || r.metric != &b.program.Spec.Metrics[i] { // a metric that stands there twice
			continue
		}
		rows := r.rows[b.root.index]
		sourceFindings(findings, r.metric, &b.root.subject, rows)
		repeatFindings(findings, r.metric, rows)
		b.relationFindings(findings, r, asked(name))
		for i := range rows {
			if rows[i].fate == invalid || rows[i].fate == wrongUnit || rows[i].fate == beforePeriod || rows[i].fate == computed {
				ignored[rows[i].set]++
			}
		}
	}
	b.dealFindings(findings)
	for _, set := range b.root.sets {
		if n := ignored[set]; n > 0 {
			findings.Warningf(RuleEntriesIgnored, fieldOf(set, "spec.entries"),
				"%s of %d in MeasurementSet %s cannot be used and %s not count: see its findings",
				entries(n), len(set.Spec.Entries), set.Name, verb(n, "does", "do"))
		}
	}
	return findings.List()
}

// sourceFindings says which sources do not count.
func sourceFindings(findings *verdict.Findings, metric *v1alpha1.Metric, about *subject, rows []row) {
	counting := countingSource(metric, rows)
	for start := 0; start < len(rows); {
		source := rows[start].set.Spec.Source
		end := start
		var first *row
		n := 0
		for ; end < len(rows) && rows[end].set.Spec.Source == source; end++ {
			if !ofAnotherSource(rows[end].fate) {
				continue
			}
			n++
			if first == nil || rows[end].set.Name < first.set.Name {
				first = &rows[end]
			}
		}
		if first != nil {
			sourceFinding(findings, fieldOf(first.set, "spec.source"), metric, about, first, n, counting)
		}
		start = end
	}
}

// ofAnotherSource reports whether an entry does not count because of its source.
func ofAnotherSource(f fate) bool { return f == notOfRecord || f == secondSource || f == unvouched }

// sourceFinding says that n entries, one of which is given, do not count because of their source.
func sourceFinding(
	findings *verdict.Findings, field string, metric *v1alpha1.Metric, about *subject, one *row, n int, counting v1alpha1.Name,
) {
	what := fmt.Sprintf("%s of %s about %s from source %s %s not count",
		entries(n), metric.Name, about, one.set.Spec.Source, verb(n, "does", "do"))
	if one.fate == notOfRecord {
		findings.Warningf(RuleSourceNotOfRecord, field, "%s: the program names %s as the metric's source of record, and only what that reports counts; if it is "+
			"wrong or missing there, have it corrected; otherwise nothing is to be done", what, counting)
		return
	}
	if one.fate == unvouched {
		findings.Warningf(RuleNotVouchedFor, field, "%s: the partner reports %s about itself; let the vendor's system report %s, or name %s as the metric's "+
			"sourceOfRecord in the program", what, verb(n, "it", "them"), verb(n, "it", "them"), v1alpha1.SourcePartnerReported)
		return
	}
	why := ", which is first by name,"
	if one.set.Spec.Source == v1alpha1.SourcePartnerReported {
		why = ", which is the vendor's,"
	}
	findings.Warningf(RuleSecondSource, field,
		"%s, because source %s%s reports them too: keep one source, or name the metric's sourceOfRecord in the program", what, counting, why)
}

// repeatFindings says how many entries are reported twice, with the first of them.
func repeatFindings(findings *verdict.Findings, metric *v1alpha1.Metric, rows []row) {
	var again, otherwise, changed []*row
	for i := range rows {
		switch rows[i].fate {
		case repeated:
			again = append(again, &rows[i])
		case contradicted:
			otherwise = append(otherwise, &rows[i])
		case corrected:
			changed = append(changed, &rows[i])
		default:
		}
	}
	if len(again) > 0 {
		x := again[0]
		findings.Infof(RuleEntryRepeated, fieldOf(x.set, entryField(x.pos)),
			"%s of %s %s reported twice with the same value and counted once, first that of %s",
			entries(len(again)), metric.Name, verb(len(again), "is", "are"), x.on)
	}
	if len(otherwise) > 0 {
		x := otherwise[0]
		findings.Warningf(RuleEntryContradicted, fieldOf(x.set, entryField(x.pos)),
			"%s of %s %s reported twice with different values, first that of %s: %s is taken from %s of MeasurementSet %s, not %s; remove the wrong one",
			entries(len(otherwise)), metric.Name, verb(len(otherwise), "is", "are"), x.on,
			x.winner.entry().Value, entryField(x.winner.pos), x.winner.set.Name, x.entry().Value)
	}
	correctedFinding(findings, metric, changed)
}

// correctedFinding says how many entries were corrected, with the newest correction.
func correctedFinding(findings *verdict.Findings, metric *v1alpha1.Metric, changed []*row) {
	if len(changed) == 0 {
		return
	}
	x := slices.MaxFunc(changed, func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.winner.from, b.winner.from), cmp.Compare(b.pos, a.pos))
	})
	findings.Infof(RuleEntryCorrected, fieldOf(x.set, entryField(x.pos)), "%s of %s %s corrected later, most recently on %s that of %s, from %s to %s",
		entries(len(changed)), metric.Name, verb(len(changed), "was", "were"), x.winner.known, x.on, x.entry().Value, x.winner.entry().Value)
}

// relationFindings says what the subject and those below it report about the same results. Where nobody asked for the subject's level, none is missed.
func (b *Book) relationFindings(findings *verdict.Findings, r *resolution, asked bool) {
	f := &r.figures[b.root.index]
	var below []*node
	for _, n := range b.root.below {
		if r.figures[n.index].any() {
			below = append(below, n)
		}
	}
	switch {
	case len(below) == 0:
	case r.metric.Behaviour == v1alpha1.BehaviourStock:
		if asked && len(f.own) == 0 {
			findings.Infof(RuleLevelNotAdded, fieldOf(below[0].firstSet(r), "spec.subjectRef"),
				"%s is a level and cannot be added up over %s: measure it about %s", r.metric.Name, subjects(below), &b.root.subject)
		}
	case b.root.kind == v1alpha1.SubjectJointPlan && len(f.own) > 0:
		findings.Infof(RuleCountedOnce, fieldOf(below[0].firstSet(r), "spec.subjectRef"),
			"%s is measured about %s and again about %s: where the plan has figures of its own, only these count",
			r.metric.Name, &b.root.subject, subjects(below))
	case len(f.own) == 0:
		nestFindings(findings, r, below)
	}
}

// nestFindings says which plans report the same results, each beside the first that does. The plans are in order of the first days of their periods.
func nestFindings(findings *verdict.Findings, r *resolution, plans []*node) {
	var open []*node // those that may share a day with the following ones
	for _, inner := range plans {
		open = slices.DeleteFunc(open, func(outer *node) bool { return outer.period.Through < inner.period.From })
		at := slices.IndexFunc(open, func(outer *node) bool { return outer.shares(inner) })
		open = append(open, inner)
		if at < 0 {
			continue
		}
		outer, field := open[at], fieldOf(inner.firstSet(r), "spec.subjectRef")
		if outer.period.Covers(inner.period) {
			findings.Infof(RuleCountedOnce, field, "%s is measured about %s and again about %s, whose period lies within the former's: only the former counts",
				r.metric.Name, &outer.subject, &inner.subject)
			continue
		}
		findings.Warningf(RulePlansOverlap, field,
			"%s is measured about %s and %s, whose periods share %s: of these days only the former counts; measure it about the partner, "+
				"or let the periods not overlap",
			r.metric.Name, &outer.subject, &inner.subject, outer.period.Intersect(inner.period))
	}
}

// firstSet returns the first set by name that measures a metric about the subject, or else about one below it.
func (n *node) firstSet(r *resolution) *v1alpha1.MeasurementSet {
	var first *v1alpha1.MeasurementSet
	for i := range r.rows[n.index] {
		if x := &r.rows[n.index][i]; x.fate == counts && (first == nil || x.set.Name < first.Name) {
			first = x.set
		}
	}
	for _, child := range n.below {
		if first != nil {
			break
		}
		first = child.firstSet(r)
	}
	return first
}

// subjects names subjects of one kind, such as "Campaign a, b and 4 more".
func subjects(list []*node) string {
	names := make([]string, 0, maxNamed)
	for _, n := range list[:min(len(list), maxNamed)] {
		names = append(names, string(n.name))
	}
	text := string(list[0].kind) + " " + strings.Join(names, ", ")
	if more := len(list) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// fieldOf returns the path of a field of a set, for findings about another object.
func fieldOf(set *v1alpha1.MeasurementSet, field string) string {
	if set == nil {
		return ""
	}
	return "measurementsets/" + set.Name + "." + field
}

func entryField(pos int) string { return fmt.Sprintf("spec.entries[%d]", pos) }

func entries(n int) string { return fmt.Sprintf("%d %s", n, verb(n, "entry", "entries")) }

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
