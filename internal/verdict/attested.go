package verdict

import (
	"fmt"

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

// FindAttested notes that something was recorded by somebody else; nothing where attestation is nil.
func FindAttested(findings *Findings, a *v1alpha1.Attestation, of string) {
	if a != nil {
		findings.Infof(RuleAttested, "spec.attestation", "%s: compare it with the document; %s cannot approve it for the vendor", Attested(a, of), a.RecordedBy)
	}
}
