package snapshot_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "partner-acme", Name: name}
}

func aPartner(name string, of v1alpha1.Name) *v1alpha1.Partner {
	return &v1alpha1.Partner{ObjectMeta: meta(name), Spec: v1alpha1.PartnerSpec{ProgramRef: v1alpha1.Reference{Name: of}}}
}

func aPlan(name string, of v1alpha1.Name) *v1alpha1.JointPlan {
	plan := &v1alpha1.JointPlan{ObjectMeta: meta(name)}
	plan.Spec.PartnerRef.Name = of
	return plan
}

func aCampaign(name string, of v1alpha1.Name) *v1alpha1.Campaign {
	return &v1alpha1.Campaign{ObjectMeta: meta(name), Spec: v1alpha1.CampaignSpec{PlanRef: v1alpha1.Reference{Name: of}}}
}

func aSet(name string, kind v1alpha1.SubjectKind, of v1alpha1.Name) *v1alpha1.MeasurementSet {
	return &v1alpha1.MeasurementSet{
		ObjectMeta: meta(name), Spec: v1alpha1.MeasurementSetSpec{SubjectRef: v1alpha1.SubjectReference{Kind: kind, Name: of}},
	}
}

func aDecision(name, kind string, of v1alpha1.Name) *v1alpha1.ApprovalDecision {
	return &v1alpha1.ApprovalDecision{
		ObjectMeta: meta(name), Spec: v1alpha1.ApprovalDecisionSpec{
			TargetRef: v1alpha1.DecisionTargetReference{Kind: kind, Name: of}, Party: v1alpha1.PartyVendor, Decision: v1alpha1.DecisionApproved,
		},
	}
}

func aRevision(name string, of v1alpha1.Name) *v1alpha1.PlanRevision {
	return &v1alpha1.PlanRevision{ObjectMeta: meta(name), Spec: v1alpha1.PlanRevisionSpec{PlanRef: v1alpha1.Reference{Name: of}}}
}

func objects() snapshot.Objects {
	return snapshot.Objects{
		Partners:  []*v1alpha1.Partner{aPartner("bolt", "southwind"), aPartner("acme", "northwind")},
		Plans:     []*v1alpha1.JointPlan{aPlan("h2", "acme"), aPlan("h1", "acme"), aPlan("bolt-h1", "bolt")},
		Campaigns: []*v1alpha1.Campaign{aCampaign("webinar", "h1"), aCampaign("fair", "h1"), aCampaign("mailing", "h2")},
		Measurements: []*v1alpha1.MeasurementSet{
			aSet("b", v1alpha1.SubjectJointPlan, "h1"), aSet("a", v1alpha1.SubjectJointPlan, "h1"),
			aSet("c", v1alpha1.SubjectCampaign, "h1"), aSet("d", v1alpha1.SubjectPartner, "acme"),
		},
		Decisions: []*v1alpha1.ApprovalDecision{
			aDecision("y", "JointPlan", "h1"), aDecision("x", "JointPlan", "h1"), aDecision("z", "MDFClaim", "h1"),
		},
		Revisions: []*v1alpha1.PlanRevision{aRevision("h1-b", "h1"), aRevision("h1-a", "h1"), aRevision("h2-a", "h2")},
	}
}

func programs() map[v1alpha1.Name]*program.Program {
	return map[v1alpha1.Name]*program.Program{"northwind": {Name: "northwind"}, "eastwind": {Name: "eastwind"}}
}

// named returns the names of objects.
func named[T interface{ GetName() string }](list []T) []string {
	var names []string
	for _, x := range list {
		names = append(names, x.GetName())
	}
	return names
}

// answers are all that a snapshot says.
func answers(p *snapshot.Snapshot) map[string][]string {
	return map[string][]string{
		"programs": p.ProgramNames(), "partners": p.PartnerNames(), "plans": p.PlanNames(), "campaigns": p.CampaignNames(),
		"plans of acme": named(p.PlansOf("acme")), "plans of nobody": named(p.PlansOf("nobody")),
		"campaigns of h1": named(p.CampaignsOf("h1")), "campaigns of bolt-h1": named(p.CampaignsOf("bolt-h1")),
		"sets about plan h1":      named(p.MeasurementsAbout(v1alpha1.SubjectJointPlan, "h1")),
		"sets about campaign h1":  named(p.MeasurementsAbout(v1alpha1.SubjectCampaign, "h1")),
		"sets about partner acme": named(p.MeasurementsAbout(v1alpha1.SubjectPartner, "acme")),
		"sets about partner bolt": named(p.MeasurementsAbout(v1alpha1.SubjectPartner, "bolt")),
		"decisions on h1":         named(p.DecisionsOn("h1")), "decisions on h2": named(p.DecisionsOn("h2")),
		"revisions of h1": named(p.RevisionsOf("h1")), "revisions of bolt-h1": named(p.RevisionsOf("bolt-h1")),
	}
}

func TestASnapshotFindsWhatBelongsTogetherByName(t *testing.T) {
	want := map[string][]string{
		"programs": {"eastwind", "northwind"}, "partners": {"acme", "bolt"}, "plans": {"bolt-h1", "h1", "h2"},
		"campaigns": {"fair", "mailing", "webinar"}, "plans of acme": {"h1", "h2"}, "plans of nobody": nil,
		"campaigns of h1": {"fair", "webinar"}, "campaigns of bolt-h1": nil,
		"sets about plan h1": {"a", "b"}, "sets about campaign h1": {"c"}, "sets about partner acme": {"d"}, "sets about partner bolt": nil,
		"decisions on h1": {"x", "y"}, "decisions on h2": nil, "revisions of h1": {"h1-a", "h1-b"}, "revisions of bolt-h1": nil,
	}
	if diff := cmp.Diff(want, answers(snapshot.New("partner-acme", programs(), objects()))); diff != "" {
		t.Errorf("snapshot (-want +got):\n%s", diff)
	}
}

func TestASnapshotReturnsTheObjectsThemselves(t *testing.T) {
	in := objects()
	p := snapshot.New("partner-acme", programs(), in)
	if p.Namespace != "partner-acme" {
		t.Errorf("Namespace = %q", p.Namespace)
	}
	if p.Partner("acme") != in.Partners[1] || p.Plan("h1") != in.Plans[1] || p.Campaign("fair") != in.Campaigns[1] {
		t.Error("Partner, Plan and Campaign must return the objects that were given")
	}
	if p.Partner("x") != nil || p.Plan("x") != nil || p.Campaign("x") != nil || p.Program("x") != nil {
		t.Error("what is not there must be nil")
	}
}

func TestProgramOfAPartner(t *testing.T) {
	p := snapshot.New("partner-acme", programs(), objects())
	if got := p.ProgramOf(p.Partner("acme")); got == nil || got.Name != "northwind" {
		t.Errorf("ProgramOf(acme) = %v, want northwind", got)
	}
	if got := p.ProgramOf(p.Partner("bolt")); got != nil {
		t.Errorf("ProgramOf(bolt) = %v, want none: the namespace may not use it", got)
	}
	if got := p.ProgramOf(nil); got != nil {
		t.Errorf("ProgramOf(nil) = %v, want none", got)
	}
}

func TestAnEmptySnapshotHasNothing(t *testing.T) {
	for question, answer := range answers(snapshot.New("", nil, snapshot.Objects{})) {
		if len(answer) != 0 {
			t.Errorf("%s = %v, want none", question, answer)
		}
	}
}

func TestASnapshotIgnoresTheOrderOfObjectsAndLeavesItAlone(t *testing.T) {
	want := answers(snapshot.New("partner-acme", programs(), objects()))
	rapid.Check(t, func(t *rapid.T) {
		in := objects()
		in.Partners = rapid.Permutation(in.Partners).Draw(t, "partners")
		in.Plans = rapid.Permutation(in.Plans).Draw(t, "plans")
		in.Campaigns = rapid.Permutation(in.Campaigns).Draw(t, "campaigns")
		in.Measurements = rapid.Permutation(in.Measurements).Draw(t, "measurements")
		in.Decisions = rapid.Permutation(in.Decisions).Draw(t, "decisions")
		in.Revisions = rapid.Permutation(in.Revisions).Draw(t, "revisions")
		before := [][]string{named(in.Plans), named(in.Campaigns), named(in.Measurements), named(in.Decisions), named(in.Revisions)}
		if diff := cmp.Diff(want, answers(snapshot.New("partner-acme", programs(), in))); diff != "" {
			t.Fatalf("the order matters:\n%s", diff)
		}
		after := [][]string{named(in.Plans), named(in.Campaigns), named(in.Measurements), named(in.Decisions), named(in.Revisions)}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("the lists that were given are in another order:\n%s", diff)
		}
	})
}
