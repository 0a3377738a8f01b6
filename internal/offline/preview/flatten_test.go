package preview

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// TestElementsOfEveryListAreIdentified finds lists of objects that were added to a status and not to identities.
func TestElementsOfEveryListAreIdentified(t *testing.T) {
	lists := map[string]bool{}
	for _, status := range []any{
		v1alpha1.PartnerProgramStatus{},
		v1alpha1.ChannelStrategyStatus{},
		v1alpha1.ProgramReportStatus{},
		v1alpha1.PartnerStatus{},
		v1alpha1.JointPlanStatus{},
		v1alpha1.CampaignStatus{},
		v1alpha1.MeasurementSetStatus{},
		v1alpha1.ApprovalDecisionStatus{},
		v1alpha1.PlanRevisionStatus{},
		v1alpha1.MDFBudgetStatus{},
		v1alpha1.MDFAllocationStatus{},
		v1alpha1.MDFClaimStatus{},
		v1alpha1.MDFLedgerSpec{},
		v1alpha1.ProgramReportStatus{},
	} {
		checkIdentities(t, reflect.TypeOf(status), lists)
	}
	for list := range identities {
		if !lists[list] {
			t.Errorf("no status has a list of objects %q", list)
		}
	}
}

func checkIdentities(t *testing.T, of reflect.Type, lists map[string]bool) {
	t.Helper()
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[metav1.Time]() {
		return
	}
	for field := range of.Fields() {
		if field.Type.Kind() != reflect.Slice || field.Type.Elem().Kind() != reflect.Struct {
			checkIdentities(t, field.Type, lists)
			continue
		}
		list := jsonName(field)
		if bookkeeping[list] {
			continue
		}
		lists[list] = true
		if len(identities[list]) == 0 {
			t.Errorf("%s: nothing tells the elements of %q apart", of, list)
		}
		for _, name := range identities[list] {
			if !slices.ContainsFunc(strings.Split(name, "|"), func(one string) bool { return hasField(field.Type.Elem(), one) }) {
				t.Errorf("%s: the elements of %q have no field %q", of, list, name)
			}
		}
		checkIdentities(t, field.Type.Elem(), lists)
	}
}

func hasField(of reflect.Type, name string) bool {
	for field := range of.Fields() {
		if jsonName(field) == name {
			return true
		}
	}
	return false
}

func jsonName(field reflect.StructField) string {
	name := field.Tag.Get("json")
	for i, r := range name {
		if r == ',' {
			return name[:i]
		}
	}
	return name
}

func programWith(findings ...v1alpha1.Finding) *v1alpha1.PartnerProgram {
	x := &v1alpha1.PartnerProgram{}
	x.Status.Findings = findings
	return x
}

func TestElementsThatAreAlikeDoNotHideEachOther(t *testing.T) {
	finding := func(message string) v1alpha1.Finding {
		return v1alpha1.Finding{Rule: "WrongUnit", Field: "spec.goals[a]", Message: message}
	}
	was, is := flatten(programWith(finding("one"), finding("two"))), flatten(programWith(finding("one"), finding("three")))
	want := []FieldChange{{
		Path: "status.findings[WrongUnit spec.goals[a] #2].message", From: "two", To: "three",
		Element: "status.findings[WrongUnit spec.goals[a] #2]", ElementEvent: EventChanged,
	}}
	if diff := cmp.Diff(want, compare(was, is)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBenefitsAreToldApartByWhatTheyHave(t *testing.T) {
	for name, tc := range map[string]struct {
		object Object
		want   string
	}{
		"of a partner, in each year": {
			&v1alpha1.Partner{Status: v1alpha1.PartnerStatus{Benefits: []v1alpha1.BenefitStatus{{Name: "se-days", Period: "FY2027", Left: "3"}}}},
			"status.benefits[se-days FY2027].left",
		},
		"of a plan": {
			&v1alpha1.JointPlan{Status: v1alpha1.JointPlanStatus{Benefits: []v1alpha1.PlanBenefit{{Benefit: "se-days", Asked: "3"}}}},
			"status.benefits[se-days].asked",
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := flatten(tc.object)
			if got := all[tc.want].text; got != "3" {
				t.Errorf("%s is %q, want 3: %v", tc.want, got, all)
			}
		})
	}
}

func TestElementsOfTheSameTextAreCounted(t *testing.T) {
	partner := func(missing ...string) flat {
		x := &v1alpha1.Partner{}
		x.Status.NextTier = &v1alpha1.NextTier{Missing: missing}
		return flatten(x)
	}
	want := []FieldChange{{
		Path: "status.nextTier.missing[more #3]", To: "more", Element: "status.nextTier.missing[more #3]", ElementEvent: EventCreated,
	}}
	if diff := cmp.Diff(want, compare(partner("more", "more #2"), partner("more", "more #2", "more"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnElementThatComesIsNoChangeOfThoseAfterIt(t *testing.T) {
	a, b := v1alpha1.Finding{Rule: "A", Message: "a"}, v1alpha1.Finding{Rule: "B", Message: "b"}
	for _, change := range compare(flatten(programWith(b)), flatten(programWith(a, b))) {
		if change.Element != "status.findings[A]" || change.ElementEvent != EventCreated {
			t.Errorf("%s: %s %s", change.Path, change.Element, change.ElementEvent)
		}
	}
	for _, change := range compare(flatten(programWith(a, b)), flatten(programWith(b))) {
		if change.Element != "status.findings[A]" || change.ElementEvent != EventDeleted {
			t.Errorf("%s: %s %s", change.Path, change.Element, change.ElementEvent)
		}
	}
}

func TestBookkeepingIsNoChange(t *testing.T) {
	x := &v1alpha1.Partner{}
	x.Status.Conditions = []metav1.Condition{{Type: "Ready", Status: metav1.ConditionTrue}}
	before := flatten(x)
	x.Status.ObservedGeneration = 5
	x.Status.Conditions[0].ObservedGeneration = 5
	x.Status.Conditions[0].LastTransitionTime = metav1.NewTime(samplesAt)
	if changes := compare(before, flatten(x)); len(changes) > 0 {
		t.Errorf("bookkeeping is reported: %v", changes)
	}
}
