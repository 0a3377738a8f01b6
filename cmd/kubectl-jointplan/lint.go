package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/lint"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/verdict"
)

const lintHelp = `Check manifests: what the API server would refuse, and what the evaluation finds, each with its file and line.

Reads files, pipes, folders (with all below them) and - for standard input. While the API server would refuse a manifest, only that is shown:
what the evaluation of the others finds would be about the gaps. Then every finding is shown; docs/findings.md explains each rule, and what to do.
Of one rule it shows the first hundred, and how many more there are (all with -o json, sarif and gitlab). After 200 manifests' errors it reads no more files.

Files alone do not tell what was approved of a plan that they amend. With --base, which names the files as they were before, that is known. With --cluster
the files are checked against what is applied, as if they were applied to it: what they name is read from there, so that one file is enough. It needs
the rights of who may read the namespace, and jointplan-catalog-reader; what cannot be checked for want of a right is said.

Exit codes: 0 nothing as grave as --severity or graver; 1 something is; 2 a file cannot be read, or the command line is wrong;
130 interrupted.`

const lintExample = `  # what is wrong with the plans, as of now; fails when something is
  kubectl jointplan lint -f plans/

  # one file, against what is applied
  kubectl jointplan lint -f plans/partners/acme/funding.yaml --cluster -n partner-acme

  # fail on warnings too, as of an instant
  kubectl jointplan lint -f plans/ --severity Warning --at 2026-11-03T09:00:00Z

  # fail, and show each at its line of a pull request on GitHub
  kubectl jointplan lint -f plans/ --base main/plans/ -o github

  # fail, and write a report for code scanning, in the format SARIF
  kubectl jointplan lint -f plans/ -o sarif > lint.sarif`

// lintOutputs are the values of --output.
var lintOutputs = []string{"text", "json", "github", "gitlab", "sarif"}

type lintOptions struct {
	cluster  *clusterFlags // -n, --context, --timeout and the like
	applied  bool          // --cluster
	files    []string
	base     []string
	at       string
	severity string
	output   string
}

// newLint returns the command that checks manifests.
func newLint() *cobra.Command {
	o := lintOptions{cluster: newCluster(answerWithin)}
	o.cluster.ClusterName = nil // the name is taken by what it is for here
	command := &cobra.Command{
		Use:     "lint -f PATH...",
		Short:   "Check manifests: errors and findings with file and line",
		Long:    lintHelp,
		Example: lintExample,
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
	flags.StringVar(&o.severity, "severity", string(v1alpha1.SeverityError), "fail on findings of this severity or graver: Info, Warning or Error")
	flags.StringVarP(&o.output, "output", "o", "text", "output format: text, json, github, gitlab (a code quality report) or sarif")
	completeValues(command, "output", lintOutputs...)
	completeValues(command, "severity", string(v1alpha1.SeverityInfo), string(v1alpha1.SeverityWarning), string(v1alpha1.SeverityError))
	o.cluster.addFlags(command)
	flags.BoolVar(&o.applied, "cluster", false, "check the files against what is applied, as if they were applied to it")
	flags.Lookup("namespace").Usage = "namespace of objects that state none"
	return command
}

func (o *lintOptions) run(ctx context.Context, command *cobra.Command) error {
	severity, at, err := o.check()
	if err != nil {
		return usageError{err}
	}
	namespace := cmp.Or(*o.cluster.Namespace, metav1.NamespaceDefault)
	if o.applied {
		if namespace, _, err = o.cluster.ToRawKubeConfigLoader().Namespace(); err != nil {
			return inWords(err)
		}
	}
	options := manifest.Options{Namespace: namespace, Stdin: interruptible{ctx, command.InOrStdin()}}
	set, err := reader().Read(ctx, options, o.files...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	problems, unreadable := lint.Manifests(err)
	switch {
	case len(problems) > 0:
	case unreadable != nil:
		return inputError{unreadable}
	default:
		if len(set.Objects()) == 0 {
			return inputError{fmt.Errorf("the manifests hold no object of %s", v1alpha1.GroupName)}
		}
		objects, err := o.evaluate(ctx, command, set, namespace, at)
		if err != nil {
			return err
		}
		problems = lint.Findings(objects, set.Origins)
	}
	if err := o.print(command.OutOrStdout(), problems, len(set.Objects()), at); err != nil {
		return err
	}
	if unreadable != nil {
		return inputError{unreadable}
	}
	if n := lint.AtLeast(problems, severity); n > 0 {
		return fmt.Errorf("%s of severity %s: correct %s", countOf(n, "problem"), orGraver(severity), themOrIt(n))
	}
	return nil
}

// evaluate evaluates the objects of files, with what was or is around them.
func (o *lintOptions) evaluate(ctx context.Context, command *cobra.Command, set *manifest.Set, namespace string, at time.Time) ([]manifest.Object, error) {
	if !o.applied {
		world, err := onBase(ctx, command, set, o.base, namespace, at)
		if err != nil {
			return nil, err
		}
		return world.Evaluate(ctx, at)
	}
	c, err := o.cluster.connect()
	if err != nil {
		return nil, err
	}
	around, err := readSurroundings(ctx, c, set)
	if err != nil {
		return nil, err
	}
	before, err := preview.NewAsOf(around.set, at).Evaluate(ctx, at)
	if err != nil {
		return nil, err
	}
	all, err := (&diffOptions{}).apply(around.set, set, kept(before))
	if err != nil {
		return nil, inputError{err}
	}
	objects, err := preview.NewAsOf(all, at).Evaluate(ctx, at)
	if err != nil {
		return nil, err
	}
	objects = around.judged(objects, set)
	for _, note := range around.notes {
		tellf(command, "%s\n", note)
	}
	return objects, nil
}

// check returns what the flags say.
func (o *lintOptions) check() (severity v1alpha1.Severity, at time.Time, err error) {
	if !slices.Contains(lintOutputs, o.output) {
		return "", at, fmt.Errorf("--output %q: must be text, json, github, gitlab or sarif", o.output)
	}
	if o.applied && len(o.base) > 0 {
		return "", at, errors.New("--cluster and --base both say what was there before: leave out one")
	}
	if len(o.files) == 0 {
		return "", at, errors.New("no manifests: name files or folders with -f, or - for standard input")
	}
	if severity, err = lint.ParseSeverity(o.severity); err != nil {
		return "", at, fmt.Errorf("--severity %w", err)
	}
	at, err = instant("--at", o.at)
	return severity, at, err
}

func (o *lintOptions) print(out io.Writer, problems []lint.Problem, objects int, at time.Time) error {
	var text strings.Builder
	few := lint.Few(problems)
	switch o.output {
	case "json":
		result := struct {
			At       string         `json:"at"`
			Objects  int            `json:"objects"`
			Problems []lint.Problem `json:"problems"`
		}{at.UTC().Format(time.RFC3339), objects, append([]lint.Problem{}, problems...)}
		return encode(out, "json", result)
	case "gitlab":
		return encode(out, "json", lint.AsQuality(problems, workingDirectory()))
	case "sarif":
		build, _ := debug.ReadBuildInfo()
		return encode(out, "json", lint.AsSARIF(problems, versionOf(build), workingDirectory()))
	case "github":
		for i := range few {
			text.WriteString(few[i].Annotation() + "\n")
		}
	default:
		for i := range few {
			text.WriteString(few[i].String() + "\n")
		}
		text.WriteString(sprintf("%s, %s and %s in %s\n", countOf(lint.Count(problems, v1alpha1.SeverityError), "error"),
			countOf(lint.Count(problems, v1alpha1.SeverityWarning), "warning"), countOf(lint.Count(problems, v1alpha1.SeverityInfo), "info"),
			countOf(objects, "object")))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// workingDirectory returns the folder from which reports name files; "" when it is gone, and then they name files as they were found.
func workingDirectory() string {
	directory, err := os.Getwd()
	if err != nil {
		return ""
	}
	return directory
}

// orGraver names a severity and, when there are any, those above it.
func orGraver(severity v1alpha1.Severity) string {
	if severity == v1alpha1.SeverityError {
		return string(severity)
	}
	return string(severity) + " or graver"
}

func themOrIt(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// countOf returns a number with its noun, such as "no errors", "1 error" and "2 errors".
func countOf(n int, noun string) string {
	if n == 0 {
		return "no " + noun + "s"
	}
	return verdict.Count(n, noun)
}
