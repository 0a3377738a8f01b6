package decision

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// repeatedApproval refuses an approval by a person whose approval of the revision counts already, unless the amount is another.
func repeatedApproval(kind string, approvals []v1alpha1.AllocationApproval, s *setting, spec *v1alpha1.ApprovalDecisionSpec) error {
	if spec.Decision != v1alpha1.DecisionApproved && spec.Decision != v1alpha1.DecisionApprovedInPart {
		return nil
	}
	for i := range approvals {
		before, ok := preview.Find(s.objects, kinds.ApprovalDecision, s.namespace, string(approvals[i].Decision)).(*v1alpha1.ApprovalDecision)
		another := ok && (before.Spec.Decision != spec.Decision || before.Spec.Percent != spec.Percent || !equal(before.Spec.Amount, spec.Amount) ||
			(before.Spec.Exception == nil) != (spec.Exception == nil))
		if identity.SamePerson(approvals[i].By, spec.ApprovedBy) && !another {
			return fmt.Errorf("the decision would have no effect: %s approved this %s on %s already (ApprovalDecision %s); if another approval is missing, "+
				"someone else must give it", spec.ApprovedBy, kind, approvals[i].DecidedTime.UTC().Format(time.DateOnly), approvals[i].Decision)
		}
	}
	return nil
}

// equal reports whether two amounts are the same, or are both not stated.
func equal(a, b *v1alpha1.Money) bool {
	if a == nil || b == nil {
		return a == b
	}
	return amount(*a) == amount(*b)
}

// repeatedReturn refuses to send back what was sent back in the same way.
func repeatedReturn(before *v1alpha1.ApprovalDecision, spec *v1alpha1.ApprovalDecisionSpec) error {
	if before == nil || before.Spec.Revision != spec.Revision || before.Spec.Decision != spec.Decision {
		return nil
	}
	return fmt.Errorf("the decision would have no effect: %s %s this revision on %s already (ApprovalDecision %s)", before.Spec.ApprovedBy,
		verbs[spec.Decision], before.Spec.DecidedTime.UTC().Format(time.DateOnly), before.Name)
}

// says returns the sentences of conditions, each with its type, status and reason.
func says(list []metav1.Condition, kinds ...string) []string {
	var lines []string
	for _, kind := range kinds {
		if c := condition(list, kind); c != nil {
			lines = append(lines, fmt.Sprintf("%s is then %s (%s): %s", kind, c.Status, c.Reason, c.Message))
		}
	}
	return lines
}

// knowsMoney reports whether the budget of a request and its ledger are at hand: without them what follows for the money is not known.
func (s *setting) knowsMoney(request *v1alpha1.MDFAllocation) bool {
	budget := string(request.Spec.BudgetRef.Name)
	return preview.Find(s.objects, kinds.MDFBudget, "", budget) != nil && preview.Find(s.objects, kinds.MDFLedger, "", budget) != nil
}

// results lists results, such as "qualified-leads 20, attendees 120".
func results(list []v1alpha1.ExpectedResult) string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = fmt.Sprintf("%s %s", x.Metric, x.Value)
	}
	return strings.Join(texts, ", ")
}

// requestSubject is a request for money that is decided on.
type requestSubject struct {
	setting

	request *v1alpha1.MDFAllocation
}

func (s *requestSubject) key() manifest.Key {
	return manifest.Key{Kind: kindAllocation, Namespace: s.request.Namespace, Name: s.request.Name}
}

func (s *requestSubject) status() *v1alpha1.CommonStatus { return &s.request.Status.CommonStatus }

func (s *requestSubject) revision() (stated, actual string) {
	return s.request.Status.Revision, facts.RequestRevision(&s.request.Spec)
}

func (s *requestSubject) open() error {
	switch s.request.Status.Stage {
	case v1alpha1.AllocationDraft:
		return fmt.Errorf("%s is not submitted: a draft cannot be decided on. The partner submits it by setting spec.requestedOn", s.key())
	case v1alpha1.AllocationWithdrawn, v1alpha1.AllocationReleased, v1alpha1.AllocationSettled:
		return fmt.Errorf("a decision on %s would have no effect: it is %s, which is final; to request again, the partner sets a new spec.requestID",
			s.key(), strings.ToLower(string(s.request.Status.Stage)))
	default:
		return nil
	}
}

func (s *requestSubject) asked() (parties []v1alpha1.Party, missing int) {
	return []v1alpha1.Party{v1alpha1.PartyVendor}, 1
}

func (s *requestSubject) currency() (v1alpha1.CurrencyCode, *v1alpha1.Money) {
	return s.request.Spec.Amount.Currency, &s.request.Spec.Amount
}

// Waiting says what else waits for money of a request's budget: what is not decided yet, and what was approved and found too little left, by the day on
// which it was requested. Others are all requests that are known.
func Waiting(of *v1alpha1.MDFAllocation, others []*v1alpha1.MDFAllocation) []Term {
	waits := map[v1alpha1.AllocationStage]string{
		v1alpha1.AllocationPendingApproval: "to be decided", v1alpha1.AllocationWaiting: "approved, and waits for money",
	}
	var found []*v1alpha1.MDFAllocation
	for _, x := range others {
		same := x.Namespace == of.Namespace && x.Name == of.Name
		if !same && x.Spec.BudgetRef == of.Spec.BudgetRef && waits[x.Status.Stage] != "" {
			found = append(found, x)
		}
	}
	slices.SortFunc(found, func(a, b *v1alpha1.MDFAllocation) int {
		return cmp.Or(cmp.Compare(a.Spec.RequestedOn, b.Spec.RequestedOn), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	if len(found) == 0 {
		return []Term{termf("", "Nothing else is waiting for budget %s.", of.Spec.BudgetRef.Name)}
	}
	list := []Term{termf("", "What else is waiting for budget %s:", of.Spec.BudgetRef.Name)}
	for i, x := range found {
		if i == maxWaiting {
			return append(list, entryf("and %d more", len(found)-i))
		}
		list = append(list, entryf("%s/%s: %s, asked for on %s, %s", x.Namespace, x.Name, amount(x.Spec.Amount), x.Spec.RequestedOn, waits[x.Status.Stage]))
	}
	return list
}

// maxWaiting bounds the requests that are named.
const maxWaiting = 10

func (s *requestSubject) repeated(spec *v1alpha1.ApprovalDecisionSpec) error {
	snap := preview.Snapshot(s.objects, s.request)
	r := request.Of(facts.Of(snap, spec.DecidedTime.Time), s.request)
	if err := repeatedReturn(r.Approval.SentBack, spec); err != nil {
		return err
	}
	return repeatedApproval("request", s.request.Status.Approvals, &s.setting, spec)
}

func (s *requestSubject) terms(at time.Time) []Term {
	x := &s.request.Spec
	if x.Reward != nil {
		return s.rewardTerms(at)
	}
	list := []Term{
		termf("", "Request of %s, made on %s, for activity %s of plan %s", x.RequestedBy, x.RequestedOn, x.Activity, x.PlanRef.Name),
		termf("Asked for", "%s of a cost of %s, at %s%%, from budget %s", amount(x.Amount), amount(x.Cost), x.ReimbursementPercent, x.BudgetRef.Name),
	}
	if x.AcceptAtLeast != "" {
		list = append(list, termf("Of use from", "%s", amount(v1alpha1.Money{Amount: x.AcceptAtLeast, Currency: x.Amount.Currency})))
	}
	where := fmt.Sprintf("%s to %s", x.StartsOn, x.EndsOn)
	if x.Place != "" {
		where += ", " + string(x.Place)
	}
	list = append(list, termf("When", "%s", where))
	if x.Audience != "" {
		list = append(list, termf("For whom", "%s", x.Audience))
	}
	if len(x.Expected) > 0 {
		list = append(list, termf("Expected", "%s", results(x.Expected)))
	}
	return append(list, s.around(at)...)
}

// rewardTerms are what is approved of a request for a reward.
func (s *requestSubject) rewardTerms(at time.Time) []Term {
	x := &s.request.Spec
	list := []Term{
		termf("", "Request of %s, made on %s, for reward %s under plan %s", x.RequestedBy, x.RequestedOn, x.Reward.Name, x.PlanRef.Name),
		termf("Asked for", "%s, from budget %s", amount(x.Amount), x.BudgetRef.Name),
	}
	if x.AcceptAtLeast != "" {
		list = append(list, termf("Of use from", "%s", amount(v1alpha1.Money{Amount: x.AcceptAtLeast, Currency: x.Amount.Currency})))
	}
	return append(list, s.around(at)...)
}

// around is what a decision on a request rests on besides its terms.
func (s *requestSubject) around(at time.Time) (list []Term) {
	x := &s.request.Spec
	if budget, ok := preview.Find(s.objects, kinds.MDFBudget, "", string(x.BudgetRef.Name)).(*v1alpha1.MDFBudget); ok && budget.Status.Available != nil {
		list = append(list, termf("Budget", "%s of %s is available", amount(*budget.Status.Available), amount(budget.Spec.Amount)))
		list = append(list, s.earned(budget, at)...)
		list = append(list, s.authority(budget, at)...)
	}
	list = append(list, attested(x.Attestation, x.RequestedBy)...)
	return append(list, s.approvers(s.request.Status.Approvals)...)
}

// earned says what the money of a budget that partners draw on by what they earn rests on.
func (s *requestSubject) earned(budget *v1alpha1.MDFBudget, at time.Time) []Term {
	known := facts.Of(preview.Snapshot(s.objects, s.request), at)
	rooms := headroom.Of(known, v1alpha1.Name(budget.Name))
	if s.request.Spec.Reward != nil {
		line, err := rooms.EarnedReward(request.Of(known, s.request))
		switch {
		case err != nil:
			return []Term{termf("Earned", "cannot be computed: %s", err)}
		case line != "":
			return []Term{termf("Earned", "%s", line)}
		}
		return nil
	}
	lines, err := rooms.Earned(request.Of(known, s.request))
	if err != nil {
		return []Term{termf("Accrual", "cannot be computed: %s", err)}
	}
	var list []Term
	for _, line := range lines {
		list = append(list, termf("Accrual", "%s", line))
	}
	return list
}

// authority says how many people must approve which amounts of the budget, for a decision at an instant: a line per level of each rule that binds it.
func (s *requestSubject) authority(budget *v1alpha1.MDFBudget, at time.Time) []Term {
	made, _ := fiscal.ParseDay(s.request.Spec.RequestedOn) // a day that cannot be read is a finding of the request
	calendar := request.Of(facts.Of(preview.Snapshot(s.objects, s.request), at), s.request).Calendar()
	rules := approval.InForce(budget, made, calendar.Today(at))
	var list []Term
	for _, rule := range rules {
		since := ""
		if len(rules) > 1 {
			since = fmt.Sprintf(", by the rule of %s", rule.EffectiveFrom)
		}
		for _, level := range rule.Levels {
			list = append(list, termf("Authority", "above %s %d people must approve%s",
				amount(v1alpha1.Money{Amount: level.Above, Currency: budget.Spec.Amount.Currency}), level.Approvers, since))
		}
	}
	return list
}

// approvers says who has approved, and why it was an exception.
func (s *setting) approvers(list []v1alpha1.AllocationApproval) []Term {
	var terms []Term
	for i := range list {
		text := fmt.Sprintf("by %s on %s", list[i].By, list[i].DecidedTime.UTC().Format(time.DateOnly))
		d, ok := preview.Find(s.objects, kinds.ApprovalDecision, s.namespace, string(list[i].Decision)).(*v1alpha1.ApprovalDecision)
		if ok && d.Spec.Exception != nil {
			text += fmt.Sprintf(", as an exception: %s", d.Spec.Exception.Reason)
		}
		terms = append(terms, termf("Approved", "%s", text))
	}
	return terms
}

func (s *requestSubject) warnings(w *Wish) []string {
	return append(s.against(w), w.alike(s.others())...)
}

// against says what speaks against a decision, whoever decides.
func (s *requestSubject) against(w *Wish) []string {
	status := &s.request.Status
	approved := condition(status.Conditions, v1alpha1.ConditionApproved)
	if w.Outcome != v1alpha1.DecisionApproved {
		if approved != nil && approved.Status == metav1.ConditionTrue {
			return []string{"this withdraws the approval: what is granted and not claimed is released, permanently; requesting again takes a new requestID"}
		}
		return nil
	}
	c, granted := condition(status.Conditions, v1alpha1.ConditionEligible), condition(status.Conditions, v1alpha1.ConditionGranted)
	switch {
	case (c == nil || c.Status != metav1.ConditionFalse) && status.Stage == v1alpha1.AllocationRefused && granted != nil:
		return []string{"the request is refused, no matter who approves it: " + granted.Message}
	case c == nil || c.Status != metav1.ConditionFalse:
		return nil
	case c.Reason == v1alpha1.ReasonAfterTheFact && w.Exception != "":
		return []string{"this is an exception: " + c.Message}
	default:
		return []string{"nothing is granted while a rule refuses the request: " + c.Message}
	}
}

// others are the people who must not be the one who decides.
func (s *requestSubject) others() []other {
	return append([]other{{s.request.Spec.RequestedBy, "requested the money"}}, approversOf(s.request.Status.Approvals)...)
}

// approversOf are those who have approved.
func approversOf(list []v1alpha1.AllocationApproval) []other {
	var others []other
	for i := range list {
		others = append(others, other{list[i].By, "approved it on " + list[i].DecidedTime.UTC().Format(time.DateOnly)})
	}
	return others
}

// refused says why an approval or exception does not count or, of an exception, is not needed, and how to approve instead; nil when it is as it should be.
func (s *requestSubject) refused(d *v1alpha1.ApprovalDecision, at time.Time) error {
	judge := func(d *v1alpha1.ApprovalDecision) (reason string, err error) {
		status, _ := decision.Evaluate(preview.Snapshot(s.objects, s.request), d, at)
		c := condition(status.Conditions, v1alpha1.ConditionEffective)
		if c == nil {
			return "", nil
		}
		return c.Reason, refusal(status)
	}
	reason, err := judge(d)
	if d.Spec.Decision != v1alpha1.DecisionApproved && d.Spec.Decision != v1alpha1.DecisionApprovedInPart {
		return err
	}
	exception := d.Spec.Exception != nil
	other := d.DeepCopy()
	other.Spec.Exception = &v1alpha1.DecisionException{Reason: "it is asked whether this would count"}
	if exception {
		other.Spec.Exception = nil
	}
	switch _, instead := judge(other); {
	case exception && err == nil && instead == nil:
		return fmt.Errorf("%s needs no exception, as an approval without one still counts: leave out --exception", s.key())
	case exception && reason == v1alpha1.ReasonNoException && instead == nil:
		return fmt.Errorf("%w: leave out --exception", err)
	case reason != v1alpha1.ReasonAfterTheFact:
		return err
	case instead == nil:
		return fmt.Errorf("%w: say why with --exception \"...\", which takes the verb except, and let another person do the same", err)
	default:
		return fmt.Errorf("%w. An exception would not count either: %s", err, strings.TrimPrefix(instead.Error(), noEffect))
	}
}

// approver says the how many-th approver of an exception a decision has, of how many that are needed.
func (s *requestSubject) approver(d *v1alpha1.ApprovalDecision, at time.Time) string {
	a := request.Of(facts.Of(preview.Snapshot(s.with(d), s.request), at), s.request).Approval
	needed := fmt.Sprintf("%d", a.Needed)
	if !s.knowsMoney(s.request) {
		needed = "at least " + needed
	}
	return fmt.Sprintf("approver %d of %s", len(a.Approvals), needed)
}

func (s *requestSubject) effects(d *v1alpha1.ApprovalDecision, at time.Time) ([]string, error) {
	if err := s.refused(d, at); err != nil {
		return nil, err
	}
	if !s.knowsMoney(s.request) {
		return nil, nil
	}
	after, _ := outcome.Evaluate(preview.Snapshot(s.with(d), s.request), s.request, facts.Gate{}, at)
	return says(after.Conditions, v1alpha1.ConditionApproved), nil
}

// claimSubject is a claim that is decided on.
type claimSubject struct {
	setting

	claim *v1alpha1.MDFClaim
}

func (s *claimSubject) key() manifest.Key {
	return manifest.Key{Kind: kindClaim, Namespace: s.claim.Namespace, Name: s.claim.Name}
}

func (s *claimSubject) status() *v1alpha1.CommonStatus { return &s.claim.Status.CommonStatus }

func (s *claimSubject) revision() (stated, actual string) {
	return s.claim.Status.Revision, facts.ClaimRevision(&s.claim.Spec)
}

func (s *claimSubject) open() error {
	switch s.claim.Status.Stage {
	case v1alpha1.ClaimDraft:
		return fmt.Errorf("%s is not submitted: a draft cannot be decided on. The partner submits it by setting spec.claimedOn", s.key())
	case v1alpha1.ClaimSettled:
		return fmt.Errorf("a decision on %s would have no effect: it is paid", s.key())
	case v1alpha1.ClaimLapsed:
		return fmt.Errorf("a decision on %s would have no effect: it has lapsed, and no money is held for it any more", s.key())
	default:
		return nil
	}
}

func (s *claimSubject) asked() (parties []v1alpha1.Party, missing int) {
	return []v1alpha1.Party{v1alpha1.PartyVendor}, 1
}

// currency is the budget's, in which what is payable is stated.
func (s *claimSubject) currency() (v1alpha1.CurrencyCode, *v1alpha1.Money) {
	if payable := s.claim.Status.Payable; payable != nil {
		return payable.Currency, payable
	}
	return s.claim.Spec.Currency, nil
}

func (s *claimSubject) repeated(spec *v1alpha1.ApprovalDecisionSpec) error {
	snap := preview.Snapshot(s.objects, s.claim)
	if asked := snap.Allocation(s.claim.Spec.AllocationRef.Name); asked != nil {
		views := claim.Of(facts.Of(snap, spec.DecidedTime.Time), asked).Claims
		i := slices.IndexFunc(views, func(x *claim.Claim) bool { return x.Object.Name == s.claim.Name })
		if i >= 0 {
			if err := repeatedReturn(views[i].Approval.SentBack, spec); err != nil {
				return err
			}
		}
	}
	return repeatedApproval("claim", s.claim.Status.Approvals, &s.setting, spec)
}

func (s *claimSubject) terms(time.Time) []Term {
	x := &s.claim.Spec
	received := string(x.ClaimedOn)
	if x.ResubmittedOn != "" {
		received += ", again on " + string(x.ResubmittedOn)
	}
	list := []Term{termf("", "Claim of %s on request %s, received on %s", x.RequestedBy, x.AllocationRef.Name, received), {Text: "Costs, net:"}}
	for i := range x.Costs {
		cost := &x.Costs[i]
		line := fmt.Sprintf("%s: %s of %s", cost.Invoice, amount(v1alpha1.Money{Amount: cost.Net, Currency: x.Currency}), cost.IncurredOn)
		if cost.PerformedOn != "" {
			line += fmt.Sprintf(", performed on %s", cost.PerformedOn)
		}
		if cost.Supplier != "" {
			line += ", " + string(cost.Supplier)
		}
		if cost.InvoiceNet != "" {
			line += ", a part of " + amount(v1alpha1.Money{Amount: cost.InvoiceNet, Currency: x.Currency})
		}
		list = append(list, entryf("%s", line))
	}
	if claimed, payable := s.claim.Status.Claimed, s.claim.Status.Payable; claimed != nil && payable != nil {
		list = append(list, termf("Payable", "%s of %s", amount(*payable), amount(*claimed)))
	}
	for _, proof := range x.Proofs {
		text := fmt.Sprintf("%s, %s", proof.Type, proof.Reference)
		if proof.Count > 0 {
			text += fmt.Sprintf(", shows %d", proof.Count)
		}
		if proof.SHA256 != "" {
			text += ", SHA-256 " + proof.SHA256
		}
		list = append(list, termf("Proof", "%s", text))
	}
	if len(x.Results) > 0 {
		list = append(list, termf("Results", "%s", results(x.Results)))
	}
	list = append(list, attested(x.Attestation, x.RequestedBy)...)
	if request := s.asksFor(); request != nil && request.Spec.Attestation != nil {
		list = append(list, termf("Attested", "of the request: %s", verdict.Attested(request.Spec.Attestation, request.Spec.RequestedBy)))
	}
	return append(list, s.approvers(s.claim.Status.Approvals)...)
}

func (s *claimSubject) warnings(w *Wish) []string {
	return append(s.against(w.Outcome), w.alike(s.others())...)
}

// against says what speaks against an outcome, whoever decides.
func (s *claimSubject) against(outcome v1alpha1.DecisionOutcome) []string {
	status := &s.claim.Status
	accepted := condition(status.Conditions, v1alpha1.ConditionAccepted)
	switch {
	case accepted == nil:
		return nil
	case outcome != v1alpha1.DecisionApproved && accepted.Status == metav1.ConditionTrue:
		return []string{"this takes back the acceptance of the claim: nothing is paid on it until it is submitted and approved again"}
	case outcome != v1alpha1.DecisionApproved:
		return nil
	case status.Stage == v1alpha1.ClaimRefused:
		return []string{"nothing is paid while a rule refuses the claim: " + accepted.Message}
	default:
		return nil
	}
}

// asksFor is the request that is claimed on; nil when it is not at hand.
func (s *claimSubject) asksFor() *v1alpha1.MDFAllocation {
	request, _ := preview.Find(s.objects, kinds.MDFAllocation, s.namespace, string(s.claim.Spec.AllocationRef.Name)).(*v1alpha1.MDFAllocation)
	return request
}

// others are the people who must not be the one who decides.
func (s *claimSubject) others() []other {
	others := append([]other{{s.claim.Spec.RequestedBy, "claims"}}, approversOf(s.claim.Status.Approvals)...)
	if request := s.asksFor(); request != nil && !identity.SamePerson(request.Spec.RequestedBy, s.claim.Spec.RequestedBy) {
		others = append(others, other{request.Spec.RequestedBy, "requested the money that is claimed"})
	}
	return others
}

func (s *claimSubject) effects(d *v1alpha1.ApprovalDecision, at time.Time) ([]string, error) {
	status, _ := decision.Evaluate(preview.Snapshot(s.objects, s.claim), d, at)
	if err := refusal(status); err != nil {
		return nil, err
	}
	request := preview.Snapshot(s.objects, s.claim).Allocation(s.claim.Spec.AllocationRef.Name)
	if request == nil || !s.knowsMoney(request) {
		return nil, nil
	}
	after, _ := claim.Evaluate(preview.Snapshot(s.with(d), s.claim), s.claim, at)
	return says(after.Conditions, v1alpha1.ConditionAccepted), nil
}
