package manifest

import (
	"fmt"
	"io/fs"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/config/crd"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// kind is one of our kinds with the schema and rules of its definition, compiled when first asked for.
type kind struct {
	*kinds.Kind

	compile func() (*compiled, error)
}

// compiled is what objects of a kind are checked with.
type compiled struct {
	kind       *kind
	namespaced bool
	structural *structuralschema.Structural
	openAPI    validation.SchemaValidator
	rules      *cel.Validator
}

// knownKinds returns our kinds by name.
func knownKinds() map[string]*kind {
	known := map[string]*kind{}
	for _, of := range kinds.All() {
		k := &kind{Kind: of}
		k.compile = sync.OnceValues(func() (*compiled, error) {
			c, err := compile(of.Plural)
			if err != nil {
				return nil, fmt.Errorf("the CustomResourceDefinition of %s cannot be used: %w", of.Plural, err)
			}
			c.kind = k
			return c, nil
		})
		known[of.Name] = k
	}
	return known
}

// compile prepares a definition as the API server does when it begins to serve it.
func compile(plural string) (*compiled, error) {
	raw, err := fs.ReadFile(crd.Bases(), fmt.Sprintf("bases/%s_%s.yaml", v1alpha1.GroupName, plural))
	if err != nil {
		return nil, err
	}
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(raw, definition); err != nil {
		return nil, err
	}
	schema, err := internalSchema(definition, v1alpha1.GroupVersion.Version)
	if err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(schema)
	if err != nil {
		return nil, err
	}
	structural = structural.DeepCopy() // its defaults still belong to schema
	if err := defaulting.PruneDefaults(structural); err != nil {
		return nil, err
	}
	openAPI, _, err := validation.NewSchemaValidator(schema)
	if err != nil {
		return nil, err
	}
	return &compiled{
		namespaced: definition.Spec.Scope == apiextensionsv1.NamespaceScoped,
		structural: structural,
		openAPI:    openAPI,
		rules:      cel.NewValidator(structural, true, celconfig.PerCallLimit),
	}, nil
}

// internalSchema returns the schema of one version of a definition in the form that the API server's libraries take.
func internalSchema(definition *apiextensionsv1.CustomResourceDefinition, version string) (*apiextensions.JSONSchemaProps, error) {
	for _, one := range definition.Spec.Versions {
		if one.Name != version || one.Schema == nil {
			continue
		}
		internal := &apiextensions.CustomResourceValidation{}
		if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(one.Schema, internal, nil); err != nil {
			return nil, err
		}
		return internal.OpenAPIV3Schema, nil
	}
	return nil, fmt.Errorf("it has no version %s", version)
}
