package metrics

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// Sample is the value of one series.
type Sample struct {
	// Family is the metric.
	Family *Family
	// Labels are the values of its labels, in their order.
	Labels []string
	// Value is what it is worth.
	Value float64
}

// Objects are all objects of the project's kinds, with what else is looked at.
type Objects struct {
	kinds.Objects

	// Calendar returns the calendar of a program, by which days are read. Absent means that days begin in UTC.
	Calendar func(*v1alpha1.PartnerProgram) *fiscal.Calendar
	// Unguarded says that an admission policy that guards money is not in force.
	Unguarded bool
}

// Of returns the samples of all metrics that are computed from objects, in no order.
func Of(objects *Objects) []Sample {
	c := newCount(objects)
	c.all()
	for _, x := range objects.Partners {
		c.partner(x)
	}
	for _, x := range objects.Plans {
		c.plan(x)
	}
	for _, x := range objects.Budgets {
		c.budget(x)
	}
	for _, x := range objects.Allocations {
		c.request(x)
	}
	for _, x := range objects.Claims {
		c.claim(x)
	}
	c.ledgers()
	c.set(PoliciesInForce, truth(!objects.Unguarded))
	return c.samples()
}

// maxLabels is the largest number of labels of a metric.
const maxLabels = 4

// series is one series of a metric.
type series struct {
	family *Family
	labels [maxLabels]string
}

// key is a namespace and a name.
type key struct {
	namespace string
	name      v1alpha1.Name
}

// count adds up.
type count struct {
	*Objects

	values    map[series]float64
	calendars map[v1alpha1.Name]*fiscal.Calendar    // of the programs that there are
	budgets   map[v1alpha1.Name]*v1alpha1.MDFBudget // that there are
	programs  map[key]v1alpha1.Name                 // of partners, if there is such a program
	partners  map[key]v1alpha1.Name                 // of plans
	requests  map[key]*v1alpha1.MDFAllocation
}

func newCount(objects *Objects) *count {
	c := &count{
		Objects: objects, values: map[series]float64{}, calendars: map[v1alpha1.Name]*fiscal.Calendar{},
		budgets: map[v1alpha1.Name]*v1alpha1.MDFBudget{}, programs: map[key]v1alpha1.Name{}, partners: map[key]v1alpha1.Name{},
		requests: map[key]*v1alpha1.MDFAllocation{},
	}
	for _, x := range objects.Programs {
		calendar := fiscal.UTC()
		if objects.Calendar != nil {
			calendar = objects.Calendar(x)
		}
		c.calendars[v1alpha1.Name(x.Name)] = calendar
	}
	for _, x := range objects.Budgets {
		c.budgets[v1alpha1.Name(x.Name)] = x
	}
	for _, x := range objects.Partners {
		// A name that names nothing could be anything, and so make any number of series.
		if _, known := c.calendars[x.Spec.ProgramRef.Name]; known {
			c.programs[keyOf(x)] = x.Spec.ProgramRef.Name
		}
	}
	for _, x := range objects.Plans {
		c.partners[keyOf(x)] = x.Spec.PartnerRef.Name
	}
	for _, x := range objects.Allocations {
		c.requests[keyOf(x)] = x
	}
	return c
}

func keyOf(object metav1.Object) key {
	return key{namespace: object.GetNamespace(), name: v1alpha1.Name(object.GetName())}
}

// programOf returns the program of a plan; empty when there is none.
func (c *count) programOf(namespace string, plan v1alpha1.Name) v1alpha1.Name {
	return c.programs[key{namespace, c.partners[key{namespace, plan}]}]
}

func (c *count) at(family *Family, labels []string) series {
	at := series{family: family}
	copy(at.labels[:], labels)
	return at
}

func (c *count) add(family *Family, labels ...string) { c.values[c.at(family, labels)]++ }

func (c *count) set(family *Family, value float64, labels ...string) {
	c.values[c.at(family, labels)] = value
}

// earliest keeps the earliest of several instants.
func (c *count) earliest(family *Family, instant time.Time, labels ...string) {
	at, seconds := c.at(family, labels), float64(instant.Unix())
	if known, ok := c.values[at]; !ok || seconds < known {
		c.values[at] = seconds
	}
}

func (c *count) samples() []Sample {
	list := make([]Sample, 0, len(c.values))
	for at, value := range c.values {
		list = append(list, Sample{Family: at.family, Labels: at.labels[:len(at.family.Labels):len(at.family.Labels)], Value: value})
	}
	return list
}

// all counts what all kinds have in common.
func (c *count) all() {
	for _, k := range kinds.All() {
		objects := k.In(&c.Objects.Objects)
		c.set(ObjectsByKind, float64(len(objects)), k.Name)
		if k.Evaluated {
			c.common(k.Name, objects)
		}
	}
}

// common counts by the part of the status that all kinds share.
func (c *count) common(kind string, list []kinds.Object) {
	c.set(Unevaluated, 0, kind)
	var said verdicts
	for _, object := range list {
		status, _ := kinds.Common(object)
		if status.ObservedGeneration != object.GetGeneration() && !suspension.Requested(object) {
			c.add(Unevaluated, kind)
		}
		for i := range status.Conditions {
			condition := &status.Conditions[i]
			said.add(condition)
			if condition.Type == v1alpha1.ConditionStalled && condition.Status == metav1.ConditionTrue {
				c.add(Stalled, kind, object.GetNamespace(), condition.Reason)
			}
		}
	}
	for _, x := range said {
		c.set(Conditions, float64(x.count), kind, x.of, string(x.status), x.reason)
	}
}

// verdict is a type, status and reason of conditions with the number of those that have them.
type verdict struct {
	of     string
	status metav1.ConditionStatus
	reason string
	count  int
}

// verdicts counts the conditions of one kind. They are by far the most that there is to count, and few differ: a search of the list takes a
// small part of the time that a map takes to hash its key.
type verdicts []verdict

func (v *verdicts) add(condition *metav1.Condition) {
	for i := range *v {
		if x := &(*v)[i]; x.reason == condition.Reason && x.of == condition.Type && x.status == condition.Status {
			x.count++
			return
		}
	}
	*v = append(*v, verdict{condition.Type, condition.Status, condition.Reason, 1})
}

// reasonOf returns the reason of a condition; empty when there is no such condition.
func reasonOf(object kinds.Evaluated, condition string) string {
	if found := meta.FindStatusCondition(object.Common().Conditions, condition); found != nil {
		return found.Reason
	}
	return ""
}

// truth is 1 for true and 0 for false.
func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
