package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/compare"
)

const diffHelp = `Show what applying manifests would change in verdicts, money and score.

Compares the cluster as it is with the cluster as it would be, or with --base two folders, such as a checkout of the main branch and one of a
pull request. Both sides are evaluated offline at one instant, so that only the manifests make a difference, not the time. For each object that
is added, removed, changed, or only affected by the change of another, it says what is different: stage, score, pace, tier, conditions with their
reasons, whose approval a new revision needs, findings that are new or cured; and the money of each budget, by currency.

Objects that the files leave out stay as they are, as kubectl apply has it, and so does what others wrote into a live object beside its
manifest, such as a recorded payment. With --prune the objects that are left out go: those in the namespaces of the files, and of the
cluster-scoped kinds that the files hold. Decisions stay: a policy keeps them.

A cluster is read as a whole, since a budget is shared by many partners; the role jointplan-viewer, bound for all namespaces, and the right to
list namespaces are enough.

Exit codes: 0 done; 1 there are differences (with --exit-code); 2 the manifests, the command line or the cluster cannot be used;
130 interrupted.`

const diffExample = `  # what a pull request changes, against a checkout of the main branch, as a comment
  kubectl jointplan diff --base main/plans/ -f plans/ --prune -o markdown

  # the same at the end of the quarter
  kubectl jointplan diff --base main/plans/ -f plans/ --at 2026-12-31T22:00:00Z

  # what applying a folder would change in the cluster; fail when it would change anything
  kubectl jointplan diff -f plans/ --exit-code`

type diffOptions struct {
	cluster  *clusterFlags
	files    []string
	base     []string
	at       string
	output   string
	prune    bool
	exitCode bool
}

// newDiff returns the command that shows what manifests change.
func newDiff() *cobra.Command {
	o := diffOptions{cluster: newCluster(answerWithin)}
	command := &cobra.Command{
		Use:     "diff -f PATH...",
		Short:   "Show what manifests would change in verdicts, money and score",
		Long:    diffHelp,
		Example: diffExample,
		Args:    cobra.ArbitraryArgs, // further paths, as the shell makes them of -f plans/*.yaml
		RunE: func(c *cobra.Command, args []string) error {
			o.files = append(o.files, args...)
			return o.run(c.Context(), c)
		},
	}
	flags := command.Flags()
	flags.StringSliceVarP(&o.files, "filename", "f", nil, "files or folders with the manifests to apply, or - for standard input; may be given several times")
	flags.StringSliceVar(&o.base, "base", nil, "compare with these files or folders, an empty folder if there were none, instead of with the cluster; may be given several times")
	flags.StringVar(&o.at, "at", "", "instant of the evaluation of both sides (RFC 3339, such as 2026-12-31T23:00:00Z) (default now)")
	flags.BoolVar(&o.prune, "prune", false, "objects that the files leave out go")
	flags.BoolVar(&o.exitCode, "exit-code", false, "fail with exit code 1 when there are differences")
	flags.StringVarP(&o.output, "output", "o", "text", "output format: text, json or markdown (for a comment on a pull request)")
	o.cluster.addFlags(command)
	flags.Lookup("namespace").Usage = "namespace of objects in the files that state none"
	return command
}

func (o *diffOptions) run(ctx context.Context, command *cobra.Command) error {
	at, err := o.check()
	if err != nil {
		return usageError{err}
	}
	namespace := cmp.Or(*o.cluster.Namespace, metav1.NamespaceDefault)
	head, err := readManifests(ctx, command, namespace, o.files)
	if err != nil {
		return err
	}
	base, against, err := o.readSide(ctx, command, namespace)
	if err != nil {
		return err
	}
	before, err := preview.NewAsOf(base, at).Evaluate(ctx, at)
	if err != nil {
		return err
	}
	after, err := o.apply(base, head, kept(before))
	if err != nil {
		return inputError{err}
	}
	then, err := preview.NewAsOf(after, at).Evaluate(ctx, at)
	if err != nil {
		return err
	}
	report := compare.Worlds(before, then)
	report.At, report.Against = at.UTC().Format(time.RFC3339), against
	if err := o.print(command.OutOrStdout(), report); err != nil {
		return err
	}
	if o.exitCode && !report.IsEmpty() {
		return errors.New("there are differences")
	}
	return nil
}

func (o *diffOptions) check() (at time.Time, err error) {
	if !slices.Contains([]string{"text", "json", "markdown"}, o.output) {
		return at, fmt.Errorf("--output %q: must be text, json or markdown", o.output)
	}
	if len(o.files) == 0 {
		return at, errors.New("no manifests: name files or folders with -f, or - for standard input")
	}
	return instant("--at", o.at)
}

// readSide returns the side that the files are compared with, and what it is called.
func (o *diffOptions) readSide(ctx context.Context, command *cobra.Command, namespace string) (set *manifest.Set, against string, err error) {
	if len(o.base) > 0 {
		set, err = readBase(ctx, command, namespace, o.base)
		return set, strings.Join(o.base, " and "), err
	}
	c, err := o.cluster.connect()
	if err != nil {
		return nil, "", inputError{err}
	}
	set, err = readWholeCluster(ctx, c)
	if err != nil {
		return nil, "", inputError{err}
	}
	return set, "the cluster", nil
}

// readWholeCluster returns all objects of our kinds in all namespaces, with the namespaces' labels.
func readWholeCluster(ctx context.Context, c client.Client) (*manifest.Set, error) {
	const remedy = "a budget is shared by many partners, so all namespaces have to be read: ask for the role jointplan-viewer for all of them and the " +
		"right to list namespaces, or compare with a folder: --base"
	var objects []manifest.Object
	for _, kind := range kinds.All() {
		if kind.Name == kinds.ProgramCatalog || kind.Confidential {
			continue // the one only says again what the program says, the other bears on nothing
		}
		items, _, err := list(ctx, c, kind, "")
		if apierrors.IsForbidden(err) {
			return nil, fmt.Errorf("you are not allowed to list the %s of all namespaces; %s", kind.Called, remedy)
		}
		if err != nil {
			return nil, inWords(err)
		}
		objects = append(objects, items...)
	}
	spaces := &corev1.NamespaceList{}
	if err := c.List(ctx, spaces); apierrors.IsForbidden(err) {
		return nil, fmt.Errorf("you are not allowed to list namespaces, whose labels say which programs and budgets they may use; %s", remedy)
	} else if err != nil {
		return nil, inWords(err)
	}
	labels := map[string]map[string]string{}
	for i := range spaces.Items {
		labels[spaces.Items[i].Name] = spaces.Items[i].Labels
	}
	return manifest.NewSet(objects, labels)
}

// apply returns what a base, with what the controllers keep beside it, becomes when files are applied.
func (o *diffOptions) apply(base, files *manifest.Set, kept []manifest.Object) (*manifest.Set, error) {
	live := map[manifest.Key]manifest.Object{}
	named := map[string]bool{} // namespaces of the files, and their cluster-scoped kinds
	for _, x := range base.Objects() {
		live[manifest.KeyOf(x)] = x
	}
	applied := make([]manifest.Object, 0, len(files.Objects()))
	for _, x := range files.Objects() {
		named[scopeOf(x)] = true
		one, err := asApplied(live[manifest.KeyOf(x)], x)
		if err != nil {
			return nil, err
		}
		applied = append(applied, one)
	}
	left := base.Objects()
	if o.prune {
		left = slices.DeleteFunc(left, func(x manifest.Object) bool { return named[scopeOf(x)] && !stays(x) })
	}
	all := slices.Concat(left, kept, applied)
	return manifest.NewSet(withoutOrphans(all), labelsOf(base, files))
}

// labelsOf returns the labels of all namespaces, those that the files state before those of the base.
func labelsOf(base, files *manifest.Set) map[string]map[string]string {
	labels := maps.Clone(base.Namespaces)
	for name, own := range files.Namespaces {
		if _, stated := files.Origins[manifest.Key{Kind: "Namespace", Name: name}]; stated || labels[name] == nil {
			labels[name] = own
		}
	}
	return labels
}

// scopeOf returns the namespace of an object, and of a cluster-scoped one its kind.
func scopeOf(x manifest.Object) string {
	if x.GetNamespace() != "" {
		return "namespace " + x.GetNamespace()
	}
	return "kind " + manifest.KeyOf(x).Kind
}

// stays reports whether an object is not pruned: the controller writes it, or a policy keeps it.
func stays(x manifest.Object) bool {
	return isKept(x) || manifest.KeyOf(x).Kind == kinds.ApprovalDecision
}

func (o *diffOptions) print(out io.Writer, report *compare.Report) error {
	var text string
	switch o.output {
	case "json":
		return encode(out, "json", report)
	case "markdown":
		text = report.Markdown()
	default:
		text = report.Text()
	}
	_, err := io.WriteString(out, text)
	return err
}
