package stock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"expense-tracker/adapters/sqlite"
)

// SQLite keeps each size in a file of its own.
type SQLite struct {
	runner runner
	folder string
}

// NewSQLite returns the storage for a binary of the program, with its files in the folder.
func NewSQLite(binary, folder string, today time.Time) *SQLite {
	return &SQLite{runner{binary, folder, today}, folder}
}

// Name is sqlite.
func (s *SQLite) Name() string { return "sqlite" }

// Lasts is true.
func (s *SQLite) Lasts() bool { return true }

func (s *SQLite) file(size int) string { return filepath.Join(s.folder, fmt.Sprintf("%d.db", size)) }

// Fill generates the file of a size.
func (s *SQLite) Fill(ctx context.Context, size int) error {
	return s.runner.generate(ctx, s.Original(size), size)
}

// Original returns the URL of the file of a size.
func (s *SQLite) Original(size int) string { return urlOf(s.file(size)) }

// Empty names a file, which is made when it is opened.
func (s *SQLite) Empty(_ context.Context, name string) (string, error) {
	return urlOf(filepath.Join(s.folder, name+".db")), nil
}

const scheme = "sqlite:"

func urlOf(file string) string { return scheme + file }

// Open opens a file.
func (s *SQLite) Open(ctx context.Context, url string) (Opened, error) {
	return sqlite.Open(ctx, strings.TrimPrefix(url, scheme), sqlite.Options{})
}

// ServeGated runs the program on a file.
func (s *SQLite) ServeGated(ctx context.Context, url string, size int) (*Subject, error) {
	return s.runner.subjectGated(ctx, url, size)
}

// Serve runs the program on the original file.
func (s *SQLite) Serve(ctx context.Context, size int) (*Subject, error) {
	return s.serve(ctx, s.file(size), size)
}

func (s *SQLite) serve(ctx context.Context, file string, size int) (*Subject, error) {
	url := urlOf(file)
	running, err := s.runner.serve(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Subject{Program: running, Size: size, verify: func(ctx context.Context) error { return s.runner.verify(ctx, url) }}, nil
}

// ServeCopy copies the file. A program that has stopped leaves nothing beside it.
func (s *SQLite) ServeCopy(ctx context.Context, size int) (*Subject, error) {
	folder, err := os.MkdirTemp(s.folder, "copy-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "copy.db")
	if err := copyFile(s.file(size), file); err != nil {
		return nil, err
	}
	subject, err := s.serve(ctx, file, size)
	if err != nil {
		return nil, err
	}
	subject.drop = func(context.Context) error { return os.RemoveAll(folder) }
	return subject, nil
}

// copyFile copies a file and waits until the copy is on the disk, so that no later measurement pays for it.
func copyFile(from, to string) (err error) {
	source, err := os.Open(from) //nolint:gosec // in our folder
	if err != nil {
		return err
	}
	defer source.Close()         //nolint:errcheck // it was only read
	target, err := os.Create(to) //nolint:gosec // in our folder
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	if _, err := io.Copy(target, source); err != nil {
		return err
	}
	return target.Sync()
}
