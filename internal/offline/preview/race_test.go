//go:build race

package preview

// raceDetector says that the tests run with the race detector, ten times slower.
const raceDetector = true
