package measure

import (
	"flag"
	"math/big"
	"os"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		if err := flag.Set("rapid.checks", "1000"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// day reads a day.
func day(text string) fiscal.Day { return fiscal.MustParseDay(v1alpha1.Date(text)) }

// half is the first half of fiscal year 2027.
var half = fiscal.Span{From: day("2026-07-01"), Through: day("2026-12-31")}

// northwind is the testing program with a metric of totals, a level, and one without a source of record.
func northwind() *v1alpha1.PartnerProgram {
	return testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Metrics = append(spec.Metrics, v1alpha1.Metric{
			Name: "ytd", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow, Reporting: v1alpha1.ReportingCumulative,
		})
	}).Obj()
}

// set is a set about a subject from a source with triples of metric, day and value.
func set(name string, kind v1alpha1.SubjectKind, subject, source v1alpha1.Name, triples ...string) *v1alpha1.MeasurementSet {
	x := testobj.Measured(name, "", "")
	x.Spec.SubjectRef = v1alpha1.SubjectReference{Kind: kind, Name: subject}
	x.Spec.Source = source
	for i := 0; i+2 < len(triples); i += 3 {
		x.Spec.Entries = append(x.Spec.Entries, v1alpha1.Measurement{
			Metric: v1alpha1.Name(triples[i]), Day: v1alpha1.Date(triples[i+1]), Value: v1alpha1.Decimal(triples[i+2]),
		})
	}
	return x
}

func onPlan(name string, plan v1alpha1.Name, triples ...string) *v1alpha1.MeasurementSet {
	return set(name, v1alpha1.SubjectJointPlan, plan, "crm", triples...)
}

func onCampaign(name string, campaign v1alpha1.Name, triples ...string) *v1alpha1.MeasurementSet {
	return set(name, v1alpha1.SubjectCampaign, campaign, "crm", triples...)
}

func onPartner(name string, triples ...string) *v1alpha1.MeasurementSet {
	return set(name, v1alpha1.SubjectPartner, "acme", "crm", triples...)
}

// shown is a reading for comparison.
type shown struct {
	Value, AsOf string
	Source      v1alpha1.Name
}

func show(r Reading) shown {
	s := shown{AsOf: r.AsOf.String(), Source: r.Source}
	if r.Value != nil {
		s.Value = r.Value.RatString()
	}
	return s
}

func sum(entries []Entry) *big.Rat {
	total := new(big.Rat)
	for _, e := range entries {
		total.Add(total, e.Value)
	}
	return total
}
