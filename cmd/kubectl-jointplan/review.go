package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/plan"
)

const reviewHelp = `Record a meeting about a plan: a review, the kick-off or the reconciliation.

Shows what the record does, asks for a confirmation, and creates a PlanReview in your name, dated now. A record cannot be changed. What the vendor
records counts at once. What the partner records stops the clock; it counts once the vendor has confirmed it, or has not disputed it in time. Record
a meeting within the days that the program gives: what is recorded later does not count.

When a GitOps tool delivers the plan, nothing is created in the cluster: the manifest is printed, to be committed. --force creates it all the same.
With -f the objects are read from files; then the manifest is printed too, and --by says who records the meeting. You need the verb review-as-vendor
or review-as-partner on the plan.

A meeting counts with attendees from both parties, with the functions that the program names for it, and a review with actions or a reason why there are
none. A reconciliation, where the program asks for one, says of each goal of the plan whether it was realistic and what was accomplished.`

const reviewExample = `  # record the review of today in the cluster
  kubectl jointplan review finch-fy27-h1 -n partner-finch --held-on "$(date +%F)" --outcome AtRisk \
    --attendee "Marek Novak:Vendor:channel-manager" --attendee "Rasmus Bach:Partner" --no-actions "the plan stays as it is"

  # write the review of 3 November as a manifest, on that day
  kubectl jointplan review finch-fy27-h1 -f plans/ --at 2026-11-03T15:00:00Z --party Vendor --by marek.novak@northwind.example --write plans/reviews/ \
    --held-on 2026-11-03 --outcome OnTrack --attendee "Marek Novak:Vendor" --attendee "Rasmus Bach:Partner" \
    --action book-speaker:Partner:2026-11-20

  # write the reconciliation that closes a plan
  kubectl jointplan review acme-fy26-h2 -f plans/ --at 2026-10-12T15:00:00Z --party Vendor --by vera.lindqvist@northwind.example --write plans/reviews/ \
    --occasion Reconciliation --held-on 2026-10-12 --outcome OnTrack --attendee "Vera Lindqvist:Vendor" --attendee "Paula Reimann:Partner" \
    --goal cloud-revenue:Realistic:InPart --goal leads:TooLow:Attained --lesson "Follow up within a week"`

type reviewOptions struct {
	*target

	occasion     string
	party        string
	by           string
	recordedTime string
	heldOn       string
	outcome      string
	attendees    []string
	actions      []string
	noActions    string
	obstacles    []string
	lessons      []string
	goals        []string
	nextReviewOn string
	output       string
	write        string
	yes          bool
	force        bool
}

// newReview returns the command that records a review.
func newReview() *cobra.Command {
	o := &reviewOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "review PLAN",
		Short:   "Record a review, kick-off or reconciliation of a plan",
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
	flags.StringVar(&o.occasion, "occasion", string(v1alpha1.OccasionReview), "what the meeting was: Review, KickOff or Reconciliation")
	flags.StringVar(&o.party, "party", "", "party for which you record it: Vendor or Partner (default the only one that is possible)")
	flags.StringVar(&o.by, "by", "", "user name of who records it (default in a cluster: you; for others you need the verb attest)")
	flags.StringVar(&o.recordedTime, "recorded-time", "", "instant of the record (RFC 3339) (default now; with -f the instant of --at)")
	flags.StringVar(&o.heldOn, "held-on", "", "day of the meeting, such as 2026-11-03")
	flags.StringVar(&o.outcome, "outcome", "", "what it found: OnTrack, AtRisk or OffTrack")
	flags.StringArrayVar(&o.attendees, "attendee", nil, "who was there, as NAME:PARTY or NAME:PARTY:FUNCTION,FUNCTION"+ownColons+"; may be given several times")
	flags.StringArrayVar(&o.actions, "action", nil, "what was decided to do, as NAME:PARTY:DUE or NAME:PARTY:DUE:TEXT; may be given several times")
	flags.StringVar(&o.noActions, "no-actions", "", "why nothing was decided to do")
	flags.StringArrayVar(&o.obstacles, "obstacle", nil, "what stood in the way; may be given several times")
	flags.StringArrayVar(&o.lessons, "lesson", nil, "what both parties learned for the plans to come; may be given several times")
	flags.StringArrayVar(&o.goals, "goal", nil, "what is said of a goal, as NAME:REALISTIC, NAME:REALISTIC:ACCOMPLISHED or NAME:REALISTIC:ACCOMPLISHED:NOTE"+
		ownColons+", such as leads:TooHigh:InPart; a reconciliation says it of each goal")
	flags.StringVar(&o.nextReviewOn, "next-review-on", "", "day that was agreed on for the next meeting")
	flags.StringVarP(&o.output, "output", "o", "", "yaml: print the manifest instead of creating the record")
	flags.StringVar(&o.write, "write", "", "write the manifest into this new file or folder instead of creating the record")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask for a confirmation")
	flags.BoolVar(&o.force, "force", false, "create the record also when a GitOps tool delivers the plan")
	return command
}

func (o *reviewOptions) run(ctx context.Context, command *cobra.Command, argument string) error {
	review, err := o.review()
	if err != nil {
		return usageError{err}
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
		return usageError{fmt.Errorf("%s is not a plan: reviews are held of plans", manifest.KeyOf(found))}
	}
	if err := o.complete(ctx, v, of, review); err != nil {
		return err
	}
	text, err := manifestOf(review)
	if err != nil {
		return err
	}
	if err := wouldBeTaken(ctx, text); err != nil {
		return err
	}
	effect, err := effectOfReview(v, of, review)
	if err != nil {
		return err
	}
	command.PrintErr(effect)
	if v.client == nil || o.output == "yaml" || o.write != "" {
		file, err := writeManifest(command.OutOrStdout(), cmp.Or(o.write, "-"), review.Name, text)
		if err == nil && file != "" {
			tellf(command, "Written to %s. It counts once it is applied.\n", file)
		}
		return err
	}
	if tool := deliveredBy(of); tool != "" && !o.force {
		return refuseTracked(command, review, of, tool)
	}
	if !o.yes {
		if err := confirm(ctx, command, "Create this record?"); err != nil {
			return err
		}
	}
	return createReview(ctx, command, v, review)
}

// complete adds to a record what the plan and the cluster know: who makes it, for whom, when, and its name.
func (o *reviewOptions) complete(ctx context.Context, v *view, of *v1alpha1.JointPlan, review *v1alpha1.PlanReview) (err error) {
	review.Namespace, review.Spec.PlanRef.Name = of.Namespace, v1alpha1.Name(of.Name)
	if review.Spec.RecordedTime.IsZero() {
		review.Spec.RecordedTime = metav1.NewTime(v.at.UTC().Truncate(time.Second))
	}
	if v.client != nil && review.Spec.RecordedBy == "" {
		if review.Spec.RecordedBy, err = whoAmI(ctx, v.client); err != nil {
			return err
		}
	}
	if review.Spec.Party == "" {
		if review.Spec.Party, err = partyOf(ctx, v, of); err != nil {
			return err
		}
	}
	for _, object := range v.objects {
		other, same := object.(*v1alpha1.PlanReview)
		if same && recordsSame(other, review) {
			return fmt.Errorf("%s records this meeting for the %s already: nothing more is needed", manifest.KeyOf(other), review.Spec.Party)
		}
	}
	for n := 1; ; n++ {
		review.Name = reviewName(&review.Spec, n)
		if preview.Find(v.objects, kinds.PlanReview, review.Namespace, review.Name) == nil {
			return nil
		}
	}
}

// recordsSame reports whether another record is of the same meeting and by the same party, and no dispute about it was upheld.
func recordsSame(other, review *v1alpha1.PlanReview) bool {
	a, b := &other.Spec, &review.Spec
	return other.Namespace == review.Namespace && a.PlanRef == b.PlanRef && a.Occasion == b.Occasion && a.Party == b.Party && a.HeldOn == b.HeldOn &&
		other.Status.Confirmation != v1alpha1.ConfirmationUpheld
}

// partyOf returns the one party for which the caller may record meetings about a plan.
func partyOf(ctx context.Context, v *view, of *v1alpha1.JointPlan) (v1alpha1.Party, error) {
	var possible []v1alpha1.Party
	if v.client != nil {
		for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
			allowed, err := may(ctx, v.client, "review-as-"+strings.ToLower(string(party)), of)
			if err != nil {
				return "", err
			}
			if allowed {
				possible = append(possible, party)
			}
		}
		if len(possible) == 0 {
			return "", fmt.Errorf("you are not allowed to record meetings about %s: you need the verb review-as-vendor or review-as-partner (docs/access.md)", manifest.KeyOf(of))
		}
	}
	if len(possible) != 1 {
		return "", usageError{errors.New("say for which party you record the meeting: --party Vendor or --party Partner")}
	}
	return possible[0], nil
}

// reviewName names a record: by its plan, its occasion if it is not a review, and its day; from the second one on with a number.
func reviewName(spec *v1alpha1.PlanReviewSpec, n int) string {
	const maxName = 63
	tail := "-" + strings.ReplaceAll(string(spec.HeldOn), "-", "")
	if spec.Occasion != v1alpha1.OccasionReview {
		tail = "-" + strings.ToLower(string(spec.Occasion)) + tail
	}
	if n > 1 {
		tail += fmt.Sprintf("-%d", n)
	}
	head := string(spec.PlanRef.Name)
	return strings.TrimRight(head[:min(len(head), maxName-len(tail))], "-") + tail
}

// kindBefore puts a kind before a name that has none.
func kindBefore(kind, argument string) string {
	if strings.Contains(argument, "/") {
		return argument
	}
	return kind + "/" + argument
}

// review returns the record that the flags describe.
func (o *reviewOptions) review() (*v1alpha1.PlanReview, error) {
	review := &v1alpha1.PlanReview{}
	review.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.PlanReview))
	r := &review.Spec
	*r = v1alpha1.PlanReviewSpec{
		RecordedBy: o.by, HeldOn: v1alpha1.Date(o.heldOn), Outcome: v1alpha1.ReviewOutcome(o.outcome), NoActionsBecause: v1alpha1.Title(o.noActions),
		NextReviewOn: v1alpha1.Date(o.nextReviewOn),
	}
	for _, occasion := range []v1alpha1.ReviewOccasion{v1alpha1.OccasionReview, v1alpha1.OccasionKickOff, v1alpha1.OccasionReconciliation} {
		if strings.EqualFold(o.occasion, string(occasion)) {
			r.Occasion = occasion
		}
	}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if strings.EqualFold(o.party, string(party)) {
			r.Party = party
		}
	}
	if err := o.check(r); err != nil {
		return nil, err
	}
	if err := o.people(r); err != nil {
		return nil, err
	}
	if o.recordedTime != "" {
		at, err := instant("--recorded-time", o.recordedTime)
		if err != nil {
			return nil, err
		}
		r.RecordedTime = metav1.NewTime(at.UTC().Truncate(time.Second))
	}
	return review, nil
}

// check refuses flags that do not go together.
func (o *reviewOptions) check(r *v1alpha1.PlanReviewSpec) error {
	switch {
	case o.output != "" && o.output != "yaml":
		return fmt.Errorf("--output %q: must be yaml, which prints the manifest", o.output)
	case o.output != "" && o.write != "":
		return errors.New("--output prints the manifest and --write writes it into a file: leave out one")
	case len(o.files) > 0 && o.by == "":
		return errors.New("files do not show who you are: say with --by who records the meeting, by user name")
	default:
		return o.checkMeeting(r)
	}
}

// checkMeeting refuses flags that are not meeting.
func (o *reviewOptions) checkMeeting(r *v1alpha1.PlanReviewSpec) error {
	_, badDay := fiscal.ParseDay(r.HeldOn)
	switch {
	case r.Occasion == "":
		return fmt.Errorf("--occasion %q: must be Review, KickOff or Reconciliation", o.occasion)
	case badDay != nil:
		return fmt.Errorf("--held-on %q: must be the day of the meeting, such as 2026-11-03", o.heldOn)
	case r.Occasion == v1alpha1.OccasionKickOff && o.outcome != "":
		return errors.New("a kick-off has no outcome: leave out --outcome")
	case r.Occasion != v1alpha1.OccasionKickOff && !slices.Contains([]string{"OnTrack", "AtRisk", "OffTrack"}, o.outcome):
		return fmt.Errorf("--outcome %q: must be OnTrack, AtRisk or OffTrack", o.outcome)
	case r.Occasion == v1alpha1.OccasionReview && len(o.actions) == 0 && o.noActions == "":
		return errors.New("say what was decided to do with --action, or why nothing was with --no-actions")
	case len(o.actions) > 0 && o.noActions != "":
		return errors.New("--action and --no-actions exclude each other: leave out one")
	default:
		return nil
	}
}

// people adds who was there, and what was decided to do by whom.
func (o *reviewOptions) people(r *v1alpha1.PlanReviewSpec) error {
	for _, text := range o.attendees {
		parts, party, err := parts("--attendee", text, "NAME:PARTY or NAME:PARTY:FUNCTION,FUNCTION", 2, 3)
		if err != nil {
			return err
		}
		one := v1alpha1.Attendee{Name: v1alpha1.Person(parts[0]), Party: party}
		for function := range strings.SplitSeq(parts[2], ",") {
			if function = strings.TrimSpace(function); function != "" {
				one.Functions = append(one.Functions, v1alpha1.Function(function))
			}
		}
		r.Attendees = append(r.Attendees, one)
	}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if !slices.ContainsFunc(r.Attendees, func(x v1alpha1.Attendee) bool { return x.Party == party }) {
			return fmt.Errorf("nobody from the %s was there, so the review would not count: name who was, such as --attendee \"Marek Novak:%s\"", party, string(party))
		}
	}
	for _, text := range o.actions {
		parts, party, err := parts("--action", text, "NAME:PARTY:DUE or NAME:PARTY:DUE:TEXT", 3, 4)
		if err != nil {
			return err
		}
		if _, err := fiscal.ParseDay(v1alpha1.Date(parts[2])); err != nil {
			return fmt.Errorf("--action %q: %q must be the day by which it is due, such as 2026-11-20", text, parts[2])
		}
		r.Actions = append(r.Actions, v1alpha1.ActionItem{
			Name: v1alpha1.Name(parts[0]), Party: party, Due: v1alpha1.Date(parts[2]), Description: v1alpha1.Note(parts[3]),
		})
	}
	for _, text := range o.obstacles {
		r.Obstacles = append(r.Obstacles, v1alpha1.Title(text))
	}
	for _, text := range o.lessons {
		r.Lessons = append(r.Lessons, v1alpha1.Title(text))
	}
	return o.outcomes(r)
}

// outcomes adds what is said of goals.
func (o *reviewOptions) outcomes(r *v1alpha1.PlanReviewSpec) error {
	for _, text := range o.goals {
		parts := atColons(text, 4)
		if len(parts) < 2 || parts[0] == "" {
			return fmt.Errorf("--goal %q: must be NAME:REALISTIC, NAME:REALISTIC:ACCOMPLISHED or NAME:REALISTIC:ACCOMPLISHED:NOTE", text)
		}
		parts = append(parts, make([]string, 4-len(parts))...)
		one := v1alpha1.GoalOutcome{Goal: v1alpha1.Name(parts[0]), Note: v1alpha1.Title(parts[3])}
		for _, known := range []v1alpha1.GoalRealism{v1alpha1.GoalRealistic, v1alpha1.GoalTooHigh, v1alpha1.GoalTooLow} {
			if strings.EqualFold(parts[1], string(known)) {
				one.Realistic = known
			}
		}
		for _, known := range []v1alpha1.GoalAccomplishment{v1alpha1.GoalAttained, v1alpha1.GoalInPart, v1alpha1.GoalMissed} {
			if strings.EqualFold(parts[2], string(known)) {
				one.Accomplished = known
			}
		}
		switch {
		case one.Realistic == "":
			return fmt.Errorf("--goal %q: %q must be Realistic, TooHigh or TooLow", text, parts[1])
		case one.Accomplished == "" && parts[2] != "":
			return fmt.Errorf("--goal %q: %q must be Attained, InPart or Missed", text, parts[2])
		case r.Occasion == v1alpha1.OccasionKickOff:
			return errors.New("a kick-off has no results yet: leave out --goal")
		}
		r.Goals = append(r.Goals, one)
	}
	return nil
}

// parts divides the value of a flag at its colons, with empty texts for the parts that it leaves out, and returns the party in its second part.
func parts(flag, text, form string, least, most int) (list []string, party v1alpha1.Party, err error) {
	list = atColons(text, most)
	if len(list) < least || list[0] == "" {
		return nil, "", fmt.Errorf("%s %q: must be %s", flag, text, form)
	}
	for _, one := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if strings.EqualFold(list[1], string(one)) {
			return append(list, make([]string, most-len(list))...), one, nil
		}
	}
	return nil, "", fmt.Errorf("%s %q: %q must be Vendor or Partner%s", flag, text, list[1], tooMany(text, least-1))
}

// effectOfReview says how the record and the plan's reviews stand after it, and what is wrong with it. A record that could not count is refused.
func effectOfReview(v *view, of *v1alpha1.JointPlan, review *v1alpha1.PlanReview) (string, error) {
	var b strings.Builder
	b.WriteString(sprintf("%s of %s, held on %s, recorded by %s for the %s\n", review.Spec.Occasion, manifest.KeyOf(of), review.Spec.HeldOn,
		review.Spec.RecordedBy, review.Spec.Party))
	snap := preview.Snapshot(append(slices.Clone(v.objects), manifest.Object(review)), of)
	partner := snap.Partner(of.Spec.PartnerRef.Name)
	if partner == nil || snap.Program(partner.Spec.ProgramRef.Name) == nil {
		return b.String(), nil // the rules are not at hand
	}
	at := v.at
	if recorded := review.Spec.RecordedTime.Time; recorded.After(at) {
		at = recorded
	}
	status, _ := plan.EvaluateReview(snap, review, at)
	counts := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionCounts)
	if counts != nil && slices.Contains([]string{v1alpha1.ReasonRecordedLate, v1alpha1.ReasonRecordedAhead, v1alpha1.ReasonRecordedTwice}, counts.Reason) {
		return "", fmt.Errorf("the record would have no effect: it %s", counts.Message)
	}
	if counts != nil {
		b.WriteString(sprintf("%s is %s (%s): %s\n", counts.Type, counts.Status, counts.Reason, counts.Message))
	}
	for _, finding := range status.Findings {
		if counts == nil || !strings.Contains(counts.Message, finding.Message) && !strings.Contains(finding.Message, strings.TrimPrefix(counts.Message, "does not count: ")) {
			b.WriteString(sprintf("Note: %s\n", finding.Message))
		}
	}
	after := plan.Evaluate(snap, of, at).Status
	for _, kind := range []string{v1alpha1.ConditionReviewOverdue, v1alpha1.ConditionReconciliationOverdue} {
		if c := meta.FindStatusCondition(after.Conditions, kind); c != nil && c.Reason != v1alpha1.ReasonNoReconciliationOwed {
			b.WriteString(sprintf("With it %s is %s (%s): %s\n", c.Type, c.Status, c.Reason, c.Message))
		}
	}
	return b.String(), nil
}

// createReview creates a record. When its name is taken, it gets the next one.
func createReview(ctx context.Context, command *cobra.Command, v *view, review *v1alpha1.PlanReview) error {
	for n := 2; ; n++ {
		err := v.client.Create(ctx, review)
		if apierrors.IsAlreadyExists(err) && n <= sameDay {
			review.Name, review.ResourceVersion = reviewName(&review.Spec, n), ""
			continue
		}
		if err != nil {
			return inWords(err)
		}
		return answerf(command, "planreview.%s/%s created: %s\n", v1alpha1.GroupName, review.Name, nextStep(review))
	}
}

// nextStep says what a record waits for.
func nextStep(review *v1alpha1.PlanReview) string {
	if review.Spec.Party == v1alpha1.PartyVendor {
		return "the partner can confirm or dispute it"
	}
	return "the vendor confirms or disputes it"
}
