package main

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// kindOf returns the kind that a name stands for: as kubectl takes it (singular, plural or short name) or a nickname.
func kindOf(name string) (string, error) {
	name = strings.ToLower(name)
	known, err := definitions()
	if err != nil {
		return "", err
	}
	candidates := []string{}
	for kind, definition := range known {
		names := definition.Spec.Names
		all := append([]string{strings.ToLower(kind), names.Singular, names.Plural}, names.ShortNames...)
		if slices.Contains(all, name) {
			return kind, nil
		}
		candidates = append(candidates, names.Singular)
	}
	for _, kind := range kinds.All() {
		for _, nickname := range kind.Nicknames {
			if name == nickname || name == nickname+"s" {
				return kind.Name, nil
			}
			candidates = append(candidates, nickname)
		}
	}
	slices.Sort(candidates)
	return "", usageError{fmt.Errorf("%q is not a kind of this project%s", name, thereIs(name, candidates))}
}

// find returns the object that an argument names: KIND/NAME, or NAME where it is that of a plan or of only one object.
func (v *view) find(argument string) (manifest.Object, error) {
	kind, name, named := strings.Cut(argument, "/")
	switch {
	case !named:
		return v.findName(argument)
	case name == "" || strings.Contains(name, "/"):
		return nil, usageError{fmt.Errorf("%q: must be KIND/NAME, such as plan/acme-fy27-h1", argument)}
	}
	kind, err := kindOf(kind)
	if err != nil {
		return nil, err
	}
	found := v.filter(func(key manifest.Key) bool { return key.Kind == kind && key.Name == name })
	if lacks := v.mayNot(kind); lacks != "" && len(found) == 0 {
		return nil, fmt.Errorf("%s is not at hand: %s", argument, lacks)
	}
	return v.only(found, argument, func(key manifest.Key) bool { return key.Kind == kind })
}

// findName returns the object of a name: the plan when there is one of that name, otherwise the only object.
func (v *view) findName(name string) (manifest.Object, error) {
	plans := v.filter(func(key manifest.Key) bool { return key.Kind == kinds.JointPlan && key.Name == name })
	if len(plans) == 1 {
		return plans[0], nil
	}
	return v.only(v.filter(func(key manifest.Key) bool { return key.Name == name }), name, func(manifest.Key) bool { return true })
}

func (v *view) filter(chosen func(manifest.Key) bool) []manifest.Object {
	var found []manifest.Object
	for _, object := range v.objects {
		if chosen(manifest.KeyOf(object)) {
			found = append(found, object)
		}
	}
	return found
}

// only returns the one object that was found. Otherwise it says what is there: the nearest name of those that could be meant, or all that are.
func (v *view) only(found []manifest.Object, argument string, meant func(manifest.Key) bool) (manifest.Object, error) {
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		var names []string
		for _, object := range found {
			names = append(names, pasteable(object, true))
		}
		return nil, usageError{fmt.Errorf("%s is the name of %d objects: say which one: %s", argument, len(found), strings.Join(names, ", "))}
	}
	_, name, named := strings.Cut(argument, "/")
	if !named {
		name = argument
	}
	var candidates, listed []string
	for _, object := range v.filter(meant) {
		candidates = append(candidates, object.GetName())
		if named || manifest.KeyOf(object).Kind == kinds.JointPlan { // a name alone is a plan's
			listed = append(listed, object.GetName())
		}
	}
	hint := thereIs(name, candidates)
	if !strings.HasSuffix(hint, "?") {
		hint = thereIs("", listed)
		if v.namespace != "" {
			hint += map[bool]string{true: ": ", false: "; "}[hint == ""] + "look in another namespace with -n, or in all with -A"
		}
	}
	return nil, fmt.Errorf("there is no %s%s%s", argument, v.where(), hint)
}

// where says where the view looks.
func (v *view) where() string {
	switch {
	case v.namespace != "":
		return " in namespace " + v.namespace
	case v.set != nil:
		return " in the files"
	default:
		return " in the cluster"
	}
}

// pasteable returns the name of an object as a command takes it: jointplan/acme-fy27-h1, with its namespace if that is requested.
func pasteable(object manifest.Object, namespace bool) string {
	key := manifest.KeyOf(object)
	text := strings.ToLower(key.Kind) + "/" + key.Name
	if namespace && key.Namespace != "" {
		text += " -n " + key.Namespace
	}
	return text
}

// namespaces returns the number of namespaces that objects are in.
func namespaces(objects []manifest.Object) int {
	seen := map[string]bool{}
	for _, object := range objects {
		if object.GetNamespace() != "" {
			seen[object.GetNamespace()] = true
		}
	}
	return len(seen)
}
