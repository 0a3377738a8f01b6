package samples_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// TestSamplesOfMoney checks the worked numbers of config/samples-rules/money.
func TestSamplesOfMoney(t *testing.T) {
	set, err := reader.Read(context.Background(), manifest.Options{}, "../../config/samples-rules/money")
	if err != nil {
		t.Fatal(err)
	}
	world := preview.New(set)
	for name, tc := range map[string]struct {
		at                           time.Time
		namespace, kind, object      string
		condition, want              string
		requestThrough, claimThrough v1alpha1.Date
		payable                      v1alpha1.Decimal
	}{
		"claims end 30 days after the agreement": {
			at: noon(2026, time.July, 1), namespace: "tidewater-auk", kind: "MDFAllocation", object: "auk-summer", condition: v1alpha1.ConditionGranted,
			want: "Granted: EUR 400.00 is granted; claims can be received from 2026-08-20 through 2026-09-30", requestThrough: "2026-08-20", claimThrough: "2026-09-30",
		},
		"claims end 60 days after the activity": {
			at: noon(2026, time.July, 1), namespace: "tidewater-auk", kind: "MDFAllocation", object: "auk-spring", condition: v1alpha1.ConditionGranted,
			want: "Granted: EUR 400.00 is granted; claims can be received from 2026-07-20 through 2026-09-18", requestThrough: "2026-07-20", claimThrough: "2026-09-18",
		},
		"21 days before a Saturday": {
			at: noon(2026, time.November, 12), namespace: "tidewater-tern", kind: "MDFAllocation", object: "tern-fair", condition: v1alpha1.ConditionGranted,
			want: "Granted: EUR 3,200.00 is granted", requestThrough: "2026-10-24", claimThrough: "2027-01-13",
		},
		"7 days for what was sent back, and what the fair has left": {
			at: noon(2026, time.November, 12), namespace: "tidewater-skua", kind: "MDFAllocation", object: "skua-fair", condition: v1alpha1.ConditionGranted,
			want:           "GrantedInPart: EUR 1,800.00 of EUR 2,000.00 is granted, because shared activity harbour-fair had EUR 1,800.00 left",
			requestThrough: "2026-11-07", claimThrough: "2027-01-13",
		},
		"60 percent of a request": {
			at: noon(2026, time.November, 12), namespace: "tidewater-tern", kind: "MDFAllocation", object: "tern-workshop", condition: v1alpha1.ConditionApproved,
			want: "ApprovedInPart: EUR 799.99 of EUR 1,333.33 is approved", requestThrough: "2026-10-12", claimThrough: "2026-12-11",
		},
		"the rate of the activity stays": {
			at: noon(2026, time.December, 10), namespace: "tidewater-tern", kind: "MDFClaim", object: "tern-workshop-1", condition: v1alpha1.ConditionAccepted,
			want: "Accepted: EUR 500.00 is payable: 50 percent of EUR 1,000.00 net", payable: "500.00",
		},
		"the first part of a shared invoice": {
			at: noon(2026, time.December, 10), namespace: "tidewater-tern", kind: "MDFClaim", object: "tern-fair-1", condition: v1alpha1.ConditionAccepted,
			want: "Accepted: EUR 1,250.00 is payable: 50 percent of EUR 2,500.00 net", payable: "1250.00",
		},
		"what the first part leaves": {
			at: noon(2026, time.December, 10), namespace: "tidewater-skua", kind: "MDFClaim", object: "skua-fair-1", condition: v1alpha1.ConditionAccepted,
			want: "Accepted: EUR 750.00 is payable: 50 percent of EUR 1,500.00 net", payable: "750.00",
		},
		"a list of attendees that came a day late": {
			at: noon(2027, time.January, 20), namespace: "tidewater-skua", kind: "MDFClaim", object: "skua-winter-1", condition: v1alpha1.ConditionAccepted,
			want:    "ProofTooLate: the AttendeeList was received on 2026-12-30, and had to be by 2026-12-29, 5 business days after the activity ended on 2026-12-18",
			payable: "0.00",
		},
		"what 12 months from the first sale earn": {
			at: noon(2027, time.April, 10), namespace: "tidewater-tern", kind: "MDFAllocation", object: "tern-training", condition: v1alpha1.ConditionGranted,
			want:           "AccrualInsufficient: EUR 3,000.00 is requested; partner tern earned EUR 2,500.00 in the 12 months from 2026-04-10 through 2027-04-09",
			requestThrough: "2027-06-01", claimThrough: "2027-10-28",
		},
		"what bands of percentages earn": {
			at: noon(2027, time.July, 15), namespace: "tidewater-tern", kind: "MDFAllocation", object: "tern-rebate", condition: v1alpha1.ConditionGranted,
			want:           "EUR 8,500.00 in FY2027 Q2 (EUR 300,000.00 revenue, each band at its own percentage",
			requestThrough: "2027-06-01", claimThrough: "2027-10-28",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got struct {
				request, claim v1alpha1.Date
				payable        v1alpha1.Decimal
			}
			object := preview.Find(world.At(tc.at), tc.kind, tc.namespace, tc.object)
			if x, ok := object.(*v1alpha1.MDFAllocation); ok {
				got.request, got.claim = x.Status.RequestThrough, x.Status.ClaimThrough
			}
			if x, ok := object.(*v1alpha1.MDFClaim); ok && x.Status.Payable != nil {
				got.payable = x.Status.Payable.Amount
			}
			text := ""
			for _, c := range preview.Common(object).Conditions {
				if c.Type == tc.condition {
					text = c.Reason + ": " + c.Message
				}
			}
			if !strings.Contains(text, tc.want) {
				t.Errorf("%s is\n%s\nnot\n%s", tc.condition, text, tc.want)
			}
			if diff := cmp.Diff([]v1alpha1.Date{tc.requestThrough, tc.claimThrough}, []v1alpha1.Date{got.request, got.claim}); diff != "" {
				t.Errorf("last days (-want +got):\n%s", diff)
			}
			if got.payable != tc.payable {
				t.Errorf("payable %s, want %s", got.payable, tc.payable)
			}
		})
	}
}

// noon is noon of a day.
func noon(year int, month time.Month, of int) time.Time {
	return time.Date(year, month, of, 12, 0, 0, 0, time.UTC)
}
