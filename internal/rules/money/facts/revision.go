package facts

import (
	"strconv"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
)

// RequestRevision identifies what an allocation asks for: all of its spec but withdrawnOn and purchaseOrder. It ignores the order of lists, the way in which a number is
// written ("5000", "5000.00"), and whether a default is written out (requestID "1", priority 0).
//
// Fields are listed by hand: a field that is added to the API is added here and, being absent in old requests, leaves their revisions as they are.
func RequestRevision(spec *v1alpha1.MDFAllocationSpec) string {
	f := revision.Form{}
	f.Text("plan", string(spec.PlanRef.Name))
	f.Text("budget", string(spec.BudgetRef.Name))
	f.Unless("requestID", string(spec.RequestID), string(v1alpha1.DefaultRequestID))
	f.Text("requestedBy", spec.RequestedBy)
	f.Items("attestation", attestationForm(spec.Attestation))
	f.Text("requestedOn", string(spec.RequestedOn))
	f.Text("resubmittedOn", string(spec.ResubmittedOn))
	f.Text("sharedActivity", string(spec.SharedActivity))
	f.Items("reward", rewardForm(spec.Reward))
	f.Text("activity", string(spec.Activity))
	f.Text("startsOn", string(spec.StartsOn))
	f.Text("endsOn", string(spec.EndsOn))
	f.Text("place", string(spec.Place))
	f.Text("audience", string(spec.Audience))
	writeMoney(&f, "cost", spec.Cost)
	f.Number("reimbursementPercent", string(spec.ReimbursementPercent))
	writeMoney(&f, "amount", spec.Amount)
	f.Number("acceptAtLeast", string(spec.AcceptAtLeast))
	if spec.Priority != nil {
		f.Unless("priority", strconv.Itoa(int(*spec.Priority)), "0")
	}
	f.Items("expected", revision.Of(spec.Expected, resultForm))
	f.Items("contingentOn", revision.Of(spec.ContingentOn, contingencyForm))
	return f.Revision()
}

// ClaimRevision identifies what a claim claims: all of its spec but payments and invoicedOn. It ignores what RequestRevision ignores; an absent scope is Partial.
func ClaimRevision(spec *v1alpha1.MDFClaimSpec) string {
	f := revision.Form{}
	f.Text("allocation", string(spec.AllocationRef.Name))
	f.Text("requestedBy", spec.RequestedBy)
	f.Items("attestation", attestationForm(spec.Attestation))
	f.Text("claimedOn", string(spec.ClaimedOn))
	f.Text("resubmittedOn", string(spec.ResubmittedOn))
	f.Unless("scope", string(spec.Scope), string(v1alpha1.ClaimPartial))
	f.Text("currency", string(spec.Currency))
	f.Items("cost", revision.Of(spec.Costs, costForm))
	f.Items("proof", revision.Of(spec.Proofs, proofForm))
	f.Items("result", revision.Of(spec.Results, resultForm))
	return f.Revision()
}

// attestationForm is what somebody else recorded it from; nothing for what the partner wrote itself.
func attestationForm(a *v1alpha1.Attestation) []revision.Form {
	if a == nil {
		return nil
	}
	f := revision.Form{}
	f.Text("recordedBy", a.RecordedBy)
	f.Text("document", string(a.Document))
	f.Text("sha256", a.SHA256)
	f.Text("receivedOn", string(a.ReceivedOn))
	f.Text("channel", string(a.Channel))
	return []revision.Form{f}
}

// rewardForm is the reward that is requested; nothing for an activity.
func rewardForm(asked *v1alpha1.RewardRequest) []revision.Form {
	if asked == nil {
		return nil
	}
	f := revision.Form{}
	f.Text("name", string(asked.Name))
	if asked.Period.FiscalYear != nil {
		f.Text("fiscalYear", strconv.Itoa(int(*asked.Period.FiscalYear)))
	}
	f.Unless("part", string(asked.Period.Part), string(v1alpha1.PartYear))
	f.Text("from", string(asked.Period.From))
	f.Text("through", string(asked.Period.Through))
	return []revision.Form{f}
}

func writeMoney(f *revision.Form, field string, amount v1alpha1.Money) {
	f.Number(field+".amount", string(amount.Amount))
	f.Text(field+".currency", string(amount.Currency))
}

func resultForm(result *v1alpha1.ExpectedResult) revision.Form {
	f := revision.Form{}
	f.Text("metric", string(result.Metric))
	f.Number("value", string(result.Value))
	return f
}

func contingencyForm(contingency *v1alpha1.Contingency) revision.Form {
	f := revision.Form{}
	f.Text("goal", string(contingency.Goal))
	f.Number("atLeast", string(contingency.AtLeast))
	f.Number("attainmentPercent", string(contingency.AttainmentPercent))
	f.Unless("basis", string(contingency.Basis), string(v1alpha1.BasisCurrent))
	f.Text("asOf", string(contingency.AsOf))
	return f
}

func costForm(cost *v1alpha1.ClaimedCost) revision.Form {
	f := revision.Form{}
	f.Text("invoice", string(cost.Invoice))
	f.Text("supplier", string(cost.Supplier))
	f.Text("incurredOn", string(cost.IncurredOn))
	f.Text("performedOn", string(cost.PerformedOn))
	f.Number("net", string(cost.Net))
	f.Number("invoiceNet", string(cost.InvoiceNet))
	f.Number("gross", string(cost.Gross))
	return f
}

func proofForm(proof *v1alpha1.Proof) revision.Form {
	f := revision.Form{}
	f.Text("type", string(proof.Type))
	f.Text("reference", string(proof.Reference))
	f.Text("sha256", proof.SHA256)
	f.Text("receivedOn", string(proof.ReceivedOn))
	if proof.Count != 0 {
		f.Text("count", strconv.Itoa(int(proof.Count)))
	}
	return f
}
