package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/form"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

const importFormHelp = `Make a manifest of a form that came back from a partner.

The form says itself for which kind, partner and program it is. What is wrong is said with its cell; nothing is made of a form in which something must be
corrected. With -f or --cluster, the manifest is also evaluated among what is there, and each finding is said with its cell: findings do not keep the
manifest back. --check writes the workbook again, with a sheet that lists all of it and with these cells marked, to be sent back to the partner.

The SHA-256 digest of the file is said and noted on top of the manifest, with the sender and the day on which it came. In a request or claim of a person
without an account (--sender, with --recorded-by), it also goes into spec.attestation.

Exit codes: 0 the manifest is made; 1 something in the form must be corrected; 2 the file is not a form, or the command line is wrong; 130 interrupted.`

type importFormOptions struct {
	cluster    *clusterFlags
	kind       string // that is expected; empty for any
	applied    bool   // --cluster
	files      []string
	at         string
	write      string
	check      string
	name       string
	sender     string
	received   string
	recordedBy string
	document   string
	source     string
}

// newImportForms returns the commands that read forms.
func newImportForms() []*cobra.Command {
	return []*cobra.Command{
		newImportForm("form", "", "Make a manifest of a form that came back"),
		newImportForm("plan", "plan", "Make the manifest of a plan of its form"),
		newImportForm("request", "request", "Make the manifest of a request for money of its form"),
		newImportForm("claim", "claim", "Make the manifest of a claim of its form"),
	}
}

func newImportForm(use, kind, short string) *cobra.Command {
	o := &importFormOptions{cluster: newCluster(answerWithin), kind: kind}
	o.cluster.ClusterName = nil // the name is taken by what it is for here
	command := &cobra.Command{
		Use:   use + " FILE",
		Short: short,
		Long:  importFormHelp,
		Example: fmt.Sprintf(`  # what is wrong with it, by cell, and the manifest
  kubectl jointplan import %s returned.xlsx -f plans/

  # the manifest as a file; and the workbook with what is to be corrected, for the partner
  kubectl jointplan import %s returned.xlsx -f plans/ --write plans/partners/acme/ --check corrections.xlsx`, use, use),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("name one form, not %d", len(args))}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, args[0])
		},
	}
	flags := command.Flags()
	flags.StringSliceVarP(&o.files, "filename", "f", nil, "files or folders with the manifests among which it is evaluated; may be given several times")
	flags.StringVar(&o.at, "at", "", "instant of the evaluation (RFC 3339, such as 2026-12-31T23:00:00Z) (default now)")
	flags.StringVar(&o.write, "write", "", "write the manifest into this new file or folder (default -, standard output)")
	flags.StringVar(&o.check, "check", "", "write the workbook with what is to be corrected into this new file")
	flags.StringVar(&o.name, "name", "", "name of the object (default the one in the form)")
	flags.StringVar(&o.sender, "sender", "", "user name of the partner's person who sent the form")
	flags.StringVar(&o.received, "received", "", "day on which the form came (default the day of the evaluation, by UTC)")
	flags.StringVar(&o.recordedBy, "recorded-by", "", "user name of who records it for a person without an account (default in a cluster: you)")
	flags.StringVar(&o.document, "document", "", "where the form is kept: an address, or its number (default the file's name)")
	if kind == "" {
		flags.StringVar(&o.source, "source", "", "of results: the source that they come from (default partner-reported)")
	}
	o.cluster.addFlags(command)
	flags.BoolVar(&o.applied, "cluster", false, "evaluate it among what is applied")
	flags.Lookup("namespace").Usage = "namespace of objects that state none"
	return command
}

// importingForm is one run.
type importingForm struct {
	*importFormOptions

	command  *cobra.Command
	path     string
	at       time.Time
	returned *form.Returned
	digest   string
	set      *manifest.Set     // of -f; nil without
	there    []manifest.Object // what is known of the partner, from files or a cluster
}

func (o *importFormOptions) run(ctx context.Context, command *cobra.Command, path string) error {
	in := &importingForm{importFormOptions: o, command: command, path: path}
	if err := in.prepare(); err != nil {
		return usageError{err}
	}
	if err := in.readFile(ctx); err != nil {
		return err
	}
	if err := in.lookAround(ctx); err != nil {
		return err
	}
	if err := in.complete(ctx); err != nil {
		return err
	}
	text, err := in.manifest()
	if err != nil {
		return err
	}
	if err := in.judge(ctx, text); err != nil {
		return err
	}
	for _, problem := range in.returned.Problems {
		tellf(command, "%s\n", in.line(problem))
	}
	if o.check != "" {
		data, err := in.returned.Check()
		if err != nil {
			return fmt.Errorf("the workbook with what is to be corrected cannot be made: %w", err)
		}
		if err := writeNew(command, "--check", o.check, data); err != nil {
			return err
		}
		tellf(command, "%s: the form with the sheet Check is written\n", o.check)
	}
	if n := in.refused(); n > 0 {
		return fmt.Errorf("%s in %s: correct %s and import the form again", countOf(n, "error"), path, themOrIt(n))
	}
	tellf(command, "%s\n", in.evidence())
	name := in.nameOf()
	file, err := writeManifest(command.OutOrStdout(), cmp.Or(o.write, "-"), name, text)
	if err == nil && file != "" {
		err = answerf(command, "%s: %s %s/%s is written; it counts once it is applied\n", file, in.returned.Form.Kind, in.returned.Form.Namespace, name)
	}
	return err
}

// lookAround reads what is there of the partner.
func (in *importingForm) lookAround(ctx context.Context) (err error) {
	switch {
	case len(in.files) > 0:
		if in.set, err = readManifests(ctx, in.command, cmp.Or(*in.cluster.Namespace, metav1.NamespaceDefault), in.files); err != nil {
			return err
		}
		in.there = in.set.Objects()
	case in.applied:
		c, err := in.cluster.connect()
		if err != nil {
			return err
		}
		for _, kind := range []string{kinds.Partner, kinds.MeasurementSet} {
			items, _, err := list(ctx, c, kinds.Named(kind), in.returned.Form.Namespace)
			if err != nil {
				return inWords(err)
			}
			in.there = append(in.there, items...)
		}
	default:
		return nil
	}
	in.belongs(in.there)
	return nil
}

// refused counts the errors that keep the manifest back: those of the form and of its schema, and not what the evaluation finds.
func (in *importingForm) refused() int {
	n := 0
	for _, problem := range in.returned.Problems {
		if problem.Rule == "" && problem.Severity == string(v1alpha1.SeverityError) {
			n++
		}
	}
	return n
}

// line is a problem for people.
func (in *importingForm) line(problem form.Problem) string {
	what := strings.ToLower(problem.Severity)
	if problem.Rule != "" {
		what += " " + problem.Rule
	}
	return fmt.Sprintf("%s: %s: %s", problem.Place, what, problem.Message)
}

// prepare refuses flags that do not go together.
func (in *importingForm) prepare() (err error) {
	switch {
	case in.applied && len(in.files) > 0:
		return errors.New("-f names files and --cluster the cluster: leave out one")
	case in.check != "" && !strings.HasSuffix(strings.ToLower(in.check), ".xlsx"):
		return fmt.Errorf("--check %q: must end with .xlsx, by which spreadsheet programs know a workbook", in.check)
	case in.name != "" && len(validation.IsDNS1123Label(in.name)) > 0:
		return fmt.Errorf("--name %q: must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit", in.name)
	case in.document != "" && in.sender == "":
		return errors.New("--document is where the form of a person without an account is kept: say with --sender who that is")
	case in.recordedBy != "" && in.sender == "":
		return errors.New("--recorded-by is for the form of a person without an account: say with --sender who that is")
	}
	in.at, err = instant("--at", in.importFormOptions.at)
	return err
}

// readFile reads the form.
func (in *importingForm) readFile(ctx context.Context) error {
	var from io.Reader = interruptible{ctx, in.command.InOrStdin()}
	if in.path != "-" {
		file, err := os.Open(in.path)
		if err != nil {
			return inputError{fmt.Errorf("cannot read %s: %w", in.path, pathReason(err))}
		}
		defer func() { _ = file.Close() }()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return inputError{fmt.Errorf("%s is a folder: name the form", in.path)}
		}
		from = file
	}
	data, err := io.ReadAll(io.LimitReader(from, form.MaxBytes+1))
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return inputError{fmt.Errorf("cannot read %s: %w", in.path, pathReason(err))}
	}
	if in.returned, err = form.Read(data); err != nil {
		return inputError{fmt.Errorf("%s %w", in.path, err)}
	}
	sum := sha256.Sum256(data)
	in.digest = hex.EncodeToString(sum[:])
	if got := in.returned.Kind().Name; in.kind != "" && got != in.kind {
		return inputError{fmt.Errorf("%s is a form for a %s and not for a %s: use kubectl jointplan import form", in.path, got, in.kind)}
	}
	if in.source != "" && in.returned.Kind().Object != kinds.MeasurementSet {
		return usageError{errors.New("--source is of results: leave it out")}
	}
	return nil
}

// belongs finds a form of another partner or program.
func (in *importingForm) belongs(objects []manifest.Object) {
	f := &in.returned.Form
	partner, ok := preview.Find(objects, kinds.Partner, f.Namespace, f.Partner).(*v1alpha1.Partner)
	switch {
	case !ok:
		in.returned.Wrong(fmt.Sprintf("the form is for partner %s in namespace %s, who is not there: make a form for a partner that is", f.Partner, f.Namespace))
	case string(partner.Spec.ProgramRef.Name) != f.Program:
		in.returned.Wrong(fmt.Sprintf("the form is for program %s, and partner %s is in program %s: make a new form, with the names of that program", f.Program, f.Partner, partner.Spec.ProgramRef.Name))
	}
}

// complete adds what the command line says to what the form does.
func (in *importingForm) complete(ctx context.Context) error {
	spec := in.returned.Spec
	on := v1alpha1.Date(cmp.Or(in.received, in.at.UTC().Format(time.DateOnly)))
	if in.returned.Kind().Object == kinds.MeasurementSet {
		if in.source != "" {
			spec["source"] = in.source
		}
		in.returned.Reported(in.there, on)
		if entries, _ := spec["entries"].([]any); len(entries) == 0 {
			delete(spec, "entries") // which is needed: the reader of manifests says so
		}
		return nil
	}
	if in.returned.Kind().Name == "plan" || in.sender == "" {
		return nil
	}
	if by, _ := spec["requestedBy"].(string); by == "" {
		spec["requestedBy"] = in.sender
	} else if !identity.SamePerson(by, in.sender) {
		in.returned.Wrong(fmt.Sprintf("the form names %s as who asks, and it was sent by %s: ask who it is from, and correct the form or --sender", by, in.sender))
	}
	by := in.recordedBy
	switch {
	case by != "":
	case in.applied:
		c, err := in.cluster.connect()
		if err != nil {
			return err
		}
		if by, err = whoAmI(ctx, c); err != nil {
			return err
		}
	default:
		return usageError{errors.New("files do not show who you are: say with --recorded-by who records the form, by user name")}
	}
	spec["attestation"] = map[string]any{
		"recordedBy": by, "document": cmp.Or(in.document, filepath.Base(in.path)), "sha256": in.digest, "receivedOn": string(on), "channel": string(v1alpha1.ChannelForm),
	}
	return nil
}

// nameOf is the name of the object.
func (in *importingForm) nameOf() string {
	activity, _ := in.returned.Spec["activity"].(string)
	return cmp.Or(in.name, in.returned.Form.Name, strings.Trim(in.returned.Form.Partner+"-"+activity, "-"))
}

// evidence says from what the manifest is made.
func (in *importingForm) evidence() string {
	text := fmt.Sprintf("From %s, sha256 %s", filepath.Base(in.path), in.digest)
	if in.sender != "" {
		text += ", sent by " + in.sender
	}
	if in.received != "" {
		text += ", received on " + in.received
	}
	return text
}

// manifest returns the manifest, with what it is made from on top.
func (in *importingForm) manifest() ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(sprintf("# %s\n", in.evidence()))
	err := encode(&text, "yaml", in.returned.Object(in.nameOf()))
	return text.Bytes(), err
}

// judge adds what an API server would refuse and, if nothing is, what the evaluation finds.
func (in *importingForm) judge(ctx context.Context, text []byte) error {
	one, err := reader().Read(ctx, manifest.Options{Stdin: bytes.NewReader(text)}, "-")
	if list, wrong := errors.AsType[manifest.Errors](err); wrong {
		in.returned.Refused(list)
		return nil
	}
	if err != nil {
		return err
	}
	key := manifest.KeyOf(one.Objects()[0])
	var evaluated []manifest.Object
	switch {
	case in.refused() > 0: // what is found would be about the gaps
		return nil
	case in.applied:
		evaluated, err = (&lintOptions{cluster: in.cluster, applied: true}).evaluate(ctx, in.command, one, key.Namespace, in.at)
	case in.set != nil:
		evaluated, err = in.amongFiles(ctx, one)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if found := preview.Find(evaluated, key.Kind, key.Namespace, key.Name); found != nil {
		in.returned.Found(preview.Common(found).Findings)
	}
	return nil
}

// amongFiles evaluates what is made of the form as a change of the files, with what the controllers keep of them: what was approved, and the ledgers.
func (in *importingForm) amongFiles(ctx context.Context, one *manifest.Set) ([]manifest.Object, error) {
	before, err := preview.NewAsOf(in.set, in.at).Evaluate(ctx, in.at)
	if err != nil {
		return nil, err
	}
	after, err := manifest.NewSet(withoutOrphans(slices.Concat(kept(before), in.set.Objects(), one.Objects())), in.set.Namespaces)
	if err != nil {
		return nil, inputError{err}
	}
	return preview.NewAsOf(after, in.at).Evaluate(ctx, in.at)
}
