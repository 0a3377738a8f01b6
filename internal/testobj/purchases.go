package testobj

import "jointplan.dev/jointplan/api/v1alpha1"

// ProgramWithPurchases is program northwind with metric purchases, a Flow in EUR.
func ProgramWithPurchases() *v1alpha1.PartnerProgram {
	return Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Metrics = append(spec.Metrics, v1alpha1.Metric{Name: "purchases", Unit: v1alpha1.UnitCurrency, Behaviour: v1alpha1.BehaviourFlow})
	}).Obj()
}

// Purchases are values of metric purchases of partner acme; the pairs are days and values.
func Purchases(pairs ...string) *v1alpha1.MeasurementSet {
	b := Measurements("erp", v1alpha1.SubjectPartner, "acme")
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Entry("purchases", v1alpha1.Date(pairs[i]), v1alpha1.Decimal(pairs[i+1]))
	}
	return b.Obj()
}
