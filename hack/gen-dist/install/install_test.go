package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestManifestSetsTheImage(t *testing.T) {
	t.Parallel()
	const digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for name, tc := range map[string]struct {
		image string
		wrong bool
	}{
		"a tag":               {image: "registry.example.com/jointplan-manager:1.0"},
		"a port and a tag":    {image: "registry.example.com:5000/team/jointplan-manager:v1"},
		"a digest":            {image: "registry.example.com/jointplan-manager" + digest},
		"only a name":         {image: "jointplan-manager:latest"},
		"no tag":              {image: "registry.example.com/jointplan-manager", wrong: true},
		"a port and no tag":   {image: "registry.example.com:5000/jointplan-manager", wrong: true},
		"nothing":             {wrong: true},
		"half a digest":       {image: "registry.example.com/jointplan-manager@sha256:0123", wrong: true},
		"something else":      {image: "jointplan-manager:1.0\nargs: [x]", wrong: true},
		"an upper-case name":  {image: "Registry/JointPlan:1.0", wrong: true},
		"an address with it":  {image: "https://registry.example.com/jointplan-manager:1.0", wrong: true},
		"a slash at the end":  {image: "registry.example.com/:1.0", wrong: true},
		"a tag with a colon":  {image: "jointplan-manager:1:0", wrong: true},
		"a space in the name": {image: "joint plan:1.0", wrong: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := Manifest("../../../config/default", tc.image)
			switch {
			case tc.wrong:
				if err == nil || !strings.Contains(err.Error(), "write it like registry.example.com/jointplan-manager:1.0") {
					t.Errorf("it says %v", err)
				}
			case err != nil:
				t.Fatal(err)
			case strings.Count(string(text), "\n        image: "+tc.image+"\n") != 1:
				t.Errorf("the image is not %s", tc.image)
			}
		})
	}
}

func TestManifestSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	empty, without := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(without, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("kustomization.yaml", "resources: [a.yaml]\n")
	write("a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n")
	for folder, want := range map[string]string{
		empty:   "unable to find one of 'kustomization.yaml'",
		without: "no Deployment has a container called manager",
	} {
		if _, err := Manifest(folder, "a:1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("it says %v, want %q", err, want)
		}
	}
}
