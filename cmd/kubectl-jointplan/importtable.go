package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/table"
)

// openTable opens a CSV or XLSX file, or standard input.
func openTable(stdin io.Reader, path string, file *importsv1alpha1.File, headers []string) (source table.Source, digest string, done func(), err error) {
	done = func() {}
	if file == nil {
		file = &importsv1alpha1.File{}
	}
	var data io.Reader
	if path == "-" {
		text, err := io.ReadAll(stdin)
		if err != nil {
			return nil, "", done, err
		}
		sum := sha256.Sum256(text)
		data, digest = bytes.NewReader(text), hex.EncodeToString(sum[:])
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, "", done, pathReason(err)
		}
		done = func() { _ = f.Close() }
		sum := sha256.New()
		if err := hashFile(f, sum); err != nil {
			done()
			return nil, "", func() {}, pathReason(err)
		}
		data, digest = f, hex.EncodeToString(sum.Sum(nil))
	}
	buffered := bufio.NewReader(data)
	const enough = 8
	start, err := buffered.Peek(enough)
	if err != nil && !errors.Is(err, io.EOF) {
		done()
		return nil, "", func() {}, pathReason(err)
	}
	if table.IsWorkbook(start) {
		source, err = table.NewWorkbook(buffered, file.Sheet)
	} else {
		source, err = newCSV(buffered, file, headers)
	}
	if err != nil {
		done()
		return nil, "", func() {}, err
	}
	return source, digest, done, nil
}

func newCSV(in io.Reader, file *importsv1alpha1.File, headers []string) (table.Source, error) {
	if file.Sheet != "" {
		return nil, errors.New("is not a workbook, and spec.file.sheet of the mapping names a sheet: remove it, or name the workbook")
	}
	options := table.Text{Encoding: string(file.Encoding), Headers: headers}
	for _, r := range file.Delimiter {
		options.Delimiter = r
	}
	return table.NewCSV(in, options)
}

// hashFile reads a file to its end and goes back to its start.
func hashFile(f *os.File, sum hash.Hash) error {
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// rejectsFile returns what takes all rejections, and closes it.
func (in *importing) rejectsFile() (take func(results.Rejection), done func() error, err error) {
	if in.rejects == "" {
		return nil, func() error { return nil }, nil
	}
	f, err := os.OpenFile(filepath.Clean(in.rejects), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // it is for others to read
	if errors.Is(err, os.ErrExist) {
		return nil, nil, usageError{fmt.Errorf("%s is there already and stays as it is: name another file with --rejects", in.rejects)}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("cannot write %s: %w", in.rejects, pathReason(err))
	}
	w := csv.NewWriter(f)
	line := func(cells ...string) {
		for i := range cells {
			cells[i] = printable.Cell(cells[i])
		}
		_ = w.Write(cells) // Error tells at the end
	}
	line("place", "column", "value", "message")
	return func(r results.Rejection) { line(r.Place, r.Column, r.Value, r.Message) }, func() error {
		w.Flush()
		return errors.Join(w.Error(), f.Close())
	}, nil
}
