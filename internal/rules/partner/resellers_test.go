package partner_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/testobj"
)

// distributor is lyra, which distributes to the namespaces of finch and corvid.
func distributor() *v1alpha1.Partner {
	return testobj.Partner("lyra").In("partner-lyra").Distributes("partner-finch", "partner-corvid").Obj()
}

// reseller is a partner of its own namespace under lyra, with plans for periods of fiscal year 2027.
func reseller(name string, parts ...v1alpha1.PeriodPart) partner.Reseller {
	one := partner.Reseller{Partner: testobj.Partner(name).In("partner-"+name).Under("partner-lyra", "lyra").Obj()}
	for _, part := range parts {
		one.Plans = append(one.Plans, testobj.Plan(name).Period(2027, part).Obj())
	}
	return one
}

func judgeResellers(at string, all ...partner.Reseller) (*v1alpha1.ResellerTotals, time.Time) {
	of := distributor()
	return partner.JudgeResellers(testobj.Snapshot(testobj.Program("northwind").Obj(), of), of, all, testobj.At(at))
}

func TestADistributorSaysWhichResellersHaveAPlan(t *testing.T) {
	change := func(one partner.Reseller, change func(*v1alpha1.Partner)) partner.Reseller {
		change(one.Partner)
		return one
	}
	for name, tc := range map[string]struct {
		resellers []partner.Reseller
		at        string
		want      *v1alpha1.ResellerTotals
		next      string
	}{
		"none": {at: "2026-11-03T10:00:00+01:00"},
		"one with and one without": {
			resellers: []partner.Reseller{reseller("finch", v1alpha1.PartH1, v1alpha1.PartQ3), reseller("corvid", v1alpha1.PartH2)}, at: "2026-11-03T10:00:00+01:00",
			want: &v1alpha1.ResellerTotals{Count: 2, Planned: 1, Unplanned: []string{"partner-corvid/corvid"}}, next: "2027-01-01T00:00:00+01:00",
		},
		"the last instant of the period": {
			resellers: []partner.Reseller{reseller("finch", v1alpha1.PartH1)}, at: "2026-12-31T23:59:59+01:00",
			want: &v1alpha1.ResellerTotals{Count: 1, Planned: 1}, next: "2027-01-01T00:00:00+01:00",
		},
		"the first instant after it": {
			resellers: []partner.Reseller{reseller("finch", v1alpha1.PartH1)}, at: "2027-01-01T00:00:00+01:00",
			want: &v1alpha1.ResellerTotals{Count: 1, Unplanned: []string{"partner-finch/finch"}},
		},
		"a namespace that it does not distribute to": {resellers: []partner.Reseller{reseller("helix")}, at: "2026-11-03T10:00:00+01:00"},
		"under another distributor": {
			resellers: []partner.Reseller{change(reseller("finch"), func(p *v1alpha1.Partner) { p.Spec.ParentRef.Name = "orbit" })}, at: "2026-11-03T10:00:00+01:00",
		},
		"of another program": {
			resellers: []partner.Reseller{change(reseller("finch"), func(p *v1alpha1.Partner) { p.Spec.ProgramRef.Name = "subtle" })}, at: "2026-11-03T10:00:00+01:00",
		},
		"itself": {
			resellers: []partner.Reseller{change(reseller("lyra"), func(p *v1alpha1.Partner) { p.Namespace = "partner-lyra" })}, at: "2026-11-03T10:00:00+01:00",
		},
		"of its own namespace": {
			resellers: []partner.Reseller{change(reseller("finch"), func(p *v1alpha1.Partner) {
				p.Namespace, p.Spec.ParentRef = "partner-lyra", &v1alpha1.PartnerReference{Name: "lyra"}
			})}, at: "2026-11-03T10:00:00+01:00",
			want: &v1alpha1.ResellerTotals{Count: 1, Unplanned: []string{"partner-lyra/finch"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, next := judgeResellers(tc.at, tc.resellers...)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := tc.next; want != "" && !next.Equal(testobj.At(want)) || want == "" && !next.IsZero() {
				t.Errorf("next change at %s, want %q", next, want)
			}
		})
	}
}

func TestADirectPartnerHasNoResellers(t *testing.T) {
	of := distributor()
	of.Spec.Type = "Reseller"
	if got, _ := partner.JudgeResellers(testobj.Snapshot(testobj.Program("northwind").Obj(), of), of, []partner.Reseller{reseller("finch")}, testobj.At("2026-11-03T10:00:00Z")); got != nil {
		t.Errorf("%+v", got)
	}
	of = distributor()
	if got, _ := partner.JudgeResellers(testobj.Snapshot(of), of, []partner.Reseller{reseller("finch")}, testobj.At("2026-11-03T10:00:00Z")); got != nil {
		t.Errorf("without a program: %+v", got)
	}
}

func TestADistributorListsTwentyResellersWithoutAPlan(t *testing.T) {
	var all []partner.Reseller
	for i := range 25 {
		one := reseller("finch")
		one.Partner.Name = fmt.Sprintf("r%02d", 24-i)
		all = append(all, one)
	}
	got, _ := judgeResellers("2026-11-03T10:00:00+01:00", all...)
	if got.Count != 25 || len(got.Unplanned) != 20 || got.Unplanned[0] != "partner-finch/r00" || got.FurtherUnplanned == nil || *got.FurtherUnplanned != 5 {
		t.Errorf("%+v", got)
	}
}

// TestAPlanOfAResellerIsReadByItsPeriodAlone: nothing else of it shows in what the distributor reads.
func TestAPlanOfAResellerIsReadByItsPeriodAlone(t *testing.T) {
	one := reseller("finch", v1alpha1.PartH1)
	want, _ := judgeResellers("2026-11-03T10:00:00+01:00", one)
	testobj.Fill(&one.Plans[0].Spec.Goals, 0)
	one.Plans[0].Spec.Vision, one.Plans[0].Status.Stage = "planted", v1alpha1.StageActive
	got, _ := judgeResellers("2026-11-03T10:00:00+01:00", one)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestResellersHoldUntilTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := []v1alpha1.PeriodPart{v1alpha1.PartYear, v1alpha1.PartH1, v1alpha1.PartH2, v1alpha1.PartQ1, v1alpha1.PartQ2, v1alpha1.PartQ3, v1alpha1.PartQ4}
		draw := func(name string) partner.Reseller {
			return reseller(name, rapid.SliceOfN(rapid.SampledFrom(parts), 0, 3).Draw(t, name)...)
		}
		all := []partner.Reseller{draw("finch"), draw("corvid")}
		now := testobj.At("2026-06-20T00:00:00+02:00").Add(time.Duration(rapid.Int64Range(0, 400*24).Draw(t, "now in hours")) * time.Hour)
		got, end := judgeResellers(now.Format(time.RFC3339Nano), all...)
		if end.IsZero() {
			end = now.AddDate(2, 0, 0)
		}
		if !end.After(now) {
			t.Fatalf("next change at %s, not after %s", end, now)
		}
		then := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now)-1)).Draw(t, "then")))
		for _, at := range []time.Time{then, end.Add(-1)} {
			if again, _ := judgeResellers(at.Format(time.RFC3339Nano), all...); cmp.Diff(got, again) != "" {
				t.Fatalf("at %s and %s, before %s:\n%s", now, at, end, cmp.Diff(got, again))
			}
		}
	})
}
