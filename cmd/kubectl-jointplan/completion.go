package main

import (
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// completeValues completes the values of a flag.
func completeValues(command *cobra.Command, flag string, values ...string) {
	complete(command, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func complete(command *cobra.Command, flag string, values cobra.CompletionFunc) {
	if err := command.RegisterFlagCompletionFunc(flag, values); err != nil {
		panic(err) // there is no such flag: a mistake in the code, which the tests of help find
	}
}

// completeNames completes KIND/NAME from what the command looks at. What it cannot look at, it does not complete.
func (t *target) completeNames(command *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	v, err := t.read(command.Context(), command)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	kind, _, named := strings.Cut(begun, "/")
	var names []string
	for _, object := range v.objects {
		key := manifest.KeyOf(object)
		name := strings.ToLower(key.Kind) + "/" + key.Name
		if named {
			if is, err := kindOf(kind); err != nil || is != key.Kind {
				continue
			}
			name = kind + "/" + key.Name
		}
		if strings.HasPrefix(name, begun) {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeNamespaces completes the names of namespaces: those of the files, or of the cluster.
func (t *target) completeNamespaces(command *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	all, err := t.namespaceNames(command)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, name := range all {
		if strings.HasPrefix(name, begun) {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (t *target) namespaceNames(command *cobra.Command) ([]string, error) {
	var names []string
	if len(t.files) > 0 {
		everywhere := newTarget()
		everywhere.files, everywhere.at = t.files, t.at
		v, err := everywhere.read(command.Context(), command)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, object := range v.objects {
			if name := object.GetNamespace(); name != "" && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
		return names, nil
	}
	c, err := t.cluster.connect()
	if err != nil {
		return nil, err
	}
	list := &corev1.NamespaceList{}
	if err := c.List(command.Context(), list); err != nil {
		return nil, err
	}
	for i := range list.Items {
		names = append(names, list.Items[i].Name)
	}
	return names, nil
}
