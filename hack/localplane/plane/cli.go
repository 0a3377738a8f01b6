//go:build unix

package plane

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Exit codes of the command line.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // the command line is wrong
	// exitLauncher is what `run` ends with when the plane, and not the command,
	// failed.
	exitLauncher = 125
)

// assetsVariable is where the test tools of Kubernetes look for the programs too.
const assetsVariable = "KUBEBUILDER_ASSETS"

// defaultDir is the folder of a plane where none is named.
const defaultDir = ".localplane"

// options are the flags of all commands.
type options struct {
	dir, assets  string
	crds         string
	audit, fresh bool
	timeout      time.Duration
	command      []string // of run: what is behind the flags
}

// command is one command of localplane.
type command struct {
	name, summary, details, example string
	flags                           []string
	takesCommand, hidden            bool
	run                             func(options, io.Writer, io.Writer) int
}

func commands() []command {
	return []command{
		{
			name: "start", summary: "start a control plane and leave it running",
			details: "Starts etcd, kube-apiserver and, where there is one, kube-controller-manager, waits until they are ready,\n" +
				"and prints the path of the kubeconfig. Data of an earlier start in the same folder are taken up again. If the plane\n" +
				"already runs, only the path is printed.",
			example: "export KUBECONFIG=$(localplane start)",
			flags:   []string{"dir", "assets", "crds", "audit", "fresh", "timeout"},
			run:     startCommand,
		},
		{
			name: "stop", summary: "stop it, keep its data",
			details: "Stops the servers, waits for each, and checks that no process and no port is left. Does nothing if nothing runs.",
			example: "localplane stop", flags: []string{"dir"},
			run: stopCommand,
		},
		{
			name: "status", summary: "say whether it runs, and where",
			details: "Ends with 0 if the plane is ready and with 1 if it is not.",
			example: "localplane status", flags: []string{"dir"},
			run: statusCommand,
		},
		{
			name: "run", summary: "run a command with a control plane of its own",
			details: "Starts a plane, runs the command with KUBECONFIG, JOINTPLAN_PLANE_KUBECONFIG and " + assetsVariable + " set, and stops the\n" +
				"plane when the command ends, however it does. SIGINT, SIGTERM and SIGHUP are passed on. Without --dir the plane lives\n" +
				"in a new folder below " + defaultDir + ", which is removed. Ends with the command's exit code, or with 125 if the plane failed.",
			example: "localplane run -- go test ./...",
			flags:   []string{"dir", "assets", "crds", "audit", "fresh", "timeout"}, takesCommand: true,
			run: runCommand,
		},
		{
			name: "clean", summary: "stop it and remove its data",
			details: "Removes what a plane wrote to its folder, and the folder if nothing else is in it.",
			example: "localplane clean", flags: []string{"dir"},
			run: cleanCommand,
		},
		{name: watchName, hidden: true, flags: []string{"dir"}, run: watchCommand},
	}
}

// Main runs the command line and returns the exit code of the process.
func Main(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(stdout)
		return exitOK
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(stderr, "localplane: unknown command %q; commands are %s\n", args[0], strings.Join(names(all), ", "))
		return exitUsage
	}
	parsed, err := all[i].parse(args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		all[i].usage(stdout)
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "localplane %s: %v (see localplane %[1]s --help)\n", all[i].name, err)
		return exitUsage
	}
	return all[i].run(parsed, stdout, stderr)
}

// names returns the names of the commands that are for people.
func names(all []command) []string {
	var list []string
	for _, c := range all {
		if !c.hidden {
			list = append(list, c.name)
		}
	}
	return list
}

func usage(w io.Writer) {
	fmt.Fprint(w, "localplane runs a throw-away Kubernetes control plane on this machine, without containers.\n\nUsage: localplane COMMAND [FLAGS]\n\nCommands:\n")
	for _, c := range commands() {
		if !c.hidden {
			fmt.Fprintf(w, "  %-8s %s\n", c.name, c.summary)
		}
	}
	fmt.Fprint(w, "\nExample:\n  export KUBECONFIG=$(localplane start)\n  kubectl get namespaces\n  localplane stop\n\nlocalplane COMMAND --help tells more about a command.\n")
}

func (c command) usage(w io.Writer) {
	suffix := ""
	if c.takesCommand {
		suffix = " -- COMMAND [ARGUMENTS]"
	}
	fmt.Fprintf(w, "localplane %s: %s\n\n%s\n\nUsage: localplane %[1]s [FLAGS]%[4]s\n\nFlags:\n", c.name, c.summary, c.details, suffix)
	set := c.flagSet(&options{})
	set.SetOutput(w)
	set.VisitAll(func(f *flag.Flag) {
		name, help := flag.UnquoteUsage(f)
		if name != "" {
			name = " " + name
		}
		fmt.Fprintf(w, "  --%-15s %s\n", f.Name+name, help)
	})
	fmt.Fprintf(w, "\nExample:\n  %s\n", c.example)
}

// flagSet returns the flags of the command, to be parsed into o.
func (c command) flagSet(o *options) *flag.FlagSet {
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	dirHelp := "`folder` of the plane (default \"" + defaultDir + "\")"
	if c.takesCommand {
		dirHelp = "`folder` of the plane, kept when the command ends (default: a new one, which is removed)"
	}
	for _, name := range c.flags {
		switch name {
		case "dir":
			set.StringVar(&o.dir, name, "", dirHelp)
		case "assets":
			set.StringVar(&o.assets, name, "", "`folder` with the programs (default: $"+assetsVariable+", or the folder of localplane itself)")
		case "crds":
			set.StringVar(&o.crds, name, "", "`path` of custom resource definitions to apply before the controllers start")
		case "audit":
			set.BoolVar(&o.audit, name, false, "write a line per request to "+auditLogName+" in the plane's folder")
		case "fresh":
			set.BoolVar(&o.fresh, name, false, "remove the data of an earlier plane in the folder first")
		case "timeout":
			set.DurationVar(&o.timeout, name, DefaultTimeout, "`duration` that the plane may take to become ready")
		}
	}
	return set
}

// parse reads the arguments of the command.
func (c command) parse(args []string) (options, error) {
	var o options
	set := c.flagSet(&o)
	if err := set.Parse(args); err != nil {
		return o, err
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case given["dir"] && o.dir == "":
		return o, errors.New("--dir must not be empty")
	case given["timeout"] && o.timeout <= 0:
		return o, fmt.Errorf("--timeout must be more than 0, not %v", o.timeout)
	case !c.takesCommand && set.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", set.Arg(0))
	case c.takesCommand && set.NArg() == 0:
		return o, errors.New("no command to run: put it behind --, as in: " + c.example)
	}
	if o.dir == "" && !c.takesCommand {
		o.dir = defaultDir
	}
	o.command = set.Args()
	return o, nil
}

// findAssets returns the folder with the programs: the one that is named, that
// of the environment, or that of the launcher itself.
func findAssets(named string) (string, error) {
	if named != "" {
		return filepath.Abs(named)
	}
	if dir := os.Getenv(assetsVariable); dir != "" {
		return filepath.Abs(dir)
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", err
	}
	return filepath.Dir(self), nil
}

// config returns what the options say about a plane.
func (o options) config(progress io.Writer) (Config, error) {
	assets, err := findAssets(o.assets)
	if err != nil {
		return Config{}, err
	}
	return Config{Dir: o.dir, Assets: assets, CRDs: o.crds, Audit: o.audit, Fresh: o.fresh, Timeout: o.timeout, Progress: progress}, nil
}

// interruptible returns a context that ends with the first SIGINT or SIGTERM.
func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// fail reports an error and returns the exit code.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "localplane:", err)
	return exitFailed
}

func startCommand(o options, stdout, stderr io.Writer) int {
	ctx, cancel := interruptible()
	defer cancel()
	cfg, err := o.config(stderr)
	if err != nil {
		return fail(stderr, err)
	}
	p, err := Start(ctx, cfg)
	if err != nil {
		return fail(stderr, err)
	}
	announce(ctx, p, stderr)
	fmt.Fprintln(stdout, p.Kubeconfig())
	return exitOK
}

// announce says what has started.
func announce(ctx context.Context, p *Plane, stderr io.Writer) {
	if p.Reused {
		fmt.Fprintf(stderr, "Kubernetes %s already runs in %s\n", p.version(ctx), p.dir)
		return
	}
	fmt.Fprintf(stderr, "Kubernetes %s is ready after %.1fs\n", p.version(ctx), p.Took.Seconds())
	if !p.Controllers() {
		fmt.Fprintf(stderr, "no %s in %s: garbage collection and namespace deletion will not run\n", controllersName, p.state.Assets)
	}
}

func stopCommand(o options, _, stderr io.Writer) int {
	ctx, cancel := interruptible()
	defer cancel()
	p, err := Open(o.dir, stderr)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(stderr, "no plane in %s: nothing to stop\n", o.dir)
		return exitOK
	}
	if err != nil {
		return fail(stderr, err)
	}
	ran := len(p.state.alive())
	if err := p.Stop(ctx); err != nil {
		return fail(stderr, err)
	}
	if ran == 0 {
		fmt.Fprintf(stderr, "the plane in %s was not running\n", p.dir)
		return exitOK
	}
	fmt.Fprintf(stderr, "stopped the plane in %s\n", p.dir)
	return exitOK
}

func statusCommand(o options, stdout, stderr io.Writer) int {
	ctx, cancel := interruptible()
	defer cancel()
	p, err := Open(o.dir, stderr)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(stdout, "%s: no plane\n", o.dir)
		return exitFailed
	}
	if err != nil {
		return fail(stderr, err)
	}
	problem := p.problem(ctx)
	if problem != nil {
		fmt.Fprintf(stdout, "%s: not ready: %v\n", p.dir, problem)
	} else {
		fmt.Fprintf(stdout, "%s: ready, Kubernetes %s\n", p.dir, p.version(ctx))
	}
	for _, one := range p.state.alive() {
		fmt.Fprintf(stdout, "  %-24s pid %-7d https://%s  %s\n", one.Name, one.PID, address(one.Port), one.Log)
	}
	if problem != nil {
		return exitFailed
	}
	fmt.Fprintf(stdout, "  %-24s %s\n", "kubeconfig", p.Kubeconfig())
	return exitOK
}

func cleanCommand(o options, _, stderr io.Writer) int {
	ctx, cancel := interruptible()
	defer cancel()
	if err := Clean(ctx, o.dir, stderr); err != nil {
		return fail(stderr, err)
	}
	return exitOK
}
