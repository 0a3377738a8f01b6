package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/printable"
)

const previewHelp = `Evaluate manifests offline, as the controllers would at an instant, without a cluster.

Reads files, pipes, folders (with all below them) and - for standard input. Applies the defaults and checks everything that the API
server would check; what is wrong is printed with its file, document and field path, and the exit code is 2. Then prints every
object with the status that it has at the instant, the revision of each plan included. Namespaces among the manifests give
their labels, by which programs and budgets say who may use them.

Money is granted and paid in the order of the decisions: the MDFLedgers are those of a manager that has run since the first
decision on a request. An MDFLedger among the manifests is taken as it is, and goes on from there. What was approved of a plan that the
manifests amend is in no manifest: name the files as they were before with --base.

With --until it prints instead every change of a status or ledger between the two instants, in order.

Exit codes: 0 done; 1 an object is not Ready (with --strict), or the command failed; 2 the manifests or the command line are wrong;
130 interrupted.`

const previewExample = `  # how everything stands now
  kubectl jointplan preview -f plans/

  # what the pull request's plan would look like at the end of the quarter, with every verdict and its reason
  kubectl jointplan preview -f plans/ --at 2026-12-31T23:00:00Z -o yaml

  # what happens until then if nobody does anything
  kubectl jointplan preview -f plans/ --at 2026-11-03T09:00:00Z --until 2026-12-31T23:00:00Z

  # fail when an object is not Ready, for a check on a pull request
  kubectl jointplan preview -f plans/ --strict

  # the same for manifests that something else writes
  kubectl kustomize plans/ | kubectl jointplan preview -f - --strict`

// previewOptions are what the flags of preview say.
type previewOptions struct {
	files     []string
	base      []string
	at        string
	until     string
	output    string
	namespace string
	strict    bool
}

func newPreview() *cobra.Command {
	o := previewOptions{}
	command := &cobra.Command{
		Use:     "preview -f PATH...",
		Short:   "Evaluate manifests offline, at an instant or over a span of time",
		Long:    previewHelp,
		Example: previewExample,
		Args:    cobra.ArbitraryArgs, // further paths, as the shell makes them of -f plans/*.yaml
		RunE: func(c *cobra.Command, args []string) error {
			o.files = append(o.files, args...)
			return o.run(c.Context(), c)
		},
	}
	flags := command.Flags()
	flags.StringSliceVarP(&o.files, "filename", "f", nil, "files or folders with manifests, or - for standard input; may be given several times")
	flags.StringSliceVar(&o.base, "base", nil, baseUsage)
	flags.StringVar(&o.at, "at", "", "instant of the evaluation (RFC 3339, such as 2026-12-31T23:00:00Z) (default now)")
	flags.StringVar(&o.until, "until", "", "print every change of a status from --at until this instant (RFC 3339)")
	flags.StringVarP(&o.output, "output", "o", "table", "output format: table, yaml or json")
	flags.StringVarP(&o.namespace, "namespace", "n", metav1.NamespaceDefault, "namespace of objects that state none")
	flags.BoolVar(&o.strict, "strict", false, "fail with exit code 1 when an object is not Ready")
	return command
}

func (o *previewOptions) run(ctx context.Context, command *cobra.Command) error {
	at, until, err := o.instants()
	if err != nil {
		return usageError{err}
	}
	set, err := readManifests(ctx, command, o.namespace, o.files)
	if err != nil {
		return err
	}
	world, err := onBase(ctx, command, set, o.base, o.namespace, at)
	if err != nil {
		return err
	}
	out := command.OutOrStdout()
	if !until.IsZero() {
		return o.printTimeline(ctx, out, world, at, until)
	}
	objects, err := world.Evaluate(ctx, at)
	if err != nil {
		return err
	}
	if err := o.printObjects(ctx, out, objects); err != nil {
		return err
	}
	if note := preview.AsNow(objects, at); o.output == "table" && note != "" {
		fmt.Fprintln(command.ErrOrStderr(), printable.Line(note))
	}
	if o.strict {
		return notReady(objects)
	}
	return nil
}

// instants returns the instants that the flags name.
func (o *previewOptions) instants() (at, until time.Time, _ error) {
	switch o.output {
	case "table", "yaml", "json":
	default:
		return at, until, fmt.Errorf("--output %q: must be table, yaml or json", o.output)
	}
	if len(o.files) == 0 {
		return at, until, errors.New("no manifests: name files or folders with -f, or - for standard input")
	}
	if o.strict && o.until != "" {
		return at, until, errors.New("--strict looks at one instant: leave out --until, and give that instant as --at")
	}
	at, err := instant("--at", o.at)
	if err != nil {
		return at, until, err
	}
	if o.until == "" {
		return at, until, nil
	}
	until, err = instant("--until", o.until)
	if err == nil && !until.After(at) {
		err = fmt.Errorf("--until %s is not after %s, the instant of --at", o.until, at.Format(time.RFC3339))
	}
	return at, until, err
}

func instant(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%s %q: must be an instant such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00", flag, text)
	}
	if year := at.UTC().Year(); year < firstYear || year > lastYear {
		return at, fmt.Errorf("%s %q: must be an instant of the years %d to %d, as all dates of plans are", flag, text, firstYear, lastYear)
	}
	return at, nil
}

// The years in which all dates of manifests have to lie: in others there is nothing to evaluate.
const firstYear, lastYear = 1970, 2200

// notReady fails when an object is not Ready, and names each that is not.
func notReady(objects []preview.Object) error {
	var all []error
	for _, object := range objects {
		for _, condition := range preview.Common(object).Conditions {
			if condition.Type == v1alpha1.ConditionReady && condition.Status != metav1.ConditionTrue {
				all = append(all, fmt.Errorf("%s is not Ready: %s", manifest.KeyOf(object), condition.Message))
			}
		}
	}
	return errors.Join(all...)
}
