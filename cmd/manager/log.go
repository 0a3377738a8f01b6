package main

import (
	"slices"
	"strings"
	"sync"
	"time"

	uberzap "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

// setLog makes what the flags say the log of everything in the process, client-go's too. Without a flag no line has a stack trace: what fails here fails
// for a reason of the cluster, which the line says.
func setLog(options *zap.Options) {
	if options.StacktraceLevel == nil {
		options.StacktraceLevel = uberzap.NewAtomicLevelAt(zapcore.PanicLevel)
	}
	seen := &repeats{now: time.Now, of: map[string]*repeated{}}
	options.ZapOpts = append(options.ZapOpts, uberzap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return repeating{core, seen}
	}))
	log := zap.New(zap.UseFlagOptions(options))
	ctrl.SetLogger(log)
	klog.SetLoggerWithOptions(log.WithName("client"), klog.ContextualLogger(true))
}

const (
	// repeatsAtOnce is how many errors of one cause are logged in a window.
	repeatsAtOnce = 5
	// repeatWindow is how long it is until more are, with the number of those that were left out.
	repeatWindow = time.Minute
	// maxCauses is the number of causes that are told apart.
	maxCauses = 1000
)

// repeating is a core that leaves out errors that repeat others: while the API server is away, each of thousands of objects fails for the same cause.
type repeating struct {
	zapcore.Core

	seen *repeats
}

// With returns a core with more fields.
func (c repeating) With(fields []zapcore.Field) zapcore.Core {
	return repeating{c.Core.With(fields), c.seen}
}

// starting is what controllers say of each thing that each of them watches, more than a hundred times: only who debugs them wants to read it.
const starting = "Starting EventSource"

// Check has the core write an entry of a level that it logs.
func (c repeating) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if entry.Message == starting {
		entry.Level = zapcore.DebugLevel
	}
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

// Write writes an entry unless it repeats others.
func (c repeating) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	if entry.Level < zapcore.ErrorLevel {
		return c.Core.Write(entry, fields)
	}
	show, left := c.seen.show(entry.Message + "\n" + causeOf(fields))
	if !show {
		return nil
	}
	if left > 0 {
		fields = append(slices.Clip(fields), uberzap.Int("leftOut", left))
	}
	return c.Core.Write(entry, fields)
}

// causeOf returns what an error comes down to: what is behind its last colon, and names no object.
func causeOf(fields []zapcore.Field) string {
	for _, field := range fields {
		if err, is := field.Interface.(error); is && field.Type == zapcore.ErrorType {
			text := err.Error()
			return text[strings.LastIndex(text, ": ")+1:]
		}
	}
	return ""
}

// repeats counts errors by their causes.
type repeats struct {
	now func() time.Time

	mu sync.Mutex
	of map[string]*repeated
}

// repeated counts the errors of one cause.
type repeated struct {
	since time.Time // the window's beginning
	shown int       // how many were logged in it
	left  int       // how many were left out and not told
}

// show reports whether an error of a cause is to be logged, and how many before it were not.
func (r *repeats) show(cause string) (show bool, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.of[cause]
	if known == nil {
		if len(r.of) >= maxCauses {
			clear(r.of)
		}
		known = &repeated{}
		r.of[cause] = known
	}
	if now := r.now(); now.Sub(known.since) >= repeatWindow {
		known.since, known.shown = now, 0
	}
	if known.shown == repeatsAtOnce {
		known.left++
		return false, 0
	}
	known.shown++
	left, known.left = known.left, 0
	return true, left
}
