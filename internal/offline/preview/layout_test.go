package preview

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// together returns the objects of several namespaces in one. Distributors above a partner are in it too.
func together(t *testing.T, set *manifest.Set, namespace string) *manifest.Set {
	t.Helper()
	var all kinds.Objects
	for _, x := range set.All() {
		moved, _ := x.DeepCopyObject().(kinds.Object)
		if moved.GetNamespace() != "" {
			moved.SetNamespace(namespace)
		}
		all.Add(moved)
	}
	for _, partner := range all.Partners {
		if partner.Spec.ParentRef != nil && partner.Spec.ParentRef.Namespace != "" {
			partner.Spec.ParentRef.Namespace = "partners"
		}
	}
	for _, x := range all.Programs { // the namespaces of two programs cannot be one otherwise
		x.Spec.AllowedNamespaces = nil
	}
	for _, x := range all.Budgets {
		x.Spec.AllowedNamespaces = nil
	}
	one, err := manifest.NewSet(all.All(), map[string]map[string]string{namespace: {}})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// TestPartnersInOneNamespaceStandAsInTheirOwn: where a vendor keeps its partners makes no difference to any status.
func TestPartnersInOneNamespaceStandAsInTheirOwn(t *testing.T) {
	const namespace = "partners"
	set := samples(t)
	names := map[string]bool{}
	for _, x := range set.All() {
		if key := manifest.KeyOf(x).Kind + " " + x.GetName(); names[key] {
			t.Fatalf("two objects are %s: they cannot be in one namespace", key)
		} else {
			names[key] = true
		}
	}
	apart, one := New(set), New(together(t, set, namespace))
	for _, at := range []time.Time{samplesAt.AddDate(0, -3, 0), samplesAt, samplesAt.AddDate(0, 2, 5), samplesAt.AddDate(0, 8, 0)} {
		want := map[string]flat{}
		for _, x := range apart.At(at) {
			want[manifest.KeyOf(x).Kind+" "+x.GetName()] = anywhere(flatten(x))
		}
		for _, x := range one.At(at) {
			key := manifest.KeyOf(x).Kind + " " + x.GetName()
			if diff := cmp.Diff(want[key], anywhere(flatten(x)), cmp.AllowUnexported(value{})); diff != "" {
				t.Errorf("%s: %s (-apart +together):\n%s", at.Format(time.RFC3339), key, diff)
			}
			delete(want, key)
		}
		for key := range want {
			t.Errorf("%s: %s is not there together", at.Format(time.RFC3339), key)
		}
	}
}

// anywhere writes each namespace of a partner as the same.
func anywhere(f flat) flat {
	plain := flat{}
	for path, one := range f {
		for _, name := range []string{"partner-acme", "partner-brightpath", "partner-corvid", "partner-finch", "partner-helix", "partner-lyra", "partner-orbit", "partners"} {
			path = strings.ReplaceAll(path, name+"/", "N/")
			one.text, one.element = strings.ReplaceAll(one.text, name+"/", "N/"), strings.ReplaceAll(one.element, name+"/", "N/")
		}
		plain[path] = one
	}
	return plain
}
