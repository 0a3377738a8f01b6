package sheet

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/nearest"
	"jointplan.dev/jointplan/internal/table"
	"jointplan.dev/jointplan/internal/verdict"
)

const (
	// namespacePrefix begins the names of partners' namespaces.
	namespacePrefix = "partner-"
	// recordsLabel keeps a namespace that holds records from being deleted by mistake.
	recordsLabel = "channel.jointplan.dev/records"
)

var partnerTypes = []string{"Reseller", string(v1alpha1.PartnerDistributor), "ServiceProvider", "Integrator", "Consultant", "Technology"}

// partnerRow is a partner of a row.
type partnerRow struct {
	*record

	partner *v1alpha1.Partner
	before  *v1alpha1.Partner // nil for a new one
}

// partners makes partners of the rows.
func (in *intake) partners() error {
	labels, err := in.namespaceLabels()
	if err != nil {
		return err
	}
	d := newPartnerDirectory(in)
	var rows []*partnerRow
	for _, x := range in.rows {
		if p := x.partner(d); p != nil {
			rows = append(rows, p)
		}
	}
	in.checkRegions(rows)
	if err := in.setParents(rows, d); err != nil {
		return err
	}
	for _, p := range rows {
		if p.isRejected() {
			continue
		}
		item, err := p.item(labels)
		if err != nil {
			return err
		}
		in.outcome.Items = append(in.outcome.Items, item)
	}
	return nil
}

// namespaceLabels returns the labels of new namespaces.
func (in *intake) namespaceLabels() (map[string]string, error) {
	labels := map[string]string{recordsLabel: "keep"}
	allowed := in.program.Spec.AllowedNamespaces
	if allowed != nil && allowed.Selector != nil {
		maps.Copy(labels, allowed.Selector.MatchLabels)
		for _, e := range allowed.Selector.MatchExpressions {
			if e.Operator == metav1.LabelSelectorOpIn && len(e.Values) == 1 {
				labels[e.Key] = e.Values[0]
			}
		}
	}
	maps.Copy(labels, in.Labels)
	if !program.Allows(allowed, labels) {
		return nil, fmt.Errorf("program %s takes partners from namespaces with certain labels alone (%s), and it does not say which values: give them with --label KEY=VALUE",
			in.program.Name, metav1.FormatLabelSelector(allowed.Selector))
	}
	return labels, nil
}

// partner reads a row; nil where it is rejected before it is known which partner it means.
func (x *record) partner(d *partnerDirectory) *partnerRow {
	title := x.title("displayName")
	if title == "" {
		x.rejectf("displayName", "is empty: write the partner's name, or leave out such rows with skip in the mapping")
		return nil
	}
	name, namespace := x.objectName("name"), x.objectName("namespace")
	if name == "" && d.titled(string(title)) == nil {
		if name = PartnerName(string(title)); name == "" {
			x.rejectf("displayName", "no object name can be made of it, as its letters are not Latin: write one into a column %q", "Object Name")
			return nil
		}
	}
	p := &partnerRow{record: x}
	p.before = d.meant(name, namespace, string(title))
	if p.before != nil {
		name, namespace = p.before.Name, p.before.Namespace
	}
	namespace = cmp.Or(namespace, namespacePrefix+name)
	if len(namespace) > maxName {
		x.rejectf("name", "its namespace %s would have more than %d characters: write a shorter name into a column %q", namespace, maxName, "Object Name")
	}
	p.partner = &v1alpha1.Partner{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: kinds.Partner},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
		Spec:       v1alpha1.PartnerSpec{ProgramRef: v1alpha1.Reference{Name: x.in.program.Name}, DisplayName: title},
	}
	if !d.add(p) {
		return nil
	}
	p.read()
	return p
}

// read reads the other fields.
func (p *partnerRow) read() {
	spec := &p.partner.Spec
	if text := p.text("type"); text != "" {
		spec.Type = v1alpha1.PartnerType(chosen(text, partnerTypes))
		if spec.Type == "" {
			p.rejectf("type", "is not a type of partner%s Write %s, or say in spec.values of the mapping what it means", cmp.Or(nearTo(text, partnerTypes), "."), verdict.AnyOf(partnerTypes))
		}
	}
	spec.MemberSince = p.date("memberSince")
	if joined, err := fiscal.ParseDay(spec.MemberSince); p.before == nil && (err != nil || joined < p.in.today) {
		spec.RecordedOn = p.in.today.Date()
	}
	p.readTier()
	if text := p.text("region"); text != "" {
		if spec.Region = v1alpha1.Name(Slug(text)); spec.Region == "" {
			p.rejectf("region", "no name can be made of it: say in spec.values of the mapping what it means")
		}
	}
	spec.Territories, spec.Segments = p.slugs("territories"), p.slugs("segments")
	p.readCompetencies()
	p.readAgreement()
	spec.Contact, spec.ChannelManager = p.person("contact", "contactEmail"), p.person("channelManager", "channelManagerEmail")
}

func (p *partnerRow) readTier() {
	text, since := p.text("tier"), p.date("tierSince")
	if text == "" {
		return
	}
	set := p.in.program.RuleSetOn(p.in.today)
	if set == nil {
		p.rejectf("tier", "program %s has no rules in force on %s, and so no tiers", p.in.program.Name, p.in.today)
		return
	}
	var names []string
	var tier v1alpha1.Name
	for _, one := range set.Ranked {
		names = append(names, string(one.Name))
		if table.Key(string(one.Name)) == table.Key(text) || one.Title != "" && table.Key(string(one.Title)) == table.Key(text) {
			tier = one.Name
		}
	}
	switch {
	case tier == "":
		p.rejectf("tier", "%s", p.in.lacks("tier", text, names))
	case since == "" && !p.isRejected():
		p.rejectf("tierSince", "there is no day since which the partner has held tier %s: write it, or one for all rows into spec.columns of the mapping, as in {field: tierSince, value: %q}", tier, p.in.today)
	case since > p.in.today.Date():
		p.rejectf("tierSince", "is after the day of the import, %s: nobody holds a tier yet that begins later", p.in.today)
	default:
		p.partner.Spec.Tier = &v1alpha1.HeldTier{Name: tier, Since: since}
	}
}

func (p *partnerRow) readAgreement() {
	signed, ends := p.date("agreementSignedOn"), p.date("agreementEndsOn")
	switch {
	case signed == "" && ends == "":
	case signed == "":
		p.rejectf("agreementEndsOn", "says when the agreement ends, and no column says when it was signed: write that too, or empty the cell")
	case ends != "" && ends < signed:
		p.rejectf("agreementEndsOn", "the agreement ends before it was signed, on %s: correct one of the two", signed)
	default:
		p.partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: signed, EndsOn: ends}
	}
}

var address = regexp.MustCompile(`^[^@\s<>]+@[^@\s<>]+$`)

func (p *partnerRow) person(name, email string) *v1alpha1.Contact {
	c := &v1alpha1.Contact{Name: p.title(name), Email: strings.TrimPrefix(p.text(email), "mailto:")}
	switch {
	case c.Name == "" && c.Email == "":
		return nil
	case c.Email != "" && !address.MatchString(c.Email):
		p.rejectf(email, "is not an e-mail address such as ana@example.com: write one, or empty the cell")
	case c.Name == "":
		p.rejectf(email, "is the address of nobody: write the person's name into the column of %s, or empty the cell", name)
	}
	return c
}

// certificate matches an entry such as "certified-engineer: Amir Haddad (2024-02-01 to 2027-01-31)".
var certificate = regexp.MustCompile(`^([^:]+):\s*([^()]+?)\s*(?:\((?:([0-9-]{10})\s+)?to\s+([0-9-]{10})\))?$`)

func (p *partnerRow) readCompetencies() {
	for part := range strings.SplitSeq(p.text("competencies"), ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := certificate.FindStringSubmatch(part)
		if m == nil {
			p.rejectf("competencies", "%q is not a certificate: write COMPETENCY: PERSON (FROM to THROUGH), with a semicolon between two, as in %q", part, "certified-engineer: Amir Haddad (2024-02-01 to 2027-01-31)")
			continue
		}
		one := v1alpha1.Competency{Name: v1alpha1.Name(Slug(m[1])), Person: v1alpha1.Title(m[2]), From: v1alpha1.Date(m[3]), Through: v1alpha1.Date(m[4])}
		if means := p.in.values["competencies"][table.Key(m[1])]; means != "" {
			one.Name = v1alpha1.Name(Slug(means))
		}
		for _, day := range []v1alpha1.Date{one.From, one.Through} {
			if _, err := fiscal.ParseDay(day); day != "" && err != nil {
				p.rejectf("competencies", "%q: %s", part, err)
			}
		}
		p.partner.Spec.Competencies = append(p.partner.Spec.Competencies, one)
	}
}

// checkRegions rejects regions that are most probably mistyped: of one row alone, and near to one that others have. A region that the mapping or a partner
// that is there has is right.
func (in *intake) checkRegions(rows []*partnerRow) {
	count := map[string]int{}
	known := map[string]bool{}
	for _, means := range in.values["region"] {
		known[Slug(means)] = true
	}
	for _, object := range in.Objects {
		if x, ok := object.(*v1alpha1.Partner); ok {
			known[string(x.Spec.Region)] = true
		}
	}
	for _, p := range rows {
		count[string(p.partner.Spec.Region)]++
	}
	for _, p := range rows {
		region := string(p.partner.Spec.Region)
		if region == "" || known[region] || count[region] > 1 {
			continue
		}
		others := slices.DeleteFunc(sortedKeys(count), func(other string) bool { return other == "" || !known[other] && count[other] < 2 })
		if near := nearest.Name(region, others); near != "" {
			p.rejectf("region", "no other partner has the region %s: did you mean %s, which %s? If it is right, list it in spec.values of the mapping, as in {field: region, written: %s, means: %s}",
				region, near, have(count[near]), region, region)
		}
	}
}

func have(n int) string {
	switch n {
	case 0:
		return "partners before have"
	case 1:
		return "1 partner has"
	}
	return fmt.Sprintf("%d partners have", n)
}

// parents finds the distributors of rows.
func (in *intake) parents(rows []*partnerRow, d *partnerDirectory) map[*partnerRow]*knownPartner {
	parents := map[*partnerRow]*knownPartner{}
	for _, p := range rows {
		text := p.text("distributor")
		if text == "" {
			continue
		}
		parent, err := d.find(text)
		switch {
		case err != nil:
			p.rejectf("distributor", "%s", withRemedy(err, "correct the cell, or say in spec.values of the mapping which partner it means"))
		case parent.partner == p.partner:
			p.rejectf("distributor", "is the partner itself: empty the cell")
		case parent.partner.Spec.Type != v1alpha1.PartnerDistributor:
			p.rejectf("distributor", "%s is not a Distributor, but a %s%s: correct its type, or empty the cell", parent.partner.Name, cmp.Or(parent.partner.Spec.Type, "Reseller"), parent.on())
		default:
			parents[p] = parent
		}
	}
	for again := true; again; {
		again = false
		for _, p := range rows {
			if parent := parents[p]; parent != nil && !p.isRejected() && parent.row != nil && parent.row.isRejected() {
				p.rejectf("distributor", "%s is rejected itself%s: correct that row first", parent.partner.Name, parent.on())
				again = true
			}
		}
	}
	return parents
}

// setParents resolves distributors, and lists the namespaces of their resellers with them.
func (in *intake) setParents(rows []*partnerRow, d *partnerDirectory) error {
	if !in.has("distributor") {
		return nil
	}
	parents := in.parents(rows, d)
	adopters := map[*v1alpha1.Partner]*v1alpha1.Partner{}
	for _, p := range rows {
		parent := parents[p]
		if parent == nil || p.isRejected() {
			continue
		}
		ref := &v1alpha1.PartnerReference{Name: v1alpha1.Name(parent.partner.Name)}
		if parent.partner.Namespace != p.partner.Namespace {
			ref.Namespace = v1alpha1.Name(parent.partner.Namespace)
			addChild(parent, adopters, v1alpha1.Name(p.partner.Namespace))
		}
		p.partner.Spec.ParentRef = ref
	}
	for _, object := range in.Objects {
		before, ok := object.(*v1alpha1.Partner)
		if !ok || adopters[before] == nil {
			continue
		}
		now := &v1alpha1.Partner{}
		changes, err := merge(before, adopters[before], now)
		if err != nil {
			return err
		}
		in.outcome.Items = append(in.outcome.Items, &Item{Object: now, Changes: changes, Namespace: in.ownLabels(now.Namespace)})
	}
	return nil
}

// addChild lists a namespace with a distributor: with that of a row, or with one that is there and that no row is about.
func addChild(parent *knownPartner, adopters map[*v1alpha1.Partner]*v1alpha1.Partner, child v1alpha1.Name) {
	drafted := parent.partner
	if parent.row == nil {
		if drafted = adopters[parent.partner]; drafted == nil {
			drafted = &v1alpha1.Partner{}
			adopters[parent.partner] = drafted
		}
	}
	if children := &drafted.Spec.ChildNamespaces; !slices.Contains(*children, child) {
		*children = append(*children, child)
	}
}

// ownLabels returns the labels that a namespace has, but for the one that the API server gives it.
func (in *intake) ownLabels(namespace string) map[string]string {
	labels := maps.Clone(in.Namespaces[namespace])
	delete(labels, namespaceNameLabel)
	return labels
}

// item returns the partner as it would be written.
func (p *partnerRow) item(labels map[string]string) (*Item, error) {
	item := &Item{Object: p.partner, Namespace: maps.Clone(labels), IsNew: p.before == nil, Place: p.in.place(p.Number), row: p.Number}
	merged := p.in.ownLabels(p.partner.Namespace)
	wasRead := len(merged) > 0
	for _, key := range sortedKeys(labels) {
		if merged[key] != labels[key] && wasRead {
			item.Changes = append(item.Changes, Change{Object: "Namespace " + p.partner.Namespace, Field: "metadata.labels." + key, Old: merged[key], New: labels[key]})
		}
	}
	if wasRead {
		maps.Copy(merged, labels)
		item.Namespace = merged
	}
	if p.before == nil {
		return item, nil
	}
	now := &v1alpha1.Partner{}
	changes, err := merge(p.before, p.partner, now)
	item.Object, item.Changes = now, append(item.Changes, changes...)
	return item, err
}

// nearTo names the word that was most probably meant.
func nearTo(text string, words []string) string {
	if near := nearest.Name(text, words); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return ""
}

// lacks says that the program has no such thing, with the nearest that it has.
func (in *intake) lacks(what, text string, names []string) string {
	return withRemedy(fmt.Errorf("program %s has %s", in.program.Name, verdict.NoSuch(what, text, names)), "correct the cell, or say in spec.values of the mapping what it means")
}

// namespaceNameLabel is the label that the API server gives every namespace.
const namespaceNameLabel = "kubernetes.io/metadata.name"

// companyKey is what the names of companies are compared by.
func companyKey(title string) string { return identity.SupplierKey(title) }
