package samples_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
)

var update = flag.Bool("update", false, "write the revisions that the samples must name into their files")

var (
	// anyRevision is a line that names a revision.
	anyRevision = regexp.MustCompile(`(?m)^ +revision: .*$`)
	// marked is such a line with a comment that says what it is the revision of.
	marked = regexp.MustCompile(`^( +revision: )(v1:[0-9a-f]{32})( +# revision of )(the first terms of |an earlier text of |)((?:JointPlan|PlanReview|MDFAllocation|MDFClaim) \S+)$`)
)

// What a marked line can be the revision of, besides the current terms of a plan, or the current text of a request or claim.
const (
	firstTerms  = "the first terms of "
	earlierText = "an earlier text of "
)

func TestApprovalsNameTheRevisionsTheyApprove(t *testing.T) { checkRevisions(t) }

// checkRevisions checks each revision that the samples name, and with -update writes those that are wrong.
func checkRevisions(t *testing.T) {
	t.Helper()
	set := readSamples(t)
	current, first := map[string]string{}, map[string]string{}
	for _, x := range set.Plans {
		current["JointPlan "+x.Name] = plan.Revision(&x.Spec.PlanTerms)
	}
	for _, x := range set.Reviews {
		current["PlanReview "+x.Name] = meeting.Revision(&x.Spec)
	}
	for _, x := range set.Allocations {
		current["MDFAllocation "+x.Name] = facts.RequestRevision(&x.Spec)
	}
	for _, x := range set.Claims {
		current["MDFClaim "+x.Name] = facts.ClaimRevision(&x.Spec)
	}
	for _, x := range set.Revisions {
		first["JointPlan "+string(x.Spec.PlanRef.Name)] = plan.Revision(&x.Spec.Terms)
	}
	for _, file := range sampleFiles(t) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		right := anyRevision.ReplaceAllStringFunc(string(raw), func(line string) string {
			part := marked.FindStringSubmatch(line)
			if part == nil {
				t.Errorf("%s: %q does not say what it is the revision of: write '# revision of KIND NAME' behind it", file, line)
				return line
			}
			was, of, name := part[2], part[4], part[5]
			if of == earlierText {
				if was == current[name] {
					t.Errorf("%s: %s is the current revision of %s, and is reported as that of an earlier text", file, was, name)
				}
				return line
			}
			want := map[string]map[string]string{"": current, firstTerms: first}[of][name]
			if want == "" {
				t.Errorf("%s: there is no %s%s", file, of, name)
				return line
			}
			if was != want && !*update {
				t.Errorf("%s: the revision of %s%s is %s, and the file says %s; go test ./test/samples -update writes it", file, of, name, want, was)
			}
			return part[1] + want + part[3] + of + name
		})
		right = nameRevisions(right, set.Revisions)
		if *update && right != string(raw) {
			if err := os.WriteFile(file, []byte(right), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// nameRevisions gives each kept revision the name that the controller would give it.
func nameRevisions(text string, revisions []*v1alpha1.PlanRevision) string {
	for _, x := range revisions {
		text = strings.ReplaceAll(text, "name: "+x.Name+",", "name: "+controllersName(x)+",")
	}
	return text
}

func controllersName(x *v1alpha1.PlanRevision) string {
	return plan.RevisionName(string(x.Spec.PlanRef.Name), plan.Revision(&x.Spec.Terms))
}

func TestKeptRevisionsAreNamedAsTheControllerNamesThem(t *testing.T) {
	for _, x := range readSamples(t).Revisions {
		if want := controllersName(x); x.Name != want && !*update {
			t.Errorf("PlanRevision %s is to be named %s; go test ./test/samples -update writes it", x.Name, want)
		}
	}
}

// sampleFiles returns the files of the samples.
func sampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".yaml" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
