package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/draft/sheet"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const importObjectsHelp = `

Columns are found by their headers, in English and German (see docs/kubectl.md#import-partners-budgets-plans). A mapping, an ObjectsMapping, says otherwise:
which column is which field, what a text in a cell means, which rows are left out.

Each row is used, left out by the mapping, or rejected with its place and what to do. Nothing is written if a row is rejected, unless --skip-rejected says so.
The same file again writes nothing. What the file says otherwise than an object that is there is shown as OLD -> NEW and written with --overwrite alone;
fields that the file does not have stay. Without --write, it only says what would be written.

Exit codes: 0 done; 1 rows were rejected, or objects differ and --overwrite is not given; 2 the file, the mapping, the manifests or the command line cannot
be used; 130 interrupted.`

// objectsOptions are the flags of an import of objects.
type objectsOptions struct {
	*importOptions

	kind      sheet.Kind
	labels    []string
	template  string
	source    string
	overwrite bool
}

// newImportPartners returns the command that imports partners.
func newImportPartners() *cobra.Command {
	o := newObjects(sheet.Partners)
	command := o.command("partners FILE", "Make Partners and their namespaces of a CSV or XLSX file, a row each",
		`Make Partners of a CSV or XLSX file, a row each, with a Namespace each that has the labels which the program asks for.

The name of an object is made of the partner's name without the form of its company: "Müller & Söhne GmbH" becomes mueller-and-soehne, in the namespace
partner-mueller-and-soehne. A column "Object Name" says otherwise. A partner that joined before the day of the import is recorded as of that day: it owes no
plan that had to be submitted before.`,
		`  # what would be written
  kubectl jointplan import partners partners.csv -f program/

  # into files for Git, with a mapping
  kubectl jointplan import partners partners.csv -f program/ --mapping partners-mapping.yaml --write program/partners/`)
	command.Flags().StringArrayVar(&o.labels, "label", nil, "label of the partners' namespaces, as KEY=VALUE, beside those that the program asks for; may be given several times")
	return command
}

// newImportBudgets returns the command that imports budgets.
func newImportBudgets() *cobra.Command {
	o := newObjects(sheet.Budgets)
	command := o.command("budgets FILE", "Make MDFBudgets of a CSV or XLSX file, a row each",
		`Make MDFBudgets of a CSV or XLSX file, a row each. What a sheet cannot say, such as limits, authority and what claims must be like, is taken from an MDFBudget
in a file: --template. Its last days (requestBy, claims.receivedBy) are taken for budgets of its own period alone.`,
		`  # into files for Git
  kubectl jointplan import budgets budgets.csv -f program/ --template last-budget.yaml --write program/budgets/`)
	command.Flags().StringVar(&o.template, "template", "", "file with an MDFBudget that says what the sheet does not")
	return command
}

// newImportPlans returns the command that imports past plans.
func newImportPlans() *cobra.Command {
	o := newObjects(sheet.Plans)
	command := o.command("plans FILE", "Make JointPlans of past periods of a CSV or XLSX file, a row per goal, and MeasurementSets of the results",
		`Make JointPlans of periods that are over of a CSV or XLSX file, a row per plan and goal, and MeasurementSets of what was reached. A plan has nothing that the
sheet does not say, and nobody's approval: what the past can show without it is in docs/guides/start-from-a-spreadsheet.md.`,
		`  # into files for Git; the results come from the CRM
  kubectl jointplan import plans plans.csv -f program/ --source crm --write program/partners/`)
	command.Flags().StringVar(&o.source, "source", "", "source of the results: the system that vouches for them, such as crm")
	return command
}

func newObjects(kind sheet.Kind) *objectsOptions {
	return &objectsOptions{importOptions: &importOptions{cluster: newCluster(answerWithin)}, kind: kind}
}

func (o *objectsOptions) command(use, short, long, example string) *cobra.Command {
	command := &cobra.Command{
		Use: use, Short: short, Long: long + importObjectsHelp, Example: example, Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, args)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.mapping, "mapping", "", "file with the mapping: an ObjectsMapping")
	flags.StringSliceVarP(&o.files, "filename", "f", nil,
		"files or folders with the manifests of the program and of what was imported before, instead of a cluster; may be given several times")
	flags.StringVar(&o.at, "at", "", "instant of the import (RFC 3339, such as 2026-12-31T23:00:00Z) (default now)")
	flags.StringVar(&o.program, "program", "", "the program, where several are at hand")
	flags.StringVar(&o.write, "write", "", "write the manifests into this folder: partners and plans into a folder of each namespace")
	flags.BoolVar(&o.overwrite, "overwrite", false, "write what the file says otherwise than objects that are there")
	flags.BoolVar(&o.skip, "skip-rejected", false, "write the rows that can be used although others are rejected")
	flags.StringVar(&o.rejects, "rejects", "", "write all rejections into this new file, as CSV")
	flags.StringVarP(&o.output, "output", "o", "text", "output format: text or json")
	o.cluster.addFlags(command)
	flags.Lookup("namespace").Usage = "namespace of objects in files that state none"
	return command
}

// importingObjects is one run of an import of objects.
type importingObjects struct {
	*importing

	of      *objectsOptions
	mapping *importsv1alpha1.ObjectsMapping
	options sheet.Options
	outcome *sheet.Outcome
}

func (o *objectsOptions) run(ctx context.Context, command *cobra.Command, args []string) error {
	in := &importingObjects{of: o, importing: &importing{importOptions: o.importOptions, command: command}, mapping: &importsv1alpha1.ObjectsMapping{}}
	if len(args) == 0 {
		return usageError{errors.New("no rows: name a CSV or XLSX file, or - for standard input")}
	}
	in.path = args[0]
	if err := in.check(); err != nil {
		return usageError{err}
	}
	if err := in.readMapping(ctx); err != nil {
		return err
	}
	if err := in.readTemplate(ctx); err != nil {
		return err
	}
	if err := in.readObjects(ctx); err != nil {
		return err
	}
	if err := in.readSheet(ctx); err != nil {
		return err
	}
	refused := in.refused(&results.Outcome{Rejected: in.outcome.Rejected})
	var written []string
	if refused == nil {
		var err error
		if written, err = in.writeAll(ctx); err != nil {
			return err
		}
	}
	if err := in.print(written, refused != nil); err != nil {
		return err
	}
	if refused == nil {
		refused = in.differing()
	}
	return refused
}

// check refuses flags that cannot be used.
func (in *importingObjects) check() (err error) {
	if err := oneOf("--output", in.output, "text", "json"); err != nil {
		return err
	}
	if in.at, err = instant("--at", in.importOptions.at); err != nil {
		return err
	}
	in.options = sheet.Options{At: in.at, Program: in.program, Labels: map[string]string{}, Source: v1alpha1.Name(in.of.source)}
	if in.of.source != "" && sheet.Slug(in.of.source) != in.of.source {
		return fmt.Errorf("--source %q: must be lower-case letters, digits and hyphens, such as crm", in.of.source)
	}
	for _, text := range in.of.labels {
		key, value, found := strings.Cut(text, "=")
		if !found || len(validation.IsQualifiedName(key)) > 0 || len(validation.IsValidLabelValue(value)) > 0 {
			return fmt.Errorf("--label %q: must be KEY=VALUE, such as example.com/region=emea", text)
		}
		in.options.Labels[key] = value
	}
	return nil
}

// readMapping reads the mapping, if there is one.
func (in *importingObjects) readMapping(ctx context.Context) error {
	if !in.hasMapping() {
		return nil
	}
	set, err := manifest.NewMappingReader().Read(ctx, manifest.Options{}, in.importOptions.mapping)
	if err != nil {
		if _, wrong := errors.AsType[manifest.Errors](err); wrong {
			return inputError{err}
		}
		return err
	}
	mappings := ofKind[*importsv1alpha1.ObjectsMapping](set.Objects())
	if len(mappings) != 1 {
		return inputError{fmt.Errorf("%s: holds %d ObjectsMappings: it must hold one", in.importOptions.mapping, len(mappings))}
	}
	in.mapping = mappings[0]
	return nil
}

func ofKind[T manifest.Object](objects []manifest.Object) []T {
	var list []T
	for _, object := range objects {
		if x, ok := object.(T); ok {
			list = append(list, x)
		}
	}
	return list
}

// readTemplate reads the template of budgets.
func (in *importingObjects) readTemplate(ctx context.Context) error {
	if in.of.template == "" {
		return nil
	}
	set, err := readManifests(ctx, in.command, metav1.NamespaceDefault, []string{in.of.template})
	if err != nil {
		return err
	}
	budgets := ofKind[*v1alpha1.MDFBudget](set.Objects())
	if len(budgets) != 1 {
		return inputError{fmt.Errorf("--template %s: holds %d MDFBudgets: it must hold one", in.of.template, len(budgets))}
	}
	in.options.Template = budgets[0]
	return nil
}

// readObjects reads the program and what was imported before: from the files and the folder that is written, or from the cluster and that folder.
func (in *importingObjects) readObjects(ctx context.Context) error {
	sources := slices.Clone(in.files)
	if info, err := os.Stat(in.write); in.write != "" && err == nil && info.IsDir() {
		sources = append(sources, in.write)
	}
	options := manifest.Options{Namespace: cmp.Or(*in.cluster.Namespace, metav1.NamespaceDefault), Stdin: interruptible{ctx, in.command.InOrStdin()}}
	set, err := reader().Read(ctx, options, sources...)
	if wrong, ok := errors.AsType[manifest.Errors](err); ok {
		isEmpty := func(e *manifest.Error) bool {
			return e.Message == manifest.EmptyFolder && !slices.Contains(in.files, e.File)
		}
		if wrong = slices.DeleteFunc(wrong, isEmpty); len(wrong) > 0 {
			return inputError{wrong}
		}
	} else if err != nil {
		return err
	}
	in.set = set
	if len(in.files) == 0 {
		c, err := in.cluster.connect()
		if err != nil {
			return err
		}
		live, err := readWholeCluster(ctx, c)
		if err != nil {
			return err
		}
		origins := set.Origins
		maps.Copy(live.Namespaces, set.Namespaces)
		if in.set, err = manifest.NewSet(slices.Concat(live.Objects(), set.Objects()), live.Namespaces); err != nil {
			return err
		}
		in.set.Origins = origins
	}
	in.options.Objects, in.options.Namespaces = in.set.Objects(), in.set.Namespaces
	return nil
}

// readSheet reads the rows.
func (in *importingObjects) readSheet(ctx context.Context) error {
	source, digest, done, err := openTable(interruptible{ctx, in.command.InOrStdin()}, in.path, in.mapping.Spec.File, sheet.Headers(in.of.kind, &in.mapping.Spec))
	if err != nil {
		return inputError{fmt.Errorf("%s: %w", in.path, err)}
	}
	defer done()
	in.options.Origin = fmt.Sprintf("%s sha256:%s", filepath.Base(in.path), digest)
	rejected, closeRejects, err := in.rejectsFile()
	if err != nil {
		return err
	}
	in.options.Rejected = rejected
	in.outcome, err = sheet.Import(in.of.kind, &in.mapping.Spec, source, in.options)
	if closed := closeRejects(); err == nil {
		err = closed
	}
	if err != nil {
		return inputError{in.aboutRows(err)}
	}
	return nil
}

// differing says that objects differ from the file, and were left as they are.
func (in *importingObjects) differing() error {
	n := 0
	for _, item := range in.outcome.Items {
		if !item.IsNew && len(item.Changes) > 0 {
			n++
		}
	}
	if n == 0 || in.of.overwrite {
		return nil
	}
	if n == 1 {
		return errors.New("1 object differs from the file and stays as it is: write what the file says with --overwrite, or correct the file")
	}
	return fmt.Errorf("%d objects differ from the file and stay as they are: write what the file says with --overwrite, or correct the file", n)
}

// writeAll writes what is new, and with --overwrite what differs. It returns a line for each.
func (in *importingObjects) writeAll(ctx context.Context) ([]string, error) {
	type file struct {
		name, about string
		text        []byte
		key         manifest.Key
	}
	var files []file
	for _, item := range in.outcome.Items {
		if !item.IsNew && (len(item.Changes) == 0 || !in.of.overwrite) {
			continue
		}
		text, err := textOf(item)
		if err != nil {
			return nil, err
		}
		key := manifest.KeyOf(item.Object)
		if _, err := reader().Read(ctx, manifest.Options{Stdin: bytes.NewReader(text)}, "-"); err != nil {
			return nil, inputError{fmt.Errorf("%s: %s, makes %s, which is not valid: %w", in.path, item.Place, key, err)}
		}
		name := item.Object.GetName() + ".yaml"
		if item.Namespace != nil {
			name = partnerFile
		}
		files = append(files, file{filepath.Join(in.write, item.Object.GetNamespace(), name), key.String(), text, key})
	}
	var lines []string
	for _, f := range files { // before anything is written
		if err := in.inPlace(ctx, f.key, f.name); err != nil {
			return nil, err
		}
	}
	for _, f := range files {
		if in.write == "" {
			lines = append(lines, f.about)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(f.name), 0o755); err != nil { //nolint:gosec // manifests are for others to read
			return nil, fmt.Errorf("cannot make the folder %s: %w", filepath.Dir(f.name), pathReason(err))
		}
		if err := replaceFile(f.name, f.text); err != nil {
			return nil, fmt.Errorf("cannot write %s: %w", f.name, pathReason(err))
		}
		lines = append(lines, f.name+" is written")
	}
	if in.outcome.Results == nil {
		return lines, nil
	}
	sets, err := in.writeSets(ctx, in.outcome.Results.Sets)
	return append(lines, sets...), err
}

// partnerFile is the file of a partner and its namespace: the first of its folder, since kubectl applies files in the order of their names.
const partnerFile = "00-partner.yaml"

// inPlace refuses to write an object that is in another file, or over a file that holds other objects too.
func (in *importingObjects) inPlace(ctx context.Context, key manifest.Key, file string) error {
	if in.write == "" {
		return nil
	}
	if origin, found := in.set.Origins[key]; found && !sameFile(origin.File, file) {
		return fmt.Errorf("%s is in %s, where imports do not write: change it there, or move it to %s", key, origin.File, file)
	}
	if _, err := os.Stat(file); err != nil {
		return nil //nolint:nilerr // there is nothing to lose
	}
	set, err := reader().Read(ctx, manifest.Options{}, file)
	if err != nil {
		return inputError{err}
	}
	for _, other := range set.Objects() {
		if manifest.KeyOf(other) != key {
			return fmt.Errorf("%s holds %s too, which would be lost: move it to a file of its own", file, manifest.KeyOf(other))
		}
	}
	for _, other := range set.Skipped {
		return fmt.Errorf("%s holds %s too, which would be lost: move it to a file of its own", file, other.Key)
	}
	return nil
}

// textOf returns the manifests of an item.
func textOf(item *sheet.Item) ([]byte, error) {
	text, err := manifestOf(item.Object)
	if err != nil || item.Namespace == nil {
		return text, err
	}
	namespace := &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: item.Object.GetNamespace(), Labels: item.Namespace},
	}
	head, err := manifestOf(namespace)
	if err != nil {
		return nil, err
	}
	return slices.Concat(bytes.Replace(head, []byte("spec: {}\n"), nil, 1), []byte("---\n"), text), nil
}

var nouns = map[sheet.Kind]string{sheet.Partners: kinds.Partner, sheet.Budgets: kinds.MDFBudget, sheet.Plans: kinds.JointPlan}
