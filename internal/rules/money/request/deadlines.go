package request

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// defaultClaimDays is how long after the activity a claim can be received where the program does not say.
const defaultClaimDays = 90

// setDeadlines finds the last days for the request and for claims on it.
func (in *input) setDeadlines() {
	in.keepEnd()
	in.RequestThrough, _ = lastRequestDay(in.facts, in.Request)
	in.horizon.At(requestWindowNext(in.facts, in.Request))
	days := int32(defaultClaimDays)
	switch _, granted := in.Held(); {
	case in.IsReward():
		in.ClaimThrough = in.rewardClaims()
		return
	case in.Ends.IsZero(), in.Activity == nil && !granted:
		return
	case in.Activity != nil: // else the request names no known activity any more; what was granted must not stay reserved for ever
		days = program.Or(in.Activity.ClaimWithinDays, defaultClaimDays)
	}
	in.ClaimThrough = in.Ends.AddDays(int(days))
	if in.Budget != nil && in.Budget.Spec.Claims != nil {
		if by, err := fiscal.ParseDay(in.Budget.Spec.Claims.ReceivedBy); err == nil {
			in.ClaimThrough = min(in.ClaimThrough, by)
		}
		in.endWithAgreement(in.Budget.Spec.Claims.WithinDaysOfAgreementEnd)
	}
}

// endWithAgreement lets the time for claims end a number of days after the partner's agreement, where that is earlier.
func (in *input) endWithAgreement(days *int32) {
	if days == nil || in.Partner == nil || in.Partner.Spec.Agreement == nil {
		return
	}
	last, err := fiscal.ParseDay(in.Partner.Spec.Agreement.EndsOn)
	if err != nil {
		return
	}
	if through := last.AddDays(int(*days)); through < in.ClaimThrough {
		in.ClaimThrough = through
		in.ClaimBound = fmt.Sprintf("%s after the partner's agreement ended on %s", verdict.Count(int(*days), "day"), last)
	}
}

// keepEnd lets deadlines go by the last day of the activity that was approved, while a change of the request is not.
func (in *input) keepEnd() {
	if in.Ledger == nil || in.Approval.Complete {
		return
	}
	if ends, err := fiscal.ParseDay(v1alpha1.Date(in.Ledger.Spec.Ends[in.Key])); err == nil {
		in.Ends = ends
	}
}

// requestWindow returns the first and last day on which the budget's window lets the partner make requests, and why these, such as "within 90
// days after the agreement was signed on 2026-07-01". Without a window both days are absent and known is true. The window is not known, and why
// says in a sentence what is missing, while its event has not happened.
func requestWindow(f *facts.Facts, r *Request) (from, through fiscal.Day, why string, known bool) {
	if r.Budget == nil || r.Budget.Spec.RequestWindow == nil {
		return 0, 0, "", true
	}
	if r.Partner == nil || r.Program == nil {
		return 0, 0, fmt.Sprintf("the window of budget %s is not known while the partner of the plan, or its program, is not", r.Budget.Name), false
	}
	window := r.Budget.Spec.RequestWindow
	from, event := windowOpens(f, r, window)
	if from.IsZero() {
		return 0, 0, event, false
	}
	through, noun := from.AddDays(int(window.Days)), "day"
	if window.Count == v1alpha1.CountBusinessDays {
		through, noun = r.Program.Calendar.AddBusinessDays(from, int(window.Days)), "business day"
	}
	return from, through, fmt.Sprintf("within %s after %s", verdict.Count(int(window.Days), noun), event), true
}

// windowOpens returns the day of the event that opens a window, and the event; absent when it has not happened, and then why not.
func windowOpens(f *facts.Facts, r *Request, window *v1alpha1.EventWindow) (on fiscal.Day, event string) {
	found, known := EventOf(f, r, window.Event, window.Metric)
	switch {
	case !known:
		return 0, notAnEvent("spec.requestWindow.event", r.Budget.Name, window.Event)
	case found.On.IsZero():
		return 0, fmt.Sprintf("budget %s takes requests only after %s: %s", r.Budget.Name, found.Words, found.Remedy)
	}
	return found.On, found.Words
}

// requestWindowNext returns the next instant at which requestWindow may change although no spec does; zero when there is none.
func requestWindowNext(f *facts.Facts, r *Request) time.Time {
	if r.Budget == nil || r.Budget.Spec.RequestWindow == nil || r.Partner == nil || r.Program == nil {
		return time.Time{}
	}
	return EventNext(f, r, r.Budget.Spec.RequestWindow.Event)
}

// leadTimeDay returns the last day that keeps the activity's lead time; absent when the activity or its first day is not known. Without a lead
// time it is the activity's first day: nothing is requested after the fact. Calendar days are counted as they are: a last day that is a holiday stays
// the last day.
func leadTimeDay(r *Request) fiscal.Day {
	if r.Activity == nil || r.Program == nil || r.Starts.IsZero() {
		return 0
	}
	if days := r.Activity.LeadTimeDays; days != nil {
		return r.Starts.AddDays(-int(*days))
	}
	return r.Program.Calendar.BusinessDaysBefore(r.Starts, int(program.Or(r.Activity.LeadTimeBusinessDays, 0)))
}

// leadTimeWords writes the activity's lead time, such as "10 business days"; zero days when it has none.
func leadTimeWords(r *Request) string {
	if days := r.Activity.LeadTimeDays; days != nil {
		return verdict.Count(int(*days), "day")
	}
	return verdict.Count(int(program.Or(r.Activity.LeadTimeBusinessDays, 0)), "business day")
}

// hasLeadTime reports whether the activity has a lead time.
func hasLeadTime(r *Request) bool {
	return program.Or(r.Activity.LeadTimeDays, 0) > 0 || program.Or(r.Activity.LeadTimeBusinessDays, 0) > 0
}

// resubmissionDay returns the last day on which a request that was sent back can be submitted again, and the lead time for that; absent when it is not
// known. Where the program sets none for that it is the one of a first request.
func resubmissionDay(r *Request) (day fiscal.Day, lead string) {
	if r.Activity == nil || r.Program == nil || r.Starts.IsZero() {
		return 0, ""
	}
	if days := r.Activity.ResubmissionLeadTimeDays; days != nil {
		return r.Starts.AddDays(-int(*days)), verdict.Count(int(*days), "day")
	}
	return leadTimeDay(r), leadTimeWords(r)
}

// requestDeadline returns the budget's last day for requests, whatever the activity, and which it is: its requestBy or the end of its period. It is
// absent when neither is known.
func requestDeadline(r *Request) (day fiscal.Day, why string) {
	if r.Budget == nil {
		return 0, ""
	}
	if by, err := fiscal.ParseDay(r.Budget.Spec.RequestBy); err == nil {
		return by, "its last day for requests"
	}
	if span := facts.PeriodOf(r.Budget, r.Program); !span.IsZero() {
		return span.Through, "the end of its period"
	}
	return 0, ""
}

// lastRequestDay returns the last day on which the request's activity can be asked for, and by which rule: the lead time, the budget's deadline or
// the end of its window, whichever is first. It is absent when none of them is known.
func lastRequestDay(f *facts.Facts, r *Request) (day fiscal.Day, why string) {
	if r.sentBack() && r.Activity != nil && r.Activity.ResubmissionLeadTimeDays != nil {
		again, lead := resubmissionDay(r)
		return again, fmt.Sprintf("the lead time of %s before %s for a request that was sent back", lead, r.Starts)
	}
	if day = leadTimeDay(r); !day.IsZero() {
		why = fmt.Sprintf("the lead time of %s before %s", leadTimeWords(r), r.Starts)
	}
	if deadline, words := requestDeadline(r); !deadline.IsZero() && (day.IsZero() || deadline < day) {
		day, why = deadline, words
	}
	if _, through, words, known := requestWindow(f, r); known && !through.IsZero() && (day.IsZero() || through < day) {
		day, why = through, words
	}
	return day, why
}
