package manifest

import (
	"context"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	apiextensionsvalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/operation"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/features"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
)

// create takes an object as the API server takes a create request, and returns what it would store. The steps are those of
// the API server's customresource_handler.go and registry/customresource/strategy.go.
func (c *compiled) create(ctx context.Context, object *unstructured.Unstructured, namespace string) (Object, []problem) {
	problems, bad := c.decode(object)
	if bad != nil {
		return nil, append(problems, *bad)
	}
	c.prepare(object, namespace)
	problems = append(problems, c.validate(ctx, object)...)
	if len(problems) > 0 {
		return nil, problems
	}
	defaulting.Default(object.Object, c.structural) // what is read from the store is defaulted again: status
	typed := c.kind.object()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, typed); err != nil {
		return nil, []problem{{message: "is valid, but no client could read it: " + err.Error()}}
	}
	return typed, nil
}

// decode is strict decoding: it removes the fields that the schema does not know, reports them, and sets defaults. Metadata of
// a wrong shape ends the request here.
func (c *compiled) decode(object *unstructured.Unstructured) (unknown []problem, bad *problem) {
	apiVersion, kind := object.GetAPIVersion(), object.GetKind()
	meta, found, paths, err := objectmeta.GetObjectMetaWithOptions(object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, malformedMetadata(object, err)
	}
	track := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	paths = append(paths, pruning.PruneWithOptions(object.Object, c.structural, true, track)...)
	for i, path := range paths {
		unknown = append(unknown, problem{field: path, message: unknownField})
		if i < maxObjectErrors {
			unknown[i].message = c.hint(path)
		}
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, c.structural)
	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	if found {
		if err := objectmeta.SetObjectMeta(object.Object, meta); err != nil {
			return unknown, malformedMetadata(object, err)
		}
	}
	defaulting.Default(object.Object, c.structural)
	return unknown, nil
}

// prepare sets what the API server sets: it drops status, what only the system writes, and the namespace of a cluster-scoped object.
func (c *compiled) prepare(object *unstructured.Unstructured, namespace string) {
	delete(object.Object, "status")
	switch {
	case !c.namespaced:
		object.SetNamespace("")
	case object.GetNamespace() == "":
		object.SetNamespace(namespace)
	}
	dropSystemFields(object)
	object.SetGeneration(1)
}

// dropSystemFields removes the fields of metadata that a dump of a cluster has and only the system writes.
func dropSystemFields(object *unstructured.Unstructured) {
	object.SetUID(types.UID(""))
	object.SetResourceVersion("")
	object.SetSelfLink("")
	object.SetManagedFields(nil)
	object.SetDeletionGracePeriodSeconds(nil)
	object.SetDeletionTimestamp(nil)
	unstructured.RemoveNestedField(object.Object, "metadata", "creationTimestamp")
}

// validate is what the API server's strategy for custom resources does on create. Our schemas embed no resources, so there are
// none to validate.
func (c *compiled) validate(ctx context.Context, object *unstructured.Unstructured) []problem {
	errs := validateMetadata(ctx, object, c.namespaced, validation.NameIsDNSSubdomain)
	errs = append(errs, shorten(object.Object, c.structural, nil)...)
	errs = append(errs, apiextensionsvalidation.ValidateCustomResource(nil, object.UnstructuredContent(), c.openAPI)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, c.structural, object.Object)...)
	if blocksRules(errs) {
		return append(asProblems(errs), problem{message: rulesNotChecked, last: true})
	}
	broken, _ := c.rules.Validate(ctx, nil, c.structural, object.Object, nil, celconfig.RuntimeCELCostBudget)
	return asProblems(append(errs, broken...))
}

// blocksRules reports whether the API server would not evaluate the CEL rules: only values of the right type and length have
// a bounded cost.
func blocksRules(errs field.ErrorList) bool {
	for _, err := range errs {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		default:
		}
	}
	return false
}

// validateMetadata is the API server's validation of metadata.
func validateMetadata(ctx context.Context, object *unstructured.Unstructured, namespaced bool, name validation.ValidateNameFunc) field.ErrorList {
	path := field.NewPath("metadata")
	if object.GetName() == "" && object.GetGenerateName() != "" {
		return field.ErrorList{field.Required(path.Child("name"), "only a cluster can generate a name from generateName")}
	}
	content, _ := object.Object["metadata"].(map[string]any)
	meta := &metav1.ObjectMeta{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, meta); err != nil {
		return field.ErrorList{field.Invalid(path, "", err.Error())}
	}
	return validation.ValidateObjectMetaDeclaratively(ctx, operation.Create, meta, nil, namespaced, name, path,
		utilfeature.DefaultFeatureGate.Enabled(features.DeclarativeValidationBeta))
}

// validateNamespace checks the metadata of a v1 Namespace.
func validateNamespace(ctx context.Context, object *unstructured.Unstructured) []problem {
	meta, _, unknown, err := objectmeta.GetObjectMetaWithOptions(object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return []problem{*malformedMetadata(object, err)}
	}
	var problems []problem
	for _, path := range unknown {
		problems = append(problems, problem{field: path, message: unknownField})
	}
	if err := objectmeta.SetObjectMeta(object.Object, meta); err != nil {
		return append(problems, *malformedMetadata(object, err))
	}
	dropSystemFields(object)
	return append(problems, asProblems(validateMetadata(ctx, object, false, validation.ValidateNamespaceName))...)
}
