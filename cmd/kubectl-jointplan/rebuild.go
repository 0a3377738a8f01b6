package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// rebuildPoll is how often the budget is looked at while its ledger is rebuilt.
const rebuildPoll = 500 * time.Millisecond

type rebuildOptions struct {
	cluster *clusterFlags
	yes     bool
	now     func() time.Time
}

// newRebuildLedger returns the command that authorises the rebuilding of a ledger that was lost.
func newRebuildLedger() *cobra.Command {
	o := &rebuildOptions{cluster: newCluster(time.Minute), now: time.Now}
	command := &cobra.Command{
		Use:   "rebuild-ledger BUDGET",
		Short: "Authorise the rebuilding of a budget's lost ledger",
		Long: `Authorise the controller to write the ledger of a budget anew after it was lost (condition LedgerIntact, reason RecoveryRequired).

The settlements are rebuilt from the payments that claims record, the reservations from what the statuses of requests say. If there is a
backup of the MDFLedger, restore that instead. The authorisation is spec.recovery of the budget: it names you, holds for a day and is used
once. It needs the right to "recover" MDFBudgets. What was rebuilt is reported here and in status.recovery of the budget.`,
		Example: "  # Say what would be done\n  kubectl jointplan rebuild-ledger fy27-emea\n\n" +
			"  # Authorise it, wait for it and report\n  kubectl jointplan rebuild-ledger fy27-emea --yes",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("give the name of one budget, not %d", len(args))}
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			c, err := o.cluster.connect()
			if err != nil {
				return err
			}
			return o.run(command.Context(), c, args[0], command.OutOrStdout())
		},
	}
	command.Flags().BoolVar(&o.yes, "yes", false, "authorise it; without this flag nothing is changed")
	o.cluster.addFlags(command)
	command.Flags().Lookup("timeout").Usage = "how long to wait for an answer from the cluster, and for the controller"
	return command
}

func (o *rebuildOptions) run(ctx context.Context, c client.Client, name string, out io.Writer) error {
	budget := &v1alpha1.MDFBudget{}
	if err := c.Get(ctx, client.ObjectKey{Name: name}, budget); err != nil {
		return readable(err, name)
	}
	if suspension.Requested(budget) {
		return fmt.Errorf("budget %s is suspended: its status does not say how its ledger stands, and nothing is rebuilt. "+
			"Resume it, which grants nothing while the ledger is lost, and run this again: kubectl annotate mdfbudget %s %s-",
			name, name, v1alpha1.AnnotationSuspend)
	}
	intact := meta.FindStatusCondition(budget.Status.Conditions, v1alpha1.ConditionLedgerIntact)
	if intact == nil || intact.Reason != v1alpha1.ReasonRecoveryRequired {
		return fmt.Errorf("the ledger of budget %s is not lost, so there is nothing to rebuild%s", name, saying(intact))
	}
	if !o.yes {
		fmt.Fprint(out, sprintf("%s\nNothing was changed. To authorise the rebuilding, run this again with --yes.\n", intact.Message))
		return nil
	}
	review := &authenticationv1.SelfSubjectReview{}
	if err := c.Create(ctx, review); err != nil {
		return fmt.Errorf("cannot find out who you are: %w", inWords(err))
	}
	requested := metav1.NewTime(o.now().UTC().Truncate(time.Second))
	base := budget.DeepCopy()
	budget.Spec.Recovery = &v1alpha1.LedgerRecovery{RequestedTime: requested, RequestedBy: review.Status.UserInfo.Username}
	if err := c.Patch(ctx, budget, client.MergeFrom(base)); err != nil {
		return readable(err, name)
	}
	fmt.Fprint(out, sprintf("Authorised by %s. Waiting for the controller.\n", budget.Spec.Recovery.RequestedBy))
	return o.wait(ctx, c, name, requested, out)
}

// wait waits for the report of a rebuilding.
func (o *rebuildOptions) wait(ctx context.Context, c client.Client, name string, requested metav1.Time, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, o.cluster.timeout)
	defer cancel()
	tick := time.NewTicker(rebuildPoll)
	defer tick.Stop()
	for {
		budget := &v1alpha1.MDFBudget{}
		if err := c.Get(ctx, client.ObjectKey{Name: name}, budget); err == nil {
			if done := budget.Status.Recovery; done != nil && done.RequestedTime.Equal(&requested) {
				return printRecovery(done, out)
			}
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("no report within %s: is the manager running? See kubectl describe mdfbudget %s", o.cluster.timeout, name)
			}
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// printRecovery prints what was rebuilt.
func printRecovery(done *v1alpha1.RecoveryReport, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, sprintf("Reservations:\t%d\t%s %s\n", done.Reservations, done.Reserved.Currency, done.Reserved.Amount))
	fmt.Fprint(table, sprintf("Settlements:\t%d\t%s %s\n", done.Settlements, done.Settled.Currency, done.Settled.Amount))
	if err := table.Flush(); err != nil {
		return err
	}
	for _, note := range done.Notes {
		fmt.Fprint(out, sprintf("Note: %s\n", note))
	}
	return nil
}

func saying(condition *metav1.Condition) string {
	if condition == nil {
		return ": it has not been evaluated yet"
	}
	return ": " + condition.Message
}

// readable puts the errors that a person can do something about into words.
func readable(err error, budget string) error {
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Errorf("there is no budget %s: see kubectl get mdfbudgets", budget)
	case apierrors.IsForbidden(err):
		return fmt.Errorf("you are not allowed to do that; ask for the role jointplan-finance-approver: %w", err)
	default:
		return inWords(err)
	}
}
