package tour

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/test/pages"
)

var (
	update = flag.Bool("update", false, "write testdata/not-run.txt anew")
	built  = flag.String("bin", "", "folder with the programs, if they are built already; it holds localplane/ too")
	only   = flag.String("pages", "", "run the pages only whose paths match this expression")
)

// TestPages runs each page that has commands on a plane on which nothing was changed since the samples were applied.
func TestPages(t *testing.T) {
	list, err := pages.All(root)
	if err != nil {
		t.Fatal(err)
	}
	chosen := regexp.MustCompile(*only)
	bin := build(t)
	d, spare := startDemo(t, bin), startDemo(t, bin) // while pages run on one plane, another one starts
	for _, page := range list {
		text, err := pages.Read(root, page)
		if err != nil {
			t.Fatal(err)
		}
		steps, _ := stepsOf(page, text)
		if len(steps) == 0 || !chosen.MatchString(page) {
			continue
		}
		d.wait(t)
		before := d.state(t)
		t.Run(page, func(t *testing.T) { walk(t, page, steps, d, bin) })
		if change := d.tidy(t, before); change != "" {
			t.Logf("%s changes %s: a new plane for the next page", page, change)
			d.interrupt(t)
			d, spare = spare, startDemo(t, bin)
		}
	}
}

// walk runs a page's blocks in a fresh checkout and compares what they print with what the page shows.
func walk(t *testing.T, page string, steps []step, d *demo, bin string) {
	t.Helper()
	c, out := newCheckout(t, bin), t.TempDir()
	if err := os.Symlink(filepath.Join(d.folder, ".localplane"), filepath.Join(c.folder, ".localplane")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", script(steps))
	shell.Dir, shell.Env = c.folder, c.environment("OUT="+out)
	failure := shell.Run()
	if exit := (*exec.ExitError)(nil); failure != nil && !errors.As(failure, &exit) {
		t.Fatal(failure)
	}
	for i, s := range steps {
		printed, err := os.ReadFile(filepath.Join(out, fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		if !done(out, i) {
			t.Fatalf("%s:%d: %v:\n%s\nprinted:\n%s", page, s.Line, failure, s.Text, beginning(printed))
		}
		for _, shown := range s.outputs {
			if part := missing(shown.Text, string(printed)); part != "" {
				t.Errorf("%s:%d: the page shows\n%s\nbut the commands print\n%s", page, shown.Line, part, beginning(printed))
			}
		}
	}
}

// beginning returns as much of an output as a person reads.
func beginning(printed []byte) string {
	const enough = 6000
	if len(printed) <= enough {
		return string(printed)
	}
	return string(printed[:enough]) + "\n... and more"
}

// done reports whether a block went well.
func done(out string, i int) bool {
	_, err := os.Stat(filepath.Join(out, fmt.Sprintf("%d.done", i)))
	return err == nil
}

// TestWhatIsNotRun keeps a list of the commands that are not run, with the reasons, so that their number is known.
func TestWhatIsNotRun(t *testing.T) {
	list, err := pages.All(root)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	total := 0
	for _, page := range list {
		text, err := pages.Read(root, page)
		if err != nil {
			t.Fatal(err)
		}
		run, not := stepsOf(page, text)
		total += len(run)
		for _, x := range not {
			fmt.Fprintf(&got, "%s, %s: %s\n", x.page, x.section, x.reason)
		}
	}
	if total < 30 {
		t.Errorf("only %d blocks of commands are run", total)
	}
	file := filepath.Join("testdata", "not-run.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the list of what is not run has changed; if that is right: go test ./test/tour -run TestWhatIsNotRun -update\n%s", diff)
	}
}
