package gitops

import "testing"

// TestGitOps plays the chapters of one story, each from the samples as they are in Git. The last one lets the operator's clock go on.
func TestGitOps(t *testing.T) {
	for _, chapter := range []struct {
		name string
		play func(*testing.T)
	}{
		{"the samples are synced and of the expected health", theSamplesAreSynced},
		{"a plan edited in Git is judged anew", aPlanEditedInGitIsJudgedAnew},
		{"a refused manifest is reported and the rest applied", aRefusedManifestIsReportedAndTheRestApplied},
		{"a request that arrives late is refused", aRequestThatArrivesLateIsRefused},
		{"a mistake that only the operator finds is Degraded", aMistakeThatOnlyTheOperatorFindsIsDegraded},
		{"what goes from Git goes, but decisions stay", whatGoesFromGitGoesButDecisionsStay},
		{"a manual edit is undone", aManualEditIsUndone},
		{"a suspended plan stays suspended", aSuspendedPlanStaysSuspended},
		{"a partner delivers no decision", aPartnerDeliversNoDecision},
		{"approvers deliver no plan", approversDeliverNoPlan},
		{"a partner delivers nothing to another", aPartnerDeliversNothingToAnother},
		{"hundreds of status changes are no drift", hundredsOfStatusChangesAreNoDrift},
	} {
		t.Run(chapter.name, chapter.play)
	}
}
