package manifest

import (
	"maps"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxUnboundedEntries bounds the lists and maps that the schema does not bound: those of a label selector.
const maxUnboundedEntries = 1000

// shorten cuts lists and maps of an object that have more entries than the schema allows, and says which. The library that
// validates the rest compares each error with each other one, so a list of a hundred thousand wrong entries would keep it busy
// for minutes; and what is in the entries too many does not matter.
func shorten(value any, at *schema.Structural, path *field.Path) field.ErrorList {
	if at == nil {
		return nil
	}
	switch value := value.(type) {
	case map[string]any:
		return shortenMap(value, at, path)
	case []any:
		var errs field.ErrorList
		for i, one := range value {
			errs = append(errs, shorten(one, at.Items, path.Index(i))...)
		}
		return errs
	default:
		return nil
	}
}

func shortenMap(values map[string]any, at *schema.Structural, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if limit := maxProperties(at); at.AdditionalProperties != nil && len(values) > limit {
		errs = append(errs, field.TooMany(path, len(values), limit))
		for _, key := range slices.Sorted(maps.Keys(values))[limit:] {
			delete(values, key)
		}
	}
	for name, value := range values {
		next := schemaStep(at, name)
		if next == nil {
			continue
		}
		if list, isList := value.([]any); isList {
			limit := maxEntries(next)
			if len(list) > limit {
				errs = append(errs, field.TooMany(path.Child(name), len(list), limit))
				list = list[:limit]
				values[name] = list
			}
		}
		errs = append(errs, shorten(values[name], next, path.Child(name))...)
	}
	return errs
}

func maxEntries(list *schema.Structural) int {
	if list.ValueValidation != nil && list.ValueValidation.MaxItems != nil {
		return int(*list.ValueValidation.MaxItems)
	}
	return maxUnboundedEntries
}

func maxProperties(object *schema.Structural) int {
	if object.ValueValidation != nil && object.ValueValidation.MaxProperties != nil {
		return int(*object.ValueValidation.MaxProperties)
	}
	return maxUnboundedEntries
}
