package lint

import (
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// SARIF is a log in the Static Analysis Results Interchange Format, version 2.1.0, as far as problems fill it.
type SARIF struct {
	// Schema is the address of the format's schema, by which programs know it.
	Schema string `json:"$schema"`
	// Version is that of the format.
	Version string `json:"version"`
	// Runs is the one run.
	Runs []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string     `json:"id"`
	Short *sarifText `json:"shortDescription,omitempty"`
	Full  *sarifText `json:"fullDescription,omitempty"`
	Help  *sarifText `json:"help,omitempty"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn,omitempty"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Full string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// sarifLevels are the levels of results, by severity.
var sarifLevels = map[v1alpha1.Severity]string{
	v1alpha1.SeverityError: "error", v1alpha1.SeverityWarning: "warning", v1alpha1.SeverityInfo: "note",
}

// AsSARIF returns problems as a log, with the rules that found them. Files are named from a working directory on.
func AsSARIF(problems []Problem, version, directory string) SARIF {
	ids := map[string]bool{}
	for i := range problems {
		ids[problems[i].Rule] = true
	}
	order := slices.Sorted(maps.Keys(ids))
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: "kubectl-jointplan", Version: version, Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}
	for _, id := range order {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: id, Short: textOrNone(found(id)), Full: textOrNone(explained(id)), Help: textOrNone(remedies(id)),
		})
	}
	marks := fingerprints(problems)
	for i := range problems {
		p := &problems[i]
		index, _ := slices.BinarySearch(order, p.Rule)
		result := sarifResult{
			RuleID: p.Rule, RuleIndex: index, Level: sarifLevels[p.Severity], Message: sarifText{withoutLinks(p.whole())},
			Fingerprints: map[string]string{"jointplan/v1": marks[i]},
		}
		if place := p.sarifLocation(directory); place.Physical != nil || place.Logical != nil {
			result.Locations = []sarifLocation{place}
		}
		run.Results = append(run.Results, result)
	}
	return SARIF{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

func textOrNone(text string) *sarifText {
	if text == "" {
		return nil
	}
	return &sarifText{text}
}

// withoutLinks takes links out of a message: what people wrote into a manifest must not become one.
func withoutLinks(text string) string { return strings.ReplaceAll(text, "](", "] (") }

// whole is the message with the object and the field before it.
func (p *Problem) whole() string {
	message := p.Message
	for _, before := range []string{p.Field, p.Object} {
		if before != "" {
			message = before + ": " + message
		}
	}
	return message
}

func (p *Problem) sarifLocation(directory string) sarifLocation {
	var place sarifLocation
	if p.File != "" && p.File != stdin {
		place.Physical = &sarifPhysical{Artifact: sarifArtifact{address(p.File, directory)}}
		if p.Line > 0 {
			place.Physical.Region = &sarifRegion{Line: p.Line, Column: p.Column}
		}
	}
	if p.Object != "" {
		place.Logical = append(place.Logical, sarifLogical{Name: p.Object, Full: p.Object, Kind: "object"})
	}
	if p.Field != "" {
		place.Logical = append(place.Logical, sarifLogical{Name: p.Field, Full: strings.TrimPrefix(p.Object+": "+p.Field, ": "), Kind: "member"})
	}
	return place
}

// stdin is the name of what was read from standard input.
const stdin = "stdin"

// address returns the address of a file: from the working directory on if it is below it, otherwise in full.
func address(file, directory string) string {
	if path := relative(file, directory); !filepath.IsAbs(path) {
		return (&url.URL{Path: filepath.ToSlash(path)}).String()
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
}

// relative returns the path of a file from a folder on, if it is below it.
func relative(file, directory string) string {
	file = filepath.Clean(file)
	if !filepath.IsAbs(file) {
		return file
	}
	if path, err := filepath.Rel(directory, file); err == nil && filepath.IsLocal(path) {
		return path
	}
	return file
}
