package results

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/internal/table"
)

// FuzzImport looks that no row is lost or counted twice, that nothing becomes zero by itself, and that nothing panics, whatever a file holds.
func FuzzImport(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(dirty, "*.csv"))
	if err != nil {
		f.Fatal(err)
	}
	var specs []*importsv1alpha1.ResultsMappingSpec
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if mapping := mappingBeside(file); filepath.Base(mapping) != "mapping.yaml" || len(specs) == 0 {
			specs = append(specs, mappingOf(f, mapping))
		}
		if len(data) < 1000 {
			f.Add(data, byte(len(specs)-1))
			f.Add(data, byte(0))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, which byte) {
		spec := specs[int(which)%len(specs)]
		outcome, err := importCSV(spec, data)
		if outcome == nil {
			if err == nil {
				t.Fatal("neither an outcome nor an error")
			}
			return
		}
		if got := outcome.Used + outcome.LeftOut + outcome.Rejected; got != outcome.Rows {
			t.Fatalf("%d rows: %d used, %d left out, %d rejected", outcome.Rows, outcome.Used, outcome.LeftOut, outcome.Rejected)
		}
		if err != nil {
			return
		}
		rows, before := rowsOf(t, spec, data)
		if rows != outcome.Rows+before {
			t.Fatalf("the file has %d rows, %d of them before the first result, and %d were counted", rows, before, outcome.Rows)
		}
		isSum := len(spec.Key) > 0 || spec.Day.Headers != nil
		for _, set := range outcome.Sets {
			for _, entry := range set.Spec.Entries {
				if entry.Value == "0" && !isSum && spec.Values[0].Decimals == nil && !bytes.ContainsRune(data, '0') {
					t.Fatalf("%s of %s became zero", entry.Metric, entry.Day)
				}
			}
		}
		if rejected := len(outcome.Rejections); outcome.Rejected > 0 && rejected == 0 {
			t.Fatalf("%d rows were rejected, and nothing says why", outcome.Rejected)
		}
	})
}

// rowsOf counts the rows of a file, and those through the header.
func rowsOf(t *testing.T, spec *importsv1alpha1.ResultsMappingSpec, data []byte) (rows, before int) {
	t.Helper()
	options := table.Text{Headers: Headers(spec)}
	if spec.File != nil {
		options.Encoding = string(spec.File.Encoding)
	}
	source, err := table.NewCSV(bytes.NewReader(data), options)
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range source.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		if before == 0 && len(missingOf(&row, Headers(spec))) == 0 {
			before = rows
		}
	}
	return rows, before
}
