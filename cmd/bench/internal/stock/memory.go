package stock

import (
	"context"
	"errors"
	"time"

	"expense-tracker/cmd/bench/internal/load"
)

// fillClients are as many adds at a time as fill the memory quickly.
const fillClients = 16

// Memory is the storage that forgets. It is filled through the page's form, for no other process reaches it.
type Memory struct{ runner runner }

// NewMemory returns the storage for a binary of the program, which logs into the folder.
func NewMemory(binary, folder string, today time.Time) *Memory {
	return &Memory{runner{binary, folder, today}}
}

// Name is memory.
func (m *Memory) Name() string { return "memory" }

// Lasts is false.
func (m *Memory) Lasts() bool { return false }

// Fill does nothing: there is nothing to be kept.
func (m *Memory) Fill(context.Context, int) error { return nil }

// Serve starts the program and fills it.
func (m *Memory) Serve(ctx context.Context, size int) (*Subject, error) {
	running, err := m.runner.serve(ctx, "memory:")
	if err != nil {
		return nil, err
	}
	fill := load.NewFill(running.URL, "fill", m.runner.today, size, days(size))
	if _, err := load.Run(ctx, running.URL, fill, load.Options{Clients: fillClients}); err != nil {
		return nil, errors.Join(err, running.Kill())
	}
	return &Subject{Program: running, Size: size}, nil
}

// ServeCopy is Serve.
func (m *Memory) ServeCopy(ctx context.Context, size int) (*Subject, error) {
	return m.Serve(ctx, size)
}
