package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
)

const decideHelp = `

KIND is jointplan (the one that is meant when only a name is given), mdfallocation or mdfclaim, or plan, request or claim. Shows what is decided
on: the terms and what they change, the amounts, who else has to decide, and what follows; asks for a confirmation; then creates an
ApprovalDecision in your name. It refuses a decision that would have no effect, and says why. A decision is about one revision: give --revision
to make sure that it is the one that you have read.

With a kind and -l it is about all objects of the kind with these labels: each is shown, one question is asked for all, and those on which a decision
would have no effect are left out, with the reason and exit code 1.

When a GitOps tool delivers what is decided on, nothing is created in the cluster: the manifest is printed, to be committed where decisions
are kept. --force creates it all the same. With -f the objects are read from files; then the manifest is printed too, and --by says who decides.

A partner's person who has no account decides by a form, a signed document or a mail. Who has the verb attest records that with --evidence FILE,
--channel and --by: the decision says who recorded it, from what and when it came, and who recorded it cannot approve for the vendor.

Exit codes: 0 done; 1 the decision was refused, by a rule, the cluster or you; 2 the manifests or the command line are wrong;
130 interrupted.`

// decisionOptions are the options of approve, submit, return and reject, and of the answers to records of meetings.
type decisionOptions struct {
	*target

	evidence    evidence
	outcome     v1alpha1.DecisionOutcome
	kind        string // that is meant when only a name is given; empty for a plan
	party       string
	amount      string
	percent     string
	exception   string
	comment     string
	revision    string
	by          string
	decidedTime string
	output      string
	write       string
	yes         bool
	force       bool
}

func newApprove() *cobra.Command {
	command, o := newDecide(v1alpha1.DecisionApproved, "approve", "Approve a plan, a request for money or a claim")
	command.Flags().StringVar(&o.amount, "amount", "",
		"approve a part: an amount in the currency of the request, or for a claim in that of the budget, such as 1500.00")
	command.Flags().StringVar(&o.percent, "percent", "",
		"approve a part of a request: a share of the amount requested in percent, such as 60; the share of the costs that claims are paid stays as it is")
	command.Flags().StringVar(&o.exception, "exception", "",
		"grant a request although its activity has begun, because the vendor did not decide in time: says why; takes two people with the verb except")
	command.Example = `  # look at the files, and write the vendor's approval of a plan as a manifest
  kubectl jointplan approve plan/helix-2026-h2 -f plans/ --party Vendor --by sofia.duarte@subtle.example --write approvals/

  # approve all requests for a fair
  kubectl jointplan approve requests -l event=it-fair -A

  # approve a request for money in part, in the cluster
  kubectl jointplan approve request/acme-customer-day -n partner-acme --amount 3000.00 --comment "the hall is too large"

  # grant a request that was left undecided until its activity had begun
  kubectl jointplan approve request/acme-customer-day -n partner-acme --exception "the channel manager was ill; the partner asked in time"

  # approve the revision that you have read, without being asked
  kubectl jointplan approve plan/acme-fy27-h1 -n partner-acme --revision v1:fd926846b5 --party Vendor --yes`
	return command
}

const submitHelp = `

Shows the terms and what they change, and what follows; asks for a confirmation; then creates an ApprovalDecision of the partner in your name. Where
the program asks for the partner's approval, that is the submission: the decision is Approved, and binds the partner. Where it asks the vendor alone, it
is Submitted. The vendor then decides within the days that the program gives it.

It refuses a plan with errors, which would not count as submitted, and one that is submitted, approved or sent back as it is, and says why. What is
submitted is one revision: give --revision to make sure that it is the one that you have read. To take it back:
kubectl jointplan return PLAN --party Partner --comment "...".

When a GitOps tool delivers the plan, nothing is created in the cluster: the manifest is printed, to be committed where decisions are kept. --force
creates it all the same. With -f the plan is read from files; then the manifest is printed too, and --by says who submits.

A partner's person who has no account submits by a form, a signed document or a mail. Who has the verb attest records that with --evidence FILE,
--channel and --by, and cannot approve the plan for the vendor.

Exit codes: 0 done; 1 the submission was refused, by a rule, the cluster or you; 2 the manifests or the command line are wrong;
130 interrupted.`

func newSubmit() *cobra.Command {
	command, o := newDecide(v1alpha1.DecisionSubmitted, "submit", "Submit a plan to the vendor")
	o.kind = kinds.JointPlan
	command.Use = "submit PLAN | -l LABELS"
	command.Long = "Submit a plan to the vendor, for the partner." + submitHelp
	command.Example = `  # submit a plan, in the cluster
  kubectl jointplan submit acme-fy27-h2 -n partner-acme

  # look at the files, and write the submission as a manifest
  kubectl jointplan submit acme-fy27-h2 -f plans/ --by paula.reimann@acme.example --write approvals/

  # record what a partner's person who has no account submitted on paper
  kubectl jointplan submit acme-fy27-h2 -n partner-acme --by pat.oneill@acme.example --evidence signed-plan.pdf --channel SignedDocument`
	return command
}

func newReturn() *cobra.Command {
	command, _ := newDecide(v1alpha1.DecisionReturned, "return", "Send a plan, a request for money or a claim back to be changed")
	command.Example = `  # send a plan back
  kubectl jointplan return plan/acme-fy27-h1 -n partner-acme --party Vendor --comment "the target for leads is below last year's"`
	return command
}

func newReject() *cobra.Command {
	command, _ := newDecide(v1alpha1.DecisionRejected, "reject", "Reject a plan, a request for money or a claim, or withdraw its approval")
	command.Example = `  # refuse a claim
  kubectl jointplan reject claim/acme-cloud-webinar-2 -n partner-acme --comment "the invoice is of another event"`
	return command
}

const answerHelp = `

Shows the record of a meeting, as the other party made it, and what follows from the answer; asks for a confirmation; then creates an
ApprovalDecision in your name. It refuses an answer that would have no effect, and says why.

When a GitOps tool delivers the record, nothing is created in the cluster: the manifest is printed, to be committed where decisions are kept.
--force creates it all the same. With -f the objects are read from files; then the manifest is printed too, and --by says who decides.

Exit codes: 0 done; 1 the answer was refused, by a rule, the cluster or you; 2 the manifests or the command line are wrong;
130 interrupted.`

// newAnswers returns the commands about records of meetings.
func newAnswers() []*cobra.Command {
	var all []*cobra.Command
	for _, one := range []struct {
		outcome              v1alpha1.DecisionOutcome
		name, short, example string
	}{
		{v1alpha1.DecisionConfirmed, "confirm", "Confirm the record that the other party made of a meeting", `  # the meeting of 3 November was as the partner recorded it
  kubectl jointplan confirm finch-fy27-h1-20261103 -n partner-finch`},
		{v1alpha1.DecisionDisputed, "dispute", "Dispute the record that the other party made of a meeting", `  # it was not
  kubectl jointplan dispute finch-fy27-h1-20261103 -n partner-finch --comment "Marek Novak was on leave that week; nobody from our side was there"`},
		{v1alpha1.DecisionUpheld, "uphold", "Resolve a dispute: the record does not count", `  # the meeting was not held
  kubectl jointplan uphold finch-fy27-h1-20261103 -n partner-finch --comment "there is no invitation and no minutes"`},
		{v1alpha1.DecisionDismissed, "dismiss", "Resolve a dispute: the record counts", `  # it was
  kubectl jointplan dismiss finch-fy27-h1-20261103 -n partner-finch --comment "the minutes name Jana Beck, who stood in"`},
	} {
		command, o := newDecide(one.outcome, one.name, one.short)
		o.kind = kinds.PlanReview
		command.Use = one.name + " REVIEW | -l LABELS"
		command.Long = one.short + "." + answerHelp
		command.Example = one.example
		all = append(all, command)
	}
	return all
}

// toName says what a command takes, by the kind that is meant when only a name is given.
var toName = map[string]string{
	"": "plan, request or claim, such as plan/acme-fy27-h1", kinds.JointPlan: "plan, such as acme-fy27-h1",
	kinds.PlanReview: "record of a meeting, such as acme-fy27-h1-20261001",
}

func newDecide(outcome v1alpha1.DecisionOutcome, name, short string) (*cobra.Command, *decisionOptions) {
	o := &decisionOptions{target: newTarget(), outcome: outcome}
	command := &cobra.Command{
		Use:   name + " [KIND/]NAME | KIND -l LABELS",
		Short: short,
		Long:  short + "." + decideHelp,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 1, len(args) == 0 && o.selector != "" && o.kind != "":
				return nil
			case len(args) == 0 && o.selector != "":
				return usageError{errors.New("say of which kind those are that -l selects: plans, requests or claims")}
			default:
				return usageError{fmt.Errorf("name one %s, not %d", toName[o.kind], len(args))}
			}
		},
		ValidArgsFunction: o.completeNames,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, strings.Join(args, ""))
		},
	}
	o.addFlags(command)
	flags := command.Flags()
	if outcome != v1alpha1.DecisionSubmitted {
		flags.StringVar(&o.party, "party", "", "party for which you decide: Vendor or Partner (default the only one that is possible)")
	}
	flags.StringVar(&o.comment, "comment", "", "why; only an approval of all, a submission and a confirmation need none")
	flags.StringVar(&o.revision, "revision", "", "revision that you have read, or its first 10 digits: any other is refused")
	flags.StringVar(&o.by, "by", "", "user name of who decides (default in a cluster: you; for others you need the verb attest)")
	flags.StringVar(&o.decidedTime, "decided-time", "", "instant of the decision (RFC 3339) (default now; with -f the instant of --at)")
	o.evidence.addFlags(flags)
	flags.StringVarP(&o.output, "output", "o", "", "yaml: print the manifest instead of creating the decision")
	flags.StringVar(&o.write, "write", "", "write the manifest into this new file or folder instead of creating the decision")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask for a confirmation")
	flags.BoolVar(&o.force, "force", false, "create the decision also when a GitOps tool delivers what is decided on")
	return command, o
}

func (o *decisionOptions) run(ctx context.Context, command *cobra.Command, argument string) error {
	wish, err := o.wish()
	if err != nil {
		return usageError{err}
	}
	kind, several, err := o.severalOf(argument)
	if err != nil {
		return err
	}
	selector := o.selector
	if several {
		o.selector = "" // what surrounds them matters whatever its labels
	}
	v, err := o.read(ctx, command)
	if err != nil {
		return err
	}
	var targets []manifest.Object
	if several {
		if targets, err = selected(v, kind, selector); err != nil {
			return err
		}
	} else {
		if o.kind != "" {
			argument = kindBefore(strings.ToLower(o.kind), argument)
		}
		target, err := v.find(argument)
		if err != nil {
			return err
		}
		targets = []manifest.Object{target}
	}
	drafts, refused := o.prepare(ctx, command, v, wish, targets)
	if len(drafts) == 0 {
		return refused
	}
	return cmp.Or(o.carryOut(ctx, command, v, drafts), refused)
}

// drafted is a decision that would count, with what it is about.
type drafted struct {
	*decision.Draft

	target manifest.Object
	text   []byte // the manifest
}

// severalOf returns the kind of several objects that -l selects: where the argument names a kind and no object, or nothing where one kind is meant.
func (o *decisionOptions) severalOf(argument string) (kind string, several bool, _ error) {
	if o.selector == "" || strings.Contains(argument, "/") {
		return "", false, nil
	}
	kind = o.kind
	if argument != "" {
		of, err := kindOf(argument)
		if err != nil {
			return "", false, nil //nolint:nilerr // it is the name of an object, of those that are looked at
		}
		kind = of
	}
	if o.revision != "" || o.amount != "" || o.percent != "" {
		return "", false, usageError{errors.New("--revision, --amount and --percent are about one object: name it, or leave them out")}
	}
	return kind, true, nil
}

// selected returns the objects of a kind whose own labels match the selector.
func selected(v *view, kind, selector string) ([]manifest.Object, error) {
	chosen, err := labels.Parse(selector)
	if err != nil {
		return nil, usageError{fmt.Errorf("--selector %q: %w", selector, err)}
	}
	var found []manifest.Object
	for _, x := range v.objects {
		if manifest.KeyOf(x).Kind == kind && chosen.Matches(labels.Set(x.GetLabels())) {
			found = append(found, x)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there are no %s with the labels %s%s", kinds.Named(kind).Called, selector, v.elsewhere())
	}
	return found, nil
}

// prepare drafts a decision on each object and shows it. Of several, those on which a decision would have no effect are said and left out; the error says that.
func (o *decisionOptions) prepare(ctx context.Context, command *cobra.Command, v *view, wish decision.Wish, targets []manifest.Object) (drafts []drafted, _ error) {
	for _, target := range targets {
		one, err := o.draft(ctx, v, wish, target)
		switch {
		case err != nil && len(targets) == 1, ctx.Err() != nil:
			return nil, err
		case err != nil:
			tellf(command, "%s: left out: %s\n", manifest.KeyOf(target), err)
			continue
		}
		if drafts = append(drafts, one); len(drafts) > 1 {
			command.PrintErrln()
		}
		command.PrintErr(shown(one.Draft, target))
		waiting, err := o.waiting(ctx, v, target)
		if err != nil {
			return nil, err
		}
		for _, line := range waiting {
			tellf(command, "%s\n", line)
		}
		if at := one.Decision.Spec.DecidedTime; at.After(v.at) {
			tellf(command, "It counts from %s on, not before.\n", at.UTC().Format(time.RFC3339))
		}
	}
	if left := len(targets) - len(drafts); left > 0 {
		return drafts, fmt.Errorf("%d of %d %s left out: each line above says why", left, len(targets), map[bool]string{true: "was", false: "were"}[left == 1])
	}
	return drafts, nil
}

// draft drafts a decision on an object.
func (o *decisionOptions) draft(ctx context.Context, v *view, wish decision.Wish, target manifest.Object) (d drafted, err error) {
	wish.Target, d.target = target, target
	if err := o.complete(ctx, v, &wish); err != nil {
		return d, err
	}
	if d.Draft, err = decision.New(v.known(), wish); err != nil {
		return d, err
	}
	if d.text, err = manifestOf(d.Decision); err != nil {
		return d, err
	}
	return d, wouldBeTaken(ctx, d.text)
}

// waiting says what else waits for the budget of a request that is approved, to whoever may see it.
func (o *decisionOptions) waiting(ctx context.Context, v *view, target manifest.Object) (lines []string, _ error) {
	request, ok := target.(*v1alpha1.MDFAllocation)
	if !ok || o.outcome != v1alpha1.DecisionApproved {
		return nil, nil
	}
	all := v.everything
	if v.client != nil {
		items, _, err := list(ctx, v.client, kinds.Named(kinds.MDFAllocation), "")
		if apierrors.IsForbidden(err) {
			return []string{fmt.Sprintf("What else is waiting for budget %s is not shown, as you are not allowed to list %s in all namespaces: an administrator of the cluster grants it "+
				"with a ClusterRoleBinding of jointplan-viewer (docs/access.md).", request.Spec.BudgetRef.Name, resourceOf(kinds.MDFAllocation))}, nil
		}
		if err != nil {
			return nil, inWords(err)
		}
		all = items
	}
	var others []*v1alpha1.MDFAllocation
	for _, x := range all {
		if other, ok := x.(*v1alpha1.MDFAllocation); ok {
			others = append(others, other)
		}
	}
	for _, term := range decision.Waiting(request, others) {
		lines = append(lines, term.String())
	}
	return lines, nil
}

// carryOut writes the decisions, or creates them once a person confirms it.
func (o *decisionOptions) carryOut(ctx context.Context, command *cobra.Command, v *view, drafts []drafted) error {
	var toCreate []drafted
	var failed error
	for i, d := range drafts {
		switch tool := deliveredBy(d.target); {
		case v.client == nil || o.output == "yaml" || o.write != "":
			if i > 0 && cmp.Or(o.write, "-") == "-" {
				d.text = append([]byte("---\n"), d.text...)
			}
			if err := writeDecision(command, d.Decision, cmp.Or(o.write, "-"), d.text); err != nil {
				return err
			}
		case tool != "" && !o.force:
			if i > 0 {
				fmt.Fprintln(command.OutOrStdout(), "---")
			}
			failed = refuseTracked(command, d.Decision, d.target, tool)
		default:
			toCreate = append(toCreate, d)
		}
	}
	if len(toCreate) == 0 {
		return failed
	}
	if !o.yes {
		asked := question(toCreate[0].Draft)
		if len(toCreate) > 1 {
			asked = fmt.Sprintf("Create these %d decisions?", len(toCreate))
		}
		if err := confirm(ctx, command, asked); err != nil {
			return err
		}
	}
	for _, d := range toCreate {
		if err := create(ctx, command, v, d.Decision); err != nil {
			return err
		}
	}
	return failed
}

// question is what a person confirms.
func question(draft *decision.Draft) string {
	if draft.Exception != "" {
		return fmt.Sprintf("Create this decision, which grants an exception (%s)?", draft.Exception)
	}
	return "Create this decision?"
}

// wish returns what the flags say.
func (o *decisionOptions) wish() (decision.Wish, error) {
	w := decision.Wish{
		Outcome: o.outcome, Amount: v1alpha1.Decimal(o.amount), Percent: v1alpha1.Percent(o.percent), Comment: v1alpha1.Text(o.comment), Revision: o.revision, By: o.by,
		Exception: v1alpha1.Text(o.exception),
	}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if strings.EqualFold(o.party, string(party)) {
			w.Party = party
		}
	}
	switch {
	case o.output != "" && o.output != "yaml":
		return w, fmt.Errorf("--output %q: must be yaml, which prints the manifest", o.output)
	case o.output != "" && o.write != "":
		return w, errors.New("--output prints the manifest and --write writes it into a file: leave out one")
	case len(o.files) > 0 && o.by == "":
		return w, errors.New("files do not show who you are: say with --by who decides, by user name")
	}
	if err := w.Unreasoned(); err != nil {
		return w, err
	}
	if err := o.evidence.check(&w, len(o.files) > 0); err != nil {
		return w, err
	}
	if o.decidedTime == "" {
		return w, nil
	}
	at, err := instant("--decided-time", o.decidedTime)
	w.At = at
	return w, err
}

// complete adds what the cluster knows: who the caller is, and for whom it may decide.
func (o *decisionOptions) complete(ctx context.Context, v *view, w *decision.Wish) (err error) {
	if w.At.IsZero() {
		w.At = v.at
	}
	if err := o.evidence.attest(ctx, v, w); err != nil {
		return err
	}
	if v.client == nil {
		return nil
	}
	if w.Exception != "" {
		if allowed, err := may(ctx, v.client, "except", w.Target); err != nil {
			return err
		} else if !allowed {
			return fmt.Errorf("you are not allowed to grant an exception on %s: you need the verb except (docs/access.md), or have someone decide who does", manifest.KeyOf(w.Target))
		}
	}
	if w.By != "" {
		return nil
	}
	if w.By, err = whoAmI(ctx, v.client); err != nil || w.Party != "" {
		return err
	}
	w.Allowed = []v1alpha1.Party{}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		for _, verb := range decision.Verbs(w.Target, o.outcome, party) {
			allowed, err := may(ctx, v.client, verb, w.Target)
			if err != nil {
				return err
			}
			if allowed {
				w.Allowed = append(w.Allowed, party)
				break
			}
		}
	}
	return nil
}

// shown is what a person sees before it decides.
func shown(draft *decision.Draft, target manifest.Object) string {
	var b strings.Builder
	spec := &draft.Decision.Spec
	say := func(format string, args ...any) { b.WriteString(sprintf(format, args...)) }
	say("%s, revision %s\n", manifest.KeyOf(target), spec.Revision)
	for _, term := range draft.Terms {
		say("  %s\n", painted(term.String()))
	}
	for _, line := range draft.Warnings {
		say("Note: %s\n", line)
	}
	for _, finding := range draft.Findings {
		say("%s\n", finding)
	}
	what := string(spec.Decision)
	if spec.Amount != nil {
		what += fmt.Sprintf(" %s %s", spec.Amount.Currency, spec.Amount.Amount)
	}
	say("Decision: %s, for the %s, by %s on %s\n", what, spec.Party, spec.ApprovedBy, spec.DecidedTime.UTC().Format(time.RFC3339))
	if spec.Exception != nil {
		say("Exception: %s; the reason: %s\n", draft.Exception, spec.Exception.Reason)
	}
	if a := spec.Attestation; a != nil {
		say("Attested: %s\n", painted(verdict.Attested(a, spec.ApprovedBy)))
	}
	for _, line := range draft.Effects {
		say("%s\n", line)
	}
	return b.String()
}

func writeDecision(command *cobra.Command, d *v1alpha1.ApprovalDecision, where string, text []byte) error {
	file, err := writeManifest(command.OutOrStdout(), where, d.Name, text)
	if err == nil && file != "" {
		tellf(command, "Written to %s. It counts once it is applied.\n", file)
	}
	return err
}

// refuseTracked prints a manifest instead of creating the object, since a GitOps tool delivers what it is about.
func refuseTracked(command *cobra.Command, object, about manifest.Object, tool string) error {
	if err := printManifest(command.OutOrStdout(), object); err != nil {
		return err
	}
	return fmt.Errorf("nothing was created: %s delivers %s, so what is created beside it would not be in Git. Commit the manifest above where the "+
		"others of its kind are kept, or create it all the same with --force", tool, manifest.KeyOf(about))
}

func printManifest(out io.Writer, object manifest.Object) error {
	text, err := manifestOf(object)
	if err == nil {
		_, err = out.Write(text)
	}
	return err
}

// sameDay bounds how many decisions of one party on one revision are taken on a day.
const sameDay = 100

// create creates a decision. When its name is taken, another person has decided meanwhile: then it gets the next one.
func create(ctx context.Context, command *cobra.Command, v *view, d *v1alpha1.ApprovalDecision) error {
	for n := 2; ; n++ {
		err := v.client.Create(ctx, d)
		if apierrors.IsAlreadyExists(err) && n <= sameDay {
			d.Name, d.ResourceVersion = decision.Name(&d.Spec, n), ""
			continue
		}
		if err != nil {
			return inWords(err)
		}
		return answerf(command, "approvaldecision.%s/%s created\n", v1alpha1.GroupName, d.Name)
	}
}
