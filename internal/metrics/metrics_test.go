package metrics

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// told returns the samples of some metrics as text, sorted; of all metrics when none is named.
func told(objects *Objects, families ...*Family) []string {
	var list []string
	for _, s := range Of(objects) {
		if len(families) > 0 && !slices.Contains(families, s.Family) {
			continue
		}
		var labels []string
		for i, name := range s.Family.Labels {
			labels = append(labels, name+"="+s.Labels[i])
		}
		list = append(list, fmt.Sprintf("%s{%s} %.2f", strings.TrimPrefix(s.Family.Name, "jointplan_"), strings.Join(labels, ","), s.Value))
	}
	slices.Sort(list)
	return list
}

// conditions is a list of conditions, each as "Type=Status/Reason".
func conditions(list ...string) []metav1.Condition {
	var result []metav1.Condition
	for _, text := range list {
		kind, rest, _ := strings.Cut(text, "=")
		status, reason, _ := strings.Cut(rest, "/")
		result = append(result, metav1.Condition{
			Type: kind, Status: metav1.ConditionStatus(status), Reason: reason, LastTransitionTime: metav1.Time{Time: testobj.At("2026-10-20T08:30:00Z")},
		})
	}
	return result
}

// plan is an evaluated plan at a stage.
func plan(name string, stage v1alpha1.PlanStage, list ...string) *v1alpha1.JointPlan {
	x := testobj.Plan(name).Obj()
	x.Generation = 1
	x.Status.ObservedGeneration, x.Status.Stage, x.Status.Conditions = 1, stage, conditions(list...)
	return x
}

// money is an amount of euros.
func money(amount v1alpha1.Decimal) *v1alpha1.Money {
	return &v1alpha1.Money{Amount: amount, Currency: "EUR"}
}

// request is a request at a stage.
func request(name string, stage v1alpha1.AllocationStage, reason string) *v1alpha1.MDFAllocation {
	return testobj.Allocation(name).Status(func(s *v1alpha1.MDFAllocationStatus) { s.Stage, s.Reason = stage, reason }).Obj()
}

// claim is a claim at a stage.
func claim(name string, on v1alpha1.Name, stage v1alpha1.ClaimStage, reason string, decided ...string) *v1alpha1.MDFClaim {
	x := testobj.Claim(name, on).Claimed("2026-10-26").Obj()
	x.Status.Stage, x.Status.Reason = stage, reason
	for _, at := range decided {
		x.Status.Approvals = append(x.Status.Approvals, v1alpha1.AllocationApproval{DecidedTime: metav1.Time{Time: testobj.At(at)}})
	}
	return x
}

func seconds(at string) string { return fmt.Sprintf("%d.00", testobj.At(at).Unix()) }

func TestWhatIsToldOfObjects(t *testing.T) {
	northwind, acme := testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj()
	for name, tc := range map[string]struct {
		objects  Objects
		families []*Family
		want     []string
	}{
		"every kind is counted, from zero": {
			Objects{Objects: kinds.Objects{
				Plans: []*v1alpha1.JointPlan{plan("a", v1alpha1.StageDraft), plan("b", v1alpha1.StageDraft)}, Ledgers: []*v1alpha1.MDFLedger{{}},
			}},
			[]*Family{ObjectsByKind},
			[]string{
				"objects{kind=ApprovalDecision} 0.00", "objects{kind=Benchmark} 0.00", "objects{kind=Campaign} 0.00", "objects{kind=ChannelManager} 0.00",
				"objects{kind=ChannelStrategy} 0.00", "objects{kind=JointPlan} 2.00", "objects{kind=MDFAllocation} 0.00",
				"objects{kind=MDFBudget} 0.00", "objects{kind=MDFClaim} 0.00", "objects{kind=MDFLedger} 1.00", "objects{kind=MeasurementSet} 0.00",
				"objects{kind=Partner} 0.00", "objects{kind=PartnerProgram} 0.00", "objects{kind=PlanReview} 0.00",
				"objects{kind=PlanRevision} 0.00",
				"objects{kind=ProgramCatalog} 0.00", "objects{kind=ProgramReport} 0.00", "objects{kind=PublishedBenchmark} 0.00",
			},
		},
		"a suspended object does not wait for its evaluation": {
			Objects{Objects: kinds.Objects{Budgets: []*v1alpha1.MDFBudget{
				{ObjectMeta: metav1.ObjectMeta{Name: "new", Generation: 1}, Status: v1alpha1.MDFBudgetStatus{
					CommonStatus: v1alpha1.CommonStatus{ObservedGeneration: -1},
				}},
				{ObjectMeta: metav1.ObjectMeta{Name: "suspended", Generation: 2, Annotations: map[string]string{v1alpha1.AnnotationSuspend: "true"}}},
			}}},
			[]*Family{Unevaluated},
			[]string{
				"unevaluated_objects{kind=ApprovalDecision} 0.00", "unevaluated_objects{kind=Campaign} 0.00", "unevaluated_objects{kind=ChannelManager} 0.00",
				"unevaluated_objects{kind=ChannelStrategy} 0.00", "unevaluated_objects{kind=JointPlan} 0.00",
				"unevaluated_objects{kind=MDFAllocation} 0.00", "unevaluated_objects{kind=MDFBudget} 1.00", "unevaluated_objects{kind=MDFClaim} 0.00",
				"unevaluated_objects{kind=MeasurementSet} 0.00", "unevaluated_objects{kind=Partner} 0.00", "unevaluated_objects{kind=PartnerProgram} 0.00",
				"unevaluated_objects{kind=PlanReview} 0.00", "unevaluated_objects{kind=PlanRevision} 0.00", "unevaluated_objects{kind=ProgramReport} 0.00",
			},
		},
		"conditions are added up; what is stalled is told by namespace": {
			Objects{Objects: kinds.Objects{Plans: []*v1alpha1.JointPlan{
				plan("a", v1alpha1.StageActive, "Ready=True/Evaluated"), plan("b", v1alpha1.StageActive, "Ready=True/Evaluated"),
				plan("c", v1alpha1.StageDraft, "Ready=False/InvalidSpec", "Stalled=True/InvalidSpec"),
			}}},
			[]*Family{Conditions, Stalled},
			[]string{
				"conditions{kind=JointPlan,type=Ready,status=False,reason=InvalidSpec} 1.00",
				"conditions{kind=JointPlan,type=Ready,status=True,reason=Evaluated} 2.00",
				"conditions{kind=JointPlan,type=Stalled,status=True,reason=InvalidSpec} 1.00",
				"stalled_objects{kind=JointPlan,namespace=" + testobj.Namespace + ",reason=InvalidSpec} 1.00",
			},
		},
		"plans by program; a closed one has no pace, and its reviews as before": {
			Objects{Objects: kinds.Objects{
				Programs: []*v1alpha1.PartnerProgram{northwind}, Partners: []*v1alpha1.Partner{acme},
				Plans: []*v1alpha1.JointPlan{
					plan("a", v1alpha1.StageActive, "OnTrack=True/OnTrack", "ReviewOverdue=True/Escalated"),
					plan("b", v1alpha1.StageClosed, "OnTrack=False/OffTrack", "ReviewOverdue=True/Overdue"),
					{ObjectMeta: metav1.ObjectMeta{Name: "new", Namespace: testobj.Namespace}},
				},
			}},
			[]*Family{Plans, PlanPace, PlanReviews},
			[]string{
				"plan_pace{program=northwind,verdict=OnTrack} 1.00",
				"plan_reviews{program=northwind,state=Escalated} 1.00", "plan_reviews{program=northwind,state=Overdue} 1.00",
				"plans{program=northwind,stage=Active} 1.00", "plans{program=northwind,stage=Closed} 1.00",
			},
		},
		"partners by tier and standing": {
			Objects{Objects: kinds.Objects{Programs: []*v1alpha1.PartnerProgram{northwind}, Partners: []*v1alpha1.Partner{
				testobj.Partner("new").Obj(), standing("a", "gold", "Hold"), standing("b", "gold", "Hold"), standing("c", "", "Good"),
			}}},
			[]*Family{Partners},
			[]string{"partners{program=northwind,tier=,standing=Good} 1.00", "partners{program=northwind,tier=gold,standing=Hold} 2.00"},
		},
		"the figures of a budget, in its currency": {
			Objects{Objects: kinds.Objects{Budgets: []*v1alpha1.MDFBudget{
				testobj.Budget("fy27-emea").Status(func(s *v1alpha1.MDFBudgetStatus) {
					s.Reserved, s.Settled, s.Available = money("4000.50"), money("0.00"), money("15999.50")
					s.Conditions = conditions("LedgerIntact=True/LedgerIntact")
				}).Obj(),
				testobj.Budget("fy26-japan").Amount("900000", "JPY").Status(func(s *v1alpha1.MDFBudgetStatus) {
					s.Lapsed, s.Excess = &v1alpha1.Money{Amount: "17", Currency: "JPY"}, &v1alpha1.Money{Amount: "3", Currency: "JPY"}
					s.Conditions = conditions("LedgerIntact=False/RecoveryRequired")
				}).Obj(),
			}}},
			[]*Family{BudgetAmount, BudgetReserved, BudgetSettled, BudgetAvailable, BudgetLapsed, BudgetExcess, LedgerIntact},
			[]string{
				"budget_amount{budget=fy26-japan,currency=JPY} 900000.00", "budget_amount{budget=fy27-emea,currency=EUR} 20000.00",
				"budget_available{budget=fy27-emea,currency=EUR} 15999.50", "budget_excess{budget=fy26-japan,currency=JPY} 3.00",
				"budget_lapsed{budget=fy26-japan,currency=JPY} 17.00", "budget_ledger_intact{budget=fy26-japan,reason=RecoveryRequired} 0.00",
				"budget_ledger_intact{budget=fy27-emea,reason=LedgerIntact} 1.00", "budget_reserved{budget=fy27-emea,currency=EUR} 4000.50",
				"budget_settled{budget=fy27-emea,currency=EUR} 0.00",
			},
		},
		"a ledger lost while its budget is suspended, whose status stays as it is": {
			Objects{Objects: kinds.Objects{Budgets: []*v1alpha1.MDFBudget{paused("fy27-emea"), paused("fy27-apac")}, Ledgers: []*v1alpha1.MDFLedger{halfFull("fy27-apac")}}},
			[]*Family{LedgerIntact},
			[]string{
				"budget_ledger_intact{budget=fy27-apac,reason=LedgerIntact} 1.00", "budget_ledger_intact{budget=fy27-emea,reason=RecoveryRequired} 0.00",
			},
		},
		"how full ledgers are, of budgets that are gone too": {
			Objects{Objects: kinds.Objects{Ledgers: []*v1alpha1.MDFLedger{halfFull("fy26-emea")}}},
			[]*Family{LedgerUsed},
			[]string{
				"ledger_used_ratio{budget=fy26-emea,bound=reservations} 0.50", "ledger_used_ratio{budget=fy26-emea,bound=settlements} 0.25",
				"ledger_used_ratio{budget=fy26-emea,bound=size} 0.06",
			},
		},
		"requests and claims by budget": {
			Objects{Objects: kinds.Objects{
				Budgets: []*v1alpha1.MDFBudget{testobj.Budget("fy27-emea").Obj()},
				Allocations: []*v1alpha1.MDFAllocation{
					request("a", v1alpha1.AllocationGranted, "Granted"), request("b", v1alpha1.AllocationGranted, "Granted"),
					request("c", v1alpha1.AllocationWaiting, "BudgetExhausted"), testobj.Allocation("new").Obj(),
				},
				Claims: []*v1alpha1.MDFClaim{
					claim("x", "a", v1alpha1.ClaimSettled, "Settled"), claim("y", "none", v1alpha1.ClaimRefused, "AllocationNotFound"),
					testobj.Claim("new", "a").Obj(),
				},
			}},
			[]*Family{Requests, Claims},
			[]string{
				"claims{budget=,stage=Refused,reason=AllocationNotFound} 1.00", "claims{budget=fy27-emea,stage=Settled,reason=Settled} 1.00",
				"requests{budget=fy27-emea,stage=Granted,reason=Granted} 2.00", "requests{budget=fy27-emea,stage=Waiting,reason=BudgetExhausted} 1.00",
			},
		},
		"names that name nothing make no series of their own": {
			Objects{Objects: kinds.Objects{
				Partners:    []*v1alpha1.Partner{standing("acme", "gold", "Good")},
				Plans:       []*v1alpha1.JointPlan{plan("a", v1alpha1.StageActive)},
				Allocations: []*v1alpha1.MDFAllocation{request("a", v1alpha1.AllocationRefused, "BudgetNotFound")},
			}},
			[]*Family{Partners, Plans, Requests},
			[]string{
				"partners{program=,tier=gold,standing=Good} 1.00", "plans{program=,stage=Active} 1.00",
				"requests{budget=,stage=Refused,reason=BudgetNotFound} 1.00",
			},
		},
		"policies that are not in force": {Objects{Unguarded: true}, []*Family{PoliciesInForce}, []string{"money_policies_in_force{} 0.00"}},
		"policies that are in force":     {Objects{}, []*Family{PoliciesInForce}, []string{"money_policies_in_force{} 1.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			slices.Sort(tc.want)
			if diff := cmp.Diff(tc.want, told(&tc.objects, tc.families...)); diff != "" {
				t.Errorf("samples (-want +got):\n%s", diff)
			}
		})
	}
}

// halfFull is a ledger with 1,000 reservations and 1,000 settlements, whose keys have 7 and 9 characters and take 24 bytes more.
func halfFull(name string) *v1alpha1.MDFLedger {
	b := testobj.Ledger(name)
	for i := range 1_000 {
		b.Reserved(fmt.Sprintf("%03d/x/1", i), 1)
		b.Settled(fmt.Sprintf("%03d/x/1/c", i), 1)
	}
	return b.Obj()
}

// standing is a partner of a tier with a standing.
func standing(name string, tier v1alpha1.Name, step v1alpha1.StandingStep) *v1alpha1.Partner {
	x := testobj.Partner(name).Obj()
	x.Status.EffectiveTier, x.Status.Standing = tier, &v1alpha1.StandingStatus{Step: step}
	return x
}

// TestWhoWaitsLongest: days begin in the program's time zone, in Berlin two hours before they do in UTC, and one in winter.
func TestWhoWaitsLongest(t *testing.T) {
	submitted := func(x *v1alpha1.JointPlan, on v1alpha1.Date) *v1alpha1.JointPlan {
		x.Status.Submission = &v1alpha1.PlanSubmission{SubmittedOn: on}
		return x
	}
	resubmitted := claim("x", "a", v1alpha1.ClaimPendingDecision, "AwaitingDecision")
	resubmitted.Spec.ResubmittedOn = "2026-10-30"
	for name, tc := range map[string]struct {
		add  func(*Objects)
		want []string
	}{
		"nobody": {func(o *Objects) {
			o.Plans = []*v1alpha1.JointPlan{submitted(plan("acme-h1", v1alpha1.StageActive, "Approved=True/Approved"), "2026-06-01")}
			o.Allocations = []*v1alpha1.MDFAllocation{request("a", v1alpha1.AllocationGranted, "Granted")}
			o.Claims = []*v1alpha1.MDFClaim{claim("x", "a", v1alpha1.ClaimSettled, "Settled", "2026-10-28T10:00:00Z")}
		}, nil},
		"the earlier of two plans": {func(o *Objects) {
			o.Plans = []*v1alpha1.JointPlan{
				submitted(plan("b", v1alpha1.StagePendingApproval, "Approved=False/AwaitingDecision"), "2026-07-02"),
				submitted(plan("a", v1alpha1.StagePendingApproval, "Approved=False/AwaitingDecision"), "2026-06-01"),
				submitted(plan("c", v1alpha1.StagePendingApproval, "Approved=False/AwaitingDecision"), "2026-06-20"),
			}
		}, []string{"oldest_pending_decision_timestamp_seconds{program=northwind,kind=JointPlan} " + seconds("2026-05-31T22:00:00Z")}},
		"an amendment since it was made, not since the plan was submitted": {func(o *Objects) {
			o.Plans = []*v1alpha1.JointPlan{submitted(plan("a", v1alpha1.StageActive, "Approved=False/AmendmentPending"), "2026-06-01")}
		}, []string{"oldest_pending_decision_timestamp_seconds{program=northwind,kind=JointPlan} " + seconds("2026-10-20T08:30:00Z")}},
		"a request of a plan": {func(o *Objects) {
			o.Plans = []*v1alpha1.JointPlan{plan("acme-h1", v1alpha1.StageActive)}
			o.Allocations = []*v1alpha1.MDFAllocation{request("a", v1alpha1.AllocationPendingApproval, "AwaitingDecision")}
		}, []string{"oldest_pending_decision_timestamp_seconds{program=northwind,kind=MDFAllocation} " + seconds("2026-08-02T22:00:00Z")}},
		"a request since it was changed, not since it was made": {func(o *Objects) {
			changed := request("a", v1alpha1.AllocationPendingApproval, "ChangePending")
			changed.Status.Conditions = conditions("Approved=False/ChangePending")
			o.Plans = []*v1alpha1.JointPlan{plan("acme-h1", v1alpha1.StageActive)}
			o.Allocations = []*v1alpha1.MDFAllocation{changed}
		}, []string{"oldest_pending_decision_timestamp_seconds{program=northwind,kind=MDFAllocation} " + seconds("2026-10-20T08:30:00Z")}},
		"a request of no plan, by days of UTC": {func(o *Objects) {
			o.Allocations = []*v1alpha1.MDFAllocation{request("a", v1alpha1.AllocationPendingApproval, "AwaitingDecision")}
		}, []string{"oldest_pending_decision_timestamp_seconds{program=,kind=MDFAllocation} " + seconds("2026-08-03T00:00:00Z")}},
		"a claim since it was submitted again": {func(o *Objects) {
			o.Plans = []*v1alpha1.JointPlan{plan("acme-h1", v1alpha1.StageActive)}
			o.Allocations = []*v1alpha1.MDFAllocation{request("a", v1alpha1.AllocationGranted, "Granted")}
			o.Claims = []*v1alpha1.MDFClaim{resubmitted}
		}, []string{"oldest_pending_decision_timestamp_seconds{program=northwind,kind=MDFClaim} " + seconds("2026-10-29T23:00:00Z")}},
		"an accepted claim since its last approval": {func(o *Objects) {
			o.Allocations = []*v1alpha1.MDFAllocation{request("a", v1alpha1.AllocationGranted, "Granted")}
			o.Claims = []*v1alpha1.MDFClaim{
				claim("x", "a", v1alpha1.ClaimAccepted, "AwaitingPayment", "2026-10-27T10:00:00Z", "2026-10-28T10:00:00Z"),
				claim("y", "a", v1alpha1.ClaimAccepted, "AwaitingPayment", "2026-10-29T10:00:00Z"),
			}
		}, []string{"oldest_unpaid_claim_timestamp_seconds{budget=fy27-emea} " + seconds("2026-10-28T10:00:00Z")}},
	} {
		t.Run(name, func(t *testing.T) {
			objects := &Objects{
				Objects: kinds.Objects{
					Programs: []*v1alpha1.PartnerProgram{testobj.Program("northwind").Obj()}, Partners: []*v1alpha1.Partner{testobj.Partner("acme").Obj()},
					Budgets: []*v1alpha1.MDFBudget{testobj.Budget("fy27-emea").Obj()},
				},
				Calendar: func(x *v1alpha1.PartnerProgram) *fiscal.Calendar {
					return fiscal.MustNew(x.Spec.Calendar)
				},
			}
			tc.add(objects)
			if diff := cmp.Diff(tc.want, told(objects, OldestPendingDecision, OldestUnpaidClaim)); diff != "" {
				t.Errorf("samples (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAWriteOfALedgerDid(t *testing.T) {
	spec := func(b *testobj.LedgerBuilder) *v1alpha1.MDFLedgerSpec { return &b.Obj().Spec }
	held := spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 500).Reserved("a/y/1", 700))
	for name, tc := range map[string]struct {
		before, after *v1alpha1.MDFLedgerSpec
		want          Moves
	}{
		"a first grant": {nil, spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 500)), Moves{Grants: 1}},
		"nothing":       {held, held, Moves{}},
		"a payment in full, which releases nothing": {
			held, spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 0).Reserved("a/y/1", 700).Settled("a/x/1/c", 500)), Moves{Settlements: 1},
		},
		"two payments on one request": {
			held, spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 500).Reserved("a/y/1", 100).Settled("a/y/1/c", 200).Settled("a/y/1/d", 400)),
			Moves{Settlements: 2},
		},
		"a final payment that leaves a rest": {
			held, spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 0).Reserved("a/y/1", 700).Settled("a/x/1/c", 300)), Moves{Settlements: 1, Releases: 1},
		},
		"a release and a grant": {
			held, spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 500).Reserved("a/y/1", 0).Reserved("b/z/1", 9)), Moves{Grants: 1, Releases: 1},
		},
		"what was settled before": {
			spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 200).Settled("a/x/1/c", 300)),
			spec(testobj.Ledger("fy27-emea").Reserved("a/x/1", 0).Settled("a/x/1/c", 300)),
			Moves{Releases: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, MovesOf(tc.before, tc.after)); diff != "" {
				t.Errorf("moves (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFamilies checks what holds of every metric.
func TestFamilies(t *testing.T) {
	seen, label := map[string]bool{}, regexp.MustCompile(`^[a-z]+$`)
	for _, f := range All() {
		if seen[f.Name] {
			t.Errorf("%s: twice", f.Name)
		}
		seen[f.Name] = true
		if !regexp.MustCompile(`^jointplan_[a-z_]+[a-z]$`).MatchString(f.Name) {
			t.Errorf("%s: begins with jointplan_ and has lower-case letters and underscores only", f.Name)
		}
		if (f.Type == Counter) != strings.HasSuffix(f.Name, "_total") {
			t.Errorf("%s: a %s; counters end with _total, and nothing else does", f.Name, f.Type)
		}
		if (f.Type == Histogram) != (len(f.Buckets) > 0) || !slices.IsSorted(f.Buckets) {
			t.Errorf("%s: a %s with buckets %v", f.Name, f.Type, f.Buckets)
		}
		if f.Help == "" || !strings.HasSuffix(f.Help, ".") || f.Bounds == "" || len(f.Labels) > maxLabels {
			t.Errorf("%s: help %q, bounds %q, labels %v", f.Name, f.Help, f.Bounds, f.Labels)
		}
		for _, name := range f.Labels {
			if !label.MatchString(name) {
				t.Errorf("%s: label %q", f.Name, name)
			}
		}
		if strings.HasPrefix(f.Name, "jointplan_budget_") && f != LedgerIntact && !slices.Contains(f.Labels, "currency") {
			t.Errorf("%s: money without a currency", f.Name)
		}
	}
}

// paused returns a suspended budget that has had a ledger.
func paused(name string) *v1alpha1.MDFBudget {
	x := testobj.Budget(name).Status(func(s *v1alpha1.MDFBudgetStatus) {
		s.Ledger, s.Conditions = &v1alpha1.LedgerRecord{}, conditions("LedgerIntact=True/LedgerIntact")
	}).Obj()
	x.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	return x
}
