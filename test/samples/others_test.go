package samples_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/test/bench/gen"
)

// sharedWorld returns a generated world at an instant: six partners, each in a namespace of its own, whose requests do not all fit into one budget.
func sharedWorld(t *testing.T) (set *manifest.Set, at time.Time) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, gen.MoneyClock)
	if err != nil {
		t.Fatal(err)
	}
	world := gen.Generate(readSamples(t).Programs[0], gen.Settings{Seed: 1, Partners: 6})
	budget := world.Budget()
	budget.Spec.Amount.Amount = "77.31" // of twelve requests seven, and a part that none accepts
	objects := []manifest.Object{budget}
	for _, o := range world.Objects() {
		objects = append(objects, o.(manifest.Object))
	}
	for i := range 12 {
		request, decision := world.Request(i)
		if i%2 == 1 {
			request.Spec.AcceptAtLeast = "9.00"
		}
		decision.Spec.Revision = facts.RequestRevision(&request.Spec)
		objects = append(objects, request, decision)
	}
	for _, o := range objects {
		o.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.Of(o).Name))
	}
	labels := map[string]map[string]string{}
	for _, n := range world.Namespaces {
		labels[n.Name] = n.Labels
	}
	if set, err = manifest.NewSet(objects, labels); err != nil {
		t.Fatal(err)
	}
	return set, at
}

// worlds are those in which partners share budgets.
func worlds(t *testing.T) map[string]struct {
	set *manifest.Set
	at  time.Time
} {
	t.Helper()
	generated, at := sharedWorld(t)
	return map[string]struct {
		set *manifest.Set
		at  time.Time
	}{"the samples": {readSamples(t), now}, "a generated world": {generated, at}}
}

// told returns all texts of a status, by their path. The names of the distributors above a partner are those of a list of its own, not a message.
func told(object manifest.Object) map[string]string {
	texts := map[string]string{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() { //nolint:exhaustive // no other kind holds text
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[metav1.Time]() {
				return
			}
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; v.Type().Field(i).IsExported() && name != "Ancestors" {
					walk(path+"."+name, v.Field(i))
				}
			}
		case reflect.String:
			texts[path] = v.String()
		}
	}
	if status := kinds.Status(object); status != nil {
		walk("status", reflect.ValueOf(status))
	}
	return texts
}

// ofPartners are the objects that stand in partners' namespaces, which their roles read.
func ofPartners(objects []manifest.Object) []manifest.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(x manifest.Object) bool { return x.GetNamespace() == "" })
}

// TestMessagesNameNoOther looks for what roles of partners do not let them read: what a budget has and has left, and the names of other
// partners and their namespaces. A partner names its own distributor itself.
func TestMessagesNameNoOther(t *testing.T) {
	for name, world := range worlds(t) {
		t.Run(name, func(t *testing.T) {
			objects := preview.New(world.set).At(world.at)
			var hidden []string
			for _, object := range objects {
				if budget, ok := object.(*v1alpha1.MDFBudget); ok {
					hidden = append(hidden, figures(t, budget)...)
				}
			}
			if len(hidden) == 0 {
				t.Fatal("no budget has a figure to hide")
			}
			looked := 0
			for _, object := range ofPartners(objects) {
				others := namesOfOthers(objects, object)
				for path, text := range told(object) {
					looked++
					for _, figure := range hidden {
						if strings.Contains(text, figure) {
							t.Errorf("%s: %s names %s, which is the budget's: %s", manifest.KeyOf(object), path, figure, text)
						}
					}
					if others != nil && others.MatchString(text) {
						t.Errorf("%s: %s names %s: %s", manifest.KeyOf(object), path, others.FindString(text), text)
					}
				}
			}
			if looked < 1000 {
				t.Errorf("only %d texts were looked at", looked)
			}
		})
	}
}

// figures are the sums of a budget that no partner sees. What it gave to all is left out: where one partner has it all, that is the partner's own.
func figures(t *testing.T, budget *v1alpha1.MDFBudget) []string {
	t.Helper()
	var list []string
	for _, m := range []*v1alpha1.Money{budget.Status.Available, &budget.Spec.Amount} {
		if m == nil {
			continue
		}
		minor, err := money.ParseMoney(*m)
		if err != nil {
			t.Fatal(err)
		}
		if minor > 0 {
			list = append(list, money.Format(minor, m.Currency))
		}
	}
	return list
}

// namesOfOthers matches the names of other namespaces and of their partners, but for what the namespace's own partners name in their specs; nil when
// there are none.
func namesOfOthers(objects []manifest.Object, than manifest.Object) *regexp.Regexp {
	names := map[string]bool{}
	for _, x := range ofPartners(objects) {
		if partner, ok := x.(*v1alpha1.Partner); ok && partner.Namespace != than.GetNamespace() {
			names[partner.Namespace], names[partner.Namespace+"/"+partner.Name] = true, true
		}
	}
	for _, x := range objects {
		partner, ok := x.(*v1alpha1.Partner)
		if !ok || partner.Namespace != than.GetNamespace() {
			continue
		}
		for _, child := range partner.Spec.ChildNamespaces {
			delete(names, string(child))
		}
		if parent := partner.Spec.ParentRef; parent != nil {
			delete(names, string(parent.Namespace))
			delete(names, string(parent.Namespace)+"/"+string(parent.Name))
		}
	}
	if len(names) == 0 {
		return nil
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		words = append(words, regexp.QuoteMeta(name))
	}
	return regexp.MustCompile(`(^|[^-a-z0-9])(` + strings.Join(words, "|") + `)($|[^-a-z0-9])`)
}

// TestMessagesAreTheSameWithoutOthers takes all requests and claims of other namespaces away, and what they hold from the budgets. As long as that
// makes no difference to what a partner gets, it must make none to what it is told: neither sums nor counts of others are in it.
func TestMessagesAreTheSameWithoutOthers(t *testing.T) {
	for name, world := range worlds(t) {
		t.Run(name, func(t *testing.T) {
			all := preview.New(world.set).At(world.at)
			compared := 0
			for namespace := range world.set.Namespaces {
				alone := map[manifest.Key]manifest.Object{}
				for _, x := range preview.New(without(t, world.set, all, namespace)).At(world.at) {
					alone[manifest.KeyOf(x)] = x
				}
				for _, object := range ofPartners(all) {
					other := alone[manifest.KeyOf(object)]
					if object.GetNamespace() != namespace || other == nil || !sameOutcome(object, other) {
						continue
					}
					compared++
					with, lone := told(object), told(other)
					for path, text := range with {
						if lone[path] != text {
							t.Errorf("%s: %s depends on others:\n%s\nand without them\n%s", manifest.KeyOf(object), path, text, lone[path])
						}
					}
				}
			}
			if compared < 50 {
				t.Errorf("only %d objects were compared", compared)
			}
		})
	}
}

// sameOutcome reports whether a request gets the same in two worlds; of other kinds it is taken for granted.
func sameOutcome(a, b manifest.Object) bool {
	x, ok := a.(*v1alpha1.MDFAllocation)
	y, is := b.(*v1alpha1.MDFAllocation)
	return !ok || is && reflect.DeepEqual(x.Status.Granted, y.Status.Granted)
}

// without returns a set in which only one namespace has requests and claims. What others hold is taken from the budgets' amounts.
func without(t *testing.T, set *manifest.Set, evaluated []manifest.Object, namespace string) *manifest.Set {
	t.Helper()
	held := map[string]int64{}
	for _, x := range evaluated {
		if a, ok := x.(*v1alpha1.MDFAllocation); ok && a.Namespace != namespace && a.Status.Granted != nil {
			minor, err := money.ParseMoney(*a.Status.Granted)
			if err != nil {
				t.Fatal(err)
			}
			held[string(a.Spec.BudgetRef.Name)] += minor
		}
	}
	var objects []manifest.Object
	for _, x := range set.Objects() {
		switch of := x.(type) {
		case *v1alpha1.MDFAllocation, *v1alpha1.MDFClaim:
			if x.GetNamespace() != namespace {
				continue
			}
		case *v1alpha1.ApprovalDecision:
			if x.GetNamespace() != namespace && of.Spec.TargetRef.Kind != kinds.JointPlan {
				continue
			}
		case *v1alpha1.MDFBudget:
			budget := of.DeepCopy()
			amount, err := money.ParseMoney(budget.Spec.Amount)
			if err != nil {
				t.Fatal(err)
			}
			if budget.Spec.Amount, err = money.Money(amount-held[budget.Name], budget.Spec.Amount.Currency); err != nil {
				t.Fatal(err)
			}
			x = budget
		}
		objects = append(objects, x)
	}
	alone, err := manifest.NewSet(objects, set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	return alone
}

// TestAPlanWithEverySectionHasThemAll: the README and the docs send to acme-fy27-h1 whoever writes a plan. It was approved before there were sales plans
// and requests for benefits: the draft acme-fy27-h2 has the one, the samples of rules have the others.
func TestAPlanWithEverySectionHasThemAll(t *testing.T) {
	spec := evaluated[*v1alpha1.JointPlan](t)["acme-fy27-h1"].Spec
	if spec.Progress == nil {
		t.Fatal("acme-fy27-h1 has no progress")
	}
	for _, part := range []any{spec.PlanTerms, *spec.Progress} {
		for field, value := range reflect.ValueOf(part).Fields() {
			if value.IsZero() && field.Name != "SalesPlan" && field.Name != "BenefitRequests" {
				t.Errorf("acme-fy27-h1 has no %s", field.Name)
			}
		}
	}
	if sales := evaluated[*v1alpha1.JointPlan](t)["acme-fy27-h2"].Status.SalesPlan; sales == nil || len(sales.Quarters) != 2 || len(sales.Stages) != 4 {
		t.Errorf("the sales plan of acme-fy27-h2 stands as %+v", sales)
	}
}
