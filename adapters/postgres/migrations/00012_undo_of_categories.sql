-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS category_undo;

-- What a category was before its last rename, or that it was merged away: for an undo, which counts as long as the category left of a
-- merge, or the renamed one, still has the revision that the change made. Through is the category with which another came along that had
-- been merged into it before. An instance of the version before writes no row: what it does cannot be undone.
CREATE TABLE category_undo (
    ledger_id bigint  NOT NULL,
    id        bigint  NOT NULL, -- of the category
    revision  integer NOT NULL,
    name      text    COLLATE "C", -- before the rename; NULL for a merge
    through   bigint,              -- NULL for what was renamed or merged itself
    PRIMARY KEY (ledger_id, id)
);

CREATE INDEX category_undo_through ON category_undo (ledger_id, through) WHERE through IS NOT NULL;
