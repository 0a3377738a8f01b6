package api

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/test/plane"
)

// rulesNotChecked is what the API server adds when the object is so wrong that it does not evaluate the CEL rules.
const rulesNotChecked = "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; " +
	"correct the existing errors to complete validation"

// saidAgain is in an error that the API server adds, without a field, to one that says the same of a field.
const saidAgain = "Checked value must be of type "

// judges are the two that judge an object: the API server, and the reader of manifests that works without one.
type judges struct {
	client    client.WithWatch
	reader    *manifest.Reader
	namespace string
	bases     map[string]*unstructured.Unstructured
	// inCluster are the kinds that are in no namespace.
	inCluster map[string]bool
}

func newJudges(t *testing.T) *judges {
	t.Helper()
	c := plane.ManagersClient(t) // ledgers are refused to all others while the admission policies are on the plane
	inCluster := map[string]bool{}
	for kind, definition := range definitions(t) {
		inCluster[kind] = definition.Spec.Scope == apiextensionsv1.ClusterScoped
	}
	return &judges{client: c, reader: manifest.NewReader(), namespace: plane.Namespace(t, c), bases: bases(t), inCluster: inCluster}
}

// base returns a base with some changes.
func (j *judges) base(t *testing.T, name string, changes edits) *unstructured.Unstructured {
	t.Helper()
	base := j.bases[name]
	if base == nil {
		t.Fatalf("there is no base %s", name)
	}
	object := changes.apply(t, base)
	if !j.inCluster[object.GetKind()] && object.GetNamespace() == "" {
		object.SetNamespace(j.namespace)
	}
	return object
}

// server asks the API server to create an object, without keeping it. It returns the errors as "field: message".
func (j *judges) server(t *testing.T, object *unstructured.Unstructured) []string {
	t.Helper()
	return refusal(t, j.client.Create(t.Context(), object.DeepCopy(), client.DryRunAll, client.FieldValidation(metav1.FieldValidationStrict)))
}

// refusal returns the errors that the API server found in an object, or nothing when it took it.
func refusal(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		t.Fatalf("no answer of the API server: %v", err)
	}
	details := status.Status().Details
	if status.Status().Reason != metav1.StatusReasonInvalid || details == nil {
		return []string{notHandled.ReplaceAllString(status.Status().Message, "")}
	}
	var found []string
	for _, cause := range details.Causes {
		if strings.Contains(cause.Message, saidAgain) {
			continue
		}
		found = append(found, cause.Field+": "+cause.Message)
	}
	return found
}

// offline asks the reader of manifests. It returns the errors as "field: message".
func (j *judges) offline(t *testing.T, object *unstructured.Unstructured) []string {
	t.Helper()
	text, err := json.Marshal(object.Object)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "object.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = j.reader.Read(context.Background(), manifest.Options{}, file)
	if err == nil {
		return nil
	}
	var all manifest.Errors
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	var found []string
	for _, one := range all {
		found = append(found, one.Field+": "+one.Message)
	}
	return found
}

// judge asks both for an object, compares what they say, and returns what the server says.
func (j *judges) judge(t *testing.T, object *unstructured.Unstructured) []string {
	t.Helper()
	server, offline := j.server(t, object), j.offline(t, object)
	if len(server) != len(offline) {
		t.Errorf("the server finds %d errors, the reader of manifests %d:\n%s\n\n%s",
			len(server), len(offline), strings.Join(server, "\n"), strings.Join(offline, "\n"))
		return server
	}
	for _, one := range server {
		if !slices.ContainsFunc(offline, func(other string) bool { return sameError(one, other) }) {
			t.Errorf("the server says\n%s\nand the reader of manifests nothing like it, but\n%s", one, strings.Join(offline, "\n"))
		}
	}
	return server
}

var (
	notHandled   = regexp.MustCompile(`^[A-Za-z]+ in version "v1alpha1" cannot be handled as a [A-Za-z]+: `)
	unknownField = regexp.MustCompile(`^strict decoding error: unknown field "(.*)"$`)
	wrongType    = regexp.MustCompile(`must be of type ([a-z0-9-]+): "(.*)"$`)
)

// sameError reports whether the reader of manifests says what the server says: the same field, and the same message without what repeats the
// field's path, and without the value where it is a whole object. It words unknown fields and wrong types in its own way.
func sameError(server, offline string) bool {
	if match := unknownField.FindStringSubmatch(server); match != nil {
		return strings.HasPrefix(offline, match[1]+": unknown field")
	}
	field, message, _ := strings.Cut(server, ": ")
	field = strings.TrimPrefix(field, "<nil>")
	otherField, other, _ := strings.Cut(offline, ": ")
	if field != otherField {
		return false
	}
	if match := wrongType.FindStringSubmatch(message); match != nil {
		switch match[1] {
		case "date":
			return strings.Contains(other, "must be a day such as 2026-09-30")
		case "date-time":
			return strings.Contains(other, "must be an instant such as 2026-09-30T12:00:00Z")
		case "int32", "int64":
			return other == "must be a whole number"
		default:
			return strings.HasPrefix(other, "must be of type "+match[1]+", not "+match[2])
		}
	}
	message = strings.Replace(message, field+" in body ", "", 1)
	return message == other || strings.HasPrefix(message, "Invalid value: ") && strings.HasSuffix(message, ": "+other)
}
