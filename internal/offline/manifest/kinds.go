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
)

// kind is one of our kinds.
type kind struct {
	// create returns a new object of the kind.
	create func() Object
	// add adds an object of the kind to its list in a set.
	add func(*Set, Object)
	// compile returns the kind's schema and rules, compiled when first asked for.
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
	return map[string]*kind{
		"PartnerProgram":   newKind("partnerprograms", func(s *Set) *[]*v1alpha1.PartnerProgram { return &s.Programs }),
		"Partner":          newKind("partners", func(s *Set) *[]*v1alpha1.Partner { return &s.Partners }),
		"JointPlan":        newKind("jointplans", func(s *Set) *[]*v1alpha1.JointPlan { return &s.Plans }),
		"Campaign":         newKind("campaigns", func(s *Set) *[]*v1alpha1.Campaign { return &s.Campaigns }),
		"MeasurementSet":   newKind("measurementsets", func(s *Set) *[]*v1alpha1.MeasurementSet { return &s.Measurements }),
		"ApprovalDecision": newKind("approvaldecisions", func(s *Set) *[]*v1alpha1.ApprovalDecision { return &s.Decisions }),
		"PlanRevision":     newKind("planrevisions", func(s *Set) *[]*v1alpha1.PlanRevision { return &s.Revisions }),
		"MDFBudget":        newKind("mdfbudgets", func(s *Set) *[]*v1alpha1.MDFBudget { return &s.Budgets }),
		"MDFAllocation":    newKind("mdfallocations", func(s *Set) *[]*v1alpha1.MDFAllocation { return &s.Allocations }),
		"MDFClaim":         newKind("mdfclaims", func(s *Set) *[]*v1alpha1.MDFClaim { return &s.Claims }),
		"MDFLedger":        newKind("mdfledgers", func(s *Set) *[]*v1alpha1.MDFLedger { return &s.Ledgers }),
	}
}

// newKind returns a kind by its plural name and by the list of a set that its objects go to.
func newKind[T any, P interface {
	*T
	Object
}](plural string, list func(*Set) *[]P) *kind {
	k := &kind{
		create: func() Object { return P(new(T)) },
		add: func(s *Set, object Object) {
			if typed, ok := object.(P); ok {
				*list(s) = append(*list(s), typed)
			}
		},
	}
	k.compile = sync.OnceValues(func() (*compiled, error) {
		c, err := compile(plural)
		if err != nil {
			return nil, fmt.Errorf("the CustomResourceDefinition of %s cannot be used: %w", plural, err)
		}
		c.kind = k
		return c, nil
	})
	return k
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
