package stock

import (
	"context"
	"fmt"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/tests/rig/throwaway"
)

// Postgres keeps each size in a database of its own, all on one server.
type Postgres struct {
	runner runner
	server *throwaway.Server
	copies int
}

// NewPostgres returns the storage for a binary of the program, which logs into the folder: one on the server's disk.
func NewPostgres(binary, folder string, server *throwaway.Server, today time.Time) *Postgres {
	return &Postgres{runner: runner{binary, folder, today}, server: server}
}

// Name is postgres.
func (p *Postgres) Name() string { return "postgres" }

// Lasts is true.
func (p *Postgres) Lasts() bool { return true }

func original(size int) string { return fmt.Sprintf("filled_%d", size) }

// Fill generates the database of a size, and does at once what PostgreSQL does by itself within minutes, so that it happens in no
// measurement: the large table is vacuumed and analyzed, and no other, for autovacuum leaves small ones as they are.
func (p *Postgres) Fill(ctx context.Context, size int) error {
	if err := p.server.Execute(ctx, "postgres", "CREATE DATABASE "+original(size)); err != nil {
		return err
	}
	if err := p.runner.generate(ctx, p.server.URL(original(size)), size); err != nil {
		return err
	}
	return p.server.Execute(ctx, original(size), "VACUUM ANALYZE expense_entry", "CHECKPOINT")
}

// Original returns the URL of the database of a size.
func (p *Postgres) Original(size int) string { return p.server.URL(original(size)) }

// Empty makes a database.
func (p *Postgres) Empty(ctx context.Context, name string) (string, error) {
	return p.server.URL(name), p.server.Execute(ctx, "postgres", "CREATE DATABASE "+name)
}

// Open opens a database.
func (p *Postgres) Open(ctx context.Context, url string) (Opened, error) {
	return postgres.Open(ctx, url, postgres.Options{})
}

// ServeGated runs the program on a database.
func (p *Postgres) ServeGated(ctx context.Context, url string, size int) (*Subject, error) {
	return p.runner.subjectGated(ctx, url, size)
}

// Serve runs the program on the original database.
func (p *Postgres) Serve(ctx context.Context, size int) (*Subject, error) {
	return p.serve(ctx, original(size), size)
}

func (p *Postgres) serve(ctx context.Context, database string, size int) (*Subject, error) {
	url := p.server.URL(database)
	running, err := p.runner.serve(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Subject{Program: running, Size: size, verify: func(ctx context.Context) error { return p.runner.verify(ctx, url) }}, nil
}

// ServeCopy copies the database.
func (p *Postgres) ServeCopy(ctx context.Context, size int) (*Subject, error) {
	p.copies++
	database := fmt.Sprintf("copy_%d", p.copies)
	if err := p.server.Execute(ctx, "postgres", fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", database, original(size))); err != nil {
		return nil, err
	}
	subject, err := p.serve(ctx, database, size)
	if err != nil {
		return nil, err
	}
	subject.drop = func(ctx context.Context) error {
		return p.server.Execute(ctx, "postgres", fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", database))
	}
	return subject, nil
}
