package sqlite

import (
	"context"
	"log/slog"
)

// leastSpace is how much room the file's disk is to have, in bytes: for the file, its log, and a migration or a backup beside them.
const leastSpace = 256 << 20

// space is what was told of the room on the file's disk.
type space struct{ warned bool }

// look warns of a disk that is nearly full, once, while there is time: on a full one nothing can be added.
func (s *space) look(ctx context.Context, path string, logger *slog.Logger) {
	free, known := freeBytes(path)
	switch {
	case known && free < leastSpace && !s.warned:
		s.warned = true
		logger.WarnContext(ctx, "the disk of the data file is nearly full: when it is full, nothing can be added", "file", path,
			"free_bytes", free, "wanted_bytes", leastSpace)
	case known && free >= leastSpace && s.warned:
		s.warned = false
		logger.InfoContext(ctx, "the disk of the data file has room again", "file", path, "free_bytes", free)
	}
}
