package agenda_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/agenda"
	"jointplan.dev/jointplan/internal/view/lineage"
)

var now = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

func named[T manifest.Object](object T, kind, namespace, name string) T {
	object.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
	object.SetNamespace(namespace)
	object.SetName(name)
	return object
}

// scene is a partner with a plan and a request, all evaluated, with the steps that a case gives them.
type scene struct {
	program *v1alpha1.PartnerProgram
	partner *v1alpha1.Partner
	plan    *v1alpha1.JointPlan
	request *v1alpha1.MDFAllocation
}

func newScene() *scene {
	s := &scene{
		program: named(&v1alpha1.PartnerProgram{}, "PartnerProgram", "", "northwind"),
		partner: named(&v1alpha1.Partner{}, "Partner", "p", "acme"),
		plan:    named(&v1alpha1.JointPlan{}, "JointPlan", "p", "h1"),
		request: named(&v1alpha1.MDFAllocation{}, "MDFAllocation", "p", "launch"),
	}
	s.program.Spec.Calendar.TimeZone = "Europe/Berlin"
	s.program.Spec.Roles = []v1alpha1.RoleHolder{{Role: "Finance", Name: "Petra"}}
	s.partner.Spec.ProgramRef.Name = "northwind"
	s.partner.Spec.ChannelManager = &v1alpha1.Contact{Name: "Vera", Email: "vera@northwind.example"}
	s.partner.Spec.Contact = &v1alpha1.Contact{Name: "Paula", Email: "paula@acme.example"}
	s.plan.Spec.PartnerRef.Name, s.request.Spec.PlanRef.Name = "acme", "h1"
	for _, x := range s.objects() {
		common := x.(interface{ Common() *v1alpha1.CommonStatus }).Common()
		common.Conditions = []metav1.Condition{{Type: "Ready", Status: "True", Reason: "Evaluated"}}
	}
	return s
}

func (s *scene) objects() []manifest.Object {
	return []manifest.Object{s.program, s.partner, s.plan, s.request}
}

func (s *scene) items(at time.Time) []*agenda.Item {
	return agenda.Of(lineage.New(s.objects()), at)
}

// line writes an item as a person reads it.
func line(i *agenda.Item, at time.Time) string {
	return fmt.Sprintf("%s %s %s: %s (%s/%s)", i.Day(), i.Level(at), i.Who(), i.Do, i.Kind, i.Name)
}

func TestStepsOfAllObjectsByDay(t *testing.T) {
	s := newScene()
	s.partner.Status.NextSteps = []v1alpha1.NextStep{{Do: "Pay", Party: "Partner", Due: "2026-10-31", By: "2026-11-30"}}
	s.plan.Status.NextSteps = []v1alpha1.NextStep{
		{Do: "Review", Party: "Both", Person: "Vera, Paula", By: "2027-01-04"},
		{Do: "Report", Party: "Both", Person: "Vera, Paula"},
		{Do: "Deliver", Party: "Vendor", By: "2026-11-17"},
	}
	s.request.Status.NextSteps = []v1alpha1.NextStep{
		{Do: "Decide on the plan", Party: "Vendor", Object: "jointplan/h1"},
		{Do: "Look for what is gone", Party: "Vendor", By: "2026-11-18", Object: "planreview/gone"},
	}
	var got []string
	for _, item := range s.items(now) {
		got = append(got, line(item, now))
	}
	want := []string{
		"2026-10-31 grave Partner (acme): Pay (Partner/acme)",
		" warning Both (Vera, Paula): Report (JointPlan/h1)",
		"2026-11-17 warning Vendor: Deliver (JointPlan/h1)",
		"2026-11-18 note Vendor: Look for what is gone (MDFAllocation/launch)",
		"2027-01-04 note Both (Vera, Paula): Review (JointPlan/h1)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsNotEvaluatedIsTheManagersTurn(t *testing.T) {
	s := newScene()
	s.plan.Status.NextSteps = []v1alpha1.NextStep{{Do: "Review", Party: "Both"}}
	s.plan.Generation = 2
	if items := s.items(now); len(items) != 0 {
		t.Errorf("of a plan whose status is that of another spec: %s", line(items[0], now))
	}
}

// TestLateGoesByTheProgramsDay looks at a day in the hour in which it is the next day in Berlin and not yet in UTC.
func TestLateGoesByTheProgramsDay(t *testing.T) {
	s := newScene()
	s.partner.Status.NextSteps = []v1alpha1.NextStep{{Do: "Pay", Party: "Partner", By: "2026-11-02"}}
	for at, want := range map[string]bool{"2026-11-02T22:59:59Z": false, "2026-11-02T23:00:00Z": true} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if items := s.items(instant); len(items) != 1 || items[0].Late != want {
			t.Errorf("at %s late is %t", at, !want)
		}
	}
}

// TestForAndConcerns asks for people and sides by their names, roles and addresses.
func TestForAndConcerns(t *testing.T) {
	s := newScene()
	s.plan.Status.NextSteps = []v1alpha1.NextStep{
		{Do: "Review", Party: "Both", Person: "Vera, Paula"},
		{Do: "Decide", Party: "Vendor", Person: "Vera"},
		{Do: "Correct", Party: "Partner", Person: "Paula"},
	}
	s.request.Status.NextSteps = []v1alpha1.NextStep{
		{Do: "Pay", Party: "Vendor", Person: "Petra (Finance)"},
		{Do: "Second", Party: "Vendor", Person: "somebody other than Vera"},
	}
	items := s.items(now)
	for who, want := range map[string][2]string{
		"Vera":                   {"Decide Review", "Correct Pay Second"},
		"VERA@northwind.example": {"Decide Review", "Correct Pay Second"},
		" V\uff25RA ":            {"Decide Review", "Correct Pay Second"},
		"Paula":                  {"Correct Review", ""},
		"paula@acme.example":     {"Correct Review", ""},
		"finance":                {"Pay", ""},
		"petra":                  {"Pay", ""},
		"acme":                   {"Correct Review", "Decide Pay Second"},
		"vendor":                 {"Decide Pay Review Second", ""},
		"partner":                {"Correct Review", ""},
		"nobody":                 {"", ""},
	} {
		var mine, awaited []string
		for _, i := range items {
			if i.For(who) {
				mine = append(mine, i.Do)
			}
			if i.Concerns(who) {
				awaited = append(awaited, i.Do)
			}
		}
		slices.Sort(mine)
		slices.Sort(awaited)
		if got := [2]string{strings.Join(mine, " "), strings.Join(awaited, " ")}; got != want {
			t.Errorf("%s: got %q, want %q", who, got, want)
		}
		if known := agenda.Known(items, who); known != (who != "nobody") {
			t.Errorf("%s is known: %t", who, known)
		}
	}
}

// TestWithin leaves out what is to be done later, and nothing else.
func TestWithin(t *testing.T) {
	for name, x := range map[string]struct {
		step v1alpha1.NextStep
		want bool
	}{
		"no day":                {v1alpha1.NextStep{}, true},
		"the last day":          {v1alpha1.NextStep{By: "2026-12-03"}, true},
		"the day after":         {v1alpha1.NextStep{By: "2026-12-04"}, false},
		"due, and helps longer": {v1alpha1.NextStep{Due: "2026-12-03", By: "2027-12-04"}, true},
		"late":                  {v1alpha1.NextStep{By: "2026-01-04"}, true},
	} {
		item := agenda.Item{NextStep: x.step}
		if got := item.Within(now, 30); got != x.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
