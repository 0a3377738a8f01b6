package results

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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
		if wrong := checkImport(t, specs[int(which)%len(specs)], data); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

// checkImport imports a file and says what is wrong with what came of it; nothing if nothing is.
func checkImport(t *testing.T, spec *importsv1alpha1.ResultsMappingSpec, data []byte) string {
	t.Helper()
	outcome, err := importCSV(spec, data)
	if outcome == nil {
		if err == nil {
			return "neither an outcome nor an error"
		}
		return ""
	}
	if got := outcome.Used + outcome.LeftOut + outcome.Rejected; got != outcome.Rows {
		return fmt.Sprintf("%d rows: %d used, %d left out, %d rejected", outcome.Rows, outcome.Used, outcome.LeftOut, outcome.Rejected)
	}
	if err != nil {
		return ""
	}
	rows, before := rowsOf(t, spec, data)
	if rows != outcome.Rows+before {
		return fmt.Sprintf("the file has %d rows, %d of them before the first result, and %d were counted", rows, before, outcome.Rows)
	}
	isSum := len(spec.Key) > 0 || spec.Day.Headers != nil
	for _, set := range outcome.Sets {
		for _, entry := range set.Spec.Entries {
			if entry.Value == "0" && !isSum && spec.Values[0].Decimals == nil && !bytes.ContainsRune(data, '0') {
				return fmt.Sprintf("%s of %s became zero", entry.Metric, entry.Day)
			}
		}
	}
	if outcome.Rejected > 0 && len(outcome.Rejections) == 0 {
		return fmt.Sprintf("%d rows were rejected, and nothing says why", outcome.Rejected)
	}
	return ""
}

var mutations = flag.Int("mutations", 60_000, "how many spoilt files TestSpoiltFiles imports")

// TestSpoiltFiles spoils the dirty files further, by seeds, and looks at the same as the fuzz test: without its instrumented build, so that it runs always.
func TestSpoiltFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(dirty, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var texts [][]byte
	var specs []*importsv1alpha1.ResultsMappingSpec
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) < 1000 {
			texts, specs = append(texts, data), append(specs, mappingOf(t, mappingBeside(file)))
		}
	}
	n := *mutations
	if testing.Short() {
		const few = 2000
		n = min(n, few)
	}
	for seed := range n {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		at := random.IntN(len(texts))
		data := spoil(random, texts[at], texts[random.IntN(len(texts))])
		if wrong := checkImport(t, specs[at], data); wrong != "" {
			t.Fatalf("seed %d, %s: %s\n%q", seed, filepath.Base(files[at]), wrong, data)
		}
	}
}

// spoil changes a text in a few places: with what other files have, and what programs and people write.
func spoil(random *rand.Rand, text, other []byte) []byte {
	pieces := []string{",", ";", "\t", "\n", "\r\n", "\"", "\"\"", "0", "-", "1.234", "1,5", "%", "€", " ", "\u00a0", "\ufeff", "\x00", "\xff", "NaN", "2026-09-30", "31.12.2026", "acme", "Total", "=1+1", "(", ")", "1e9", "'"}
	data := bytes.Clone(text)
	for range 1 + random.IntN(4) {
		at := random.IntN(len(data) + 1)
		end := min(len(data), at+random.IntN(8))
		var piece []byte
		switch random.IntN(4) {
		case 0: // cut
		case 1:
			from := random.IntN(len(other) + 1)
			piece = other[from:min(len(other), from+random.IntN(40))]
		default:
			piece = []byte(pieces[random.IntN(len(pieces))])
		}
		if random.IntN(2) == 0 {
			end = at // insert
		}
		data = slices.Concat(data[:at], piece, data[end:])
	}
	return data
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
