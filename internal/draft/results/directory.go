package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/nearest"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
)

// Subject is a partner, plan or campaign that results can be about.
type Subject struct {
	// Kind, Namespace and Name say which it is.
	Kind            v1alpha1.SubjectKind
	Namespace, Name string
	// Title is its name for people; empty if it has none.
	Title string
	// Partner is its partner, and Program the partner's program; nil when that is not at hand.
	Partner *v1alpha1.Partner
	Program *program.Program
	// Period are the days of a plan; none for partners and campaigns.
	Period fiscal.Span
}

// String names the subject.
func (s *Subject) String() string { return fmt.Sprintf("%s %s", s.Kind, s.Name) }

// Directory finds what results are about among objects.
type Directory struct {
	subjects []*Subject // by kind, namespace and name
	byName   map[subjectKey][]*Subject
	byTitle  map[subjectKey][]*Subject
	sets     map[setKey][]*v1alpha1.MeasurementSet
	taken    map[manifest.Key]*v1alpha1.MeasurementSet
}

type subjectKey struct {
	kind v1alpha1.SubjectKind
	text string
}

type setKey struct {
	namespace string
	about     v1alpha1.SubjectReference
	source    v1alpha1.Name
}

// NewDirectory reads the objects of files or of a cluster: programs, partners, plans, campaigns and what was reported about them.
func NewDirectory(objects []manifest.Object) *Directory {
	d := &Directory{
		byName: map[subjectKey][]*Subject{}, byTitle: map[subjectKey][]*Subject{}, sets: map[setKey][]*v1alpha1.MeasurementSet{},
		taken: map[manifest.Key]*v1alpha1.MeasurementSet{},
	}
	programs := map[v1alpha1.Name]*program.Program{}
	partners, plans := map[string]*Subject{}, map[string]*Subject{}
	for _, object := range objects {
		switch x := object.(type) {
		case *v1alpha1.PartnerProgram:
			programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
		case *v1alpha1.MeasurementSet:
			key := setKey{x.Namespace, x.Spec.SubjectRef, x.Spec.Source}
			d.sets[key] = append(d.sets[key], x)
			d.taken[manifest.Key{Kind: "MeasurementSet", Namespace: x.Namespace, Name: x.Name}] = x
		}
	}
	for _, object := range objects {
		if x, ok := object.(*v1alpha1.Partner); ok {
			partners[x.Namespace+"/"+x.Name] = d.add(&Subject{
				Kind: v1alpha1.SubjectPartner, Namespace: x.Namespace, Name: x.Name, Title: string(x.Spec.DisplayName), Partner: x, Program: programs[x.Spec.ProgramRef.Name],
			})
		}
	}
	for _, object := range objects {
		if x, ok := object.(*v1alpha1.JointPlan); ok {
			s := &Subject{Kind: v1alpha1.SubjectJointPlan, Namespace: x.Namespace, Name: x.Name}
			if of := partners[x.Namespace+"/"+string(x.Spec.PartnerRef.Name)]; of != nil {
				s.Partner, s.Program = of.Partner, of.Program
			}
			if s.Program != nil {
				s.Period, _ = s.Program.Calendar.Period(x.Spec.Period) // a wrong period has a finding of its own
			}
			plans[x.Namespace+"/"+x.Name] = d.add(s)
		}
	}
	for _, object := range objects {
		if x, ok := object.(*v1alpha1.Campaign); ok {
			s := &Subject{Kind: v1alpha1.SubjectCampaign, Namespace: x.Namespace, Name: x.Name, Title: string(x.Spec.Title)}
			if of := plans[x.Namespace+"/"+string(x.Spec.PlanRef.Name)]; of != nil {
				s.Partner, s.Program = of.Partner, of.Program
			}
			d.add(s)
		}
	}
	slices.SortFunc(d.subjects, (*Subject).compare)
	return d
}

func (d *Directory) add(s *Subject) *Subject {
	d.subjects = append(d.subjects, s)
	name := subjectKey{s.Kind, table.Key(s.Name)}
	d.byName[name] = append(d.byName[name], s)
	if s.Title != "" {
		title := subjectKey{s.Kind, table.Key(s.Title)}
		d.byTitle[title] = append(d.byTitle[title], s)
	}
	return s
}

func (s *Subject) compare(x *Subject) int {
	return cmp.Or(cmp.Compare(s.Kind, x.Kind), cmp.Compare(s.Namespace, x.Namespace), cmp.Compare(s.Name, x.Name))
}

// Of returns all subjects of a kind.
func (d *Directory) Of(kind v1alpha1.SubjectKind) []*Subject {
	var list []*Subject
	for _, s := range d.subjects {
		if s.Kind == kind {
			list = append(list, s)
		}
	}
	return list
}

// setsAbout returns the sets about a subject from a source.
func (d *Directory) setsAbout(s *Subject, source v1alpha1.Name) []*v1alpha1.MeasurementSet {
	return d.sets[setKey{s.Namespace, v1alpha1.SubjectReference{Kind: s.Kind, Name: v1alpha1.Name(s.Name)}, source}]
}

// find returns the subject that a text means: by name, or else by its name for people. Of a plan or campaign of which there are several, that of the partner.
func (d *Directory) find(kind v1alpha1.SubjectKind, text string, partner *Subject) (*Subject, error) {
	key := subjectKey{kind, table.Key(text)}
	found := of(partner, d.byName[key])
	if len(found) == 0 {
		found = of(partner, d.byTitle[key])
	}
	switch len(found) {
	case 1:
		if found[0].Program == nil {
			return nil, fmt.Errorf("the program of %s in namespace %s is not at hand: read it too", found[0], found[0].Namespace)
		}
		return found[0], nil
	case 0:
		return nil, d.unknown(kind, text, partner)
	}
	var where []string
	for _, s := range found {
		where = append(where, s.Namespace+"/"+s.Name)
	}
	slices.Sort(where)
	remedy := "write the name of one of them, or list it in subject.names of the mapping"
	if kind != v1alpha1.SubjectPartner && partner == nil {
		remedy = "name the column with the partner in subject.partnerColumn of the mapping"
	}
	return nil, fmt.Errorf("several %s are called that: %s; %s", called[kind], strings.Join(where, ", "), remedy)
}

// called are what people call the subjects of a kind.
var called = map[v1alpha1.SubjectKind]string{
	v1alpha1.SubjectPartner: "partners", v1alpha1.SubjectJointPlan: "plans", v1alpha1.SubjectCampaign: "campaigns",
}

// of leaves the subjects of a partner; all for nil.
func of(partner *Subject, list []*Subject) []*Subject {
	if partner == nil {
		return list
	}
	var left []*Subject
	for _, s := range list {
		if s.Partner == partner.Partner {
			left = append(left, s)
		}
	}
	return left
}

// unknown says that there is no subject of a name, with the nearest.
func (d *Directory) unknown(kind v1alpha1.SubjectKind, text string, partner *Subject) error {
	one := strings.TrimSuffix(called[kind], "s")
	names := map[string]string{} // by what is compared
	for _, s := range of(partner, d.Of(kind)) {
		names[table.Key(s.Name)] = s.Name
		if s.Title != "" {
			names[table.Key(s.Title)] = fmt.Sprintf("%s (%s)", s.Title, s.Name)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("there is no %s in what was read: read the %s too", one, called[kind])
	}
	candidates := make([]string, 0, len(names))
	for key := range names {
		candidates = append(candidates, key)
	}
	slices.Sort(candidates)
	what := fmt.Sprintf("there is no %s of this name", one)
	if partner != nil {
		what += " of partner " + partner.Name
	}
	if near := nearest.Name(table.Key(text), candidates); near != "" {
		return fmt.Errorf("%s: did you mean %s? If so, correct the cell, or list it in subject.names of the mapping", what, names[near])
	}
	return fmt.Errorf("%s: correct the cell, or list it in subject.names of the mapping", what)
}
