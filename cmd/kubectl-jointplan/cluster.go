package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"sigs.k8s.io/controller-runtime/pkg/client"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// listedKind is a kind with the resource version at which its objects were listed.
type listedKind struct {
	*kinds.Kind

	version string
}

// since says that a watch is to begin where the list ended.
func (k listedKind) since() *metav1.ListOptions {
	return &metav1.ListOptions{ResourceVersion: k.version}
}

// connect returns a client to the cluster that the command line names.
func connect(flags *genericclioptions.ConfigFlags) (client.WithWatch, error) {
	ctrllog.SetLogger(logr.Discard()) // what matters comes back as an error
	if known, err := flags.ToRawKubeConfigLoader().RawConfig(); err == nil && len(known.Clusters) == 0 && *flags.APIServer == "" && !inCluster() {
		return nil, errors.New("no cluster to ask: there is no kubeconfig. Name one with --kubeconfig or KUBECONFIG, or look at files with -f")
	}
	config, err := flags.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("no cluster to ask: %w. See kubectl config get-contexts", err)
	}
	config.QPS = -1 // the server protects itself; people wait
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, authenticationv1.AddToScheme, authorizationv1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	c, err := client.NewWithWatch(config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, inWords(err)
	}
	return c, nil
}

// inCluster reports whether the command runs in a pod, whose cluster needs no kubeconfig.
func inCluster() bool { return os.Getenv("KUBERNETES_SERVICE_HOST") != "" }

func (t *target) readCluster(ctx context.Context, command *cobra.Command) (*view, error) {
	if t.at != "" {
		return nil, usageError{errors.New("--at evaluates files at an instant: give them with -f. A cluster's statuses are those of now")}
	}
	c, err := connect(t.cluster)
	if err != nil {
		return nil, err
	}
	v := &view{client: c, at: time.Now()}
	if !t.allNamespaces {
		if v.namespace, _, err = t.cluster.ToRawKubeConfigLoader().Namespace(); err != nil {
			return nil, inWords(err)
		}
	}
	var leftOut []string
	for _, kind := range kinds.All() {
		items, version, err := list(ctx, c, kind, v.namespace)
		switch {
		case !kind.Namespaced && apierrors.IsForbidden(err):
			if kind.Evaluated { // what has no status is of no interest to most people
				leftOut = append(leftOut, kind.Called)
			}
		case err != nil:
			return nil, inWords(err)
		default:
			v.kinds = append(v.kinds, listedKind{kind, version})
		}
		v.objects = append(v.objects, items...)
	}
	if len(leftOut) > 0 {
		v.objects = append(v.objects, named(ctx, c, v.objects)...)
		tellf(command, "You may not list %s; those that objects here name are shown if you may get them.\n", strings.Join(leftOut, " and "))
	}
	preview.Sort(v.objects)
	return v, nil
}

// list returns the objects of a kind, of a namespace or of all when it is empty, and the resource version at which they were listed.
func list(ctx context.Context, c client.Client, kind *kinds.Kind, namespace string) (objects []manifest.Object, version string, _ error) {
	var options []client.ListOption
	if kind.Namespaced && namespace != "" {
		options = append(options, client.InNamespace(namespace))
	}
	answer := kind.NewList()
	if err := c.List(ctx, answer, options...); err != nil {
		return nil, "", err
	}
	var listed kinds.Objects
	kind.AddList(&listed, answer)
	objects = kind.In(&listed)
	for _, object := range objects {
		object.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind.Name)) // lists leave it out
	}
	return objects, answer.GetResourceVersion(), nil
}

// named gets the programs and budgets that objects name and that are not among them, as far as the user may.
func named(ctx context.Context, c client.Client, objects []manifest.Object) []manifest.Object {
	var found []manifest.Object
	get := func(kind string, name v1alpha1.Name, into manifest.Object) {
		same := func(x manifest.Object) bool {
			return x.GetObjectKind().GroupVersionKind().Kind == kind && x.GetName() == string(name)
		}
		if slices.ContainsFunc(objects, same) || slices.ContainsFunc(found, same) {
			return
		}
		if err := c.Get(ctx, client.ObjectKey{Name: string(name)}, into); err == nil {
			into.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
			found = append(found, into)
		}
	}
	for _, object := range objects {
		switch x := object.(type) {
		case *v1alpha1.Partner:
			get(kinds.PartnerProgram, x.Spec.ProgramRef.Name, &v1alpha1.PartnerProgram{})
		case *v1alpha1.MDFAllocation:
			get(kinds.MDFBudget, x.Spec.BudgetRef.Name, &v1alpha1.MDFBudget{})
		}
	}
	return found
}
