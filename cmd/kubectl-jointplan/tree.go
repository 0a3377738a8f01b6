package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/view/lineage"
	"jointplan.dev/jointplan/internal/view/tree"
)

const treeHelp = `Show programs with their partners, plans, campaigns, requests for money and claims, and of each what matters most.

What is healthy is left out and counted; --all shows it. Objects side by side that stand alike share a line. The signs: ✗ a rule is broken
or the spec is wrong, ! someone has to act or something is at risk, · worth knowing, ✓ nothing is the matter.`

const treeExample = `  # what is the matter in the namespace of a partner
  kubectl jointplan tree -n partner-acme

  # everything everywhere, kept up to date
  kubectl jointplan tree -A --all --watch

  # one partner of the files, as of an instant
  kubectl jointplan tree partner/brightpath -f plans/ --at 2026-11-03T09:00:00Z

  # the structure, for other programs
  kubectl jointplan tree -f plans/ --at 2026-11-03T09:00:00Z -o json`

type treeOptions struct {
	target *target
	output string
	all    bool
}

func newTree() *cobra.Command {
	o := treeOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "tree [KIND/NAME]",
		Short:   "Show who belongs to whom, and what is the matter",
		Long:    treeHelp,
		Example: treeExample,
		Args:    atMost(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := oneOf("--output", o.output, "table", "json", "yaml"); err != nil {
				return err
			}
			return o.target.show(command, func(s *screen, v *view) error { return o.print(s, v, args) })
		},
		ValidArgsFunction: o.target.completeNames,
	}
	o.target.addFlags(command)
	o.target.addWatchFlag(command)
	command.Flags().StringVarP(&o.output, "output", "o", "table", "output format: table, json or yaml")
	command.Flags().BoolVar(&o.all, "all", false, "show also what is healthy")
	completeValues(command, "output", "table", "json", "yaml")
	return command
}

func (o *treeOptions) print(s *screen, v *view, args []string) error {
	options := tree.Options{All: o.all}
	if len(args) > 0 {
		root, err := v.find(args[0])
		if err != nil {
			return err
		}
		options.Root = manifest.KeyOf(root)
	}
	nodes, hidden := tree.Build(lineage.New(v.objects), options)
	if o.output != "table" {
		return encode(s.out, o.output, nodes)
	}
	_, below := tree.Count(nodes)
	hidden += below
	if len(nodes) == 0 && (hidden == 0 || v.empty()) {
		s.linef(plain, "Nothing here%s.", v.elsewhere())
		return nil
	}
	p := treePrinter{screen: s, namespaces: v.namespace == "" && namespaces(v.objects) > 1}
	p.collect(nodes, "", 0, "")
	p.print()
	switch {
	case len(nodes) == 0:
		s.linef(green, "All %d are healthy: --all shows them.", hidden)
	case hidden > 0:
		s.linef(dim, "\n%d healthy hidden: --all shows them.", hidden)
	}
	return nil
}

// treePrinter prints a tree.
type treePrinter struct {
	*screen

	namespaces bool // whether names are shown with their namespace where it begins
	lines      []treeLine
}

// treeLine is a node with what is drawn before it, and before a message that has a line of its own.
type treeLine struct {
	node          *tree.Node
	before, below string
	name          string
}

func (p *treePrinter) collect(nodes []*tree.Node, prefix string, depth int, namespace string) {
	for i, n := range nodes {
		branch, goOn := "├─ ", "│  "
		switch {
		case depth == 0:
			branch, goOn = "", ""
		case i == len(nodes)-1:
			branch, goOn = "└─ ", "   "
		}
		line := treeLine{node: n, before: prefix + branch, below: prefix + goOn, name: printable.Line(nameOf(n))}
		if p.namespaces && n.Namespace != "" && n.Namespace != namespace {
			line.name += " -n " + printable.Line(n.Namespace)
		}
		if len(n.Children) > 0 {
			line.below += "│  "
		}
		p.lines = append(p.lines, line)
		p.collect(n.Children, prefix+goOn, depth+1, n.Namespace)
	}
}

// nameOf returns the name of a node as commands take it, or how many a group has.
func nameOf(n *tree.Node) string {
	kind := strings.ToLower(n.Kind)
	if len(n.Names) == 1 {
		return kind + "/" + n.Names[0]
	}
	return fmt.Sprintf("%d %ss", len(n.Names), kind)
}

// enough is the number of columns from which on a message stands behind a name. In fewer, it has a line of its own.
const enough = 60

func (p *treePrinter) print() {
	names, states := 0, 0
	for _, line := range p.lines {
		names = max(names, utf8.RuneCountInString(line.before+line.name))
		states = max(states, utf8.RuneCountInString(line.node.State))
	}
	used := names + states + 6
	beside := p.width == 0 || p.width-used >= enough
	for _, line := range p.lines {
		mark, how := markOf(line.node.Level)
		pad := names - utf8.RuneCountInString(line.before+line.name) + 2
		text := painted(line.before) + p.paint(mark, how) + " " + p.paint(line.name, nameStyle(line.node)) + painted(strings.Repeat(" ", pad))
		state := painted(fmt.Sprintf("%-*s", states+2, safe(line.node.State)))
		said := verdictOf(line.node)
		if beside {
			p.printf("%s", text+state+p.paint(p.cut(said, used), how))
			continue
		}
		p.printf("%s", text+state)
		if said != "" {
			before := line.below + "    "
			p.printf("%s", painted(before)+p.paint(p.cut(said, utf8.RuneCountInString(before)), how))
		}
	}
}

func nameStyle(n *tree.Node) style {
	if n.Kind == kinds.PartnerProgram || n.Kind == kinds.Partner {
		return bold
	}
	return plain
}

// verdictOf says what matters about a node: the reasons, and the message of the first; of a group also its names.
func verdictOf(n *tree.Node) string {
	var parts []string
	if len(n.Names) > 1 {
		parts = append(parts, strings.Join(n.Names, ", "))
	}
	if len(n.Reasons) > 0 {
		parts = append(parts, strings.Join(n.Reasons, ", "))
	}
	if n.Message != "" {
		parts = append(parts, n.Message)
	}
	return strings.Join(parts, ": ")
}
