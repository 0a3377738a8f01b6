package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/printable"
)

// painted is text that is safe to print as it stands, perhaps with colours. All other text is made printable where it is printed.
type painted string

const (
	// maxIndent is the number of spaces before a text that are the plugin's own.
	maxIndent = 6
	// maxCell is the number of characters of a cell that another one follows: two of the longest names.
	maxCell = 160
)

// safe returns text as a printable line, with the indent that it has.
func safe(text string) painted {
	bare := strings.TrimLeft(text, " ")
	indent := min(len(text)-len(bare), maxIndent)
	return painted(text[:indent] + printable.Line(bare))
}

// sprintf is fmt.Sprintf, with every text among the arguments in a printable line.
func sprintf(format string, args ...any) string {
	clean := make([]any, len(args))
	for i, arg := range args {
		switch x := arg.(type) {
		case painted:
			clean[i] = string(x)
		case error:
			clean[i] = string(safe(x.Error()))
		case fmt.Stringer:
			clean[i] = string(safe(x.String()))
		default:
			clean[i] = arg
			if v := reflect.ValueOf(arg); v.Kind() == reflect.String {
				clean[i] = string(safe(v.String()))
			}
		}
	}
	return fmt.Sprintf(format, clean...)
}

// tellf writes to a command's error stream, where people read beside the output.
func tellf(command *cobra.Command, format string, args ...any) {
	command.PrintErr(sprintf(format, args...))
}

// answerf writes to a command's output.
func answerf(command *cobra.Command, format string, args ...any) error {
	_, err := fmt.Fprint(command.OutOrStdout(), sprintf(format, args...))
	return err
}

// linesOf returns the lines of an error: several errors that are joined have a line each, and what people wrote begins none.
func linesOf(err error) []string {
	switch x := err.(type) { //nolint:errorlint // how an error is written says the outermost one, not one within
	case usageError:
		return linesOf(x.error)
	case inputError:
		return linesOf(x.error)
	case interface{ Unwrap() []error }:
		var lines []string
		for _, one := range x.Unwrap() {
			lines = append(lines, linesOf(one)...)
		}
		return lines
	default:
		return []string{printable.Line(err.Error())}
	}
}
