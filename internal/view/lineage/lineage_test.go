package lineage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/lineage"
)

const family = `
apiVersion: channel.jointplan.dev/v1alpha1
kind: PartnerProgram
metadata: {name: northwind}
spec:
  calendar: {timeZone: Asia/Tokyo}
  currency: EUR
  metrics: [{name: leads, unit: Count, behaviour: Flow, reporting: Incremental, direction: Increase}]
  ruleSets: [{name: one, effectiveFrom: "2026-01-01", tiers: [{name: member, rank: 1}]}]
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: MDFBudget
metadata: {name: shared}
spec: {programRef: {name: northwind}, period: {fiscalYear: 2026}, amount: {amount: "100", currency: EUR}}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: Partner
metadata: {name: acme, namespace: a, labels: {region: dach}}
spec: {programRef: {name: northwind}}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: Partner
metadata: {name: acme, namespace: b}
spec: {programRef: {name: northwind}}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: h1, namespace: a, labels: {wave: "1"}}
spec: {partnerRef: {name: acme}, period: {fiscalYear: 2026}}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: h1, namespace: b}
spec: {partnerRef: {name: acme}, period: {fiscalYear: 2026}}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: MDFAllocation
metadata: {name: ads, namespace: a}
spec:
  {planRef: {name: h1}, budgetRef: {name: shared}, requestedBy: paul, activity: ads, startsOn: "2026-05-01", endsOn: "2026-05-02",
   cost: {amount: "10", currency: EUR}, reimbursementPercent: "50", amount: {amount: "5", currency: EUR}}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: MDFClaim
metadata: {name: ads-1, namespace: a, labels: {late: "yes"}}
spec: {allocationRef: {name: ads}, requestedBy: paul, currency: EUR, costs: [{invoice: I-1, incurredOn: "2026-05-01", net: "10"}]}
`

func index(t *testing.T) *lineage.Index {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(family)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return lineage.New(set.Objects())
}

func keys(objects []manifest.Object) []string {
	var all []string
	for _, object := range objects {
		all = append(all, manifest.KeyOf(object).String())
	}
	return all
}

// TestSelectTakesWhatIsAboveAndUnder chooses objects by labels at different heights of the family.
func TestSelectTakesWhatIsAboveAndUnder(t *testing.T) {
	program, budget, partner, plan := "PartnerProgram northwind", "MDFBudget shared", "Partner a/acme", "JointPlan a/h1"
	request, claim := "MDFAllocation a/ads", "MDFClaim a/ads-1"
	for label, want := range map[string][]string{
		"region": {program, budget, partner, plan, request, claim},
		"late":   {program, budget, partner, plan, request, claim},
		"wave":   {program, budget, partner, plan, request, claim},
		"none":   nil,
	} {
		got := keys(index(t).Select(func(x manifest.Object) bool { return x.GetLabels()[label] != "" }))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", label, diff)
		}
	}
}

// TestLineOfAClaim finds what a claim belongs to, in its own namespace alone.
func TestLineOfAClaim(t *testing.T) {
	x := index(t)
	claim := x.Get(manifest.Key{Kind: "MDFClaim", Namespace: "a", Name: "ads-1"})
	if got := x.Partner(claim); got == nil || got.Namespace != "a" {
		t.Errorf("partner %v", got)
	}
	if got := x.Plan(claim); got == nil || got.Namespace != "a" {
		t.Errorf("plan %v", got)
	}
	request := x.Allocation(claim)
	if request == nil || x.Program(claim) == nil {
		t.Fatal("request, budget or program is missing")
	}
	if got := keys(x.Children(manifest.KeyOf(request))); len(got) != 1 || got[0] != "MDFClaim a/ads-1" {
		t.Errorf("children %v", got)
	}
}

// TestTodayIsTheProgramsDay asks for the day of an instant that is the next day in Tokyo.
func TestTodayIsTheProgramsDay(t *testing.T) {
	x, late := index(t), time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC)
	claim := x.Get(manifest.Key{Kind: "MDFClaim", Namespace: "a", Name: "ads-1"})
	if got := x.Today(claim, late).Date(); got != "2026-03-02" {
		t.Errorf("got %s", got)
	}
	orphan := &v1alpha1.JointPlan{}
	if got := x.Today(orphan, late).Date(); got != "2026-03-01" {
		t.Errorf("without a program: got %s, want the day of UTC", got)
	}
}

// TestEndlessLine puts a decision on itself: nothing may turn in a circle.
func TestEndlessLine(t *testing.T) {
	circle := &v1alpha1.ApprovalDecision{}
	circle.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("ApprovalDecision"))
	circle.Namespace, circle.Name = "a", "x"
	circle.Spec.TargetRef = v1alpha1.DecisionTargetReference{Kind: "ApprovalDecision", Name: "x"}
	x := lineage.New([]manifest.Object{circle})
	if x.Partner(circle) != nil || len(x.Select(func(manifest.Object) bool { return true })) != 1 {
		t.Error("a decision on itself belongs to something")
	}
}
