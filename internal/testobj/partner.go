package testobj

import "jointplan.dev/jointplan/api/v1alpha1"

// In sets the partner's namespace.
func (b *PartnerBuilder) In(namespace string) *PartnerBuilder {
	b.partner.Namespace = namespace
	return b
}

// Recorded sets the day on which the partner was recorded.
func (b *PartnerBuilder) Recorded(day v1alpha1.Date) *PartnerBuilder {
	b.partner.Spec.RecordedOn = day
	return b
}

// Joined sets the day on which the partner joined the program.
func (b *PartnerBuilder) Joined(day v1alpha1.Date) *PartnerBuilder {
	b.partner.Spec.MemberSince = day
	return b
}

// Certified adds a certificate of one person; from and through may be empty.
func (b *PartnerBuilder) Certified(competency v1alpha1.Name, person string, from, through v1alpha1.Date) *PartnerBuilder {
	b.partner.Spec.Competencies = append(b.partner.Spec.Competencies, v1alpha1.Competency{
		Name: competency, Person: v1alpha1.Title(person), From: from, Through: through,
	})
	return b
}

// Agreement sets the agreement; ends may be empty.
func (b *PartnerBuilder) Agreement(signed, ends v1alpha1.Date) *PartnerBuilder {
	b.partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: signed, EndsOn: ends}
	return b
}

// Invoice adds an invoice; paid may be empty.
func (b *PartnerBuilder) Invoice(number string, due, paid v1alpha1.Date) *PartnerBuilder {
	b.partner.Spec.Invoices = append(b.partner.Spec.Invoices, v1alpha1.Invoice{Number: v1alpha1.Title(number), DueOn: due, PaidOn: paid})
	return b
}

// Distributes makes the partner a distributor, whose children may be in the namespaces besides its own.
func (b *PartnerBuilder) Distributes(namespaces ...v1alpha1.Name) *PartnerBuilder {
	b.partner.Spec.Type = v1alpha1.PartnerDistributor
	b.partner.Spec.ChildNamespaces = append(b.partner.Spec.ChildNamespaces, namespaces...)
	return b
}

// Under names the distributor above; an empty namespace is the partner's own.
func (b *PartnerBuilder) Under(namespace, name v1alpha1.Name) *PartnerBuilder {
	b.partner.Spec.ParentRef = &v1alpha1.PartnerReference{Name: name, Namespace: namespace}
	return b
}
