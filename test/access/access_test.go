// Package access tests who may do what, with real calls in the names of real users: the roles of config/rbac and the admission policies of
// config/policy.
package access

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/plane"
)

// group is the API group of all kinds.
const group = "channel.jointplan.dev"

//go:embed testdata/objects.yaml
var objectsYAML string

// namespaces is the one resource of another group that policies guard.
const namespaces = "namespaces"

// groupOf returns the API group and version of a resource.
func groupOf(resource string) schema.GroupVersion {
	if resource == namespaces {
		return schema.GroupVersion{Version: "v1"}
	}
	return schema.GroupVersion{Group: group, Version: "v1alpha1"}
}

// inCluster reports whether a resource is in no namespace.
func inCluster(resource string) bool {
	return resource == namespaces || slices.ContainsFunc(kinds.All(), func(k *kinds.Kind) bool { return k.Plural == resource && !k.Namespaced })
}

// setting is a namespace with objects, and users who may do something there.
type setting struct {
	*testing.T

	admin     client.WithWatch
	namespace string
	objects   map[string]*unstructured.Unstructured // by resource/name, as created
}

// newSetting creates the objects, statuses included.
func newSetting(t *testing.T) *setting {
	t.Helper()
	plane.Guard(t)
	s := &setting{T: t, admin: plane.ManagersClient(t), objects: map[string]*unstructured.Unstructured{}}
	s.namespace = plane.Namespace(t, s.admin)
	text := strings.NewReplacer("NAMESPACE", s.namespace, "CLUSTER", s.cluster()).Replace(objectsYAML)
	for document := range bytes.SplitSeq([]byte(text), []byte("\n---\n")) {
		object := &unstructured.Unstructured{}
		if err := yaml.UnmarshalStrict(document, &object.Object); err != nil {
			t.Fatal(err)
		}
		s.create(object)
	}
	return s
}

// cluster is the name of the setting's objects in the cluster.
func (s *setting) cluster() string { return "c-" + s.namespace[max(0, len(s.namespace)-40):] }

func (s *setting) create(object *unstructured.Unstructured) {
	s.Helper()
	status := object.Object["status"]
	if object.GetNamespace() == "" {
		plane.Mark(object, s.namespace) // so that no other test's manager evaluates it
	}
	if err := s.admin.Create(s.Context(), object); err != nil {
		s.Fatal(err)
	}
	if object.GetNamespace() == "" {
		s.Cleanup(func() { _ = s.admin.Delete(context.Background(), object.DeepCopy()) })
	}
	if status != nil {
		object.Object["status"] = status
		if err := s.admin.Status().Update(s.Context(), object); err != nil {
			s.Fatal(err)
		}
	}
	resource := namespaces
	if kind := kinds.Named(object.GetKind()); kind != nil {
		resource = kind.Plural
	}
	s.objects[resource+"/"+strings.TrimSuffix(object.GetName(), s.cluster())] = object
}

// object returns a copy of an object, by resource/name; those in the cluster have the setting's own name, or what stands before it.
func (s *setting) object(name string) *unstructured.Unstructured {
	s.Helper()
	object, ok := s.objects[name]
	if !ok {
		s.Fatalf("there is no object %s", name)
	}
	return object.DeepCopy()
}

// sample returns a copy of the object of a resource that the table of roles is about.
func (s *setting) sample(resource string) *unstructured.Unstructured {
	s.Helper()
	if inCluster(resource) {
		return s.object(resource + "/")
	}
	return s.object(resource + "/one")
}

// grant is what a user may do.
type grant struct {
	// roles are cluster roles, without "jointplan-".
	roles []string
	// verbs are further verbs, by resource.
	verbs map[string]string
	// everywhere says that it is granted in the whole cluster instead of in the setting's namespace.
	everywhere bool
}

// user returns the name of a new user who may do what is granted, in the setting's namespace or everywhere.
func (s *setting) user(name string, g grant) string {
	s.Helper()
	user := name + "@" + s.namespace
	roles := make([]string, 0, len(g.roles)+1)
	for _, role := range g.roles {
		roles = append(roles, "jointplan-"+role)
	}
	if len(g.verbs) > 0 {
		own := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: s.namespace + "-" + name}}
		for resource, verbs := range g.verbs {
			own.Rules = append(own.Rules, rbacv1.PolicyRule{
				APIGroups: []string{groupOf(resource).Group}, Resources: []string{resource}, Verbs: strings.Fields(verbs),
			})
		}
		s.add(own)
		roles = append(roles, own.Name)
	}
	for i, role := range roles {
		to := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role}
		who := []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: user}}
		metadata := metav1.ObjectMeta{Name: fmt.Sprintf("%s-%s-%d", s.namespace, name, i)}
		if g.everywhere {
			s.add(&rbacv1.ClusterRoleBinding{ObjectMeta: metadata, RoleRef: to, Subjects: who})
			continue
		}
		metadata.Namespace = s.namespace
		s.add(&rbacv1.RoleBinding{ObjectMeta: metadata, RoleRef: to, Subjects: who})
	}
	return user
}

// add creates an object of RBAC and removes it at the end, if the namespace's end does not.
func (s *setting) add(object client.Object) {
	s.Helper()
	if err := s.admin.Create(s.Context(), object); err != nil {
		s.Fatal(err)
	}
	if object.GetNamespace() == "" {
		s.Cleanup(func() { _ = s.admin.Delete(context.Background(), object) })
	}
}

// caller is a user who calls the API server.
type caller struct {
	name  string
	calls dynamic.Interface
	asks  kubernetes.Interface
}

// as returns a caller in the name of a user.
func (s *setting) as(user string, groups ...string) caller {
	s.Helper()
	config := plane.Config(s)
	config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: groups}
	calls, err := dynamic.NewForConfig(config)
	if err != nil {
		s.Fatal(err)
	}
	asks, err := kubernetes.NewForConfig(config)
	if err != nil {
		s.Fatal(err)
	}
	return caller{name: user, calls: calls, asks: asks}
}

// at returns how a caller reaches a resource.
func (c caller) at(resource, namespace string) dynamic.ResourceInterface {
	all := c.calls.Resource(groupOf(resource).WithResource(resource))
	if inCluster(resource) {
		return all
	}
	return all.Namespace(namespace)
}

// may asks the API server whether a caller may do something.
func (c caller) may(t *testing.T, verb, resource, namespace string) bool {
	t.Helper()
	if inCluster(resource) {
		namespace = ""
	}
	review, err := c.asks.AuthorizationV1().SelfSubjectAccessReviews().Create(t.Context(), &authorizationv1.SelfSubjectAccessReview{
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: namespace, Verb: verb, Group: group, Resource: resource,
		}},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return review.Status.Allowed
}

// awaitRights waits until the API server knows of all that was granted, by a right that was granted last.
func (s *setting) awaitRights() {
	s.Helper()
	last := s.as(s.user("last", grant{verbs: map[string]string{"jointplans": "get"}}))
	plane.Eventually(s.T, func() string {
		if last.may(s.T, "get", "jointplans", s.namespace) {
			return ""
		}
		return "the API server does not know of the last role"
	})
}

// change changes an object: the value at each path, as YAML text; an empty one removes the field.
func change(t *testing.T, object *unstructured.Unstructured, set map[string]string) {
	t.Helper()
	for path, text := range set {
		fields := strings.Split(path, ".")
		if text == "" {
			unstructured.RemoveNestedField(object.Object, fields...)
			continue
		}
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if err := unstructured.SetNestedField(object.Object, value, fields...); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
}
