package samples_test

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// TestWhatIfsOfTheReadme follows what the README proposes to try.
func TestWhatIfsOfTheReadme(t *testing.T) {
	january := time.Date(2027, time.January, 15, 9, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		change  func(*manifest.Set)
		at      time.Time
		verdict func(*manifest.Set, time.Time) string
		want    string
	}{
		"Helix stays gold with 106 users in the last quarter": {
			change: addUsers("106"), at: january, verdict: tierOf("helix"), want: "gold Kept",
		},
		"Helix is demoted with 100 users": {
			change: addUsers("100"), at: january, verdict: tierOf("helix"), want: "silver Demoted",
		},
		"Acme holds its review today": {
			change: holdReview, at: now, verdict: reviewOf("acme-fy27-h1"), want: "UpToDate",
		},
		"Acme holds no review": {
			change: leaveAll, at: now.AddDate(0, 0, 5), verdict: reviewOf("acme-fy27-h1"), want: "Overdue",
		},
		"Corvid pays its invoice": {
			change: payInvoice, at: now, verdict: standingOf("corvid"), want: "Good",
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := readSamples(t)
			tc.change(set)
			if got := tc.verdict(set, tc.at); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// leaveAll changes nothing.
func leaveAll(*manifest.Set) {}

func addUsers(number v1alpha1.Decimal) func(*manifest.Set) {
	return func(set *manifest.Set) {
		for _, x := range set.Measurements {
			if x.Name == "helix-billing" {
				x.Spec.Entries = append(x.Spec.Entries, v1alpha1.Measurement{Metric: "new-users", Day: "2026-12-31", Value: number})
			}
		}
	}
}

func holdReview(set *manifest.Set) {
	for _, x := range set.Reviews {
		if x.Name != "acme-fy27-h1-20261001" {
			continue
		}
		review := x.DeepCopy()
		review.Name, review.Spec.HeldOn = "acme-fy27-h1-20261103", "2026-11-03"
		review.Spec.RecordedTime = metav1.NewTime(time.Date(2026, time.November, 3, 8, 0, 0, 0, time.UTC))
		set.Reviews = append(set.Reviews, review)
		return
	}
}

func payInvoice(set *manifest.Set) {
	for _, x := range set.Partners {
		for i := range x.Spec.Invoices {
			if x.Name == "corvid" && x.Spec.Invoices[i].PaidOn == "" {
				x.Spec.Invoices[i].PaidOn = "2026-11-03"
			}
		}
	}
}

func tierOf(name string) func(*manifest.Set, time.Time) string {
	return func(set *manifest.Set, at time.Time) string {
		x := find[*v1alpha1.Partner](set, at, name)
		return string(x.Status.EffectiveTier) + " " + x.Status.Evaluations[0].Outcome
	}
}

func standingOf(name string) func(*manifest.Set, time.Time) string {
	return func(set *manifest.Set, at time.Time) string {
		return string(find[*v1alpha1.Partner](set, at, name).Status.Standing.Step)
	}
}

func reviewOf(name string) func(*manifest.Set, time.Time) string {
	return func(set *manifest.Set, at time.Time) string {
		return reason(find[*v1alpha1.JointPlan](set, at, name), v1alpha1.ConditionReviewOverdue)
	}
}

// find returns an object as it stands at an instant; the zero value when there is none.
func find[T preview.Object](set *manifest.Set, at time.Time, name string) (found T) {
	for _, object := range preview.New(set).At(at) {
		if x, ok := object.(T); ok && x.GetName() == name {
			return x
		}
	}
	return found
}
