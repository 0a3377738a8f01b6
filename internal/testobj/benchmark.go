package testobj

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Published is the published benchmark of a program of fiscal year 2027 Q1, which was computed on 2026-10-02, with some rows.
func Published(name string, program v1alpha1.Name, rows ...v1alpha1.PublishedRow) *v1alpha1.PublishedBenchmark {
	return &v1alpha1.PublishedBenchmark{
		ObjectMeta: metav1.ObjectMeta{Name: name, Generation: 1},
		Spec: v1alpha1.PublishedBenchmarkSpec{
			BenchmarkPeriod: v1alpha1.BenchmarkPeriod{
				ProgramRef: v1alpha1.Reference{Name: program}, Quarter: v1alpha1.Period{FiscalYear: new(int32(2027)), Part: v1alpha1.PartQ1},
				Days: v1alpha1.DayRange{From: "2026-07-01", Through: "2026-09-30"}, ComputedOn: "2026-10-02", ResultsThrough: "2026-06-30", Currency: "EUR",
			},
			Rows: rows,
		},
	}
}

// Report is the report on a program of the first half of fiscal year 2027.
func Report(name string, program v1alpha1.Name) *v1alpha1.ProgramReport {
	return &v1alpha1.ProgramReport{
		ObjectMeta: metav1.ObjectMeta{Name: name, Generation: 1},
		Spec: v1alpha1.ProgramReportSpec{
			ProgramRef: v1alpha1.Reference{Name: program}, Period: "FY2027 H1", From: "2026-07-01", Through: "2026-12-31",
		},
	}
}
