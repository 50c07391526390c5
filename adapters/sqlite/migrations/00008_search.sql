-- +goose Up

-- The text of expenses, by every three letters of it, whatever their case and accents. Triggers keep it, so that processes of the
-- version before do so as well. It holds no text of its own, and nothing of an expense without any.
DROP TABLE IF EXISTS expense_search;
CREATE VIRTUAL TABLE expense_search USING fts5 (
    payee, note, tags, content = 'expense_entry', content_rowid = 'id', columnsize = 0, tokenize = 'trigram remove_diacritics 1'
);
INSERT INTO expense_search (rowid, payee, note, tags)
SELECT id, payee, note, tags FROM expense_entry WHERE note <> '' OR payee <> '' OR tags <> '';

-- +goose StatementBegin
CREATE TRIGGER expense_text_added AFTER INSERT ON expense_entry
WHEN NEW.note <> '' OR NEW.payee <> '' OR NEW.tags <> ''
BEGIN
    INSERT INTO expense_search (rowid, payee, note, tags) VALUES (NEW.id, NEW.payee, NEW.note, NEW.tags);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER expense_text_changed AFTER UPDATE OF note, payee, tags ON expense_entry
WHEN OLD.note <> NEW.note OR OLD.payee <> NEW.payee OR OLD.tags <> NEW.tags
BEGIN
    INSERT INTO expense_search (expense_search, rowid, payee, note, tags)
    SELECT 'delete', OLD.id, OLD.payee, OLD.note, OLD.tags WHERE OLD.note <> '' OR OLD.payee <> '' OR OLD.tags <> '';
    INSERT INTO expense_search (rowid, payee, note, tags)
    SELECT NEW.id, NEW.payee, NEW.note, NEW.tags WHERE NEW.note <> '' OR NEW.payee <> '' OR NEW.tags <> '';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER expense_text_removed AFTER DELETE ON expense_entry
WHEN OLD.note <> '' OR OLD.payee <> '' OR OLD.tags <> ''
BEGIN
    INSERT INTO expense_search (expense_search, rowid, payee, note, tags) VALUES ('delete', OLD.id, OLD.payee, OLD.note, OLD.tags);
END;
-- +goose StatementEnd

-- A category's expenses in the list's order, and the few that are deleted.
CREATE INDEX expense_entry_category ON expense_entry (ledger_id, category_id, spent_on DESC, id DESC) WHERE NOT deleted;
CREATE INDEX expense_entry_deleted ON expense_entry (ledger_id, spent_on DESC, id DESC) WHERE deleted;
