package health_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/health"
)

func objectOf(t *testing.T, raw []byte) manifest.Object {
	t.Helper()
	var kind metav1.TypeMeta
	if err := yaml.Unmarshal(raw, &kind); err != nil {
		t.Fatal(err)
	}
	object := map[string]manifest.Object{
		"PartnerProgram": &v1alpha1.PartnerProgram{}, "MDFBudget": &v1alpha1.MDFBudget{}, "MDFLedger": &v1alpha1.MDFLedger{},
		"Partner": &v1alpha1.Partner{}, "JointPlan": &v1alpha1.JointPlan{}, "Campaign": &v1alpha1.Campaign{},
		"MeasurementSet": &v1alpha1.MeasurementSet{}, "MDFAllocation": &v1alpha1.MDFAllocation{}, "MDFClaim": &v1alpha1.MDFClaim{},
		"ApprovalDecision": &v1alpha1.ApprovalDecision{}, "PlanRevision": &v1alpha1.PlanRevision{},
	}[kind.Kind]
	if object == nil {
		t.Fatalf("unknown kind %q", kind.Kind)
	}
	if err := yaml.Unmarshal(raw, object); err != nil {
		t.Fatal(err)
	}
	return object
}

// TestAsArgoCD judges all objects by which the health scripts of Argo CD are tested, and expects the same of them, word for word.
func TestAsArgoCD(t *testing.T) {
	const scripts = "../../../config/argocd/resource_customizations/channel.jointplan.dev"
	tables, err := filepath.Glob(filepath.Join(scripts, "*", "health_test.yaml"))
	if err != nil || len(tables) < 11 {
		t.Fatalf("found the tests of %d kinds, %v", len(tables), err)
	}
	seen := map[string]int{}
	for _, path := range tables {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var table struct {
			Tests []struct {
				InputPath    string                           `json:"inputPath"`
				HealthStatus struct{ Status, Message string } `json:"healthStatus"`
			} `json:"tests"`
		}
		if err := yaml.Unmarshal(raw, &table); err != nil {
			t.Fatal(err)
		}
		for _, x := range table.Tests {
			t.Run(filepath.Base(filepath.Dir(path))+"/"+x.InputPath, func(t *testing.T) {
				raw, err := os.ReadFile(filepath.Join(filepath.Dir(path), x.InputPath))
				if err != nil {
					t.Fatal(err)
				}
				object := objectOf(t, raw)
				if !strings.Contains(string(raw), "observedGeneration") { // as the API server defaults it
					if judged, ok := object.(interface{ Common() *v1alpha1.CommonStatus }); ok {
						judged.Common().ObservedGeneration = -1
					}
				}
				got := health.Of(object)
				if string(got.State) != x.HealthStatus.Status || got.Message != x.HealthStatus.Message {
					t.Errorf("got %s: %s\nwant %s: %s", got.State, got.Message, x.HealthStatus.Status, x.HealthStatus.Message)
				}
			})
			seen[x.HealthStatus.Status]++
		}
	}
	for _, state := range []health.State{health.Healthy, health.Progressing, health.Suspended, health.Degraded} {
		if seen[string(state)] == 0 {
			t.Errorf("no object is %s", state)
		}
	}
}

// TestAnImplausibleDateIsForTheApprover leaves out a finding that concerns nobody else, and keeps others.
func TestAnImplausibleDateIsForTheApprover(t *testing.T) {
	x := &v1alpha1.MDFAllocation{}
	x.Status.Stage = v1alpha1.AllocationGranted
	x.Status.Findings = []v1alpha1.Finding{{Rule: "DateImplausible", Severity: "Warning"}}
	if got := health.Concerns(x); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	x.Status.Findings = append(x.Status.Findings, v1alpha1.Finding{Rule: "ReservationUnapproved", Severity: "Warning", Message: "have it approved"})
	if got := health.Concerns(x); len(got) != 1 || got[0].Message != "have it approved" {
		t.Errorf("got %+v", got)
	}
}

// TestConcernsOfTheSamples compares the gravest concern of objects of every kind with what the samples tell of them.
func TestConcernsOfTheSamples(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, "2026-11-03T09:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, object := range preview.New(set).At(at) {
		text := "fine"
		if concerns := health.Concerns(object); len(concerns) > 0 {
			text = concerns[0].Level.String() + " " + concerns[0].Reason
		}
		got[manifest.KeyOf(object).Kind+"/"+object.GetName()] = text
	}
	for name, want := range map[string]string{
		"PartnerProgram/northwind":                    "fine",
		"MDFBudget/northwind-fy27":                    "fine",
		"Partner/acme":                                "fine",
		"Partner/brightpath":                          "grave ReducedRate",
		"Partner/finch":                               "warning Shortfall",
		"Partner/helix":                               "warning HeldInGrace",
		"Partner/orbit":                               "warning Watch",
		"JointPlan/acme-fy26-h2":                      "fine",
		"JointPlan/acme-fy27-h1":                      "warning InGrace",
		"JointPlan/acme-fy27-h2":                      "note NotSmart",
		"JointPlan/brightpath-fy27-h1":                "grave Escalated",
		"JointPlan/corvid-fy27-h1":                    "grave OffTrack",
		"JointPlan/corvid-fy27-h2":                    "warning Returned",
		"JointPlan/finch-fy27-h2":                     "grave InvalidSpec",
		"JointPlan/helix-2026-h2":                     "warning AmendmentPending",
		"JointPlan/lyra-cloud-fy27-h1":                "warning ResultsMissing",
		"Campaign/acme-network-ads":                   "grave LimitExceeded",
		"Campaign/brightpath-winter-mailing":          "warning NotInPlan",
		"MDFAllocation/acme-customer-day":             "warning SecondApproverMissing",
		"MDFAllocation/brightpath-term-start-posters": "grave RateAboveProgram",
		"MDFAllocation/lyra-cloud-desk-ads":           "warning BudgetExhausted",
		"MDFAllocation/helix-demo-day-antwerp":        "warning WindowClosing",
		"MDFClaim/acme-cloud-webinar-1":               "warning AwaitingPayment",
		"MDFClaim/acme-network-ads-1":                 "grave ProofMissing",
		"MDFClaim/orbit-accountants-webinar-1":        "warning Returned",
		"ApprovalDecision/lyra-cloud-fy27-h2-vendor":  "note Stale",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}
