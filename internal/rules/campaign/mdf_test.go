package campaign_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/utils/ptr"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// figures are returns without what is said of MDF in words; nil when there is no figure.
func figures(returns *v1alpha1.CampaignReturns) *v1alpha1.CampaignReturns {
	if returns == nil {
		return nil
	}
	only := *returns
	only.MDFPaid, only.MDFReturnMessage = "", ""
	if only == (v1alpha1.CampaignReturns{}) {
		return nil
	}
	return &only
}

// TestTheReturnOnMDFIsOnWhatWasPaid: what was only asked for, or granted, returns nothing.
func TestTheReturnOnMDFIsOnWhatWasPaid(t *testing.T) {
	in := func(currency v1alpha1.CurrencyCode, p v1alpha1.Payment) v1alpha1.Payment {
		p.Currency = currency
		return p
	}
	type change = func(*world)
	pays := func(payments ...v1alpha1.Payment) change { return func(w *world) { w.pays(payments...) } }
	for name, tc := range map[string]struct {
		change  change
		percent *int32
		paid    v1alpha1.Decimal
		says    string
		next    string
	}{
		"paid in two parts": {
			change:  pays(testobj.Payment("RUN-1", "2026-10-01", "2000.00"), testobj.Payment("RUN-2", "2026-10-20", "500.00")),
			percent: ptr.To[int32](1600), paid: "2500", says: "revenue of EUR 40,000.00 on EUR 2,500.00 of MDF that was paid",
		},
		"a part came back": {
			change:  pays(testobj.Payment("RUN-1", "2026-10-01", "2000.00"), testobj.Reversal("RUN-2", "2026-10-10", "1500.00", "RUN-1")),
			percent: ptr.To[int32](8000), paid: "500", says: "revenue of EUR 40,000.00 on EUR 500.00 of MDF that was paid",
		},
		"all of it came back": {
			change: pays(testobj.Payment("RUN-1", "2026-10-01", "2000.00"), testobj.Reversal("RUN-2", "2026-10-10", "2000.00", "RUN-1")),
			says:   "no return on MDF yet: nothing is paid on MDFAllocation webinar-money",
		},
		"claimed and not paid": {change: pays(), says: "no return on MDF yet: nothing is paid on MDFAllocation webinar-money"},
		"paid tomorrow": {
			change: pays(testobj.Payment("RUN-1", "2026-10-21", "2000.00")), says: "no return on MDF yet: nothing is paid on MDFAllocation webinar-money",
			next: "2026-10-21T00:00:00+02:00",
		},
		"paid in another currency": {
			change: pays(testobj.Payment("RUN-1", "2026-10-01", "2000.00"), in("USD", testobj.Payment("RUN-2", "2026-10-01", "1.00"))),
			says:   `MDFClaim "webinar-claim" was paid in USD, and the program's currency is EUR: the return on MDF is not known`,
		},
		"planned, and nobody asked": {
			change: func(w *world) { w.requests, w.claims = nil, nil },
			says:   "no return on MDF: no MDFAllocation requests money for the campaign's activity",
		},
		"asked for by a request for another activity": {
			change: func(w *world) { w.requests[0].Spec.Activity = "fair" },
			says:   "no return on MDF: no MDFAllocation requests money for the campaign's activity",
		},
		"no MDF at all": {change: func(w *world) { w.requests, w.claims, w.campaign.Spec.MDF = nil, nil, nil }},
		"paid, and no revenue": {
			change: func(w *world) { w.sets = nil }, paid: "5000",
			says: "EUR 5,000.00 of MDF was paid, and no revenue is measured: report it in a MeasurementSet about the campaign",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.measured("new-revenue", "2026-09-10", "40000")
			tc.change(w)
			got, next := w.at("2026-10-20")
			var returns v1alpha1.CampaignReturns
			if got.Returns != nil {
				returns = *got.Returns
			}
			want := v1alpha1.CampaignReturns{MDFReturnPercent: tc.percent, MDFPaid: tc.paid, MDFReturnMessage: tc.says}
			if diff := cmp.Diff(want, returns); diff != "" {
				t.Errorf("returns (-want +got):\n%s", diff)
			}
			if tc.next != "" && !next.Equal(instant(tc.next)) {
				t.Errorf("next change at %s, want %s", next, tc.next)
			}
		})
	}
}
