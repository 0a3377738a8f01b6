package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/test/plane"
)

// fixture is a namespace with the objects of testdata/small.yaml and a manager that sees only them.
type fixture struct {
	*testing.T
	client.WithWatch

	namespace string
	program   string
	clock     *clocktesting.FakePassiveClock
	manager   plane.Manager
}

// newFixture creates the objects and starts the manager, whose clock stands still at an instant.
func newFixture(t *testing.T, at string) *fixture {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	s := &fixture{T: t, WithWatch: plane.Client(t), clock: clocktesting.NewFakePassiveClock(instant)}
	s.namespace = plane.Namespace(t, s)
	s.program = "p-" + s.namespace[max(0, len(s.namespace)-50):]
	raw, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("NAMESPACE", s.namespace, "PROGRAM", s.program).Replace(string(raw))
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range set.Objects() {
		s.create(object.(client.Object))
	}
	s.manager = plane.StartManager(t, plane.ScopeOf(s.namespace), "e2e-"+s.namespace, s.clock)
	return s
}

func (s *fixture) create(object client.Object) {
	s.Helper()
	if object.GetNamespace() == "" {
		plane.Mark(object, s.namespace)
		s.Cleanup(func() { _ = s.Delete(s.background(), object) })
	}
	if err := s.Create(s.Context(), object); err != nil {
		s.Fatal(err)
	}
}

// get reads an object of the fixture's namespace, or a cluster-scoped one.
func (s *fixture) get(object client.Object, name string) error {
	key := client.ObjectKey{Namespace: s.namespace, Name: name}
	if _, isProgram := object.(*v1alpha1.PartnerProgram); isProgram {
		key.Namespace = ""
	}
	return s.Get(s.Context(), key, object)
}

// awaitCondition waits until an object is evaluated and one of its conditions has a status, a reason and a message that contains a text.
func (s *fixture) awaitCondition(object kinds.Evaluated, name, kind string, status metav1.ConditionStatus, reason, text string) {
	s.Helper()
	plane.Eventually(s.T, func() string {
		if err := s.get(object, name); err != nil {
			return err.Error()
		}
		if object.Common().ObservedGeneration != object.GetGeneration() {
			return "not evaluated"
		}
		c := meta.FindStatusCondition(object.Common().Conditions, kind)
		if c == nil || c.Status != status || c.Reason != reason || !strings.Contains(c.Message, text) {
			return fmt.Sprintf("%s of %s is %+v, want %s %s with %q", kind, name, c, status, reason, text)
		}
		return ""
	})
}

// approve creates the vendor's approval of the plan's current revision.
func (s *fixture) approve(name, at string) {
	s.Helper()
	plan := &v1alpha1.JointPlan{}
	plane.Eventually(s.T, func() string {
		if err := s.get(plan, "h1"); err != nil {
			return err.Error()
		}
		if plan.Status.Revision == "" || plan.Status.ObservedGeneration != plan.Generation {
			return "the plan has no current revision"
		}
		return ""
	})
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		s.Fatal(err)
	}
	decision := &v1alpha1.ApprovalDecision{}
	decision.Name, decision.Namespace = name, s.namespace
	decision.Spec = v1alpha1.ApprovalDecisionSpec{
		TargetRef: v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: "h1"}, Revision: plan.Status.Revision,
		Party: v1alpha1.PartyVendor, Decision: v1alpha1.DecisionApproved, ApprovedBy: "ana", DecidedTime: metav1.NewTime(instant),
	}
	s.create(decision)
}
