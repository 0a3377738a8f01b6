package fiscal

import (
	"archive/zip"
	"bytes"
	_ "embed" // the zones
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"jointplan.dev/jointplan/internal/nearest"
)

// zoneArchive is lib/time/zoneinfo.zip of Go, which make generate copies: all IANA time zones, as time/tzdata has them. The time package looks for a zone among the files of the
// host first, where another day boundary may stand under the same name, and names that no other host has.
//
//go:embed zoneinfo.zip
var zoneArchive []byte

// zoneFiles returns the files of the archive by the name of their zone.
var zoneFiles = sync.OnceValue(func() map[string]*zip.File {
	archive, err := zip.NewReader(bytes.NewReader(zoneArchive), int64(len(zoneArchive)))
	if err != nil {
		panic(err) // it is part of the program
	}
	files := map[string]*zip.File{}
	for _, file := range archive.File {
		if !strings.HasSuffix(file.Name, "/") {
			files[file.Name] = file
		}
	}
	return files
})

// zoneNames returns the names of all IANA time zones, sorted.
var zoneNames = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(zoneFiles())) })

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
	zone, err := readZone(name)
	if err != nil {
		return nil, unknownZone(name)
	}
	zones.Lock()
	defer zones.Unlock()
	zones.byName[name] = zone
	return zone, nil
}

// readZone reads a zone of the archive.
func readZone(name string) (*time.Location, error) {
	file, known := zoneFiles()[name]
	if !known {
		return nil, fs.ErrNotExist
	}
	from, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Close() }() // it is memory
	data, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(name, data)
}

// unknownZone returns the error for a name that is not a zone.
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
