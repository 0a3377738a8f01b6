package decision_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// begun is the day after the first one of the customer day of Acme. Its request of 2026-10-26 needs two approvers and has one; the vendor had through
// 2026-11-05 to decide.
var begun = time.Date(2026, 12, 9, 9, 0, 0, 0, time.UTC)

const customerDay = "request acme-customer-day"

// drafts drafts a decision on the customer day of Acme.
func drafts(t *testing.T, set *manifest.Set, w decision.Wish) (*decision.Draft, error) {
	t.Helper()
	objects := preview.New(set).At(w.At)
	w.Target = find(t, objects, customerDay)
	if w.Outcome == "" {
		w.Outcome = v1alpha1.DecisionApproved
	}
	return decision.New(objects, w)
}

// TestExceptionsAreAskedForWhereTheyAreNeeded approves a request with and without an exception, before and after its activity has begun.
func TestExceptionsAreAskedForWhereTheyAreNeeded(t *testing.T) {
	set := alone(t, samples(t), "partner-acme")
	returned, err := drafts(t, set, decision.Wish{By: vera, Outcome: "Returned", Comment: "no", At: now})
	if err != nil {
		t.Fatal(err)
	}
	const (
		effect = "the decision would have no effect: "
		late   = effect + "an approval had to come by 2026-12-08, the first day of the activity: nothing is granted after the fact"
	)
	for name, tc := range map[string]struct {
		set  *manifest.Set
		wish decision.Wish
		want string
	}{
		"needed": {
			set, decision.Wish{By: "dirk", At: begun}, late + ". The vendor left the request undecided beyond 2026-11-05, its last day, so two of its people may approve it as an " +
				`exception (spec.exception): say why with --exception "...", which takes the verb except, and let another person do the same`,
		},
		"needed for a part": {
			set, decision.Wish{By: "dirk", At: begun, Amount: "100.00", Comment: "less"}, late + ". The vendor left the request undecided beyond 2026-11-05, its last day, so two of " +
				`its people may approve it as an exception (spec.exception): say why with --exception "...", which takes the verb except, and let another person do the same`,
		},
		"not possible, as the vendor decided in time": {
			edited(t, set, nil, returned.Decision),
			decision.Wish{By: "dirk", At: begun},
			late + ". An exception would not count either: the vendor decided in time (Returned on 2026-11-03 in ApprovalDecision \"" + returned.Decision.Name +
				"\"), so there is no exception",
		},
		"tried, where the vendor decided in time": {
			edited(t, set, nil, returned.Decision),
			decision.Wish{By: "dirk", At: begun, Exception: "ill"},
			effect + "the vendor decided in time (Returned on 2026-11-03 in ApprovalDecision \"" + returned.Decision.Name + "\"), so there is no exception",
		},
		"not needed yet": {
			set,
			decision.Wish{By: "dirk", At: begun.AddDate(0, 0, -1), Exception: "ill"},
			effect + "the activity had not begun: an approval without spec.exception counts through 2026-12-08: leave out --exception",
		},
		"by who asks": {
			set, decision.Wish{By: paula, At: begun, Exception: "ill"}, effect + paula + " requested the money and cannot approve it: someone else at the vendor must",
		},
		"of what is returned": {
			set,
			decision.Wish{By: "dirk", At: begun, Outcome: "Returned", Comment: "no", Exception: "ill"},
			"--exception is for approvals: leave it out, or approve",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := drafts(t, tc.set, tc.wish)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
	for _, target := range []string{"claim acme-cloud-webinar-2", "plan acme-fy27-h2"} {
		objects := preview.New(set).At(now)
		_, err := decision.New(objects, decision.Wish{Target: find(t, objects, target), Outcome: "Approved", By: "dirk", Exception: "ill", At: now})
		if err == nil || !strings.HasPrefix(err.Error(), "--exception approves a request for money after its activity has begun, and ") {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// TestAnExceptionTakesAsManyAsItNeeds has one person after the other grant an exception: each sees the how many-th it is, and what the others said.
func TestAnExceptionTakesAsManyAsItNeeds(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(manifest.Object)
		hidden []string // names of what is not at hand
		people []string // the last one completes it
		said   []string
	}{
		"two": {nil, nil, []string{"dirk", vera}, []string{"approver 1 of 2", "approver 2 of 2"}},
		"two, also where one is enough otherwise": {
			func(x manifest.Object) {
				if budget, ok := x.(*v1alpha1.MDFBudget); ok {
					budget.Spec.Authority = nil
				}
				if d, ok := x.(*v1alpha1.ApprovalDecision); ok && d.Name == "acme-customer-day-mdf-vera" {
					d.Spec.Party = v1alpha1.PartyPartner // so that it does not count
				}
			}, nil, []string{"dirk", vera}, []string{"approver 1 of 2", "approver 2 of 2"},
		},
		"three, by the budget's authority": {
			func(x manifest.Object) {
				if budget, ok := x.(*v1alpha1.MDFBudget); ok {
					for i := range budget.Spec.Authority {
						budget.Spec.Authority[i].Levels = []v1alpha1.AuthorityLevel{{Above: "100.00", Approvers: 3}}
					}
				}
			}, nil, []string{"dirk", vera, "eva"}, []string{"approver 1 of 3", "approver 2 of 3", "approver 3 of 3"},
		},
		"the budget is not at hand": {nil, []string{"northwind-fy27", "acme-customer-day-mdf-vera"}, []string{"dirk"}, []string{"approver 1 of at least 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			set := edited(t, alone(t, samples(t), "partner-acme"), tc.change)
			for i, by := range tc.people {
				at := begun.Add(time.Duration(i) * time.Hour)
				objects := slices.DeleteFunc(preview.New(set).At(at), func(x manifest.Object) bool { return slices.Contains(tc.hidden, x.GetName()) })
				draft, err := decision.New(objects, decision.Wish{
					Target: find(t, objects, customerDay), Outcome: "Approved", By: by, Exception: v1alpha1.Text("the words of " + by), At: at,
				})
				if err != nil {
					t.Fatal(err)
				}
				if draft.Exception != tc.said[i] || draft.Decision.Spec.Exception == nil || draft.Decision.Spec.Exception.Reason != v1alpha1.Text("the words of "+by) {
					t.Errorf("%s is %q, %+v", by, draft.Exception, draft.Decision.Spec.Exception)
				}
				reason := "Approved is then False (SecondApproverMissing)"
				if i == len(tc.people)-1 {
					reason = "Approved is then True (ApprovedAsException)"
				}
				if tc.hidden == nil && (len(draft.Effects) != 1 || !strings.HasPrefix(draft.Effects[0], reason)) {
					t.Errorf("%s: effects %q, want %q", by, draft.Effects, reason)
				}
				for _, before := range tc.people[:i] {
					line := "Approved:   by " + before + " on 2026-12-09, as an exception: the words of " + before
					if !slices.ContainsFunc(draft.Terms, func(term decision.Term) bool { return term.String() == line }) {
						t.Errorf("%s does not see %q: %v", by, line, draft.Terms)
					}
				}
				set = edited(t, set, nil, draft.Decision)
			}
			_, err := drafts(t, set, decision.Wish{By: tc.people[0], At: begun.AddDate(0, 0, 1), Exception: "again"})
			if err == nil || !strings.HasPrefix(err.Error(), "the decision would have no effect: ") {
				t.Errorf("one person twice: %v", err)
			}
		})
	}
}

// TestWhatIsApprovedNeedsNoException changes a request that was approved before its activity began, and approves the change afterwards.
func TestWhatIsApprovedNeedsNoException(t *testing.T) {
	set := edited(t, alone(t, samples(t), "partner-acme"), func(x manifest.Object) {
		if d, ok := x.(*v1alpha1.ApprovalDecision); ok && d.Name == "acme-customer-day-mdf-vera" {
			d.Spec.DecidedTime.Time = now.AddDate(0, 0, 6) // beyond the vendor's days, and before the activity
		}
	})
	approved, err := drafts(t, set, decision.Wish{By: "dirk", At: now.AddDate(0, 0, 7)})
	if err != nil {
		t.Fatal(err)
	}
	set = edited(t, set, func(x manifest.Object) {
		if request, ok := x.(*v1alpha1.MDFAllocation); ok && request.Name == "acme-customer-day" {
			request.Spec.Audience = "Customers of the second half"
		}
	}, approved.Decision)
	if _, err := drafts(t, set, decision.Wish{By: "dirk", At: begun}); err != nil {
		t.Errorf("the change cannot be approved: %v", err)
	}
	_, err = drafts(t, set, decision.Wish{By: "dirk", At: begun, Exception: "ill"})
	const want = "MDFAllocation partner-acme/acme-customer-day needs no exception, as an approval without one still counts: leave out --exception"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
