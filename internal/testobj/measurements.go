package testobj

import "jointplan.dev/jointplan/api/v1alpha1"

// MeasurementsBuilder builds a MeasurementSet.
type MeasurementsBuilder struct{ set *v1alpha1.MeasurementSet }

// Measurements is a set of values about a subject, from source crm, without entries.
func Measurements(name string, kind v1alpha1.SubjectKind, subject v1alpha1.Name) *MeasurementsBuilder {
	return &MeasurementsBuilder{set: &v1alpha1.MeasurementSet{ObjectMeta: meta(name), Spec: v1alpha1.MeasurementSetSpec{
		SubjectRef: v1alpha1.SubjectReference{Kind: kind, Name: subject}, Source: "crm",
	}}}
}

// Entry adds a value.
func (b *MeasurementsBuilder) Entry(metric v1alpha1.Name, on v1alpha1.Date, value v1alpha1.Decimal) *MeasurementsBuilder {
	b.set.Spec.Entries = append(b.set.Spec.Entries, v1alpha1.Measurement{Metric: metric, Day: on, Value: value})
	return b
}

// Obj returns the set.
func (b *MeasurementsBuilder) Obj() *v1alpha1.MeasurementSet { return b.set }
