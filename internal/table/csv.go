package table

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encodings of a text.
const (
	UTF8        = "UTF-8"
	UTF16       = "UTF-16"
	Windows1252 = "Windows-1252"
)

// Text says how a CSV file is read.
type Text struct {
	// Encoding is UTF-8, UTF-16 or Windows-1252; empty for what a byte order mark says, else UTF-8.
	Encoding string
	// Delimiter is between cells; 0 for the one that suits Headers best.
	Delimiter rune
	// Headers are headers that the table must have, by which the delimiter is found.
	Headers []string
}

const (
	// headBytes is how much of a text is looked at to find out how it is written.
	headBytes = 64 << 10
	// maxCellBytes bounds a cell: what is longer is most probably a quote that is not closed.
	maxCellBytes = 64 << 10
	// maxCells bounds the cells of a row, as a sheet does.
	maxCells = 16384
)

// CSV is a text of comma-separated values, or with another character between them.
type CSV struct {
	rows *csv.Reader
}

var marks = []struct{ mark, encoding string }{{"\xef\xbb\xbf", UTF8}, {"\xff\xfe", UTF16}, {"\xfe\xff", UTF16}}

// NewCSV begins to read a text.
func NewCSV(in io.Reader, options Text) (*CSV, error) {
	buffered := bufio.NewReaderSize(in, headBytes)
	head, err := buffered.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	encoding, err := encodingOf(head, options.Encoding)
	if err != nil {
		return nil, err
	}
	if encoding == UTF8 && bytes.HasPrefix(head, []byte(marks[0].mark)) {
		if _, err := buffered.Discard(len(marks[0].mark)); err != nil {
			return nil, err
		}
	}
	decoded := bufio.NewReaderSize(&checked{in: decoder(buffered, encoding)}, headBytes)
	start, err := decoded.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if at := bytes.IndexByte(start, '\r'); at >= 0 && bytes.IndexByte(start, '\n') < 0 && len(bytes.TrimRight(start, "\r")) > at {
		return nil, errors.New("its lines end with a carriage return alone, as those of very old programs do: save it again as CSV")
	}
	c := &CSV{rows: csv.NewReader(decoded)}
	c.rows.FieldsPerRecord = -1
	c.rows.Comma = options.Delimiter
	if c.rows.Comma == 0 {
		c.rows.Comma = delimiterOf(string(start), options.Headers)
	}
	if !usable(c.rows.Comma) {
		return nil, fmt.Errorf("%q cannot stand between cells: write another character in spec.file.delimiter", c.rows.Comma)
	}
	return c, nil
}

// encodingOf returns the encoding of a text, by what is said of it and by its first bytes.
func encodingOf(head []byte, said string) (string, error) {
	encoding := said
	for _, one := range marks {
		if !bytes.HasPrefix(head, []byte(one.mark)) {
			continue
		}
		if said != "" && said != one.encoding {
			return "", fmt.Errorf("the mapping says that the text is %s, but it begins with the byte order mark of %s: correct spec.file.encoding", said, one.encoding)
		}
		encoding = one.encoding
	}
	encoding = cmp.Or(encoding, UTF8)
	if encoding != UTF16 && bytes.IndexByte(head, 0) >= 0 {
		return "", errors.New("is not text in " + encoding + ": it holds bytes of value zero, as UTF-16 and binary files do; save it as CSV in UTF-8, or set " +
			"spec.file.encoding: UTF-16 in the mapping")
	}
	return encoding, nil
}

// decoder makes UTF-8 of an encoding.
func decoder(in io.Reader, encoding string) io.Reader {
	switch encoding {
	case UTF16:
		return transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case Windows1252:
		return transform.NewReader(in, charmap.Windows1252.NewDecoder())
	default:
		return in
	}
}

// usable reports whether the library takes a delimiter.
func usable(r rune) bool {
	return r != 0 && r != '"' && r != '\r' && r != '\n' && utf8.ValidRune(r) && r != utf8.RuneError
}

// delimiterOf returns the character that splits one of the first lines into most of the headers; without any, most of them into as many cells.
func delimiterOf(start string, headers []string) rune {
	wanted := map[string]bool{}
	for _, header := range headers {
		wanted[Key(header)] = true
	}
	best, most := ',', 0
	for _, delimiter := range []rune{',', ';', '\t', '|'} {
		if suits := suitability(start, delimiter, wanted); suits > most {
			best, most = delimiter, suits
		}
	}
	return best
}

// suitability returns how well a delimiter splits the first lines of a text: how many of the headers one of them has, or without any how many of them have
// as many cells, of which more than one.
func suitability(start string, delimiter rune, wanted map[string]bool) int {
	rows := csv.NewReader(strings.NewReader(start))
	rows.Comma, rows.FieldsPerRecord = delimiter, -1
	most, widths := 0, map[int]int{}
	for range 50 {
		record, err := rows.Read()
		if err != nil {
			break
		}
		hits := 0
		for _, cell := range record {
			if wanted[Key(cell)] {
				hits++
			}
		}
		most = max(most, hits)
		widths[len(record)]++
	}
	if len(wanted) > 0 {
		return most
	}
	for width, n := range widths {
		if width > 1 {
			most = max(most, n*maxCells+width)
		}
	}
	return most
}

// Place says where a cell is.
func (c *CSV) Place(row, _ int) string { return fmt.Sprintf("line %d", row) }

// Rows reads the rows.
func (c *CSV) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			record, err := c.rows.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, c.inWords(err))
				return
			}
			line, _ := c.rows.FieldPos(0)
			row := Row{Number: line, Cells: make([]Cell, len(record))}
			for i, text := range record {
				row.Cells[i].Text = text
				if len(text) > maxCellBytes {
					yield(Row{}, fmt.Errorf("line %d: a cell has %d characters, more than %d: a quote before it is most probably not closed", line, len(text), maxCellBytes))
					return
				}
			}
			if len(record) > maxCells {
				yield(Row{}, fmt.Errorf("line %d: has %d cells, more than %d", line, len(record), maxCells))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// inWords says what is wrong with a text.
func (c *CSV) inWords(err error) error {
	var broken *csv.ParseError
	if !errors.As(err, &broken) {
		return err
	}
	switch {
	case errors.Is(err, csv.ErrQuote):
		return fmt.Errorf("line %d: a quote that was opened on line %d is not closed, or is followed by something else than the end of its cell: within quotes, write a quote twice",
			broken.Line, broken.StartLine)
	case errors.Is(err, csv.ErrBareQuote):
		return fmt.Errorf("line %d, character %d: a quote within a cell that does not begin with one: put the cell in quotes and write that quote twice", broken.Line, broken.Column)
	default:
		return fmt.Errorf("line %d: %w", broken.Line, broken.Err)
	}
}

// checked passes on text that is valid UTF-8, and fails at what is not, with its line.
type checked struct {
	in   io.Reader
	line int
	rest []byte // of a character that may go on
}

// Read reads text.
func (c *checked) Read(into []byte) (int, error) {
	if len(into) < utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	n := copy(into, c.rest)
	m, err := c.in.Read(into[n:])
	n += m
	c.rest = nil
	for at := 0; at < n; {
		if into[at] < utf8.RuneSelf {
			if into[at] == '\n' {
				c.line++
			}
			if into[at] == 0 {
				return 0, fmt.Errorf("line %d: holds a byte of value zero: the file is damaged, or not text", c.line+1)
			}
			at++
			continue
		}
		r, size := utf8.DecodeRune(into[at:n])
		if r != utf8.RuneError || size > 1 {
			at += size
			continue
		}
		if !utf8.FullRune(into[at:n]) && err == nil {
			c.rest = bytes.Clone(into[at:n])
			return at, nil
		}
		return 0, fmt.Errorf("line %d: is not UTF-8 text: byte 0x%02x is out of place. If the file is of a program of Western Europe or America, set "+
			"spec.file.encoding: Windows-1252 in the mapping; else save it as UTF-8", c.line+1, into[at])
	}
	return n, err
}
