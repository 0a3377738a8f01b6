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
	"k8s.io/apimachinery/pkg/runtime/schema"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/config/crd"
	"jointplan.dev/jointplan/config/imports"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// group is the kinds of a group that are read.
type group struct {
	version     schema.GroupVersion
	definitions fs.FS // as controller-gen names them
	kinds       map[string]*kind
}

// kind is one of our kinds with the schema and rules of its definition, compiled when first asked for.
type kind struct {
	object func() Object

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

// channel are the kinds of a cluster.
func channel() *group {
	g := &group{version: v1alpha1.GroupVersion, definitions: crd.Bases(), kinds: map[string]*kind{}}
	for _, of := range kinds.All() {
		g.add(of.Name, of.Plural, of.New)
	}
	return g
}

// mappings are the kinds of files that say how something is imported.
func mappings() *group {
	g := &group{version: importsv1alpha1.GroupVersion, definitions: imports.Bases(), kinds: map[string]*kind{}}
	g.add("ResultsMapping", "resultsmappings", func() Object { return &importsv1alpha1.ResultsMapping{} })
	g.add("ObjectsMapping", "objectsmappings", func() Object { return &importsv1alpha1.ObjectsMapping{} })
	return g
}

func (g *group) add(name, plural string, object func() Object) {
	k := &kind{object: object}
	k.compile = sync.OnceValues(func() (*compiled, error) {
		c, err := g.compile(plural)
		if err != nil {
			return nil, fmt.Errorf("the CustomResourceDefinition of %s cannot be used: %w", plural, err)
		}
		c.kind = k
		return c, nil
	})
	g.kinds[name] = k
}

// compile prepares a definition as the API server does when it begins to serve it.
func (g *group) compile(plural string) (*compiled, error) {
	raw, err := fs.ReadFile(g.definitions, fmt.Sprintf("bases/%s_%s.yaml", g.version.Group, plural))
	if err != nil {
		return nil, err
	}
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(raw, definition); err != nil {
		return nil, err
	}
	props, err := internalSchema(definition, g.version.Version)
	if err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(props)
	if err != nil {
		return nil, err
	}
	structural = structural.DeepCopy() // its defaults still belong to props
	if err := defaulting.PruneDefaults(structural); err != nil {
		return nil, err
	}
	openAPI, _, err := validation.NewSchemaValidator(props)
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
