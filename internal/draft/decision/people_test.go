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

// TestOneWhoDecidesIsKnownInEverySpelling drafts approvals that do not count, by another spelling of who asked, claimed or approved.
func TestOneWhoDecidesIsKnownInEverySpelling(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	for name, tc := range map[string]struct{ target, by, want string }{
		"who claims": {
			"claim acme-cloud-webinar-2", "Paula.Reimann@ACME.example", "the decision would have no effect: Paula.Reimann@ACME.example (\"" + paula + "\" in spec.requestedBy) " +
				"requested the money and cannot approve it: someone else at the vendor must",
		},
		"who approved": {
			"request acme-customer-day", "Vera.Lindqvist@northwind.example", "the decision would have no effect: Vera.Lindqvist@northwind.example approved this request on 2026-11-02 already",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decision.New(objects, decision.Wish{Target: find(t, objects, tc.target), Outcome: v1alpha1.DecisionApproved, By: tc.by, At: now})
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

// TestLookAlikesAreShownToWhoDecides drafts approvals that count, and looks for what warns of them.
func TestLookAlikesAreShownToWhoDecides(t *testing.T) {
	set := samples(t)
	other := find(t, set.Objects(), "claim acme-cloud-webinar-2").(*v1alpha1.MDFClaim).DeepCopy()
	other.Name, other.Spec.ClaimedOn = "other", "2026-11-01"
	other.Spec.Costs[0].Invoice = "MM-2026-312"
	set, err := manifest.NewSet(append(set.Objects(), other), set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	objects := preview.New(set).At(now)
	for name, tc := range map[string]struct{ target, by, want string }{
		"who decides looks like who asked": {
			"request acme-customer-day", "paula-reimann@acme.example", `"` + paula + `", who requested the money, and "paula-reimann@acme.example", who approves it, look ` +
				"alike: if they are one person, someone else must decide",
		},
		"who decides looks like who approved": {
			"request acme-customer-day", "vera.lindqvist+mdf@northwind.example", `"` + vera + `", who approved it on 2026-11-02, and "vera.lindqvist+mdf@northwind.example", ` +
				"who approves it, look alike: if they are one person, someone else must decide",
		},
		"who decides looks like who claims": {
			"claim acme-cloud-webinar-2", "pau1a.reimann@acme.example", `"` + paula + `", who claims, and "pau1a.reimann@acme.example", who approves it, look alike: if they ` +
				"are one person, someone else must decide",
		},
		"who decides for the vendor looks like who did for the partner": {
			"plan helix-2026-h2", "wout-claes@helix.example", `"wout.claes@helix.example", who approved it for the partner, and "wout-claes@helix.example", who approves it, ` +
				"look alike: if they are one person, someone else must decide",
		},
		"an invoice looks like another": {
			"claim acme-cloud-webinar-2", vera, `spec.costs[MM-2026-311].invoice: invoice "MM-2026-311" by "Mailmacher" of 2026-08-31 may be one that is claimed elsewhere: ` +
				`MDFClaim "other" has "MM-2026-312" by "Mailmacher" of the same amount; compare them, and reject the claim if they are one`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			draft, err := decision.New(objects, decision.Wish{Target: find(t, objects, tc.target), Outcome: v1alpha1.DecisionApproved, By: tc.by, At: now})
			if err != nil {
				t.Fatal(err)
			}
			shown := slices.Clone(draft.Warnings)
			for _, f := range draft.Findings {
				shown = append(shown, f.String())
			}
			if !slices.ContainsFunc(shown, func(line string) bool { return strings.HasSuffix(line, tc.want) }) {
				t.Errorf("what is shown, %q, lacks\n%s", shown, tc.want)
			}
		})
	}
	draft, err := decision.New(objects, decision.Wish{
		Target: find(t, objects, "request acme-customer-day"), Outcome: v1alpha1.DecisionRejected, By: "paula-reimann@acme.example", Comment: "no", At: now,
	})
	if err != nil || slices.ContainsFunc(draft.Warnings, func(line string) bool { return strings.Contains(line, "look alike") }) {
		t.Errorf("who rejects is warned (%v): %v", err, draft)
	}
}
