package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// baseUsage explains --base to commands that evaluate one set of files.
const baseUsage = "files or folders as they were before, such as a checkout of the main branch: what the controllers keep of them, the approved terms of " +
	"plans and the ledgers, is taken from there; an empty folder if there were none"

// onBase prepares a set for the evaluation, with what the controllers keep at an instant of what was there before. Manifests alone do not tell
// what was approved of a plan that they amend, nor which money was granted by other ones.
func onBase(ctx context.Context, command *cobra.Command, set *manifest.Set, base []string, namespace string, at time.Time) (*preview.World, error) {
	if len(base) == 0 {
		return preview.New(set), nil
	}
	before, err := readBase(ctx, command, namespace, base)
	if err != nil {
		return nil, err
	}
	evaluated, err := preview.New(before).Evaluate(ctx, at)
	if err != nil {
		return nil, err
	}
	objects := withoutOrphans(slices.Concat(kept(evaluated), set.Objects()))
	all, err := manifest.NewSet(objects, set.Namespaces)
	if err != nil {
		return nil, inputError{err}
	}
	return preview.NewAsOf(all, at), nil
}

// readBase reads the files of --base. Only an empty folder stands for no manifests at all, as before the first change that adds some, and that is
// said: whatever else holds none is most probably not what was meant, and all would look new.
func readBase(ctx context.Context, command *cobra.Command, namespace string, base []string) (*manifest.Set, error) {
	set, err := reader().Read(ctx, manifest.Options{Namespace: namespace}, base...)
	wrong, ok := errors.AsType[manifest.Errors](err)
	if err != nil && !ok {
		return nil, err
	}
	if slices.ContainsFunc(wrong, func(e *manifest.Error) bool { return e.Message != manifest.EmptyFolder }) {
		return nil, inputError{fmt.Errorf("--base: %w", err)}
	}
	for _, empty := range wrong {
		tellf(command, "--base %s %s: nothing was there before.\n", empty.File, empty.Message)
	}
	if len(set.Objects()) == 0 && len(wrong) < len(base) {
		return nil, inputError{fmt.Errorf("--base: the manifests hold no object of %s; if there were none before, name an empty folder", v1alpha1.GroupName)}
	}
	return set, nil
}

// kept returns what the controllers keep, which is there when files are applied: the approved revisions of plans, and the ledgers.
func kept(evaluated []manifest.Object) []manifest.Object {
	return slices.DeleteFunc(slices.Clone(evaluated), func(x manifest.Object) bool { return !isKept(x) })
}

func isKept(x manifest.Object) bool {
	k := kinds.Of(x)
	return k != nil && !k.ByPeople
}

// withoutOrphans leaves out the revisions of plans that no longer exist: they are deleted with them.
func withoutOrphans(objects []manifest.Object) []manifest.Object {
	there := map[manifest.Key]bool{}
	for _, x := range objects {
		there[manifest.KeyOf(x)] = true
	}
	return slices.DeleteFunc(objects, func(x manifest.Object) bool {
		revision, ok := x.(*v1alpha1.PlanRevision)
		return ok && !there[manifest.Key{Kind: kinds.JointPlan, Namespace: revision.Namespace, Name: string(revision.Spec.PlanRef.Name)}]
	})
}
