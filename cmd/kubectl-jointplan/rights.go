package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/verdict"
)

// What somebody may not read is left out, and said: which verb on which resource is missing, and who grants it.

// grants are the roles that let people read the kinds of the whole cluster. The catalog and the published benchmarks are for everybody; the others are for the vendor's people, as they
// show sums of all partners.
var grants = map[string]string{kinds.ProgramCatalog: "jointplan-catalog-reader", kinds.PublishedBenchmark: "jointplan-catalog-reader"}

// howToGrant says who grants the right to read a kind of the whole cluster, and how.
func howToGrant(kind string) string {
	role := grants[kind]
	if role == "" {
		role = "jointplan-viewer"
	}
	return fmt.Sprintf("an administrator of the cluster grants it with kubectl create clusterrolebinding NAME --clusterrole=%s --user=YOU (docs/access.md)", role)
}

// resourceOf names the resource of a kind as RBAC does, such as mdfbudgets.channel.jointplan.dev.
func resourceOf(kind string) string { return kinds.Named(kind).Plural + "." + v1alpha1.GroupName }

// mayNot says that the caller may not read a kind that was left out, and who grants it; nothing when nothing of it was left out.
func (v *view) mayNot(kind string) string {
	if !slices.Contains(v.leftOut, kind) {
		return ""
	}
	return fmt.Sprintf("you are not allowed to list %s; %s", resourceOf(kind), howToGrant(kind))
}

// leftOutNote says what was left out of a view that its objects name; nothing when nothing was. What is the vendor's alone goes without saying until somebody asks
// for it: the ledgers, what the vendor wants of a program as a whole, and how that stands.
func (v *view) leftOutNote() string {
	var resources []string
	for _, kind := range v.leftOut {
		if kind == kinds.PartnerProgram || kind == kinds.MDFBudget {
			resources = append(resources, resourceOf(kind))
		}
	}
	if len(resources) == 0 {
		return ""
	}
	return fmt.Sprintf("You are not allowed to list %s, which are for the vendor's people (ClusterRole jointplan-viewer, docs/access.md): they are left out, but for those "+
		"that objects here name and you may get.", verdict.List(resources))
}

// offers lists the catalogs of programs, and returns the programs as they show them.
func offers(ctx context.Context, c client.Client) (programs []manifest.Object, forbidden bool, _ error) {
	items, _, err := list(ctx, c, kinds.Named(kinds.ProgramCatalog), "")
	if apierrors.IsForbidden(err) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, inWords(err)
	}
	for _, x := range items {
		if catalog, ok := x.(*v1alpha1.ProgramCatalog); ok {
			program := catalog.Program()
			program.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.PartnerProgram))
			programs = append(programs, program)
		}
	}
	return programs, false, nil
}

// known are the objects of a view and, for programs that cannot be read, what their catalogs show: to draft by, not to be shown, as they have no status.
func (v *view) known() []manifest.Object {
	all := slices.Clone(v.objects)
	for _, x := range v.offered {
		if preview.Find(all, kinds.PartnerProgram, "", x.GetName()) == nil {
			all = append(all, x)
		}
	}
	return all
}

// program returns a program, or what its catalog shows of it; nil when there is neither.
func (v *view) program(name string) *v1alpha1.PartnerProgram {
	found, _ := preview.Find(v.known(), kinds.PartnerProgram, "", name).(*v1alpha1.PartnerProgram)
	return found
}

// noProgram says that a program is not at hand: since it may not be read, or since there is none.
func (v *view) noProgram(name string) error {
	if lacks := v.mayNot(kinds.ProgramCatalog); lacks != "" {
		return fmt.Errorf("the catalog of program %s is not at hand: %s", name, lacks)
	}
	var names []string
	for _, x := range v.known() {
		if manifest.KeyOf(x).Kind == kinds.PartnerProgram {
			names = append(names, x.GetName())
		}
	}
	return fmt.Errorf("there is no program %s%s%s", name, v.where(), thereIs(name, names))
}

// maxNamed bounds the names that are listed when none is near.
const maxNamed = 10

// thereIs asks whether the nearest of some names was meant or, when none is near, lists what there is; nothing when there is nothing.
func thereIs(name string, candidates []string) string {
	if near := verdict.Nearest(name, candidates); near != "" {
		return fmt.Sprintf(": did you mean %s?", near)
	}
	if len(candidates) == 0 {
		return ""
	}
	return ": there is " + verdict.Some(slices.Compact(slices.Sorted(slices.Values(candidates))), maxNamed)
}

// sentence makes a sentence of a reason.
func sentence(reason string) string { return verdict.Capital(strings.TrimSuffix(reason, ".")) + "." }
