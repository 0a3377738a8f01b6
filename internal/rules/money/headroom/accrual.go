package headroom

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxLots is the number of lots that are looked at, the newest ones.
const maxLots = 120

// Lot is what a partner earned in one fiscal interval, and what became of it. Amounts are minor units of the budget's currency. Earned is MadeUp,
// Used and Left together, unless it is negative: then it is a deficit, for which later lots make up.
type Lot struct {
	// Name is the interval's name, such as FY2026 or FY2027 Q1.
	Name string
	// Interval are the days in which it was earned.
	Interval fiscal.Span
	// Valid are the days on which it may be spent.
	Valid fiscal.Span
	// Measured is what was measured in the interval.
	Measured measure.Reading
	// Earned is what was earned.
	Earned int64
	// MadeUp is what of it made up for deficits of earlier lots.
	MadeUp int64
	// Used is what of it requests took.
	Used int64
	// Left is what of it is left, also after the last day on which it could be spent.
	Left int64
}

// use is what a request takes from the lots that are valid on the day of its approval.
type use struct {
	at     time.Time
	day    fiscal.Day
	amount int64
}

// earnings are the lots that a partner earned, oldest first, before anything is spent.
type earnings struct {
	lots    []Lot
	problem error  // why nothing can be earned
	waits   string // for what event the partner waits to begin to earn; empty when it waits for none
	next    time.Time
}

// roomEarned returns what the partner has earned and not used.
func (x *Rooms) roomEarned(r *request.Request, say bool, horizon *verdict.Horizon) Room {
	room := Room{Reason: v1alpha1.ReasonAccrualInsufficient}
	lots, short, err := x.lots(r, horizon)
	if err != nil {
		room.Message = fmt.Sprintf("budget %s lets partners draw only what they earn, which cannot be computed, so nothing is granted "+
			"until finance corrects it: %s",
			r.Budget.Name, err)
		return room
	}
	today := r.Program.Today(x.facts.Now)
	approved := today
	if r.Approval.Complete {
		approved = r.Program.Today(r.Approval.DecidedTime)
	}
	if !short.IsZero() && makesUp(r.Budget.Spec.Accrual) {
		room.Message = short.Words(r)
		return room
	}
	open := spendable(lots, today, approved)
	for i := range open {
		room.Amount = min(room.Amount+open[i].Left, money.Max)
	}
	if say {
		room.Message = x.earnedWords(r, open, room.Amount)
		if waits := x.earned[r.Partner.Name].earned.waits; waits != "" {
			room.Message = waits
		}
	}
	return room
}

// spendable returns the lots that may be spent on one of the days.
func spendable(lots []Lot, days ...fiscal.Day) []Lot {
	return slices.DeleteFunc(slices.Clone(lots), func(lot Lot) bool { return !slices.ContainsFunc(days, lot.Valid.Contains) })
}

// Earned says what the money of a request would rest on if it were approved at the instant: a line for each interval whose earnings may be spent then,
// with what was earned, by which results of whom, and what is left of it beside what is held for other requests. A budget that partners draw on without
// earning has none; an error says why it cannot be told.
func (x *Rooms) Earned(r *request.Request) ([]string, error) {
	if !accrues(r) {
		return nil, nil
	}
	others := x.beside(r.Key)
	others.mutex.Lock()
	defer others.mutex.Unlock()
	lots, short, err := others.lots(r, verdict.NewHorizon(x.facts.Now))
	if err != nil {
		return nil, err
	}
	var lines []string
	if waits := others.earned[r.Partner.Name].earned.waits; waits != "" {
		lines = append(lines, waits)
	}
	for _, lot := range spendable(lots, r.Program.Today(x.facts.Now)) {
		lines = append(lines, lotWords(&lot, r.Program, r.Budget.Spec.Accrual, r.Budget.Spec.Amount.Currency))
	}
	if !short.IsZero() {
		lines = append(lines, short.Words(r))
	}
	return lines, nil
}

// Left returns what a partner has earned on a budget and not drawn, and may spend now, in minor units of the budget's currency: what a request of its would
// find beside its others. It reports false where it cannot be told, and of a budget that partners draw on without earning.
func (x *Rooms) Left(budget *v1alpha1.MDFBudget, partner *v1alpha1.Partner, prog *program.Program, horizon *verdict.Horizon) (int64, bool) {
	r := &request.Request{Budget: budget, Partner: partner, Program: prog}
	if !accrues(r) {
		return 0, false
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	lots, short, err := x.lots(r, horizon)
	if err != nil {
		return 0, false
	}
	if !short.IsZero() && makesUp(budget.Spec.Accrual) {
		return 0, true
	}
	var left int64
	for _, lot := range spendable(lots, prog.Today(x.facts.Now)) {
		left = min(left+lot.Left, money.Max)
	}
	return left, true
}

// accrues reports whether a partner, if it is known, draws on what it earned.
func accrues(r *request.Request) bool {
	return r.Budget != nil && r.Budget.Spec.Accrual != nil && r.Partner != nil && r.Program != nil
}

// account is what a partner has earned, and what became of it by the entries that were looked at.
type account struct {
	earned earnings
	lots   []Lot
	short  Shortfall
	last   time.Time // the instant of the last use
	next   time.Time

	opened bool
	seen   int // how many entries were looked at
}

// earningsOf is the key of what a partner earned.
type earningsOf struct{ partner, budget string }

// lots returns what the partner has earned, oldest first, with what the entries of ledgers took from it, and by how much these are more.
func (x *Rooms) lots(r *request.Request, horizon *verdict.Horizon) ([]Lot, Shortfall, error) {
	a := x.earned[r.Partner.Name]
	if a == nil {
		a = &account{earned: facts.Once(x.facts, earningsOf{r.Partner.Name, r.Budget.Name}, func() earnings { return x.earn(r) })}
		x.earned[r.Partner.Name] = a
	}
	horizon.At(a.earned.next)
	if a.earned.problem != nil {
		return nil, Shortfall{}, a.earned.problem
	}
	recovers := makesUp(r.Budget.Spec.Accrual)
	if !a.opened || a.seen < len(x.drawn.list) {
		ahead := verdict.NewHorizon(x.facts.Now)
		uses := x.uses(r, x.drawn.list[a.seen:], ahead)
		if !a.opened || len(uses) > 0 && uses[0].at.Before(a.last) { // they go before others
			uses = x.uses(r, slices.Concat(x.drawn.list, x.drawnElsewhere(r)), ahead)
			a.opened, a.lots, a.short = true, slices.Clone(a.earned.lots), Shortfall{}
			makeUp(a.lots, recovers)
		}
		for _, u := range uses {
			a.last = u.at
			spend(a.lots, u, recovers, &a.short)
		}
		a.seen, a.next = len(x.drawn.list), verdict.Earlier(a.next, ahead.Next())
	}
	horizon.At(a.next)
	return a.lots, a.short, nil
}

// makeUp lets lots make up for those before them that are below zero, unless the budget recovers it in another way.
func makeUp(lots []Lot, recovers bool) {
	var deficit int64
	for i := range lots {
		lot := &lots[i]
		if recovers {
			deficit += max(-lot.Earned, 0)
		}
		lot.MadeUp = min(deficit, max(lot.Earned, 0))
		lot.Left = max(lot.Earned, 0) - lot.MadeUp
		deficit -= lot.MadeUp
	}
}

// spend takes a use, which comes after those before, from the oldest lots that are valid on its day. What these do not cover, because a credit note came
// later, the following lots make up for before anything else is taken from them, unless the budget recovers it in another way. What nothing covers is
// added to what is missing.
func spend(lots []Lot, u use, recovers bool, short *Shortfall) {
	open := u.amount
	for i := range lots {
		if lot := &lots[i]; lot.Valid.Contains(u.day) {
			taken := min(open, lot.Left)
			lot.Used, lot.Left, open = lot.Used+taken, lot.Left-taken, open-taken
		}
	}
	short.Drawn = min(short.Drawn+u.amount, money.Max)
	for i := range lots {
		if lot := &lots[i]; recovers && lot.Valid.From > u.day {
			taken := min(open, lot.Left)
			lot.MadeUp, lot.Left, open = lot.MadeUp+taken, lot.Left-taken, open-taken
		}
	}
	short.Missing = min(short.Missing+open, money.Max)
}

// uses returns what requests of the partner took, in the order of their approval.
func (x *Rooms) uses(r *request.Request, entries []*drawn, horizon *verdict.Horizon) []use {
	var uses []use
	for _, d := range entries {
		if x.ofPartner(d, r.Partner.Name) {
			at := x.approvedAt(r.Program.Calendar, d, horizon)
			uses = append(uses, use{at: at, day: r.Program.Today(at), amount: d.amount})
		}
	}
	slices.SortStableFunc(uses, func(a, b use) int { return a.at.Compare(b.at) })
	return uses
}

// approvedAt returns the instant at which the request of an entry was approved. Where its spec does not tell any more, it is that of the last
// approval before the claim was received or, with no claim, before now; and with no such approval the day of the claim, or now.
func (x *Rooms) approvedAt(cal *fiscal.Calendar, d *drawn, horizon *verdict.Horizon) time.Time {
	if d.current() {
		other := x.request(d.object)
		horizon.At(other.Approval.Next)
		if other.Approval.Complete {
			return other.Approval.DecidedTime
		}
	}
	claim, decisions := x.facts.Snapshot.Claim(d.claim), x.facts.Snapshot.DecisionsAbout(kinds.MDFAllocation, d.allocation)
	if x.facts.Snapshot.Allocation(d.allocation) == nil {
		claim, decisions = gone(x.facts.Snapshot, d)
	}
	latest, otherwise := x.facts.Now, x.facts.Now
	if claim != nil && claim.Spec.AllocationRef.Name == d.allocation {
		if day, err := fiscal.ParseDay(claim.Spec.ClaimedOn); err == nil && cal.EndOf(day).Before(x.facts.Now) {
			latest, otherwise = cal.EndOf(day), cal.StartOf(day)
		}
	}
	var approved time.Time
	for _, decision := range decisions {
		at := decision.Spec.DecidedTime.Time
		horizon.At(at)
		if approves(decision) && !at.After(latest) && at.After(approved) {
			approved = at
		}
	}
	if approved.IsZero() {
		return otherwise
	}
	return approved
}

// gone returns the claim of an entry whose request is gone, and the decisions on that request.
func gone(snap *snapshot.Snapshot, d *drawn) (claim *v1alpha1.MDFClaim, decisions []*v1alpha1.ApprovalDecision) {
	all := snap.Gone(d.allocation)
	if at := slices.IndexFunc(all.Claims, func(c *v1alpha1.MDFClaim) bool { return v1alpha1.Name(c.Name) == d.claim }); at >= 0 {
		claim = all.Claims[at]
	}
	return claim, all.Decisions
}

func approves(decision *v1alpha1.ApprovalDecision) bool {
	return decision.Spec.Decision == v1alpha1.DecisionApproved || decision.Spec.Decision == v1alpha1.DecisionApprovedInPart
}

// drawnElsewhere returns what the partner drew on budgets of other periods that are earned by the same metric: a lot that is valid in two of them
// is spent once.
func (x *Rooms) drawnElsewhere(r *request.Request) []*drawn {
	var entries []*drawn
	for _, other := range x.facts.Snapshot.Budgets() {
		name := v1alpha1.Name(other.Name)
		if ledger := x.facts.Snapshot.Ledger(name); ledger != nil && sameEarnings(r.Program, r.Budget, other) {
			entries = append(entries, draw(x.facts.Snapshot, name, ledger.Spec.Reserved, ledger.Spec.Settled).list...)
		}
	}
	return entries
}

// sameEarnings reports whether two budgets spend the same lots, each in its own period.
func sameEarnings(prog *program.Program, a, b *v1alpha1.MDFBudget) bool {
	if b.Spec.Accrual == nil || a.Spec.ProgramRef != b.Spec.ProgramRef || a.Spec.Amount.Currency != b.Spec.Amount.Currency {
		return false
	}
	if a.Spec.Accrual.Metric != b.Spec.Accrual.Metric || !sameInterval(a.Spec.Accrual.FromEvent, b.Spec.Accrual.FromEvent) {
		return false
	}
	x, y := facts.PeriodOf(a, prog), facts.PeriodOf(b, prog)
	return !x.IsZero() && !y.IsZero() && !x.Overlaps(y)
}

// sameInterval reports whether two accruals begin with the same event and last as long, or both do not begin with one.
func sameInterval(a, b *v1alpha1.EventInterval) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// earn returns what the partner has earned by what is measured today.
func (x *Rooms) earn(r *request.Request) earnings {
	tariff, err := newTariff(r.Program, r.Budget)
	if err != nil {
		return earnings{problem: err}
	}
	horizon := verdict.NewHorizon(x.facts.Now)
	horizon.At(x.facts.BookNext(r.Program, r.Partner))
	cal, today := r.Program.Calendar, r.Program.Today(x.facts.Now)
	series := x.facts.Book(r.Program, r.Partner).Series(r.Budget.Spec.Accrual.Metric)
	found, months := earnings{}, 0
	var intervals []fiscal.Span
	if from := r.Budget.Spec.Accrual.FromEvent; from != nil {
		months = int(from.Months)
		intervals, found.waits = x.fromEvent(r, from, horizon)
	} else {
		horizon.At(cal.EndOf(cal.PeriodContaining(tariff.unit, today).Through)) // then another lot begins, and one begins to be valid
		intervals = tariff.intervals(cal, series.Entries(), today)
	}
	for _, interval := range intervals {
		reading := series.Total(interval)
		lot := Lot{Name: cal.Label(interval), Interval: interval, Valid: tariff.valid(cal, interval, months), Measured: reading}
		if months > 0 {
			lot.Name = fmt.Sprintf("the %s from %s through %s", verdict.Count(months, "month"), interval.From, interval.Through)
		}
		if reading.Value != nil {
			lot.Earned = tariff.earned(reading.Value)
		}
		horizon.At(cal.StartOf(lot.Valid.From))
		horizon.At(cal.EndOf(lot.Valid.Through))
		found.lots = append(found.lots, lot)
	}
	found.next = horizon.Next()
	return found
}

// fromEvent returns the interval that begins with an event of the partner, once that day has come; and else what it waits for.
func (x *Rooms) fromEvent(r *request.Request, from *v1alpha1.EventInterval, horizon *verdict.Horizon) (intervals []fiscal.Span, waits string) {
	horizon.At(request.EventNext(x.facts, r, from.Event))
	event, _ := request.EventOf(x.facts, r, from.Event, from.Metric)
	of := fmt.Sprintf("budget %s pays out what is earned in the %s", r.Budget.Name, verdict.Count(int(from.Months), "month"))
	switch {
	case event.On.IsZero():
		return nil, fmt.Sprintf("%s after %s: %s", of, event.Words, event.Remedy)
	case event.On > r.Program.Today(x.facts.Now):
		horizon.At(r.Program.Calendar.StartOf(event.On))
		return nil, fmt.Sprintf("%s from %s: wait until then", of, event.On)
	}
	return []fiscal.Span{fiscal.MonthsFrom(event.On, int(from.Months))}, ""
}

// earnedWords says what the lots that may be spent come to.
func (x *Rooms) earnedWords(r *request.Request, open []Lot, left int64) string {
	currency, accrual := r.Budget.Spec.Amount.Currency, r.Budget.Spec.Accrual
	if len(open) == 0 {
		return fmt.Sprintf("partner %s has earned nothing yet that budget %s pays out: wait until something is earned", r.Partner.Name, r.Budget.Name)
	}
	if measured := slices.DeleteFunc(slices.Clone(open), func(lot Lot) bool { return lot.Measured.Value == nil }); len(measured) > 0 {
		open = measured
	}
	var text strings.Builder
	fmt.Fprintf(&text, "partner %s ", r.Partner.Name)
	if earlier := len(open) - maxNamed; earlier > 0 {
		var sum int64
		for _, lot := range open[:earlier] {
			sum = min(sum+lot.Left, money.Max)
		}
		fmt.Fprintf(&text, "has %s left of what it earned from %s to %s. It ",
			money.Format(sum, currency), open[0].Interval.From, open[earlier-1].Interval.Through)
		open = open[earlier:]
	}
	for i := range open {
		if i > 0 {
			text.WriteString(". It ")
		}
		text.WriteString(lotWords(&open[i], r.Program, accrual, currency))
	}
	if strings.Contains(text.String(), ". It ") {
		fmt.Fprintf(&text, ". %s is left in all", money.Format(left, currency))
	}
	return text.String() + ": " + remedy(left, currency, "wait until more is earned")
}

// lotWords says what was earned in an interval, of what, and what is left of it.
func lotWords(lot *Lot, prog *program.Program, accrual *v1alpha1.Accrual, currency v1alpha1.CurrencyCode) string {
	if lot.Measured.Value == nil {
		return fmt.Sprintf("earned nothing in %s (no value of %s is measured)", lot.Name, accrual.Metric)
	}
	why := fmt.Sprintf("%s, measured through %s", tariffWords(lot, prog, accrual, currency), lot.Measured.Through())
	if lot.Earned < 0 {
		return fmt.Sprintf("is %s short in %s (%s), for which later earnings make up first", money.Format(-lot.Earned, currency), lot.Name, why)
	}
	text := fmt.Sprintf("earned %s in %s (%s)", money.Format(lot.Earned, currency), lot.Name, why)
	if lot.Earned == 0 {
		return text
	}
	var parts []string
	if lot.MadeUp > 0 {
		parts = append(parts, money.Format(lot.MadeUp, currency)+" makes up for what was short before")
	}
	if lot.Used > 0 {
		parts = append(parts, money.Format(lot.Used, currency)+" is used")
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing is used")
	}
	return fmt.Sprintf("%s, of which %s; %s is left through %s", text, verdict.List(parts), money.Format(lot.Left, currency), lot.Valid.Through)
}

// tariffWords says how a measured value became an amount.
func tariffWords(lot *Lot, prog *program.Program, accrual *v1alpha1.Accrual, currency v1alpha1.CurrencyCode) string {
	value := decimal.FormatShort(lot.Measured.Value, decimal.MaxFractionDigits)
	if metric := prog.Metric(accrual.Metric); metric != nil && metric.Unit == v1alpha1.UnitCurrency {
		value = spokenAmount(lot.Measured.Value, prog.Spec.Currency)
	}
	text := fmt.Sprintf("%s %% of %s %s", accrual.Percent, value, accrual.Metric)
	switch {
	case accrual.Percent != "":
	case len(accrual.PercentSteps) > 0:
		text = percentWords(lot, accrual, value)
	case lot.Earned == 0:
		text = fmt.Sprintf("%s %s reach no step that pays", value, accrual.Metric)
	default:
		text = fmt.Sprintf("by the step that %s %s reach", value, accrual.Metric)
	}
	if accrual.Maximum != "" {
		text += fmt.Sprintf(", at most %s %s", currency, decimal.Group(string(accrual.Maximum)))
	}
	return text
}

// percentWords says how a measured value became an amount by steps of percentages.
func percentWords(lot *Lot, accrual *v1alpha1.Accrual, value string) string {
	switch {
	case lot.Earned == 0:
		return fmt.Sprintf("%s %s reach no step that pays", value, accrual.Metric)
	case accrual.StepsApply == v1alpha1.StepsMarginal:
		return fmt.Sprintf("%s %s, each band at its own percentage", value, accrual.Metric)
	default:
		return fmt.Sprintf("%s %s, all at the percentage of the step that they reach", value, accrual.Metric)
	}
}
