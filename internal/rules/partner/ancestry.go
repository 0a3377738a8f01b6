package partner

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// MaxAncestors is the number of distributors above a partner that are followed.
const MaxAncestors = 5

// Ancestor is a distributor above a partner.
type Ancestor struct {
	// Namespace is the distributor's namespace.
	Namespace string
	// Partner is the distributor.
	Partner *v1alpha1.Partner
}

// String returns namespace/name.
func (a Ancestor) String() string { return a.Namespace + "/" + a.Partner.Name }

// Ancestry is the chain of distributors above a partner.
type Ancestry struct {
	// Chain are the distributors, nearest first, as far as they exist, are distributors and permit it; at most 5.
	Chain []Ancestor
	// Rule is the identifier of the rule that breaks the chain: RuleReferenceNotFound, RuleParentNotDistributor, RuleParentCircular or
	// RuleParentTooDeep. Empty when the chain comes to its natural end.
	Rule string
	// Broken says why the chain breaks off. Empty when it comes to its natural end.
	Broken string
	// Own says that the partner's own spec.parentRef is what breaks it, rather than that of a distributor above it.
	Own bool
}

// ResolveAncestry follows spec.parentRef upwards. lookup returns the partner of a namespace and name, nil when there is none.
//
// A partner may name a distributor of its own namespace, or one that lists its namespace in spec.childNamespaces. Whether a partner that may not be
// named exists cannot be told from the answer.
func ResolveAncestry(partner *v1alpha1.Partner, lookup func(namespace, name string) *v1alpha1.Partner) Ancestry {
	var a Ancestry
	child := Ancestor{Namespace: partner.Namespace, Partner: partner}
	line := []Ancestor{child}
	for child.Partner.Spec.ParentRef != nil {
		parent, problem := parentOf(child, lookup)
		if problem.Broken == "" {
			if i := slices.IndexFunc(line, func(x Ancestor) bool { return x.String() == parent.String() }); i >= 0 {
				problem = circular(partner, append(line[i:], parent))
				problem.Own = i == 0
			} else if len(a.Chain) == MaxAncestors {
				problem = Ancestry{Rule: RuleParentTooDeep, Broken: fmt.Sprintf(
					"there are more than %d levels of distributors above the partner, and those above %s are left out: shorten the chain",
					MaxAncestors, child.seenBy(partner))}
			}
		}
		if problem.Broken != "" {
			problem.Own = problem.Own || len(a.Chain) == 0
			problem.Chain = a.Chain
			return problem
		}
		a.Chain = append(a.Chain, parent)
		line = append(line, parent)
		child = parent
	}
	return a
}

// parentOf returns the distributor that a partner names, or why it cannot be used.
func parentOf(child Ancestor, lookup func(namespace, name string) *v1alpha1.Partner) (parent Ancestor, problem Ancestry) {
	ref := child.Partner.Spec.ParentRef
	parent.Namespace = child.Namespace
	if ref.Namespace != "" {
		parent.Namespace = string(ref.Namespace)
	}
	parent.Partner = lookup(parent.Namespace, string(ref.Name))
	permitted := parent.Namespace == child.Namespace ||
		parent.Partner != nil && slices.Contains(parent.Partner.Spec.ChildNamespaces, v1alpha1.Name(child.Namespace))
	switch {
	case parent.Partner == nil || !permitted:
		return parent, Ancestry{Rule: verdict.RuleReferenceNotFound, Broken: missing(parent.Namespace, child.Namespace, ref.Name, nil)}
	case parent.Partner.Spec.Type != v1alpha1.PartnerDistributor:
		return parent, Ancestry{Rule: RuleParentNotDistributor, Broken: fmt.Sprintf(
			"partner %s is not a distributor: name one whose spec.type is Distributor, or remove parentRef", parent)}
	}
	return parent, Ancestry{}
}

// missing says that a distributor is not found or does not permit it, and what to do.
func missing(namespace, own string, name v1alpha1.Name, candidates []string) string {
	if namespace == own {
		return verdict.NotFound(kinds.Partner, string(name), candidates) + "; correct the name, or create the distributor"
	}
	return verdict.NotFound(kinds.Partner, namespace+"/"+string(name), nil) +
		fmt.Sprintf("; correct the name, or ask the distributor to list namespace %s in its spec.childNamespaces", own)
}

// seenBy names a distributor to a partner that may not read other namespaces: it knows those of its own, and the one that it names itself.
func (a Ancestor) seenBy(partner *v1alpha1.Partner) string {
	ref := partner.Spec.ParentRef
	if a.Namespace == partner.Namespace || ref != nil && string(ref.Namespace) == a.Namespace && string(ref.Name) == a.Partner.Name {
		return a.String()
	}
	return "a distributor of another namespace"
}

// circular says to a partner that partners are each other's parents. The first and the last of them are the same.
func circular(partner *v1alpha1.Partner, ring []Ancestor) Ancestry {
	names := make([]string, 0, len(ring))
	for _, x := range ring {
		names = append(names, x.seenBy(partner))
	}
	return Ancestry{Rule: RuleParentCircular, Broken: fmt.Sprintf(
		"parents form a loop, %s: remove the parentRef of one of them", strings.Join(names, " -> "))}
}

// findAncestry adds a finding where the chain breaks. It is an error of the partner that can correct it, and a warning on those below.
func findAncestry(p *snapshot.Snapshot, partner *v1alpha1.Partner, a Ancestry, findings *verdict.Findings) {
	switch {
	case a.Broken == "":
	case !a.Own:
		findings.Warningf(a.Rule, "spec.parentRef", "%s", above(partner, a))
	case a.Rule == verdict.RuleReferenceNotFound && partner.Spec.ParentRef != nil:
		ref, own := partner.Spec.ParentRef, partner.Namespace
		namespace := own
		if ref.Namespace != "" {
			namespace = string(ref.Namespace)
		}
		findings.Errorf(a.Rule, "spec.parentRef", "%s", missing(namespace, own, ref.Name, p.DistributorNames()))
	default:
		findings.Errorf(a.Rule, "spec.parentRef", "%s", a.Broken)
	}
}

// above words a break that lies above the partner. What the distributor names there is that distributor's own affair, unless both share a namespace.
func above(partner *v1alpha1.Partner, a Ancestry) string {
	if len(a.Chain) == 0 || a.Rule == RuleParentCircular || a.Rule == RuleParentTooDeep {
		return a.Broken
	}
	last := a.Chain[len(a.Chain)-1]
	if last.Namespace == partner.Namespace {
		return fmt.Sprintf("spec.parentRef of %s: %s", last, a.Broken)
	}
	who := last.seenBy(partner)
	if len(a.Chain) > 1 {
		who += " above " + a.Chain[0].seenBy(partner)
	}
	return fmt.Sprintf("%s names a distributor of its own that cannot be used: ask it to correct its spec.parentRef", who)
}
