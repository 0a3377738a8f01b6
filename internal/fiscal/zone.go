package fiscal

import (
	_ "embed" // the list of zone names
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zones themselves, for hosts that have none
)

//go:embed zones.txt
var zoneText string

// zoneNames returns the names of all IANA time zones, sorted.
var zoneNames = sync.OnceValue(func() []string { return strings.Fields(zoneText) })

// zones keeps the zones that were loaded, by name. Only names that exist get in, so it does not grow without bound.
var zones = struct {
	sync.RWMutex
	byName map[string]*time.Location
}{byName: map[string]*time.Location{}}

const (
	// maxZoneSuggestions bounds how many zones an error message suggests.
	maxZoneSuggestions = 3
	// maxZoneName bounds the names that are compared with others, in bytes.
	maxZoneName = 64
)

// loadZone returns the time zone of an IANA name. The error says what to write, with the nearest names.
func loadZone(name string) (*time.Location, error) {
	zones.RLock()
	zone, ok := zones.byName[name]
	zones.RUnlock()
	if ok {
		return zone, nil
	}
	if name == "" || name == "Local" || isMisspelt(name) {
		return nil, unknownZone(name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, unknownZone(name)
	}
	zones.Lock()
	defer zones.Unlock()
	zones.byName[name] = zone
	return zone, nil
}

// isMisspelt says whether name is a known name but for the case of its letters; some file systems would find it all the same.
func isMisspelt(name string) bool {
	if _, found := slices.BinarySearch(zoneNames(), name); found {
		return false
	}
	return slices.ContainsFunc(zoneNames(), func(known string) bool { return strings.EqualFold(known, name) })
}

// unknownZone returns the error for a name that is no zone.
func unknownZone(name string) error {
	message := quote(name) + " is not the IANA name of a time zone, such as Europe/Berlin or UTC"
	if nearest := nearestZones(name); len(nearest) > 0 {
		message += "; did you mean " + strings.Join(nearest, " or ") + "?"
	}
	return fmt.Errorf("%s", message)
}

// nearestZones returns the known names that are nearest to name: those of the place ("Berlin", "Africa/Berlin"), or else those that a few
// letters tell apart, from the whole name or, when there is no slash in it, from the place.
func nearestZones(name string) []string {
	wanted := strings.ReplaceAll(strings.ToLower(name), " ", "_")
	if wanted == "" || len(wanted) > maxZoneName {
		return nil
	}
	best := max(1, len(wanted)/4)
	var nearest []string
	for _, known := range zoneNames() {
		distance := zoneDistance(wanted, strings.ToLower(known), best)
		switch {
		case distance > best:
		case distance < best:
			best, nearest = distance, []string{known}
		default:
			nearest = append(nearest, known)
		}
	}
	return nearest[:min(len(nearest), maxZoneSuggestions)]
}

// zoneDistance returns how far apart two names in lower case are; more than limit when that is far.
func zoneDistance(wanted, known string, limit int) int {
	place := known[strings.LastIndexByte(known, '/')+1:]
	if wanted[strings.LastIndexByte(wanted, '/')+1:] == place {
		return 0
	}
	distance := editDistance(wanted, known, limit)
	if !strings.Contains(wanted, "/") {
		distance = min(distance, editDistance(wanted, place, limit))
	}
	return distance
}

// editDistance returns how many letters must be substituted, added or removed to make b of a, or limit + 1 when it is more
// than limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return min(row[len(b)], limit+1)
}
