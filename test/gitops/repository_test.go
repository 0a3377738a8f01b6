package gitops

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository is the git repository that Argo CD delivers from.
type repository struct {
	dir     string
	samples string // the revision that holds the samples and nothing else
}

// newRepository creates an empty repository.
func newRepository(dir string) (*repository, error) {
	r := &repository{dir: dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	_, err := r.git("init", "--quiet", "--initial-branch=main")
	return r, err
}

// url returns the address from which the repository can be cloned.
func (r *repository) url() string { return "file://" + r.dir }

// git runs git in the repository, without the configuration of whoever runs the tests.
func (r *repository) git(args ...string) (string, error) {
	command := exec.CommandContext(context.Background(), "git", args...)
	command.Dir = r.dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=tests", "GIT_AUTHOR_EMAIL=tests@example.com", "GIT_COMMITTER_NAME=tests", "GIT_COMMITTER_EMAIL=tests@example.com")
	out, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// commit commits all that has changed and returns the revision.
func (r *repository) commit(message string) (string, error) {
	if _, err := r.git("add", "--all"); err != nil {
		return "", err
	}
	if _, err := r.git("commit", "--quiet", "--message", message); err != nil {
		return "", err
	}
	return r.git("rev-parse", "HEAD")
}

// read returns a file.
func (r *repository) read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(r.dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// write writes a file, without a commit.
func (r *repository) write(t *testing.T, path, content string) {
	t.Helper()
	if err := writeFile(filepath.Join(r.dir, path), []byte(content)); err != nil {
		t.Fatal(err)
	}
}

// replace changes one passage of a file, without a commit.
func (r *repository) replace(t *testing.T, path, was, is string) {
	t.Helper()
	text := r.read(t, path)
	if strings.Count(text, was) != 1 {
		t.Fatalf("%s has %q %d times, not once", path, was, strings.Count(text, was))
	}
	r.write(t, path, strings.Replace(text, was, is, 1))
}

// remove removes a file, without a commit.
func (r *repository) remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(filepath.Join(r.dir, path)); err != nil {
		t.Fatal(err)
	}
}

// reset puts the samples back, as a commit, and returns the revision.
func (r *repository) reset() (string, error) {
	if _, err := r.git("read-tree", "--reset", "-u", r.samples); err != nil {
		return "", err
	}
	if _, err := r.git("clean", "--quiet", "--force", "-d"); err != nil {
		return "", err
	}
	changed, err := r.git("status", "--porcelain")
	if err != nil {
		return "", err
	}
	if changed == "" {
		return r.git("rev-parse", "HEAD")
	}
	return r.commit("back to the samples")
}

func writeFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// documents splits YAML into its documents.
func documents(raw []byte) []string {
	var found []string
	for document := range bytes.SplitSeq(append([]byte("\n"), raw...), []byte("\n---\n")) {
		if len(bytes.TrimSpace(document)) > 0 {
			found = append(found, string(document))
		}
	}
	return found
}
