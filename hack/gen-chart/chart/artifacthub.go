package chart

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// annotationsBegin begins what is generated of Chart.yaml: all to its end.
const annotationsBegin = "# What Artifact Hub shows of the chart. Written by \"go run ./hack/gen-chart\". Do not edit it by hand.\nannotations:\n"

// exampleFiles are the samples from which the examples of Artifact Hub come, of each kind the shortest: those of one partner, its program and its
// budget, which refer to each other.
var exampleFiles = []string{"samples/programs/northwind.yaml", "samples/strategies/northwind.yaml", "samples/managers/cam-014.yaml", "samples/budgets/northwind-fy27.yaml", "samples/partners/acme/*.yaml"}

// hubCRD is a kind as Artifact Hub shows it.
type hubCRD struct {
	Kind        string `yaml:"kind"`
	Version     string `yaml:"version"`
	Name        string `yaml:"name"`
	DisplayName string `yaml:"displayName"`
	Description string `yaml:"description"`
}

// withAnnotations returns Chart.yaml with its annotations written anew.
func withAnnotations(chart string, config fs.FS) (string, error) {
	before, _, found := strings.Cut(chart, annotationsBegin)
	if !found {
		return "", fmt.Errorf("there is no line %q", strings.SplitN(annotationsBegin, "\n", 2)[0])
	}
	var described struct {
		Version string `yaml:"version"`
	}
	if err := yaml.Unmarshal([]byte(before), &described); err != nil {
		return "", err
	}
	if described.Version == "" {
		return "", errors.New("there is no version")
	}
	crds, err := hubCRDs(config)
	if err != nil {
		return "", err
	}
	examples, err := hubExamples(config)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(before + annotationsBegin)
	line := func(key, value string) { out.WriteString("  artifacthub.io/" + key + ": " + value + "\n") }
	line("category", "skip-prediction") // none of its categories fits, and one that is guessed fits less
	line("license", "Apache-2.0")
	line("operator", `"true"`)
	line("prerelease", fmt.Sprintf("%q", fmt.Sprint(strings.HasPrefix(described.Version, "0.") || strings.Contains(described.Version, "-"))))
	for _, list := range []struct {
		key   string
		value any
	}{{"crds", crds}, {"crdsExamples", examples}} {
		var text bytes.Buffer
		encoder := yaml.NewEncoder(&text)
		encoder.SetIndent(2)
		if err := encoder.Encode(list.value); err != nil {
			return "", err
		}
		line(list.key, "|\n    "+strings.ReplaceAll(strings.TrimSuffix(text.String(), "\n"), "\n", "\n    "))
	}
	return out.String(), nil
}

// hubCRDs returns the kinds in the order of the list of kinds, as their definitions describe them.
func hubCRDs(config fs.FS) ([]hubCRD, error) {
	var list []hubCRD
	for _, k := range kinds.All() {
		file := "crd/bases/channel.jointplan.dev_" + k.Plural + ".yaml"
		raw, err := fs.ReadFile(config, file)
		if err != nil {
			return nil, err
		}
		var definition struct {
			Metadata struct {
				Name string `yaml:"name"`
			} `yaml:"metadata"`
			Spec struct {
				Versions []struct {
					Name   string `yaml:"name"`
					Schema struct {
						OpenAPI struct {
							Description string `yaml:"description"`
						} `yaml:"openAPIV3Schema"`
					} `yaml:"schema"`
				} `yaml:"versions"`
			} `yaml:"spec"`
		}
		if err := yaml.Unmarshal(raw, &definition); err != nil {
			return nil, fmt.Errorf("config/%s: %w", file, err)
		}
		versions := definition.Spec.Versions
		if len(versions) == 0 {
			return nil, fmt.Errorf("config/%s has no version", file)
		}
		newest := versions[len(versions)-1]
		sentence, _, _ := strings.Cut(strings.Join(strings.Fields(newest.Schema.OpenAPI.Description), " "), ". ")
		list = append(list, hubCRD{
			Kind: k.Name, Version: newest.Name, Name: definition.Metadata.Name,
			DisplayName: strings.ToUpper(k.Called[:1]) + k.Called[1:], Description: strings.TrimSuffix(sentence, ".") + ".",
		})
	}
	return list, nil
}

// hubExamples returns an example of each kind that people write.
func hubExamples(config fs.FS) ([]*yaml.Node, error) {
	samples, err := objectsOf(config, exampleFiles)
	if err != nil {
		return nil, err
	}
	shortest, length := map[string]*yaml.Node{}, map[string]int{}
	for _, object := range samples {
		kind := child(object, "kind")
		text, err := yaml.Marshal(object)
		if err != nil {
			return nil, err
		}
		if kind == nil || length[kind.Value] > 0 && length[kind.Value] <= len(text) {
			continue
		}
		shortest[kind.Value], length[kind.Value] = object, len(text)
	}
	var list []*yaml.Node
	for _, k := range kinds.All() {
		if !k.ByPeople {
			continue
		}
		if shortest[k.Name] == nil {
			return nil, fmt.Errorf("no %s in config/%s", k.Name, strings.Join(exampleFiles, ", config/"))
		}
		list = append(list, shortest[k.Name])
	}
	return list, nil
}

// objectsOf returns the objects of the files of some patterns.
func objectsOf(config fs.FS, patterns []string) ([]*yaml.Node, error) {
	var list []*yaml.Node
	for _, pattern := range patterns {
		files, err := fs.Glob(config, pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			raw, err := fs.ReadFile(config, file)
			if err != nil {
				return nil, err
			}
			objects, err := documents(raw)
			if err != nil {
				return nil, fmt.Errorf("config/%s: %w", file, err)
			}
			list = append(list, objects...)
		}
	}
	return list, nil
}

// documents returns the objects of a manifest without its comments.
func documents(raw []byte) ([]*yaml.Node, error) {
	var list []*yaml.Node
	for decoder := yaml.NewDecoder(bytes.NewReader(raw)); ; {
		var document yaml.Node
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		if len(document.Content) == 1 {
			uncomment(document.Content[0])
			list = append(list, document.Content[0])
		}
	}
}

// uncomment removes the comments of a node and of all below it.
func uncomment(node *yaml.Node) {
	node.HeadComment, node.LineComment, node.FootComment = "", "", ""
	for _, below := range node.Content {
		uncomment(below)
	}
}
