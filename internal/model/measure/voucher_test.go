package measure

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// reported is a set that the partner reports about itself.
func reported(name string, kind v1alpha1.SubjectKind, subject v1alpha1.Name, triples ...string) *v1alpha1.MeasurementSet {
	return set(name, kind, subject, v1alpha1.SourcePartnerReported, triples...)
}

// TestWhatThePartnerAloneReports holds where results count that nobody vouches for: those of qualified-leads, which has no source of record, and of
// new-revenue, whose source of record is crm, or the partner.
func TestWhatThePartnerAloneReports(t *testing.T) {
	const leads, revenue = "qualified-leads", "new-revenue"
	about := map[v1alpha1.SubjectKind]v1alpha1.Name{
		v1alpha1.SubjectPartner: "acme", v1alpha1.SubjectJointPlan: "h1", v1alpha1.SubjectCampaign: "c1",
	}
	for name, tc := range map[string]struct {
		metric   v1alpha1.Name
		accepted bool // the program names the partner as the source of record
		sets     []any
		want     map[v1alpha1.SubjectKind]shown
		finding  string // of the first set
	}{
		"about its campaign it counts for the campaign alone": {
			metric: leads, sets: []any{reported("a", v1alpha1.SubjectCampaign, "c1", leads, "2026-08-31", "12")},
			want: map[v1alpha1.SubjectKind]shown{v1alpha1.SubjectCampaign: {"12", "2026-08-31", v1alpha1.SourcePartnerReported}},
		},
		"about its plan it does not count": {
			metric: leads, sets: []any{reported("a", v1alpha1.SubjectJointPlan, "h1", leads, "2026-08-31", "12")},
			finding: "1 entry of qualified-leads about JointPlan h1 from source partner-reported does not count: the partner reports it about itself; let the " +
				"vendor's system report it, or name partner-reported as the metric's sourceOfRecord in the program",
		},
		"about itself it does not count": {
			metric: leads, sets: []any{reported("a", v1alpha1.SubjectPartner, "acme", leads, "2026-08-31", "90000000", leads, "2026-09-30", "1")},
			finding: "2 entries of qualified-leads about Partner acme from source partner-reported do not count: the partner reports them about itself",
		},
		"whoever else reports goes first": {
			metric: leads, sets: []any{
				reported("a", v1alpha1.SubjectCampaign, "c1", leads, "2026-08-31", "12"),
				set("b", v1alpha1.SubjectCampaign, "c1", "zoom", leads, "2026-08-31", "7"),
			},
			want: map[v1alpha1.SubjectKind]shown{
				v1alpha1.SubjectCampaign: {"7", "2026-08-31", "zoom"}, v1alpha1.SubjectJointPlan: {"7", "2026-08-31", "zoom"},
				v1alpha1.SubjectPartner: {"7", "2026-08-31", "zoom"},
			},
			finding: "because source zoom, which is the vendor's, reports them too",
		},
		"where another source is of record it counts nowhere": {
			metric: revenue, sets: []any{reported("a", v1alpha1.SubjectCampaign, "c1", revenue, "2026-08-31", "90000000")},
			finding: "the program names crm as the metric's source of record",
		},
		"where the program accepts it, it counts as any other": {
			metric: revenue, accepted: true, sets: []any{reported("a", v1alpha1.SubjectPartner, "acme", revenue, "2026-08-31", "5000")},
			want: map[v1alpha1.SubjectKind]shown{
				v1alpha1.SubjectPartner:   {"5000", "2026-08-31", v1alpha1.SourcePartnerReported},
				v1alpha1.SubjectJointPlan: {"5000", "2026-08-31", v1alpha1.SourcePartnerReported},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			prog := northwind()
			if tc.accepted {
				prog.Spec.Metrics[0].SourceOfRecord = v1alpha1.SourcePartnerReported
			}
			partner, of, campaign := testobj.Partner("acme").Obj(), plan("h1", "2026-07-01", "2026-12-31", ""), testobj.Campaign("c1", "h1")
			snap := testobj.Snapshot(append([]any{prog, partner, of, campaign}, tc.sets...)...)
			compiled, today := snap.Program("northwind"), day("2026-10-01")
			books := map[v1alpha1.SubjectKind]*Book{
				v1alpha1.SubjectPartner: OfPartner(snap, compiled, partner, today), v1alpha1.SubjectJointPlan: OfPlan(snap, compiled, of, half, today),
				v1alpha1.SubjectCampaign: OfCampaign(snap, compiled, campaign, today),
			}
			for kind, book := range books {
				if diff := cmp.Diff(tc.want[kind], show(book.Series(tc.metric).Total(half))); diff != "" {
					t.Errorf("%s %s (-want +got):\n%s", kind, about[kind], diff)
				}
			}
			first, _ := tc.sets[0].(*v1alpha1.MeasurementSet)
			status, _ := EvaluateSet(snap, first, testobj.At("2026-10-01T10:00:00Z"))
			var got []string
			for _, f := range status.Findings {
				got = append(got, f.Message)
			}
			if text := strings.Join(got, "\n"); tc.finding == "" && text != "" || !strings.Contains(text, tc.finding) {
				t.Errorf("the set says %q, want %q", text, tc.finding)
			}
		})
	}
}
