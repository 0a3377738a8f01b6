package telemetry

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// sharedReader lists objects as the cache does without deep copies: it copies each object's own fields and nothing below.
type sharedReader struct {
	client.Client

	plans       []v1alpha1.JointPlan
	partners    []v1alpha1.Partner
	campaigns   []v1alpha1.Campaign
	allocations []v1alpha1.MDFAllocation
}

func (r *sharedReader) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	switch into := list.(type) {
	case *v1alpha1.JointPlanList:
		into.Items = slices.Clone(r.plans)
	case *v1alpha1.PartnerList:
		into.Items = slices.Clone(r.partners)
	case *v1alpha1.CampaignList:
		into.Items = slices.Clone(r.campaigns)
	case *v1alpha1.MDFAllocationList:
		into.Items = slices.Clone(r.allocations)
	}
	return nil
}

// judged are the conditions of an evaluated plan.
func judged() []metav1.Condition {
	var list []metav1.Condition
	for _, kind := range []string{"Ready", "Approved", "Smart", "Aligned", "OnTrack", "ReviewOverdue", "ResultsStale"} {
		list = append(list, metav1.Condition{Type: kind, Status: metav1.ConditionTrue, Reason: kind})
	}
	return list
}

// BenchmarkScrape measures a scrape with objects of which a tenth are partners, three tenths each plans, campaigns and requests.
func BenchmarkScrape(b *testing.B) {
	for _, objects := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(objects), func(b *testing.B) {
			reader := &sharedReader{}
			for i := range objects / 10 {
				namespace := fmt.Sprintf("partner-%d", i)
				partner := testobj.Partner("acme").In(namespace).Obj()
				partner.Status.Conditions = judged()
				reader.partners = append(reader.partners, *partner)
				for k := range 3 {
					plan := testobj.Plan(fmt.Sprintf("plan-%d", k)).Obj()
					plan.Namespace, plan.Status.Conditions, plan.Status.Stage = namespace, judged(), v1alpha1.StageActive
					campaign := testobj.Campaign(fmt.Sprintf("campaign-%d", k), plan.Name)
					campaign.Namespace, campaign.Status.Conditions = namespace, judged()
					request := testobj.Allocation(fmt.Sprintf("request-%d", k)).In(namespace).Obj()
					request.Status.Conditions, request.Status.Stage = judged(), v1alpha1.AllocationGranted
					reader.plans, reader.campaigns = append(reader.plans, *plan), append(reader.campaigns, *campaign)
					reader.allocations = append(reader.allocations, *request)
				}
			}
			collector := objectsOf(reader, alreadyElected())
			for b.Loop() {
				series := make(chan prometheus.Metric, 10_000)
				collector.Collect(series)
				if len(series) < 50 {
					b.Fatalf("%d series", len(series))
				}
			}
		})
	}
}
