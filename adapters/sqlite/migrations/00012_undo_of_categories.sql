-- +goose Up

-- What a category was before its last rename, or that it was merged away: for an undo, which counts as long as the category left of a
-- merge, or the renamed one, still has the revision that the change made. Through is the category with which another came along that had
-- been merged into it before. A process of the version before writes no row: what it does cannot be undone.
CREATE TABLE category_undo (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id        INTEGER NOT NULL, -- of the category
    revision  INTEGER NOT NULL,
    name      TEXT,             -- before the rename; NULL for a merge
    through   INTEGER,          -- NULL for what was renamed or merged itself
    PRIMARY KEY (ledger_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX category_undo_through ON category_undo (ledger_id, through) WHERE through IS NOT NULL;
