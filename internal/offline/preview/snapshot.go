package preview

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Snapshot returns what the evaluation of an object sees among others, to ask what one more object would come to. The objects are taken as they
// are, with their statuses; the programs and budgets among them are taken to be permitted, since who may use them has been judged.
func Snapshot(objects []Object, of Object) *snapshot.Snapshot {
	programs := map[v1alpha1.Name]*program.Program{}
	var cluster kinds.Objects
	namespaces := map[string]*kinds.Objects{of.GetNamespace(): {}}
	for _, object := range objects {
		switch x, ok := object.(*v1alpha1.PartnerProgram); {
		case ok:
			programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
		case object.GetNamespace() == "":
			cluster.Add(object)
		default:
			if namespaces[object.GetNamespace()] == nil {
				namespaces[object.GetNamespace()] = &kinds.Objects{}
			}
			namespaces[object.GetNamespace()].Add(object)
		}
	}
	world := newAllOver(namespaces)
	memory := world.memories[of.GetNamespace()]
	unit, _ := snapshot.Gather(memory, of, snapshot.Everything) // a memory does not fail
	unit.Budgets, unit.Ledgers, unit.Published = cluster.Budgets, cluster.Ledgers, cluster.Published
	return snapshot.New(of.GetNamespace(), programs, *unit).Among(neighbours{Memory: memory, programs: programs, budgets: cluster.Budgets, world: world})
}

// Find returns the object with a key; nil when there is none.
func Find(objects []Object, kind, namespace, name string) Object {
	i := slices.IndexFunc(objects, func(x Object) bool {
		return x.GetObjectKind().GroupVersionKind().Kind == kind && x.GetNamespace() == namespace && x.GetName() == name
	})
	if i < 0 {
		return nil
	}
	return objects[i]
}
