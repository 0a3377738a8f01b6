package tree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/lineage"
	"jointplan.dev/jointplan/internal/view/tree"
)

func object[T manifest.Object](x T, kind, name string, common *v1alpha1.CommonStatus) T {
	x.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
	x.SetName(name)
	if kind != "PartnerProgram" {
		x.SetNamespace("p")
	}
	common.Conditions = []metav1.Condition{{Type: "Ready", Status: "True", Reason: "Evaluated"}}
	return x
}

func campaign(name string, stage v1alpha1.CampaignStage, wrong string) *v1alpha1.Campaign {
	x := &v1alpha1.Campaign{}
	object(x, "Campaign", name, x.Common())
	x.Spec.PlanRef.Name, x.Status.Stage = "h1", stage
	if wrong != "" {
		x.Status.Conditions = append(x.Status.Conditions, metav1.Condition{Type: "Aligned", Status: "False", Reason: "NotInPlan", Message: wrong})
	}
	return x
}

func objects(campaigns ...*v1alpha1.Campaign) []manifest.Object {
	prog, partner, plan := &v1alpha1.PartnerProgram{}, &v1alpha1.Partner{}, &v1alpha1.JointPlan{}
	object(prog, "PartnerProgram", "northwind", prog.Common())
	object(partner, "Partner", "acme", partner.Common()).Spec.ProgramRef.Name = "northwind"
	object(plan, "JointPlan", "h1", plan.Common()).Spec.PartnerRef.Name = "acme"
	all := []manifest.Object{prog, partner, plan}
	for _, x := range campaigns {
		all = append(all, x)
	}
	return all
}

// draw writes a tree as indented lines.
func draw(nodes []*tree.Node, indent string) []string {
	var lines []string
	for _, n := range nodes {
		line := fmt.Sprintf("%s%s %s %s hidden %d %s", indent, n.Level, n.Kind, strings.Join(n.Names, ","), n.Hidden, n.Message)
		lines = append(lines, strings.TrimRight(line, " "))
		lines = append(lines, draw(n.Children, indent+"  ")...)
	}
	return lines
}

func TestBuild(t *testing.T) {
	down := func(leaves ...string) []string {
		return append([]string{"fine PartnerProgram northwind hidden 0", "  fine Partner acme hidden 0"}, leaves...)
	}
	for name, x := range map[string]struct {
		objects []manifest.Object
		options tree.Options
		want    []string
		hidden  int
	}{
		"all is healthy": {objects: objects(campaign("a", "Running", "")), hidden: 4},
		"what matters is shown with all above it": {
			objects: objects(campaign("a", "Running", ""), campaign("b", "Running", "misspelt")),
			want:    down("    fine JointPlan h1 hidden 1", "      warning Campaign b hidden 0 misspelt"), hidden: 1,
		},
		"equals share a line": {
			objects: objects(campaign("a", "Running", "same"), campaign("b", "Running", "other"), campaign("c", "Running", "same")),
			want:    down("    fine JointPlan h1 hidden 0", "      warning Campaign a,c hidden 0 same", "      warning Campaign b hidden 0 other"),
		},
		"with all, only what is fine shares one": {
			objects: objects(campaign("a", "Running", "same"), campaign("b", "Running", "same"), campaign("c", "Completed", ""), campaign("d", "Completed", "")),
			options: tree.Options{All: true},
			want: down("    fine JointPlan h1 hidden 0", "      warning Campaign a hidden 0 same", "      warning Campaign b hidden 0 same",
				"      fine Campaign c,d hidden 0"),
		},
		"the object that is requested is shown though it is fine": {
			objects: objects(campaign("a", "Running", "")), options: tree.Options{Root: manifest.Key{Kind: "Partner", Namespace: "p", Name: "acme"}},
			want: []string{"fine Partner acme hidden 2"}, hidden: 2,
		},
		"what belongs to something that is missing stands at the top": {
			objects: objects(campaign("a", "Running", "misspelt"))[3:], want: []string{"warning Campaign a hidden 0 misspelt"},
		},
		"nothing": {},
	} {
		t.Run(name, func(t *testing.T) {
			nodes, hidden := tree.Build(lineage.New(x.objects), x.options)
			if diff := cmp.Diff(x.want, draw(nodes, "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, below := tree.Count(nodes); hidden+below != x.hidden {
				t.Errorf("%d hidden, want %d", hidden+below, x.hidden)
			}
		})
	}
}

// TestEveryObjectCounts checks that what is shown and what is hidden are all objects of the kinds that make the tree.
func TestEveryObjectCounts(t *testing.T) {
	all := objects(campaign("a", "Running", "x"), campaign("b", "Running", ""), campaign("c", "Planned", ""), campaign("d", "Running", "x"))
	for _, options := range []tree.Options{{}, {All: true}} {
		nodes, hidden := tree.Build(lineage.New(all), options)
		seen, below := tree.Count(nodes)
		if seen+below+hidden != len(all) {
			t.Errorf("%+v: %d shown and %d hidden of %d", options, seen, below+hidden, len(all))
		}
	}
}

// TestStatesOfTheWhole: what stands about a program as a whole, without anything confidential.
func TestStatesOfTheWhole(t *testing.T) {
	percent, partners := int32(86), int32(3)
	figures := &v1alpha1.ReportFigures{Sums: []v1alpha1.ReportSum{
		{By: v1alpha1.GroupTotal, Metric: "leads", ForecastPercent: new(int32(12))},
		{By: v1alpha1.GroupTotal, Metric: "revenue", ForecastPercent: &percent},
		{By: v1alpha1.GroupInitiative, Group: "edge", Metric: "revenue", ForecastPercent: new(int32(54))},
	}}
	report := func(headline string, final bool) *v1alpha1.ProgramReport {
		x := &v1alpha1.ProgramReport{Spec: v1alpha1.ProgramReportSpec{Period: "FY2027 H1"}}
		x.Status.State, x.Status.Headline, x.Status.Figures = v1alpha1.ReportOpen, headline, figures
		if final {
			x.Status.State, x.Status.Figures, x.Spec.Final = v1alpha1.ReportFinal, nil, &v1alpha1.FinalFigures{Figures: *figures}
		}
		return x
	}
	strategy := &v1alpha1.ChannelStrategy{Status: v1alpha1.ChannelStrategyStatus{Reports: []v1alpha1.Name{"a", "b"}}}
	strategy.Status.ObservedGeneration = 1
	manager := &v1alpha1.ChannelManager{Status: v1alpha1.ChannelManagerStatus{Partners: &partners, Periods: []v1alpha1.ManagerPeriod{
		{Gate: &v1alpha1.ManagerGate{State: v1alpha1.GateCannotOpen}},
	}}}
	for want, x := range map[string]manifest.Object{
		"Open, 86% forecast":  report("FY2027 H1 of revenue: EUR 1 of EUR 2 so far", false),
		"Final, 86% forecast": report("FY2027 H1 of revenue: EUR 1 of EUR 2 so far", true),
		"Open":                report("", false),
		"":                    &v1alpha1.ProgramReport{},
		"2 reports":           strategy,
		"3 partners":          manager,
		"1 row, 2 withheld":   &v1alpha1.Benchmark{Spec: v1alpha1.BenchmarkSpec{Rows: make([]v1alpha1.BenchmarkRow, 1), Withheld: make([]v1alpha1.WithheldCohort, 2)}},
		"0 rows":              &v1alpha1.PublishedBenchmark{},
	} {
		if got := tree.State(x); got != want {
			t.Errorf("%T: %q, want %q", x, got, want)
		}
	}
}
