package measure

import (
	"cmp"
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
	conditions := verdict.NewConditions(set.Status.Conditions, set.Generation, now)
	if why := p.Beyond(set); why != "" {
		*status.Ignored = *status.Entries
		conditions.LeftOut(findings, why)
		status.ObservedGeneration, status.Conditions, status.Findings = set.Generation, conditions.List(), findings.List()
		return status, time.Time{}
	}
	period, prog := locate(p, set, findings)
	if prog == nil {
		*status.Ignored = *status.Entries
	} else {
		e := setEvaluation{snapshot: p, set: set, program: prog, today: prog.Today(now), findings: findings, horizon: horizon}
		e.about = e.subject(period)
		*status.Ignored = count(e.evaluate())
	}
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

// locate finds the period of a set's subject, no span for a partner, and its program by way of campaign, plan and partner. It returns no program, and a
// finding says why, when one of them is missing.
func locate(p *snapshot.Snapshot, set *v1alpha1.MeasurementSet, findings *verdict.Findings) (fiscal.Span, *program.Program) {
	reference := set.Spec.SubjectRef
	chain := chain{snapshot: p, findings: findings, field: "spec.subjectRef.name"}
	var plan *v1alpha1.JointPlan
	var prog *program.Program
	switch reference.Kind {
	case v1alpha1.SubjectCampaign:
		plan, prog = chain.campaign(reference.Name)
	case v1alpha1.SubjectJointPlan:
		plan, prog = chain.plan(reference.Name, "")
	case v1alpha1.SubjectPartner:
		prog = chain.partner(reference.Name, "")
	default:
		findings.Errorf(verdict.RuleReferenceNotFound, "spec.subjectRef.kind", "%q is not a kind of subject: write Partner, JointPlan or Campaign", reference.Kind)
	}
	if prog == nil {
		return fiscal.Span{}, nil
	}
	return periodOf(prog, plan), prog
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
	c.findings.Errorf(verdict.RuleReferenceNotFound, c.field, "%s Its results do not count until it exists", message)
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
	snapshot *snapshot.Snapshot
	set      *v1alpha1.MeasurementSet
	about    subject
	program  *program.Program
	today    fiscal.Day
	findings *verdict.Findings
	horizon  *verdict.Horizon
}

// subject returns the subject of the set, with this one as it was handed in among the sets about it.
func (e *setEvaluation) subject(period fiscal.Span) subject {
	of := e.set.Spec.SubjectRef
	sets := e.snapshot.MeasurementsAbout(of.Kind, of.Name)
	at, found := slices.BinarySearchFunc(sets, e.set.Name, func(x *v1alpha1.MeasurementSet, name string) int { return cmp.Compare(x.Name, name) })
	if found && snapshot.Same(sets[at], e.set) {
		e.set = sets[at]
		return newSubject(e.snapshot, of.Kind, of.Name, period, e.today)
	}
	sets = slices.Clone(sets)
	if found {
		sets[at] = e.set
	} else {
		sets = slices.Insert(sets, at, e.set)
	}
	return subject{kind: of.Kind, name: of.Name, period: period, sets: sets, places: newPlaces(sets, e.today), apart: true}
}

// evaluate returns the number of entries that do not count.
func (e *setEvaluation) evaluate() int {
	ignored := 0
	done := map[v1alpha1.Name]bool{}
	for i := range e.set.Spec.Entries { // in their order, each metric once
		metric := e.set.Spec.Entries[i].Metric
		if done[metric] {
			continue
		}
		done[metric] = true
		definition := e.program.Metric(metric)
		if definition == nil {
			ignored += e.unknown(metric)
			continue
		}
		reader := reader{program: e.program, metric: definition, today: e.today, unvouched: e.about.kind == v1alpha1.SubjectCampaign}
		found := reader.reading(e.snapshot, &e.about)
		if !found.next.IsZero() {
			e.horizon.At(e.program.Calendar.StartOf(found.next))
		}
		ignored += e.judge(definition, found)
	}
	return ignored
}

func (e *setEvaluation) unknown(metric v1alpha1.Name) int {
	n := 0
	for i := range e.set.Spec.Entries {
		if e.set.Spec.Entries[i].Metric != metric {
			continue
		}
		n++
		e.findings.Errorf(RuleEntryMetricUnknown, entryField(i)+".metric", "the entry does not count, because program %s has %s",
			e.program.Name, verdict.NoSuch("metric", string(metric), e.program.MetricNames()))
	}
	return n
}

// judge finds what is wrong with the entries of one metric. It returns the number of those that do not count.
func (e *setEvaluation) judge(metric *v1alpha1.Metric, found *reading) int {
	mine := found.bySet[v1alpha1.Name(e.set.Name)]
	ignored := 0
	for _, x := range mine {
		if x.fate != counts {
			ignored++
		}
		e.judgeEntry(metric, x)
	}
	e.judgeSource(metric, mine, found.counting)
	return ignored
}

func (e *setEvaluation) judgeEntry(metric *v1alpha1.Metric, x *row) {
	field := entryField(x.pos)
	if x.entry().Transaction != "" && x.deal == "" {
		e.findings.Warningf(RuleTransactionIgnored, field+".transaction", "%s is %s, which no single transaction makes up, so the number says nothing: remove it, "+
			"or report what each transaction added", metric.Name, levelOrTotal(metric))
	}
	switch x.fate {
	case invalid:
		e.judgeInvalid(x)
	case wrongUnit:
		e.findings.Errorf(RuleUnitMismatch, field+".unit", "the entry does not count: its unit is %s, and %s is measured in %s; write the value in %s, "+
			"nothing is converted", x.entry().Unit, metric.Name, metric.Unit, metric.Unit)
	case computed:
		e.findings.Errorf(RuleEntryComputed, field+".metric", "the entry does not count: on %s %s is computed from %s, by the points of rule set %s; report these and "+
			"remove the entry", x.on, metric.Name, verdict.List(e.countedFor(metric.Name, x.on)), e.program.RuleSetOn(x.on).Name)
	case inFuture:
		e.findings.Warningf(RuleEntryInFuture, field+".day", "the day is in the future: the entry counts from %s on", x.on)
	case notYetReported:
		e.judgeNotYetReported(x)
	case corrected:
		e.findings.Infof(RuleEntryCorrected, field, "%s of %s was corrected on %s from %s to %s, by %s: through %s this entry counts, after it that one",
			metric.Name, x.on, x.winner.known, x.entry().Value, x.winner.entry().Value, e.place(x.winner), x.winner.from.AddDays(-1))
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

// judgeNotYetReported says from when on an entry counts: what was reported today counts from tomorrow on.
func (e *setEvaluation) judgeNotYetReported(x *row) {
	field := entryField(x.pos) + ".reportedOn"
	if x.known <= e.today {
		e.findings.Infof(RuleEntryInFuture, field, "reported on %s: the entry counts from the next day, %s, on", x.known, x.from)
		return
	}
	e.findings.Warningf(RuleEntryInFuture, field, "reportedOn is in the future: the entry counts from %s on, the day after it", x.from)
}

func levelOrTotal(metric *v1alpha1.Metric) string {
	if metric.Behaviour == v1alpha1.BehaviourStock {
		return "a level"
	}
	return "reported as a total"
}

// countedFor returns the metrics that count for a computed one on a day.
func (e *setEvaluation) countedFor(metric v1alpha1.Name, day fiscal.Day) []string {
	var names []string
	for _, of := range e.program.CountedIn(metric, fiscal.Span{From: day, Through: day}) {
		names = append(names, string(of.Metric.Name))
	}
	return names
}

func (e *setEvaluation) judgeInvalid(x *row) {
	if _, err := fiscal.ParseDay(x.entry().Day); err != nil {
		e.findings.Errorf(RuleEntryInvalid, entryField(x.pos)+".day", "the entry does not count: %s", err)
		return
	}
	if _, _, err := daysOf(x.entry()); err != nil {
		e.findings.Errorf(RuleEntryInvalid, entryField(x.pos)+".reportedOn", "the entry does not count: %s", err)
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
func (e *setEvaluation) judgeSource(metric *v1alpha1.Metric, mine []*row, counting v1alpha1.Name) {
	n := 0
	var last *row
	for _, x := range mine {
		if ofAnotherSource(x.fate) {
			n++
			last = x
		}
	}
	if last != nil {
		sourceFinding(e.findings, "spec.source", metric, &e.about, last, n, counting)
	}
}
