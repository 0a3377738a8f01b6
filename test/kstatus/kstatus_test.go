// Package kstatus_test checks what kstatus, by which generic tools wait for objects, makes of every sample at every stage
// of its life.
package kstatus_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/invariants"
	"jointplan.dev/jointplan/test/stages"
)

// failed are the samples that a person must change.
var failed = []string{"JointPlan partner-finch/finch-fy27-h2"}

// ahead are the plans that record, seen from before the story's instant, what has not happened yet: a mistake that a person must correct.
var ahead = []string{
	"JointPlan partner-acme/acme-fy26-h2", "JointPlan partner-acme/acme-fy27-h1", "JointPlan partner-brightpath/brightpath-fy27-h1",
	"JointPlan partner-corvid/corvid-fy27-h1", "JointPlan partner-finch/finch-fy27-h1", "JointPlan partner-helix/helix-2026-h2",
	"JointPlan partner-lyra/lyra-cloud-fy27-h1", "JointPlan partner-lyra/lyra-schools-fy27", "JointPlan partner-orbit/orbit-2026-q3",
}

// want returns what kstatus has to make of a stage: whether a person must change the spec, and nothing about how business goes.
func want(s stages.Stage) status.Status {
	switch s.Stage {
	case stages.Deleted:
		return status.TerminatingStatus
	case stages.Fresh, stages.Edited, stages.SuspendedAndEdited:
		return status.InProgressStatus
	case stages.Wrong:
		return status.FailedStatus
	default:
		if slices.Contains(failed, s.Key.String()) || s.At.Before(stages.Story) && slices.Contains(ahead, s.Key.String()) {
			return status.FailedStatus
		}
		return status.CurrentStatus
	}
}

func all(t *testing.T) []stages.Stage {
	t.Helper()
	list, err := stages.All(t.Context(), "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func compute(t *testing.T, s stages.Stage) *status.Result {
	t.Helper()
	result, err := status.Compute(s.Object)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return result
}

func TestEverySampleAtEveryStage(t *testing.T) {
	seen := map[string]map[status.Status]bool{}
	for _, s := range all(t) {
		result := compute(t, s)
		if result.Status != want(s) {
			t.Errorf("%s is %s, want %s: %s", s, result.Status, want(s), result.Message)
		}
		if result.Status == status.FailedStatus && result.Message == "" {
			t.Errorf("%s is Failed and does not say why", s)
		}
		if seen[s.Key.Kind] == nil {
			seen[s.Key.Kind] = map[status.Status]bool{}
		}
		seen[s.Key.Kind][result.Status] = true
	}
	everything := map[status.Status]bool{
		status.CurrentStatus: true, status.InProgressStatus: true, status.FailedStatus: true, status.TerminatingStatus: true,
	}
	data := map[status.Status]bool{status.CurrentStatus: true, status.TerminatingStatus: true} // of what has no status
	for _, kind := range kinds.All() {
		if kind.Name == kinds.ProgramCatalog || kind.Name == kinds.Benchmark || kind.Name == kinds.PublishedBenchmark {
			continue // the controller alone writes it, and files have none
		}
		want := data
		if kind.Evaluated {
			want = everything
		}
		if kind.Name == kinds.ProgramReport { // the controller alone writes it, and can correct it
			want = map[status.Status]bool{status.CurrentStatus: true, status.InProgressStatus: true, status.TerminatingStatus: true}
		}
		if diff := cmp.Diff(want, seen[kind.Name]); diff != "" {
			t.Errorf("results of %s (-want +got):\n%s", kind.Name, diff)
		}
	}
}

// TestWhatPeopleHaveToDoIsNoFailure: a delivery is done once everything is evaluated. A plan that nobody has approved yet, an overdue review or a
// refused request is not the delivery's failure.
func TestWhatPeopleHaveToDoIsNoFailure(t *testing.T) {
	byKey := map[string]stages.Stage{}
	for _, s := range all(t) {
		if s.Stage == stages.Evaluated && s.At.Equal(stages.Story) {
			byKey[s.Key.String()] = s
		}
	}
	for key, tc := range map[string]struct {
		condition string // with its status and reason
		want      status.Status
	}{
		"JointPlan partner-acme/acme-fy27-h2":                     {condition: "Approved False Draft", want: status.CurrentStatus},
		"JointPlan partner-lyra/lyra-cloud-fy27-h2":               {condition: "Approved False AwaitingDecision", want: status.CurrentStatus},
		"JointPlan partner-corvid/corvid-fy27-h2":                 {condition: "Approved False Returned", want: status.CurrentStatus},
		"JointPlan partner-helix/helix-2026-h2":                   {condition: "Approved False AmendmentPending", want: status.CurrentStatus},
		"JointPlan partner-brightpath/brightpath-fy27-h1":         {condition: "ReviewOverdue True Escalated", want: status.CurrentStatus},
		"JointPlan partner-corvid/corvid-fy27-h1":                 {condition: "OnTrack False OffTrack", want: status.CurrentStatus},
		"JointPlan partner-finch/finch-fy27-h2":                   {condition: "Stalled True InvalidSpec", want: status.FailedStatus},
		"Partner partner-corvid/corvid":                           {condition: "InGoodStanding False Hold", want: status.CurrentStatus},
		"Campaign partner-acme/acme-network-ads":                  {condition: "WithinStopRule False LimitExceeded", want: status.CurrentStatus},
		"Campaign partner-brightpath/brightpath-winter-mailing":   {condition: "Aligned False NotInPlan", want: status.CurrentStatus},
		"ApprovalDecision partner-lyra/lyra-cloud-fy27-h2-vendor": {condition: "Effective False Stale", want: status.CurrentStatus},
		"MDFAllocation partner-acme/acme-customer-day":            {condition: "Approved False SecondApproverMissing", want: status.CurrentStatus},
		"MDFAllocation partner-lyra/lyra-cloud-desk-ads":          {condition: "Granted False BudgetExhausted", want: status.CurrentStatus},
		"MDFAllocation partner-finch/finch-service-webinar-2":     {condition: "Eligible False LeadTimeMissed", want: status.CurrentStatus},
		"MDFClaim partner-acme/acme-cloud-webinar-1":              {condition: "Settled False AwaitingPayment", want: status.CurrentStatus},
		"MDFClaim partner-acme/acme-network-ads-1":                {condition: "Accepted False ProofMissing", want: status.CurrentStatus},
		"PlanRevision partner-helix/helix-2026-h2-b59e8fa607":     {condition: "Ready True Evaluated", want: status.CurrentStatus},
		"MDFLedger northwind-fy27":                                {want: status.CurrentStatus},
		"MeasurementSet partner-acme/acme-fy27-h1-crm":            {condition: "Ready True Evaluated", want: status.CurrentStatus},
		"MDFBudget northwind-fy27":                                {condition: "LedgerIntact True LedgerIntact", want: status.CurrentStatus},
		"PartnerProgram northwind":                                {condition: "Ready True Evaluated", want: status.CurrentStatus},
	} {
		t.Run(key, func(t *testing.T) {
			s, found := byKey[key]
			if !found {
				t.Fatal("there is no such sample")
			}
			if tc.condition != "" && !slices.Contains(conditions(t, s), tc.condition) {
				t.Errorf("the conditions are %q, want %q", conditions(t, s), tc.condition)
			}
			if got := compute(t, s).Status; got != tc.want {
				t.Errorf("kstatus = %s, want %s", got, tc.want)
			}
		})
	}
}

func conditions(t *testing.T, s stages.Stage) (list []string) {
	t.Helper()
	object, err := status.GetObjectWithConditions(s.Object.Object)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range object.Status.Conditions {
		list = append(list, fmt.Sprintf("%s %s %s", c.Type, c.Status, c.Reason))
	}
	return list
}

// TestInvariantsJudgeAsKstatusDoes keeps the function by which the other tests judge in step with the library.
func TestInvariantsJudgeAsKstatusDoes(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, s := range all(t) {
		typed, err := scheme.New(s.Object.GroupVersionKind())
		if err != nil {
			t.Fatal(err)
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(s.Object.Object, typed); err != nil {
			t.Fatal(err)
		}
		object, ok := typed.(invariants.Object)
		if !ok {
			continue // a ledger has no status
		}
		compared++
		if got, want := invariants.KStatus(object), compute(t, s).Status.String(); got != want {
			t.Errorf("%s: invariants.KStatus() = %s, kstatus says %s", s, got, want)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d stages were compared", compared)
	}
}
