// Command kubectl-jointplan is the kubectl plugin: `kubectl jointplan`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailed      = 1   // the command could not do what was asked, or found what it is to fail on
	exitInput       = 2   // the input or the command line is wrong
	exitInterrupted = 130 // 128 + SIGINT, as shells have it
)

// usageError is an error in the command line.
type usageError struct{ error }

// inputError is an error in the manifests that were given.
type inputError struct{ error }

// Unwrap lets errors.Is find that reading them was interrupted.
func (e inputError) Unwrap() error { return e.error }

func main() {
	os.Exit(run())
}

// patience is how long a command that was interrupted may take to end. What does not look at its context until then is given up: parsing a large
// document, or writing to a pipe that nobody reads.
const patience = 500 * time.Millisecond

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // so that a second signal ends the process at once
	ended := make(chan int, 1)
	go func() { ended <- execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr) }()
	var over <-chan time.Time
	for interrupted := ctx.Done(); ; {
		select {
		case code := <-ended:
			return code
		case <-interrupted:
			interrupted, over = nil, time.After(patience)
		case <-over:
			fmt.Fprintln(os.Stderr, interruptedWord)
			return exitInterrupted
		}
	}
}

// interruptedWord is all that a command says which was interrupted.
const interruptedWord = "interrupted"

// execute runs a command line and returns the exit code.
func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	command := newCommand() //nolint:contextcheck // cobra hands the context to the commands
	command.SetArgs(args)
	command.SetIn(stdin)
	command.SetOut(stdout)
	command.SetErr(stderr)
	at, err := command.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	code, lines := exitCode(err), linesOf(err)
	switch {
	case code == exitInterrupted:
		lines = []string{interruptedWord}
	case isUsage(err):
		lines = append(lines, fmt.Sprintf("see %s --help", at.CommandPath()))
	}
	fmt.Fprintln(stderr, strings.Join(lines, "\n"))
	return code
}

func exitCode(err error) int {
	var input inputError
	switch {
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &input), isUsage(err):
		return exitInput
	default:
		return exitFailed
	}
}

func isUsage(err error) bool {
	var usage usageError
	return errors.As(err, &usage)
}

func newCommand() *cobra.Command {
	command := &cobra.Command{
		Use:               "kubectl-jointplan",
		Short:             "Evaluate joint marketing plans",
		Long:              "Evaluate joint marketing plans: what each plan's and partner's state is, why, and what to do next.",
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              cobra.ArbitraryArgs,
		RunE:              help,
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl jointplan"},
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}, // shells complete kubectl, not its plugins
	}
	command.SetFlagErrorFunc(flagError)
	addColourFlag(command)
	command.AddCommand(newTree(), newExplain(), newActions(), newReport(), newBenchmark(), newCatalog(), newStatus(), newPreview(), newRebuildLedger(), newVersion())
	command.AddCommand(newLint(), newDiff(), newImport(), newApprove(), newSubmit(), newReturn(), newReject(), newReview(), newReward(), newClaim(), newForm())
	command.AddCommand(newAnswers()...)
	command.SetHelpCommand(newHelp())
	command.InitDefaultHelpCmd()
	strict(command)
	return command
}

// newHelp returns the command that prints the help of others. Unlike cobra's own it fails on what is not a command.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(command *cobra.Command, args []string) error {
			at, rest, err := command.Root().Find(args)
			switch {
			case err != nil:
				return usageError{err}
			case len(rest) > 0:
				return help(at, rest)
			}
			at.InitDefaultHelpFlag()
			return at.Help()
		},
	}
}

// help prints the help of a command that has subcommands, unless it was given something that is none of them.
func help(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return command.Help()
	}
	command.SuggestionsMinimumDistance = 2
	hint := ""
	if near := command.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(", did you mean %s?", near[0])
	}
	return usageError{fmt.Errorf("unknown command %q%s", args[0], hint)}
}
