/**
 * What came ahead of its time is held apart (`ahead_at`, its event time, and `held_digest`, by which it is known again, as long as it is) and counted; letters that a person
 * discarded; and what of a long letter goes beyond its beginning, to be given again whole.
 */
export const held = `
ALTER TABLE dead_letter ADD COLUMN ahead_at INTEGER;
ALTER TABLE dead_letter ADD COLUMN held_digest BLOB;
ALTER TABLE dead_letter ADD COLUMN discarded_at INTEGER;
CREATE INDEX dead_letter_ahead ON dead_letter (ahead_at);
CREATE INDEX dead_letter_held_digest ON dead_letter (held_digest) WHERE held_digest IS NOT NULL;

CREATE TABLE held_count (
  connection_id TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER dead_letter_held AFTER INSERT ON dead_letter WHEN new.ahead_at IS NOT NULL BEGIN
  INSERT INTO held_count VALUES (coalesce(new.connection_id, ''), 1)
    ON CONFLICT (connection_id) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER dead_letter_settled AFTER UPDATE OF ahead_at ON dead_letter
  WHEN old.ahead_at IS NOT NULL AND new.ahead_at IS NULL BEGIN
  UPDATE held_count SET count = count - 1 WHERE connection_id = coalesce(new.connection_id, '');
END;

CREATE TABLE dead_letter_body (
  letter INTEGER PRIMARY KEY REFERENCES dead_letter (id) ON DELETE CASCADE,
  bytes INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX dead_letter_body_size ON dead_letter_body (bytes);
`
