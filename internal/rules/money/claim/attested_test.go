package claim_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

func TestWhoRecordedAClaimCannotApproveIt(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, change := range map[string]func(*desk, *v1alpha1.MDFClaim){
		"the claim":   func(_ *desk, c *v1alpha1.MDFClaim) { c.Spec.Attestation = testobj.Attested("Fiona") },
		"its request": func(d *desk, _ *v1alpha1.MDFClaim) { d.request.Spec.Attestation = testobj.Attested("Fiona") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
			change(d, c)
			d.approveRequest("2026-08-05T10:00:00Z")
			d.decisions[len(d.decisions)-1].Spec.ApprovedBy = "walt"
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			claimSays(t, d.status(c, now), accepted, "False/RecorderApproves", "fiona recorded the claim or its request for the partner (spec.attestation), and so cannot "+
				"approve", "someone else at the vendor must decide")
		})
	}
}

func TestAnAttestedClaimSaysSo(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
	c.Spec.Attestation = testobj.Attested("vera")
	text := foundIn(d.status(c, "2026-12-01T10:00:00Z").Findings, v1alpha1.SeverityInfo, verdict.RuleAttested, "spec.attestation")
	want := `vera recorded it for paul from a signed document received on 2026-07-01 ("scan 17", SHA-256 ` + strings.Repeat("0f", 32) + "): compare it with the document; " +
		"vera cannot approve it for the vendor"
	if text != want {
		t.Errorf("finding\n%s, want\n%s", text, want)
	}
}

func TestAProofOfTwoClaimsIsShown(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	for name, test := range map[string]struct {
		first, second string
		want          bool
	}{
		"one digest": {digest, digest, true}, "two digests": {digest, strings.Repeat("cd", 32), false}, "no digests": {"", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			for i, sha256 := range []string{test.first, test.second} {
				c := d.add(testobj.Claim(string(rune('a'+i)), "webinar").Cost("I1", "100.00").Proof("Photo", "photo").Obj())
				c.Spec.Proofs[0].SHA256 = sha256
			}
			text := foundIn(d.status(d.claims[1], "2026-12-01T10:00:00Z").Findings, v1alpha1.SeverityWarning, claim.RuleProofReused, "spec.proofs[0].sha256")
			want := ""
			if test.want {
				want = `the Photo "photo" is in MDFClaim "a" too (SHA-256 ` + digest + "): find out which activity it proves, and reject the claim that it does not belong to"
			}
			if text != want {
				t.Errorf("finding\n%s, want\n%s", text, want)
			}
		})
	}
}
