package promises_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/promises"
	"jointplan.dev/jointplan/internal/testobj"
)

// sample returns a plan of the samples, and the snapshot that it is evaluated in.
func sample(t *testing.T, namespace, name string) (*snapshot.Snapshot, *v1alpha1.JointPlan) {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	of, ok := preview.Find(set.Objects(), "JointPlan", namespace, name).(*v1alpha1.JointPlan)
	if !ok {
		t.Fatalf("there is no plan %s", name)
	}
	return preview.Snapshot(set.Objects(), of), of
}

func lines(parties []v1alpha1.PartyPromises) []string {
	var all []string
	for _, p := range parties {
		line := fmt.Sprintf("%s: %d due, %d kept, %d late, %d overdue, %d open", p.Party, p.Due, p.Kept, p.Late, p.Overdue, p.Open)
		if p.Percent != nil {
			line += fmt.Sprintf(", %d%%", *p.Percent)
		}
		all = append(all, line)
	}
	return all
}

// TestThePromisesOfTheSamples counts by hand what the parties of four plans promised by 2026-11-03.
func TestThePromisesOfTheSamples(t *testing.T) {
	for name, test := range map[string]struct {
		namespace string
		parties   []string
		days      string
		vendor    int
		partner   int
	}{
		// Both: reviews of 08-03 (9 days late, 4 over the grace), 09-01, 10-01 held; 11-02 in grace, two to come. Vendor: its decision in time and the commitment lead-handover kept; the action
		// roadshow-speaker and the commitment sales-engineer are to come. Partner: submission, two actions and the commitment room kept; the risk undecided.
		"acme-fy27-h1": {
			"partner-acme", []string{"vendor: 5 due, 4 kept, 1 late, 0 overdue, 5 open, 80%", "partner: 8 due, 6 kept, 1 late, 1 overdue, 3 open, 75%"}, "4", 4, 0,
		},
		// Submitted 30 days late, decided on 3 days late; the review of 10-27 is overdue.
		"finch-fy27-h1": {
			"partner-finch", []string{"vendor: 3 due, 1 kept, 1 late, 1 overdue, 3 open, 33%", "partner: 4 due, 2 kept, 1 late, 1 overdue, 4 open, 50%"}, "13", 13, 0,
		},
		// In whose hands: 10-19 to 10-23 the vendor, to 10-28 the partner, since then the vendor again.
		"lyra-cloud-fy27-h2": {
			"partner-lyra", []string{"vendor: 1 due, 1 kept, 0 late, 0 overdue, 1 open, 100%", "partner: 1 due, 1 kept, 0 late, 0 overdue, 0 open, 100%"}, "-", 10, 5,
		},
		"acme-fy26-h2": {
			"partner-acme", []string{"vendor: 5 due, 5 kept, 0 late, 0 overdue, 0 open, 100%", "partner: 6 due, 6 kept, 0 late, 0 overdue, 0 open, 100%"}, "4", 4, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			snap, of := sample(t, test.namespace, name)
			now := testobj.At("2026-11-03T09:00:00Z")
			status := plan.Evaluate(snap, of, now).Status
			promises.Fill(snap, of, &status, now)
			if diff := cmp.Diff(test.parties, lines(status.Parties)); diff != "" {
				t.Errorf("promises (-want +got):\n%s", diff)
			}
			today, days := fiscal.MustParseDay("2026-11-03"), "-"
			if status.PlanningDays != nil {
				days = fmt.Sprint(*status.PlanningDays)
			}
			vendor, partner := plan.InHands(status.Timeline, v1alpha1.PartyVendor, today), plan.InHands(status.Timeline, v1alpha1.PartyPartner, today)
			if days != test.days || vendor != test.vendor || partner != test.partner {
				t.Errorf("planning took %s days, in the hands of the vendor %d and of the partner %d; want %s, %d and %d", days, vendor, partner, test.days, test.vendor, test.partner)
			}
		})
	}
}

// TestPaymentsAreThePromisesOfTheVendor is about a claim that was accepted on 2026-10-14: paid within 14 days it was due on 10-28, within 30 it is open.
func TestPaymentsAreThePromisesOfTheVendor(t *testing.T) {
	for days, want := range map[int32]string{
		14: "vendor: 6 due, 4 kept, 1 late, 1 overdue, 5 open, 66%", 30: "vendor: 5 due, 4 kept, 1 late, 0 overdue, 6 open, 80%",
	} {
		set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
		if err != nil {
			t.Fatal(err)
		}
		program, _ := preview.Find(set.Objects(), "PartnerProgram", "", "northwind").(*v1alpha1.PartnerProgram)
		program.Spec.RuleSets[1].Approval.PayWithinDays = &days
		of, _ := preview.Find(preview.New(set).At(testobj.At("2026-11-03T09:00:00Z")), "JointPlan", "partner-acme", "acme-fy27-h1").(*v1alpha1.JointPlan)
		if got := lines(of.Status.Parties)[0]; got != want {
			t.Errorf("with %d days: %s, want %s", days, got, want)
		}
	}
}

// TestWhatIsFilledInStaysUntilTheNextChange says that nothing of it changes before the instant that it names.
func TestWhatIsFilledInStaysUntilTheNextChange(t *testing.T) {
	names := map[string]string{
		"acme-fy26-h2": "partner-acme", "acme-fy27-h1": "partner-acme", "finch-fy27-h1": "partner-finch", "corvid-fy27-h1": "partner-corvid", "lyra-cloud-fy27-h2": "partner-lyra",
	}
	type world struct {
		snap *snapshot.Snapshot
		of   *v1alpha1.JointPlan
	}
	var worlds []world
	for _, name := range []string{"acme-fy26-h2", "acme-fy27-h1", "finch-fy27-h1", "corvid-fy27-h1", "lyra-cloud-fy27-h2"} {
		snap, of := sample(t, names[name], name)
		worlds = append(worlds, world{snap, of})
	}
	type filled struct {
		Parties  []v1alpha1.PartyPromises
		Timeline []v1alpha1.PlanningStep
	}
	at := func(w world, now time.Time) (filled, time.Time) {
		result := plan.Evaluate(w.snap, w.of, now)
		next := promises.Fill(w.snap, w.of, &result.Status, now)
		if next.IsZero() || !result.NextChange.IsZero() && result.NextChange.Before(next) {
			next = result.NextChange
		}
		return filled{result.Status.Parties, result.Status.Timeline}, next
	}
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SampledFrom(worlds).Draw(t, "plan")
		now := testobj.At("2026-06-01T00:00:00+02:00").Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "hours")) * time.Hour)
		want, end := at(w, now)
		if end.IsZero() {
			end = now.AddDate(5, 0, 0)
		}
		part := rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "probe")
		for _, probe := range []time.Time{now.Add(time.Duration(part)), end.Add(-1)} {
			if got, _ := at(w, probe); !cmp.Equal(want, got) {
				t.Fatalf("%s from %s to %s, before %s (-then +later):\n%s", w.of.Name, now, probe, end, cmp.Diff(want, got))
			}
		}
	})
}
