package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/form"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const formHelp = `Make workbooks (.xlsx) that partners fill in who write no manifests.

A form has a sheet for each section, the program's catalogue as drop-down lists, help for each field, and checks of dates, numbers and names. Send it to the
partner; kubectl jointplan import form reads what comes back. The rights of a partner are enough to make one.`

// formOptions are the options of the commands that make forms.
type formOptions struct {
	*target

	kind    *form.Kind
	out     string
	partner string
	period  string
	name    string
	from    string
	plan    string
	request string
	about   string
}

// newForm returns the command under which all forms are.
func newForm() *cobra.Command {
	command := &cobra.Command{
		Use:   "form",
		Short: "Make workbooks that partners fill in",
		Long:  formHelp,
		Example: `  # the plan of the next half year, as a workbook
  kubectl jointplan form plan -f plans/ --partner acme --period FY2028-H1 --out acme-fy28-h1.xlsx`,
		Args: cobra.ArbitraryArgs,
		RunE: help,
	}
	command.AddCommand(newFormPlan(), newFormRequest(), newFormClaim(), newFormResults())
	return command
}

// newFormOf returns a command that makes forms of a kind.
func newFormOf(kind, short, long, example string) (*cobra.Command, *formOptions) {
	o := &formOptions{target: newTarget(), kind: form.KindNamed(kind)}
	command := &cobra.Command{
		Use:     kind,
		Short:   short,
		Long:    long,
		Example: example,
		Args:    atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return usageError{err}
			}
			v, err := o.read(c.Context(), c)
			if err != nil {
				return err
			}
			draft, err := o.draft(v)
			if err != nil {
				return err
			}
			return o.writeForm(c, draft)
		},
	}
	o.addFlags(command)
	command.Flags().StringVar(&o.out, "out", "", "write the form into this new file, or - for standard output")
	command.Flags().StringVar(&o.name, "name", "", "name of the object that is made of the form (default made of what it is about)")
	return command, o
}

func newFormPlan() *cobra.Command {
	command, o := newFormOf("plan", "Make a form for a plan",
		`Make a form for a plan of a period: with the metrics, initiatives and types of activity of the program to choose from, and beside the goals what was last
reported and what became of the goals of the partner's plans. With --from it is filled in from a plan.`,
		`  # a form for the second half
  kubectl jointplan form plan -f plans/ --partner acme --period FY2028-H1 --out acme-fy28-h1.xlsx

  # what a plan says now, to be changed
  kubectl jointplan form plan -n partner-acme --from acme-fy27-h1 --out acme-fy27-h1.xlsx`)
	flags := command.Flags()
	flags.StringVar(&o.partner, "partner", "", "the partner whose plan it is (default the only one there is)")
	flags.StringVar(&o.period, "period", "", "the fiscal year or part of one, such as FY2027 or FY2027-H2")
	flags.StringVar(&o.from, "from", "", "fill the form in from this plan")
	complete(command, "from", o.completeNames)
	return command
}

func newFormRequest() *cobra.Command {
	command, o := newFormOf("request", "Make a form for a request for money",
		`Make a form for a request for money for an activity of a plan. With --from it is filled in from a request.`,
		`  # a request for an activity of the plan
  kubectl jointplan form request -f plans/ --plan acme-fy27-h1 --out request.xlsx`)
	command.Flags().StringVar(&o.plan, "plan", "", "the plan whose activity it is for")
	command.Flags().StringVar(&o.from, "from", "", "fill the form in from this request")
	complete(command, "plan", o.completeNames)
	complete(command, "from", o.completeNames)
	return command
}

func newFormClaim() *cobra.Command {
	command, o := newFormOf("claim", "Make a form for a claim on a granted request",
		`Make a form for a claim on a granted request. With --from it is filled in from a claim.`,
		`  # a claim on the roadshow
  kubectl jointplan form claim -f plans/ --request acme-migration-roadshow --out claim.xlsx`)
	command.Flags().StringVar(&o.request, "request", "", "the request for money that the claim draws on")
	command.Flags().StringVar(&o.from, "from", "", "fill the form in from this claim")
	complete(command, "request", o.completeNames)
	complete(command, "from", o.completeNames)
	return command
}

func newFormResults() *cobra.Command {
	command, o := newFormOf("results", "Make a form for results: metrics and months",
		`Make a form for the results of a partner, plan or campaign: a row for each metric of the program and a column for each month of the period.`,
		`  # the results of a plan, month by month
  kubectl jointplan form results -f plans/ --of plan/acme-fy27-h1 --out results.xlsx`)
	command.Flags().StringVar(&o.about, "of", "", "what the results are about: KIND/NAME of a partner, plan or campaign")
	command.Flags().StringVar(&o.period, "period", "", "the fiscal year or part of one, such as FY2027 or FY2027-H2 (default the plan's period)")
	complete(command, "of", o.completeNames)
	return command
}

// check refuses flags that do not go together.
func (o *formOptions) check() error {
	needs := map[string]struct{ flag, value string }{
		"plan": {"--period", o.period}, "request": {"--plan", o.plan}, "claim": {"--request", o.request}, "results": {"--of", o.about},
	}[o.kind.Name]
	switch {
	case o.out == "":
		return errors.New("say where the form is to be written: --out FILE.xlsx, or - for standard output")
	case o.name != "" && len(validation.IsDNS1123Label(o.name)) > 0:
		return fmt.Errorf("--name %q: must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit", o.name)
	case o.out != "-" && !strings.HasSuffix(strings.ToLower(o.out), ".xlsx"):
		return fmt.Errorf("--out %q: must end with .xlsx, by which spreadsheet programs know a workbook", o.out)
	case o.from != "" && needs.value != "":
		return fmt.Errorf("--from says what the form is about, and so does %s: leave out one", needs.flag)
	case o.from == "" && needs.value == "" && o.kind.Name == "results":
		return errors.New("say what the results are about: --of KIND/NAME, such as plan/acme-fy27-h1")
	case o.from == "" && needs.value == "":
		return fmt.Errorf("say what the form is about: %s, or --from to fill it in from what is there", needs.flag)
	case o.period != "":
		_, err := periodOf(o.period)
		return err
	default:
		return nil
	}
}

// periodText is how a fiscal year or a part of it is written.
var periodText = regexp.MustCompile(`(?i)^FY ?([0-9]{4})(?:[- ]?(H[12]|Q[1-4]))?$`)

// periodOf reads the value of --period.
func periodOf(text string) (p v1alpha1.Period, _ error) {
	match := periodText.FindStringSubmatch(text)
	if match == nil {
		return p, fmt.Errorf("--period %q: must be a fiscal year or a part of one, such as FY2027 or FY2027-H2", text)
	}
	year, err := strconv.ParseInt(match[1], 10, 32)
	if err != nil {
		return p, fmt.Errorf("--period %q: %w", text, err)
	}
	p.FiscalYear, p.Part = new(int32(year)), v1alpha1.PeriodPart(strings.ToUpper(match[2]))
	return p, nil
}

// draft returns what the form is made of.
func (o *formOptions) draft(v *view) (*form.Draft, error) {
	switch {
	case o.from != "":
		return o.filled(v)
	case o.kind.Name == "plan":
		return o.planDraft(v)
	case o.kind.Name == "request":
		return o.requestDraft(v)
	case o.kind.Name == "claim":
		return o.claimDraft(v)
	default:
		return o.resultsDraft(v)
	}
}

// object returns the object of a kind that a flag names.
func object[T manifest.Object](v *view, kind, flag, argument string) (found T, _ error) {
	x, err := v.find(kindBefore(strings.ToLower(kind), argument))
	if err != nil {
		return found, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	found, ok := x.(T)
	if !ok {
		return found, usageError{fmt.Errorf("%s: %s is not of kind %s", flag, manifest.KeyOf(x), kind)}
	}
	return found, nil
}

// filled returns a form that is filled in from an object.
func (o *formOptions) filled(v *view) (*form.Draft, error) {
	x, err := object[manifest.Object](v, o.kind.Object, "--from", o.from)
	if err != nil {
		return nil, err
	}
	if manifest.KeyOf(x).Kind != o.kind.Object {
		return nil, usageError{fmt.Errorf("--from: %s is not a %s: name one", manifest.KeyOf(x), o.kind.Name)}
	}
	content, err := unstructuredOf(x)
	if err != nil {
		return nil, err
	}
	spec, _ := content.Object["spec"].(map[string]any)
	var plan *v1alpha1.JointPlan
	switch x := x.(type) {
	case *v1alpha1.JointPlan:
		plan = x
	case *v1alpha1.MDFAllocation:
		if x.Spec.Reward != nil {
			return nil, usageError{fmt.Errorf("--from: %s is for a reward, for which there is no form: kubectl jointplan reward writes such a request", manifest.KeyOf(x))}
		}
		plan = planNamed(v, x.Namespace, string(x.Spec.PlanRef.Name))
	case *v1alpha1.MDFClaim:
		plan = planOfRequest(v, x.Namespace, string(x.Spec.AllocationRef.Name))
	default:
	}
	if plan == nil {
		return nil, fmt.Errorf("the plan to which %s belongs is not there%s: its partner and program cannot be known", manifest.KeyOf(x), v.where())
	}
	draft, err := o.of(v, plan.Namespace, string(plan.Spec.PartnerRef.Name), cmp.Or(o.name, x.GetName()), spec)
	if err != nil {
		return nil, err
	}
	draft.Form.Labels = x.GetLabels()
	draft.Lists.OfPlan(plan)
	return draft, nil
}

func planNamed(v *view, namespace, name string) *v1alpha1.JointPlan {
	found := v.filter(func(key manifest.Key) bool {
		return key == manifest.Key{Kind: kinds.JointPlan, Namespace: namespace, Name: name}
	})
	if len(found) == 0 {
		return nil
	}
	plan, _ := found[0].(*v1alpha1.JointPlan)
	return plan
}

func planOfRequest(v *view, namespace, name string) *v1alpha1.JointPlan {
	for _, x := range v.filter(func(key manifest.Key) bool {
		return key == manifest.Key{Kind: kinds.MDFAllocation, Namespace: namespace, Name: name}
	}) {
		if request, ok := x.(*v1alpha1.MDFAllocation); ok {
			return planNamed(v, namespace, string(request.Spec.PlanRef.Name))
		}
	}
	return nil
}

// planDraft returns an empty form for a plan.
func (o *formOptions) planDraft(v *view) (*form.Draft, error) {
	partner, err := (&catalogOptions{target: o.target, partner: o.partner}).chosen(v, "")
	switch {
	case err != nil:
		return nil, err
	case partner == nil:
		return nil, fmt.Errorf("there is no partner%s: say whose plan it is", v.elsewhere())
	}
	period, err := periodOf(o.period)
	if err != nil {
		return nil, usageError{err}
	}
	spec := map[string]any{"fiscalYear": int64(*period.FiscalYear)}
	if period.Part != "" {
		spec["part"] = string(period.Part)
	}
	name := strings.ToLower(fmt.Sprintf("%s-fy%02d-%s", partner.Name, *period.FiscalYear%100, period.Part))
	draft, err := o.of(v, partner.Namespace, partner.Name, cmp.Or(o.name, strings.Trim(name, "-")), map[string]any{
		"partnerRef": map[string]any{"name": partner.Name}, "period": spec,
	})
	if err == nil && planNamed(v, partner.Namespace, draft.Form.Name) != nil && o.name == "" {
		return nil, usageError{fmt.Errorf("there is a plan %s already: fill the form in from it with --from %s, or give the new one another name with --name", draft.Form.Name, draft.Form.Name)}
	}
	return draft, err
}

// requestDraft returns an empty form for a request.
func (o *formOptions) requestDraft(v *view) (*form.Draft, error) {
	plan, err := object[*v1alpha1.JointPlan](v, kinds.JointPlan, "--plan", o.plan)
	if err != nil {
		return nil, err
	}
	draft, err := o.of(v, plan.Namespace, string(plan.Spec.PartnerRef.Name), o.name, map[string]any{"planRef": map[string]any{"name": plan.Name}})
	if err == nil {
		draft.Lists.OfPlan(plan)
	}
	return draft, err
}

// claimDraft returns an empty form for a claim.
func (o *formOptions) claimDraft(v *view) (*form.Draft, error) {
	request, err := object[*v1alpha1.MDFAllocation](v, kinds.MDFAllocation, "--request", o.request)
	if err != nil {
		return nil, err
	}
	if request.Spec.Reward != nil {
		return nil, usageError{fmt.Errorf("--request: %s is for a reward, on which a claim has nothing to fill in: kubectl jointplan claim writes it",
			manifest.KeyOf(request))}
	}
	plan := planNamed(v, request.Namespace, string(request.Spec.PlanRef.Name))
	if plan == nil {
		return nil, fmt.Errorf("the plan %s of the request is not there%s: its partner and program cannot be known", request.Spec.PlanRef.Name, v.where())
	}
	name := o.name
	for n := 1; name == ""; n++ {
		next := fmt.Sprintf("%s-%d", request.Name, n)
		if len(v.filter(func(key manifest.Key) bool {
			return key == manifest.Key{Kind: kinds.MDFClaim, Namespace: request.Namespace, Name: next}
		})) == 0 {
			name = next
		}
	}
	return o.of(v, request.Namespace, string(plan.Spec.PartnerRef.Name), name, map[string]any{
		"allocationRef": map[string]any{"name": request.Name}, "currency": string(request.Spec.Amount.Currency),
	})
}

// resultsDraft returns an empty form for results.
func (o *formOptions) resultsDraft(v *view) (*form.Draft, error) {
	subject, err := v.find(o.about)
	if err != nil {
		return nil, usageError{fmt.Errorf("--of: %w", err)}
	}
	partner, period := "", v1alpha1.Period{}
	switch x := subject.(type) {
	case *v1alpha1.Partner:
		partner = x.Name
	case *v1alpha1.JointPlan:
		partner, period = string(x.Spec.PartnerRef.Name), x.Spec.Period
	case *v1alpha1.Campaign:
		if plan := planNamed(v, x.Namespace, string(x.Spec.PlanRef.Name)); plan != nil {
			partner, period = string(plan.Spec.PartnerRef.Name), plan.Spec.Period
		}
	default:
		return nil, usageError{fmt.Errorf("--of: %s has no results: name a partner, plan or campaign", manifest.KeyOf(subject))}
	}
	switch {
	case o.period != "":
		if period, err = periodOf(o.period); err != nil {
			return nil, usageError{err}
		}
	case period == v1alpha1.Period{}:
		return nil, usageError{errors.New("say for which months: --period, such as FY2027-H2")}
	}
	draft, err := o.of(v, subject.GetNamespace(), partner, "", nil)
	if err != nil {
		return nil, err
	}
	of := program.Compile(draft.Form.Program, &v.program(draft.Form.Program).Spec)
	span, err := of.Calendar.Period(period)
	if err != nil {
		return nil, usageError{fmt.Errorf("the months cannot be known: %w", err)}
	}
	draft.Results = &form.ResultsDraft{Metrics: of.Spec.Metrics}
	for _, end := range of.Calendar.PeriodEnds(fiscal.Month, span.From.AddDays(-1), span.Through) {
		draft.Results.Days = append(draft.Results.Days, end.Date())
	}
	label := strings.NewReplacer(" ", "-").Replace(strings.ToLower(of.Calendar.Label(span)))
	draft.Form.Subject = manifest.KeyOf(subject).Kind + "/" + subject.GetName()
	draft.Form.Name = cmp.Or(o.name, subject.GetName()+"-reported-"+label)
	draft.Beside = map[string][]form.Table{"entries": form.Figures(v.objects, subject.GetNamespace(), partner, "")}
	draft.Notes = []string{fmt.Sprintf("Results of %s.", manifest.KeyOf(subject))}
	return draft, nil
}

// of returns a form for a partner, with the catalogue of its program.
func (o *formOptions) of(v *view, namespace, partner, name string, spec map[string]any) (*form.Draft, error) {
	found := v.filter(func(key manifest.Key) bool {
		return key == manifest.Key{Kind: kinds.Partner, Namespace: namespace, Name: partner}
	})
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no partner %s in namespace %s: its program cannot be known", partner, namespace)
	}
	of, ok := found[0].(*v1alpha1.Partner)
	if !ok {
		return nil, fmt.Errorf("%s is not a partner", manifest.KeyOf(found[0]))
	}
	rules := v.program(string(of.Spec.ProgramRef.Name))
	if rules == nil {
		return nil, v.noProgram(string(of.Spec.ProgramRef.Name))
	}
	lists := form.Catalogue(&rules.Spec)
	lists.Names(v.objects, namespace)
	draft := &form.Draft{
		Form: form.Form{Kind: o.kind.Object, Program: rules.Name, Partner: partner, Namespace: namespace, Name: name},
		Spec: spec, Lists: lists, Catalogue: form.Explained(&rules.Spec),
	}
	if o.kind.Name == "plan" {
		draft.Beside = map[string][]form.Table{"goals": form.Figures(v.objects, namespace, partner, name)}
		draft.Notes = []string{"Fill in the sheets from left to right. Yellow cells and columns with * cannot be left empty; sheets that do not apply can."}
	}
	return draft, nil
}

// writeForm writes the workbook.
func (o *formOptions) writeForm(command *cobra.Command, draft *form.Draft) error {
	data, err := form.Write(draft)
	if err != nil {
		return fmt.Errorf("the form cannot be made: %w", err)
	}
	if err := writeNew(command, "--out", o.out, data); err != nil || o.out == "-" {
		return err
	}
	return answerf(command, "%s: a form for %s of partner %s is written\n", o.out, map[string]string{
		"plan": "a plan", "request": "a request for money", "claim": "a claim", "results": "results",
	}[o.kind.Name], draft.Form.Partner)
}

// writeNew writes a new file, or to standard output for "-".
func writeNew(command *cobra.Command, flag, name string, data []byte) error {
	if name == "-" {
		_, err := command.OutOrStdout().Write(data)
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a form is for others to read
	switch {
	case errors.Is(err, os.ErrExist):
		return usageError{fmt.Errorf("%s is there already and stays as it is: name another file with %s", name, flag)}
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", name, pathReason(err))
	}
	if _, err := file.Write(data); err != nil {
		_ = file.Close()
		return fmt.Errorf("cannot write %s: %w", name, pathReason(err))
	}
	return file.Close()
}
