package request_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// september is a request of 2026-09-01 for an activity from 09-10 to 09-12. The vendor has 10 days: through 09-11.
func september() *moneytest.Dossier {
	d := moneytest.NewDossier()
	d.Request.Spec.RequestedOn, d.Request.Spec.StartsOn, d.Request.Spec.EndsOn = "2026-09-01", "2026-09-10", "2026-09-12"
	return d
}

// except has a person approve the request as an exception.
func except(d *moneytest.Dossier, by, at string) *v1alpha1.ApprovalDecision {
	x := d.Decide(v1alpha1.DecisionApproved, by, at)
	x.Spec.Exception = &v1alpha1.DecisionException{Reason: "the channel manager was ill"}
	return x
}

// TestAfterTheFact is rule 22.
func TestAfterTheFact(t *testing.T) {
	const (
		eligible = "True/Eligible: the request meets every rule of the program, the plan and the budget"
		fact     = "False/AfterTheFact: the activity began on 2026-09-10, and "
		nothing  = "nothing is granted after the fact, no matter what its invoices are dated"
		late     = fact + "the request was not approved by that day: " + nothing
		maybe    = "; the vendor has through 2026-09-11 to decide: what it leaves undecided beyond that day, two of its people may grant as an exception"
		fault    = "; the vendor left the request undecided beyond 2026-09-11, its last day: two of its people may grant an exception, with a reason " +
			"(an ApprovalDecision with spec.exception of each)"
		decided = "; the vendor decided in time (%s), so there is no exception"
		ignored = "which does not count: an approval had to come by 2026-09-10, the first day of the activity"
	)
	for name, tc := range map[string]struct {
		now      string
		decide   func(*moneytest.Dossier)
		eligible string
		approved string // the beginning of the condition
	}{
		"approved on the first day": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) { d.Approve("vera", "2026-09-10T23:59:59+02:00") }, eligible, "True/Approved: ",
		},
		"approved on the second day": {
			"2026-09-11T12:00:00+02:00", func(d *moneytest.Dossier) { d.Approve("vera", "2026-09-11T00:00:00+02:00") },
			late + strings.Replace(decided, "%s", "Approved on 2026-09-11", 1),
			`False/AfterTheFact: vera approved it on 2026-09-11 in ApprovalDecision "d3", ` + ignored,
		},
		"approved long after": {
			"2026-11-01T00:00:00Z", func(d *moneytest.Dossier) { d.Approve("vera", "2026-10-20T00:00:00+02:00") }, late + fault,
			`False/AfterTheFact: vera approved it on 2026-10-20 in ApprovalDecision "d3", ` + ignored,
		},
		"not decided on the first day": {
			"2026-09-10T23:59:59+02:00", func(*moneytest.Dossier) {}, eligible,
			"False/AwaitingDecision: requested on 2026-09-01; the vendor decides by 2026-09-11, and its approval counts by 2026-09-10, the first day of the activity; ",
		},
		"nor on the second": {
			"2026-09-11T23:59:59+02:00", func(*moneytest.Dossier) {}, late + maybe, "False/AwaitingDecision: requested on 2026-09-01; the vendor decides by 2026-09-11",
		},
		"beyond the vendor's days": {
			"2026-09-12T00:00:00+02:00", func(*moneytest.Dossier) {}, late + fault,
			"False/DecisionOverdue: requested on 2026-09-01; the vendor's decision was due by 2026-09-11 and has been overdue since 2026-09-12; ",
		},
		"an exception by one": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) { except(d, "vera", "2026-09-15T10:00:00Z") }, late + fault,
			"False/SecondApproverMissing: approved as an exception by vera (2026-09-15); an exception needs 2 people of the vendor, so 1 more person must approve it ",
		},
		"an exception by one person twice": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				except(d, "vera", "2026-09-15T10:00:00Z")
				except(d, "VERA", "2026-09-16T10:00:00Z")
			}, late + fault, "False/SecondApproverMissing: approved as an exception by VERA (2026-09-16); an exception needs 2 people of the vendor, ",
		},
		"an exception by the requester and another": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				except(d, "vera", "2026-09-15T10:00:00Z")
				except(d, "Paul", "2026-09-16T10:00:00Z")
			}, late + fault, "False/SecondApproverMissing: approved as an exception by vera (2026-09-15); ",
		},
		"an exception by two": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				except(d, "vera", "2026-09-15T10:00:00Z")
				except(d, "walt", "2026-09-16T10:00:00Z")
			}, eligible, "True/ApprovedAsException: revision v1:",
		},
		"an exception and an approval": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				except(d, "vera", "2026-09-15T10:00:00Z")
				d.Approve("walt", "2026-09-16T10:00:00Z")
			}, late + fault, "False/SecondApproverMissing: approved as an exception by vera (2026-09-15); ",
		},
		"exceptions in the vendor's days": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				except(d, "vera", "2026-09-11T10:00:00Z")
				except(d, "walt", "2026-09-11T23:59:59+02:00")
			}, late + fault, "False/DecisionOverdue: ",
		},
		"exceptions after the vendor returned it in its days": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.Decide(v1alpha1.DecisionReturned, "vera", "2026-09-05T10:00:00Z")
				except(d, "vera", "2026-09-15T10:00:00Z")
				except(d, "walt", "2026-09-16T10:00:00Z")
			}, late + strings.Replace(decided, "%s", "Returned on 2026-09-05", 1), "False/Returned: ",
		},
		"returned after its days, then an exception": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.Decide(v1alpha1.DecisionReturned, "vera", "2026-09-12T10:00:00Z")
				except(d, "vera", "2026-09-15T10:00:00Z")
				except(d, "walt", "2026-09-16T10:00:00Z")
			}, eligible, "True/ApprovedAsException: revision v1:",
		},
		"the plan is approved on the second day": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.Approve("vera", "2026-09-10T10:00:00+02:00")
				d.More[0].(*v1alpha1.ApprovalDecision).Spec.DecidedTime.Time = testobj.At("2026-09-11T08:00:00+02:00")
			}, fact + "the plan that includes it was approved on 2026-09-11: " + nothing, "True/Approved: ",
		},
		"what was approved in time is changed, and the change approved later": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.Approve("vera", "2026-09-10T10:00:00+02:00")
				d.Request.Spec.Place = "Rome"
				d.Approve("vera", "2026-09-12T10:00:00+02:00")
			}, eligible, "True/Approved: ",
		},
		"what too few approved in time is made smaller, and that approved later": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.Budget.Spec.Authority = testobj.Budget("x").Authority("4000.00", 2).Obj().Spec.Authority
				d.Approve("vera", "2026-09-10T10:00:00+02:00")
				d.Request.Spec.Amount.Amount = "2000.00"
				d.Approve("walt", "2026-09-12T10:00:00+02:00")
			}, late + strings.Replace(decided, "%s", "Approved on 2026-09-10", 1),
			"False/ChangePending: the request was changed after its approval: have the change approved, or undo it; " +
				`walt approved it on 2026-09-12 in ApprovalDecision "d4", ` + ignored,
		},
		"what was approved late is changed, and the change approved": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.Approve("vera", "2026-09-11T10:00:00+02:00")
				d.Request.Spec.Place = "Rome"
				d.Approve("vera", "2026-09-12T10:00:00+02:00")
			}, late + strings.Replace(decided, "%s", "Approved on 2026-09-11", 1),
			"False/ChangePending: the request was changed after its approval: have the change approved, or undo it; " +
				`vera approved it on 2026-09-12 in ApprovalDecision "d4", ` + ignored,
		},
		"what is granted already can be changed while the activity goes on": {
			"2026-10-01T00:00:00Z", func(d *moneytest.Dossier) {
				d.GrantInFull()
				d.Request.Spec.EndsOn = "2026-09-13"
				d.Approve("vera", "2026-09-12T10:00:00+02:00")
			}, "True/Granted: the request met every rule when it was granted; the rules are not applied again after that", "True/Approved: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := september()
			d.ApprovePlan()
			tc.decide(d)
			status := d.Evaluate(testobj.At(tc.now))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); got != tc.eligible {
				t.Errorf("Eligible is\n%s\nnot\n%s", got, tc.eligible)
			}
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved); !strings.HasPrefix(got, tc.approved) {
				t.Errorf("Approved is\n%s\nnot\n%s", got, tc.approved)
			}
			r := request.Of(facts.Of(d.Snapshot(), testobj.At(tc.now)), d.Request)
			_, granted := r.Held()
			if asks := strings.HasPrefix(tc.eligible, "True") && strings.HasPrefix(tc.approved, "True") && !granted; !granted && r.Wants() != asks {
				t.Errorf("it may be granted: %t", r.Wants())
			}
		})
	}
}

// TestExceptionsAreReported says that an exception stands out, and which decisions on it count.
func TestExceptionsAreReported(t *testing.T) {
	d := september()
	d.ApprovePlan()
	early := except(d, "vera", "2026-09-11T12:00:00Z")
	plain := d.Decide(v1alpha1.DecisionApproved, "dirk", "2026-09-15T09:00:00Z")
	first, second := except(d, "vera", "2026-09-15T10:00:00Z"), except(d, "walt", "2026-09-16T10:00:00Z")
	now := testobj.At("2026-10-01T00:00:00Z")
	status := d.Evaluate(now)
	want := `approved as an exception on 2026-09-16 (walt, ApprovalDecision "` + second.Name + `"), after the activity had begun on 2026-09-10, because the vendor ` +
		"had not decided by 2026-09-11: the channel manager was ill"
	found := ""
	for _, f := range status.Findings {
		if f.Rule == request.RuleGrantedAsException {
			found = f.Message
		}
	}
	if found != want {
		t.Errorf("it finds %q", found)
	}
	if status.Exception == nil || status.Exception.Reason != "the channel manager was ill" || status.Exception.DecideThrough != "2026-09-11" {
		t.Errorf("the status says %v", status.Exception)
	}
	for x, want := range map[*v1alpha1.ApprovalDecision]string{
		early: "False/NoException: the vendor had through 2026-09-11 to decide: only what it left undecided beyond that day is granted as an exception",
		plain: "False/AfterTheFact: an approval had to come by 2026-09-10, the first day of the activity: nothing is granted after the fact. The vendor left the request " +
			"undecided beyond 2026-09-11, its last day, so two of its people may approve it as an exception (spec.exception)",
		first: `True/Effective: counts: the current revision is approved, in full with ApprovalDecision "` + second.Name + `"`, second: "True/Effective: counts: with it the " +
			"current revision is approved as an exception",
	} {
		judged, _ := decision.Evaluate(d.Snapshot(), x, now)
		if got := moneytest.Condition(t, &judged.CommonStatus, v1alpha1.ConditionEffective); got != want {
			t.Errorf("decision %s: %s", x.Name, got)
		}
	}
}

// TestAnExceptionStaysOneOnceGranted says that an approval which came too late does not begin to count because an exception was granted after it.
func TestAnExceptionStaysOneOnceGranted(t *testing.T) {
	d := september()
	d.ApprovePlan()
	late := d.Decide(v1alpha1.DecisionApproved, "vera", "2026-09-13T10:00:00Z")
	except(d, "walt", "2026-09-15T10:00:00Z")
	except(d, "vito", "2026-09-16T10:00:00Z")
	now := testobj.At("2026-10-01T00:00:00Z")
	status := d.Evaluate(now)
	before := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved)
	d.Grant(500000)
	status = d.Evaluate(now)
	if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved); got != before || !strings.HasPrefix(got, "True/ApprovedAsException") {
		t.Errorf("Approved was\n%s\nand once granted is\n%s", before, got)
	}
	if status.Exception == nil {
		t.Error("it is not reported as an exception any more")
	}
	judged, _ := decision.Evaluate(d.Snapshot(), late, now)
	want := "False/AfterTheFact: an approval had to come by 2026-09-10, the first day of the activity"
	if got := moneytest.Condition(t, &judged.CommonStatus, v1alpha1.ConditionEffective); !strings.HasPrefix(got, want) {
		t.Errorf("the approval: %s", got)
	}
}

// TestAPlanThatWaitsForTheVendorSaysSo says to a partner that requests money whose turn it is with the plan, and until when.
func TestAPlanThatWaitsForTheVendorSaysSo(t *testing.T) {
	for now, want := range map[string]string{
		"2026-08-11T23:59:59+02:00": "the partner submitted it on 2026-08-01, and it waits for the vendor, who decides by 2026-08-11",
		"2026-08-12T00:00:00+02:00": "the partner submitted it on 2026-08-01, and it waits for the vendor, whose decision was due by 2026-08-11",
	} {
		d := september()
		d.More = append(d.More, testobj.Decision("submits", d.Plan.Name, plan.Revision(&d.Plan.Spec.PlanTerms), v1alpha1.PartyPartner, v1alpha1.DecisionApproved,
			"2026-08-01T10:00:00Z"))
		d.Request.Spec.RequestedOn = "2026-08-01"
		status := d.Evaluate(testobj.At(now))
		want = "False/NoPlan: " + kinds.JointPlan + ` "acme-h1" has no plan of record: ` + want + "; no plan, no money"
		if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); got != want {
			t.Errorf("Eligible is\n%s\nnot\n%s", got, want)
		}
	}
}
