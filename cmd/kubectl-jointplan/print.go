package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	yamlv3 "go.yaml.in/yaml/v3"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/printers"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/config/crd"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/printable"
)

// printObjects prints objects with their statuses: as tables with the columns of kubectl get, or as one List.
func (o *previewOptions) printObjects(ctx context.Context, out io.Writer, objects []preview.Object) error {
	if o.output == "table" {
		return printTables(ctx, out, objects)
	}
	list := metav1.List{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "List"}, Items: []runtime.RawExtension{}}
	for _, object := range objects {
		content, err := unstructuredOf(object)
		if err != nil {
			return err
		}
		list.Items = append(list.Items, runtime.RawExtension{Object: content})
	}
	return encode(out, o.output, list)
}

// unstructuredOf returns an object as it would be written, without the creation time that it does not have.
func unstructuredOf(object preview.Object) (*unstructured.Unstructured, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, err
	}
	unstructured.RemoveNestedField(content, "metadata", "creationTimestamp")
	return &unstructured.Unstructured{Object: content}, nil
}

func encode(out io.Writer, format string, value any) error {
	raw, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	if format == "yaml" {
		text, err := asYAML(raw)
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, text)
		return err
	}
	_, err = fmt.Fprintln(out, printable.JSON(string(raw)))
	return err
}

// asYAML returns JSON as YAML with sorted keys, in which every text stands on one line: what breaks lines is escaped, and none is folded.
func asYAML(raw []byte) (string, error) {
	folded, err := yaml.JSONToYAML([]byte(printable.YAML(string(raw)))) // a YAML parser reads it, which takes no control characters as they stand
	if err != nil {
		return "", err
	}
	node := &yamlv3.Node{}
	if err := yamlv3.Unmarshal(folded, node); err != nil {
		return "", err
	}
	unfold(node)
	var text strings.Builder
	encoder := yamlv3.NewEncoder(&text)
	const indent = 2
	encoder.SetIndent(indent)
	encoder.CompactSeqIndent()
	if err := encoder.Encode(node); err != nil {
		return "", err
	}
	return printable.YAML(text.String()), encoder.Close()
}

// unfold puts the texts that break lines, or hold what cannot be seen, in double quotes.
func unfold(node *yamlv3.Node) {
	if node.Kind == yamlv3.ScalarNode && printable.NeedsQuotes(node.Value) {
		node.Style = yamlv3.DoubleQuotedStyle
	}
	for _, inner := range node.Content {
		unfold(inner)
	}
}

// printTables prints a table for each kind, with the columns that the kind defines, but for the age.
func printTables(ctx context.Context, out io.Writer, objects []preview.Object) error {
	known, err := definitions()
	if err != nil {
		return err
	}
	first := true
	for len(objects) > 0 {
		kind := objects[0].GetObjectKind().GroupVersionKind()
		end := slices.IndexFunc(objects, func(x preview.Object) bool { return x.GetObjectKind().GroupVersionKind() != kind })
		if end < 0 {
			end = len(objects)
		}
		if !first {
			fmt.Fprintln(out)
		}
		first = false
		if err := printTable(ctx, out, known[kind.Kind], kind, objects[:end]); err != nil {
			return err
		}
		objects = objects[end:]
	}
	return nil
}

// definitions returns the kinds' definitions, by kind.
func definitions() (map[string]*apiextensionsv1.CustomResourceDefinition, error) {
	byKind := map[string]*apiextensionsv1.CustomResourceDefinition{}
	return byKind, fs.WalkDir(crd.Bases(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(crd.Bases(), path)
		if err != nil {
			return err
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, definition); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		byKind[definition.Spec.Names.Kind] = definition
		return nil
	})
}

func printTable(
	ctx context.Context, out io.Writer, definition *apiextensionsv1.CustomResourceDefinition, kind schema.GroupVersionKind, objects []preview.Object,
) error {
	columns := slices.DeleteFunc(slices.Clone(definition.Spec.Versions[0].AdditionalPrinterColumns),
		func(c apiextensionsv1.CustomResourceColumnDefinition) bool { return c.Name == "Age" })
	convertor, err := tableconvertor.New(columns)
	if err != nil {
		return err
	}
	list := &unstructured.UnstructuredList{}
	for _, object := range objects {
		content, err := unstructuredOf(object)
		if err != nil {
			return err
		}
		list.Items = append(list.Items, *content)
	}
	table, err := convertor.ConvertToTable(ctx, list, nil)
	if err != nil {
		return err
	}
	for i := range table.Rows {
		list.Items[i].SetNamespace(printable.Line(list.Items[i].GetNamespace()))
		table.Rows[i].Object.Object = &list.Items[i]
		for n, value := range table.Rows[i].Cells {
			if text, ok := value.(string); ok {
				table.Rows[i].Cells[n] = printable.Short(text, maxCell)
			}
		}
	}
	namespaced := definition.Spec.Scope == apiextensionsv1.NamespaceScoped
	printer := printers.NewTablePrinter(printers.PrintOptions{WithNamespace: namespaced, WithKind: true, Kind: kind.GroupKind()})
	return printer.PrintObj(table, out)
}
