package manifest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// pipe makes a named pipe.
func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plans.yaml")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	return path
}

// writer opens a named pipe for writing, which waits for nobody to read.
func writer(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestWhatIsNoFileIsNamed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	socket := filepath.Join(folder, "socket.yaml")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Skipf("no sockets here: %v", err)
	}
	defer func() { _ = listener.Close() }()
	silent, links := pipe(t), t.TempDir()
	for name, to := range map[string]string{"zero.yaml": "/dev/zero", "folder.yaml": folder, "round.yaml": "round.yaml", "up": links, "pipe.yaml": silent} {
		if err := os.Symlink(to, filepath.Join(links, name)); err != nil {
			t.Fatal(err)
		}
	}
	const nothing = "is a pipe out of which nothing came: what should write into it has not begun, or failed"
	for path, want := range map[string][]string{
		silent:      {silent + ": " + nothing},
		socket:      {socket + ": is a socket: only files, folders and pipes are read"},
		"/dev/zero": {"/dev/zero: is a device: only files, folders and pipes are read; standard input is -"},
		folder:      {folder + ": " + noManifests},
		links: {
			links + "/round.yaml: too many levels of symbolic links",
			links + "/folder.yaml: " + strayLink,
			links + "/pipe.yaml: " + nothing,
			links + "/zero.yaml: is a device: only files, folders and pipes are read; standard input is -",
		},
	} {
		_, errs := readNames(t, Options{}, path)
		wantLines(t, errs, want)
	}
}

func TestAPipeIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	to := writer(t, path)
	go func() {
		_, _ = io.WriteString(to, named("a")+strings.Repeat("# to fill the pipe\n", 20_000)+"---\n"+named("b"))
		_ = to.Close()
	}()
	names, errs := readNames(t, Options{}, path)
	wantLines(t, errs, nil)
	wantLines(t, names, []string{"a", "b"})
}

func TestReadingAPipeEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	to := writer(t, path)
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		// More than a pipe takes: when it is written, the reader is at work, and it waits for more that never comes.
		_, _ = io.WriteString(to, strings.Repeat("# to fill the pipe\n", 20_000))
		interrupt()
	}()
	if _, err := reader.Read(ctx, Options{}, path); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was interrupted", err)
	}
}

func TestManyErrorsEndTheReading(t *testing.T) {
	t.Parallel()
	const documents = 300_000
	stop := fmt.Sprintf("there are more than %d errors, and nothing was read from here on: correct the first ones", maxErrors)
	items := strings.Repeat("- x\n", documents)
	for name, tc := range map[string]struct{ text, last string }{
		"documents":             {strings.Repeat("---\na\n", documents), fmt.Sprintf("document %d (line %d): %s", maxErrors+1, 2*maxErrors+2, stop)},
		"separators":            {strings.Repeat("--- a\n", documents), fmt.Sprintf("document %d (line %d): %s", maxErrors+1, maxErrors+1, stop)},
		"values of JSON":        {strings.Repeat("{}\n", documents), fmt.Sprintf("document %d (line %d): %s", maxErrors/2+1, maxErrors/2+1, stop)},
		"items of a list":       {"apiVersion: v1\nkind: List\nitems:\n" + items[:200_000], fmt.Sprintf("document 1 (line %d): %s", maxErrors+4, stop)},
		"one object many times": {strings.Repeat("---\n"+named("a"), maxErrors+10), ""},
	} {
		_, errs := readText(t, tc.text)
		if len(errs) != maxErrors+1 || tc.last != "" && errs[maxErrors] != tc.last {
			t.Errorf("%s: %d errors, the last one %q, want %q", name, len(errs), errs[len(errs)-1], tc.last)
		}
	}
}

func TestEmptyDocumentsCostNothing(t *testing.T) {
	t.Parallel()
	const documents = 300_000
	set, errs := readText(t, strings.Repeat("---\n", documents)+named("a")+strings.Repeat("---\n# nothing\n...\n", documents))
	wantLines(t, errs, nil)
	if len(set.Partners) != 1 || set.Origins[KeyOf(set.Partners[0])].Document != 1 {
		t.Errorf("got %v of %v", set.Partners, set.Origins)
	}
	if n := len(slices.Collect(splitYAML([]byte(strings.Repeat("---\n", documents))))); n != 0 {
		t.Errorf("%d documents", n)
	}
}

func TestAllFilesTogetherAreBounded(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.yaml": named("a"), "b.yaml": named("b"), "c.yaml": named("c")})
	r := &reading{
		ctx: t.Context(), group: reader.group, options: Options{Namespace: "default"}, bytes: maxBytes - len(named("a")) - 1,
		set: &Set{Namespaces: map[string]map[string]string{}, Origins: map[Key]Origin{}}, files: map[string]bool{}, seen: map[Key]Origin{},
	}
	r.source(root)
	wantLines(t, lines(t, r.errors), []string{
		root + "/b.yaml: takes all files above 256 MiB, and nothing more was read: look at fewer folders at a time",
	})
	if len(r.set.Partners) != 1 {
		t.Errorf("%d objects were read, want the first", len(r.set.Partners))
	}
}
