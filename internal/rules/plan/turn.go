package plan

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

// Turn is the vendor's turn to decide on what the partner submitted, or asked for, on a day, or to pay what it accepted: until when it is in time, and who
// hears of it after that.
type Turn struct {
	// On is the day of the submission.
	On fiscal.Day
	// Through is the vendor's last day.
	Through fiscal.Day

	steps []v1alpha1.EscalationStep // in order
}

// NewTurn returns the vendor's turn with what was submitted on a day, by the rules that it is judged by; nil means the documented defaults.
func NewTurn(on fiscal.Day, rules *program.RuleSet) Turn {
	return Turn{On: on, Through: on.AddDays(decideDays(rules)), steps: ladder(rules, v1alpha1.EscalateDecision)}
}

// NewPaymentTurn returns the vendor's turn to pay, within some days of a day. A last day that is no business day moves to the next one.
func NewPaymentTurn(on fiscal.Day, days int, calendar *fiscal.Calendar, rules *program.RuleSet) Turn {
	return Turn{On: on, Through: calendar.NextBusinessDay(on.AddDays(days)), steps: ladder(rules, v1alpha1.EscalatePayment)}
}

// IsOver reports whether the vendor's days are over.
func (t *Turn) IsOver(today fiscal.Day) bool { return today > t.Through }

// OverdueSince is the first day on which a decision is late.
func (t *Turn) OverdueSince() fiscal.Day { return t.Through.AddDays(1) }

// Changes are the days from which something else is said of the turn while the vendor does not decide.
func (t *Turn) Changes() []fiscal.Day {
	days := []fiscal.Day{t.OverdueSince()}
	for i := range t.steps {
		days = append(days, t.reached(&t.steps[i]))
	}
	return days
}

// EscalatedTo returns the highest role of the escalation that is reached by a day, and the day on which it was; absent when none is.
func (t *Turn) EscalatedTo(today fiscal.Day) (role string, since fiscal.Day) {
	if step, _ := t.escalation(today); step != nil {
		return step.To, t.reached(step)
	}
	return "", 0
}

// Words say since when the vendor has had it, until when it decides and, when that is late, who hears of it. The verb is what the partner did:
// "submitted", "requested".
func (t *Turn) Words(verb string, today fiscal.Day) string {
	if !t.IsOver(today) {
		return fmt.Sprintf("%s on %s; the vendor decides by %s", verb, t.On, t.Through)
	}
	return fmt.Sprintf("%s on %s; the vendor's decision was due by %s and has been overdue since %s", verb, t.On, t.Through, t.OverdueSince()) + t.Heard(today)
}

// Heard says who has heard that the turn is over, and who hears of it next, behind other clauses.
func (t *Turn) Heard(today fiscal.Day) string {
	text := ""
	step, next := t.escalation(today)
	if step != nil {
		text += fmt.Sprintf("; escalated to the %s on %s", step.To, t.reached(step))
	}
	if next != nil {
		text += fmt.Sprintf("; it escalates to the %s on %s", next.To, t.reached(next))
	}
	return text
}

// reached is the first day of a step of the escalation.
func (t *Turn) reached(step *v1alpha1.EscalationStep) fiscal.Day {
	return t.Through.AddDays(int(step.AfterDays) + 1)
}

// escalation returns the highest step that is reached by a day, and the next one; nil for none.
func (t *Turn) escalation(today fiscal.Day) (current, next *v1alpha1.EscalationStep) {
	for i := range t.steps {
		if today < t.reached(&t.steps[i]) {
			return current, &t.steps[i]
		}
		current = &t.steps[i]
	}
	return current, nil
}
