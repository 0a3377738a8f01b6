package measure

import (
	"math"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// EvaluateSet says what was read of a set, and when that may change although no spec does (the zero time: never). Which of two sources or
// two entries counts depends on the other sets about the subject in the snapshot.
func EvaluateSet(p *snapshot.Snapshot, set *v1alpha1.MeasurementSet, now time.Time) (v1alpha1.MeasurementSetStatus, time.Time) {
	findings, horizon := &verdict.Findings{}, verdict.NewHorizon(now)
	status := v1alpha1.MeasurementSetStatus{Latest: latest(set).Date(), Entries: new(count(len(set.Spec.Entries))), Ignored: new(int32(0))}
	about, prog := locate(p, set, findings)
	if prog == nil {
		*status.Ignored = *status.Entries
	} else {
		e := setEvaluation{set: set, about: about, program: prog, today: prog.Today(now), findings: findings, horizon: horizon}
		*status.Ignored = count(e.evaluate())
	}
	conditions := verdict.NewConditions(set.Status.Conditions, set.Generation, now)
	conditions.Readiness(findings)
	status.ObservedGeneration = set.Generation
	status.Conditions = conditions.List()
	status.Findings = findings.List()
	return status, horizon.Next()
}

// count is a number of entries for a status; the schema allows 500.
func count(n int) int32 { return int32(min(max(n, 0), math.MaxInt32)) }

// latest returns the newest day of all entries.
func latest(set *v1alpha1.MeasurementSet) fiscal.Day {
	var newest fiscal.Day
	for i := range set.Spec.Entries {
		if on, err := fiscal.ParseDay(set.Spec.Entries[i].Day); err == nil {
			newest = max(newest, on)
		}
	}
	return newest
}

// locate finds the subject of a set, and its program by way of campaign, plan and partner. It returns no program, and a finding says why, when one
// of them is missing.
func locate(p *snapshot.Snapshot, set *v1alpha1.MeasurementSet, findings *verdict.Findings) (*subject, *program.Program) {
	reference := set.Spec.SubjectRef
	about := &subject{kind: reference.Kind, name: reference.Name, sets: setsAbout(p, set)}
	chain := chain{snapshot: p, findings: findings, field: "spec.subjectRef.name"}
	switch reference.Kind {
	case v1alpha1.SubjectCampaign:
		plan, prog := chain.campaign(reference.Name)
		if prog != nil {
			about.period = periodOf(prog, plan)
		}
		return about, prog
	case v1alpha1.SubjectJointPlan:
		plan, prog := chain.plan(reference.Name, "")
		if prog != nil {
			about.period = periodOf(prog, plan)
		}
		return about, prog
	case v1alpha1.SubjectPartner:
		return about, chain.partner(reference.Name, "")
	default:
		findings.Errorf(verdict.RuleReferenceNotFound, "spec.subjectRef.kind", "%q is no kind of subject: write Partner, JointPlan or Campaign", reference.Kind)
		return about, nil
	}
}

// setsAbout returns the sets about the same subject by name, this one as it was handed in.
func setsAbout(p *snapshot.Snapshot, set *v1alpha1.MeasurementSet) []*v1alpha1.MeasurementSet {
	list := []*v1alpha1.MeasurementSet{set}
	for _, other := range p.MeasurementsAbout(set.Spec.SubjectRef.Kind, set.Spec.SubjectRef.Name) {
		if other.Name != set.Name {
			list = append(list, other)
		}
	}
	return list
}

// chain follows references up to the program.
type chain struct {
	snapshot *snapshot.Snapshot
	findings *verdict.Findings
	field    string
}

func (c chain) missing(kind, name, of string, candidates []string) {
	message := verdict.NotFound(kind, name, candidates) + of
	if !strings.HasSuffix(message, "?") {
		message += "."
	}
	c.findings.Errorf(verdict.RuleReferenceNotFound, c.field, "%s Its results count for nothing until it exists", message)
}

func (c chain) campaign(name v1alpha1.Name) (*v1alpha1.JointPlan, *program.Program) {
	campaign := c.snapshot.Campaign(name)
	if campaign == nil {
		c.missing(kinds.Campaign, string(name), "", c.snapshot.CampaignNames())
		return nil, nil
	}
	return c.plan(campaign.Spec.PlanRef.Name, ", the plan of Campaign "+string(name))
}

func (c chain) plan(name v1alpha1.Name, of string) (*v1alpha1.JointPlan, *program.Program) {
	plan := c.snapshot.Plan(name)
	if plan == nil {
		c.missing(kinds.JointPlan, string(name), of, c.snapshot.PlanNames())
		return nil, nil
	}
	return plan, c.partner(plan.Spec.PartnerRef.Name, ", the partner of JointPlan "+string(name))
}

func (c chain) partner(name v1alpha1.Name, of string) *program.Program {
	partner := c.snapshot.Partner(name)
	if partner == nil {
		c.missing(kinds.Partner, string(name), of, c.snapshot.PartnerNames())
		return nil
	}
	prog := c.snapshot.ProgramOf(partner)
	if prog == nil {
		c.missing(kinds.PartnerProgram, string(partner.Spec.ProgramRef.Name), ", the program of Partner "+string(name), c.snapshot.ProgramNames())
	}
	return prog
}

// setEvaluation reads a set whose subject and program are known.
type setEvaluation struct {
	set      *v1alpha1.MeasurementSet
	about    *subject
	program  *program.Program
	today    fiscal.Day
	findings *verdict.Findings
	horizon  *verdict.Horizon
}

// evaluate returns the number of entries that do not count.
func (e *setEvaluation) evaluate() int {
	ignored := 0
	byMetric := e.rows()
	for i := range e.set.Spec.Entries { // in their order, each metric once
		metric := e.set.Spec.Entries[i].Metric
		rows := byMetric[metric]
		if rows == nil {
			continue
		}
		delete(byMetric, metric)
		definition := e.program.Metric(metric)
		if definition == nil {
			ignored += e.unknown(metric, rows)
			continue
		}
		reader{program: e.program, metric: definition, today: e.today, unvouched: e.about.kind == v1alpha1.SubjectCampaign}.read(e.about, rows)
		for j := range rows {
			if rows[j].fate == inFuture {
				e.horizon.At(e.program.Calendar.StartOf(rows[j].on))
			}
		}
		mine := slices.DeleteFunc(slices.Clone(rows), func(x row) bool { return x.set != e.set })
		ignored += e.judge(definition, mine, rows)
	}
	return ignored
}

// rows returns the entries about the subject of those metrics that the set gives.
func (e *setEvaluation) rows() map[v1alpha1.Name][]row {
	byMetric := map[v1alpha1.Name][]row{}
	for i := range e.set.Spec.Entries {
		metric := e.set.Spec.Entries[i].Metric
		byMetric[metric] = append(byMetric[metric], row{set: e.set, pos: i})
	}
	for _, other := range e.about.sets {
		if other == e.set {
			continue
		}
		for i := range other.Spec.Entries {
			if rows := byMetric[other.Spec.Entries[i].Metric]; rows != nil {
				byMetric[other.Spec.Entries[i].Metric] = append(rows, row{set: other, pos: i})
			}
		}
	}
	return byMetric
}

func (e *setEvaluation) unknown(metric v1alpha1.Name, rows []row) int {
	n := 0
	for i := range rows {
		if rows[i].set != e.set {
			continue
		}
		n++
		e.findings.Errorf(RuleEntryMetricUnknown, entryField(rows[i].pos)+".metric", "the entry does not count, because program %s has %s",
			e.program.Name, verdict.NoSuch("metric", string(metric), e.program.MetricNames()))
	}
	return n
}

// judge finds what is wrong with the entries of one metric. It returns the number of those that do not count.
func (e *setEvaluation) judge(metric *v1alpha1.Metric, mine, all []row) int {
	ignored := 0
	for i := range mine {
		x := &mine[i]
		if x.fate != counts {
			ignored++
		}
		e.judgeEntry(metric, x)
	}
	e.judgeSource(metric, mine, all)
	return ignored
}

func (e *setEvaluation) judgeEntry(metric *v1alpha1.Metric, x *row) {
	field := entryField(x.pos)
	switch x.fate {
	case invalid:
		e.judgeInvalid(x)
	case wrongUnit:
		e.findings.Errorf(RuleUnitMismatch, field+".unit", "the entry does not count: its unit is %s, and %s is measured in %s; write the value in %s, "+
			"nothing is converted", x.entry().Unit, metric.Name, metric.Unit, metric.Unit)
	case inFuture:
		e.findings.Warningf(RuleEntryInFuture, field+".day", "the day has not come: the entry counts from %s on", x.on)
	case beforePeriod:
		e.findings.Warningf(RuleEntryBeforePeriod, field+".day", "the entry does not count: %s is reported as the total since the first day of the plan's "+
			"period, %s, and %s is before that", metric.Name, e.about.period.From, x.on)
	case repeated:
		e.findings.Infof(RuleEntryRepeated, field, "%s of %s is reported again with the same value in %s: it counts once", metric.Name, x.on, e.place(x.winner))
	case contradicted:
		e.findings.Warningf(RuleEntryContradicted, field, "the entry does not count: %s of %s is %s here and %s in %s, which counts; remove the wrong one",
			metric.Name, x.on, x.entry().Value, x.winner.entry().Value, e.place(x.winner))
	default: // counts, or has a finding with the others of its source
	}
}

func (e *setEvaluation) judgeInvalid(x *row) {
	if _, err := fiscal.ParseDay(x.entry().Day); err != nil {
		e.findings.Errorf(RuleEntryInvalid, entryField(x.pos)+".day", "the entry does not count: %s", err)
		return
	}
	_, err := decimal.Parse(x.entry().Value)
	e.findings.Errorf(RuleEntryInvalid, entryField(x.pos)+".value", "the entry does not count: %s", err)
}

// place says where an entry is.
func (e *setEvaluation) place(x *row) string {
	if x.set == e.set {
		return entryField(x.pos)
	}
	return entryField(x.pos) + " of MeasurementSet " + x.set.Name
}

// judgeSource says which of the set's entries do not count because of their source.
func (e *setEvaluation) judgeSource(metric *v1alpha1.Metric, mine, all []row) {
	n := 0
	var last *row
	for i := range mine {
		if ofAnotherSource(mine[i].fate) {
			n++
			last = &mine[i]
		}
	}
	if last != nil {
		sourceFinding(e.findings, "spec.source", metric, e.about, last, n, countingSource(metric, all))
	}
}
