package decision_test

import (
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// warn adds a Warning to the status of an object.
func warn(t *testing.T, objects []manifest.Object, name, rule, field string) {
	t.Helper()
	common := preview.Common(find(t, objects, name))
	common.Findings = append(common.Findings, v1alpha1.Finding{Rule: rule, Severity: v1alpha1.SeverityWarning, Field: field, Message: "found in " + name})
}

// TestWhoDecidesSeesEveryWarning plants Warnings, and looks at what a draft of every decision shows.
func TestWhoDecidesSeesEveryWarning(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	warn(t, objects, "claim acme-cloud-webinar-2", "ClaimChanged", "spec.claimedOn")
	warn(t, objects, "request acme-cloud-webinar", "ReservationUnapproved", "spec")
	warn(t, objects, "request acme-customer-day", "MilestoneDoubtful", "spec.requestedOn")
	warn(t, objects, "plan acme-fy27-h1", "ActivityNotAllowed", "spec.activities[cloud-webinar].type")
	warn(t, objects, "plan acme-fy27-h1", "ReviewOverdue", "status.reviews")
	warn(t, objects, "plan acme-fy27-h1", "PlanOverlap", "spec.period")
	const (
		ofPlan    = " of JointPlan partner-acme/acme-fy27-h1: "
		ofRequest = " of MDFAllocation partner-acme/acme-cloud-webinar: "
	)
	for target, want := range map[string][]string{
		"claim acme-cloud-webinar-2": {
			"Warning ClaimChanged: spec.claimedOn: found in claim acme-cloud-webinar-2",
			"Warning ReservationUnapproved" + ofRequest + "spec: found in request acme-cloud-webinar",
			"Warning ActivityNotAllowed" + ofPlan + "spec.activities[cloud-webinar].type: found in plan acme-fy27-h1",
			"Warning PlanOverlap" + ofPlan + "spec.period: found in plan acme-fy27-h1",
		},
		"request acme-customer-day": {
			"Warning MilestoneDoubtful: spec.requestedOn: found in request acme-customer-day",
			"Warning PlanOverlap" + ofPlan + "spec.period: found in plan acme-fy27-h1",
		},
		"plan acme-fy27-h1": {
			"Warning ActivityNotAllowed: spec.activities[cloud-webinar].type: found in plan acme-fy27-h1",
			"Warning ReviewOverdue: status.reviews: found in plan acme-fy27-h1",
			"Warning PlanOverlap: spec.period: found in plan acme-fy27-h1",
		},
	} {
		for _, outcome := range []v1alpha1.DecisionOutcome{v1alpha1.DecisionApproved, v1alpha1.DecisionReturned, v1alpha1.DecisionRejected} {
			if strings.HasPrefix(target, "plan") && outcome == v1alpha1.DecisionApproved {
				continue // it is approved
			}
			draft, err := decision.New(objects, decision.Wish{
				Target: find(t, objects, target), Outcome: outcome, Party: v1alpha1.PartyVendor, By: "dirk", Comment: "why", At: now,
			})
			if err != nil {
				t.Fatalf("%s %s: %v", outcome, target, err)
			}
			var got []string
			for _, f := range draft.Findings {
				if strings.Contains(f.Message, "found in") {
					got = append(got, f.String())
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: got\n%s\nwant\n%s", outcome, target, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// TestNoWarningOfTheSamplesIsLeftOut drafts what can be decided in the samples: each Error and Warning of what is decided on is shown, as a finding
// or in a warning.
func TestNoWarningOfTheSamplesIsLeftOut(t *testing.T) {
	objects, seen := preview.New(samples(t)).At(now), 0
	for _, target := range objects {
		draft, err := decision.New(objects, decision.Wish{
			Target: target, Outcome: v1alpha1.DecisionRejected, Party: v1alpha1.PartyVendor, By: "dirk", Comment: "why", At: now,
		})
		if err != nil {
			continue
		}
		var shown []string
		for _, f := range draft.Findings {
			shown = append(shown, f.String())
		}
		all := strings.Join(append(shown, draft.Warnings...), "\n")
		for _, f := range preview.Common(target).Findings {
			if f.Severity == v1alpha1.SeverityInfo {
				continue
			}
			seen++
			if !strings.Contains(all, f.Message) {
				t.Errorf("%s: %s is not shown: %s", manifest.KeyOf(target), f.Rule, f.Message)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d findings were looked for", seen)
	}
}
