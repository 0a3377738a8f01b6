package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	channel "jointplan.dev/jointplan/api/v1alpha1"
)

// Header is the name of a column: what its header says, a label of a metrics system or a field of a query. Capitals and spaces at its ends make no
// difference.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=128
type Header string

// Encoding is how the characters of a text file are stored.
//
// +kubebuilder:validation:Enum=UTF-8;UTF-16;Windows-1252
type Encoding string

const (
	// EncodingUTF8 is the encoding of most systems today.
	EncodingUTF8 Encoding = "UTF-8"
	// EncodingUTF16 is what some programs call Unicode.
	EncodingUTF16 Encoding = "UTF-16"
	// EncodingWindows1252 is the encoding of older programs in Western Europe and America.
	EncodingWindows1252 Encoding = "Windows-1252"
)

// DecimalMark is the mark between the whole part and the fraction of a number.
//
// +kubebuilder:validation:Enum=Point;Comma
type DecimalMark string

const (
	// DecimalPoint is that of 1,234.50.
	DecimalPoint DecimalMark = "Point"
	// DecimalComma is that of 1.234,50.
	DecimalComma DecimalMark = "Comma"
)

// Interval is a part of the calendar over which values are added up.
//
// +kubebuilder:validation:Enum=Day;Month;Quarter
type Interval string

const (
	// IntervalDay is one day: values keep their days.
	IntervalDay Interval = "Day"
	// IntervalMonth is a month of the calendar.
	IntervalMonth Interval = "Month"
	// IntervalQuarter is a quarter of the program's fiscal year.
	IntervalQuarter Interval = "Quarter"
)

// File says how a CSV or XLSX file is read. What it leaves out is found in the file.
type File struct {
	// encoding is that of a CSV file: UTF-8, UTF-16 or Windows-1252. Absent means UTF-8, or what the byte order mark at the file's start says.
	// +optional
	Encoding Encoding `json:"encoding,omitempty"`

	// delimiter is the character between the cells of a CSV file, such as ";". Absent means the comma, semicolon, tab or bar that splits the header into
	// the columns of this mapping.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1
	Delimiter string `json:"delimiter,omitempty"`

	// sheet is the name of the sheet of a workbook. It is needed if the workbook has more than one that is not hidden.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=31
	Sheet string `json:"sheet,omitempty"`

	// headerRow is the row with the names of the columns, counted from 1. Absent means the first of the first 50 rows that has all columns of this mapping.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10000
	HeaderRow *int32 `json:"headerRow,omitempty"`
}

// PostgreSQL is a query whose rows are imported. To which server it goes, and as whom, is said to the command and not here.
type PostgreSQL struct {
	// query is one statement that reads, such as SELECT partner, closed_on, amount FROM deals. It runs in a transaction that cannot write.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16384
	Query string `json:"query,omitempty"`

	// timeoutSeconds is how long the query may take. Absent means 300. From 1 to 3600.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3600
	TimeoutSeconds *int32 `json:"timeoutSeconds,omitempty"`
}

// Prometheus is a query whose values at the end of each interval are imported. To which server it goes is said to the command and not here.
type Prometheus struct {
	// query is a PromQL expression with a value for each subject, such as sum by (partner) (increase(logins_total[$interval])). $interval is the length of the
	// interval that ends, in seconds, such as 2592000s. Each answer has the columns day and value, and one for each label.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16384
	Query string `json:"query,omitempty"`

	// timeoutSeconds is how long each query may take. Absent means 60. From 1 to 3600.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3600
	TimeoutSeconds *int32 `json:"timeoutSeconds,omitempty"`
}

// WrittenName says which object or metric a text in a cell means.
type WrittenName struct {
	// written is the text as it stands in the cell. Capitals and spaces at its ends make no difference.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Written string `json:"written,omitempty"`

	// name is the name of the object or metric.
	// +required
	Name channel.Name `json:"name,omitempty"`
}

// SubjectColumn says what the results of a row are about.
//
// +kubebuilder:validation:XValidation:rule="!has(self.partnerColumn) || self.kind != 'Partner'",fieldPath=".partnerColumn",message="names the partner of a plan or campaign; for results about partners column does"
type SubjectColumn struct {
	// kind is Partner, JointPlan or Campaign.
	// +required
	Kind channel.SubjectKind `json:"kind,omitempty"`

	// column is the column with the subject: the object's name, its display name or title, or what names says.
	// +required
	Column Header `json:"column,omitempty"`

	// partnerColumn is the column with the partner of the plan or campaign, which is needed where two partners have one of that name.
	// +optional
	PartnerColumn Header `json:"partnerColumn,omitempty"`

	// names says which object is meant where a cell has another name, such as the number of an account. At most 4,000.
	// +optional
	// +listType=map
	// +listMapKey=written
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4000
	Names []WrittenName `json:"names,omitempty"`
}

// DayColumn says which day a row is about.
//
// +kubebuilder:validation:XValidation:rule="has(self.column) != has(self.headers)",message="name the column with the day, or set headers: true where the headers of the columns are days, but not both"
type DayColumn struct {
	// column is the column with the day.
	// +optional
	Column Header `json:"column,omitempty"`

	// headers says that the headers of columns are days, such as Jan 2026 or 2026-01, with a value each below. Then values has one entry, without a column.
	// Which columns these are is found by the format.
	// +optional
	// +kubebuilder:validation:Enum=true
	Headers *bool `json:"headers,omitempty"`

	// format is how days are written, in YYYY, YY, MM, M, DD, D, MMM (Jan, January and the same in German, French, Spanish, Italian, Dutch) and Q (quarter of
	// the calendar), such as DD.MM.YYYY, M/D/YYYY, YYYYMM, MMM YYYY or YYYY-QQ. Absent means YYYY-MM-DD, with or without a time, DD.MM.YYYY, or a date of a
	// workbook: what can mean only one day.
	// +optional
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=32
	Format string `json:"format,omitempty"`

	// per is Day, Month or Quarter: the interval over which the values of a subject are added up; the result has the interval's last day. An interval that is
	// not over yet is left out. Absent means Day, or Month or Quarter where format has no days.
	// +optional
	Per Interval `json:"per,omitempty"`
}

// ValueColumn says which results a row has.
//
// +kubebuilder:validation:XValidation:rule="has(self.metric) != has(self.metricColumn)",message="name the metric, or the column that has it, but not both"
// +kubebuilder:validation:XValidation:rule="!has(self.metrics) || has(self.metricColumn)",fieldPath=".metrics",message="says what the texts of metricColumn mean, which is absent"
// +kubebuilder:validation:XValidation:rule="!has(self.currency) || !has(self.currencyColumn)",fieldPath=".currency",message="state the currency, or the column that has it, but not both"
// +kubebuilder:validation:XValidation:rule="!has(self.count) || !has(self.column)",fieldPath=".count",message="counts rows, of which column has no part: leave out one of the two"
type ValueColumn struct {
	// column is the column with the value. Absent with count, and where the headers are days.
	// +optional
	Column Header `json:"column,omitempty"`

	// count says that each row counts as 1, as in a list of leads.
	// +optional
	// +kubebuilder:validation:Enum=true
	Count *bool `json:"count,omitempty"`

	// metric is the metric of the program that the value is of.
	// +optional
	Metric channel.Name `json:"metric,omitempty"`

	// metricColumn is the column with the metric: its name, or what metrics says.
	// +optional
	MetricColumn Header `json:"metricColumn,omitempty"`

	// metrics says which metric is meant where a cell has another name. At most 256.
	// +optional
	// +listType=map
	// +listMapKey=written
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=256
	Metrics []WrittenName `json:"metrics,omitempty"`

	// currency is the currency of amounts that state none. It must be the program's: nothing is converted. An amount for which neither this, the column nor
	// the cell says its currency is rejected.
	// +optional
	Currency channel.CurrencyCode `json:"currency,omitempty"`

	// currencyColumn is the column with the currency of amounts.
	// +optional
	CurrencyColumn Header `json:"currencyColumn,omitempty"`

	// decimalMark is Point or Comma. It is needed where a number such as 1.234 can be read in two ways.
	// +optional
	DecimalMark DecimalMark `json:"decimalMark,omitempty"`

	// multiplier is what values are multiplied by, such as "1000" where a report is in thousands. Absent means 1.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^[0.]+$')",message="must be more than 0"
	Multiplier channel.Decimal `json:"multiplier,omitempty"`

	// decimals is the number of digits after the point to which each value is rounded, half away from zero. Absent means that nothing is rounded, and that a
	// value with more than 6 digits is rejected. From 0 to 6.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=6
	Decimals *int32 `json:"decimals,omitempty"`

	// missing lists the texts that say that there is no value, such as "-" or "n/a". They are no results: missing is not zero. An empty cell is always
	// missing in a file with several columns of values, and must be listed as "" where a row has one value. At most 16.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=32
	Missing []string `json:"missing,omitempty"`
}

// CohortColumn says of when the leads are that a result came of.
type CohortColumn struct {
	// column is the column with the day. An empty cell means none.
	// +required
	Column Header `json:"column,omitempty"`

	// format is how days are written, as in day.
	// +optional
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=32
	Format string `json:"format,omitempty"`
}

// RowFilter chooses rows by a cell.
type RowFilter struct {
	// column is the column that is looked at.
	// +required
	Column Header `json:"column,omitempty"`

	// values are the texts of the cell, "" for an empty one. Capitals and spaces at its ends make no difference. At most 64.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=256
	Values []string `json:"values,omitempty"`
}

// ResultsMappingSpec says what the columns of a file or the fields of a query mean.
//
// +kubebuilder:validation:XValidation:rule="!(has(self.postgresql) && has(self.prometheus))",fieldPath=".prometheus",message="results come from one place: keep postgresql or prometheus"
// +kubebuilder:validation:XValidation:rule="!has(self.file) || !has(self.postgresql) && !has(self.prometheus)",fieldPath=".file",message="says how a file is read, and results come from a query: remove one of the two"
// +kubebuilder:validation:XValidation:rule="self.values.all(v, has(v.column) || has(v.count) || has(self.day.headers))",fieldPath=".values",message="each needs the column with the value, or count: true where each row counts as 1"
// +kubebuilder:validation:XValidation:rule="!has(self.day.headers) || self.values.size() == 1 && !has(self.values[0].column) && !has(self.values[0].count)",fieldPath=".values",message="where the headers are days, it has one entry, without column and count"
// +kubebuilder:validation:XValidation:rule="!has(self.cohort) || self.subject.kind == 'Campaign'",fieldPath=".cohort",message="only results of campaigns have cohorts"
type ResultsMappingSpec struct {
	// source is the source of the MeasurementSets that are written, such as crm: the system that vouches for the values.
	// +required
	Source channel.Name `json:"source,omitempty"`

	// file says how a CSV or XLSX file is read.
	// +optional
	File *File `json:"file,omitempty"`

	// postgresql is the query of a database whose rows are imported, instead of a file's.
	// +optional
	PostgreSQL *PostgreSQL `json:"postgresql,omitempty"`

	// prometheus is the query of a metrics system whose values are imported, instead of a file's.
	// +optional
	Prometheus *Prometheus `json:"prometheus,omitempty"`

	// subject says what the results of a row are about.
	// +required
	Subject SubjectColumn `json:"subject,omitzero"`

	// day says which day a row is about.
	// +required
	Day DayColumn `json:"day,omitzero"`

	// values says which results a row has: one for each column of values. At most 64.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Values []ValueColumn `json:"values,omitempty"`

	// cohort says of when the leads are that a result came of. Only for campaigns.
	// +optional
	Cohort *CohortColumn `json:"cohort,omitempty"`

	// key are the columns that together identify a row, such as the number of a deal or transaction. Then the values of a subject, metric and interval are
	// added up, and a row whose key was there before is rejected. Absent means that each subject, metric and day may be there once. At most 4.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Key []Header `json:"key,omitempty"`

	// ignore lists the columns that are not imported. Where the headers are days, every column that is neither a day nor named here or elsewhere is an
	// error, as it may be a month that is mistyped. At most 64.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Ignore []Header `json:"ignore,omitempty"`

	// only leaves out the rows that do not have one of the values, such as deals that are not won. Each entry must be met. At most 16.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Only []RowFilter `json:"only,omitempty"`

	// skip leaves out the rows that have one of the values, such as Total. At most 16.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Skip []RowFilter `json:"skip,omitempty"`
}

// ResultsMapping says how results are imported: which column or label is the subject, metric, day and value.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster
type ResultsMapping struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the mapping.
	// +required
	Spec ResultsMappingSpec `json:"spec,omitzero"`
}
