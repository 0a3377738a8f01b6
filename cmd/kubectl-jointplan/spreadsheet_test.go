package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/test/pages"
	"jointplan.dev/jointplan/test/spreadsheet"
)

const spreadsheetGuide = "docs/guides/start-from-a-spreadsheet.md"

// step is what a page says to do: a file to write, or commands to run, with lines that they print.
type step struct {
	file, text string
	commands   []string
	prints     string
}

// guideSteps reads the steps of the guide.
func guideSteps(t *testing.T) []step {
	t.Helper()
	text, err := pages.Read("../..", spreadsheetGuide)
	if err != nil {
		t.Fatal(err)
	}
	_, blocks := pages.Split(text)
	var steps []step
	for _, block := range blocks {
		switch block.Language {
		case "yaml":
			name, found := strings.CutPrefix(strings.SplitN(block.Text, "\n", 2)[0], "# ")
			if !found {
				t.Fatalf("line %d: the block does not begin with its file's name", block.Line)
			}
			steps = append(steps, step{file: name, text: block.Text})
		case "sh":
			steps = append(steps, step{commands: strings.Split(strings.TrimSpace(block.Text), "\n")})
		case "text":
			if isExcerpt(block.Text) {
				continue
			}
			if last := len(steps) - 1; last >= 0 && steps[last].commands != nil && steps[last].prints == "" {
				steps[last].prints = block.Text
			}
		}
	}
	return steps
}

// isExcerpt reports whether a text is a part of the export.
func isExcerpt(text string) bool {
	for _, file := range spreadsheet.Files() {
		if strings.Contains(strings.ReplaceAll(file, "\r\n", "\n"), strings.TrimSpace(text)) {
			return true
		}
	}
	return false
}

// runStep runs a command of the guide; those of other programs are known, and done as far as they matter. It returns what it prints.
func runStep(t *testing.T, root, line string) string {
	t.Helper()
	const fails = "  # exits with 1"
	line, isToFail := strings.CutSuffix(line, fails)
	words := strings.Fields(line)
	switch {
	case line == "mkdir -p program":
		if err := os.Mkdir("program", 0o755); err != nil {
			t.Fatal(err)
		}
	case words[0] == "cp":
		text, err := os.ReadFile(filepath.Join(root, words[1]))
		if err == nil {
			err = os.WriteFile(filepath.Join(words[2], filepath.Base(words[1])), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	case words[0] == "git", strings.HasPrefix(line, "kubectl apply"), strings.HasSuffix(line, "report -A --by tier"):
	case words[0] == "kubectl" && words[1] == "jointplan":
		got := kubectlJointplan(t, "", append(words[2:], "--at", storyAt)...)
		want := exitOK
		if isToFail {
			want = exitFailed
		}
		if got.Code != want {
			t.Fatalf("%s: exit code %d, want %d\n%.2000s\n%.2000s", line, got.Code, want, got.Stdout, got.Stderr)
		}
		return got.Stdout + got.Stderr
	default:
		t.Fatalf("the guide has a command that this test does not know: %s", line)
	}
	return ""
}

// TestFromASpreadsheetToARunningProgram does what the guide says with an export of 200 partners, and then the imports again, which write nothing.
func TestFromASpreadsheetToARunningProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("evaluates 200 partners several times")
	}
	steps := guideSteps(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range spreadsheet.Files() {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var imports []string
	for _, s := range steps {
		if s.file != "" {
			if err := os.WriteFile(s.file, []byte(s.text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		printed := ""
		for _, line := range s.commands {
			printed += runStep(t, root, line)
			if strings.Contains(line, " import ") && strings.Contains(line, " --write ") {
				imports = append(imports, line)
			}
		}
		for want := range strings.Lines(s.prints) {
			if !holds(printed, strings.TrimSpace(want)) {
				t.Errorf("%q does not print %q:\n%.3000s", s.commands, want, printed)
			}
		}
	}
	const kinds = 4
	if len(imports) != kinds {
		t.Fatalf("the guide imports %d times: %q", len(imports), imports)
	}
	before := written(t)
	for _, line := range imports {
		if printed := runStep(t, root, line); !strings.Contains(printed, "Nothing is to be written.") {
			t.Errorf("%s writes again:\n%.2000s", line, printed)
		}
	}
	if after := written(t); !slices.Equal(before, after) {
		t.Error("the second imports changed files")
	}
	preview := runStep(t, root, "kubectl jointplan preview -f program/")
	if n := strings.Count(preview, "partner.channel.jointplan.dev/"); n != spreadsheet.Partners {
		t.Errorf("preview shows %d partners", n)
	}
	for line := range strings.Lines(preview) {
		if strings.HasPrefix(line, "partner-") && strings.Contains(line, " partner.channel") && !strings.HasSuffix(strings.TrimSpace(line), "True") {
			t.Errorf("is not evaluated: %s", line)
		}
	}
}

// holds reports whether a line of a text is the one that is wanted, where ... stands for anything; spaces make no difference.
func holds(text, want string) bool {
	for line := range strings.Lines(text) {
		rest, ok := strings.Join(strings.Fields(line), " "), true
		for part := range strings.SplitSeq(want, "...") {
			_, after, found := strings.Cut(rest, strings.TrimSpace(part))
			rest, ok = after, ok && found
		}
		if ok {
			return true
		}
	}
	return false
}

// written lists the files of the program with what they hold.
func written(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir("program", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		list = append(list, path+"\n"+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
