package manifest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"jointplan.dev/jointplan/internal/verdict"
)

const (
	namespaceKind = "Namespace"
	listSuffix    = "List"

	// namespaceNameLabel is the label that the API server gives each namespace.
	namespaceNameLabel = "kubernetes.io/metadata.name"

	// maxObjectBytes is the most that etcd takes in one write.
	maxObjectBytes = 1536 << 10

	// maxObjectErrors bounds what is said about one object.
	maxObjectErrors = 50
)

// item reads one object or list of objects.
func (r *reading) item(origin Origin, value any) {
	content, ok := value.(map[string]any)
	if !ok {
		r.fail(&Error{File: origin.File, Document: origin.Document, Line: origin.Start, Message: "must be an object: a mapping with apiVersion, kind and metadata"})
		return
	}
	r.objects++
	object := &unstructured.Unstructured{Object: content}
	key, ok := r.identify(origin, object)
	if !ok {
		return
	}
	of := object.GroupVersionKind().Group
	switch {
	case r.isList(object) && origin.inList:
		r.fieldError(origin, key, "", "is a list within a list, which kubectl refuses: put its items into the outer one")
	case r.isList(object):
		r.objects--
		r.list(origin, object)
	case key.Kind == namespaceKind && object.GetAPIVersion() == "v1":
		r.namespace(origin, key, object)
	case of == r.version.Group:
		r.ours(origin, key, object)
	case r.isMistypedGroup(of, key.Kind):
		r.fieldError(origin, key, "apiVersion", fmt.Sprintf("unknown API group %q, did you mean %s?", of, r.version))
	default:
		origin.node = nil // it is only named
		r.set.Skipped = append(r.set.Skipped, Skipped{Key: key, APIVersion: object.GetAPIVersion(), Origin: origin})
	}
}

// identify reads what every object must say about itself.
func (r *reading) identify(origin Origin, object *unstructured.Unstructured) (Key, bool) {
	metadata, _ := object.Object["metadata"].(map[string]any)
	key := Key{Kind: object.GetKind()}
	key.Namespace, _ = metadata["namespace"].(string)
	key.Name, _ = metadata["name"].(string)
	ok := true
	for _, field := range []string{"apiVersion", "kind"} {
		text, isText := object.Object[field].(string)
		_, isThere := object.Object[field]
		switch {
		case isText && text != "":
			continue
		case isThere && !isText:
			r.fieldError(origin, key, field, "must be text")
		default:
			r.fieldError(origin, key, field, "Required value: every object states its apiVersion and kind")
		}
		ok = false
	}
	if _, err := schema.ParseGroupVersion(object.GetAPIVersion()); ok && err != nil {
		r.fieldError(origin, key, "apiVersion", err.Error())
		ok = false
	}
	return key, ok
}

// isMistypedGroup reports whether an object of another group was probably meant to be one of ours. Otherwise it would be
// skipped, and nobody would miss it.
func (r *reading) isMistypedGroup(group, kind string) bool {
	if r.kinds[kind] == nil || len(group) > 2*len(r.version.Group) {
		return false
	}
	return strings.HasSuffix(group, "jointplan.dev") || verdict.Nearest(group, []string{r.version.Group}) != ""
}

// isList reports whether an object is a list whose items are to be read. As for kubectl that is whatever has items, but not what has the name of one
// of our kinds, of which it would lose the rest.
func (r *reading) isList(object *unstructured.Unstructured) bool {
	version, kind := object.GetAPIVersion(), object.GetKind()
	if version == r.version.String() && r.kinds[kind] != nil {
		return false
	}
	of, isList := strings.CutSuffix(kind, listSuffix)
	ours := version == "v1" && of == "" || version == r.version.String() && r.kinds[of] != nil
	return object.IsList() || isList && ours
}

// list reads the items of a list. Items of a typed list that state no kind have the list's.
func (r *reading) list(origin Origin, list *unstructured.Unstructured) {
	key := Key{Kind: list.GetKind()}
	r.problems(origin, key, asDuplicates(origin, repeatedKeys(origin.node, "")))
	items, isList := list.Object["items"].([]any)
	_, nodes := child(origin.node, "items")
	if nodes = resolve(nodes); !isList || nodes == nil || len(nodes.Content) != len(items) {
		r.fieldError(origin, key, "items", "must be a list of objects")
		return
	}
	for i, item := range items {
		if r.ended() {
			return
		}
		if content, ok := item.(map[string]any); ok {
			giveKind(content, list)
		}
		one := origin
		one.inList = true
		one.node = resolve(nodes.Content[i])
		one.Start = nodes.Content[i].Line + origin.offset
		r.item(one, item)
	}
}

func giveKind(item map[string]any, list *unstructured.Unstructured) {
	kind := strings.TrimSuffix(list.GetKind(), listSuffix)
	_, hasKind := item["kind"]
	_, hasVersion := item["apiVersion"]
	if kind != "" && !hasKind && !hasVersion {
		item["kind"], item["apiVersion"] = kind, list.GetAPIVersion()
	}
}

// namespace keeps the labels of a namespace: they decide which programs its partners may use.
func (r *reading) namespace(origin Origin, key Key, object *unstructured.Unstructured) {
	key.Namespace = ""
	unstructured.RemoveNestedField(object.Object, "metadata", "namespace") // as the API server does
	problems := r.repeated(origin, key)
	problems = append(problems, validateNamespace(r.ctx, object)...)
	if r.problems(origin, key, problems) {
		return
	}
	labels := object.GetLabels()
	if labels == nil {
		labels = map[string]string{}
	}
	r.set.Namespaces[key.Name] = labels
	r.set.Origins[key] = origin
}

// ours reads an object of our group.
func (r *reading) ours(origin Origin, key Key, object *unstructured.Unstructured) {
	kind := r.kinds[key.Kind]
	switch {
	case kind == nil:
		r.fieldError(origin, key, "kind", r.unknownKind(key.Kind))
		return
	case object.GroupVersionKind().Version != r.version.Version:
		r.fieldError(origin, key, "apiVersion", fmt.Sprintf("unknown version %q of %s, did you mean %s?",
			object.GroupVersionKind().Version, r.version.Group, r.version))
		return
	}
	compiled, err := kind.compile()
	if err != nil {
		r.fieldError(origin, key, "", err.Error())
		return
	}
	switch {
	case !compiled.namespaced:
		key.Namespace = ""
	case key.Namespace == "":
		key.Namespace = r.options.Namespace
	}
	if bytes := size(origin.node); bytes > maxObjectBytes {
		r.fieldError(origin, key, "", fmt.Sprintf("has about %d bytes, more than the %d that an API server can store", bytes, maxObjectBytes))
		return
	}
	problems := r.repeated(origin, key)
	typed, broken := compiled.create(r.ctx, object, r.options.Namespace)
	if r.problems(origin, key, append(problems, broken...)) {
		return
	}
	r.set.order = append(r.set.order, typed)
	r.set.Origins[key] = origin
	r.set.Add(typed)
}

func (g *group) unknownKind(name string) string {
	known := slices.Sorted(maps.Keys(g.kinds))
	if len(name) <= maxHintBytes {
		if near := verdict.Nearest(name, known); near != "" {
			return fmt.Sprintf("unknown kind %q, did you mean %s?", name, near)
		}
	}
	return fmt.Sprintf("unknown kind %q; the kinds of %s are %s", name, g.version, strings.Join(known, ", "))
}

// repeated reports an object that was there before, and fields that stand twice in their mapping, of which decoding would
// silently keep the last.
func (r *reading) repeated(origin Origin, key Key) []problem {
	var problems []problem
	before, isRepeated := r.seen[key]
	switch {
	case key.Name == "": // validation of metadata says so
	case isRepeated:
		problems = append(problems, problem{message: fmt.Sprintf("is defined here and in %s: remove one of them", before)})
	default:
		r.seen[key] = origin
	}
	return append(problems, asDuplicates(origin, duplicates(origin.node, ""))...)
}

func asDuplicates(origin Origin, fields []placed) []problem {
	var problems []problem
	for _, one := range fields {
		problems = append(problems, problem{line: one.node.Line + origin.offset, column: one.node.Column, field: one.path, message: duplicateField})
	}
	return problems
}

// problems records what is wrong with an object in the order of its lines; of very much the first part. It reports whether
// there was anything.
func (r *reading) problems(origin Origin, key Key, problems []problem) bool {
	left := len(problems) - maxObjectErrors
	if left > maxObjectErrors*10 { // finding many more lines takes long
		slices.SortStableFunc(problems, comparePaths)
		problems = problems[:maxObjectErrors]
	}
	for i := range problems {
		problems[i].message = bareWord(origin, problems[i])
		if problems[i].line == 0 {
			problems[i].line, problems[i].column = origin.Place(problems[i].field)
		}
	}
	slices.SortStableFunc(problems, func(a, b problem) int {
		return cmp.Or(compareBool(a.last, b.last), cmp.Compare(a.line, b.line), comparePaths(a, b))
	})
	if left > 0 {
		problems = append(problems[:maxObjectErrors], problem{line: origin.Start, message: fmt.Sprintf("has %d more errors", left)})
	}
	for _, one := range problems {
		r.fail(&Error{
			File: origin.File, Document: origin.Document, Line: one.line, Column: one.column, Object: key.String(), Field: one.field, Message: one.message,
		})
	}
	return len(problems) > 0
}

func comparePaths(a, b problem) int {
	return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.message, b.message))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

func (r *reading) fieldError(origin Origin, key Key, field, message string) {
	r.problems(origin, key, []problem{{field: field, message: message}})
}

// nameNamespaces gives every namespace the label that the API server gives it.
func (s *Set) nameNamespaces() {
	for _, object := range s.order {
		if name := object.GetNamespace(); name != "" && s.Namespaces[name] == nil {
			s.Namespaces[name] = map[string]string{}
		}
	}
	for name, labels := range s.Namespaces {
		labels[namespaceNameLabel] = name
	}
}
