package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// drawDecisions draws decisions of two parties by three persons on three contents, some at one instant.
func drawDecisions(t *rapid.T) []*v1alpha1.ApprovalDecision {
	var list []*v1alpha1.ApprovalDecision
	for i := range rapid.IntRange(0, 14).Draw(t, "decisions") {
		list = append(list, by(rapid.SampledFrom([]string{"vera", "paul", "zoe"}).Draw(t, "by"), testobj.Decision(
			fmt.Sprintf("d%02d", i), "h1",
			revisionOf(rapid.SampledFrom([]v1alpha1.Text{"a", "a", "b", "c"}).Draw(t, "content")),
			rapid.SampledFrom([]v1alpha1.Party{vendor, partner}).Draw(t, "party"),
			rapid.SampledFrom([]v1alpha1.DecisionOutcome{approved, approved, approved, returned, rejected}).Draw(t, "decision"),
			fmt.Sprintf("2026-06-20T%02d:00:00Z", rapid.IntRange(0, 11).Draw(t, "hour")),
		)))
	}
	return list
}

func TestApprovalsDoNotDependOnTheOrderOfDecisions(t *testing.T) {
	world := []any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj()}
	rapid.Check(t, func(t *rapid.T) {
		p := version("a")
		decisions := drawDecisions(t)
		now := testobj.At("2026-06-20T06:30:00Z")
		fold := func(list []*v1alpha1.ApprovalDecision) *plan.Approval {
			objects := append(slices.Clone(world), p, kept("b"))
			for _, d := range list {
				objects = append(objects, d)
			}
			return plan.Approvals(testobj.Snapshot(objects...), p, now)
		}
		want := fold(decisions)
		same := cmpopts.IgnoreUnexported(plan.Approval{})
		if diff := cmp.Diff(want, fold(rapid.Permutation(decisions).Draw(t, "order")), same); diff != "" {
			t.Fatalf("another order makes (-want +got):\n%s", diff)
		}
		taken := slices.DeleteFunc(slices.Clone(decisions), func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.DecidedTime.After(now) })
		past := fold(taken)
		past.NextChange = want.NextChange
		if diff := cmp.Diff(want, past, same); diff != "" {
			t.Fatalf("decisions of the future count (-want +got):\n%s", diff)
		}
		checkHistory(t, want, taken)
	})
}

// checkHistory checks what must hold of any plan of record.
func checkHistory(t *rapid.T, a *plan.Approval, taken []*v1alpha1.ApprovalDecision) {
	for i, record := range a.History {
		if len(record.Approvals) != 2 || record.Approvals[0].By == record.Approvals[1].By {
			t.Fatalf("approvals %v", record.Approvals)
		}
		last := record.Approvals[0].DecidedTime.Time
		if other := record.Approvals[1].DecidedTime.Time; other.After(last) {
			last = other
		}
		if !record.ApprovedTime.Equal(last) {
			t.Fatalf("approved on %s, the last decision is of %s", record.ApprovedTime, last)
		}
		if inForce := record.EndedOn.IsZero(); inForce != (record == a.Record) || inForce && i != len(a.History)-1 {
			t.Fatalf("record %d of %d ended on %s", i, len(a.History), record.EndedOn)
		}
		for _, approval := range record.Approvals {
			for _, earlier := range a.History[:i] {
				replaced := earlier.Revision == record.Revision && earlier.WithdrawnBy == nil
				if replaced && approval.DecidedTime.Time.Before(earlier.EndedOn) {
					t.Fatalf("an approval of %s counts again after it was replaced on %s", approval.DecidedTime, earlier.EndedOn)
				}
			}
		}
	}
	if a.Record == nil {
		return
	}
	for _, d := range taken {
		if d.Spec.Revision == a.Record.Revision && d.Spec.Decision != approved && d.Spec.DecidedTime.After(a.Record.ApprovedTime) {
			for _, approval := range a.Record.Approvals {
				if approval.Party == d.Spec.Party && d.Spec.DecidedTime.After(approval.DecidedTime.Time) {
					t.Fatalf("decision %s did not withdraw the plan of record", d.Name)
				}
			}
		}
	}
}

func TestAtMostOneDecisionOfAPartyCountsOnARevision(t *testing.T) {
	world := []any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj()}
	rapid.Check(t, func(t *rapid.T) {
		p := version("a")
		decisions := drawDecisions(t)
		objects := append(slices.Clone(world), p)
		for _, d := range decisions {
			objects = append(objects, d)
		}
		now := testobj.At("2026-06-20T06:30:00Z")
		all := testobj.Snapshot(objects...)
		counting := map[string]int{}
		for _, d := range decisions {
			status, next := decision.Evaluate(all, d, now)
			if condition(status.Conditions, v1alpha1.ConditionEffective).Status == metav1.ConditionTrue {
				counting[string(d.Spec.Party)+d.Spec.Revision]++
			}
			if !next.IsZero() {
				before, _ := decision.Evaluate(all, d, next.Add(-1))
				if diff := cmp.Diff(status, before, ignoreTransition); diff != "" {
					t.Fatalf("changed before its next change (-at +before):\n%s", diff)
				}
			}
		}
		for key, n := range counting {
			if n > 1 {
				t.Fatalf("%d decisions count for %s", n, key)
			}
		}
		for _, state := range plan.Approvals(all, p, now).Parties {
			if counts := counting[string(state.Party)+revisionOf("a")] == 1; counts != (state.State != "Missing") {
				t.Fatalf("%s is %s and has %t", state.Party, state.State, counts)
			}
		}
	})
}
