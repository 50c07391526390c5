package throwaway

import (
	"context"
	"os"
	"path/filepath"
)

// Demote makes the server a standby of nobody: it answers what only reads, and refuses the rest. It is stopped and started for that.
func (s *Server) Demote(ctx context.Context) error {
	if err := s.Stop(ctx); err != nil {
		return err
	}
	signal := filepath.Join(s.Data(), "standby.signal")
	if err := os.WriteFile(signal, nil, 0o600); err != nil {
		return err
	}
	if err := s.own(signal); err != nil {
		return err
	}
	return s.Begin(ctx)
}

// Promote makes a standby a primary, and returns when it is one.
func (s *Server) Promote(ctx context.Context) error {
	return s.run(ctx, s.folder, "pg_ctl", "promote", "--pgdata=data", "--wait", "--silent")
}

// Dump writes a database to the file that Restore reads. The one before it is gone.
func (s *Server) Dump(ctx context.Context, database string) error {
	return s.run(ctx, s.folder, "pg_dump", "--format=custom", "--file=dump", "--dbname="+s.URL(database))
}

// Restore reads what Dump wrote into a database, in one transaction, in the place of what is there of it. That the server lets nobody
// write by default does not keep it from that.
func (s *Server) Restore(ctx context.Context, database string) error {
	return s.run(ctx, s.folder, "pg_restore", "--clean", "--if-exists", "--single-transaction",
		"--dbname="+s.URL(database)+"&options=-cdefault_transaction_read_only%3Doff", "dump")
}
