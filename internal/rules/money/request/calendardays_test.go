package request_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// saturday has the activity start on Saturday 2026-11-14, to be asked for 21 days before and, once sent back, 7 days before.
func saturday() *moneytest.Dossier {
	d := moneytest.NewDossier()
	d.ApprovePlan()
	d.Program.Spec.Activities[0].LeadTimeBusinessDays = nil
	d.Program.Spec.Activities[0].LeadTimeDays, d.Program.Spec.Activities[0].ResubmissionLeadTimeDays = new(int32(21)), new(int32(7))
	d.Request.Spec.StartsOn, d.Request.Spec.EndsOn = "2026-11-14", "2026-11-14"
	return d
}

func TestLeadTimesInCalendarDays(t *testing.T) {
	const resubmission = "a request for Webinar that was sent back must be submitted again at least 7 days before it starts on 2026-11-14, so by 2026-11-07; "
	for name, tc := range map[string]struct {
		change  func(d *moneytest.Dossier)
		now     string
		want    string // the condition Eligible
		through v1alpha1.Date
	}{
		"on the day before the last": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-10-23" }, "2026-10-26T10:00:00+01:00", "True/Eligible: ", "2026-10-24",
		},
		"on the last day, a Saturday": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-10-24" }, "2026-10-26T10:00:00+01:00", "True/Eligible: ", "2026-10-24",
		},
		"on the day after": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-10-25" }, "2026-10-26T10:00:00+01:00",
			"False/LeadTimeMissed: Webinar must be requested at least 21 days before it starts on 2026-11-14, so by 2026-10-24; the request was made on 2026-10-25: " +
				"choose a later start", "2026-10-24",
		},
		"returned, and not yet changed": {func(d *moneytest.Dossier) {
			d.Request.Spec.RequestedOn = "2026-10-24"
			d.Decide("Returned", "vera", "2026-10-28T10:00:00Z")
		}, "2026-10-30T10:00:00+01:00", "True/Eligible: ", "2026-11-07"},
		"returned, and changed without a day": {func(d *moneytest.Dossier) {
			d.Request.Spec.RequestedOn = "2026-10-24"
			d.Decide("Returned", "vera", "2026-10-28T10:00:00Z")
			d.Request.Spec.Place = "Rome"
		}, "2026-10-30T10:00:00+01:00", "False/ResubmissionTooLate: " + resubmission + "it was returned on 2026-10-28 and changed since: state in spec.resubmittedOn the day on " +
			"which it is submitted again", "2026-11-07"},
		"submitted again on the last day": {func(d *moneytest.Dossier) {
			d.Request.Spec.RequestedOn = "2026-10-24"
			d.Decide("Returned", "vera", "2026-10-28T10:00:00Z")
			d.Request.Spec.Place, d.Request.Spec.ResubmittedOn = "Rome", "2026-11-07"
		}, "2026-11-08T10:00:00+01:00", "True/Eligible: ", "2026-11-07"},
		"on the day after the last": {func(d *moneytest.Dossier) {
			d.Request.Spec.RequestedOn = "2026-10-24"
			d.Decide("Rejected", "vera", "2026-10-28T10:00:00Z")
			d.Request.Spec.Place, d.Request.Spec.ResubmittedOn = "Rome", "2026-11-08"
		}, "2026-11-08T10:00:00+01:00", "False/ResubmissionTooLate: " + resubmission + "it was on 2026-11-08 (spec.resubmittedOn): choose a later start", "2026-11-07"},
		"a first request that was too late is not made good": {func(d *moneytest.Dossier) {
			d.Request.Spec.RequestedOn = "2026-10-25"
			d.Decide("Returned", "vera", "2026-10-28T10:00:00Z")
			d.Request.Spec.Place, d.Request.Spec.ResubmittedOn = "Rome", "2026-11-02"
		}, "2026-11-08T10:00:00+01:00", "False/LeadTimeMissed: ", "2026-11-07"},
		"without a lead time of its own it is the first one": {func(d *moneytest.Dossier) {
			d.Program.Spec.Activities[0].ResubmissionLeadTimeDays = nil
			d.Request.Spec.RequestedOn = "2026-10-20"
			d.Decide("Returned", "vera", "2026-10-22T10:00:00Z")
			d.Request.Spec.Place, d.Request.Spec.ResubmittedOn = "Rome", "2026-10-25"
		}, "2026-10-26T10:00:00+01:00", "False/ResubmissionTooLate: a request for Webinar that was sent back must be submitted again at least 21 days before it starts on " +
			"2026-11-14, so by 2026-10-24; it was on 2026-10-25", "2026-10-24"},
		"submitted again before it was requested": {func(d *moneytest.Dossier) {
			d.Request.Spec.RequestedOn, d.Request.Spec.ResubmittedOn = "2026-10-24", "2026-10-23"
		}, "2026-10-26T10:00:00+01:00", "Unknown/NotEvaluated: cannot be judged: spec.resubmittedOn: 2026-10-23 is the day on which the request was submitted again: state the " +
			"day of the first request, which is not after it, in spec.requestedOn", "2026-10-24"},
	} {
		t.Run(name, func(t *testing.T) {
			d := saturday()
			tc.change(d)
			status := d.Evaluate(testobj.At(tc.now))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); !strings.HasPrefix(got, tc.want) {
				t.Errorf("Eligible is\n%s\nnot\n%s", got, tc.want)
			}
			if status.RequestThrough != tc.through {
				t.Errorf("requests through %s, want %s", status.RequestThrough, tc.through)
			}
		})
	}
}

// TestTheVendorsDaysBeginWithTheResubmission checks that a request that was submitted again is not overdue by the day of the first one.
func TestTheVendorsDaysBeginWithTheResubmission(t *testing.T) {
	d := saturday()
	d.Request.Spec.RequestedOn = "2026-10-01"
	d.Decide("Returned", "vera", "2026-10-05T10:00:00Z")
	d.Request.Spec.Place, d.Request.Spec.ResubmittedOn = "Rome", "2026-10-20"
	status := d.Evaluate(testobj.At("2026-10-22T10:00:00+02:00"))
	if status.DecisionDue == nil || status.DecisionDue.Through != "2026-10-30" || status.DecisionDue.OverdueSince != "" {
		t.Errorf("the decision is due %+v, want through 2026-10-30", status.DecisionDue)
	}
}

func TestClaimsEndWithTheAgreement(t *testing.T) {
	for name, tc := range map[string]struct {
		ends, agreement v1alpha1.Date
		within          *int32
		want            v1alpha1.Date
	}{
		"30 days after the agreement":             {"2026-08-20", "2026-08-31", new(int32(30)), "2026-09-30"},
		"60 days after the activity are earlier":  {"2026-07-20", "2026-08-31", new(int32(30)), "2026-09-18"},
		"one day before both are the same":        {"2026-07-31", "2026-08-31", new(int32(30)), "2026-09-29"},
		"the same day":                            {"2026-08-01", "2026-08-31", new(int32(30)), "2026-09-30"},
		"one day after":                           {"2026-08-02", "2026-08-31", new(int32(30)), "2026-09-30"},
		"on the last day of the agreement":        {"2026-08-20", "2026-08-31", new(int32(0)), "2026-08-31"},
		"an agreement without an end":             {"2026-08-20", "", new(int32(30)), "2026-10-19"},
		"a budget that does not ask":              {"2026-08-20", "2026-08-31", nil, "2026-10-19"},
		"a day of the agreement that is no day":   {"2026-08-20", "2026-08-32", new(int32(30)), "2026-10-19"},
		"the last day of all where that is first": {"2026-08-20", "2026-08-31", new(int32(90)), "2026-10-19"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			d.Program.Spec.Activities[0].ClaimWithinDays = new(int32(60))
			d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2025-09-01", EndsOn: tc.agreement}
			d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{WithinDaysOfAgreementEnd: tc.within}
			d.Request.Spec.StartsOn, d.Request.Spec.EndsOn = tc.ends, tc.ends
			if status := d.Evaluate(testobj.At("2026-07-01T10:00:00+02:00")); status.ClaimThrough != tc.want {
				t.Errorf("claims through %s, want %s", status.ClaimThrough, tc.want)
			}
		})
	}
}

// TestAWindowFromTheFirstPlan opens a window for requests with the partner's first approved plan.
func TestAWindowFromTheFirstPlan(t *testing.T) {
	const taken = "budget fy27-emea takes requests from 2026-06-20 through 2026-08-02 (within 43 days after the partner's first plan was approved on 2026-06-20)"
	for name, tc := range map[string]struct {
		days   int32
		change func(d *moneytest.Dossier)
		want   string
	}{
		"on the last day":         {44, func(*moneytest.Dossier) {}, "True/Eligible: "},
		"one day after":           {43, func(*moneytest.Dossier) {}, "False/RequestDeadlineMissed: " + taken},
		"an amendment is another": {43, func(d *moneytest.Dossier) { d.Plan.Spec.Goals[0].Owner = v1alpha1.PartyVendor; approveAgain(d) }, "False/RequestDeadlineMissed: " + taken},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			d.Budget.Spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventFirstPlanApproved, Days: tc.days}
			tc.change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); !strings.HasPrefix(got, tc.want) {
				t.Errorf("Eligible is\n%s\nnot\n%s", got, tc.want)
			}
		})
	}
}

// approveAgain has both parties approve the plan as it is now, and keeps the content of before.
func approveAgain(d *moneytest.Dossier) {
	revision := plan.Revision(&d.Plan.Spec.PlanTerms)
	d.More = append(d.More,
		testobj.Decision("again-vendor", d.Plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-07-20T09:00:00Z"),
		testobj.Decision("again-partner", d.Plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-07-20T10:00:00Z"))
}
