package manifest

// others are wrong objects of the other kinds.
func others() map[string]badInput {
	return map[string]badInput{
		"an agreement that ends before it is signed": {
			edits:  one(`endsOn: "2027-12-31"}`, `endsOn: "2024-12-31"}`),
			object: "Partner partner-acme/acme",
			want:   []string{"spec.agreement: endsOn must not be before signedOn"},
		},
		"an address that is none": {
			edits:  one("email: kim@example.com", "email: kim at example.com"),
			object: "Partner partner-acme/acme",
			want:   []string{`spec.channelManager.email: Invalid value: "kim at example.com": must be an e-mail address such as ana@example.com`},
		},
		"a territory that stands twice": {
			edits:  one("territories: [dach]", "territories: [dach, dach]"),
			object: "Partner partner-acme/acme",
			want:   []string{`spec.territories[1]: Duplicate value: "dach"`},
		},
		"a partner of no program": {
			edits:  one("  programRef: {name: northwind}\n  displayName", "  displayName"),
			object: "Partner partner-acme/acme",
			want:   []string{"spec.programRef: Required value", rulesNotChecked},
		},
		"a campaign that ends before it starts": {
			edits:  one(`endsOn: "2026-09-02"`, `endsOn: "2026-08-02"`),
			object: "Campaign partner-acme/autumn",
			want:   []string{"spec.schedule: endsOn must not be before startsOn"},
		},
		"an activity type in small letters": {
			edits:  one("  type: Webinar\n", "  type: webinar\n"),
			object: "Campaign partner-acme/autumn",
			want:   []string{`spec.type: Invalid value: "webinar": must begin with a capital letter and consist of letters and digits, such as TradeShow`},
		},
		"a step of the funnel that stands twice": {
			edits:  one(`[{metric: qualified-leads, expected: "25"}]`, `[{metric: qualified-leads, expected: "25"}, {metric: qualified-leads, expected: "5"}]`),
			object: "Campaign partner-acme/autumn",
			want:   []string{`spec.funnel[1]: Duplicate value: {"metric":"qualified-leads"}`},
		},
		"measurements about nothing that is measured": {
			edits:  one("subjectRef: {kind: JointPlan,", "subjectRef: {kind: Vendor,"),
			object: "MeasurementSet partner-acme/crm",
			want:   []string{`spec.subjectRef.kind: Unsupported value: "Vendor": supported values: "Partner", "JointPlan", "Campaign"`, rulesNotChecked},
		},
		"no measurements": {
			edits:  one("  entries:\n  - {metric: new-revenue, day: \"2026-09-30\", value: \"162000\", cohort: \"2026-09-01\"}\n", "  entries: []\n"),
			object: "MeasurementSet partner-acme/crm",
			want:   []string{"spec.entries: Invalid value: 0: should have at least 1 items"},
		},
		"one measurement more than allowed": {
			edits: one("  entries:\n  - {metric: new-revenue, day: \"2026-09-30\", value: \"162000\", cohort: \"2026-09-01\"}\n",
				"  entries: "+repeat(501, `{metric: new-revenue, day: "2026-09-30", value: "%d"}`)+"\n"),
			object: "MeasurementSet partner-acme/crm",
			want:   []string{"spec.entries: Too many: 501: must have at most 500 items", rulesNotChecked},
		},
		"leads made after their result": {
			edits:  one(`cohort: "2026-09-01"`, `cohort: "2026-10-01"`),
			object: "MeasurementSet partner-acme/crm",
			want:   []string{"spec.entries[0]: cohort must not be after day"},
		},
		"a revision in capital letters": {
			edits: one("  revision: v1:0123456789abcdef0123456789abcdef\n  party", "  revision: v1:0123456789ABCDEF0123456789abcdef\n  party"),
			want: []string{
				`spec.revision: Invalid value: "v1:0123456789ABCDEF0123456789abcdef": must be a revision as status.revision shows it: v1: and 32 hexadecimal digits`,
			},
			object: "ApprovalDecision partner-acme/acme-h1-vendor",
		},
		"a refusal without a reason": {
			edits:  one("decision: Approved", "decision: Rejected"),
			object: "ApprovalDecision partner-acme/acme-h1-vendor",
			want:   []string{"spec: a decision other than Approved, Submitted and Confirmed needs a comment that says why"},
		},
		"a decision at no instant": {
			edits:  one("  decidedTime: \"2026-06-15T09:00:00Z\"\n---", "  decidedTime: \"2026-06-15\"\n---"),
			object: "ApprovalDecision partner-acme/acme-h1-vendor",
			want:   []string{`spec.decidedTime: Invalid value: "2026-06-15": must be an instant such as 2026-09-30T12:00:00Z`, rulesNotChecked},
		},
		"a decision at an instant that no client can read": {
			edits:  one("  decidedTime: \"2026-06-15T09:00:00Z\"\n---", "  decidedTime: \"2026-06-15t09:00:00z\"\n---"),
			object: "ApprovalDecision partner-acme/acme-h1-vendor",
			want:   []string{`spec.decidedTime: must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z`},
		},
		"two approvals of one party": {
			edits: one("  - {party: Vendor, decision: acme-h1-vendor, by: kim@example.com, decidedTime: \"2026-06-15T09:00:00Z\"}\n",
				"  - {party: Vendor, decision: a, by: kim, decidedTime: \"2026-06-15T09:00:00Z\"}\n  - {party: Vendor, decision: b, by: kim, decidedTime: \"2026-06-15T09:00:00Z\"}\n"),
			object: "PlanRevision partner-acme/acme-h1-01234567",
			want:   []string{`spec.approvals[1]: Duplicate value: {"party":"Vendor"}`},
		},
		"a name in capital letters": {
			edits:  one("metadata: {name: crm, ", "metadata: {name: CRM, "),
			object: "MeasurementSet partner-acme/CRM",
			want: []string{
				"metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit",
				`metadata.name: Invalid value: "CRM": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ` +
					`and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is ` +
					`'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
			},
		},
		"a name that only a cluster can make up": {
			edits:  one("metadata: {name: crm, ", "metadata: {generateName: crm-, "),
			object: "MeasurementSet",
			want:   []string{"metadata.name: Required value: only a cluster can generate a name from generateName", rulesNotChecked},
		},
		"no name": {
			edits:  one("metadata: {name: crm, ", "metadata: {"),
			object: "MeasurementSet",
			want:   []string{"metadata.name: Required value: name or generateName is required", rulesNotChecked},
		},
		"a label that is a number": {
			edits:  one("metadata: {name: crm, ", "metadata: {labels: {year: 2027}, name: crm, "),
			object: "MeasurementSet partner-acme/crm",
			want:   []string{"metadata.labels[year]: must be of type string: write it in quotes"},
		},
		"a name that YAML takes for a truth value": {
			edits:  one("metadata: {name: crm, ", "metadata: {name: no, "),
			object: "MeasurementSet",
			want:   []string{"metadata.name: must be of type string: write it in quotes"},
		},
		"metadata that is a list": {
			edits:  one("metadata: {name: crm, namespace: partner-acme}", "metadata: [crm]"),
			object: "MeasurementSet",
			want:   []string{"metadata: must be a mapping with a name"},
		},
		"a label with a blank": {
			edits:  one("metadata: {name: crm, ", "metadata: {labels: {a b: c}, name: crm, "),
			object: "MeasurementSet partner-acme/crm",
			want: []string{`metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with ` +
				`an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`},
		},
		"a field of metadata that is unknown": {
			edits:  one("metadata: {name: crm, ", "metadata: {label: {a: b}, name: crm, "),
			object: "MeasurementSet partner-acme/crm",
			want:   []string{"metadata.label: unknown field"},
		},
		"an unknown kind": {
			edits:  one("kind: Campaign", "kind: Campain"),
			object: "Campain partner-acme/autumn",
			want:   []string{`kind: unknown kind "Campain", did you mean Campaign?`},
		},
		"a kind that is near to none": {
			edits:  one("kind: Campaign", "kind: Invoice"),
			object: "Invoice partner-acme/autumn",
			want: []string{`kind: unknown kind "Invoice"; the kinds of channel.jointplan.dev/v1alpha1 are ` +
				`ApprovalDecision, Benchmark, Campaign, ChannelManager, ChannelStrategy, JointPlan, MDFAllocation, MDFBudget, MDFClaim, MDFLedger, MeasurementSet, ` +
				`Partner, PartnerProgram, PlanReview, PlanRevision, ProgramCatalog, ProgramReport, PublishedBenchmark`},
		},
		"an unknown version": {
			edits:  one("dev/v1alpha1\nkind: Campaign", "dev/v1\nkind: Campaign"),
			object: "Campaign partner-acme/autumn",
			want:   []string{`apiVersion: unknown version "v1" of channel.jointplan.dev, did you mean channel.jointplan.dev/v1alpha1?`},
		},
		"a group that is nearly ours": {
			edits:  one("channel.jointplan.dev/v1alpha1\nkind: Campaign", "chanel.jointplan.dev/v1alpha1\nkind: Campaign"),
			object: "Campaign partner-acme/autumn",
			want:   []string{`apiVersion: unknown API group "chanel.jointplan.dev", did you mean channel.jointplan.dev/v1alpha1?`},
		},
		"no kind": {
			edits:  one("kind: Campaign\n", ""),
			object: "partner-acme/autumn",
			want:   []string{"kind: Required value: every object states its apiVersion and kind"},
		},
		"a kind that is a number": {
			edits:  one("kind: Campaign\n", "kind: 5\n"),
			object: "partner-acme/autumn",
			want:   []string{"kind: must be text"},
		},
	}
}
