package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// instantLayout is how instants are written for other programs.
const instantLayout = time.RFC3339

// target says which objects a command looks at: those of files, evaluated at an instant, or those of a cluster with the statuses that the
// controllers wrote.
type target struct {
	cluster       *clusterFlags // -n, --context, --timeout and the like
	files         []string      // -f
	at            string        // --at (with -f only)
	allNamespaces bool          // -A
	selector      string        // -l
	watch         bool          // -w, of commands that have it
}

// view is what a command looks at.
type view struct {
	objects    []manifest.Object // with statuses, sorted as preview does (kinds from the program down, namespace, name)
	at         time.Time         // the instant they hold for
	namespace  string            // the only one that is looked at; empty for all
	set        *manifest.Set     // nil for a cluster's
	client     client.WithWatch  // nil for files
	kinds      []listedKind      // that were listed; nil for files
	leftOut    []string          // the kinds that may not be listed
	everything []manifest.Object // of files: also what is in other namespaces
	offered    []manifest.Object // programs that may not be read, as their catalogs show them
}

func newTarget() *target {
	return &target{cluster: newCluster(answerWithin)}
}

// addFlags adds the flags that say what to look at. Of the many that say how to connect, help shows those that people use.
func (t *target) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringSliceVarP(&t.files, "filename", "f", nil,
		"look at these files or folders with manifests, or - for standard input, instead of a cluster; may be given several times")
	flags.StringVar(&t.at, "at", "", "with -f: instant of the evaluation (RFC 3339, such as 2026-12-31T23:00:00Z) (default now)")
	flags.BoolVarP(&t.allNamespaces, "all-namespaces", "A", false, "look at all namespaces")
	flags.StringVarP(&t.selector, "selector", "l", "", "look only at objects with these labels, such as region=dach, and at what is above and under them")
	t.cluster.addFlags(command)
	complete(command, "namespace", t.completeNamespaces)
}

// read returns what the command looks at. What is left out goes to the command's error stream.
func (t *target) read(ctx context.Context, command *cobra.Command) (*view, error) {
	if t.allNamespaces && t.namespaceFlag() != "" {
		return nil, usageError{errors.New("--all-namespaces and --namespace exclude each other: leave out one")}
	}
	var v *view
	var err error
	if len(t.files) > 0 {
		v, err = t.readFiles(ctx, command)
	} else {
		v, err = t.readCluster(ctx, command)
	}
	if err != nil {
		return nil, err
	}
	return v, t.choose(v)
}

// namespaceFlag returns the namespace that the command line names; empty when it names none.
func (t *target) namespaceFlag() string {
	if t.cluster.Namespace == nil {
		return ""
	}
	return *t.cluster.Namespace
}

func (t *target) readFiles(ctx context.Context, command *cobra.Command) (*view, error) {
	at, err := instant("--at", t.at)
	if err != nil {
		return nil, usageError{err}
	}
	named := t.namespaceFlag()
	set, err := readManifests(ctx, command, cmp.Or(named, metav1.NamespaceDefault), t.files)
	if err != nil {
		return nil, err
	}
	objects, err := preview.New(set).Evaluate(ctx, at)
	if err != nil {
		return nil, err
	}
	return &view{objects: objects, everything: objects, at: at, namespace: named, set: set}, nil
}

// reader reads all manifests of the process: what it has compiled of a kind it keeps.
var reader = sync.OnceValue(manifest.NewReader)

// maxSkipped bounds how many objects of other projects are named that were skipped.
const maxSkipped = 20

// readManifests reads manifests, and says which objects of other projects were skipped.
func readManifests(ctx context.Context, command *cobra.Command, namespace string, files []string) (*manifest.Set, error) {
	options := manifest.Options{Namespace: namespace, Stdin: interruptible{ctx, command.InOrStdin()}}
	set, err := reader().Read(ctx, options, files...)
	if _, wrong := errors.AsType[manifest.Errors](err); wrong {
		return nil, inputError{err}
	}
	if err != nil {
		return nil, err
	}
	for i, skipped := range set.Skipped {
		if i == maxSkipped {
			tellf(command, "%d more objects were skipped\n", len(set.Skipped)-i)
			break
		}
		tellf(command, "%s: skipped %s %s: not a kind of this project\n", skipped.Origin, skipped.APIVersion, skipped.Key)
	}
	if len(set.Objects()) == 0 {
		return nil, inputError{fmt.Errorf("the manifests hold no object of %s", v1alpha1.GroupName)}
	}
	return set, nil
}

// choose leaves the objects of the view's namespace that labels choose, with what is above and under them. Cluster-scoped objects belong to
// every namespace.
func (t *target) choose(v *view) error {
	chosen, err := labels.Parse(t.selector)
	if err != nil {
		return usageError{fmt.Errorf("--selector %q: %w", t.selector, err)}
	}
	v.objects = slices.DeleteFunc(slices.Clone(v.objects), func(x manifest.Object) bool {
		return v.namespace != "" && x.GetNamespace() != "" && x.GetNamespace() != v.namespace
	})
	if !chosen.Empty() {
		v.objects = lineage.New(v.objects).Select(func(x manifest.Object) bool { return chosen.Matches(labels.Set(x.GetLabels())) })
	}
	return nil
}

// empty tells whether the view's namespace holds nothing: programs and budgets alone say nothing about it.
func (v *view) empty() bool {
	return v.namespace != "" && !slices.ContainsFunc(v.objects, func(x manifest.Object) bool { return x.GetNamespace() == v.namespace })
}

// elsewhere says where else to look when nothing was found.
func (v *view) elsewhere() string {
	if v.namespace == "" {
		return v.where()
	}
	return v.where() + ": look in another one with -n, or in all with -A"
}
