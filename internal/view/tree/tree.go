// Package tree arranges objects under what they belong to: program, partner, plan, campaign, request and claim. Of each it says the one thing
// that matters most, and it leaves out those with which nothing is the matter.
package tree

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/concern"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Node is an object, or a group of objects that stand alike, with what is under it.
type Node struct {
	// Kind is the kind.
	Kind string `json:"kind"`
	// Namespace is the namespace; empty for a cluster-scoped kind.
	Namespace string `json:"namespace,omitempty"`
	// Names are the names: one, or those of a group, sorted.
	Names []string `json:"names"`
	// State is where the object is in its life, for people.
	State string `json:"state,omitempty"`
	// Health is how it stands.
	Health health.State `json:"health"`
	// Level is how much its gravest concern matters: grave, warning, note or fine.
	Level concern.Level `json:"level"`
	// Reasons are the reasons of its concerns, the gravest first.
	Reasons []string `json:"reasons,omitempty"`
	// Message says what matters most.
	Message string `json:"message,omitempty"`
	// Hidden counts the objects directly or indirectly under it that are left out.
	Hidden int `json:"hidden,omitempty"`
	// Children are what is under it.
	Children []*Node `json:"children,omitempty"`
}

// Options say what to show.
type Options struct {
	// Root is the only object to show, with what is under it; under a distributor its resellers too. The zero key means all.
	Root manifest.Key
	// All shows also what is healthy, and groups nothing that is not.
	All bool
}

// Build returns the tree of objects, and how many of those that are at its top are left out.
func Build(index *lineage.Index, options Options) (nodes []*Node, hidden int) {
	b := builder{index: index, all: options.All}
	if options.Root != (manifest.Key{}) {
		if root := index.Get(options.Root); root != nil {
			return []*Node{b.family(root)}, 0
		}
		return nil, 0
	}
	top := &Node{}
	for _, object := range index.Objects() {
		if index.Get(lineage.Above(object)) == nil {
			b.add(top, object)
		}
	}
	return group(top.Children, b.all), top.Hidden
}

type builder struct {
	index *lineage.Index
	all   bool
}

// shown are the kinds that make the tree: those of which people ask where they stand. The others say something about one of these (its
// results, its approvals, what was approved, what is reserved), and are in the tree only while something is the matter with them.
var shown = []string{
	kinds.PartnerProgram, kinds.ChannelStrategy, kinds.ProgramReport, kinds.MDFBudget, kinds.Partner, kinds.JointPlan, kinds.Campaign, kinds.MDFAllocation, kinds.MDFClaim,
}

func isBranch(object manifest.Object) bool {
	return slices.Contains(shown, manifest.KeyOf(object).Kind)
}

// matters reports whether something is the matter with an object of a kind that does not make the tree.
func (b builder) matters(object manifest.Object) bool {
	if _, isLedger := object.(*v1alpha1.MDFLedger); isLedger {
		return false
	}
	return describe(object).Level <= concern.Warning
}

// node returns the node of an object with what is under it.
func (b builder) node(object manifest.Object) *Node {
	n := describe(object)
	for _, child := range b.index.Children(manifest.KeyOf(object)) {
		b.add(n, child)
	}
	n.Children = group(n.Children, b.all)
	return n
}

// family returns the node of an object with what is under it, and under a distributor its resellers with their plans.
func (b builder) family(object manifest.Object) *Node {
	n := b.node(object)
	if distributor, ok := object.(*v1alpha1.Partner); ok {
		for _, one := range b.index.Resellers(distributor) {
			if child, ok := one.(*v1alpha1.Partner); ok && snapshot.IsReseller(distributor, child) {
				b.add(n, child)
			}
		}
	}
	return n
}

// add adds the node of an object under another, or counts it when it is left out.
func (b builder) add(above *Node, object manifest.Object) {
	if !isBranch(object) && !b.matters(object) {
		return
	}
	n := b.node(object)
	if !b.all && n.Level == concern.Fine && len(n.Children) == 0 {
		above.Hidden += 1 + n.Hidden
		return
	}
	above.Children = append(above.Children, n)
}

// describe returns the node of an object without what is under it.
func describe(object manifest.Object) *Node {
	key, stands, concerns := manifest.KeyOf(object), health.Of(object), concern.Of(object)
	n := &Node{
		Kind: key.Kind, Namespace: key.Namespace, Names: []string{key.Name}, State: State(object), Health: stands.State, Level: concern.Fine,
	}
	switch {
	case stands.State == health.Progressing:
		n.Level, n.Message = concern.Warning, stands.Message
	case len(concerns) > 0:
		n.Level, n.Message = concerns[0].Level, concerns[0].Message
	}
	for _, concern := range concerns {
		if !slices.Contains(n.Reasons, concern.Reason) {
			n.Reasons = append(n.Reasons, concern.Reason)
		}
	}
	return n
}

// group makes one node of neighbours that stand alike and have nothing under them: what is the matter with them is the same. With all,
// only those with which nothing is the matter are put together.
func group(nodes []*Node, all bool) []*Node {
	var grouped []*Node
	for _, n := range nodes {
		i := slices.IndexFunc(grouped, func(g *Node) bool { return alike(g, n) })
		if i < 0 || all && n.Level != concern.Fine {
			grouped = append(grouped, n)
			continue
		}
		grouped[i].Names = append(grouped[i].Names, n.Names...)
		grouped[i].Hidden += n.Hidden
	}
	return grouped
}

func alike(a, b *Node) bool {
	return a.Kind == b.Kind && a.Namespace == b.Namespace && a.State == b.State && a.Health == b.Health && a.Level == b.Level && a.Message == b.Message &&
		slices.Equal(a.Reasons, b.Reasons) && len(a.Children) == 0 && len(b.Children) == 0 && groups(a.Kind)
}

// groups reports whether objects of a kind are put together: those that stand for a whole are not.
func groups(kind string) bool {
	return kind != kinds.PartnerProgram && kind != kinds.Partner && kind != kinds.JointPlan && kind != kinds.MDFBudget
}

// Count returns the number of objects that nodes show, and of those that they leave out.
func Count(nodes []*Node) (seen, hidden int) {
	for _, n := range nodes {
		s, h := Count(n.Children)
		seen, hidden = seen+len(n.Names)+s, hidden+n.Hidden+h
	}
	return seen, hidden
}
