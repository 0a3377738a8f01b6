package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/view/concern"
)

// style is how text is shown on a terminal.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	blue   style = "34"
)

// screen is where output goes: how wide it is and whether it shows colours.
type screen struct {
	out      io.Writer
	width    int // in columns; 0 when lines may have any length
	colour   bool
	terminal bool // whether what was written can be written over
}

// addColourFlag adds --color to all commands.
func addColourFlag(command *cobra.Command) {
	command.PersistentFlags().String("color", "auto", "when to use colours: auto (on a terminal, unless NO_COLOR is set), always or never")
	completeValues(command, "color", "auto", "always", "never")
}

// newScreen returns where a command's output goes.
func newScreen(command *cobra.Command) *screen {
	out := command.OutOrStdout()
	s := &screen{out: out}
	if file, ok := out.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			s.width, s.terminal = width, true
		}
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns >= 40 {
		s.width = columns
	}
	switch command.Flag("color").Value.String() {
	case "auto":
		s.colour = s.terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	case "always":
		s.colour = true
	}
	return s
}

// paint returns text, as a printable line, in a style.
func (s *screen) paint(text string, how style) painted {
	line := safe(text)
	if !s.colour || how == plain || line == "" {
		return line
	}
	return "\x1b[" + painted(how) + "m" + line + "\x1b[0m"
}

// linef writes a line in a style, after an empty one where the format begins with a line break.
func (s *screen) linef(how style, format string, args ...any) {
	if rest, apart := strings.CutPrefix(format, "\n"); apart {
		fmt.Fprintln(s.out)
		format = rest
	}
	fmt.Fprintln(s.out, s.paint(fmt.Sprintf(format, args...), how))
}

// printf writes a line with texts that are made printable, but for those that are painted. Spaces at its end are left out.
func (s *screen) printf(format string, args ...any) {
	fmt.Fprintln(s.out, strings.TrimRight(sprintf(format, args...), " "))
}

// cell is one cell of a table.
type cell struct {
	text string
	how  style
}

// table writes rows as columns. Columns whose name begins with > are aligned on the right, and lose it. The last column is cut at the width
// of the screen, where it has one.
func (s *screen) table(header []string, rows [][]cell) {
	first, right := make([]cell, len(header)), make([]bool, len(header))
	for i, name := range header {
		bare, isRight := strings.CutPrefix(name, ">")
		first[i], right[i] = cell{bare, dim}, isRight
	}
	s.align(append([][]cell{first}, rows...), right)
}

// rows writes rows as columns without a header.
func (s *screen) rows(rows [][]cell) {
	if len(rows) > 0 {
		s.align(rows, make([]bool, len(rows[0])))
	}
}

func (s *screen) align(rows [][]cell, right []bool) {
	widths, lines := make([]int, len(right)), make([][]cell, len(rows))
	for n, row := range rows {
		lines[n] = make([]cell, len(row))
		for i, c := range row {
			text := string(safe(c.text))
			if i < len(row)-1 || right[i] {
				if utf8.RuneCountInString(text) > maxCell {
					text = printable.Short(text, maxCell)
				}
				widths[i] = max(widths[i], utf8.RuneCountInString(text))
			}
			lines[n][i] = cell{text, c.how}
		}
	}
	for _, row := range lines {
		s.row(row, widths, right)
	}
}

func (s *screen) row(row []cell, widths []int, right []bool) {
	var text strings.Builder
	used := 0
	for i, c := range row {
		if i == len(row)-1 && !right[i] {
			text.WriteString(string(s.paint(s.cut(c.text, used), c.how)))
			break
		}
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.text))
		if right[i] {
			text.WriteString(pad + string(s.paint(c.text, c.how)) + "  ")
		} else {
			text.WriteString(string(s.paint(c.text, c.how)) + pad + "  ")
		}
		used += widths[i] + 2
	}
	fmt.Fprintln(s.out, strings.TrimRight(text.String(), " "))
}

// leastText is the least number of characters of a text that are shown, however narrow the screen.
const leastText = 24

// cut shortens a text to what is left of a line of which some columns are used.
func (s *screen) cut(text string, used int) string {
	if s.width == 0 {
		return text
	}
	return printable.Short(text, max(s.width-used, leastText))
}

// wrap writes a text in lines of the width of the screen (100 columns where it has none), each with an indent.
func (s *screen) wrap(indent, text string, how style) {
	width := s.width
	if width == 0 {
		width = 100
	}
	line := ""
	for word := range strings.FieldsSeq(printable.Line(text)) {
		if line != "" && utf8.RuneCountInString(indent+line)+1+utf8.RuneCountInString(word) > width {
			fmt.Fprintln(s.out, painted(indent)+s.paint(line, how))
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		fmt.Fprintln(s.out, painted(indent)+s.paint(line, how))
	}
}

// markOf returns the sign of a level, and its style.
func markOf(level concern.Level) (string, style) {
	switch level {
	case concern.Grave:
		return "✗", red
	case concern.Warning:
		return "!", yellow
	case concern.Note:
		return "·", plain
	default:
		return "✓", green
	}
}

// healthStyle returns the style of a state.
func healthStyle(state health.State) style {
	switch state {
	case health.Degraded:
		return red
	case health.Suspended:
		return yellow
	case health.Progressing:
		return blue
	default:
		return green
	}
}
