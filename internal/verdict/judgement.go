package verdict

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Judgement is what a rule says of a condition: its status, reason and message.
type Judgement struct {
	// Status is the condition's status.
	Status metav1.ConditionStatus
	// Reason is the condition's reason.
	Reason string
	// Message says why, and what to do.
	Message string
}

// True judges that a condition holds.
func True(reason, format string, args ...any) Judgement {
	return Judgement{metav1.ConditionTrue, reason, fmt.Sprintf(format, args...)}
}

// False judges that a condition does not hold.
func False(reason, format string, args ...any) Judgement {
	return Judgement{metav1.ConditionFalse, reason, fmt.Sprintf(format, args...)}
}

// Unknown judges that it cannot be told whether a condition holds.
func Unknown(reason, format string, args ...any) Judgement {
	return Judgement{metav1.ConditionUnknown, reason, fmt.Sprintf(format, args...)}
}
