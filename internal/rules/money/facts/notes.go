package facts

import (
	"strings"
	"time"

	"jointplan.dev/jointplan/internal/printable"
)

// maxNote bounds a note of the ledger, in bytes.
const maxNote = 200

// Beginnings of the ledger's notes.
const (
	noteCut     = "Cut "
	noteEnding  = "Ending "
	noteMissing = "Missing "
)

// CutNote returns the note that a grant was cut, and why, which is clipped where it is too long.
func CutNote(why string) string { return printable.Clip(noteCut+why, maxNote) }

// EndingNote returns the note that a reservation is about to be released for a reason.
func EndingNote(reason string) string { return noteEnding + reason }

// MissingNote returns the note that the allocation of a reservation is missing since an instant.
func MissingNote(since time.Time) string { return noteMissing + since.Format(time.RFC3339) }

// EndingOf returns the reason for which a note says that a reservation is about to be released; nothing when it says no such thing.
func EndingOf(note string) string {
	reason, ending := strings.CutPrefix(note, noteEnding)
	if !ending {
		return ""
	}
	return reason
}

// CutOf returns why a note says that a grant was cut; nothing when it says no such thing.
func CutOf(note string) string {
	why, cut := strings.CutPrefix(note, noteCut)
	if !cut {
		return ""
	}
	return why
}

// MissingSince returns since when a note says that an allocation is missing; the zero time when it says no such thing.
func MissingSince(note string) time.Time {
	if len(note) <= len(noteMissing) || note[:len(noteMissing)] != noteMissing {
		return time.Time{}
	}
	since, err := time.Parse(time.RFC3339, note[len(noteMissing):])
	if err != nil {
		return time.Time{}
	}
	return since
}
