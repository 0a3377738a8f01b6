package preview

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Snapshot returns a namespace among objects as the evaluation sees it, to ask what one more object would come to. Its objects are taken as they
// are, with their statuses; the programs and budgets among them are taken to be permitted, since who may use them has been judged.
func Snapshot(objects []Object, namespace string) *snapshot.Snapshot {
	programs := map[v1alpha1.Name]*program.Program{}
	var all snapshot.Objects
	for _, object := range objects {
		if object.GetNamespace() != "" && object.GetNamespace() != namespace {
			continue
		}
		if x, ok := object.(*v1alpha1.PartnerProgram); ok {
			programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
		}
		all.Add(object)
	}
	return snapshot.New(namespace, programs, all)
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
