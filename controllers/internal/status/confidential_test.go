package status

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// TestWhatIsConfidentialIsNoEvent shows that a transition of a channel manager is told to nobody, and that of a plan is.
func TestWhatIsConfidentialIsNoEvent(t *testing.T) {
	recorder := events.NewFakeRecorder(2)
	w := &Writer{events: recorder}
	before := []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonManagersOff}}
	after := []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonEvaluated}}
	w.recordTransitions(&v1alpha1.ChannelManager{}, before, after)
	if len(recorder.Events) != 0 {
		t.Errorf("event %q", <-recorder.Events)
	}
	w.recordTransitions(&v1alpha1.JointPlan{}, before, after)
	if len(recorder.Events) != 1 {
		t.Errorf("%d events of a plan, want one", len(recorder.Events))
	}
}
