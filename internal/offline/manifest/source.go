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

// NoManifests is the message of the error about a folder that has no file of a kind that is read.
const NoManifests = "holds no manifests (*.yaml, *.yml, *.json)"

// Limits of what is read in one go, so that time, memory and what is said of it are bounded whatever the sources hold.
const (
	maxFileBytes = 32 << 20  // of a file: a dump of some thousand objects fits
	maxBytes     = 256 << 20 // of all files together: those of a program of some ten thousand partners fit
	maxErrors    = 200       // after which nothing more is read: who has to correct as much reads no further
)

// stdinName is what errors call the source "-".
const stdinName = "stdin"

// source reads one source: stdin, a file or a folder.
func (r *reading) source(source string) {
	switch {
	case source == "-":
		r.stdin()
	case strings.HasPrefix(source, "https://"), strings.HasPrefix(source, "http://"):
		r.fail(&Error{File: source, Message: "only files, folders and - are read: fetch it first"})
	default:
		r.path(source)
	}
}

func (r *reading) stdin() {
	if r.options.Stdin == nil || r.files[stdinName] {
		return
	}
	r.files[stdinName] = true
	r.content(stdinName, r.options.Stdin)
}

func (r *reading) path(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		r.fail(&Error{File: path, Message: reason(err)})
	case info.IsDir():
		r.folder(path)
	default:
		r.file(path)
	}
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

// folder reads all manifests below a folder in the order of their paths.
func (r *reading) folder(folder string) {
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.fail(&Error{File: path, Message: reason(err)})
			return nil
		case path != folder && strings.HasPrefix(entry.Name(), ".") && entry.IsDir():
			return fs.SkipDir
		case isFile(entry.Type()) && isManifest(entry.Name()):
			files = append(files, path)
		}
		return r.ctx.Err()
	})
	if err != nil {
		return // the context has ended
	}
	if len(files) == 0 {
		r.fail(&Error{File: folder, Message: NoManifests})
	}
	for _, file := range files {
		r.file(file)
	}
}

// isFile reports whether an entry of a folder is read. Pipes are read only when a source names them.
func isFile(kind fs.FileMode) bool {
	return kind.IsRegular() || kind&fs.ModeSymlink != 0
}

// isManifest reports whether a file in a folder is read. kustomization files say how to build manifests and are none.
func isManifest(name string) bool {
	if strings.HasPrefix(name, ".") || slices.Contains([]string{"kustomization.yaml", "kustomization.yml"}, name) {
		return false
	}
	return slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name))
}

// file reads a file or a pipe, but only once however often the sources name it. It waits for nobody to open a pipe for writing, and a read that waits
// for a writer ends with the context.
func (r *reading) file(path string) {
	if r.files[filepath.Clean(path)] || r.ended() {
		return
	}
	r.files[filepath.Clean(path)] = true
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
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
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
	if bad := text.bad; bad != nil {
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
