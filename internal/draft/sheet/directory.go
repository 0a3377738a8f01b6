package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/nearest"
	"jointplan.dev/jointplan/internal/table"
)

// knownPartner is a partner that is there, or of a row.
type knownPartner struct {
	partner *v1alpha1.Partner
	row     *partnerRow // nil for one that no row is about
}

// on says on which row the partner stands.
func (k *knownPartner) on() string {
	if k.row == nil {
		return ""
	}
	return ", on " + k.row.in.place(k.row.Number)
}

// partnerDirectory finds partners by the names that people give them.
type partnerDirectory struct {
	in    *intake
	there []*v1alpha1.Partner        // of the program, and others
	known []*knownPartner            // what rows are about comes in place of what is there
	rows  map[string]*partnerRow     // by namespace and name
	title map[string]*partnerRow     // by what companies are compared by
	found map[string][]*knownPartner // by text; nil until it is needed
}

func newPartnerDirectory(in *intake) *partnerDirectory {
	d := &partnerDirectory{in: in, rows: map[string]*partnerRow{}, title: map[string]*partnerRow{}}
	for _, object := range in.Objects {
		if x, ok := object.(*v1alpha1.Partner); ok {
			d.there = append(d.there, x)
			if x.Spec.ProgramRef.Name == in.program.Name {
				d.known = append(d.known, &knownPartner{partner: x})
			}
		}
	}
	return d
}

// titled returns the partner of the program that is there under a company's name; nil if there is none, or several are.
func (d *partnerDirectory) titled(title string) *v1alpha1.Partner {
	var found []*v1alpha1.Partner
	for _, x := range d.there {
		if x.Spec.ProgramRef.Name == d.in.program.Name && x.Spec.DisplayName != "" && companyKey(string(x.Spec.DisplayName)) == companyKey(title) {
			found = append(found, x)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// meant returns the partner that is there and that a row means: by the name of a column, else by that of the company, else by the name that is made of it.
func (d *partnerDirectory) meant(name, namespace, title string) *v1alpha1.Partner {
	if x := d.titled(title); x != nil && (name == "" || name == x.Name || name == PartnerName(title)) && (namespace == "" || namespace == x.Namespace) {
		return x
	}
	for _, x := range d.there {
		if x.Name == name && (namespace == "" && x.Namespace == namespacePrefix+name || x.Namespace == namespace) {
			return x
		}
	}
	return nil
}

// add adds the partner of a row, unless another row is about it.
func (d *partnerDirectory) add(p *partnerRow) bool {
	title := string(p.partner.Spec.DisplayName)
	key, company := p.partner.Namespace+"/"+p.partner.Name, companyKey(title)
	if first := d.title[company]; first != nil {
		if table.Key(title) == table.Key(string(first.partner.Spec.DisplayName)) {
			p.rejectf("displayName", "was there before, on %s: remove one of the two", d.in.place(first.Number))
		} else {
			p.rejectf("displayName", "is most probably the partner on %s, %q: remove one of the two; if they are two partners, make their names differ by more than spelling",
				d.in.place(first.Number), first.partner.Spec.DisplayName)
		}
		return false
	}
	if first := d.rows[key]; first != nil {
		p.rejectf("displayName", "would have the object name %s, which %q on %s has: remove one of the two, or write other names into a column %q",
			p.partner.Name, first.partner.Spec.DisplayName, d.in.place(first.Number), "Object Name")
		return false
	}
	if p.before != nil && p.before.Spec.ProgramRef.Name != d.in.program.Name {
		p.rejectf("displayName", "Partner %s/%s is there already, in program %s: write another name into a column %q", p.partner.Namespace, p.partner.Name, p.before.Spec.ProgramRef.Name, "Object Name")
		return false
	}
	d.rows[key], d.title[company] = p, p
	d.known = slices.DeleteFunc(d.known, func(k *knownPartner) bool { return k.partner == p.before })
	d.known = append(d.known, &knownPartner{partner: p.partner, row: p})
	return true
}

// index lists the partners by the texts that can mean them.
func (d *partnerDirectory) index() {
	d.found = map[string][]*knownPartner{}
	for _, k := range d.known {
		for _, key := range []string{
			"n " + table.Key(k.partner.Name), "t " + table.Key(string(k.partner.Spec.DisplayName)), "c " + companyKey(string(k.partner.Spec.DisplayName)),
			"w " + PartnerName(string(k.partner.Spec.DisplayName)),
		} {
			d.found[key] = append(d.found[key], k)
		}
	}
}

// find returns the partner that a text means: its name, the name of the company in any spelling, or that without the form of the company.
func (d *partnerDirectory) find(text string) (*knownPartner, error) {
	if d.found == nil {
		d.index()
	}
	for _, key := range []string{"n " + table.Key(text), "t " + table.Key(text), "c " + companyKey(text), "w " + PartnerName(text)} {
		switch found := d.found[key]; {
		case len(found) == 0, key == "w ":
		case len(found) == 1:
			return found[0], nil
		default:
			var where []string
			for _, k := range found {
				where = append(where, k.partner.Namespace+"/"+k.partner.Name)
			}
			return nil, fmt.Errorf("several partners are called that, %s", strings.Join(where, ", "))
		}
	}
	names := map[string]string{}
	for _, k := range d.known {
		names[table.Key(k.partner.Name)] = k.partner.Name
		names[table.Key(string(k.partner.Spec.DisplayName))] = string(k.partner.Spec.DisplayName)
	}
	delete(names, "")
	if near := nearest.Name(table.Key(text), sortedKeys(names)); near != "" {
		return nil, fmt.Errorf("there is no partner of this name: did you mean %q?", names[near])
	}
	return nil, errors.New("there is no partner of this name")
}

// withRemedy ends what is wrong with what to do.
func withRemedy(err error, remedy string) string {
	if text := err.Error(); strings.HasSuffix(text, "?") {
		return text + " If so, " + remedy
	}
	return err.Error() + ": " + remedy
}
