package printable

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ text, want string }{
		"nothing":                  {"", ""},
		"plain text":               {"Hotel am Wall, 3 rooms: EUR 1,200.00", "Hotel am Wall, 3 rooms: EUR 1,200.00"},
		"letters of other scripts": {"Größe ≥ 5, 東京, Ελλάδα", "Größe ≥ 5, 東京, Ελλάδα"},
		"an emoji":                 {"well done 🎉", "well done 🎉"},
		"a question on a line of its own": {
			"invoice.pdf\nApprove EUR 1.00? [y/N]", "invoice.pdf ⏎ Approve EUR 1.00? [y/N]",
		},
		"line breaks of all kinds":       {"a\r\nb\rc\vd\fe\u0085f\u2028g\u2029h", "a ⏎ b ⏎ c ⏎ d ⏎ e ⏎ f ⏎ g ⏎ h"},
		"line breaks at the ends":        {"\n a comment\n\n", "a comment"},
		"runs of spaces":                 {"paid   \t  EUR\u00a0\u30001.00", "paid EUR 1.00"},
		"nothing but spaces":             {" \n\t ", ""},
		"colours":                        {"\x1b[2K\x1b[1Aaccepted", `\u001b[2K\u001b[1Aaccepted`},
		"a control sequence in one byte": {"\u009b2Kaccepted", `\u009b2Kaccepted`},
		"backspaces":                     {"EUR 9\b1", `EUR 9\u00081`},
		"the other direction":            {"invoice \u202e001 RUE\u202c", `invoice \u202e001 RUE\u202c`},
		"an isolate that stays open":     {"a \u2067b", `a \u2067b`},
		"characters without a width":     {"fin\u200bch\ufeff \u2060x", `fin\u200bch\ufeff \u2060x`},
		"letters that show nothing":      {"\u3164\u115fa", `\u3164\u115fa`},
		"tags":                           {"a\U000e0041", `a\U000e0041`},
		"no UTF-8":                       {"a\xffb", `a\xffb`},
		"marks over other lines":         {"a" + strings.Repeat("\u0301", 6), "a" + strings.Repeat("\u0301", 4) + `\u0301\u0301`},
		"text from right to left":        {"שלום עולם 100: EUR 1.00", "\u2067שלום עולם\u2069 100: EUR 1.00"},
		"two texts from right to left":   {"א and ב", "\u2067א\u2069 and \u2067ב\u2069"},
		"isolated already":               {"a \u2067שלום\u2069 b", "a \u2067שלום\u2069 b"},
		"a command of a pipeline":        {"::error file=x::refused", ": :error file=x::refused"},
		"one after a line break":         {"x\n ::error file=x::refused", "x ⏎ : :error file=x::refused"},
		"commands of other pipelines":    {"a ##[error]b ##vso[task.complete]", "a # #[error]b # #vso[task.complete]"},
		"colons that command nothing":    {"std::vector, fe80::1, ::1, a :: b", "std::vector, fe80::1, ::1, a :: b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Line(row.text); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		text  string
		limit int
		want  string
	}{
		"fits":                     {"abc", 3, "abc"},
		"is cut":                   {"abcdef", 5, "ab..."},
		"not in a character":       {"aéééé", 7, "aé..."},
		"less than the dots":       {"abcdef", 2, ".."},
		"below nothing":            {"abcdef", -1, ""},
		"ends the isolation":       {"a אבגדהוזחט", 18, "a \u2067אבג\u2069..."},
		"leaves out the isolation": {"abcdef אבג", 15, "abcdef ..."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Clip(row.text, row.limit); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"abcdefgh":      "abcdefgh",
		"abcdefghi":     "abcdefg…",
		"abcdef, ghi":   "abcdef…",
		"éééééééééé":    "ééééééé…",
		"a אבגדהוזחט":   "a \u2067אבג\u2069…",
		"one\ntwo\nsix": "one ⏎ t…",
	} {
		if got := Short(text, 8); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// hostile draws text of what is worth trying.
func hostile(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"a", "Z", "1", " ", "  ", "\n", "\r\n", "\t", "\x1b[2K", "\u009b", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200f", "\u200d",
			"\ufeff", "א", "בג", "ع", "\u0651", "\u05b0", "\u0301", "::", "::error file=x::", "##[error]", "##vso[x]", "#", ":", "\xff", "\xe2\x81", ".",
			"\u0660", "𐤀", "한", "\u2028", "\u3164", "-", "(", ")", "\u2067א\u2069", "\U000e0041", "\ufffd",
		}), rapid.String(),
	), 0, 24).Draw(t, "parts")
	return strings.Join(parts, "")
}

// checkSafe fails a test unless text is one safe line.
func checkSafe(t *rapid.T, text string) {
	open := false
	for i, r := range text {
		switch {
		case r == isolate && !open:
			open = true
		case r == pop && open:
			open = false
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			t.Fatalf("%q is not UTF-8", text)
		case !isVisible(r):
			t.Fatalf("%q holds %U", text, r)
		}
	}
	for word := range strings.SplitSeq(text, " ") {
		if len(word) > 2 && strings.HasPrefix(word, "::") && unicode.IsLetter(rune(word[2])) && word[2] < utf8.RuneSelf {
			t.Fatalf("%q holds a command", text)
		}
	}
	switch {
	case open:
		t.Fatalf("%q leaves an isolation open", text)
	case strings.Contains(text, "##[") || strings.Contains(text, "##vso["):
		t.Fatalf("%q holds a command", text)
	case strings.Contains(text, "  ") || strings.TrimSpace(text) != text:
		t.Fatalf("%q holds a run of spaces, or begins or ends with one", text)
	}
}

func TestEveryLineIsSafeAndStaysAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := hostile(t)
		line := Line(text)
		checkSafe(t, line)
		if again := Line(line); again != line {
			t.Fatalf("%q becomes %q, and that %q", text, line, again)
		}
		for _, short := range []string{Clip(text, rapid.IntRange(0, 60).Draw(t, "limit")), Short(text, rapid.IntRange(1, 30).Draw(t, "characters"))} {
			checkSafe(t, short)
			if again := Line(short); again != short {
				t.Fatalf("%q is cut to %q, and that becomes %q", text, short, again)
			}
		}
	})
}

func TestCutLinesKeepTheirLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, n := hostile(t), rapid.IntRange(3, 60).Draw(t, "n")
		if got := Clip(text, n); len(got) > n {
			t.Fatalf("%q has more than %d bytes", got, n)
		}
		if got := Short(text, n); utf8.RuneCountInString(got) > n {
			t.Fatalf("%q has more than %d characters", got, n)
		}
	})
}

// TestWhatIsWrittenOutIsASCII checks what escapes stand for, so that nothing is lost silently.
func TestWhatIsWrittenOutIsASCII(t *testing.T) {
	t.Parallel()
	for r := rune(1); r < 0x3000; r++ {
		line := Line("a" + string(r) + "b")
		if line == "a"+string(r)+"b" || unicode.IsSpace(r) || isRightToLeft(r) || r == '\u2028' || r == '\u2029' {
			continue
		}
		var back string
		if err := json.Unmarshal([]byte(`"`+line+`"`), &back); err != nil || back != "a"+string(r)+"b" {
			t.Errorf("%U is written as %s", r, line)
		}
	}
}
