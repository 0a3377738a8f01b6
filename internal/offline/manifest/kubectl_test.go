package manifest

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"
)

// asKubectl returns the kinds and names of the objects that kubectl reads out of a text.
func asKubectl(text string) ([]string, error) {
	infos, err := resource.NewLocalBuilder().Unstructured().Stream(strings.NewReader(text), "stdin").Flatten().Do().Infos()
	var names []string
	for _, info := range infos {
		if object, ok := info.Object.(*unstructured.Unstructured); ok {
			names = append(names, object.GetKind()+" "+object.GetName())
		}
	}
	slices.Sort(names)
	return names, err
}

// TestListsAreReadAsKubectlReadsThem compares with kubectl's own reader: which objects there are in a list, and whether it takes it at all.
func TestListsAreReadAsKubectlReadsThem(t *testing.T) {
	t.Parallel()
	const (
		partner = `{"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"%"},"spec":{"programRef":{"name":"p"}}}`
		bare    = `{"metadata":{"name":"%"},"spec":{"programRef":{"name":"p"}}}`
		ours    = "channel.jointplan.dev/v1alpha1"
	)
	of := func(object string, names ...string) string {
		var all []string
		for _, name := range names {
			all = append(all, strings.ReplaceAll(object, "%", name))
		}
		return strings.Join(all, ",")
	}
	list := func(version, kind, items string) string {
		return `{"apiVersion":"` + version + `","kind":"` + kind + `","items":[` + items + "]}"
	}
	for name, text := range map[string]string{
		"a list":                                 list("v1", "List", of(partner, "a", "b")),
		"a typed list":                           list(ours, "PartnerList", of(bare, "a", "b")),
		"a typed list with whole items":          list(ours, "PartnerList", of(partner, "a", "b")),
		"a list in a list":                       list("v1", "List", of(partner, "a")+","+list("v1", "List", of(partner, "b"))),
		"three deep":                             list("v1", "List", list("v1", "List", list("v1", "List", of(partner, "a")))),
		"a typed list in a list":                 list("v1", "List", list(ours, "PartnerList", of(partner, "a"))),
		"a typed list in a list, bare items":     list("v1", "List", list(ours, "PartnerList", of(bare, "a"))),
		"bare items of a list":                   list("v1", "List", of(bare, "a")),
		"a list of another kind":                 list("v1", "ConfigMapList", of(partner, "a")),
		"a ResourceList of kustomize":            list("config.kubernetes.io/v1", "ResourceList", of(partner, "a")),
		"a ResourceList in a list":               list("v1", "List", list("config.kubernetes.io/v1", "ResourceList", of(partner, "a"))),
		"an empty list beside an object":         list("v1", "List", "") + of(partner, "a"),
		"an empty list in a list":                list("v1", "List", list("v1", "List", "")+","+of(partner, "a")),
		"a text in a list":                       list("v1", "List", `"a"`),
		"a text in a list in a list":             list("v1", "List", list("v1", "List", `"a"`)),
		"a list that states no kind":             `{"apiVersion":"v1","items":[` + of(partner, "a") + "]}",
		"a List of another group":                list("example.com/v1", "List", of(partner, "a")),
		"a typed list of a version that is none": list("channel.jointplan.dev/v1", "PartnerList", of(partner, "a")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, refused := asKubectl(text)
			set, errs := readText(t, text)
			var got []string
			for _, object := range set.Objects() {
				got = append(got, object.GetObjectKind().GroupVersionKind().Kind+" "+object.GetName())
			}
			slices.Sort(got)
			if refused == nil {
				wantLines(t, got, want)
			}
			if (refused != nil) != (len(errs) > 0) {
				t.Errorf("kubectl says %v, we say %v", refused, errs)
			}
		})
	}
}
