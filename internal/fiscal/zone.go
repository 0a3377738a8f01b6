package fiscal

import (
	_ "embed" // the list of zone names
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zones themselves, for hosts that have none

	"jointplan.dev/jointplan/internal/nearest"
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
	if near := nearestZones(name); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
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
	best := nearest.Best(zoneNames(), func(known string) int { return zoneDistance(wanted, strings.ToLower(known)) })
	return best[:min(len(best), maxZoneSuggestions)]
}

// zoneDistance returns how far apart two names in lower case are.
func zoneDistance(wanted, known string) int {
	place := known[strings.LastIndexByte(known, '/')+1:]
	if wanted[strings.LastIndexByte(wanted, '/')+1:] == place {
		return 0
	}
	limit := max(1, len(wanted)/4)
	distance := nearest.Within(limit, wanted, known)
	if strings.Contains(wanted, "/") {
		return distance
	}
	if ofPlace := nearest.Within(limit, wanted, place); distance == nearest.Far || ofPlace != nearest.Far && ofPlace < distance {
		return ofPlace
	}
	return distance
}
