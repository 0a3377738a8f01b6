package claim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// bears adds a claim of a part of an invoice; a whole one states no total.
func (d *desk) bears(name string, on v1alpha1.Date, invoice v1alpha1.Word, supplier v1alpha1.Title, net, whole v1alpha1.Decimal) *v1alpha1.MDFClaim {
	return d.add(testobj.Claim(name, "webinar").Claimed(on).With(func(s *v1alpha1.MDFClaimSpec) {
		s.Costs = []v1alpha1.ClaimedCost{{Invoice: invoice, Supplier: supplier, IncurredOn: "2026-10-12", Net: net, InvoiceNet: whole}}
	}).Obj())
}

// spellings are ways to write invoice R-2041 of Hall AG.
var spellings = map[string][2]string{
	"as it is":                           {"R-2041", "Hall AG"},
	"no hyphen":                          {"R2041", "Hall AG"},
	"a space":                            {"R 2041", "Hall AG"},
	"spaces at its ends":                 {" R-2041 ", "Hall AG"},
	"a slash":                            {"R/2041", "Hall AG"},
	"dots":                               {"R.20.41", "Hall AG"},
	"an underscore":                      {"R_2041", "Hall AG"},
	"small letters":                      {"r-2041", "hall ag"},
	"full-width letters and digits":      {"\uff32\uff0d\uff12\uff10\uff14\uff11", "Hall AG"},
	"a title":                            {"No. R-2041", "Hall AG"},
	"a title in one character":           {"\u2116 R-2041", "Hall AG"},
	"a longer title":                     {"Invoice no. R-2041", "Hall AG"},
	"a zero-width space":                 {"R-20\u200b41", "Hall\u200b AG"},
	"a soft hyphen":                      {"R-20\u00ad41", "Hall AG"},
	"a byte order mark":                  {"\ufeffR-2041", "Hall AG"},
	"a non-breaking hyphen":              {"R\u20112041", "Hall AG"},
	"an en dash":                         {"R\u20132041", "Hall AG"},
	"an em dash":                         {"R\u20142041", "Hall AG"},
	"a minus sign":                       {"R\u22122041", "Hall AG"},
	"a no-break space":                   {"R\u00a02041", "Hall\u00a0AG"},
	"dots in the supplier":               {"R-2041", "Hall A.G."},
	"no supplier":                        {"R-2041", ""},
	"no supplier and another spelling":   {"nr r2041", ""},
	"digits of another script":           {"R-\u0662\u0660\u0664\u0661", "Hall AG"},
	"a variation selector and a bracket": {"(R-2041\ufe0f)", "Hall AG"},
}

// TestSpellingsOfAnInvoiceAreOneInvoice claims an invoice, and then again in each spelling: the first by day keeps it, whichever is written how.
func TestSpellingsOfAnInvoiceAreOneInvoice(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, spelling := range spellings {
		t.Run(name, func(t *testing.T) {
			invoice, supplier := v1alpha1.Word(spelling[0]), v1alpha1.Title(spelling[1])
			for _, later := range []bool{false, true} {
				d := newDesk()
				first := d.bears("a", "2026-11-01", "R-2041", "Hall AG", "1000.00", "")
				second := d.bears("b", "2026-11-02", invoice, supplier, "1000.00", "")
				if later {
					first.Spec.Costs, second.Spec.Costs = second.Spec.Costs, first.Spec.Costs
				}
				claimSays(t, d.status(first, now), accepted, "False/AwaitingDecision", "EUR 500.00 would be payable")
				status := d.status(second, now)
				claimSays(t, status, accepted, "False/DuplicateInvoice", printable.Line(fmt.Sprintf("invoice %q is claimed in MDFClaim \"a\": nothing of it is left, so take it out of one "+
					"of them or, where each bears a part, state the part as net and the whole as invoiceNet in both by 2027-01-17", second.Spec.Costs[0].Invoice)))
				if status.Payable == nil || status.Payable.Amount != "0.00" {
					t.Errorf("payable %v on the second claim", status.Payable)
				}
			}
		})
	}
	if len(spellings) < 19 {
		t.Errorf("only %d spellings", len(spellings))
	}
}

// part is a cost as a claim of its own: the day on which it was claimed, the invoice, its supplier, the part and the whole.
type part struct {
	on       v1alpha1.Date
	invoice  v1alpha1.Word
	supplier v1alpha1.Title
	net      v1alpha1.Decimal
	whole    v1alpha1.Decimal
	incurred v1alpha1.Date // 2026-10-12 when absent
}

func TestPartsOfAnInvoice(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, tc := range map[string]struct {
		parts   []part // claims a, b, c; the last one is looked at
		desk    func(*desk)
		verdict string
		message string
		payable v1alpha1.Decimal
		finding string // "Severity Rule message", of rules about invoices
	}{
		"one invoice of 4,000, of which one claims 2,500 and the other 1,600": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-02", "r 1", "HALL", "1600.00", "4000", ""}},
			verdict: "False/AwaitingDecision", message: "EUR 750.00 would be payable; waiting", payable: "750.00",
			finding: `Warning InvoiceShared invoice "r 1" comes to EUR 4,000.00 net, of which EUR 2,500.00 counts in MDFClaim "a": of the EUR 1,600.00 claimed ` +
				"here, EUR 1,500.00 counts; the rest is the partner's cost",
		},
		"the first by day takes all of its part": {
			parts:   []part{{"2026-11-02", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-01", "R-1", "Hall", "1600.00", "4000.00", ""}},
			verdict: "False/AwaitingDecision", message: "EUR 800.00 would be payable", payable: "800.00",
		},
		"parts that fit": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-02", "R-1", "Hall", "1500.00", "4000.00", ""}},
			verdict: "False/AwaitingDecision", message: "EUR 750.00 would be payable", payable: "750.00",
			finding: `Info InvoiceShared invoice "R-1" comes to EUR 4,000.00 net, of which EUR 2,500.00 counts in MDFClaim "a", and EUR 1,500.00 here`,
		},
		"three parts, of which nothing is left for the third": {
			parts: []part{
				{"2026-11-01", "R-1", "Hall", "2500.00", "4000.00", ""},
				{"2026-11-02", "R-1", "Hall", "1600.00", "4000.00", ""},
				{"2026-11-03", "R-1", "Hall", "0.01", "4000.00", ""},
			},
			verdict: "False/DuplicateInvoice", message: `invoice "R-1" is claimed in MDFClaim "a" and MDFClaim "b": nothing of it is left`, payable: "0.00",
		},
		"another total": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-02", "R-1", "Hall", "1600.00", "5000.00", ""}},
			verdict: "False/InvoiceNetDiffers", payable: "0.00",
			message: `invoice "R-1" comes to EUR 5,000.00 net here and to EUR 4,000.00 in MDFClaim "a": correct invoiceNet where it is wrong; without ` +
				"invoiceNet, net is the whole invoice by 2027-01-17; after that no money is held for the claim",
		},
		"another total does not touch the first claim": {
			parts:   []part{{"2026-11-02", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-01", "R-1", "Hall", "1600.00", "5000.00", ""}},
			verdict: "False/AwaitingDecision", payable: "800.00",
		},
		"a claim with another total takes nothing from others": {
			parts: []part{
				{"2026-11-01", "R-1", "Hall", "2500.00", "4000.00", ""},
				{"2026-11-02", "R-1", "Hall", "1600.00", "5000.00", ""},
				{"2026-11-03", "R-1", "Hall", "1500.00", "4000.00", ""},
			},
			verdict: "False/AwaitingDecision", payable: "750.00",
			finding: `Info InvoiceShared invoice "R-1" comes to EUR 4,000.00 net, of which EUR 2,500.00 counts in MDFClaim "a", and EUR 1,500.00 here`,
		},
		"a part of what the first claims as a whole": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "2500.00", "", ""}, {"2026-11-02", "R-1", "Hall", "1600.00", "4000.00", ""}},
			verdict: "False/InvoiceNetDiffers", payable: "0.00",
			message: `invoice "R-1" comes to EUR 4,000.00 net here and to EUR 2,500.00 in MDFClaim "a"`,
		},
		"all of it twice, with different amounts": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "2500.00", "", ""}, {"2026-11-02", "R-1", "Hall", "1600.00", "", ""}},
			verdict: "False/DuplicateInvoice", payable: "0.00", message: `invoice "R-1" is claimed in MDFClaim "a": nothing of it is left`,
		},
		"without a supplier it is that of any supplier": {
			parts: []part{
				{"2026-11-01", "R-1", "Hall", "1000.00", "", ""}, {"2026-11-02", "R-1", "Print House", "500.00", "", ""}, {"2026-11-03", "R-1", "", "500.00", "", ""},
			},
			verdict: "False/DuplicateInvoice", payable: "0.00", message: `invoice "R-1" is claimed in MDFClaim "a" and MDFClaim "b"`,
		},
		"one without a supplier, claimed first, is in the way of any": {
			parts:   []part{{"2026-11-01", "R-1", "", "500.00", "", ""}, {"2026-11-02", "R-1", "Hall", "500.00", "", ""}},
			verdict: "False/DuplicateInvoice", payable: "0.00", message: `invoice "R-1" is claimed in MDFClaim "a"`,
		},
		"a draft takes nothing": {
			parts:   []part{{"", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-02", "R-1", "Hall", "4000.00", "", ""}},
			verdict: "False/AwaitingDecision", payable: "2000.00",
		},
		"a draft says what it would get": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "2500.00", "4000.00", ""}, {"", "R-1", "Hall", "1600.00", "4000.00", ""}},
			verdict: "False/NotClaimed", payable: "750.00",
			finding: `Warning InvoiceShared invoice "R-1" comes to EUR 4,000.00 net, of which EUR 2,500.00 counts in MDFClaim "a": of the EUR 1,600.00 claimed ` +
				"here, EUR 1,500.00 counts; the rest is the partner's cost",
		},
		"a settled claim goes first": {
			parts:   []part{{"2026-11-02", "R-1", "Hall", "2500.00", "4000.00", ""}, {"2026-11-01", "R-1", "Hall", "1600.00", "4000.00", ""}},
			desk:    func(d *desk) { d.ledger.Spec.Settled[webinarKey+"/a"] = 125000 },
			verdict: "False/AwaitingDecision", payable: "750.00",
			finding: `Warning InvoiceShared invoice "R-1" comes to EUR 4,000.00 net, of which EUR 2,500.00 counts in MDFClaim "a": of the EUR 1,600.00 claimed ` +
				"here, EUR 1,500.00 counts; the rest is the partner's cost",
		},
		"less than the part is the whole": {
			parts:   []part{{"2026-11-02", "R-1", "Hall", "2500.00", "2000.00", ""}},
			verdict: "False/InvalidSpec", payable: "0.00",
			message: "spec.costs[R-1].invoiceNet: EUR 2,000.00 is the invoice's net total, and EUR 2,500.00 of it is claimed: correct net or invoiceNet",
		},
		"a whole that is not an amount": {
			parts:   []part{{"2026-11-02", "R-1", "Hall", "2500.00", "4e3", ""}},
			verdict: "False/InvalidSpec", payable: "0.00", message: "spec.costs[R-1].invoiceNet: ",
		},

		"a number that is similar, of the same supplier and amount": {
			parts:   []part{{"2026-11-01", "R-2041", "Hall", "1000.00", "", ""}, {"2026-11-02", "R-2014", "HALL", "1000.00", "", ""}},
			verdict: "False/AwaitingDecision", payable: "500.00",
			finding: `Warning InvoiceAlike invoice "R-2014" by "HALL" of 2026-10-12 may be one that is claimed elsewhere: MDFClaim "a" has "R-2041" by "Hall" of the ` +
				"same amount; compare them, and reject the claim if they are one",
		},
		"a number with other zeros": {
			parts:   []part{{"2026-11-01", "R-2041", "", "1000.00", "", ""}, {"2026-11-02", "R-002041", "HALL", "1000.00", "", ""}},
			verdict: "False/AwaitingDecision", payable: "500.00",
			finding: `Warning InvoiceAlike invoice "R-002041" by "HALL" of 2026-10-12 may be one that is claimed elsewhere: MDFClaim "a" has "R-2041" of the same ` +
				"amount; compare them, and reject the claim if they are one",
		},
		"a number that is similar, of another amount": {
			parts:   []part{{"2026-11-01", "R-2041", "Hall", "1000.00", "", ""}, {"2026-11-02", "R-2042", "Hall", "1000.01", "", ""}},
			verdict: "False/AwaitingDecision", payable: "500.00",
		},
		"a number that is similar, of another supplier": {
			parts:   []part{{"2026-11-01", "R-2041", "Hall", "1000.00", "", ""}, {"2026-11-02", "R-2042", "Print House", "1000.00", "", ""}},
			verdict: "False/AwaitingDecision", payable: "500.00",
		},
		"the number and amount of another supplier": {
			parts:   []part{{"2026-11-01", "R-2041", "Hall", "1000.00", "", ""}, {"2026-11-02", "R-2041", "Halle", "1000.00", "", ""}},
			verdict: "False/AwaitingDecision", payable: "500.00",
			finding: `Warning InvoiceAlike invoice "R-2041" by "Halle" of 2026-10-12 may be one that is claimed elsewhere: MDFClaim "a" has this number and amount by ` +
				`"Hall"; compare them, and reject the claim if they are one`,
		},
		"the number of 299 days before": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "900.00", "", "2025-12-17"}, {"2026-11-02", "R-1", "Hall", "1000.00", "", ""}},
			verdict: "False/DuplicateInvoice", payable: "0.00", message: `invoice "R-1" is claimed in MDFClaim "a"`,
		},
		"the number of 300 days before": {
			parts:   []part{{"2026-11-01", "R-1", "Hall", "900.00", "", "2025-12-16"}, {"2026-11-02", "R-1", "Hall", "1000.00", "", ""}},
			verdict: "False/AwaitingDecision", payable: "500.00",
			finding: `Warning InvoiceAlike invoice "R-1" by "Hall" of 2026-10-12 may be one that is claimed elsewhere: MDFClaim "a" has this number by "Hall" with a cost ` +
				"of 2025-12-16; compare them, and reject the claim if they are one",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			for i, p := range tc.parts {
				c := d.bears(string(rune('a'+i)), p.on, p.invoice, p.supplier, p.net, p.whole)
				if p.incurred != "" {
					c.Spec.Costs[0].IncurredOn = p.incurred
				}
			}
			if tc.desk != nil {
				tc.desk(d)
			}
			last := d.claims[len(d.claims)-1]
			status := d.status(last, now)
			claimSays(t, status, accepted, tc.verdict, tc.message)
			if diff := cmp.Diff(euro(tc.payable), status.Payable); diff != "" {
				t.Errorf("payable (-want +got):\n%s", diff)
			}
			var found []string
			for _, f := range status.Findings {
				if f.Rule == claim.RuleInvoiceShared || f.Rule == claim.RuleInvoiceAlike {
					found = append(found, fmt.Sprintf("%s %s %s", f.Severity, f.Rule, f.Message))
				}
			}
			if got := strings.Join(found, "\n"); got != tc.finding {
				t.Errorf("findings\n%s\nwant\n%s", got, tc.finding)
			}
		})
	}
}

func TestWhoClaimsApprovesInNoSpelling(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, tc := range map[string]struct {
		by, verdict, message, finding string
	}{
		"who claims, in capitals": {
			by: "PAUL", verdict: "False/SelfApproval", message: `PAUL claims or requested the money, and so cannot approve (ApprovalDecision "c-approved-2026-11-09")`,
		},
		"who requested the money, with a blank": {by: " Otto ", verdict: "False/SelfApproval"},
		"another person":                        {by: "fiona", verdict: "True/Accepted"},
		"who looks like who claims": {
			by: "p\u0430ul", verdict: "True/Accepted",
			finding: `Warning PeopleLookAlike spec.requestedBy: "paul", who claims, and "p` + "\u0430" + `ul", who approved it (ApprovalDecision "c-approved-2026-11-09"), look alike: ` +
				"find out whether they are two people; if they are one, reject, and let another person approve",
		},
		"who looks like who requested the money": {
			by: "0tto", verdict: "True/Accepted",
			finding: `Warning PeopleLookAlike spec.allocationRef.name: "otto", who requested the money that is claimed, and "0tto", who approved it ` +
				`(ApprovalDecision "c-approved-2026-11-09"), look alike: find out whether they are two people; if they are one, reject, and let another person approve`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.request.Spec.RequestedBy = "otto"
			d.approveRequest("2026-08-05T10:00:00Z")
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "1000.00").Obj())
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z").Spec.ApprovedBy = tc.by
			status := d.status(c, now)
			claimSays(t, status, accepted, tc.verdict, tc.message)
			got := ""
			for _, f := range status.Findings {
				if f.Rule == "PeopleLookAlike" {
					got += fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Field, f.Message)
				}
			}
			if got != tc.finding {
				t.Errorf("got  %s\nwant %s", got, tc.finding)
			}
		})
	}
}

// TestThePartsOfAnInvoiceNeverExceedIt draws claims on parts of one invoice, in any spelling, order and state: what counts of them adds up to at
// most the total that the first of them states, whoever comes in which order.
func TestThePartsOfAnInvoiceNeverExceedIt(t *testing.T) {
	names := []string{"as it is", "no hyphen", "small letters", "a title", "a soft hyphen", "no supplier"}
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk().grant("EUR", "1000000.00", "50", "500000.00", 50000000)
		whole := rapid.Int64Range(1, 400000).Draw(t, "whole")
		for i := range rapid.IntRange(1, 6).Draw(t, "claims") {
			spelling := spellings[rapid.SampledFrom(names).Draw(t, "spelling")]
			total, stated := whole, v1alpha1.Decimal("")
			if rapid.IntRange(0, 5).Draw(t, "another total") == 0 {
				total = rapid.Int64Range(1, 400000).Draw(t, "total")
			}
			net := total
			if rapid.IntRange(0, 4).Draw(t, "in part") > 0 {
				net, stated = rapid.Int64Range(1, total).Draw(t, "net"), cents(total)
			}
			day := rapid.SampledFrom([]v1alpha1.Date{"", "2026-11-01", "2026-11-02", "2026-11-03", "2027-01-20"}).Draw(t, "claimed")
			d.bears(string(rune('a'+i)), day, v1alpha1.Word(spelling[0]), v1alpha1.Title(spelling[1]), cents(net), stated)
		}
		counted := func() map[string]int64 {
			f, counts := facts.Of(d.snapshot(), testobj.At("2026-12-01T10:00:00Z")), map[string]int64{}
			for _, c := range d.claims {
				for _, use := range f.InvoiceUses(c) {
					counts[c.Name] += use.Counts
				}
			}
			return counts
		}
		counts, sum := counted(), int64(0)
		for _, c := range d.claims {
			if c.Spec.ClaimedOn != "" { // a draft takes nothing, and says what it would get
				sum += counts[c.Name]
			}
		}
		for _, use := range uses(d) {
			if counts[use.Claim.Name] > use.Net {
				t.Fatalf("claim %s counts %d of %d", use.Claim.Name, counts[use.Claim.Name], use.Net)
			}
			if len(use.Before) == 0 && sum > use.Total && use.Claim.Spec.ClaimedOn != "" {
				t.Fatalf("%d counts in all of an invoice that the first claim, %s, states as %d", sum, use.Claim.Name, use.Total)
			}
		}
		d.claims = rapid.Permutation(d.claims).Draw(t, "in another order")
		if diff := cmp.Diff(counts, counted()); diff != "" {
			t.Fatalf("another order of objects counts (-want +got):\n%s", diff)
		}
	})
}

// uses returns all uses of invoices by the claims of a desk.
func uses(d *desk) []*facts.InvoiceUse {
	f := facts.Of(d.snapshot(), testobj.At("2026-12-01T10:00:00Z"))
	var all []*facts.InvoiceUse
	for _, c := range d.claims {
		all = append(all, f.InvoiceUses(c)...)
	}
	return all
}

// TestVeryManyClaimsOnOneNumberTakeNoTime has enough spellings of a number that comparing all with all would take minutes. Those that are too many
// get nothing.
func TestVeryManyClaimsOnOneNumberTakeNoTime(t *testing.T) {
	d := newDesk()
	for i := range 400 {
		c := d.bears(fmt.Sprintf("c%03d", i), "2026-11-01", "R-1", "Hall", "1.00", "100000.00")
		c.Spec.Costs = nil
		for n := range 32 {
			c.Spec.Costs = append(c.Spec.Costs, v1alpha1.ClaimedCost{
				Invoice: v1alpha1.Word("R" + strings.Repeat("-", n) + "1"), Supplier: "Hall", IncurredOn: "2026-10-12", Net: "1.00", InvoiceNet: "100000.00",
			})
		}
	}
	f := facts.Of(d.snapshot(), testobj.At("2026-12-01T10:00:00Z"))
	var sum int64
	for _, c := range d.claims {
		for _, use := range f.InvoiceUses(c) {
			sum += use.Counts
			if alike := f.AlikeUses(use); len(alike) > 0 {
				t.Fatalf("a spelling of the number is taken for another: %v", alike[0].Cost)
			}
		}
	}
	if sum != 25600 {
		t.Errorf("%d counts in all, want EUR 256.00", sum)
	}
}
