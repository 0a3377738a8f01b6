// Package pages reads the pages that are written for readers: README.md, docs/ and the READMEs of folders. Tests check what they say.
//
// The first word after the fence of a block is its language. What follows says how the block is tested:
//
//	```sh                      run by test/tour, and has to succeed
//	```sh fails                run; its last command has to fail, as it shows a mistake
//	```sh no-test=REASON       not run, for that reason
//	```                        after a block that is run, in the same section: a part of what it prints
//	```text                    text that no command prints
//	```yaml                    manifests; those of this project are validated as the API server does it
//	```yaml fragment=KIND      a part of a manifest of that kind: its fields have to exist
//	```yaml no-test=REASON     not checked beyond being YAML
package pages

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// All returns the paths of all pages, from the root of the repository, sorted but for README.md, which comes first.
func All(root string) ([]string, error) {
	list := []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
	for _, pattern := range []string{
		"docs/*.md", "docs/*/*.md", "config/*/README.md", "hack/*/README.md", "charts/*/README.md", "test/*/README.md",
	} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			path, err := filepath.Rel(root, path)
			if err != nil {
				return nil, err
			}
			list = append(list, filepath.ToSlash(path))
		}
	}
	slices.Sort(list[1:])
	return list, nil
}

// Read returns the text of a page.
func Read(root, page string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(root, page))
	return string(raw), err
}

// Block is a fenced block of a page.
type Block struct {
	// Language is the first word of its info string.
	Language string
	// Info is the rest of the info string.
	Info string
	// Section is the heading above the block, without its hashes.
	Section string
	// Line is the number of its first line in the page.
	Line int
	// Text is what it holds.
	Text string
}

// NotTested returns why a block is not tested; "" when it is.
func (b Block) NotTested() string { return b.value("no-test=") }

// Fragment returns the kind of which a block shows a part; "" when it is none.
func (b Block) Fragment() string { return b.value("fragment=") }

// Fails reports whether the last command of a block has to fail.
func (b Block) Fails() bool { return b.Info == "fails" }

// Known reports whether the info string says something that tests understand.
func (b Block) Known() bool {
	return b.Info == "" || b.Fails() || b.NotTested() != "" || b.Fragment() != ""
}

// value returns what follows a key in the info string; "" when it says something else.
func (b Block) value(key string) string {
	value, found := strings.CutPrefix(b.Info, key)
	if !found {
		return ""
	}
	return value
}

// Split parts a page into its text, with the blocks blanked out, and its fenced blocks.
func Split(page string) (text string, blocks []Block) {
	var prose strings.Builder
	var open *Block
	section := ""
	for i, line := range strings.Split(page, "\n") {
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && open == nil:
			language, info, _ := strings.Cut(fence, " ")
			open = &Block{Language: language, Info: strings.TrimSpace(info), Section: section, Line: i + 2}
		case isFence:
			blocks = append(blocks, *open)
			open = nil
		case open != nil:
			open.Text += line + "\n"
		default:
			if heading := strings.TrimLeft(line, "#"); heading != line && strings.HasPrefix(heading, " ") {
				section = strings.TrimSpace(heading)
			}
			prose.WriteString(line)
		}
		prose.WriteString("\n")
	}
	return prose.String(), blocks
}
