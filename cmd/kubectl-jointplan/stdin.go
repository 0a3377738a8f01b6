package main

import (
	"context"
	"io"
)

// interruptible is a reader whose Read ends when the context does: reading a terminal or a pipe may otherwise wait for ever.
type interruptible struct {
	ctx  context.Context //nolint:containedctx // io.Reader has no place for it, and it lives as long as the command
	from io.Reader
}

// Read reads into a buffer of its own, since a read that was given up may still end later.
func (r interruptible) Read(into []byte) (int, error) {
	type result struct {
		bytes []byte
		err   error
	}
	done := make(chan result, 1)
	go func() {
		buffer := make([]byte, len(into))
		n, err := r.from.Read(buffer)
		done <- result{buffer[:n], err}
	}()
	select {
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	case read := <-done:
		return copy(into, read.bytes), read.err
	}
}
