-- A row of everything, in SQLite, with the values that are hardest to carry: the largest, the smallest, negative ones, other scripts, bytes
-- that are no text. Whoever adds a table adds a row; a test names those without. Kept totals are made right by verify --repair.
PRAGMA foreign_keys = ON;

UPDATE account_register SET next = 4611686018427387904;
INSERT INTO account (id, name, folded, language, admin, disabled, password, generation, created_at) VALUES
    (1, 'Åsa', 'åsa', 'de', 1, 0, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 7, 1795900000000001),
    (2, 'никита', 'никита', '', 0, 1, '$argon2id$v=19$m=19456,t=2,p=1$c2Fsd-B$aGFzaB', 1, 1795900000000002),
    (4611686018427387903, 'last "one"', 'last "one"', '', 0, 0, '', 2147483647, 0);
INSERT INTO account_factor VALUES (1, 'JBSWY3DPEHPK3PXP', 1, 59800000, x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'), (2, 'SECRET', 0, 0, x'');
INSERT INTO account_passkey VALUES (1, 1, x'00ff', 'phone', x'7b00227d', 1795900000000003, 0), (1, 2, x'01', 'key 🔑', x'ff', 1, 9223372036854775807);
INSERT INTO account_identity VALUES ('https://id.example', 'subject/1', 2, 'n@example.org', 1795900000000004);
INSERT INTO account_expected VALUES ('new@example.org', 4611686018427387903);
INSERT INTO account_setup_code VALUES (zeroblob(32), 5);
INSERT INTO account_throttle VALUES (randomblob(32), 1795900000000005);
INSERT INTO account_session VALUES (randomblob(32), 9, 1, 7, '192.0.2.1', 'Browser; "quoted", tab	and \back', 1795900000000006, 1795900000000007);
INSERT INTO account_begun VALUES (randomblob(32), 'login', 1, 7, x'', 1795900000000008);
INSERT INTO account_attempt VALUES (randomblob(32), 2, 0, zeroblob(32), '/?a=b&c=d', 1795900000000009);
INSERT INTO account_event (id, kind, account_id, by_account, address, times, at, last_at, fold, network) VALUES
    (3, 'login', 1, 1, '192.0.2.1', 1, 10, 10, NULL, NULL), (70, 'failed', 2, 0, '2001:db8::1', 5, 11, 12, -3, '2001:db8::/64');
DELETE FROM account_event WHERE id = 70; -- its number is never given again
INSERT INTO account_event (kind, account_id, by_account, address, times, at, last_at, fold, network)
    VALUES ('failed', 2, 0, '2001:db8::1', 5, 11, 12, -3, '2001:db8::/64');

INSERT INTO ledger (id, version, mark, name, currency, time_zone) VALUES
    (1, 9, 1234567890123456789, 'Expenses', 'EUR', 'Europe/Berlin'), (2, 1, -5, 'Zweites Buch', 'JPY', 'Local'), (30, 3, 0, NULL, NULL, NULL);
INSERT INTO ledger_made (ledger_id, user_id, idempotency_key, fingerprint) VALUES (2, 1, 'made-1', randomblob(16)), (30, 1, 'made-2', randomblob(16));
INSERT INTO member VALUES (1, 1, 3, 20), (1, 2, 1, 21), (2, 2, 0, 22);
INSERT INTO ledger_event VALUES (1, 1, 23, 'created', 1, 0, 0, 'Expenses'), (1, 2, 24, 'invited', 1, 0, 2, 'note'), (2, 1, 25, 'removed', 1, 2, 3, '');
INSERT INTO invitation VALUES (1, 1, randomblob(32), 2, 'for никита', 1, 26, 27, 2, 0), (1, 2, randomblob(32), 3, '', 1, 28, 29, 0, 1);
INSERT INTO token VALUES (1, 1, randomblob(32), 'token-1', 'script', 'write', 1, 30, 31, 0, 0), (2, 1, randomblob(32), 'token-2', 'lesend', 'read', 2, 32, 33, 34, 1);
INSERT INTO ledger_change VALUES (1, 'expense', 2, 1, randomblob(16)), (1, 'rate', 20261101, 2, randomblob(16));

INSERT INTO category (id, ledger_id, name, name_key, merged_into, revision, colour, icon, archived, removed) VALUES
    (5, 1, 'Food & drink', 'food & drink', NULL, 3, '#00aa00', '🍞', 0, 0), (6, 1, 'Old', NULL, 5, 2, '', '', 0, 0),
    (7, 2, '食費', '食費', NULL, 1, '', '', 0, 0), (8, 2, 'Gone', 'gone', NULL, 1, '', '', 1, 1);
INSERT INTO category_undo VALUES (1, 6, 2, NULL, NULL), (1, 5, 3, 'Food', 6);

INSERT INTO expense_entry (id, ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, revision, deleted,
    created_at, payee, tags, deleted_at, purged, added_by, paid_by) VALUES
    (1, 1, '2026-11-29', 5, 1, 'EUR', '', 'key-1', randomblob(16), 1, 0, '2026-11-29T10:00:00Z', '', '', NULL, 0, NULL, NULL),
    (2, 1, '2024-02-29', 6, 999999999999999, 'EUR', 'the largest', 'key-2', randomblob(16), 2, 0, '2026-11-29T10:00:00.1Z', 'Bäckerei', ' a b ', NULL, 0, 1, 1),
    (3, 1, '2000-01-01', 5, -999999999999999, 'USD', 'a refund "quoted" 東京', 'schedule:1:2000-01-01', randomblob(16), 1, 0, '2026-11-29T10:00:00.123456Z', '', '', NULL, 0, 2, 2),
    (4, 1, '2026-10-31', 5, 12345, 'BHD', '=three decimals', 'key-4', randomblob(16), 3, 1, '2026-11-29T10:00:00.000001Z', '', '', 1795900000000040, 0, 1, 2),
    (5, 1, '2026-10-31', 5, 1, 'EUR', '', 'key-5', randomblob(16), 4, 1, '2026-11-29T10:00:00Z', '', '', 1795900000000041, 1, NULL, NULL),
    (9000000000, 2, '2026-11-30', 7, 480, 'JPY', 'no decimals', 'key-1', randomblob(16), 1, 0, '2026-11-30T23:59:59.999999Z', '', '', NULL, 0, 2, NULL),
    (9000000001, 2, '2026-11-30', 7, 1, 'JPY', '', 'gone', randomblob(16), 1, 0, '2026-11-30T23:59:59Z', '', '', NULL, 0, 2, NULL);
DELETE FROM expense_entry WHERE id = 9000000001; -- its number is never given again
INSERT INTO expense_revision (ledger_id, id, revision, spent_on, category_id, price, currency, note, payee, tags, deleted, changed_at, batch,
    added_by, changed_by, paid_by) VALUES
    (1, 2, 1, '2024-02-28', 6, 2, 'EUR', 'before', '', '', 0, NULL, NULL, 1, NULL, NULL),
    (1, 2, 2, '2024-02-29', 6, 999999999999999, 'EUR', 'the largest', 'Bäckerei', ' a b ', 0, 1795900000000042, 77, 1, 2, 1);
INSERT INTO budget VALUES (1, 0, 2), (1, 5, 1);
INSERT INTO budget_term VALUES (1, 0, 202611, 50000, 'EUR', 1), (1, 0, 202701, NULL, NULL, 0), (1, 5, 202612, 999999999999999, 'EUR', 0);
INSERT INTO rate VALUES (1, 2026110100840, 'EUR', 'USD', 20261101, '0.9200', 0, 1), (1, 2026110200840, 'EUR', 'JPY', 20261102, '0.00000000611', 1, 2);
INSERT INTO schedule (id, ledger_id, frequency, every_n, on_day, starts_on, ends_on, category, price, currency, payee, note, tags, refund,
    prices, gaps, made_to, made, last_expense, category_id, next_due, ended, revision, idempotency_key, fingerprint, created_at, paid_by) VALUES
    (1, 1, 'monthly', 1, 32, '2000-01-31', NULL, 'Rent', 120000, 'EUR', 'Landlord', 'flat', ' home ', 0, '2027-01-01=1250.00',
        '2026-12-01/2026-12-02', '2026-11-30', 1, 3, 5, '2026-12-31', 0, 2, 'schedule-1', randomblob(16), '2026-11-29T10:00:00.000001Z', 1),
    (4, 2, 'weekly', 2, 0, '2026-01-01', '2026-02-01', '食費', 480, 'JPY', '', '', '', 1, '', '', '2026-02-01', 3, 0, 0, NULL, 1, 1,
        'schedule-2', randomblob(16), '2026-11-29T10:00:00.999999Z', NULL);
