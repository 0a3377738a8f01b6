// Package decision drafts the ApprovalDecision that a person wants to make on a plan, a request for money, a claim or the
// record of a meeting: it says what is decided on and what follows, and refuses a decision that would have no effect.
package decision

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// Kinds that are decided on.
const (
	kindPlan       = kinds.JointPlan
	kindAllocation = kinds.MDFAllocation
	kindClaim      = kinds.MDFClaim
)

// Wish is what a person wants to decide.
type Wish struct {
	// Target is a JointPlan, MDFAllocation, MDFClaim or PlanReview with its status.
	Target manifest.Object
	// Outcome is Approved, Submitted, Returned or Rejected; of a PlanReview Confirmed, Disputed, Upheld or Dismissed. With Amount, Approved becomes
	// ApprovedInPart. Submitted is what the partner wants: where the program asks for its approval, that is the submission.
	Outcome v1alpha1.DecisionOutcome
	// Party is the party that decides; empty for the only one that is possible.
	Party v1alpha1.Party
	// Allowed are the parties that the person may decide for; nil when that is not known.
	Allowed []v1alpha1.Party
	// Amount is the part that is approved, in units of the currency that decisions on the target have; empty for all of it.
	Amount v1alpha1.Decimal
	// Percent is the part that is approved of a request for money, in percent of the amount requested; empty for all of it, or for Amount.
	Percent v1alpha1.Percent
	// Revision is the revision that the person has looked at, or its first 10 digits or more; empty for whichever is current.
	Revision string
	// By is the person, by user name.
	By string
	// Comment says why.
	Comment v1alpha1.Text
	// Exception says why a request is approved although its activity has begun; empty for an ordinary approval.
	Exception v1alpha1.Text
	// At is the instant of the decision.
	At time.Time
	// Attestation says who records the decision of somebody else, and from what; nil for one's own.
	Attestation *v1alpha1.Attestation
}

// Draft is a decision that would count.
type Draft struct {
	// Decision is the object to be created.
	Decision *v1alpha1.ApprovalDecision
	// Terms says, line by line, what is decided on.
	Terms []Term
	// Exception says the how many-th approver this is of how many that an exception needs; empty when it is none.
	Exception string
	// Effects says what follows.
	Effects []string
	// Warnings says what speaks against it.
	Warnings []string
	// Findings are all Errors and Warnings of what is decided on and, of a request's plan and a claim's request and plan, those that bear on it.
	// What Warnings says already is left out.
	Findings []Finding
}

// Term is one line of what is decided on.
type Term struct {
	// Name is what the line is about, such as Proof; empty when the text says so itself.
	Name string
	// Text is what stands there.
	Text string
	// Entry says that it is one of a list, whose name is a line above.
	Entry bool
}

func termf(name, format string, args ...any) Term {
	return Term{Name: name, Text: fmt.Sprintf(format, args...)}
}

func entryf(format string, args ...any) Term {
	return Term{Text: fmt.Sprintf(format, args...), Entry: true}
}

// String is the term in a printable line, in which the text of all terms with a short name begins in one column.
func (t Term) String() string {
	text := printable.Line(t.Text)
	switch {
	case t.Name != "":
		return fmt.Sprintf("%-11s %s", t.Name+":", text)
	case t.Entry:
		return "  " + text
	default:
		return text
	}
}

// New drafts a decision. Objects are those of the target's namespace, with the programs, budgets and ledgers that are known.
func New(objects []manifest.Object, w Wish) (*Draft, error) {
	s, err := subjectOf(objects, &w)
	if err != nil {
		return nil, err
	}
	w.At = w.At.UTC().Truncate(time.Second)
	if err := w.check(s); err != nil {
		return nil, err
	}
	if w.Party, err = w.party(s); err != nil {
		return nil, err
	}
	d, err := w.decision(objects, s)
	if err != nil {
		return nil, err
	}
	if err := s.repeated(&d.Spec); err != nil {
		return nil, err
	}
	draft := &Draft{Decision: d, Terms: s.terms(w.At), Warnings: s.warnings(&w)}
	draft.Findings = unsaid(bearing(objects, w.Target), draft.Warnings)
	if draft.Effects, err = s.effects(d, w.At); err != nil {
		return nil, err
	}
	if request, ok := s.(*requestSubject); ok && d.Spec.Exception != nil {
		draft.Exception = request.approver(d, w.At)
	}
	return draft, nil
}

// subject is something that is decided on.
type subject interface {
	// key is the kind and namespace/name.
	key() manifest.Key
	// status is the part of the status that all kinds have.
	status() *v1alpha1.CommonStatus
	// revision is the current revision: as the status says, and as the spec has it.
	revision() (stated, actual string)
	// open returns why nothing can be decided now, such as that nothing is submitted; nil when it can.
	open() error
	// asked are the parties that have to decide, those that have not approved first; how many that is.
	asked() (parties []v1alpha1.Party, missing int)
	// currency is the one of an approval in part, and most what can be approved; empty when nothing can be approved in part.
	currency() (code v1alpha1.CurrencyCode, most *v1alpha1.Money)
	// repeated refuses a decision that says again what was decided.
	repeated(spec *v1alpha1.ApprovalDecisionSpec) error
	// terms says what is decided on at an instant.
	terms(at time.Time) []Term
	// warnings says what speaks against a decision.
	warnings(w *Wish) []string
	// effects says what follows from a decision; an error says why nothing does.
	effects(d *v1alpha1.ApprovalDecision, at time.Time) ([]string, error)
}

func subjectOf(objects []manifest.Object, w *Wish) (subject, error) {
	setting := setting{objects: objects, namespace: w.Target.GetNamespace()}
	_, review := w.Target.(*v1alpha1.PlanReview)
	_, plan := w.Target.(*v1alpha1.JointPlan)
	switch answers := w.Outcome == v1alpha1.DecisionConfirmed || w.Outcome == v1alpha1.DecisionDisputed || resolves(w.Outcome); {
	case review && !answers:
		return nil, fmt.Errorf("%s is the record of a meeting: confirm or dispute it", manifest.KeyOf(w.Target))
	case answers && !review:
		return nil, fmt.Errorf("%s is not a record of a meeting: only a PlanReview is confirmed or disputed", manifest.KeyOf(w.Target))
	case w.Outcome == v1alpha1.DecisionSubmitted && !plan:
		return nil, fmt.Errorf("%s is not a plan, and only a plan is submitted by a decision: a request is made with spec.requestedOn, a claim with spec.claimedOn",
			manifest.KeyOf(w.Target))
	}
	switch x := w.Target.(type) {
	case *v1alpha1.PlanReview:
		return &reviewSubject{setting: setting, review: x, outcome: w.Outcome}, nil
	case *v1alpha1.JointPlan:
		return &planSubject{setting: setting, plan: x, outcome: w.Outcome}, nil
	case *v1alpha1.MDFAllocation:
		return &requestSubject{setting: setting, request: x}, nil
	case *v1alpha1.MDFClaim:
		return &claimSubject{setting: setting, claim: x}, nil
	default:
		return nil, fmt.Errorf("nobody decides on a %s: name a JointPlan, an MDFAllocation, an MDFClaim or a PlanReview", manifest.KeyOf(x).Kind)
	}
}

// other is a person who must not be the one who decides.
type other struct {
	name, does string
}

// alike warns of an approval by a person whose name looks like that of one who must be another.
func (w *Wish) alike(others []other) []string {
	if w.Outcome != v1alpha1.DecisionApproved {
		return nil
	}
	return lookAlike(others, w.By, "approves")
}

// lookAlike warns of a person whose name looks like that of one who must be another.
func lookAlike(others []other, by, does string) []string {
	var lines []string
	for _, x := range others {
		if identity.LookAlike(x.name, by) {
			lines = append(lines, fmt.Sprintf("%q, who %s, and %q, who %s it, look alike: if they are one person, someone else must decide",
				x.name, x.does, by, does))
		}
	}
	return lines
}

// attested says that something was recorded from a document, and by whom; nothing where it was not.
func attested(a *v1alpha1.Attestation, of string) []Term {
	if a == nil {
		return nil
	}
	return []Term{termf("Attested", "%s", verdict.Attested(a, of))}
}

// setting is what surrounds a subject.
type setting struct {
	objects   []manifest.Object
	namespace string
}

// attestedDecisions names the decisions on something that somebody else recorded from a document.
func (s *setting) attestedDecisions(on manifest.Key) []Term {
	var list []Term
	for _, object := range s.objects {
		d, ok := object.(*v1alpha1.ApprovalDecision)
		if !ok || d.Namespace != on.Namespace || d.Spec.TargetRef.Kind != on.Kind || string(d.Spec.TargetRef.Name) != on.Name {
			continue
		}
		if text := verdict.AttestedDecision(d); text != "" {
			list = append(list, termf("Attested", "%s", text))
		}
	}
	return list
}

// with returns the objects with a decision more.
func (s *setting) with(d *v1alpha1.ApprovalDecision) []manifest.Object {
	return append(append([]manifest.Object{}, s.objects...), d)
}

// check refuses what cannot be decided as it was wished.
func (w *Wish) check(s subject) error {
	stated, actual := s.revision()
	seen := "v1:" + strings.TrimPrefix(w.Revision, "v1:")
	const least = len("v1:") + 10
	switch {
	case w.By == "":
		return errors.New("say who decides: --by USER")
	case w.Attestation != nil && identity.SamePerson(w.By, w.Attestation.RecordedBy):
		return fmt.Errorf("%s decides and records it: who decides needs no evidence; leave out --evidence, or say with --by whose decision the document shows", w.By)
	case w.Attestation != nil && w.Party == v1alpha1.PartyVendor:
		return errors.New("only a decision of the partner is recorded from a document: the vendor's people decide under their own accounts")
	case stated == "" || stated != actual || s.status().ObservedGeneration != w.Target.GetGeneration():
		return fmt.Errorf("%s is not evaluated as it is now, so its revision is not known yet: wait a moment and try again", s.key())
	case w.Revision != "" && len(seen) < least:
		return fmt.Errorf("--revision %s is too short to tell revisions apart: give at least 10 digits, such as %s", w.Revision, stated[:least])
	case w.Revision != "" && !strings.HasPrefix(stated, seen):
		return fmt.Errorf("%s was changed: its revision is %s now, not %s. Look at it again, then decide on that", s.key(), stated, w.Revision)
	case w.Unreasoned() != nil:
		return w.Unreasoned()
	case w.Outcome != v1alpha1.DecisionApproved && (w.Amount != "" || w.Percent != ""):
		return errors.New("--amount and --percent are what is approved: leave them out, or approve")
	}
	if err := w.checkException(s); err != nil {
		return err
	}
	return s.open()
}

// checkException refuses an exception of what knows none.
func (w *Wish) checkException(s subject) error {
	switch {
	case w.Exception == "":
		return nil
	case w.Outcome != v1alpha1.DecisionApproved:
		return errors.New("--exception is for approvals: leave it out, or approve")
	case s.key().Kind != kindAllocation:
		return fmt.Errorf("--exception approves a request for money after its activity has begun, and %s is none: leave it out", s.key())
	default:
		return nil
	}
}

// Unreasoned says that a reason is missing, whatever is decided on; nil when none is.
func (w *Wish) Unreasoned() error {
	switch {
	case w.Comment != "":
		return nil
	case !needsNoComment(w.Outcome):
		return errors.New("say why: --comment \"...\"; only an approval, a submission or a confirmation needs no reason")
	case w.Amount != "" || w.Percent != "":
		return errors.New("say why not all of it is approved: --comment \"...\"")
	default:
		return nil
	}
}

// needsNoComment reports whether a decision speaks for itself.
func needsNoComment(outcome v1alpha1.DecisionOutcome) bool {
	return outcome == v1alpha1.DecisionApproved || outcome == v1alpha1.DecisionSubmitted || outcome == v1alpha1.DecisionConfirmed
}

// party returns the party that decides.
func (w *Wish) party(s subject) (v1alpha1.Party, error) {
	asked, missing := s.asked()
	if len(asked) == 0 {
		return "", fmt.Errorf("the approvers of %s cannot be determined until its spec is corrected: %s", s.key(), stalled(s.status()))
	}
	if w.Party == "" && w.Outcome == v1alpha1.DecisionApproved && missing == 0 {
		return "", fmt.Errorf("the decision would have no effect: %s is approved by the %s", s.key(), verdict.List(asked))
	}
	if w.Party != "" {
		if slices.Contains(asked, w.Party) {
			return w.Party, nil
		}
		return "", fmt.Errorf("the program asks the %s to decide on %s, not the %s%s", verdict.List(asked), s.key(), w.Party, w.instead(w.Party))
	}
	var possible []v1alpha1.Party
	for i, party := range asked {
		needed := w.Outcome != v1alpha1.DecisionApproved || missing == 0 || i < missing
		if needed && (w.Allowed == nil || slices.Contains(w.Allowed, party)) {
			possible = append(possible, party)
		}
	}
	switch {
	case len(possible) == 1:
		return possible[0], nil
	case len(possible) == 0 && w.Allowed != nil:
		return "", w.mayNot(s.key(), asked, max(missing, 1))
	default:
		return "", errors.New("say for which party you decide: --party Vendor or --party Partner")
	}
}

// mayNot says that a person may decide for none of the parties that have to.
func (w *Wish) mayNot(key manifest.Key, asked []v1alpha1.Party, missing int) error {
	var verbs []string
	parties := asked[:missing]
	for _, party := range parties {
		verbs = append(verbs, Verbs(w.Target, w.Outcome, party)...)
	}
	act := "decide on"
	if w.Outcome == v1alpha1.DecisionSubmitted {
		act = "submit"
	}
	hint := ""
	if slices.Contains(w.Allowed, v1alpha1.PartyPartner) && !slices.Contains(asked, v1alpha1.PartyPartner) {
		hint = w.instead(v1alpha1.PartyPartner)
	}
	return fmt.Errorf("you are not allowed to %s %s for the %s: you need the verb %s (docs/access.md)%s", act, key, verdict.List(parties), verdict.AnyOf(verbs), hint)
}

// instead says what a party does that the program does not ask to approve; nothing where that is nothing.
func (w *Wish) instead(party v1alpha1.Party) string {
	if _, plan := w.Target.(*v1alpha1.JointPlan); plan && party == v1alpha1.PartyPartner && w.Outcome == v1alpha1.DecisionApproved {
		return "; the partner submits the plan: kubectl jointplan submit"
	}
	return ""
}

// Verbs are the verbs of which one lets a person decide on something for a party; none where the party has nothing to decide.
func Verbs(target manifest.Object, outcome v1alpha1.DecisionOutcome, party v1alpha1.Party) []string {
	_, review := target.(*v1alpha1.PlanReview)
	of := strings.ToLower(string(party))
	switch {
	case resolves(outcome) && party == v1alpha1.PartyVendor:
		return []string{"resolve-disputes"}
	case resolves(outcome), outcome == v1alpha1.DecisionSubmitted && party == v1alpha1.PartyVendor:
		return nil
	case review:
		return []string{"review-as-" + of}
	case sendsBack(outcome) && party == v1alpha1.PartyVendor:
		return []string{"approve-as-vendor", "revoke"}
	default:
		return []string{"approve-as-" + of}
	}
}

func sendsBack(outcome v1alpha1.DecisionOutcome) bool {
	return outcome == v1alpha1.DecisionReturned || outcome == v1alpha1.DecisionRejected
}

// decision returns the object.
func (w *Wish) decision(objects []manifest.Object, s subject) (*v1alpha1.ApprovalDecision, error) {
	key := s.key()
	revision, _ := s.revision()
	d := &v1alpha1.ApprovalDecision{}
	d.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.ApprovalDecision))
	d.Namespace = key.Namespace
	d.Spec = v1alpha1.ApprovalDecisionSpec{
		TargetRef: v1alpha1.DecisionTargetReference{Kind: key.Kind, Name: v1alpha1.Name(key.Name)},
		Revision:  revision, Party: w.Party, Decision: w.Outcome, ApprovedBy: w.By, DecidedTime: metav1.NewTime(w.At), Comment: w.Comment,
		Attestation: w.Attestation,
	}
	if plan, ok := s.(*planSubject); ok && w.Outcome == v1alpha1.DecisionSubmitted && plan.asks(v1alpha1.PartyPartner) {
		d.Spec.Decision = v1alpha1.DecisionApproved // the partner's approval is its submission
	}
	if w.Exception != "" {
		d.Spec.Exception = &v1alpha1.DecisionException{Reason: w.Exception}
	}
	if err := w.inPart(s, &d.Spec); err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		d.Name = Name(&d.Spec, n)
		if preview.Find(objects, kinds.ApprovalDecision, d.Namespace, d.Name) == nil {
			return d, nil
		}
	}
}

// inPart makes an approval one in part when an amount is given.
func (w *Wish) inPart(s subject, spec *v1alpha1.ApprovalDecisionSpec) error {
	switch {
	case w.Percent != "":
		return w.inPercent(s, spec)
	case w.Amount == "":
		return nil
	}
	code, most := s.currency()
	if code == "" {
		return errors.New("a plan cannot be approved in part: leave out --amount, or return the plan and say what to change")
	}
	amount, err := money.Parse(w.Amount, code)
	if err != nil {
		return fmt.Errorf("--amount %w", err)
	}
	if most != nil {
		if all, err := money.ParseMoney(*most); err == nil && amount >= all {
			return fmt.Errorf("--amount %s is not less than the %s requested: leave out --amount to approve all of it",
				money.Format(amount, code), money.Format(all, code))
		}
	}
	if amount <= 0 {
		return errors.New("--amount must be above zero: to approve nothing, reject it")
	}
	spec.Decision = v1alpha1.DecisionApprovedInPart
	spec.Amount = &v1alpha1.Money{Amount: w.Amount, Currency: code}
	return nil
}

// inPercent makes an approval of a request one of a share of the amount requested.
func (w *Wish) inPercent(s subject, spec *v1alpha1.ApprovalDecisionSpec) error {
	if _, most := s.currency(); w.Amount != "" || spec.TargetRef.Kind != kinds.MDFAllocation || most == nil {
		return errors.New("--percent is of the amount of a request for money: leave it out, or state --amount instead")
	}
	percent, err := decimal.ParsePercent(w.Percent)
	if err != nil {
		return fmt.Errorf("--percent %w", err)
	}
	if percent.Sign() <= 0 || percent.Cmp(big.NewRat(100, 1)) >= 0 {
		return errors.New("--percent must be above 0 and below 100: leave it out to approve all, and reject to approve nothing")
	}
	spec.Decision, spec.Percent = v1alpha1.DecisionApprovedInPart, w.Percent
	return nil
}

const (
	maxName    = 63
	nameDigits = 10
)

// Name returns the name of a decision: that of its target, the party, the first digits of the revision and the day (of UTC), and from the second
// one of a day on a number. A long name of a target is cut.
func Name(spec *v1alpha1.ApprovalDecisionSpec, n int) string {
	digits := strings.TrimPrefix(spec.Revision, "v1:")
	tail := fmt.Sprintf("-%s-%s-%s", strings.ToLower(string(spec.Party)), digits[:min(nameDigits, len(digits))], spec.DecidedTime.UTC().Format("20060102"))
	if n > 1 {
		tail += fmt.Sprintf("-%d", n)
	}
	head := string(spec.TargetRef.Name)
	return strings.TrimRight(head[:min(len(head), maxName-len(tail))], "-") + tail
}

// stalled returns what is wrong with the spec.
func stalled(status *v1alpha1.CommonStatus) string {
	for i := range status.Conditions {
		if c := &status.Conditions[i]; c.Type == v1alpha1.ConditionStalled {
			return c.Message
		}
	}
	return "see its findings"
}

// condition returns a condition; nil when there is none.
func condition(list []metav1.Condition, kind string) *metav1.Condition {
	for i := range list {
		if list[i].Type == kind {
			return &list[i]
		}
	}
	return nil
}

// refusal returns why a decision does not count; nil when it does.
func refusal(status v1alpha1.ApprovalDecisionStatus) error {
	c := condition(status.Conditions, v1alpha1.ConditionEffective)
	if c == nil || c.Status == metav1.ConditionTrue {
		return nil
	}
	return errors.New(noEffect + c.Message)
}

const noEffect = "the decision would have no effect: "

// verbs are the words for what was decided.
var verbs = map[v1alpha1.DecisionOutcome]string{
	v1alpha1.DecisionApproved: "approved", v1alpha1.DecisionApprovedInPart: "approved in part",
	v1alpha1.DecisionSubmitted: "submitted", v1alpha1.DecisionReturned: "returned", v1alpha1.DecisionRejected: "rejected",
}

// suspended warns of an object whose evaluation is suspended.
func suspended(status *v1alpha1.CommonStatus) []string {
	if c := condition(status.Conditions, v1alpha1.ConditionSuspended); c != nil && c.Status == metav1.ConditionTrue {
		return []string{"its evaluation is suspended, so the decision shows an effect only once that is resumed: " + c.Message}
	}
	return nil
}
