package explain

import (
	"cmp"
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/view/concern"
)

// benefitsOf explains what a partner has of each benefit, by period.
func benefitsOf(x *v1alpha1.Partner) []Verdict {
	var all []Verdict
	for i := range x.Status.Benefits {
		of := &x.Status.Benefits[i]
		v := Verdict{
			Rule: fmt.Sprintf("%s, %s", of.Name, of.Period), Verdict: quantity(of.Left, of.Unit) + " left", Level: concern.Fine,
			AsOf: "use through " + string(of.UseThrough),
		}
		parts := []string{
			fmt.Sprintf("entitled %s", of.Entitled), fmt.Sprintf("aligned %s", of.Aligned), fmt.Sprintf("asked for %s", of.Asked), fmt.Sprintf("granted %s", of.Granted),
		}
		if of.Used != "" {
			parts = append(parts, fmt.Sprintf("used %s", of.Used))
		}
		v.Message = strings.Join(parts, ", ")
		all = append(all, v)
	}
	return all
}

// quantity writes a quantity with its unit.
func quantity(of v1alpha1.Decimal, unit v1alpha1.Word) string {
	text := decimal.Group(string(of))
	if unit != "" {
		text += " " + string(unit)
	}
	return text
}

// unlocks explains what a plan opens for its partner: what is open, and by which step the rest opens.
func unlocks(x *v1alpha1.JointPlan) []Verdict {
	var all []Verdict
	at := map[string]int{} // where a step stands
	for i := range x.Status.Unlocks {
		u := &x.Status.Unlocks[i]
		what := unlock(u)
		if u.State == v1alpha1.UnlockOpen {
			v := Verdict{Rule: what, Verdict: "open", Level: concern.Fine}
			if u.Through != "" {
				v.AsOf = "through " + string(u.Through)
			}
			all = append(all, v)
			continue
		}
		step := u.By
		if u.Through != "" {
			step += " by " + string(u.Through)
		}
		if place, told := at[step]; told {
			all[place].Message += "; " + what
			continue
		}
		at[step] = len(all)
		all = append(all, Verdict{Rule: step, Verdict: "opens", Level: concern.Note, Message: what})
	}
	return all
}

// unlock says what a plan opens, and how much of it.
func unlock(u *v1alpha1.PlanUnlock) string {
	switch {
	case u.Amount != "":
		return fmt.Sprintf("%s: %s", u.What, amount(&v1alpha1.Money{Amount: u.Amount, Currency: u.Currency}))
	case u.Percent != "":
		return fmt.Sprintf("%s: %s percent", u.What, u.Percent)
	case u.Quantity != "":
		return fmt.Sprintf("%s: %s", u.What, u.Quantity)
	default:
		return u.What
	}
}

// budget explains what a plan costs by who pays it, beside what was granted and paid: all of it, then by activity.
func budget(x *v1alpha1.JointPlan) []Verdict {
	of := x.Status.Budget
	if of == nil {
		return nil
	}
	in := func(value v1alpha1.Decimal) string {
		return amount(&v1alpha1.Money{Amount: value, Currency: of.Currency})
	}
	row := func(rule, total string, l *v1alpha1.BudgetLine) Verdict {
		paid := []string{"vendor " + in(l.Vendor), "partner " + in(l.Partner)}
		if l.ThirdParty != "0" {
			paid = append(paid, "third parties "+in(l.ThirdParty))
		}
		return Verdict{
			Rule: rule, Verdict: cmp.Or(total, "planned"), Level: concern.Fine, Message: strings.Join(paid, ", "),
			Found: fmt.Sprintf("granted %s, paid %s", in(l.Granted), in(l.Paid)),
		}
	}
	whole := row("all activities", in(of.Planned.Total)+" planned", &v1alpha1.BudgetLine{
		Vendor: of.Planned.Vendor, Partner: of.Planned.Partner, ThirdParty: of.Planned.ThirdParty, Granted: of.Granted, Paid: of.Paid,
	})
	if of.Message != "" {
		whole.Message += "; " + of.Message
	}
	all := []Verdict{whole}
	for i := range of.Activities {
		all = append(all, row(string(of.Activities[i].Name), "", &of.Activities[i].BudgetLine))
	}
	if of.Others != nil {
		all = append(all, row("others", "", of.Others))
	}
	return all
}
