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
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

const statusHelp = `Show how objects stand, one line each: Healthy, Progressing (not evaluated yet), Suspended (a person must act: approve, hold a review, pay)
or Degraded (a person must change the spec). Argo CD and Flux show the same.

With -f it looks in the cluster for the objects of the files, and says which are missing there; with -f and --at it evaluates the files
offline. With --wait it waits until all are evaluated, with --for until each has a condition too. While it waits the API server may start anew.

Exit codes: 0 done; 1 an object is Degraded or missing, lacks the condition, or the time is over; 2 the command line or the files are wrong;
130 interrupted.`

const statusExample = `  # how everything in a namespace stands
  kubectl jointplan status -n partner-acme

  # after an apply, in a pipeline: wait until all of it is evaluated, and fail when a spec is wrong
  kubectl jointplan status -f plans/partners/acme --wait --timeout 2m

  # wait until a plan is approved
  kubectl jointplan status plan/acme-fy27-h1 -n partner-acme --for=condition=Approved

  # how the files would stand, without a cluster
  kubectl jointplan status -f plans/partners/acme -f plans/programs -f plans/budgets --at 2026-11-03T09:00:00Z`

// statusPoll is how often a cluster is asked for the objects that are waited for.
const statusPoll = time.Second

// missing is how an object stands that is in the files and not in the cluster.
const missing health.State = "Missing"

type statusOptions struct {
	target *target
	wait   bool
	until  string
	output string
}

func newStatus() *cobra.Command {
	o := statusOptions{target: newTarget()}
	o.target.cluster.timeout = 2 * time.Minute
	command := &cobra.Command{
		Use:               "status [KIND/NAME...]",
		Short:             "Show how objects stand, and wait until they are evaluated",
		Long:              statusHelp,
		Example:           statusExample,
		RunE:              o.run,
		ValidArgsFunction: o.target.completeNames,
	}
	o.target.addFlags(command)
	o.target.addWatchFlag(command)
	flags := command.Flags()
	flags.Lookup("filename").Usage = "look for the objects of these files or folders, or of standard input (-); may be given several times"
	flags.BoolVar(&o.wait, "wait", false, "wait until all are evaluated")
	flags.StringVar(&o.until, "for", "", "wait until each has a condition: condition=TYPE or condition=TYPE=STATUS (True, False or Unknown)")
	flags.Lookup("timeout").Usage = "how long to wait for an answer from the cluster and, with --wait and --for, for all of it"
	flags.StringVarP(&o.output, "output", "o", "table", "output format: table, json or yaml")
	completeValues(command, "output", "table", "json", "yaml")
	return command
}

func (o *statusOptions) run(command *cobra.Command, args []string) error {
	goal, err := parseGoal(o.until)
	if err != nil {
		return err
	}
	if err := oneOf("--output", o.output, "table", "json", "yaml"); err != nil {
		return err
	}
	waits := o.wait || o.until != ""
	live := len(o.target.files) == 0 || o.target.at == ""
	switch {
	case waits && !live:
		return usageError{errors.New("--wait and --for look at a cluster: leave out --at, or them")}
	case waits && o.target.watch:
		return usageError{errors.New("--watch never ends: leave out --watch, or --wait and --for")}
	case !waits && (len(o.target.files) == 0 || !live):
		return o.target.show(command, func(s *screen, v *view) error {
			states, err := o.seen(v, args)
			if err != nil {
				return err
			}
			return o.print(s, states, goal)
		})
	}
	return o.follow(command, args, goal, waits)
}

// follow prints how objects of a cluster stand, once they stand as they are waited for.
func (o *statusOptions) follow(command *cobra.Command, args []string, goal goal, waits bool) error {
	s := newScreen(command)
	ctx, stop := command.Context(), func() {}
	if waits {
		ctx, stop = context.WithTimeout(ctx, o.target.cluster.timeout)
	}
	defer stop()
	asking := &insistence{command: command, ends: !waits}
	states, c, err := o.begin(ctx, command, args, asking)
	if err == nil && waits {
		err = o.await(ctx, c, states, goal, asking)
	}
	over := err != nil && waits && errors.Is(ctx.Err(), context.DeadlineExceeded)
	switch {
	case err != nil && !over:
		return err
	case over && c == nil:
		return fmt.Errorf("the time of --timeout (%s) is over: %w", o.target.cluster.timeout, cmp.Or(asking.trouble, err))
	}
	states = slices.DeleteFunc(states, (*standing).isGone)
	failed := o.print(s, states, goal)
	if over {
		return fmt.Errorf("the time of --timeout (%s) is over: %s", o.target.cluster.timeout, asking.because(unfinished(states, goal)))
	}
	return failed
}

// standing is how one object stands.
type standing struct {
	health.Health

	Kind string `json:"kind"`
	NS   string `json:"namespace,omitempty"`
	Name string `json:"name"`

	key    manifest.Key
	object manifest.Object // nil while it is missing
	listed bool            // it is looked at because the cluster had it, not because somebody named it
}

// isGone reports whether an object was deleted that nobody named: then nobody waits for it.
func (x *standing) isGone() bool { return x.listed && x.object == nil }

func (x *standing) set(object manifest.Object) {
	x.Kind, x.NS, x.Name, x.object = x.key.Kind, x.key.Namespace, x.key.Name, object
	x.Health = health.Health{State: missing, Message: "not in the cluster: apply it"}
	if object != nil {
		x.Health = health.Of(object)
	}
}

func standingOf(key manifest.Key, object manifest.Object) *standing {
	x := &standing{key: key}
	x.set(object)
	return x
}

// seen returns how the objects of a view stand: those that are named, or all that have a status.
func (o *statusOptions) seen(v *view, args []string) ([]*standing, error) {
	var states []*standing
	for _, argument := range args {
		object, err := v.find(argument)
		if err != nil {
			return nil, err
		}
		states = append(states, standingOf(manifest.KeyOf(object), object))
	}
	if len(args) > 0 {
		return states, nil
	}
	for _, object := range v.objects {
		if _, isLedger := object.(*v1alpha1.MDFLedger); !isLedger {
			states = append(states, standingOf(manifest.KeyOf(object), object))
		}
	}
	return states, nil
}

// begin returns how the objects stand that are looked at, and a client to look at them again.
func (o *statusOptions) begin(ctx context.Context, command *cobra.Command, args []string, asking *insistence) (states []*standing, c client.Client, _ error) {
	if len(o.target.files) == 0 {
		err := asking.until(ctx, func() error {
			v, err := o.target.read(ctx, command)
			if err != nil {
				return err
			}
			c = v.client
			states, err = o.seen(v, args)
			return err
		})
		for _, x := range states {
			x.listed = len(args) == 0
		}
		return states, c, err
	}
	offline, err := o.target.readFiles(ctx, command)
	if err != nil {
		return nil, nil, err
	}
	offline.objects = offline.set.Objects()
	if err := o.target.choose(offline); err != nil {
		return nil, nil, err
	}
	if states, err = o.seen(offline, args); err != nil {
		return nil, nil, err
	}
	if c, err = o.target.cluster.connect(); err != nil {
		return nil, nil, err
	}
	for _, x := range states {
		x.Health = health.Health{State: health.Progressing, Message: "not requested yet"}
	}
	return states, c, o.look(ctx, c, states, asking)
}

// look gets objects from the cluster again.
func (o *statusOptions) look(ctx context.Context, c client.Client, states []*standing, asking *insistence) error {
	for _, x := range states {
		if err := asking.until(ctx, func() error { return look(ctx, c, x) }); err != nil {
			return err
		}
	}
	return nil
}

// look gets an object from the cluster again.
func look(ctx context.Context, c client.Client, x *standing) error {
	object := kinds.Named(x.key.Kind).New()
	err := c.Get(ctx, client.ObjectKey{Namespace: x.key.Namespace, Name: x.key.Name}, object)
	switch {
	case apierrors.IsNotFound(err) && !isUnknownKind(err):
		x.set(nil)
	case err != nil:
		return inWords(err)
	default:
		object.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(x.key.Kind))
		x.set(object)
	}
	return nil
}

// await looks again at what is not done until everything is, or the time is over.
func (o *statusOptions) await(ctx context.Context, c client.Client, states []*standing, goal goal, asking *insistence) error {
	tick := time.NewTicker(statusPoll)
	defer tick.Stop()
	for {
		var open []*standing
		for _, x := range states {
			if !goal.isDone(x) {
				open = append(open, x)
			}
		}
		if len(open) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := o.look(ctx, c, open, asking); err != nil {
			return err
		}
	}
}

// print prints how objects stand, and fails when that is bad.
func (o *statusOptions) print(s *screen, states []*standing, goal goal) error {
	if o.output != "table" {
		if err := encode(s.out, o.output, states); err != nil {
			return err
		}
		return failure(states, goal)
	}
	if len(states) == 0 {
		s.linef(plain, "Nothing here: look in another namespace with -n, or in all with -A.")
		return nil
	}
	seen := map[string]bool{}
	var rows [][]cell
	for _, x := range states {
		seen[x.NS] = seen[x.NS] || x.NS != ""
	}
	for _, x := range states {
		name := strings.ToLower(x.Kind) + "/" + x.Name
		if len(seen) > 2 && x.NS != "" {
			name += " -n " + x.NS
		}
		how := healthStyle(x.State)
		if x.State == missing {
			how = red
		}
		rows = append(rows, []cell{{name, plain}, {string(x.State), how}, {x.Message, plain}})
	}
	s.table([]string{"NAME", "HEALTH", "MESSAGE"}, rows)
	return failure(states, goal)
}

// failure says what is bad; nil when nothing is.
func failure(states []*standing, goal goal) error {
	count := map[health.State]int{}
	var lacks []string
	for _, x := range states {
		count[x.State]++
		if x.object != nil && !goal.holds(x) && goal.isDone(x) {
			lacks = append(lacks, x.key.String())
		}
	}
	var parts []string
	for state, what := range map[health.State]string{health.Degraded: "Degraded: change the spec", missing: "missing: apply it"} {
		if n := count[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d of %d %s", n, len(states), what))
		}
	}
	if len(lacks) > 0 {
		parts = append(parts, fmt.Sprintf("without condition %s: %s", goal.condition, strings.Join(lacks, ", ")))
	}
	if len(parts) == 0 {
		return nil
	}
	slices.Sort(parts)
	return errors.New(strings.Join(parts, "; "))
}

// unfinished names what is not done, the first few.
func unfinished(states []*standing, goal goal) string {
	var names []string
	for _, x := range states {
		if !goal.isDone(x) {
			names = append(names, x.key.String()+goal.because(x))
		}
	}
	const most = 5
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	what := "not evaluated"
	if goal.condition != "" {
		what = fmt.Sprintf("condition %s is not %s", goal.condition, goal.status)
	}
	return what + ": " + strings.Join(names, ", ")
}

// goal is what is waited for: that an object is evaluated, and that a condition of it has a status.
type goal struct {
	condition string // empty for none
	status    metav1.ConditionStatus
}

func parseGoal(text string) (goal, error) {
	if text == "" {
		return goal{}, nil
	}
	kind, rest, _ := strings.Cut(text, "=")
	condition, status, stated := strings.Cut(rest, "=")
	if !stated {
		status = string(metav1.ConditionTrue)
	}
	g := goal{condition: condition}
	for _, known := range []metav1.ConditionStatus{metav1.ConditionTrue, metav1.ConditionFalse, metav1.ConditionUnknown} {
		if strings.EqualFold(status, string(known)) {
			g.status = known
		}
	}
	if kind != "condition" || condition == "" || g.status == "" {
		return g, usageError{fmt.Errorf("--for %q: must be condition=TYPE or condition=TYPE=STATUS, such as condition=Approved or "+
			"condition=ReviewOverdue=False", text)}
	}
	return g, nil
}

// because returns what the condition that is waited for says of an object, in brackets; nothing when it says nothing yet.
func (g goal) because(x *standing) string {
	if g.condition == "" || x.object == nil {
		return ""
	}
	c := meta.FindStatusCondition(preview.Common(x.object).Conditions, g.condition)
	if c == nil {
		return ""
	}
	return fmt.Sprintf(" (%s: %s)", c.Reason, c.Message)
}

// isDone reports whether waiting for an object is of no use any more: the goal is reached, or only a new spec can reach it.
func (g goal) isDone(x *standing) bool {
	switch x.State {
	case missing, health.Progressing:
		return x.isGone()
	case health.Degraded:
		return true
	default:
		return g.holds(x) || !g.possible(x)
	}
}

// holds reports whether the condition has the status. Conditions that are present only while True are False when absent.
func (g goal) holds(x *standing) bool {
	if g.condition == "" {
		return true
	}
	if x.object == nil {
		return false
	}
	for _, c := range preview.Common(x.object).Conditions {
		if strings.EqualFold(c.Type, g.condition) {
			return c.Status == g.status
		}
	}
	return g.status == metav1.ConditionFalse && onlyWhenTrue[g.condition]
}

var onlyWhenTrue = map[string]bool{
	v1alpha1.ConditionStalled: true, v1alpha1.ConditionReconciling: true, v1alpha1.ConditionSuspended: true,
}

// possible reports whether an object of the kind has the condition at all.
func (g goal) possible(x *standing) bool {
	for _, c := range preview.Common(x.object).Conditions {
		if strings.EqualFold(c.Type, g.condition) {
			return true
		}
	}
	return onlyWhenTrue[g.condition]
}
