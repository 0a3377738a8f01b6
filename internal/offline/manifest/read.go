package manifest

import (
	"context"
	"fmt"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Options say how to read. The zero value is useful.
type Options struct {
	// Namespace is given to objects of namespaced kinds that state none, as kubectl -n does. Empty means "default".
	Namespace string
	// Stdin is what the source "-" reads. Nil means that it cannot be named.
	Stdin io.Reader
}

// Reader reads manifests. It compiles the schema and the rules of each kind once, when it first meets the kind, so use
// one for several calls. It is safe for concurrent use.
type Reader struct {
	*group
}

// NewReader returns a Reader for the kinds of a cluster, by the embedded CustomResourceDefinitions.
func NewReader() *Reader {
	return &Reader{channel()}
}

// NewMappingReader returns a Reader for the mappings of imports, which are manifests with a schema and rules too.
func NewMappingReader() *Reader {
	return &Reader{mappings()}
}

// Read reads manifests from sources: files, pipes, folders (with all below them, the files *.yaml, *.yml and *.json in the order of
// their names, except kustomization files and what begins with a dot), patterns and "-" for Options.Stdin. Links are followed, as long as they stay
// below the folder that was named. A file holds one or more YAML documents or JSON values, each an object or a list of objects. A source that holds
// no object is an error. After very many errors or bytes it reads no more files, and says so.
//
// The set is never nil: it holds every object that has no error. The error is nil or of type Errors, or that of a context
// which ended.
func (r *Reader) Read(ctx context.Context, options Options, sources ...string) (*Set, error) {
	if options.Namespace == "" {
		options.Namespace = metav1.NamespaceDefault
	}
	now := &reading{
		ctx:     ctx,
		group:   r.group,
		options: options,
		set:     &Set{Namespaces: map[string]map[string]string{}, Origins: map[Key]Origin{}},
		files:   map[string]bool{},
		seen:    map[Key]Origin{},
	}
	for _, source := range sources {
		now.source(source)
	}
	now.set.nameNamespaces()
	if err := ctx.Err(); err != nil {
		return now.set, err
	}
	if len(now.errors) > 0 {
		return now.set, now.errors
	}
	return now.set, nil
}

// reading is one call of Read.
type reading struct {
	*group

	ctx     context.Context //nolint:containedctx // it lives as long as the call
	options Options
	set     *Set
	errors  Errors
	bytes   int             // that were read
	stopped bool            // nothing more is read
	objects int             // that were met, those of other projects and those with errors included
	files   map[string]bool // that were read
	seen    map[Key]Origin  // objects, those with errors included
}

// fail notes an error; after many it is the last one.
func (r *reading) fail(err *Error) {
	switch {
	case r.stopped:
	case len(r.errors) < maxErrors:
		r.errors = append(r.errors, err)
	default:
		r.stop(&Error{
			File: err.File, Document: err.Document, Line: err.Line,
			Message: fmt.Sprintf("there are more than %d errors, and nothing was read from here on: correct the first ones", maxErrors),
		})
	}
}

// stop notes an error after which nothing more is read.
func (r *reading) stop(err *Error) {
	r.errors, r.stopped = append(r.errors, err), true
}

// ended reports whether nothing more is to be read.
func (r *reading) ended() bool { return r.stopped || r.ctx.Err() != nil }
