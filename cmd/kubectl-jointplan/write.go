package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// manifestOf returns an object as a manifest.
func manifestOf(object manifest.Object) ([]byte, error) {
	content, err := unstructuredOf(object)
	if err != nil {
		return nil, err
	}
	unstructured.RemoveNestedField(content.Object, "status")
	var text bytes.Buffer
	err = encode(&text, "yaml", content.Object)
	return text.Bytes(), err
}

// writeManifest writes a manifest where a flag says: to standard output for "-", into a new file of the object's name in a folder (which it makes, if
// a slash says that it is one), or into a new file. A file that is there stays as it is. It returns the file; nothing for standard output.
func writeManifest(out io.Writer, where, name string, text []byte) (file string, err error) {
	if where == "-" {
		_, err = out.Write(text)
		return "", err
	}
	file = where
	info, err := os.Stat(where)
	isFolder := err == nil && info.IsDir()
	if strings.HasSuffix(where, string(filepath.Separator)) && !isFolder {
		if err := os.MkdirAll(where, 0o755); err != nil { //nolint:gosec // manifests are for others to read
			return "", fmt.Errorf("cannot make the folder %s: %w", where, pathReason(err))
		}
		isFolder = true
	}
	if isFolder {
		file = filepath.Join(where, name+".yaml")
	}
	f, err := os.OpenFile(filepath.Clean(file), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a manifest is for others to read
	switch {
	case errors.Is(err, os.ErrExist):
		return "", fmt.Errorf("%s is there already and stays as it is: name another file with --write, or - for standard output", file)
	case err != nil:
		return "", fmt.Errorf("cannot write %s: %w", file, pathReason(err))
	}
	if _, err = f.Write(text); err != nil {
		_ = f.Close()
		return "", fmt.Errorf("cannot write %s: %w", file, pathReason(err))
	}
	return file, f.Close()
}

// pathReason is an error of the file system without the path, which the message around it names.
func pathReason(err error) error {
	if of, ok := errors.AsType[*os.PathError](err); ok {
		return of.Err
	}
	return err
}

// Marks that GitOps tools leave on the objects that they deliver.
const (
	argoTracking  = "argocd.argoproj.io/tracking-id" // annotation: application:group/kind:namespace/name
	argoPrefix    = "argocd.argoproj.io/"
	argoManager   = "argocd-controller"
	instanceLabel = "app.kubernetes.io/instance"
)

// deliveredBy says which GitOps tool delivers an object, such as "Argo CD application acme"; nothing when none does.
func deliveredBy(object client.Object) string {
	annotations, labels := object.GetAnnotations(), object.GetLabels()
	if application, of, found := strings.Cut(annotations[argoTracking], ":"); found && strings.HasSuffix(of, "/"+object.GetName()) {
		return "Argo CD application " + application
	}
	if name := labels[instanceLabel]; name != "" && marksOfArgo(object) {
		return "Argo CD application " + name
	}
	for _, flux := range []struct{ prefix, kind string }{
		{"kustomize.toolkit.fluxcd.io/", "Flux Kustomization "}, {"helm.toolkit.fluxcd.io/", "Flux HelmRelease "},
	} {
		if name := labels[flux.prefix+"name"]; name != "" {
			return flux.kind + strings.TrimPrefix(labels[flux.prefix+"namespace"]+"/", "/") + name
		}
	}
	return ""
}

// marksOfArgo reports whether Argo CD has had to do with an object: its label alone is also Helm's.
func marksOfArgo(object client.Object) bool {
	for _, keys := range []map[string]string{object.GetAnnotations(), object.GetLabels()} {
		for key := range keys {
			if strings.HasPrefix(key, argoPrefix) && key != argoTracking {
				return true
			}
		}
	}
	for _, entry := range object.GetManagedFields() {
		if entry.Manager == argoManager {
			return true
		}
	}
	return false
}

// confirm asks a person at a terminal. Where there is none, it fails: a script says --yes.
func confirm(ctx context.Context, command *cobra.Command, question string) error {
	in := command.InOrStdin()
	if !isTerminal(in) {
		return usageError{errors.New("cannot ask for confirmation here: add --yes")}
	}
	tellf(command, "%s [y/N] ", question)
	answer, err := bufio.NewReader(interruptible{ctx, in}).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))) {
		return nil
	}
	return errors.New("nothing was done")
}

// isTerminal reports whether a reader is a terminal, at which a person can type.
func isTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// whoAmI returns the user name by which the cluster knows the caller.
func whoAmI(ctx context.Context, c client.Client) (string, error) {
	review := &authenticationv1.SelfSubjectReview{}
	if err := c.Create(ctx, review); err != nil {
		return "", fmt.Errorf("cannot find out who you are: %w", inWords(err))
	}
	return review.Status.UserInfo.Username, nil
}

// may reports whether the caller has a verb on an object of ours.
func may(ctx context.Context, c client.Client, verb string, object manifest.Object) (bool, error) {
	definition, err := definitionOf(object)
	if err != nil {
		return false, err
	}
	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Group: definition.Group, Resource: definition.Resource, Verb: verb, Namespace: object.GetNamespace(), Name: object.GetName(),
		},
	}}
	if err := c.Create(ctx, review); err != nil {
		return false, fmt.Errorf("cannot find out what you may do: %w", inWords(err))
	}
	return review.Status.Allowed, nil
}

func definitionOf(object manifest.Object) (schema.GroupResource, error) {
	known, err := definitions()
	if err != nil {
		return schema.GroupResource{}, err
	}
	definition := known[manifest.KeyOf(object).Kind]
	if definition == nil {
		return schema.GroupResource{}, fmt.Errorf("%s is not of a kind of %s", manifest.KeyOf(object), v1alpha1.GroupName)
	}
	return schema.GroupResource{Group: v1alpha1.GroupName, Resource: definition.Spec.Names.Plural}, nil
}
