package rig

import (
	"math"
	"runtime"
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
apiserver_request_total{code="200",` + group + `resource="mdfledgers",subresource="",verb="PUT"} 5
apiserver_request_total{code="409",` + group + `resource="mdfledgers",subresource="",verb="PUT"} 4
apiserver_request_total{code="200",group="coordination.k8s.io",resource="leases",subresource="",verb="PUT"} 50
apiserver_request_total{code="201",group="authentication.k8s.io",resource="selfsubjectreviews",subresource="",verb="POST"} 8
apiserver_request_total{code="404",group="",resource="pods",subresource="",verb="DELETE"} 60
`
	if diff := cmp.Diff(Counters{Status: 9, Refused: 1, Other: 8, Ledger: 5, LedgerRefused: 4}, countersOf([]byte(text))); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
}

func TestThePulseTellsWhenARevisionWasReached(t *testing.T) {
	at := func(second int) time.Time { return time.Date(2026, 11, 1, 0, 0, second, 0, time.UTC) }
	pulse := &Pulse{beats: []beat{{at: at(1), revision: 10}, {at: at(2), revision: 14}, {at: at(3), revision: 14}}}
	for revision, want := range map[int64]time.Time{9: at(1), 10: at(1), 11: at(2), 14: at(2)} {
		if got, reached := pulse.reached(revision); !reached || !got.Equal(want) {
			t.Errorf("revision %d was reached at %s, %v; want %s", revision, got, reached, want)
		}
	}
	if _, reached := pulse.reached(15); reached {
		t.Error("a revision was reached that was not")
	}
}

func TestAPulseTellsHowTheWritesWentOnAndWhoUsedTheProcessors(t *testing.T) {
	started := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	pulse := &Pulse{}
	for i, revision := range []int64{10, 12, 12, 17, 18} {
		used := Usage{Server: time.Duration(i) * 100 * time.Millisecond, Process: time.Duration(i) * 10 * time.Millisecond}
		pulse.beats = append(pulse.beats, beat{at: started.Add(time.Duration(i) * time.Second), revision: revision, usage: used})
	}
	second := Usage{Server: 100 * time.Millisecond, Process: 10 * time.Millisecond}
	want := []Step{{2, second}, {0, second}, {5, second}}
	if diff := cmp.Diff(want, pulse.Steps(started, started.Add(3*time.Second), time.Second)); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if got, want := pulse.Used(started.Add(time.Second), started.Add(3*time.Second)).All(), 220*time.Millisecond; got != want {
		t.Errorf("%s was used, want %s", got, want)
	}
}

func TestOthersTakeWhatTheMachineUsedAndNobodyOfTheRun(t *testing.T) {
	const stat = "cpu  100 20 30 5000 70 6 7 8 0 0\ncpu0 50 10 15 2500 35 3 3 4 0 0\n"
	if got, want := busy(stat), 1710*time.Millisecond; got != want {
		t.Errorf("%s busy, want %s", got, want)
	}
	used := Usage{Server: 600 * time.Millisecond, Machine: 900 * time.Millisecond}
	if got := used.Elsewhere(time.Second) * float64(runtime.NumCPU()); math.Abs(got-0.3) > 1e-9 {
		t.Errorf("others took %v, want 0.3", got)
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
