package results

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const (
	// maxEntries is how many entries a set may have.
	maxEntries = 500
	// maxName is how many characters the name of a set may have.
	maxName = 63
)

// write makes sets of the facts, and says what is other than before.
func (in *intake) write() error {
	bySubject := map[*Subject]map[measure.Fact]*big.Rat{}
	for key, x := range in.facts {
		if bySubject[key.subject] == nil {
			bySubject[key.subject] = map[measure.Fact]*big.Rat{}
		}
		bySubject[key.subject][measure.Fact{Metric: key.metric, Day: key.day, Cohort: key.cohort}] = x.value
	}
	in.outcome.Subjects = len(bySubject)
	spans := in.spans()
	for _, subject := range in.directory.Of(in.spec.Subject.Kind) {
		facts := bySubject[subject]
		if facts == nil {
			facts = map[measure.Fact]*big.Rat{}
		}
		if err := in.writeAbout(subject, facts, spans); err != nil {
			return err
		}
	}
	return nil
}

// spans returns, of each metric in the rows, the first and last day.
func (in *intake) spans() map[v1alpha1.Name]fiscal.Span {
	spans := map[v1alpha1.Name]fiscal.Span{}
	for key := range in.facts {
		span := spans[key.metric]
		span.From, span.Through = fiscal.Earliest(span.From, key.day), max(span.Through, key.day)
		spans[key.metric] = span
	}
	return spans
}

// writeAbout writes what the rows say about a subject.
func (in *intake) writeAbout(subject *Subject, facts map[measure.Fact]*big.Rat, spans map[v1alpha1.Name]fiscal.Span) error {
	sets := in.directory.setsAbout(subject, in.spec.Source)
	if len(facts) == 0 && len(sets) == 0 && in.CompleteThrough.IsZero() || subject.Program == nil {
		return nil
	}
	last := measure.LastReported(sets)
	isThere := len(facts) > 0
	in.zeros(subject, facts, last, spans)
	reported := map[v1alpha1.Name]fiscal.Day{} // the last day of which a metric was reported
	for fact := range last {
		reported[fact.Metric] = max(reported[fact.Metric], fact.Day)
	}
	var entries, other []v1alpha1.Measurement
	for _, fact := range sorted(facts) {
		entry := v1alpha1.Measurement{Metric: fact.Metric, Day: fact.Day.Date(), Cohort: fact.Cohort.Date(), Value: written(facts[fact])}
		before, found := last[fact]
		switch {
		case found && same(before.Value, facts[fact]):
			in.outcome.Same++
			continue
		case found:
			in.outcome.Corrected++
			in.change(&in.outcome.Changes, subject, fact, before.Value, entry.Value)
			entry.ReportedOn = subject.Program.Today(in.At).Date()
		case fact.Day <= reported[fact.Metric]:
			in.outcome.Added++
			in.change(&in.outcome.Changes, subject, fact, "", entry.Value)
			entry.ReportedOn = subject.Program.Today(in.At).Date()
		default:
			in.outcome.Added++
		}
		entries = append(entries, entry)
		if entry.ReportedOn != "" {
			other = append(other, entry)
		}
	}
	if len(other) > 0 {
		in.outcome.corrections = append(in.outcome.corrections, in.newSet(subject, fmt.Sprintf("corrections-%d", len(in.outcome.corrections)), other))
	}
	in.gone(subject, facts, last, spans, isThere)
	return in.put(subject, sets, entries)
}

func (in *intake) change(list *[]Change, subject *Subject, fact measure.Fact, before, now v1alpha1.Decimal) {
	*list = append(*list, Change{
		Namespace: subject.Namespace, Kind: subject.Kind, Name: subject.Name, Metric: fact.Metric, Day: fact.Day.Date(), Cohort: fact.Cohort.Date(), Old: before, New: now,
	})
}

func same(text v1alpha1.Decimal, amount *big.Rat) bool {
	x, err := decimal.Parse(text)
	return err == nil && x.Cmp(amount) == 0
}

// sorted returns facts by metric, day and cohort.
func sorted[T any](facts map[measure.Fact]T) []measure.Fact {
	list := make([]measure.Fact, 0, len(facts))
	for fact := range facts {
		list = append(list, fact)
	}
	slices.SortFunc(list, func(a, b measure.Fact) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Cohort, b.Cohort))
	})
	return list
}

// zeros adds what the rows do not say and a person states to have been nothing: for each interval from the first of the rows through the day that is
// stated, of each metric of the rows that is added up. Only of a subject that is in the rows with that metric, or of which the source reported it before: a
// zero of a partner that is measured by its plans would take the place of their results.
func (in *intake) zeros(subject *Subject, facts map[measure.Fact]*big.Rat, last map[measure.Fact]measure.Reported, spans map[v1alpha1.Name]fiscal.Span) {
	if in.CompleteThrough.IsZero() {
		return
	}
	for name, span := range spans {
		metric := subject.Program.Metric(name)
		if metric == nil || metric.Behaviour == v1alpha1.BehaviourStock || metric.Reporting == v1alpha1.ReportingCumulative {
			continue
		}
		if !speaksOf(facts, name) && !speaksOf(last, name) {
			continue
		}
		from := max(span.From, subject.begins())
		for _, day := range in.ends(subject, from) {
			fact := measure.Fact{Metric: name, Day: day}
			before, reported := last[fact]
			if said(facts, fact) || reported && same(before.Value, new(big.Rat)) {
				continue
			}
			facts[fact] = new(big.Rat)
			in.outcome.Zeros++
			old := v1alpha1.Decimal("")
			if reported {
				old = before.Value
			}
			in.change(&in.outcome.Zeroed, subject, fact, old, "0")
		}
		for fact := range last { // of days that were reported before and are not in the rows any more
			if fact.Metric == name && fact.Day >= from && fact.Day <= in.CompleteThrough && facts[fact] == nil {
				facts[fact] = new(big.Rat)
			}
		}
	}
}

// begins returns the first day on which a subject can have results; none where that is not known.
func (s *Subject) begins() fiscal.Day {
	since, err := fiscal.ParseDay(s.Partner.Spec.MemberSince)
	if err != nil {
		since = 0
	}
	return max(s.Period.From, since)
}

// speaksOf reports whether there is a fact of a metric.
func speaksOf[T any](facts map[measure.Fact]T, metric v1alpha1.Name) bool {
	for fact := range facts {
		if fact.Metric == metric {
			return true
		}
	}
	return false
}

// said reports whether the rows have a value of the day, of any cohort.
func said(facts map[measure.Fact]*big.Rat, about measure.Fact) bool {
	if facts[about] != nil {
		return true
	}
	for fact := range facts {
		if fact.Metric == about.Metric && fact.Day == about.Day {
			return true
		}
	}
	return false
}

// ends returns the last days of the intervals through the day of which a person states that the rows are complete; where results keep their days, that day
// alone: nothing was added since the entry before.
func (in *intake) ends(subject *Subject, from fiscal.Day) []fiscal.Day {
	through := in.CompleteThrough
	if !subject.Period.IsZero() {
		through = min(through, subject.Period.Through)
	}
	var days []fiscal.Day
	switch in.per {
	case importsv1alpha1.IntervalMonth:
		for day := from.MonthEnd(); day <= through; day = day.AddDays(1).MonthEnd() {
			days = append(days, day)
		}
	case importsv1alpha1.IntervalQuarter:
		for day := subject.Program.Calendar.PeriodContaining(fiscal.Quarter, from).Through; day <= through; {
			days = append(days, day)
			day = subject.Program.Calendar.PeriodContaining(fiscal.Quarter, day.AddDays(1)).Through
		}
	default:
		if through >= from {
			days = append(days, through)
		}
	}
	return days
}

// gone names what was reported before of the days of the rows, and is not in them any more.
func (in *intake) gone(subject *Subject, facts map[measure.Fact]*big.Rat, last map[measure.Fact]measure.Reported, spans map[v1alpha1.Name]fiscal.Span, isThere bool) {
	for _, fact := range sorted(last) {
		span, spoken := spans[fact.Metric]
		if !spoken || !span.Contains(fact.Day) || facts[fact] != nil || same(last[fact].Value, new(big.Rat)) {
			continue
		}
		if !isThere {
			in.outcome.Absent++
			return
		}
		in.change(&in.outcome.Gone, subject, fact, last[fact].Value, "")
	}
}

// put puts entries into the sets of their fiscal years.
func (in *intake) put(subject *Subject, sets []*v1alpha1.MeasurementSet, entries []v1alpha1.Measurement) error {
	years := map[int][]v1alpha1.Measurement{}
	for _, entry := range entries {
		day, err := fiscal.ParseDay(entry.Day)
		if err != nil {
			return err
		}
		year := subject.Program.Calendar.FiscalYearOf(day)
		years[year] = append(years[year], entry)
	}
	for _, year := range sortedKeys(years) {
		if err := in.putYear(subject, sets, year, years[year]); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[T any](m map[int]T) []int {
	keys := make([]int, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// putYear writes the sets of a fiscal year anew: what they had, and the new entries.
func (in *intake) putYear(subject *Subject, sets []*v1alpha1.MeasurementSet, year int, entries []v1alpha1.Measurement) error {
	var own []*v1alpha1.MeasurementSet
	for part := 0; ; part++ {
		name := in.name(subject, year, part)
		at := slices.IndexFunc(sets, func(x *v1alpha1.MeasurementSet) bool { return x.Name == name })
		if at < 0 {
			break
		}
		own = append(own, sets[at])
	}
	all := make([]v1alpha1.Measurement, 0, len(entries))
	for _, x := range own {
		for _, entry := range x.Spec.Entries {
			if !slices.ContainsFunc(entries, func(e v1alpha1.Measurement) bool { return supersedes(&e, &entry) }) {
				all = append(all, entry)
			}
		}
	}
	all = append(all, entries...)
	slices.SortStableFunc(all, func(a, b v1alpha1.Measurement) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Cohort, b.Cohort), cmp.Compare(a.ReportedOn, b.ReportedOn))
	})
	for part := 0; len(all) > 0; part++ {
		n := min(len(all), maxEntries)
		var before *v1alpha1.MeasurementSet
		if part < len(own) {
			before = own[part]
		}
		if before == nil || !slices.Equal(before.Spec.Entries, all[:n]) {
			set, err := in.set(subject, in.name(subject, year, part), before, all[:n])
			if err != nil {
				return err
			}
			in.outcome.Sets = append(in.outcome.Sets, set)
		}
		all = all[n:]
	}
	return nil
}

// supersedes reports whether a correction takes the place of one of the same day of report: nobody could tell them apart.
func supersedes(entry, before *v1alpha1.Measurement) bool {
	return entry.ReportedOn != "" && entry.Metric == before.Metric && entry.Day == before.Day && entry.Cohort == before.Cohort && entry.ReportedOn == before.ReportedOn
}

// set returns a set, with the labels and annotations that it had.
func (in *intake) set(subject *Subject, name string, before *v1alpha1.MeasurementSet, entries []v1alpha1.Measurement) (*v1alpha1.MeasurementSet, error) {
	if taken := in.directory.taken[manifest.Key{Kind: kinds.MeasurementSet, Namespace: subject.Namespace, Name: name}]; taken != nil && before == nil {
		return nil, fmt.Errorf("MeasurementSet %s/%s is there already and holds results of %s %s from source %s, not of %s from %s: rename it",
			subject.Namespace, name, taken.Spec.SubjectRef.Kind, taken.Spec.SubjectRef.Name, taken.Spec.Source, subject, in.spec.Source)
	}
	set := in.newSet(subject, name, entries)
	if before != nil {
		copied := before.DeepCopy()
		set.Labels, set.Annotations = copied.Labels, copied.Annotations
	}
	if in.Origin != "" {
		if set.Annotations == nil {
			set.Annotations = map[string]string{}
		}
		set.Annotations[v1alpha1.AnnotationImportedFrom] = in.Origin
	}
	return set, nil
}

func (in *intake) newSet(subject *Subject, name string, entries []v1alpha1.Measurement) *v1alpha1.MeasurementSet {
	return &v1alpha1.MeasurementSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: kinds.MeasurementSet},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: subject.Namespace},
		Spec: v1alpha1.MeasurementSetSpec{
			SubjectRef: v1alpha1.SubjectReference{Kind: subject.Kind, Name: v1alpha1.Name(subject.Name)},
			Source:     in.spec.Source, Entries: slices.Clone(entries),
		},
	}
}

// name returns the name of a set: what it is about, its source and fiscal year, and a number from the second part of a year on.
func (in *intake) name(subject *Subject, year, part int) string {
	kind := map[v1alpha1.SubjectKind]string{
		v1alpha1.SubjectPartner: "partner", v1alpha1.SubjectJointPlan: "plan", v1alpha1.SubjectCampaign: "campaign",
	}[subject.Kind]
	end := fmt.Sprintf("-%s-fy%d", in.spec.Source, year)
	if part > 0 {
		end += fmt.Sprintf("-%d", part+1)
	}
	name := kind + "-" + subject.Name + end
	if len(name) <= maxName {
		return name
	}
	const digits = 4
	sum := sha256.Sum256([]byte(name))
	hash := "-" + hex.EncodeToString(sum[:digits])
	return strings.TrimRight(name[:maxName-len(hash)], "-") + hash
}
