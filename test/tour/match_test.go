package tour

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jointplan.dev/jointplan/test/pages"
)

func TestWhatAPageShowsIsComparedWithWhatIsPrinted(t *testing.T) {
	const printed = "warning: x\nNAME   STAGE    AGE\na      Active   3m11s\nb      Draft    62s\nc      Closed   5d\n"
	for name, tc := range map[string]struct{ shown, want string }{
		"all of it, with other widths and ages": {shown: "NAME STAGE AGE\na Active 1s\nb Draft 1s\nc Closed 4h\n"},
		"a part, wrapped":                       {shown: "a\nActive 1s b Draft\n"},
		"shortened in the middle":               {shown: "NAME STAGE AGE\n...\nc Closed 4h"},
		"shortened within a line":               {shown: "a Ac... 2s"},
		"another value":                         {shown: "a Active 1s\nb Closed", want: "Closed\nafter\na Active <age> b"},
		"another column":                        {shown: "NAME READY", want: "READY\nafter\nNAME"},
		"another order":                         {shown: "b Draft\n...\na Active", want: "Active\nafter\na"},
		"a line left out without saying so":     {shown: "a Active 1s\nc Closed", want: "c Closed\nafter\na Active <age>"},
		"no age where one stands":               {shown: "a Active ready", want: "ready\nafter\na Active"},
		"nothing like it":                       {shown: "zebra", want: "zebra"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := missing(tc.shown, printed); got != tc.want {
				t.Errorf("missing() = %q, want %q", got, tc.want)
			}
		})
	}
}

const samplePage = "# Page\n```\na drawing\n```\n## One\n```sh\ntrue\n```\ntext\n```\nshown\n```\n```text\nno output\n```\n" +
	"```sh fails\nfalse\n```\n## Two\n```\nof nothing\n```\n```sh no-test=needs a registry\ndocker push\n```\n```\nnot compared\n```\n"

func TestStepsOfAPage(t *testing.T) {
	got, not := stepsOf("a.md", samplePage)
	want := []step{
		{
			Block:   pages.Block{Language: "sh", Section: "One", Line: 7, Text: "true\n"},
			outputs: []pages.Block{{Section: "One", Line: 11, Text: "shown\n"}},
		},
		{Block: pages.Block{Language: "sh", Info: "fails", Section: "One", Line: 17, Text: "false\n"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(step{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	wantNot := []skipped{{page: "a.md", section: "Two", reason: "needs a registry"}}
	if diff := cmp.Diff(wantNot, not, cmp.AllowUnexported(skipped{})); diff != "" {
		t.Errorf("not run (-want +got):\n%s", diff)
	}
}

func TestBlocksShareAShellAndFailWhereTheyShould(t *testing.T) {
	of := func(info, text string) step { return step{Block: pages.Block{Language: "sh", Info: info, Text: text}} }
	for name, tc := range map[string]struct {
		blocks []step
		want   string // what is printed by the blocks that went well
	}{
		"variables and functions stay": {
			blocks: []step{of("", "x=1\nsay() { echo \"$x$1\"; }\n"), of("", "say 2\n"), of("", "cat <<END\n$x\nEND\n")}, want: "|12\n|1\n",
		},
		"a failure ends the page":                   {blocks: []step{of("", "echo a\n"), of("", "false\necho b\n"), of("", "echo c\n")}, want: "a\n"},
		"a failure in a pipe too":                   {blocks: []step{of("", "false | cat\n")}},
		"an expected failure does not":              {blocks: []step{of("fails", "echo a; false\n"), of("", "echo b\n")}, want: "a\n|b\n"},
		"an expected failure that does not come":    {blocks: []step{of("fails", "true\n"), of("", "echo b\n")}},
		"after an expected failure others matter":   {blocks: []step{of("fails", "false\n"), of("", "false\necho b\n")}},
		"nothing waits for what somebody might say": {blocks: []step{of("", "cat\n")}},
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			c := exec.CommandContext(t.Context(), "bash", "-c", script(tc.blocks))
			c.Env = append(os.Environ(), "OUT="+out)
			_ = c.Run()
			var printed []string
			for i := range tc.blocks {
				if !done(out, i) {
					break
				}
				raw, err := os.ReadFile(filepath.Join(out, string(rune('0'+i))))
				if err != nil {
					t.Fatal(err)
				}
				printed = append(printed, string(raw))
			}
			if diff := cmp.Diff(tc.want, strings.Join(printed, "|")); diff != "" {
				t.Errorf("printed (-want +got):\n%s", diff)
			}
		})
	}
}
