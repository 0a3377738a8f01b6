package snapshot

import (
	"cmp"
	"slices"
	"sync"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Reseller is a partner that buys through a distributor, directly or through another distributor, in a snapshot of its results.
type Reseller struct {
	// Partner is the reseller.
	Partner *v1alpha1.Partner
	// Snapshot holds the reseller with its plans, their campaigns and what is measured about these.
	Snapshot *Snapshot
}

// MaxLevels is the number of levels of distributors that are looked through, up and down.
const MaxLevels = 5

// Resellers returns the partners that buy through a distributor, directly or through others, by namespace and name, each once; none for another partner. They
// are looked up once.
func (p *Snapshot) Resellers(of *v1alpha1.Partner) []Reseller {
	if p.below == nil || of.Spec.Type != v1alpha1.PartnerDistributor {
		return nil
	}
	p.below.mutex.Lock()
	defer p.below.mutex.Unlock()
	name := v1alpha1.Name(of.Name)
	found, known := p.below.of[name]
	if !known {
		found = p.around.Resellers(of)
		p.below.of[name] = found
	}
	return found
}

// below are the resellers that were looked up, by distributor.
type below struct {
	mutex sync.Mutex
	of    map[v1alpha1.Name][]Reseller
}

func newBelow() *below { return &below{of: map[v1alpha1.Name][]Reseller{}} }

// IsReseller reports whether a partner counts as one that buys through a distributor: it names it, may name it, and is in the same program. The distributor
// permits what it lists in spec.childNamespaces, so each of the two says so itself.
func IsReseller(distributor, child *v1alpha1.Partner) bool {
	ref := child.Spec.ParentRef
	if ref == nil || distributor.Spec.Type != v1alpha1.PartnerDistributor || child.Spec.ProgramRef != distributor.Spec.ProgramRef {
		return false
	}
	namespace := string(ref.Namespace)
	if namespace == "" {
		namespace = child.Namespace
	}
	return namespace == distributor.Namespace && string(ref.Name) == distributor.Name &&
		(child.Namespace != distributor.Namespace || child.Name != distributor.Name) &&
		(child.Namespace == distributor.Namespace || slices.Contains(distributor.Spec.ChildNamespaces, v1alpha1.Name(child.Namespace)))
}

// Below returns the partners that buy through a distributor, directly or through others that do, by namespace and name. children returns those that name a
// partner. Where partners are each other's parents, each is found once, and the distributor itself never.
func Below(of *v1alpha1.Partner, children func(of *v1alpha1.Partner) ([]*v1alpha1.Partner, error)) ([]*v1alpha1.Partner, error) {
	type key struct{ namespace, name string }
	seen := map[key]bool{{of.Namespace, of.Name}: true}
	var all []*v1alpha1.Partner
	level := []*v1alpha1.Partner{of}
	for range MaxLevels {
		var next []*v1alpha1.Partner
		for _, parent := range level {
			if parent.Spec.Type != v1alpha1.PartnerDistributor {
				continue
			}
			found, err := children(parent)
			if err != nil {
				return nil, err
			}
			for _, child := range found {
				if at := (key{child.Namespace, child.Name}); !seen[at] && IsReseller(parent, child) {
					seen[at] = true
					next = append(next, child)
				}
			}
		}
		all = append(all, next...)
		level = next
	}
	slices.SortFunc(all, func(a, b *v1alpha1.Partner) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
}

// OfReseller returns a reseller with what a source of its namespace has of its results. Nobody is below it there.
func OfReseller(source Source, child *v1alpha1.Partner) (Reseller, error) {
	found, err := Gather(source, child, Campaigns|Results)
	if err != nil {
		return Reseller{}, err
	}
	results := New(child.Namespace, nil, *found)
	results.below = nil
	return Reseller{Partner: child, Snapshot: results}, nil
}

// Resellers returns the partners below a distributor among objects that are all there is.
func (a alone) Resellers(of *v1alpha1.Partner) []Reseller {
	children := func(parent *v1alpha1.Partner) ([]*v1alpha1.Partner, error) {
		var list []*v1alpha1.Partner
		for _, x := range a.objects.Partners {
			if IsReseller(parent, x) {
				list = append(list, x)
			}
		}
		return list, nil
	}
	all, _ := Below(of, children) // which do not fail
	var list []Reseller
	for _, child := range all {
		one, _ := OfReseller(NewMemory(a.objects), child) // a memory does not fail
		list = append(list, one)
	}
	return list
}
