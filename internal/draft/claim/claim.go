// Package claim drafts the MDFClaim that a partner wants to make on a granted request: it says what is still payable and by when, which proofs
// the activity asks for, and what the claim would come to.
package claim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
)

// Wish is what a partner wants to claim.
type Wish struct {
	// Request is the request, with its status, that the claim draws on.
	Request *v1alpha1.MDFAllocation
	// Name is the name of the claim; empty for the request's name with the next number.
	Name string
	// By is who claims, by user name.
	By string
	// On is the day on which the claim is submitted; empty for today.
	On v1alpha1.Date
	// Draft says that the claim is not handed in yet.
	Draft bool
	// Final says that no more claims follow.
	Final bool
	// Costs, Proofs and Results are what the claim states.
	Costs   []v1alpha1.ClaimedCost
	Proofs  []v1alpha1.Proof
	Results []v1alpha1.ExpectedResult
	// At is the instant.
	At time.Time
}

// Draft is a claim with what is to be known about it.
type Draft struct {
	// Claim is the object.
	Claim *v1alpha1.MDFClaim
	// Account says what is granted, what is still payable, and by when.
	Account string
	// Checklist has a line for each proof that the activity asks for, and whether the claim names one. It is empty when none is requested.
	Checklist []string
	// Activity says that the activity is known to the program, or what is at hand of it. If not, nobody here knows the proofs.
	Activity bool
	// Verdict says what the claim would come to. It is empty when the budget or its ledger is not known.
	Verdict []string
}

// New drafts a claim. Objects are those of the request's namespace, with the programs, budgets and ledgers that are known.
func New(objects []manifest.Object, w Wish) (*Draft, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	snap := preview.Snapshot(objects, w.Request)
	asked := request.Of(facts.Of(snap, w.At), w.Request)
	claim := w.claim(objects, asked)
	draft := &Draft{Claim: claim, Account: w.account(), Checklist: checklist(asked, w.Proofs), Activity: asked.Activity != nil || asked.IsReward()}
	if asked.Budget != nil && asked.Ledger != nil { // else nobody here knows what is granted
		after := preview.Snapshot(append(slices.Clone(objects), claim), w.Request)
		draft.Verdict = verdict(after, claim, w.At)
	}
	return draft, nil
}

func (w *Wish) check() error {
	key := manifest.KeyOf(w.Request)
	status := &w.Request.Status
	switch {
	case w.By == "":
		return errors.New("say who claims: --by USER")
	case status.Stage != v1alpha1.AllocationGranted:
		return fmt.Errorf("there is nothing to claim on %s: %s", key, whyNotGranted(status))
	default:
		return w.checkCosts()
	}
}

// checkCosts refuses amounts that the currency of the request does not have, such as a third digit after the point.
func (w *Wish) checkCosts() error {
	for i := range w.Costs {
		cost := &w.Costs[i]
		if _, err := money.Parse(cost.Net, w.Request.Spec.Amount.Currency); err != nil {
			return fmt.Errorf("--cost %s: NET %w", cost.Invoice, err)
		}
		if cost.InvoiceNet != "" {
			if _, err := money.Parse(cost.InvoiceNet, w.Request.Spec.Amount.Currency); err != nil {
				return fmt.Errorf("--cost %s: the whole invoice %w", cost.Invoice, err)
			}
		}
		if cost.Gross == "" {
			continue
		}
		if _, err := money.Parse(cost.Gross, w.Request.Spec.Amount.Currency); err != nil {
			return fmt.Errorf("--cost %s: GROSS %w", cost.Invoice, err)
		}
	}
	return nil
}

func whyNotGranted(status *v1alpha1.MDFAllocationStatus) string {
	for i := range status.Conditions {
		if c := &status.Conditions[i]; c.Type == v1alpha1.ConditionGranted {
			return c.Message
		}
	}
	return "it is not evaluated yet; wait a moment and try again"
}

// claim returns the object.
func (w *Wish) claim(objects []manifest.Object, asked *request.Request) *v1alpha1.MDFClaim {
	c := &v1alpha1.MDFClaim{}
	c.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.MDFClaim))
	c.Namespace, c.Name = w.Request.Namespace, w.Name
	for n := 1; c.Name == ""; n++ {
		if name := numbered(w.Request.Name, n); preview.Find(objects, kinds.MDFClaim, c.Namespace, name) == nil {
			c.Name = name
		}
	}
	c.Spec = v1alpha1.MDFClaimSpec{
		AllocationRef: v1alpha1.Reference{Name: v1alpha1.Name(w.Request.Name)}, RequestedBy: w.By, Currency: w.Request.Spec.Amount.Currency,
		Costs: w.Costs, Proofs: w.Proofs, Results: w.Results,
	}
	if w.Final {
		c.Spec.Scope = v1alpha1.ClaimFinal
	}
	if !w.Draft {
		c.Spec.ClaimedOn = w.On
		if w.On == "" {
			c.Spec.ClaimedOn = today(asked, w.At)
		}
	}
	return c
}

// today is the day in the program's zone; in that of the instant while the program is not known.
func today(asked *request.Request, at time.Time) v1alpha1.Date {
	if asked.Program != nil {
		return asked.Program.Today(at).Date()
	}
	return v1alpha1.Date(at.Format(time.DateOnly))
}

// maxName is the longest name of a claim.
const maxName = 63

func numbered(name string, n int) string {
	tail := fmt.Sprintf("-%d", n)
	return strings.TrimRight(name[:min(len(name), maxName-len(tail))], "-") + tail
}

// account says what is granted and still payable, and by when.
func (w *Wish) account() string {
	status := &w.Request.Status
	text := fmt.Sprintf("%s is granted to %s", amount(status.Granted), manifest.KeyOf(w.Request))
	if left, known := difference(status.Granted, status.Claimed); known {
		text += fmt.Sprintf(", of which %s is not claimed yet", left)
	}
	if status.ClaimThrough != "" {
		text += fmt.Sprintf("; claims can be received through %s", status.ClaimThrough)
	}
	if w.Request.Spec.Reward != nil {
		return text + "; all of it is paid, and no cost has to be proved"
	}
	return text + fmt.Sprintf("; %s%% of the net cost is paid", w.Request.Spec.ReimbursementPercent)
}

func amount(m *v1alpha1.Money) string {
	if m == nil {
		return "nothing"
	}
	if minor, err := money.ParseMoney(*m); err == nil {
		return money.Format(minor, m.Currency)
	}
	return fmt.Sprintf("%s %s", m.Currency, m.Amount)
}

// difference returns what is left of an amount.
func difference(all, taken *v1alpha1.Money) (text string, known bool) {
	if all == nil {
		return "", false
	}
	minor, err := money.ParseMoney(*all)
	if err != nil {
		return "", false
	}
	if taken != nil {
		less, err := money.ParseMoney(*taken)
		if err != nil {
			return "", false
		}
		minor = max(minor-less, 0)
	}
	return money.Format(minor, all.Currency), true
}

// checklist lists the proofs that the activity asks for, and whether there is one.
func checklist(asked *request.Request, proofs []v1alpha1.Proof) []string {
	if asked.Activity == nil {
		return nil
	}
	var lines []string
	for _, kind := range asked.Proofs() {
		mark, i := "[ ]", slices.IndexFunc(proofs, func(x v1alpha1.Proof) bool { return x.Type == kind })
		text := string(kind)
		if i >= 0 {
			mark, text = "[x]", text+", "+string(proofs[i].Reference)
		}
		lines = append(lines, mark+" "+text)
	}
	return lines
}

// verdict says what a claim would come to.
func verdict(snap *snapshot.Snapshot, drafted *v1alpha1.MDFClaim, at time.Time) []string {
	status, _ := claim.Evaluate(snap, drafted, at)
	var lines []string
	if status.Payable != nil {
		line := "Payable: " + amount(status.Payable)
		if status.Claimed != nil {
			line += " of " + amount(status.Claimed)
		}
		if own := status.OwnCost; own != nil && strings.ContainsAny(string(own.Amount), "123456789") {
			line += fmt.Sprintf("; %s of the share is above the grant and the partner's own cost", amount(own))
		}
		lines = append(lines, line)
	}
	for i := range status.Conditions {
		if c := &status.Conditions[i]; c.Type == v1alpha1.ConditionAccepted || c.Type == v1alpha1.ConditionReady && c.Status != metav1.ConditionTrue {
			lines = append(lines, fmt.Sprintf("%s %s (%s): %s", c.Type, c.Status, c.Reason, c.Message))
		}
	}
	return lines
}
