package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/cmd/kubectl-jointplan/internal/query"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
)

const importResultsHelp = `Make MeasurementSets of a CSV or XLSX file, or of a query to PostgreSQL or Prometheus.

A mapping says which column or label is the subject, metric, day and value (see docs/guides/import.md); --guess writes a first one from a file. Partners, plans,
campaigns and what was reported before are read from files with -f, else from the cluster: all namespaces, or the one of -n.

Each row is used, left out by the mapping, or rejected with its place and what to do. Nothing is written if a row is rejected, unless --skip-rejected says so.
What the rows do not say is not zero: zeros are written only through the day of --complete-through, for which a person states that the rows are complete. What
was reported otherwise before is shown, with the verdicts that move, and written as a further entry with the day on which it became known. The same rows
again write nothing.

Without --write and --live, it only says what would be written.

The addresses of a database and a metrics system are taken from the environment, never from a mapping: JOINTPLAN_DATABASE_URL, or PGHOST and the other
variables of PostgreSQL's clients; JOINTPLAN_PROMETHEUS_URL, with JOINTPLAN_PROMETHEUS_TOKEN_FILE and JOINTPLAN_PROMETHEUS_CA_FILE.

Exit codes: 0 done; 1 rows were rejected, the query failed, or the cluster refused; 2 the file, the mapping, the manifests or the command line cannot be used;
130 interrupted.`

const importResultsExample = `  # a first mapping, made from the file
  kubectl jointplan import results deals.csv --guess -f plans/

  # what would be written, with the control sum of the report
  kubectl jointplan import results deals.csv --mapping deals.yaml -f plans/ --at 2026-11-06T09:00:00Z --expect new-revenue=156650.50

  # into files for Git; October is complete
  kubectl jointplan import results deals.csv --mapping deals.yaml -f plans/ --complete-through 2026-10-31 --write plans/results/

  # into the cluster; with a mapping that has a query, and without a file, from the database that JOINTPLAN_DATABASE_URL names
  kubectl jointplan import results deals.csv --mapping deals.yaml --live`

type importOptions struct {
	cluster  *clusterFlags
	files    []string
	at       string
	mapping  string
	guess    bool
	expect   []string
	complete string
	from     string
	through  string
	program  string
	write    string
	live     bool
	force    bool
	skip     bool
	rejects  string
	output   string
}

// newImportResults returns the command that imports results.
func newImportResults() *cobra.Command {
	o := &importOptions{cluster: newCluster(answerWithin)}
	command := &cobra.Command{
		Use:     "results [FILE]",
		Short:   "Make MeasurementSets of a CSV or XLSX file, or of a query to PostgreSQL or Prometheus",
		Long:    importResultsHelp,
		Example: importResultsExample,
		Args:    atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, args)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.mapping, "mapping", "", "file with the mapping: a ResultsMapping")
	flags.BoolVar(&o.guess, "guess", false, "write a first mapping to standard output, made from the file")
	flags.StringSliceVarP(&o.files, "filename", "f", nil,
		"files or folders with the manifests of the program, partners, plans, campaigns and earlier results, instead of a cluster; may be given several times")
	flags.StringVar(&o.at, "at", "", "instant of the import (RFC 3339, such as 2026-12-31T23:00:00Z) (default now)")
	flags.StringArrayVar(&o.expect, "expect", nil, "what the values of a metric must add up to, as METRIC=SUM; may be given several times")
	flags.StringVar(&o.complete, "complete-through", "", "day through which the rows are complete: what they do not say was zero")
	flags.StringVar(&o.from, "from", "", "for Prometheus: a day of the first interval (default that of --through)")
	flags.StringVar(&o.through, "through", "", "for Prometheus: a day of the last interval (default the last one that is over)")
	flags.StringVar(&o.program, "program", "", "import results of the partners of this program alone")
	flags.StringVar(&o.write, "write", "", "write the sets into this folder, one file each, as NAMESPACE/NAME.yaml")
	flags.BoolVar(&o.live, "live", false, "apply the sets in the cluster")
	flags.BoolVar(&o.force, "force-conflicts", false, "with --live: take over what another field manager wrote into these sets")
	flags.BoolVar(&o.skip, "skip-rejected", false, "write the rows that can be used although others are rejected")
	flags.StringVar(&o.rejects, "rejects", "", "write all rejections into this new file, as CSV")
	flags.StringVarP(&o.output, "output", "o", "text", "output format: text or json")
	o.cluster.addFlags(command)
	flags.Lookup("namespace").Usage = "namespace to look at alone; with -f that of objects that state none"
	return command
}

// importing is one run of an import.
type importing struct {
	*importOptions

	command *cobra.Command
	at      time.Time
	mapping *importsv1alpha1.ResultsMapping
	options results.Options
	set     *manifest.Set     // the objects as a whole; nil where only a namespace may be looked at
	objects []manifest.Object // those that results can be about, and what was reported
	client  client.Client     // nil for files
	path    string            // of the file; empty for a query
}

func (o *importOptions) run(ctx context.Context, command *cobra.Command, args []string) error {
	in := &importing{importOptions: o, command: command}
	if len(args) > 0 {
		in.path = args[0]
	}
	if err := in.check(); err != nil {
		return usageError{err}
	}
	if o.guess {
		return in.guessMapping(ctx)
	}
	if err := in.readMapping(ctx); err != nil {
		return err
	}
	if err := in.readObjects(ctx); err != nil {
		return err
	}
	source, done, err := in.open(ctx)
	if query.IsEnvironment(err) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	defer done()
	outcome, err := in.read(source)
	if err != nil {
		return err
	}
	moved, err := in.moved(ctx, outcome)
	if err != nil {
		return err
	}
	refused := in.refused(outcome)
	if refused != nil {
		outcome.Sets = nil
	}
	written, err := in.writeSets(ctx, outcome.Sets)
	if err != nil {
		return err
	}
	if err := in.print(outcome, moved, written); err != nil {
		return err
	}
	return refused
}

// check refuses flags that do not go together, and reads their values.
func (in *importing) check() (err error) {
	if err := oneOf("--output", in.output, "text", "json"); err != nil {
		return err
	}
	if err := in.checkTogether(); err != nil || in.guess {
		return err
	}
	if in.at, err = instant("--at", in.importOptions.at); err != nil {
		return err
	}
	in.options = results.Options{At: in.at, Expect: map[v1alpha1.Name]*big.Rat{}}
	for _, text := range in.expect {
		metric, sum, found := strings.Cut(text, "=")
		value, err := decimal.Parse(sum)
		if !found || metric == "" || err != nil {
			return fmt.Errorf("--expect %q: must be METRIC=SUM, such as new-revenue=162000.50", text)
		}
		in.options.Expect[v1alpha1.Name(metric)] = value
	}
	if in.complete != "" {
		in.options.CompleteThrough = fiscal.MustParseDay(v1alpha1.Date(in.complete)) // which the flag has checked
		if latest := fiscal.NewDay(in.at.Date()); in.options.CompleteThrough > latest {
			return fmt.Errorf("--complete-through %s: is after the day of the import, %s: nobody can know yet", in.complete, latest)
		}
	}
	return nil
}

func (in *importing) checkTogether() error {
	if in.from != "" {
		if err := checkDay("--from", in.from); err != nil {
			return err
		}
	}
	switch {
	case in.guess && in.path == "":
		return errors.New("--guess needs a file: name it")
	case in.guess && (in.hasMapping() || in.write != "" || in.live):
		return errors.New("--guess writes a mapping and imports nothing: leave out --mapping, --write and --live")
	case in.guess:
	case !in.hasMapping():
		return errors.New("no mapping: name one with --mapping, or let one be made with --guess")
	case in.write != "" && in.live:
		return errors.New("--write and --live exclude each other: leave out one")
	case in.force && !in.live:
		return errors.New("--force-conflicts is about what is in the cluster: it goes with --live")
	case in.live && len(in.files) > 0:
		return errors.New("--live writes into the cluster, and what was reported before has to be read there: leave out -f")
	}
	return nil
}

func (in *importing) hasMapping() bool { return in.importOptions.mapping != "" }

// readMapping reads the mapping.
func (in *importing) readMapping(ctx context.Context) error {
	set, err := manifest.NewMappingReader().Read(ctx, manifest.Options{}, in.importOptions.mapping)
	if err != nil {
		if _, wrong := errors.AsType[manifest.Errors](err); wrong {
			return inputError{err}
		}
		return err
	}
	var mappings []*importsv1alpha1.ResultsMapping
	for _, object := range set.Objects() {
		if mapping, ok := object.(*importsv1alpha1.ResultsMapping); ok {
			mappings = append(mappings, mapping)
		}
	}
	if len(mappings) != 1 {
		return inputError{fmt.Errorf("%s: holds %d ResultsMappings: it must hold one", in.importOptions.mapping, len(mappings))}
	}
	in.mapping = mappings[0]
	isQuery := in.mapping.Spec.PostgreSQL != nil || in.mapping.Spec.Prometheus != nil
	switch {
	case isQuery && in.path != "":
		return usageError{fmt.Errorf("the mapping has a query, and the command line names the file %s: leave out the file", in.path)}
	case !isQuery && in.path == "":
		return usageError{errors.New("no rows: name a CSV or XLSX file, or - for standard input, or write postgresql or prometheus into the mapping")}
	case in.mapping.Spec.Prometheus == nil && (in.from != "" || in.through != ""):
		return usageError{errors.New("--from and --through say of which intervals Prometheus is asked: they go with a mapping that has prometheus")}
	}
	return nil
}

// readObjects reads what results can be about, and what was reported before.
func (in *importing) readObjects(ctx context.Context) error {
	named := ""
	if in.cluster.Namespace != nil {
		named = *in.cluster.Namespace
	}
	switch {
	case len(in.files) > 0:
		files := in.files
		set, err := readManifests(ctx, in.command, cmp.Or(named, metav1.NamespaceDefault), files)
		if err != nil {
			return err
		}
		in.set, in.objects = set, set.Objects()
		if err := in.readWritten(ctx); err != nil {
			return err
		}
	case named != "":
		t := &target{cluster: in.cluster}
		v, err := t.read(ctx, in.command)
		if err != nil {
			return err
		}
		in.client, in.objects = v.client, v.known()
	default:
		c, err := in.cluster.connect()
		if err != nil {
			return err
		}
		if in.set, err = readWholeCluster(ctx, c); err != nil {
			return fmt.Errorf("%w; or look at one namespace alone with -n", err)
		}
		in.client, in.objects = c, in.set.Objects()
	}
	if in.program != "" {
		in.objects = ofProgram(in.objects, in.program)
	}
	return nil
}

// readWritten adds what an earlier import wrote into the folder, unless it is among the files.
func (in *importing) readWritten(ctx context.Context) error {
	if in.write == "" {
		return nil
	}
	if info, err := os.Stat(in.write); errors.Is(err, os.ErrNotExist) || err == nil && !info.IsDir() {
		return nil
	}
	set, err := reader().Read(ctx, manifest.Options{}, in.write)
	wrong, _ := errors.AsType[manifest.Errors](err)
	if slices.ContainsFunc(wrong, func(e *manifest.Error) bool { return e.Message != manifest.EmptyFolder }) {
		return inputError{fmt.Errorf("--write: %w", err)}
	}
	for _, object := range set.Objects() {
		if !slices.ContainsFunc(in.objects, func(x manifest.Object) bool { return manifest.KeyOf(x) == manifest.KeyOf(object) }) {
			in.objects = append(in.objects, object)
		}
	}
	if in.set, err = manifest.NewSet(in.objects, in.set.Namespaces); err != nil {
		return inputError{err}
	}
	return nil
}

// ofProgram leaves out the partners of other programs; what hangs on them has no program then, and no results can be about it.
func ofProgram(objects []manifest.Object, name string) []manifest.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(x manifest.Object) bool {
		partner, ok := x.(*v1alpha1.Partner)
		return ok && string(partner.Spec.ProgramRef.Name) != name
	})
}

// open opens what the rows come from, and returns what closes it.
func (in *importing) open(ctx context.Context) (table.Source, func(), error) {
	spec := &in.mapping.Spec
	nothing := func() {}
	switch {
	case spec.PostgreSQL != nil:
		source, err := query.PostgreSQL(ctx, spec.PostgreSQL, os.Getenv)
		if err != nil {
			return nil, nothing, err
		}
		in.options.Origin = "PostgreSQL query of mapping " + cmp.Or(in.mapping.Name, filepath.Base(in.importOptions.mapping))
		return source, source.Close, nil
	case spec.Prometheus != nil:
		intervals, err := in.intervals()
		if err != nil {
			return nil, nothing, err
		}
		source, err := query.Prometheus(ctx, spec.Prometheus, intervals, os.Getenv)
		in.options.Origin = "Prometheus query of mapping " + cmp.Or(in.mapping.Name, filepath.Base(in.importOptions.mapping))
		return source, nothing, err
	}
	source, digest, done, err := openTable(interruptible{ctx, in.command.InOrStdin()}, in.path, spec.File, results.Headers(spec))
	if err != nil {
		return nil, nothing, inputError{fmt.Errorf("%s: %w", in.path, err)}
	}
	in.options.Origin = fmt.Sprintf("%s sha256:%s", filepath.Base(in.path), digest)
	return source, done, nil
}

// read reads the rows.
func (in *importing) read(source table.Source) (*results.Outcome, error) {
	rejects, closeRejects, err := in.rejectsFile()
	if err != nil {
		return nil, err
	}
	in.options.Rejected = rejects
	in.options.Progress = func(rows int) { tellf(in.command, "%d rows were read ...\n", rows) }
	outcome, err := results.Import(results.NewDirectory(in.objects), &in.mapping.Spec, source, in.options)
	if closed := closeRejects(); err == nil {
		err = closed
	}
	if err != nil {
		if outcome != nil {
			in.tellRejections(outcome)
		}
		return nil, inputError{in.aboutRows(err)}
	}
	return outcome, nil
}

// aboutRows says of an error where the rows come from.
func (in *importing) aboutRows(err error) error {
	if in.path != "" && in.path != "-" {
		return fmt.Errorf("%s: %w", in.path, err)
	}
	return err
}

// refused says why nothing is written.
func (in *importing) refused(outcome *results.Outcome) error {
	if outcome.Rejected == 0 || in.skip {
		return nil
	}
	return fmt.Errorf("%s rejected, so nothing was written: correct the file or the mapping, or write the other rows with --skip-rejected",
		wereRows(outcome.Rejected))
}

func wereRows(n int) string {
	if n == 1 {
		return "1 row was"
	}
	return fmt.Sprintf("%d rows were", n)
}
