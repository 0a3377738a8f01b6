package manifest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// EmptyFolder is the message of the error about a folder in which nothing is, but for names that begin with a dot.
const EmptyFolder = "is an empty folder"

// Messages about what was named and yet reads as nothing.
const (
	noManifests   = "holds no manifests (*.yaml, *.yml, *.json)"
	onlyKustomize = noManifests + ", only a kustomization: build it, and pipe the result: kubectl kustomize DIR | kubectl jointplan ... -f -"
	holdsNothing  = "holds no object: what should have written it failed, or it is the wrong one"
	noStdin       = "is not read here: name files or folders"
	strayLink     = "is a link to a folder outside of the one that was named: name that folder too"
)

// Limits of what is read in one go, so that time, memory and what is said of it are bounded whatever the sources hold.
const (
	maxFileBytes = 32 << 20  // of a file: a dump of some thousand objects fits
	maxBytes     = 256 << 20 // of all files together: those of a program of some ten thousand partners fit
	maxErrors    = 200       // after which nothing more is read: who has to correct as much reads no more files
)

// byteOrderMark may begin a file, and nothing else.
const byteOrderMark = "\uFEFF"

// stdinName is what errors call the source "-".
const stdinName = "stdin"

// source reads one source: stdin, a file, a folder, or what matches a pattern. One that reads as nothing is an error: whoever named it expects
// something of it.
func (r *reading) source(source string) {
	objects, wrong, name := r.objects, len(r.errors), source
	switch {
	case source == "-":
		name = stdinName
		r.stdin()
	case strings.HasPrefix(source, "https://"), strings.HasPrefix(source, "http://"):
		r.fail(&Error{File: source, Message: "only files, folders and - are read: fetch it first"})
	default:
		r.path(source)
	}
	if r.objects == objects && len(r.errors) == wrong && !r.ended() {
		r.fail(&Error{File: name, Message: holdsNothing})
	}
}

func (r *reading) stdin() {
	switch {
	case r.options.Stdin == nil:
		r.fail(&Error{File: stdinName, Message: noStdin})
	case !r.wasRead(stdinName):
		r.content(stdinName, r.options.Stdin)
	}
}

// path reads a file or folder, or like kubectl all that match a pattern, when nothing has that name.
func (r *reading) path(path string) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if matches, bad := filepath.Glob(path); bad == nil && len(matches) > 0 && !slices.Contains(matches, path) {
			for _, match := range matches {
				r.path(match)
			}
			return
		}
	}
	switch {
	case err != nil:
		r.fail(&Error{File: path, Message: missing(path, err)})
	case info.IsDir():
		r.folder(path)
	default:
		r.file(path)
	}
}

// missing says why there is nothing at a path. A link to nothing is there, and so looks right.
func missing(path string, err error) string {
	if to, bad := os.Readlink(path); bad == nil && errors.Is(err, fs.ErrNotExist) {
		return "is a link to " + to + ", which does not exist"
	}
	return reason(err)
}

// unreadable says why what has a mode has no end, or no beginning, that could be read; empty when it can be read.
func unreadable(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "is a folder"
	case mode&fs.ModeSocket != 0:
		return "is a socket: only files, folders and pipes are read"
	case mode&fs.ModeDevice != 0:
		return "is a device: only files, folders and pipes are read; standard input is -"
	default:
		return ""
	}
}

// folder reads all manifests below a folder in the order of their paths, and then those below the links to folders in it.
func (r *reading) folder(folder string) {
	root, err := filepath.EvalSymlinks(folder)
	if err != nil {
		r.fail(&Error{File: folder, Message: reason(err)})
		return
	}
	walked, wrong := walk{root: root, reading: r, seen: map[string]bool{root: true}}, len(r.errors)
	walked.below(folder, root)
	for len(walked.links) > 0 && !r.ended() {
		link := walked.links[0]
		walked.links = walked.links[1:]
		walked.follow(link)
	}
	switch {
	case r.ended() || len(r.errors) > wrong || len(walked.files) > 0:
	case walked.others == 0:
		r.fail(&Error{File: folder, Message: EmptyFolder})
	case walked.kustomize:
		r.fail(&Error{File: folder, Message: onlyKustomize})
	default:
		r.fail(&Error{File: folder, Message: noManifests})
	}
	for _, file := range walked.files {
		r.file(file)
	}
}

// walk finds the manifests below a folder.
type walk struct {
	*reading

	root      string          // without links
	seen      map[string]bool // folders, without links
	files     []string
	links     []string // to folders
	others    int      // files that are not manifests
	kustomize bool
}

// below walks a folder, of which target is the path without links. What begins with a dot is left out.
func (w *walk) below(folder, target string) {
	_ = filepath.WalkDir(target, func(path string, entry fs.DirEntry, err error) error {
		name := filepath.Join(folder, strings.TrimPrefix(path, target))
		switch {
		case err != nil:
			w.fail(&Error{File: name, Message: reason(err)})
		case path == target:
		case strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			if w.seen[path] {
				return fs.SkipDir
			}
			w.seen[path] = true
		default:
			w.entry(name, entry)
		}
		return w.ctx.Err()
	})
}

// entry notes an entry of a folder that is not a folder itself.
func (w *walk) entry(name string, entry fs.DirEntry) {
	w.others++
	w.kustomize = w.kustomize || isKustomization(entry.Name())
	if entry.Type()&fs.ModeSymlink != 0 {
		if info, err := os.Stat(name); err != nil {
			w.fail(&Error{File: name, Message: missing(name, err)})
			return
		} else if info.IsDir() {
			w.links = append(w.links, name)
			return
		}
	}
	if isFile(entry.Type()) && isManifest(entry.Name()) {
		w.files = append(w.files, name)
	}
}

// follow walks what a link within the root leads to, unless it was walked. A link that leads out of it could lead anywhere.
func (w *walk) follow(link string) {
	target, err := filepath.EvalSymlinks(link)
	switch {
	case err != nil:
		w.fail(&Error{File: link, Message: reason(err)})
	case target != w.root && !strings.HasPrefix(target, strings.TrimSuffix(w.root, string(filepath.Separator))+string(filepath.Separator)):
		w.fail(&Error{File: link, Message: strayLink})
	case !w.seen[target]:
		w.seen[target] = true
		w.below(link, target)
	}
}

// isFile reports whether an entry of a folder is read. Pipes are read only when a source names them.
func isFile(kind fs.FileMode) bool {
	return kind.IsRegular() || kind&fs.ModeSymlink != 0
}

// isManifest reports whether a file in a folder is read. kustomization files say how to build manifests and are none.
func isManifest(name string) bool {
	return !isKustomization(name) && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name))
}

func isKustomization(name string) bool {
	return slices.Contains([]string{"kustomization.yaml", "kustomization.yml", "Kustomization"}, name)
}

// wasRead reports whether something was read before, and notes that it now is. A source that leads to it again is not one that holds nothing.
func (r *reading) wasRead(name string) bool {
	if r.files[name] {
		r.objects++
		return true
	}
	r.files[name] = true
	return false
}

// withoutLinks is the one path of a file, whichever links lead to it.
func withoutLinks(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return filepath.Clean(path)
}

// file reads a file or a pipe, but only once however often the sources name it. It waits for nobody to open a pipe for writing, and a read that waits
// for a writer ends with the context.
func (r *reading) file(path string) {
	if r.ended() || r.wasRead(withoutLinks(path)) {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		r.fail(&Error{File: path, Message: reason(err)})
		return
	}
	if why := unreadable(info.Mode()); why != "" {
		r.fail(&Error{File: path, Message: why})
		return
	}
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		r.fail(&Error{File: path, Message: reason(err)})
		return
	}
	stop := context.AfterFunc(r.ctx, func() { _ = file.Close() })
	defer func() {
		stop()
		_ = file.Close() // it was only read
	}()
	if r.content(path, file) == 0 && info.Mode()&fs.ModeNamedPipe != 0 && r.ctx.Err() == nil {
		r.fail(&Error{File: path, Message: "is a pipe out of which nothing came: what should write into it has not begun, or failed"})
	}
}

// content reads the documents of one file, and returns how many bytes there were.
func (r *reading) content(name string, from io.Reader) int {
	data, err := io.ReadAll(io.LimitReader(from, maxFileBytes+1))
	r.bytes += len(data)
	switch {
	case err != nil:
		r.fail(&Error{File: name, Message: reason(err)})
	case len(data) > maxFileBytes:
		r.fail(&Error{File: name, Message: fmt.Sprintf("is larger than %d MiB: divide it", maxFileBytes>>20)})
	case r.bytes > maxBytes:
		r.stop(&Error{File: name, Message: fmt.Sprintf("takes all files above %d MiB, and nothing more was read: look at fewer folders at a time", maxBytes>>20)})
	default:
		r.documents(name, data)
	}
	return len(data)
}

// documents reads the documents of a text.
func (r *reading) documents(name string, data []byte) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if bad := checkText(data); bad != nil {
		r.fail(&Error{File: name, Line: bad.line, Message: bad.message})
		return
	}
	split, decode := splitYAML, decodeYAML
	if isJSONStream(data) {
		split, decode = splitJSON, decodeJSON
	}
	number := 0
	for text := range split(data) {
		if r.ended() {
			return
		}
		number++
		r.chunk(name, number, text, decode)
	}
}

// chunk reads one document.
func (r *reading) chunk(name string, number int, text chunk, decode func(chunk) (*document, *problem)) {
	place := Error{File: name, Document: number}
	bad := text.bad
	if bad == nil && bytes.HasPrefix(text.text, []byte(byteOrderMark)) {
		bad = &problem{line: text.line, message: "a byte order mark is in the middle of the file, where files were joined: remove it"}
	}
	if bad != nil {
		r.fail(at(place, bad))
		return
	}
	doc, bad := decode(text)
	if bad != nil {
		r.fail(at(place, bad))
		return
	}
	if doc == nil || doc.value == nil {
		return
	}
	r.item(Origin{File: name, Document: number, Start: doc.root.Line + doc.offset, node: doc.root, offset: doc.offset}, doc.value)
}

// at is a problem at a place.
func at(place Error, bad *problem) *Error {
	place.Line, place.Field, place.Message = bad.line, bad.field, bad.message
	return &place
}

// reason is an error of the file system without the path, which stands before it anyway.
func reason(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
