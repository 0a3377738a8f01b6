package manifest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/equality"
)

// wantSameAgain writes an object and reads it again.
func wantSameAgain(t *testing.T, object Object) {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	set, err := reader.Read(context.Background(), Options{Stdin: bytes.NewReader(text)}, "-")
	if err != nil {
		t.Fatalf("%s is refused when it is written and read again: %v\n%s", KeyOf(object), err, text)
	}
	if again := set.Objects()[0]; !equality.Semantic.DeepEqual(object, again) {
		t.Errorf("%s is another when it is written and read again:\n%+v\n%+v", KeyOf(object), object, again)
	}
}

// FuzzRead holds what must hold for any input: no panic, errors in one line each, and only objects that are read again as they are.
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
			wantSameAgain(t, object)
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
