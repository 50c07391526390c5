-- +goose Up

-- One row: the oldest schema whose programs can serve on the one that is here. A migration that takes away what they need, the contract after an
-- expand, puts its own number in; so what only adds can be rolled back to the program before, and what takes away cannot.
CREATE TABLE expense_schema_reach (
    oldest INTEGER NOT NULL
) STRICT;
INSERT INTO expense_schema_reach (oldest) VALUES (22);
