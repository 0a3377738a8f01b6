package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// objects are all objects of the project's kinds.
type objects struct{ kinds.Objects }

// waitEvaluated waits until every object has a status of its current spec, and nothing has changed for a while.
func (p plane) waitEvaluated(ctx context.Context, m *process) (*objects, error) {
	config, err := clientcmd.BuildConfigFromFlags("", p.kubeconfig())
	if err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	reader, err := client.New(config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, convergence)
	defer cancel()
	const quiet = 10 // polls without a change: two seconds, longer than the controllers let children's events wait
	var last string
	for same := 0; ; {
		found := &objects{}
		state, waiting, err := found.read(ctx, reader)
		if err != nil {
			return nil, err
		}
		if waiting == "" && state == last {
			same++
		} else {
			same = 0
		}
		if same == quiet {
			return found, nil
		}
		last = state
		if err := m.pause(ctx); err != nil {
			return nil, fmt.Errorf("not all is evaluated after %s, for instance %s: %w", convergence, waiting, err)
		}
	}
}

// read reads all objects. It returns a text that changes when any object does, and an object that is not evaluated yet.
func (o *objects) read(ctx context.Context, reader client.Reader) (state, waiting string, _ error) {
	for _, kind := range kinds.All() {
		list := kind.NewList()
		if err := reader.List(ctx, list); err != nil {
			return "", "", err
		}
		kind.AddList(&o.Objects, list)
	}
	var versions strings.Builder
	for _, object := range o.All() {
		key := kinds.KeyOf(object)
		fmt.Fprintf(&versions, "%s %s\n", key, object.GetResourceVersion())
		if status, judged := kinds.Common(object); judged && status.ObservedGeneration != object.GetGeneration() {
			waiting = key.String()
		}
	}
	return versions.String(), waiting, nil
}

// show prints how the samples stand, and what to try next.
func show(out io.Writer, o *objects, s settings, kubeconfig string) {
	day := "now"
	if instant, err := time.Parse(time.RFC3339, s.clock); err == nil {
		day = instant.Format("2006-01-02 15:04 MST")
	}
	fmt.Fprintf(out, "\nThe samples as of %s: %d programs, %d partners, %d plans, %d campaigns, all evaluated.\n\n",
		day, len(o.Programs), len(o.Partners), len(o.Plans), len(o.Campaigns))
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "PLAN\tREADY\tSTAGE\tAPPROVED\tATTAINMENT\tPACE\tON TRACK\tREVIEW DUE\tREVIEWS")
	for _, plan := range o.Plans {
		due := "-"
		if plan.Status.Reviews != nil && plan.Status.Reviews.NextDue != "" {
			due = string(plan.Status.Reviews.NextDue)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", plan.Name, ready(plan.Status.Conditions), plan.Status.Stage,
			reason(plan.Status.Conditions, v1alpha1.ConditionApproved),
			percent(plan.Status.AttainmentPercent), percent(plan.Status.PacePercent),
			reason(plan.Status.Conditions, v1alpha1.ConditionOnTrack), due, reason(plan.Status.Conditions, v1alpha1.ConditionReviewOverdue))
	}
	_ = table.Flush()
	fmt.Fprintln(out)
	partners(out, o)
	fmt.Fprintf(out, `
Try next, in another terminal:

  export KUBECONFIG=%s PATH=$PWD/bin:$PWD/bin/localplane:$PATH
  kubectl get jmp -A                                                    # all there is
  kubectl jointplan tree -A                                             # who belongs to whom, and what is the matter
  kubectl jointplan explain plan/acme-fy27-h1 -n partner-acme           # one plan, with the reason for each verdict
  kubectl jointplan preview -f config/samples --at 2026-12-31T23:00:00Z # the same evaluation, offline, at another instant

`, kubeconfig)
	if s.stay {
		fmt.Fprintln(out, "Ctrl-C stops the manager and the control plane.")
	}
}

func partners(out io.Writer, o *objects) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "PARTNER\tTIER\tQUALIFIES TODAY\tSTANDING\tWOULD BE SHORT OF, IF NOTHING MORE CAME BEFORE THE NEXT EVALUATION")
	for _, partner := range o.Partners {
		standing := "-"
		if partner.Status.Standing != nil {
			standing = string(partner.Status.Standing.Step)
		}
		for j, line := range missing(partner.Status.NextTier) {
			if j > 0 {
				fmt.Fprintf(table, "\t\t\t\t%s\n", line)
				continue
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", partner.Name, orDash(partner.Status.EffectiveTier), orDash(partner.Status.QualifiedTier), standing, line)
		}
	}
	_ = table.Flush()
}

// missing returns what a partner lacks for the next tier, a line each.
func missing(next *v1alpha1.NextTier) []string {
	switch {
	case next == nil:
		return []string{"-"}
	case len(next.Missing) == 0:
		return []string{fmt.Sprintf("nothing for %s, judged on %s", next.Name, next.EvaluatedOn)}
	default:
		return next.Missing
	}
}

func percent(value *int32) string {
	if value == nil {
		return "-"
	}
	return fmt.Sprintf("%d%%", *value)
}

func orDash(name v1alpha1.Name) string {
	if name == "" {
		return "-"
	}
	return string(name)
}

// ready returns the status of Ready.
func ready(conditions []metav1.Condition) string {
	if c := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady); c != nil {
		return string(c.Status)
	}
	return "-"
}

// reason returns the reason of a condition.
func reason(conditions []metav1.Condition, kind string) string {
	if c := meta.FindStatusCondition(conditions, kind); c != nil {
		return c.Reason
	}
	return "-"
}
