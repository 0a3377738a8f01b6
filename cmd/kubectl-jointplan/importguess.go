package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"jointplan.dev/jointplan/internal/draft/results"
)

// notInNames matches what the name of an object may not have.
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// guessMapping writes a first mapping, made from the file.
func (in *importing) guessMapping(ctx context.Context) error {
	if err := in.readObjects(ctx); err != nil {
		return err
	}
	source, _, done, err := openTable(interruptible{ctx, in.command.InOrStdin()}, in.path, nil, nil)
	if err != nil {
		return inputError{fmt.Errorf("%s: %w", in.path, err)}
	}
	defer done()
	base := strings.TrimSuffix(filepath.Base(in.path), filepath.Ext(in.path))
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(base), "-"), "-")
	if name == "" {
		name = "results"
	}
	text, err := results.Guess(results.NewDirectory(in.objects), source, name)
	if err != nil {
		return inputError{fmt.Errorf("%s: %w", in.path, err)}
	}
	_, err = in.command.OutOrStdout().Write([]byte(text))
	return err
}
