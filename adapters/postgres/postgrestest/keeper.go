package postgrestest

import (
	"context"
	"fmt"
	"os"

	"expense-tracker/tests/rig/throwaway"
)

// cleanUp waits until its input ends, stops the server if it runs, and removes the folder.
const cleanUp = `cat > /dev/null
"$1" stop --pgdata="$2/postgres/data" --mode=immediate --silent > /dev/null 2>&1
cd / && rm -rf "$2"`

// startKeeper starts a process that outlives this one just long enough to clean up. Its input ends when we close it, and also when
// this process panics, runs into a time limit or is killed, where no cleanup function would run.
func (s *Server) startKeeper(found throwaway.Installation) error {
	input, deadMan, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make a pipe for the keeper: %w", err)
	}
	defer func() { _ = input.Close() }() // the keeper has its own
	s.keeper = found.Command(context.Background(), s.folder, "/bin/sh", "-c", cleanUp, "keeper", found.Program("pg_ctl"), s.folder)
	s.keeper.Stdin = input
	if err := s.keeper.Start(); err != nil {
		return fmt.Errorf("start the keeper: %w", err)
	}
	s.deadMan = deadMan
	return nil
}

// remove lets the keeper stop the server and clean up, and waits for it.
func (s *Server) remove() error {
	if err := s.deadMan.Close(); err != nil {
		return fmt.Errorf("release the keeper: %w", err)
	}
	if err := s.keeper.Wait(); err != nil {
		return fmt.Errorf("keeper: %w", err)
	}
	return nil
}
