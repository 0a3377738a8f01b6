package verdict

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// RuleAttested: the partner has no account, so somebody of the vendor recorded from a document what it decided, asks for or claims. Nothing is wrong
// with it. Remedy: compare it with the document; who recorded it cannot approve it for the vendor.
const RuleAttested = "Attested"

// channels say how a document came.
var channels = map[v1alpha1.EvidenceChannel]string{
	v1alpha1.ChannelForm: "a form", v1alpha1.ChannelSignedDocument: "a signed document", v1alpha1.ChannelMail: "a mail",
}

// Attested says who recorded something for whom, and from what.
func Attested(a *v1alpha1.Attestation, of string) string {
	channel := channels[a.Channel]
	if channel == "" {
		channel = "a document"
	}
	return fmt.Sprintf("%s recorded it for %s from %s received on %s (%q, SHA-256 %s)", a.RecordedBy, of, channel, a.ReceivedOn, a.Document, a.SHA256)
}

// AttestedDecision says what a decision that counts decided, and who recorded it for whom, from what; nothing of a decision in one's own name, and of one
// that does not count.
func AttestedDecision(d *v1alpha1.ApprovalDecision) string {
	if d.Spec.Attestation == nil || !meta.IsStatusConditionTrue(d.Status.Conditions, v1alpha1.ConditionEffective) {
		return ""
	}
	return fmt.Sprintf("%s for the %s on %s: %s", d.Spec.Decision, d.Spec.Party, d.Spec.DecidedTime.UTC().Format(time.DateOnly),
		Attested(d.Spec.Attestation, d.Spec.ApprovedBy))
}

// FindAttested notes that something was recorded by somebody else; nothing where attestation is nil.
func FindAttested(findings *Findings, a *v1alpha1.Attestation, of string) {
	if a != nil {
		findings.Infof(RuleAttested, "spec.attestation", "%s: compare it with the document; %s cannot approve it for the vendor", Attested(a, of), a.RecordedBy)
	}
}
