package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/edit"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/plan"
)

const reviewHelp = `Record a review meeting of a plan.

With -f it adds the review to spec.reviews in the file that holds the plan; all other lines, with their comments, stay as they are. With
--live it adds it to the plan in the cluster, unless a GitOps tool delivers the plan: then the review belongs into Git (--force adds it all the
same); you need the verb review, as the roles jointplan-channel-manager and jointplan-partner-editor have it. With neither it prints the lines to
put under spec.reviews.

A review counts with attendees of both parties, and with actions or a reason why there are none.`

const reviewExample = `  # add the review of November to the file that holds the plan
  kubectl jointplan review finch-fy27-h1 -f plans/ --held-on 2026-11-03 --outcome OnTrack \
    --attendee "Marek Novak:Vendor" --attendee "Rasmus Bach:Partner" --action book-speaker:Partner:2026-11-20

  # add it in the cluster
  kubectl jointplan review finch-fy27-h1 -n partner-finch --live --held-on 2026-11-03 --outcome AtRisk \
    --attendee "Marek Novak:Vendor:channel manager" --attendee "Rasmus Bach:Partner" --no-actions "the plan stays as it is"`

type reviewOptions struct {
	*target

	heldOn    string
	outcome   string
	attendees []string
	actions   []string
	noActions string
	obstacles []string
	output    string
	live      bool
	force     bool
}

// newReview returns the command that records a review.
func newReview() *cobra.Command {
	o := &reviewOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "review PLAN",
		Short:   "Record a review of a plan, in its file or in the cluster",
		Long:    reviewHelp,
		Example: reviewExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("name one plan, not %d", len(args))}
			}
			return nil
		},
		ValidArgsFunction: o.completeNames,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, args[0])
		},
	}
	o.addFlags(command)
	flags := command.Flags()
	flags.StringVar(&o.heldOn, "held-on", "", "day of the meeting, such as 2026-11-03")
	flags.StringVar(&o.outcome, "outcome", "", "what it found: OnTrack, AtRisk or OffTrack")
	flags.StringArrayVar(&o.attendees, "attendee", nil, "who was there, as NAME:PARTY or NAME:PARTY:FUNCTION; may be given several times")
	flags.StringArrayVar(&o.actions, "action", nil, "what was decided to do, as NAME:PARTY:DUE or NAME:PARTY:DUE:TEXT; may be given several times")
	flags.StringVar(&o.noActions, "no-actions", "", "why nothing was decided to do")
	flags.StringArrayVar(&o.obstacles, "obstacle", nil, "what stood in the way; may be given several times")
	flags.StringVarP(&o.output, "output", "o", "", "yaml: print the lines instead of writing them")
	flags.BoolVar(&o.live, "live", false, "add the review to the plan in the cluster")
	flags.BoolVar(&o.force, "force", false, "with --live: also when a GitOps tool delivers the plan")
	return command
}

func (o *reviewOptions) run(ctx context.Context, command *cobra.Command, argument string) error {
	review, err := o.review()
	if err != nil {
		return usageError{err}
	}
	stanza, err := edit.Review(review)
	if err != nil {
		return err
	}
	if !o.live && len(o.files) == 0 {
		tellf(command, "Put these lines under spec.reviews of the plan. To have that done, name its file with -f, or the cluster with --live.\n")
		_, err := fmt.Fprint(command.OutOrStdout(), stanza)
		return err
	}
	v, err := o.read(ctx, command)
	if err != nil {
		return err
	}
	found, err := v.find(kindBefore("jointplan", argument))
	if err != nil {
		return err
	}
	of, ok := found.(*v1alpha1.JointPlan)
	if !ok {
		return usageError{fmt.Errorf("%s is no plan: reviews are held of plans", manifest.KeyOf(found))}
	}
	after, err := reviewed(of, review)
	if err != nil {
		return err
	}
	command.PrintErr(effectOfReview(v, after, review))
	switch {
	case o.output == "yaml":
		_, err = fmt.Fprint(command.OutOrStdout(), stanza)
		return err
	case o.live:
		return o.patch(ctx, command, v, of, after, stanza)
	default:
		return addToFile(ctx, command, v, after, stanza)
	}
}

// kindBefore puts a kind before a name that has none.
func kindBefore(kind, argument string) string {
	if strings.Contains(argument, "/") {
		return argument
	}
	return kind + "/" + argument
}

// review returns the review that the flags describe.
func (o *reviewOptions) review() (*v1alpha1.Review, error) {
	r := &v1alpha1.Review{HeldOn: v1alpha1.Date(o.heldOn), Outcome: v1alpha1.ReviewOutcome(o.outcome), NoActionsBecause: v1alpha1.Title(o.noActions)}
	_, badDay := fiscal.ParseDay(r.HeldOn)
	switch {
	case o.live && len(o.files) > 0:
		return nil, errors.New("-f names files and --live the cluster: leave out one")
	case o.output != "" && o.output != "yaml":
		return nil, fmt.Errorf("--output %q: must be yaml, which prints the lines", o.output)
	case badDay != nil:
		return nil, fmt.Errorf("--held-on %q: must be the day of the meeting, such as 2026-11-03", o.heldOn)
	case !slices.Contains([]string{"OnTrack", "AtRisk", "OffTrack"}, o.outcome):
		return nil, fmt.Errorf("--outcome %q: must be OnTrack, AtRisk or OffTrack", o.outcome)
	case len(o.actions) == 0 && o.noActions == "":
		return nil, errors.New("say what was decided to do with --action, or why nothing was with --no-actions")
	case len(o.actions) > 0 && o.noActions != "":
		return nil, errors.New("--action and --no-actions exclude each other: leave out one")
	}
	for _, text := range o.attendees {
		parts, party, err := parts("--attendee", text, "NAME:PARTY or NAME:PARTY:FUNCTION", 2, 3)
		if err != nil {
			return nil, err
		}
		r.Attendees = append(r.Attendees, v1alpha1.Attendee{Name: v1alpha1.Person(parts[0]), Party: party, Function: v1alpha1.Person(parts[2])})
	}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if !slices.ContainsFunc(r.Attendees, func(x v1alpha1.Attendee) bool { return x.Party == party }) {
			return nil, fmt.Errorf("nobody of the %s was there, so the review would not count: name who was, such as --attendee \"Marek Novak:%s\"", party, party)
		}
	}
	for _, text := range o.actions {
		parts, party, err := parts("--action", text, "NAME:PARTY:DUE or NAME:PARTY:DUE:TEXT", 3, 4)
		if err != nil {
			return nil, err
		}
		if _, err := fiscal.ParseDay(v1alpha1.Date(parts[2])); err != nil {
			return nil, fmt.Errorf("--action %q: %q must be the day by which it is due, such as 2026-11-20", text, parts[2])
		}
		r.Actions = append(r.Actions, v1alpha1.ActionItem{
			Name: v1alpha1.Name(parts[0]), Party: party, Due: v1alpha1.Date(parts[2]), Description: v1alpha1.Note(parts[3]),
		})
	}
	for _, text := range o.obstacles {
		r.Obstacles = append(r.Obstacles, v1alpha1.Title(text))
	}
	return r, nil
}

// parts divides the value of a flag at its colons, with empty texts for the parts that it leaves out, and returns the party in its second part.
func parts(flag, text, form string, least, most int) (list []string, party v1alpha1.Party, err error) {
	list = strings.SplitN(text, ":", most)
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	if len(list) < least || list[0] == "" {
		return nil, "", fmt.Errorf("%s %q: must be %s", flag, text, form)
	}
	for _, one := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if strings.EqualFold(list[1], string(one)) {
			return append(list, make([]string, most-len(list))...), one, nil
		}
	}
	return nil, "", fmt.Errorf("%s %q: %q must be Vendor or Partner", flag, text, list[1])
}

// reviewed returns a plan with a review more.
func reviewed(of *v1alpha1.JointPlan, review *v1alpha1.Review) (*v1alpha1.JointPlan, error) {
	for i := range of.Spec.Reviews {
		if of.Spec.Reviews[i].HeldOn == review.HeldOn {
			return nil, fmt.Errorf("%s records a review of %s already: change that one, or give another day with --held-on", manifest.KeyOf(of), review.HeldOn)
		}
	}
	after := of.DeepCopy()
	after.Spec.Reviews = append(after.Spec.Reviews, *review)
	return after, nil
}

// effectOfReview says how the plan's reviews stand after it, and what is wrong with it.
func effectOfReview(v *view, after *v1alpha1.JointPlan, review *v1alpha1.Review) string {
	var b strings.Builder
	snap := preview.Snapshot(v.objects, after)
	partner := snap.Partner(after.Spec.PartnerRef.Name)
	if partner == nil || snap.Program(partner.Spec.ProgramRef.Name) == nil {
		return "" // the rules are not at hand
	}
	status := plan.Evaluate(snap, after, v.at).Status
	for _, finding := range status.Findings {
		if strings.Contains(finding.Field, fmt.Sprintf("reviews[%s]", review.HeldOn)) {
			b.WriteString(sprintf("Note: %s\n", finding.Message))
		}
	}
	if c := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionReviewOverdue); c != nil {
		b.WriteString(sprintf("With it %s is %s (%s): %s\n", c.Type, c.Status, c.Reason, c.Message))
	}
	return b.String()
}

// patch adds the review in the cluster.
func (o *reviewOptions) patch(ctx context.Context, command *cobra.Command, v *view, before, after *v1alpha1.JointPlan, stanza string) error {
	if tool := deliveredBy(before); tool != "" && !o.force {
		if _, err := fmt.Fprint(command.OutOrStdout(), stanza); err != nil {
			return err
		}
		return fmt.Errorf("nothing was written: %s delivers %s and would undo it. Commit the lines above under spec.reviews in its manifest (kubectl "+
			"jointplan review -f FILE adds them), or write into the cluster all the same with --force", tool, manifest.KeyOf(before))
	}
	patch := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})
	if err := v.client.Patch(ctx, after, patch); err != nil {
		return inWords(err)
	}
	return answerf(command, "jointplan.%s/%s: the review is recorded\n", v1alpha1.GroupName, after.Name)
}

// addToFile adds the review to the file that holds the plan, unless that would change anything else.
func addToFile(ctx context.Context, command *cobra.Command, v *view, after *v1alpha1.JointPlan, stanza string) error {
	key := manifest.KeyOf(after)
	origin := v.set.Origins[key]
	byHand := func(err error) error {
		return linedError{fmt.Errorf("the review cannot be added to %s: %w. Add these lines under spec.reviews of %s yourself", origin.File, err, key), stanza}
	}
	before, err := os.ReadFile(filepath.Clean(origin.File))
	if err != nil {
		return byHand(errors.New("it is not read from a file"))
	}
	body := bytes.TrimPrefix(before, []byte("\uFEFF"))
	text, err := edit.Append(body, origin, "spec", "reviews", stanza)
	if err != nil {
		return byHand(err)
	}
	set, err := reader().Read(ctx, manifest.Options{Namespace: key.Namespace, Stdin: bytes.NewReader(text)}, "-")
	if err != nil {
		return inputError{fmt.Errorf("with the review %s would be refused: %w", key, err)}
	}
	i := slices.IndexFunc(set.Plans, func(x *v1alpha1.JointPlan) bool { return manifest.KeyOf(x) == key })
	if i < 0 || !equality.Semantic.DeepEqual(set.Plans[i].Spec, after.Spec) {
		return byHand(errors.New("more than the review would change"))
	}
	if err := replaceFile(origin.File, slices.Concat(before[:len(before)-len(body)], text)); err != nil {
		return err
	}
	return answerf(command, "%s: the review of %s is added to %s\n", origin.File, after.Spec.Reviews[len(after.Spec.Reviews)-1].HeldOn, key)
}
