package main

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
)

// surroundings are what is applied around the objects of some files: all of their namespaces, the programs and budgets, and distributors of other
// namespaces.
type surroundings struct {
	set       *manifest.Set
	noBudgets bool     // budgets may not be read: requests for money are judged without
	hidden    []string // the distributors that may not be read, as namespace/name
	notes     []string // what is not checked, and which right is missing
}

// readSurroundings reads what is applied around the objects of files. A budget in the files concerns all who draw on it, so then it is the whole cluster.
func readSurroundings(ctx context.Context, c client.Client, files *manifest.Set) (*surroundings, error) {
	s := &surroundings{}
	if len(files.Budgets) > 0 {
		var err error
		s.set, err = readWholeCluster(ctx, c)
		return s, err
	}
	var objects []manifest.Object
	labels, unlabelled := map[string]map[string]string{}, false
	for _, namespace := range namespacesOf(files) {
		for _, kind := range kinds.All() {
			if !kind.Namespaced {
				continue
			}
			items, _, err := list(ctx, c, kind, namespace)
			if err != nil {
				return nil, inWords(err)
			}
			objects = append(objects, items...)
		}
		found := &corev1.Namespace{}
		switch err := c.Get(ctx, client.ObjectKey{Name: namespace}, found); {
		case apierrors.IsForbidden(err):
			unlabelled = true
		case err != nil && !apierrors.IsNotFound(err):
			return nil, inWords(err)
		}
		labels[namespace] = found.Labels
	}
	common, err := s.common(ctx, c)
	if err != nil {
		return nil, err
	}
	if unlabelled {
		permit(common)
	}
	judged := func(x manifest.Object) bool {
		partner, ok := x.(*v1alpha1.Partner)
		return ok && partner.Status.RuleSet != ""
	}
	if unlabelled && !slices.ContainsFunc(objects, judged) { // else its status knows the program
		s.notes = append(s.notes, "Whether the namespace may use the program and budgets is not checked: you are not allowed to get namespaces, whose labels say so.")
	}
	objects = append(objects, common...)
	above, err := s.distributors(ctx, c, slices.Concat(objects, files.Objects()))
	if err != nil {
		return nil, err
	}
	s.set, err = manifest.NewSet(append(objects, above...), labels)
	return s, err
}

// namespacesOf returns the namespaces of the objects of files.
func namespacesOf(files *manifest.Set) []string {
	var all []string
	for _, x := range files.Objects() {
		if name := x.GetNamespace(); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// common reads the programs, or their catalogs, their published benchmarks, and the budgets with their ledgers, as far as the caller may.
func (s *surroundings) common(ctx context.Context, c client.Client) (objects []manifest.Object, _ error) {
	for _, name := range []string{kinds.PartnerProgram, kinds.PublishedBenchmark, kinds.MDFBudget, kinds.MDFLedger} {
		items, _, err := list(ctx, c, kinds.Named(name), "")
		switch {
		case apierrors.IsForbidden(err) && name == kinds.PartnerProgram:
			programs, forbidden, err := offers(ctx, c)
			if forbidden {
				return nil, fmt.Errorf("the rules of the program are not at hand: you are not allowed to list %s; %s", resourceOf(kinds.ProgramCatalog), howToGrant(kinds.ProgramCatalog))
			}
			if err != nil {
				return nil, err
			}
			objects = append(objects, programs...)
		case apierrors.IsForbidden(err) && name == kinds.PublishedBenchmark: // what is compared with them is not judged
		case apierrors.IsForbidden(err):
			s.noBudgets = true
		case err != nil:
			return nil, inWords(err)
		default:
			objects = append(objects, items...)
		}
	}
	return objects, nil
}

// permit lets programs and budgets be used by every namespace: whose labels are not known may be one that may.
func permit(objects []manifest.Object) {
	for _, x := range objects {
		switch x := x.(type) {
		case *v1alpha1.PartnerProgram:
			x.Spec.AllowedNamespaces = nil
		case *v1alpha1.MDFBudget:
			x.Spec.AllowedNamespaces = nil
		}
	}
}

// distributors reads the distributors above partners that are in other namespaces, as far as the caller may.
func (s *surroundings) distributors(ctx context.Context, c client.Client, objects []manifest.Object) (found []manifest.Object, _ error) {
	there := map[client.ObjectKey]bool{}
	for _, x := range objects {
		if partner, ok := x.(*v1alpha1.Partner); ok {
			there[client.ObjectKeyFromObject(partner)] = true
		}
	}
	for i := 0; i < len(objects); i++ {
		partner, ok := objects[i].(*v1alpha1.Partner)
		if !ok || partner.Spec.ParentRef == nil {
			continue
		}
		key := client.ObjectKey{Namespace: string(partner.Spec.ParentRef.Namespace), Name: string(partner.Spec.ParentRef.Name)}
		if key.Namespace == "" || there[key] {
			continue
		}
		there[key] = true
		parent := &v1alpha1.Partner{}
		switch err := c.Get(ctx, key, parent); {
		case apierrors.IsForbidden(err):
			s.hidden = append(s.hidden, key.String())
		case apierrors.IsNotFound(err):
		case err != nil:
			return nil, inWords(err)
		default:
			parent.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.Partner))
			found, objects = append(found, parent), append(objects, parent)
		}
	}
	return found, nil
}

// judged returns those of the evaluated objects that the files hold. Where budgets may not be read, what is said of a request's or claim's budget being
// absent is not so: it goes, and a note says what was not checked.
func (s *surroundings) judged(objects []manifest.Object, files *manifest.Set) []manifest.Object {
	var list []manifest.Object
	var unsure []string
	var usable []string // by the partners' statuses
	for _, x := range s.set.Partners {
		for i := range x.Status.Budgets {
			usable = append(usable, string(x.Status.Budgets[i].Name))
		}
	}
	for _, x := range objects {
		if _, stated := files.Origins[manifest.KeyOf(x)]; !stated {
			continue
		}
		list = append(list, x)
		if partner, ok := x.(*v1alpha1.Partner); ok && partner.Spec.ParentRef != nil {
			s.withoutDistributor(partner)
		}
		if request, ok := x.(*v1alpha1.MDFAllocation); ok && s.noBudgets {
			name, missing := string(request.Spec.BudgetRef.Name), func(f v1alpha1.Finding) bool {
				return f.Field == "spec.budgetRef.name" && f.Rule == verdict.RuleReferenceNotFound
			}
			if slices.Contains(usable, name) {
				request.Status.Findings = slices.DeleteFunc(request.Status.Findings, missing)
			} else if i := slices.IndexFunc(request.Status.Findings, missing); i >= 0 {
				request.Status.Findings[i].Message = verdict.NotPermitted(kinds.MDFBudget, name, request.Namespace, usable)
			}
			unsure = append(unsure, manifest.KeyOf(x).String())
		}
	}
	if len(unsure) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("What the budget allows is not checked for %s: you are not allowed to list %s, which are for the vendor's people.",
			verdict.Some(unsure, maxNamed), resourceOf(kinds.MDFBudget)))
	}
	return list
}

// withoutDistributor takes from a partner what is said of its distributor being absent, where that may not be read, and notes that.
func (s *surroundings) withoutDistributor(partner *v1alpha1.Partner) {
	key := client.ObjectKey{Namespace: string(partner.Spec.ParentRef.Namespace), Name: string(partner.Spec.ParentRef.Name)}.String()
	if !slices.Contains(s.hidden, key) {
		return
	}
	partner.Status.Findings = slices.DeleteFunc(partner.Status.Findings, func(f v1alpha1.Finding) bool {
		return f.Rule == verdict.RuleReferenceNotFound && f.Field == "spec.parentRef"
	})
	s.notes = append(s.notes, fmt.Sprintf("The distributor %s of %s is not checked: you are not allowed to get %s in its namespace.", key, manifest.KeyOf(partner),
		resourceOf(kinds.Partner)))
}
