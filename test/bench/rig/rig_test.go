package rig

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

func TestCountersTellStatusesFromOtherWritesAndLeases(t *testing.T) {
	const group = `group="channel.jointplan.dev",`
	text := `# HELP apiserver_request_total Counter
apiserver_request_total{code="200",component="apiserver",dry_run="",` + group + `resource="jointplans",scope="resource",subresource="status",verb="PATCH",version="v1alpha1"} 7
apiserver_request_total{code="200",` + group + `resource="partners",subresource="status",verb="PATCH"} 2
apiserver_request_total{code="409",` + group + `resource="partners",subresource="status",verb="PATCH"} 1
apiserver_request_total{code="201",` + group + `resource="planrevisions",subresource="",verb="POST"} 3
apiserver_request_total{code="200",` + group + `resource="jointplans",subresource="",verb="LIST"} 40
apiserver_request_total{code="200",group="coordination.k8s.io",resource="leases",subresource="",verb="PUT"} 50
apiserver_request_total{code="404",group="",resource="pods",subresource="",verb="DELETE"} 60
`
	if diff := cmp.Diff(Counters{Status: 9, Refused: 1, Other: 3}, countersOf([]byte(text))); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
}

func TestThePulseTellsWhenARevisionWasReached(t *testing.T) {
	at := func(second int) time.Time { return time.Date(2026, 11, 1, 0, 0, second, 0, time.UTC) }
	pulse := &Pulse{beats: []beat{{at(1), 10}, {at(2), 14}, {at(3), 14}}}
	for revision, want := range map[int64]time.Time{9: at(1), 10: at(1), 11: at(2), 14: at(2)} {
		if got, reached := pulse.Reached(revision); !reached || !got.Equal(want) {
			t.Errorf("revision %d was reached at %s, %v; want %s", revision, got, reached, want)
		}
	}
	if _, reached := pulse.Reached(15); reached {
		t.Error("a revision was reached that was not")
	}
}

func TestTheRawClientWritesTheStatusesOfThenAtTheVersionsOfNow(t *testing.T) {
	key := client.ObjectKey{Namespace: "n", Name: "p"}
	then := []Object{{Key: key, Kind: "JointPlan", Version: 3, Status: []byte(`{"stage":"Draft"}`)}, {Key: key, Kind: "Partner", Status: []byte(`{}`)}}
	now := []Object{{Key: key, Kind: "JointPlan", Version: 9}}
	want := []Write{{Kind: "JointPlan", Key: key, Status: true, Patch: []byte(`{"metadata":{"resourceVersion":"9"},"status":{"stage":"Draft"}}`)}}
	if diff := cmp.Diff(want, Statuses(then, now)); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestAnObjectIsCurrentWhenItsStatusIsThatOfItsSpec(t *testing.T) {
	plan := &v1alpha1.JointPlan{}
	plan.Name, plan.ResourceVersion, plan.Generation = "p", "12", 2
	plan.Status.ObservedGeneration = 1
	got, err := objectOf(plan)
	if err != nil || got.Current || got.Version != 12 || got.Kind != "JointPlan" || string(got.Status) != `{"observedGeneration":1}` {
		t.Errorf("%+v %s, %v", got, got.Status, err)
	}
	plan.Status.ObservedGeneration = 2
	if got, err := objectOf(plan); err != nil || !got.Current {
		t.Errorf("%+v, %v; want a current one", got, err)
	}
}
