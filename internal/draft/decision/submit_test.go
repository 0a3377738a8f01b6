package decision_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// edited returns a set with changes of its objects, and more of them.
func edited(t *testing.T, set *manifest.Set, change func(manifest.Object), more ...manifest.Object) *manifest.Set {
	t.Helper()
	var objects []manifest.Object
	for _, x := range set.Objects() {
		x = x.DeepCopyObject().(manifest.Object)
		if change != nil {
			change(x)
		}
		objects = append(objects, x)
	}
	with, err := manifest.NewSet(append(objects, more...), set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	return with
}

// vendorAlone lets the vendor alone approve plans.
func vendorAlone(x manifest.Object) {
	if program, ok := x.(*v1alpha1.PartnerProgram); ok {
		for i := range program.Spec.RuleSets {
			program.Spec.RuleSets[i].Approval = &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{v1alpha1.PartyVendor}}
		}
	}
}

// submission drafts the submission of a plan.
func submission(t *testing.T, objects []manifest.Object, name, by string) (*decision.Draft, error) {
	t.Helper()
	return decision.New(objects, decision.Wish{Target: find(t, objects, name), Outcome: v1alpha1.DecisionSubmitted, By: by, At: now})
}

// TestSubmission drafts submissions that count: which decision it is, and who decides next by when.
func TestSubmission(t *testing.T) {
	const then = "The plan is then PendingApproval, and Approved is False (AwaitingDecision): submitted on 2026-11-03; the vendor decides by 2026-11-13"
	for name, tc := range map[string]struct {
		plan     string
		change   func(manifest.Object)
		hidden   []string // kinds that the partner may not read
		decision v1alpha1.DecisionOutcome
		effects  []string // what they begin with
	}{
		"the program asks the partner too": {
			"plan acme-fy27-h2", nil, nil, "Approved",
			[]string{"The program asks the partner to approve too, and with this approval the plan is submitted: the vendor decides by 2026-11-13", then},
		},
		"the vendor alone approves": {
			"plan acme-fy27-h2", vendorAlone, nil, "Submitted",
			[]string{"This submits the plan, which the vendor alone approves: the vendor decides by 2026-11-13", then},
		},
		"the partner alone approves": {
			"plan acme-fy27-h2", func(x manifest.Object) {
				if program, ok := x.(*v1alpha1.PartnerProgram); ok {
					for i := range program.Spec.RuleSets {
						program.Spec.RuleSets[i].Approval = &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{v1alpha1.PartyPartner}}
					}
				}
			}, nil, "Approved",
			[]string{
				"The program asks the partner to approve too, and with this approval the plan is submitted: nobody else has to decide",
				"The plan is then Approved, and Approved is True (Approved): ",
			},
		},
		"the partner may not read the program": {
			"plan acme-fy27-h2", nil,
			[]string{"PartnerProgram"},
			"Approved",
			[]string{
				"The program asks the partner to approve too, and with this approval the plan is submitted. Until now the plan is a draft: the partner submits it by " +
					"approving revision v1:ba1a020de64ff7fc8bf4e1d6d3d8cb65 (an ApprovalDecision of party Partner); the vendor then has 10 days to decide",
			},
		},
		"what is recorded as it goes has a mistake": {
			"plan acme-fy27-h2", func(x manifest.Object) {
				if plan, ok := x.(*v1alpha1.JointPlan); ok && plan.Name == "acme-fy27-h2" {
					plan.Spec.Progress = &v1alpha1.Progress{Done: []v1alpha1.DoneItem{{Kind: "Commitment", Name: "none", Day: "2026-11-01"}}}
				}
			}, nil, "Approved",
			[]string{"The program asks the partner to approve too, and with this approval the plan is submitted: the vendor decides by 2026-11-13", then},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := edited(t, alone(t, samples(t), "partner-acme"), tc.change)
			objects := preview.New(set).At(now)
			visible := slices.DeleteFunc(slices.Clone(objects), func(x manifest.Object) bool { return slices.Contains(tc.hidden, manifest.KeyOf(x).Kind) })
			got, err := submission(t, visible, tc.plan, paula)
			if err != nil {
				t.Fatal(err)
			}
			if d := got.Decision.Spec; d.Decision != tc.decision || d.Party != v1alpha1.PartyPartner || d.Comment != "" {
				t.Errorf("it is %s by the %s", d.Decision, d.Party)
			}
			if len(got.Effects) != len(tc.effects) {
				t.Fatalf("effects %q, want %q", got.Effects, tc.effects)
			}
			for i, want := range tc.effects {
				if !strings.HasPrefix(got.Effects[i], want) {
					t.Errorf("effect %d\n%s\nwant\n%s", i, got.Effects[i], want)
				}
			}
		})
	}
}

// TestNothingIsSubmittedTwiceOrWithErrors drafts submissions that would not count.
func TestNothingIsSubmittedTwiceOrWithErrors(t *testing.T) {
	set := samples(t)
	objects := preview.New(set).At(now)
	alone := edited(t, set, vendorAlone)
	first, err := submission(t, preview.New(alone).At(now), "plan acme-fy27-h2", paula)
	if err != nil {
		t.Fatal(err)
	}
	submitted := preview.New(edited(t, alone, nil, first.Decision)).At(now.AddDate(0, 0, 11))
	for name, tc := range map[string]struct {
		objects []manifest.Object
		target  string
		want    string
	}{
		"submitted": {
			objects, "plan lyra-cloud-fy27-h2", "there is nothing to submit: this revision of JointPlan partner-lyra/lyra-cloud-fy27-h2 was submitted by tom.brandt@lyra.example on " +
				"2026-10-28 already (ApprovalDecision lyra-cloud-fy27-h2-partner); the vendor decides by 2026-11-07",
		},
		"an amendment that the vendor has not decided on in its days": {
			objects, "plan helix-2026-h2", "there is nothing to submit: this revision of JointPlan partner-helix/helix-2026-h2 was submitted by wout.claes@helix.example on 2026-10-13 " +
				"already (ApprovalDecision helix-2026-h2-amendment-partner); the vendor's decision was due by 2026-10-23 and is late",
		},
		"submitted to the vendor alone": {
			submitted, "plan acme-fy27-h2", "there is nothing to submit: this revision of JointPlan partner-acme/acme-fy27-h2 was submitted by " + paula + " on 2026-11-03 already " +
				"(ApprovalDecision " + first.Decision.Name + "); the vendor's decision was due by 2026-11-13 and is late",
		},
		"approved": {
			objects, "plan acme-fy27-h1", "there is nothing to submit: JointPlan partner-acme/acme-fy27-h1 is approved as it is, and the plan of record since 2026-06-19. To change it, " +
				"edit the plan first",
		},
		"sent back": {
			objects, "plan corvid-fy27-h2", "the vendor returned this revision of JointPlan partner-corvid/corvid-fy27-h2 on 2026-10-27 (" + vera + ", ApprovalDecision " +
				`corvid-fy27-h2-vendor): "The target more than doubles a half that is off track. Please plan from what the auditors can do."; the same text cannot be submitted ` +
				"again: change what the vendor objects to, then submit that",
		},
		"errors": {
			objects, "plan finch-fy27-h2", "JointPlan partner-finch/finch-fy27-h2 has 3 errors, and a text with errors is not submitted: correct what follows, then submit the plan\n" +
				"Error GoalDueOutsidePeriod: spec.goals[leads].due: 2027-07-31 is outside the plan's period, 2027-01-01 to 2027-06-30: choose a day within it; until then the " +
				"goal is judged by 2027-06-30\n" +
				`Error GoalMetricUnknown: spec.goals[cloud-revenue].metric: program northwind has no metric "new-revenues": did you mean "new-revenue"?` + "\n" +
				"Error GoalWeightsInvalid: spec.goals: the weights of the goals add up to 90%, not 100%: change weightPercent so that they add up to 100",
		},
		"a request": {
			objects, "request acme-customer-day", "MDFAllocation partner-acme/acme-customer-day is not a plan, and only a plan is submitted by a decision: a request is made with " +
				"spec.requestedOn, a claim with spec.claimedOn",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := submission(t, tc.objects, tc.target, paula)
			if err == nil {
				t.Fatal("it is submitted")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhoApprovesNoPlanSubmitsIt says to a partner that the program does not ask for its approval what to do.
func TestWhoApprovesNoPlanSubmitsIt(t *testing.T) {
	objects := preview.New(edited(t, samples(t), vendorAlone)).At(now)
	target := find(t, objects, "plan acme-fy27-h2")
	const key = "JointPlan partner-acme/acme-fy27-h2"
	for name, tc := range map[string]struct {
		wish decision.Wish
		want string
	}{
		"approves as the partner": {
			decision.Wish{Outcome: "Approved", Party: "Partner"}, "the program asks the vendor to decide on " + key + ", not the partner; the partner submits the plan: kubectl jointplan submit",
		},
		"may approve for the partner": {
			decision.Wish{Outcome: "Approved", Allowed: []v1alpha1.Party{"Partner"}},
			"you are not allowed to decide on " + key + " for the vendor: you need the verb approve-as-vendor (docs/access.md); the partner submits the plan: kubectl jointplan submit",
		},
		"may not submit": {
			decision.Wish{Outcome: "Submitted", Allowed: []v1alpha1.Party{"Vendor"}},
			"you are not allowed to submit " + key + " for the partner: you need the verb approve-as-partner (docs/access.md)",
		},
		"takes back what is not submitted": {
			decision.Wish{Outcome: "Returned", Party: "Partner", Comment: "wait"}, "the program asks the vendor to decide on " + key + ", not the partner",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.wish.Target, tc.wish.By, tc.wish.At = target, paula, now
			_, err := decision.New(objects, tc.wish)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

// TestEverySubmissionCounts submits every plan of the samples, for programs that ask the partner and that do not: what is drafted submits the plan, and
// the vendor decides by the day that was foretold. The partner can take it back. Each partner is looked at alone.
func TestEverySubmissionCounts(t *testing.T) {
	all := samples(t)
	for name, change := range map[string]func(manifest.Object){"both parties": nil, "the vendor alone": vendorAlone} {
		t.Run(name, func(t *testing.T) {
			drafted := 0
			for namespace := range all.Namespaces {
				set := edited(t, alone(t, all, namespace), change)
				objects := preview.New(set).At(now)
				for _, target := range objects {
					if plan, ok := target.(*v1alpha1.JointPlan); ok {
						if draft, err := submission(t, objects, "plan "+plan.Name, "somebody"); err == nil {
							drafted++
							assertSubmits(t, set, "plan "+plan.Name, draft)
						}
					}
				}
			}
			if drafted == 0 {
				t.Error("nothing is submitted")
			}
		})
	}
}

// assertSubmits evaluates a plan with its submission, and after that was taken back.
func assertSubmits(t *testing.T, set *manifest.Set, name string, draft *decision.Draft) {
	t.Helper()
	status := func(set *manifest.Set, days int) *v1alpha1.PlanSubmission {
		return find(t, preview.New(set).At(now.AddDate(0, 0, days)), name).(*v1alpha1.JointPlan).Status.Submission
	}
	with := edited(t, set, nil, draft.Decision)
	got := status(with, 0)
	if got == nil || got.Decision != v1alpha1.Name(draft.Decision.Name) || got.SubmittedOn != "2026-11-03" {
		t.Fatalf("%s is not submitted: %+v", name, got)
	}
	if !strings.HasSuffix(draft.Effects[0], "the vendor decides by "+string(got.DecideThrough)) {
		t.Errorf("%s: foretold was %q, and the vendor decides by %s", name, draft.Effects[0], got.DecideThrough)
	}
	tomorrow := now.AddDate(0, 0, 1)
	after := preview.New(with).At(tomorrow)
	back, err := decision.New(after, decision.Wish{Target: find(t, after, name), Outcome: "Returned", Party: "Partner", By: "somebody", Comment: "wait", At: tomorrow})
	if err != nil {
		t.Fatalf("%s cannot be taken back: %v", name, err)
	}
	if left := status(edited(t, with, nil, back.Decision), 1); left != nil {
		t.Errorf("%s is still submitted: %+v", name, left)
	}
}
