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
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
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

// clusterFlags say how to connect to a cluster, and how long to wait for it.
type clusterFlags struct {
	*genericclioptions.ConfigFlags // -n, --context, --kubeconfig, --as and the like

	timeout time.Duration
}

// newCluster returns flags with the timeout that it has unless the command line states another.
func newCluster(timeout time.Duration) *clusterFlags {
	return &clusterFlags{ConfigFlags: genericclioptions.NewConfigFlags(true), timeout: timeout}
}

// answerWithin is how long a cluster may take for an answer unless the command line says otherwise.
const answerWithin = time.Minute

// addFlags adds the flags that say how to connect. Help shows those that people use.
func (c *clusterFlags) addFlags(command *cobra.Command) {
	flags := command.Flags()
	c.AddFlags(flags)
	for _, name := range []string{
		"as-group", "as-uid", "as-user-extra", "cache-dir", "certificate-authority", "client-certificate", "client-key", "cluster", "disable-compression",
		"insecure-skip-tls-verify", "password", "proxy-url", "request-timeout", "server", "tls-server-name", "token", "user", "username",
	} {
		if flag := flags.Lookup(name); flag != nil {
			flag.Hidden = true
		}
	}
	flags.DurationVar(&c.timeout, "timeout", c.timeout, "how long to wait for an answer from the cluster")
	flags.Lookup("namespace").Usage = "namespace to look at; with -f also that of objects that state none"
}

// connection asks a cluster, each time for no longer than --timeout; only a watch may take as long as it likes.
type connection struct {
	client.Client

	watches client.WithWatch
}

// Watch watches the objects of a kind.
func (c connection) Watch(ctx context.Context, list client.ObjectList, options ...client.ListOption) (watch.Interface, error) {
	return c.watches.Watch(ctx, list, options...)
}

// connect returns a client to the cluster that the command line names. Nothing is asked before it is used: the kinds need no discovery.
func (c *clusterFlags) connect() (client.WithWatch, error) {
	ctrllog.SetLogger(logr.Discard()) // what matters comes back as an error
	if known, err := c.ToRawKubeConfigLoader().RawConfig(); err == nil && len(known.Clusters) == 0 && *c.APIServer == "" && !inCluster() {
		return nil, errors.New("no cluster to ask: there is no kubeconfig. Name one with --kubeconfig or KUBECONFIG, or look at files with -f")
	}
	config, err := c.ToRESTConfig()
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
	options := client.Options{Scheme: scheme, Mapper: newMapper()}
	watches, err := client.NewWithWatch(config, options)
	if err != nil {
		return nil, inWords(err)
	}
	if config.Timeout == 0 { // --request-timeout
		config = rest.CopyConfig(config)
		config.Timeout = c.timeout
	}
	asks, err := client.New(config, options)
	if err != nil {
		return nil, inWords(err)
	}
	return connection{Client: asks, watches: watches}, nil
}

// newMapper returns where the API server has our kinds and the few others that are asked for.
func newMapper() meta.RESTMapper {
	mapper := meta.NewDefaultRESTMapper(nil)
	for _, k := range kinds.All() {
		scope := meta.RESTScopeRoot
		if k.Namespaced {
			scope = meta.RESTScopeNamespace
		}
		mapper.AddSpecific(v1alpha1.GroupVersion.WithKind(k.Name), v1alpha1.GroupVersion.WithResource(k.Plural),
			v1alpha1.GroupVersion.WithResource(strings.ToLower(k.Name)), scope)
	}
	mapper.Add(corev1.SchemeGroupVersion.WithKind("Namespace"), meta.RESTScopeRoot)
	mapper.Add(authenticationv1.SchemeGroupVersion.WithKind("SelfSubjectReview"), meta.RESTScopeRoot)
	mapper.Add(authorizationv1.SchemeGroupVersion.WithKind("SelfSubjectAccessReview"), meta.RESTScopeRoot)
	return mapper
}

// inCluster reports whether the command runs in a pod, whose cluster needs no kubeconfig.
func inCluster() bool { return os.Getenv("KUBERNETES_SERVICE_HOST") != "" }

func (t *target) readCluster(ctx context.Context, command *cobra.Command) (*view, error) {
	if t.at != "" {
		return nil, usageError{errors.New("--at evaluates files at an instant: give them with -f. A cluster's statuses are those of now")}
	}
	c, err := t.cluster.connect()
	if err != nil {
		return nil, err
	}
	v := &view{client: c, at: time.Now()}
	if !t.allNamespaces {
		if v.namespace, _, err = t.cluster.ToRawKubeConfigLoader().Namespace(); err != nil {
			return nil, inWords(err)
		}
	}
	for _, kind := range kinds.All() {
		if kind.Name == kinds.ProgramCatalog {
			continue // it shows what a program is that may not be read
		}
		items, version, err := list(ctx, c, kind, v.namespace)
		switch {
		case kind.Confidential && apierrors.IsForbidden(err): // it is nobody else's business, and so not missed
		case !kind.Namespaced && apierrors.IsForbidden(err):
			v.leftOut = append(v.leftOut, kind.Name)
		case err != nil:
			return nil, inWords(err)
		default:
			v.kinds = append(v.kinds, listedKind{kind, version})
		}
		v.objects = append(v.objects, items...)
	}
	if len(v.leftOut) > 0 {
		found, err := named(ctx, c, v.objects)
		if err != nil {
			return nil, err
		}
		v.objects = append(v.objects, found...)
	}
	if slices.Contains(v.leftOut, kinds.PartnerProgram) {
		var forbidden bool
		if v.offered, forbidden, err = offers(ctx, c); err != nil {
			return nil, err
		}
		if forbidden {
			v.leftOut = append(v.leftOut, kinds.ProgramCatalog)
		}
	}
	if note := v.leftOutNote(); note != "" {
		tellf(command, "%s\n", note)
	}
	preview.Sort(v.objects)
	err = v.checkNamespace(ctx, command)
	return v, err
}

// checkNamespace fails when a view is empty because its namespace does not exist. Whoever may not get namespaces is told so.
func (v *view) checkNamespace(ctx context.Context, command *cobra.Command) error {
	if !v.empty() {
		return nil
	}
	err := v.client.Get(ctx, client.ObjectKey{Name: v.namespace}, &corev1.Namespace{})
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Errorf("there is no namespace %s: look in another one with -n, or in all with -A", v.namespace)
	case apierrors.IsForbidden(err):
		tellf(command, "You are not allowed to get namespaces, so whether there is a namespace %s is not known.\n", v.namespace)
		return nil
	default:
		return inWords(err)
	}
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
func named(ctx context.Context, c client.Client, objects []manifest.Object) (found []manifest.Object, failed error) {
	get := func(kind string, name v1alpha1.Name, into manifest.Object) {
		same := func(x manifest.Object) bool {
			return x.GetObjectKind().GroupVersionKind().Kind == kind && x.GetName() == string(name)
		}
		if slices.ContainsFunc(objects, same) || slices.ContainsFunc(found, same) {
			return
		}
		switch err := c.Get(ctx, client.ObjectKey{Name: string(name)}, into); {
		case err == nil:
			into.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
			found = append(found, into)
		case !apierrors.IsForbidden(err) && !apierrors.IsNotFound(err):
			failed = inWords(err)
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
	return found, failed
}
