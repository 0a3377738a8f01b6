package request_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestEligibilityOfARequestForAReward holds each rule of the chain for rewards: no plan, no reward.
func TestEligibilityOfARequestForAReward(t *testing.T) {
	const noon = moneytest.RewardNoon
	amend := func(d *moneytest.Dossier, at string, change func(*v1alpha1.PlanTerms)) { // and both approve it
		change(&d.Plan.Spec.PlanTerms)
		revision := plan.Revision(&d.Plan.Spec.PlanTerms)
		d.More = append(d.More, testobj.Decision("again-v", d.Plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, at),
			testobj.Decision("again-p", d.Plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, at))
	}
	noDecisions := func(d *moneytest.Dossier) {
		var kept []any
		for _, x := range d.More {
			if _, ok := x.(*v1alpha1.ApprovalDecision); !ok {
				kept = append(kept, x)
			}
		}
		d.More = kept
	}
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		now    string
		want   string
	}{
		"keeps every rule": {func(*moneytest.Dossier) {}, noon, "True/Eligible: the request meets every rule of the program, the plan and the budget"},
		"a draft": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" }, noon,
			"False/NotRequested: the request is a draft: set spec.requestedOn to the day on which it is made",
		},
		"no plan of record": {noDecisions, noon, `False/NoPlan: JointPlan "acme-h1" has no plan of record: the partner submits it, and every party approves it first; ` +
			"no plan, no money"},
		"no such plan": {
			func(d *moneytest.Dossier) { d.Request.Spec.PlanRef.Name = "acme-h9" }, noon,
			`False/NoPlan: no plan, no money: JointPlan "acme-h9" not found or not permitted: did you mean "acme-h1"?`,
		},
		"no such reward": {
			func(d *moneytest.Dossier) { d.Request.Spec.Reward.Name = "growth-rebat" }, noon,
			`False/RewardNotFound: budget fy27-emea has no reward "growth-rebat": did you mean "growth-rebate"?`,
		},
		"a half, of a reward of each quarter": {
			func(d *moneytest.Dossier) { d.Request.Spec.Reward.Period.Part = v1alpha1.PartH1 }, noon,
			"False/RewardNotFound: reward growth-rebate is earned in each fiscal quarter, and FY2027 H1 is none: did you mean FY2027 Q2 (2026-10-01 to 2026-12-31)?",
		},
		"an interval that the next budget pays": {
			func(d *moneytest.Dossier) { d.Request.Spec.Reward.Period.Part = v1alpha1.PartQ2 }, noon,
			"False/RewardNotFound: budget fy27-emea pays for intervals that end from 2026-06-30 to 2026-12-30, and FY2027 Q2 ends on 2026-12-31: request it from the " +
				"budget of that time",
		},
		"requested on the last day of the interval": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-09-30" }, noon,
			"False/IntervalNotOver: FY2027 Q1 ends on 2026-09-30, and what is earned in it is known after that: request the reward on 2026-10-01 or later (spec.requestedOn)",
		},
		"requested on the day after it": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-10-01" }, noon, "True/Eligible: ",
		},
		"a plan of another time": {func(d *moneytest.Dossier) {
			noDecisions(d)
			d.Plan.Spec.Period = v1alpha1.Period{FiscalYear: new(int32(2027)), Part: v1alpha1.PartQ2}
			d.ApprovePlan()
		}, noon, `False/OutsidePeriod: JointPlan "acme-h1" is for FY2027 Q2, and the reward is for FY2027 Q1: name the plan of that time (spec.planRef), in another ` +
			"MDFAllocation"},
		"the plan was approved on the day after the interval": {func(d *moneytest.Dossier) {
			noDecisions(d)
			amend(d, "2026-10-01T00:00:00+02:00", func(*v1alpha1.PlanTerms) {})
		}, noon, `False/AfterTheFact: JointPlan "acme-h1" was approved on 2026-10-01, after FY2027 Q1 ended on 2026-09-30: no plan, no reward, and nothing is earned ` +
			"after the fact"},
		"it was approved in the last second of the interval": {func(d *moneytest.Dossier) {
			noDecisions(d)
			amend(d, "2026-09-30T23:59:59+02:00", func(*v1alpha1.PlanTerms) {})
		}, noon, "True/Eligible: "},
		"the goal was added on the day after the interval": {func(d *moneytest.Dossier) {
			noDecisions(d)
			goals := d.Plan.Spec.Goals
			d.Plan.Spec.Goals = goals[:1]
			d.ApprovePlan()
			d.More = append(d.More, kept(d))
			amend(d, "2026-10-01T00:00:00+02:00", func(terms *v1alpha1.PlanTerms) { terms.Goals = goals })
		}, noon, `False/GoalNotInPlan: reward growth-rebate is for new-revenue, and the plan of record of JointPlan "acme-h1" had no goal with that metric: the partner ` +
			"names the objective itself; it could be added through 2026-09-30"},
		"the goal was added in the interval": {func(d *moneytest.Dossier) {
			noDecisions(d)
			goals := d.Plan.Spec.Goals
			d.Plan.Spec.Goals = goals[:1]
			d.ApprovePlan()
			d.More = append(d.More, kept(d))
			amend(d, "2026-09-30T12:00:00+02:00", func(terms *v1alpha1.PlanTerms) { terms.Goals = goals })
		}, noon, "True/Eligible: "},
		"no goal is needed": {func(d *moneytest.Dossier) {
			noDecisions(d)
			d.Plan.Spec.Goals = d.Plan.Spec.Goals[:1]
			d.ApprovePlan()
			d.Budget.Spec.Rewards[0].Goal = v1alpha1.RewardGoalOptional
		}, noon, "True/Eligible: "},
		"of another tier": {
			func(d *moneytest.Dossier) { d.Budget.Spec.Rewards[0].Tiers = []v1alpha1.Name{"silver"} }, noon,
			`False/TierNotAllowed: partner "acme" holds tier gold, and reward growth-rebate is for silver: reach that tier first`,
		},
		"of its tier": {func(d *moneytest.Dossier) { d.Budget.Spec.Rewards[0].Tiers = []v1alpha1.Name{"silver", "gold"} }, noon, "True/Eligible: "},
		"the agreement ends within the interval": {
			func(d *moneytest.Dossier) {
				d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2026-01-01", EndsOn: "2026-09-29"}
			}, noon,
			"False/AgreementEnded: the partner's agreement ends on 2026-09-29, before the interval of the reward does on 2026-09-30: renew the agreement",
		},
		"it ends with the interval": {
			func(d *moneytest.Dossier) {
				d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2026-01-01", EndsOn: "2026-09-30"}
			}, noon, "True/Eligible: ",
		},
		"requested after the budget's last day": {
			func(d *moneytest.Dossier) { d.Budget.Spec.RequestBy = "2026-10-11" }, noon,
			"False/RequestDeadlineMissed: budget fy27-emea takes requests through 2026-10-11 (its last day for requests); the request was made on 2026-10-12: request " +
				"money from another budget",
		},
		"nothing is reported": {
			func(d *moneytest.Dossier) { d.Earn() }, noon,
			"Unknown/MissingResults: the results of new-revenue in FY2027 Q1 are not complete: nothing is reported yet, and what is missing is not zero; the vendor " +
				"reports them through 2026-09-30 (0 on that day if nothing came after)",
		},
		"results end on the day before the last one": {
			func(d *moneytest.Dossier) { d.Earn("2026-07-31", "170000", "2026-09-29", "50000") }, noon,
			"Unknown/MissingResults: the results of new-revenue in FY2027 Q1 are not complete: they are reported through 2026-09-29, and what is missing is not zero; " +
				"the vendor reports them through 2026-09-30 (0 on that day if nothing came after)",
		},
		"a later result shows that they are complete": {
			func(d *moneytest.Dossier) { d.Earn("2026-07-31", "170000", "2026-10-02", "1") }, noon, "True/Eligible: ",
		},
		"a result of the future does not": {
			func(d *moneytest.Dossier) { d.Earn("2026-07-31", "170000", "2026-10-14", "1") }, noon, "Unknown/MissingResults: ",
		},
		"claims are over": {func(d *moneytest.Dossier) {
			d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: "2026-10-12"}
		}, noon, "False/ClaimWindowClosed: claims could be received through 2026-10-12 and nothing was granted by then, so nothing can be claimed any more"},
		"it was granted": {func(d *moneytest.Dossier) { d.GrantReward(200000) }, noon, "True/Granted: "},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewRewardDossier()
			tc.change(d)
			status := d.Evaluate(testobj.At(tc.now))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); got != tc.want && !(strings.HasSuffix(tc.want, ": ") && strings.HasPrefix(got, tc.want)) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// kept is the revision that keeps the content of the dossier's plan as it is.
func kept(d *moneytest.Dossier) *v1alpha1.PlanRevision {
	revision := plan.Revision(&d.Plan.Spec.PlanTerms)
	x := &v1alpha1.PlanRevision{Spec: v1alpha1.PlanRevisionSpec{
		PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(d.Plan.Name)}, Revision: revision, Terms: *d.Plan.Spec.PlanTerms.DeepCopy(),
		ApprovedTime: metav1.NewTime(testobj.At("2026-06-20T10:00:00Z")),
	}}
	x.Namespace, x.Name = testobj.Namespace, plan.RevisionName(d.Plan.Name, revision)
	return x
}

// TestARequestForARewardHasARevisionOfItsOwn: what is approved is one reward in one interval.
func TestARequestForARewardHasARevisionOfItsOwn(t *testing.T) {
	revisions := map[string]string{}
	for name, change := range map[string]func(*v1alpha1.MDFAllocationSpec){
		"as it is": func(*v1alpha1.MDFAllocationSpec) {}, "another reward": func(s *v1alpha1.MDFAllocationSpec) { s.Reward.Name = "other" },
		"another part": func(s *v1alpha1.MDFAllocationSpec) { s.Reward.Period.Part = v1alpha1.PartQ2 },
		"another year": func(s *v1alpha1.MDFAllocationSpec) { s.Reward.Period.FiscalYear = new(int32(2028)) },
		"days": func(s *v1alpha1.MDFAllocationSpec) {
			s.Reward.Period = v1alpha1.Period{From: "2026-07-01", Through: "2026-09-30"}
		},
		"no reward": func(s *v1alpha1.MDFAllocationSpec) { s.Reward = nil },
	} {
		spec := moneytest.NewRewardDossier().Request.Spec.DeepCopy()
		change(spec)
		revision := facts.RequestRevision(spec)
		if other := revisions[revision]; other != "" {
			t.Errorf("%s has the revision of %s", name, other)
		}
		revisions[revision] = name
	}
}

// TestTheVendorDecidesOnARewardInItsDays: the vendor's days begin with the request, and no day of an activity binds the approval.
func TestTheVendorDecidesOnARewardInItsDays(t *testing.T) {
	for name, tc := range map[string]struct {
		now, want string
	}{
		"in its days": {"2026-10-13T12:00:00+02:00", "False/AwaitingDecision: requested on 2026-10-12; the vendor decides by 2026-10-22; waiting for the decision of the " +
			"vendor on revision "},
		"late": {"2026-10-23T12:00:00+02:00", "False/DecisionOverdue: requested on 2026-10-12; the vendor's decision was due by 2026-10-22"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewRewardDossier()
			d.Program.Spec.RuleSets[0].Approval = &v1alpha1.ApprovalPolicy{DecideWithinDays: new(int32(10))}
			status := d.Evaluate(testobj.At(tc.now))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved); !strings.HasPrefix(got, tc.want) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			for _, f := range status.Findings {
				if strings.Contains(f.Message, "activity") {
					t.Errorf("a reward has no activity: %s", f.Message)
				}
			}
		})
	}
}
