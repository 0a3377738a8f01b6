package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/cmd/kubectl-jointplan/internal/query"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/compare"
)

// importManager is the field manager of imports.
const importManager = "jointplan-import"

// intervals returns the intervals at whose ends a metrics system is asked.
func (in *importing) intervals() ([]query.Interval, error) {
	calendar, err := in.calendar()
	if err != nil {
		return nil, err
	}
	unit := map[importsv1alpha1.Interval]fiscal.Unit{importsv1alpha1.IntervalQuarter: fiscal.Quarter}[in.mapping.Spec.Day.Per]
	ending := func(day fiscal.Day) (fiscal.Day, fiscal.Day) {
		switch cmp.Or(in.mapping.Spec.Day.Per, importsv1alpha1.IntervalMonth) {
		case importsv1alpha1.IntervalDay:
			return day, day
		case importsv1alpha1.IntervalQuarter:
			span := calendar.PeriodContaining(unit, day)
			return span.From, span.Through
		default:
			year, month, _ := day.Civil()
			return fiscal.NewDay(year, month, 1), day.MonthEnd()
		}
	}
	today := calendar.Today(in.at)
	first, _ := ending(today)
	last := first.AddDays(-1)
	if in.through != "" {
		_, last = ending(fiscal.MustParseDay(v1alpha1.Date(in.through)))
	}
	from := last
	if in.from != "" {
		from = fiscal.MustParseDay(v1alpha1.Date(in.from))
	}
	if last >= today {
		return nil, usageError{fmt.Errorf("--through %s: its interval ends on %s and is not over yet", in.through, last)}
	}
	if from > last {
		return nil, usageError{fmt.Errorf("--from %s is after the last interval, which ends on %s", from, last)}
	}
	var list []query.Interval
	for day := from; day <= last; {
		begin, end := ending(day)
		list = append(list, query.Interval{Day: end, From: calendar.StartOf(begin), Until: calendar.EndOf(end)})
		day = end.AddDays(1)
	}
	return list, nil
}

// calendar returns the calendar of the program of all partners that are looked at.
func (in *importing) calendar() (*fiscal.Calendar, error) {
	var found []*v1alpha1.PartnerProgram
	for _, x := range in.objects {
		if one, ok := x.(*v1alpha1.PartnerProgram); ok && (in.program == "" || one.Name == in.program) {
			found = append(found, one)
		}
	}
	switch len(found) {
	case 0:
		return nil, inputError{errors.New("there is no program in what was read, and the ends of intervals are those of its calendar: read it too")}
	case 1:
		return program.Compile(found[0].Name, &found[0].Spec).Calendar, nil
	}
	names := make([]string, len(found))
	for i, one := range found {
		names[i] = one.Name
	}
	return nil, usageError{fmt.Errorf("there are the programs %s, each with a calendar of its own: name one with --program", strings.Join(names, ", "))}
}

// aDay is after how long what is reported now counts at the latest.
const aDay = 24 * time.Hour

// moved says which verdicts the values move that are other than before; nil if there are none, or if only a namespace may be looked at.
func (in *importing) moved(ctx context.Context, outcome *results.Outcome) (*compare.Report, error) {
	if len(outcome.Changes) == 0 || in.set == nil {
		return nil, nil
	}
	at := in.at.Add(aDay) // what is reported today counts from tomorrow on
	before, err := preview.NewAsOf(in.set, in.at).Evaluate(ctx, at)
	if err != nil {
		return nil, err
	}
	objects := slices.Concat(in.set.Objects(), kept(before), outcome.Corrections())
	after, err := manifest.NewSet(withoutOrphans(objects), in.set.Namespaces)
	if err != nil {
		return nil, err
	}
	then, err := preview.NewAsOf(after, in.at).Evaluate(ctx, at)
	if err != nil {
		return nil, err
	}
	withoutSets := func(list []manifest.Object) []manifest.Object {
		return slices.DeleteFunc(slices.Clone(list), func(x manifest.Object) bool { return manifest.KeyOf(x).Kind == kinds.MeasurementSet })
	}
	report := compare.Worlds(withoutSets(before), withoutSets(then))
	report.At, report.Against = at.UTC().Format(time.RFC3339), "what was reported before"
	return report, nil
}

// writeSets writes sets where the command line says. It returns a line for each.
func (in *importing) writeSets(ctx context.Context, sets []*v1alpha1.MeasurementSet) (lines []string, err error) {
	for _, set := range sets {
		var line string
		switch {
		case in.live:
			line, err = in.apply(ctx, set)
		case in.write != "":
			line, err = in.writeFile(set)
		default:
			line = fmt.Sprintf("MeasurementSet %s/%s", set.Namespace, set.Name)
		}
		if err != nil {
			if len(lines) > 0 {
				err = fmt.Errorf("%w. %s before it; the same import again writes the others", err, wereWritten(len(lines)))
			}
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func wereWritten(n int) string {
	if n == 1 {
		return "1 set was written"
	}
	return fmt.Sprintf("%d sets were written", n)
}

// apply applies a set, server-side, so that the import owns what it writes and nothing else.
func (in *importing) apply(ctx context.Context, set *v1alpha1.MeasurementSet) (string, error) {
	content, err := unstructuredOf(set)
	if err != nil {
		return "", err
	}
	unstructured.RemoveNestedField(content.Object, "status")
	own := map[string]string{v1alpha1.AnnotationImportedFrom: set.Annotations[v1alpha1.AnnotationImportedFrom]}
	content.SetLabels(nil) // others'
	content.SetAnnotations(own)
	options := []client.ApplyOption{client.FieldOwner(importManager)}
	if in.force {
		options = append(options, client.ForceOwnership)
	}
	err = in.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(content), options...)
	if apierrors.IsConflict(err) {
		return "", fmt.Errorf("MeasurementSet %s/%s was written by somebody else too: %s. Take it over with --force-conflicts", set.Namespace, set.Name, reason(err))
	}
	if err != nil {
		return "", fmt.Errorf("MeasurementSet %s/%s: %w", set.Namespace, set.Name, inWords(err))
	}
	return fmt.Sprintf("measurementset.%s/%s applied in %s", v1alpha1.GroupName, set.Name, set.Namespace), nil
}

// writeFile writes a set into its file, unless that says the same already.
func (in *importing) writeFile(set *v1alpha1.MeasurementSet) (string, error) {
	text, err := manifestOf(set)
	if err != nil {
		return "", err
	}
	file := filepath.Join(in.write, set.Namespace, set.Name+".yaml")
	if origin, found := in.set.Origins[manifest.KeyOf(set)]; found && !sameFile(origin.File, file) {
		return "", fmt.Errorf("MeasurementSet %s/%s is in %s: move it to %s, where it is written anew, or name that folder with --write",
			set.Namespace, set.Name, origin.File, file)
	}
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, text) {
		return file + " is as before", nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // manifests are for others to read
		return "", fmt.Errorf("cannot make the folder %s: %w", filepath.Dir(file), pathReason(err))
	}
	if err := replaceFile(file, text); err != nil {
		return "", fmt.Errorf("cannot write %s: %w", file, pathReason(err))
	}
	return file + " is written", nil
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// replaceFile writes a file as a whole or not at all.
func replaceFile(file string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".import-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(0o644), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
	}
	return err
}
