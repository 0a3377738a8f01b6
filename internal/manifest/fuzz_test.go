package manifest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

// FuzzRead holds what must hold for any input: no panic, errors in one line each, and only objects that would be read again.
func FuzzRead(f *testing.F) {
	good, err := os.ReadFile("testdata/good.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	for document := range bytes.SplitSeq(good, []byte("---\n")) {
		f.Add(document)
	}
	for _, text := range []string{
		bomb(3), head + "spec: &spec {a: *spec}\n", acme(), "--- x\n", "%YAML 1.1\n---\na: b\n", "a: !!binary x\n", "? [a]\n: b\n", "{\"a\":1}{\"b\":",
		"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]\n", "a: &a\n  <<: *a\n", "\uFEFF", "- - - a\n...\n",
		"apiVersion: v1\nkind: List\nitems: &i [{apiVersion: v1, kind: List, items: *i}]\n", "<<: [a]\n", "a: 0o17\nb: 1e400\n2: 3\nnull: x\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := reader.Read(context.Background(), Options{Stdin: bytes.NewReader(data)}, "-")
		if set == nil {
			t.Fatal("no set")
		}
		for _, object := range set.Objects() {
			origin, ok := set.Origins[KeyOf(object)]
			if !ok || origin.Line("spec.goals[0].target.value") < 1 {
				t.Errorf("no origin of %s", KeyOf(object))
			}
		}
		var all Errors
		if !errors.As(err, &all) {
			return
		}
		for _, one := range all {
			if text := one.Error(); strings.ContainsAny(text, "\n\r\x1b") || one.Message == "" {
				t.Errorf("%q", text)
			}
		}
	})
}
