package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/draft/claim"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const claimHelp = `Make a claim on a granted request for money.

Writes an MDFClaim into a new file, by default NAME.yaml in the current folder, with what is still payable, by when, and the proofs that the
activity asks for as a checklist on top; and says what the claim would come to. Commit it where the partner's claims are kept, or apply it. With
--live it creates the claim in the cluster instead, unless a GitOps tool delivers the request (--force creates it all the same).

A claim on a reward has no costs: it claims all that is granted and not claimed yet.

With -f the request is read from files, else from the cluster.`

const claimExample = `  # a claim on the roadshow, as a file
  kubectl jointplan claim acme-migration-roadshow -f plans/ --at 2026-11-30T09:00:00Z --by paula.reimann@acme.example \
    --cost "RS-118:Hotel am Wall:6400.00:2026-10-20:7616.00" --proof "Invoice:https://files.acme.example/RS-118.pdf" --write claims/

  # a part of 2500.00 of an invoice of 4000.00 net, of which another claim bears the rest
  kubectl jointplan claim acme-migration-roadshow -f plans/ --at 2026-11-30T09:00:00Z --by paula.reimann@acme.example \
    --cost "HM-77:Messebau Hinz:2500.00/4000.00:2026-10-20" --proof "Invoice:https://files.acme.example/HM-77.pdf" --write claims/

  # the final one, in the cluster
  kubectl jointplan claim acme-migration-roadshow -n partner-acme --live --final --result qualified-leads:31 \
    --cost "RS-131:Hotel am Wall:3100.00:2026-11-18" --proof "Invoice:https://files.acme.example/RS-131.pdf"`

type claimOptions struct {
	*target

	name      string
	by        string
	claimedOn string
	costs     []string
	proofs    []string
	results   []string
	write     string
	draft     bool
	final     bool
	live      bool
	force     bool
}

// newClaim returns the command that makes a claim.
func newClaim() *cobra.Command {
	o := &claimOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "claim REQUEST",
		Short:   "Make a claim on a granted request for money",
		Long:    claimHelp,
		Example: claimExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("name one request for money, not %d", len(args))}
			}
			return nil
		},
		ValidArgsFunction: o.completeNames,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, args[0])
		},
	}
	o.addFlags(command)
	flags := command.Flags()
	flags.StringArrayVar(&o.costs, "cost", nil,
		"an invoice, as INVOICE:SUPPLIER:NET:DAY or INVOICE:SUPPLIER:NET:DAY:GROSS, DAY being that of the order or the invoice and NET, where only a part "+
			"of the invoice is claimed, PART/WHOLE"+ownColons+"; may be given several times")
	flags.StringArrayVar(&o.proofs, "proof", nil, "a proof of performance, as TYPE:REFERENCE; may be given several times")
	flags.StringArrayVar(&o.results, "result", nil, "a result of the activity, as METRIC:VALUE; the final claim needs them; may be given several times")
	flags.BoolVar(&o.final, "final", false, "no more claims follow: what is left of the grant is released when this one is paid")
	flags.StringVar(&o.name, "name", "", "name of the claim (default the request's with the next number)")
	flags.StringVar(&o.by, "by", "", "user name of who claims (default in a cluster: you)")
	flags.StringVar(&o.claimedOn, "claimed-on", "", "day on which the claim is submitted, such as 2026-11-03 (default today)")
	flags.BoolVar(&o.draft, "draft", false, "do not submit it yet: leave out the day")
	flags.StringVar(&o.write, "write", "", "write it into this new file or folder, or - for standard output (default NAME.yaml)")
	flags.BoolVar(&o.live, "live", false, "create the claim in the cluster")
	flags.BoolVar(&o.force, "force", false, "with --live: also when a GitOps tool delivers the request")
	return command
}

func (o *claimOptions) run(ctx context.Context, command *cobra.Command, argument string) error {
	wish, err := o.wish()
	if err != nil {
		return usageError{err}
	}
	v, err := o.read(ctx, command)
	if err != nil {
		return err
	}
	found, err := v.find(kindBefore("mdfallocation", argument))
	if err != nil {
		return err
	}
	var ok bool
	if wish.Request, ok = found.(*v1alpha1.MDFAllocation); !ok {
		return usageError{fmt.Errorf("%s is not a request for money: claims are made on those", manifest.KeyOf(found))}
	}
	if err := o.suits(wish.Request); err != nil {
		return usageError{err}
	}
	if wish.At = v.at; v.client != nil && wish.By == "" {
		if wish.By, err = whoAmI(ctx, v.client); err != nil {
			return err
		}
	}
	draft, err := claim.New(v.known(), wish)
	if err != nil {
		return err
	}
	text, err := claimManifest(ctx, draft)
	if err != nil {
		return err
	}
	tellClaim(command, draft)
	for _, line := range unclaimed(v, draft) {
		tellf(command, "%s\n", line)
	}
	if o.live {
		return o.create(ctx, command, v, draft, wish.Request)
	}
	file, err := writeManifest(command.OutOrStdout(), cmp.Or(o.write, draft.Claim.Name+".yaml"), draft.Claim.Name, text)
	if err == nil && file != "" {
		err = answerf(command, "%s: MDFClaim %s/%s is written; it counts once it is applied\n", file, draft.Claim.Namespace, draft.Claim.Name)
	}
	return err
}

// tellClaim says what is to be known about a claim.
func tellClaim(command *cobra.Command, draft *claim.Draft) {
	tellf(command, "%s.\n", draft.Account)
	for _, line := range append(checklistLines(draft), draft.Verdict...) {
		tellf(command, "%s\n", line)
	}
}

// unclaimed says what is not said about a claim, as what it rests on may not be read.
func unclaimed(v *view, draft *claim.Draft) []string {
	var lines []string
	if lacks := v.mayNot(kinds.ProgramCatalog); lacks != "" && !draft.Activity {
		lines = append(lines, sentence("which proofs the activity asks for cannot be shown: "+lacks))
	}
	if lacks := v.mayNot(kinds.MDFBudget); lacks != "" && len(draft.Verdict) == 0 {
		lines = append(lines, "The amount of the claim cannot be shown, because you are not allowed to read budgets: once it is applied, its status says so.")
	}
	return lines
}

// create creates the claim in the cluster, unless a GitOps tool delivers the request.
func (o *claimOptions) create(ctx context.Context, command *cobra.Command, v *view, draft *claim.Draft, request *v1alpha1.MDFAllocation) error {
	if tool := deliveredBy(request); tool != "" && !o.force {
		return refuseTracked(command, draft.Claim, request, tool)
	}
	if err := v.client.Create(ctx, draft.Claim); err != nil {
		return inWords(err)
	}
	return answerf(command, "mdfclaim.%s/%s created\n", v1alpha1.GroupName, draft.Claim.Name)
}

// wish returns what the flags say.
func (o *claimOptions) wish() (w claim.Wish, err error) {
	if err := o.check(); err != nil {
		return w, err
	}
	w = claim.Wish{Name: o.name, By: o.by, On: v1alpha1.Date(o.claimedOn), Draft: o.draft, Final: o.final}
	for _, text := range o.costs {
		cost, err := costOf(text)
		if err != nil {
			return w, err
		}
		w.Costs = append(w.Costs, cost)
	}
	for _, text := range o.proofs {
		kind, reference, found := strings.Cut(text, ":")
		if !found || kind == "" || reference == "" {
			return w, fmt.Errorf("--proof %q: must be TYPE:REFERENCE, such as Invoice:https://files.acme.example/RS-118.pdf", text)
		}
		w.Proofs = append(w.Proofs, v1alpha1.Proof{Type: v1alpha1.ProofType(kind), Reference: v1alpha1.Note(reference)})
	}
	for _, text := range o.results {
		metric, value, found := strings.Cut(text, ":")
		if !found || metric == "" || value == "" {
			return w, fmt.Errorf("--result %q: must be METRIC:VALUE, such as qualified-leads:31", text)
		}
		w.Results = append(w.Results, v1alpha1.ExpectedResult{Metric: v1alpha1.Name(metric), Value: v1alpha1.Decimal(value)})
	}
	return w, nil
}

// check refuses flags that do not go together.
func (o *claimOptions) check() error {
	switch {
	case o.live && len(o.files) > 0:
		return errors.New("-f names files and --live the cluster: leave out one")
	case o.live && o.write != "":
		return errors.New("--live creates the claim in the cluster and --write writes it into a file: leave out one")
	case len(o.files) > 0 && o.by == "":
		return errors.New("files do not show who you are: say with --by who claims, by user name")
	case o.draft && o.claimedOn != "":
		return errors.New("--draft leaves out the day that --claimed-on gives: leave out one")
	default:
		return nil
	}
}

// suits refuses flags that do not go with what is claimed: costs belong to activities.
func (o *claimOptions) suits(request *v1alpha1.MDFAllocation) error {
	switch reward := request.Spec.Reward != nil; {
	case !reward && len(o.costs) == 0:
		return errors.New("say what it cost: --cost INVOICE:SUPPLIER:NET:DAY, once for each invoice")
	case reward && len(o.costs)+len(o.results) > 0:
		return fmt.Errorf("%s is for a reward, which has no costs and no results of its own: leave out --cost and --result", manifest.KeyOf(request))
	default:
		return nil
	}
}

// costOf reads the value of --cost.
func costOf(text string) (v1alpha1.ClaimedCost, error) {
	const least, most = 4, 5
	list := atColons(text, -1)
	if len(list) < least || len(list) > most || list[0] == "" {
		return v1alpha1.ClaimedCost{}, fmt.Errorf("--cost %q: must be INVOICE:SUPPLIER:NET:DAY or INVOICE:SUPPLIER:NET:DAY:GROSS%s", text, tooMany(text, least-1))
	}
	if _, err := fiscal.ParseDay(v1alpha1.Date(list[3])); err != nil {
		return v1alpha1.ClaimedCost{}, fmt.Errorf("--cost %q: %q must be the day of the order or the invoice, such as 2026-10-20%s", text, list[3], tooMany(text, least-1))
	}
	part, whole, _ := strings.Cut(list[2], "/")
	for _, amount := range append(strings.Split(list[2], "/"), list[least:]...) {
		if _, err := decimal.Parse(strings.TrimSpace(amount)); err != nil {
			return v1alpha1.ClaimedCost{}, fmt.Errorf("--cost %q: %q must be an amount such as 1500.00, without a currency or separators", text, amount)
		}
	}
	cost := v1alpha1.ClaimedCost{
		Invoice: v1alpha1.Word(list[0]), Supplier: v1alpha1.Title(list[1]), IncurredOn: v1alpha1.Date(list[3]),
		Net: v1alpha1.Decimal(strings.TrimSpace(part)), InvoiceNet: v1alpha1.Decimal(strings.TrimSpace(whole)),
	}
	if len(list) == most {
		cost.Gross = v1alpha1.Decimal(list[4])
	}
	return cost, nil
}

// checklistLines are the proofs that the activity asks for, for people.
func checklistLines(draft *claim.Draft) []string {
	if len(draft.Checklist) == 0 {
		return nil
	}
	return append([]string{"Proof of performance that the program asks for:"}, draft.Checklist...)
}

// claimManifest returns the claim as a manifest with what is to be known about it on top. It refuses one that the API server would refuse.
func claimManifest(ctx context.Context, draft *claim.Draft) ([]byte, error) {
	text, err := commented(draft)
	if err != nil {
		return nil, err
	}
	return text, wouldBeTaken(ctx, text)
}

// commented returns the claim as a manifest with what is to be known about it on top.
func commented(draft *claim.Draft) ([]byte, error) {
	text, err := manifestOf(draft.Claim)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, line := range append([]string{draft.Account + "."}, checklistLines(draft)...) {
		b.WriteString(sprintf("# %s\n", line))
	}
	b.Write(text)
	return b.Bytes(), nil
}

// wouldBeTaken returns what an API server would have against a manifest.
func wouldBeTaken(ctx context.Context, text []byte) error {
	_, err := reader().Read(ctx, manifest.Options{Stdin: bytes.NewReader(text)}, "-")
	list, wrong := errors.AsType[manifest.Errors](err)
	if !wrong {
		return err
	}
	var all []error
	for _, one := range list {
		if one.Field != "" { // the rest only says that not all rules were looked at
			all = append(all, fmt.Errorf("%s: %s: %s", one.Object, one.Field, one.Message))
		}
	}
	if len(all) == 0 {
		return err
	}
	return usageError{errors.Join(all...)}
}
