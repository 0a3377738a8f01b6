package plane

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	// quietFor is how long an operation may take without saying anything.
	quietFor = 3 * time.Second
	// repeatAfter is how often a step that lasts is named again where there is
	// no terminal.
	repeatAfter = 5 * time.Second
)

// progress tells what takes so long: on one line that changes on a terminal, in
// plain lines elsewhere, and not at all while it does not take long.
type progress struct {
	out      io.Writer
	terminal bool
	begun    time.Time
	quit     chan struct{}
	done     sync.WaitGroup

	mu   sync.Mutex
	step string
}

// newProgress begins to report to out; end stops it. A nil out reports nothing.
func newProgress(out io.Writer) *progress {
	if out == nil {
		out = io.Discard
	}
	p := &progress{out: out, terminal: isTerminal(out), begun: time.Now(), quit: make(chan struct{})}
	p.done.Go(p.report)
	return p
}

// at names the step that begins now.
func (p *progress) at(step string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step = step
}

// elapsed returns the time since the operation began.
func (p *progress) elapsed() time.Duration { return time.Since(p.begun) }

// end stops the report and clears its line.
func (p *progress) end() {
	close(p.quit)
	p.done.Wait()
}

func (p *progress) report() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var shown string
	var last time.Time
	for {
		select {
		case <-p.quit:
			if p.terminal && shown != "" {
				fmt.Fprint(p.out, "\r\x1b[K")
			}
			return
		case <-tick.C:
		}
		p.mu.Lock()
		step := p.step
		p.mu.Unlock()
		if step == "" || p.elapsed() < quietFor {
			continue
		}
		switch line := fmt.Sprintf("%s ... %ds", step, int(p.elapsed().Seconds())); {
		case p.terminal:
			fmt.Fprint(p.out, "\r\x1b[K"+line)
		case step != shown || time.Since(last) >= repeatAfter:
			fmt.Fprintln(p.out, line)
			last = time.Now()
		}
		shown = step
	}
}

// isTerminal reports whether lines written to w are read by a person as they come.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
