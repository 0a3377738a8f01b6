// Package storetest makes stores in memory for the tests of controllers.
package storetest

import (
	"fmt"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Scheme knows all kinds that controllers work with.
func Scheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, admissionv1.AddToScheme, corev1.AddToScheme} {
		utilruntime.Must(add(scheme))
	}
	return scheme
}

// Builder begins a store that knows the kinds, finds objects by what they name, and keeps statuses apart.
func Builder() *fake.ClientBuilder {
	builder := fake.NewClientBuilder().WithScheme(Scheme())
	for _, k := range kinds.All() {
		if k.Evaluated {
			builder.WithStatusSubresource(k.New())
		}
	}
	for _, by := range kinds.References() {
		builder.WithIndex(kinds.Named(by.Kind).New(), by.Field, func(object client.Object) []string { return by.Values(object) })
	}
	return builder
}

// NameOf is the kind and the name of an object, such as JointPlan/acme-h1.
func NameOf(object client.Object) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", object), "*v1alpha1.") + "/" + object.GetName()
}
