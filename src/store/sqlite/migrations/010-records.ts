/** Governed records, the links between them, and the audit log. History and log can only grow. */
export const records = `
CREATE TABLE record (
  ordinal INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  unique_key TEXT,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  audit_index INTEGER NOT NULL REFERENCES audit_entry (idx) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (kind, id)
) STRICT;
CREATE UNIQUE INDEX record_key ON record (kind, unique_key) WHERE unique_key IS NOT NULL;

CREATE TABLE record_revision (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  audit_index INTEGER NOT NULL REFERENCES audit_entry (idx) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (kind, id, revision)
) STRICT;

CREATE TABLE record_link (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  link TEXT NOT NULL,
  to_kind TEXT NOT NULL,
  to_id TEXT NOT NULL,
  PRIMARY KEY (kind, id, link),
  FOREIGN KEY (kind, id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (to_kind, to_id) REFERENCES record (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX record_link_to ON record_link (to_kind, to_id, kind, link);

CREATE TABLE audit_entry (
  idx INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  actor_id TEXT,
  subject_id TEXT,
  canonical TEXT NOT NULL,
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
) STRICT;
CREATE INDEX audit_action ON audit_entry (action, idx);
CREATE INDEX audit_actor ON audit_entry (actor_id, idx);
CREATE INDEX audit_subject ON audit_entry (subject_id, idx);

CREATE TABLE audit_frontier (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  peaks BLOB NOT NULL
) STRICT;
INSERT INTO audit_frontier VALUES (1, 0, x'');

CREATE TABLE checkpoint (
  ordinal INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  root_hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
${['audit_entry', 'record_revision', 'checkpoint']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (verb) => `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
    ),
  )
  .join('\n')}
CREATE TRIGGER audit_entry_in_order BEFORE INSERT ON audit_entry
WHEN NEW.idx IS NOT (SELECT coalesce(max(idx) + 1, 0) FROM audit_entry)
BEGIN SELECT RAISE(ABORT, 'audit_entry has no gaps and is never replaced'); END;
CREATE TRIGGER checkpoint_is_new BEFORE INSERT ON checkpoint
WHEN EXISTS (SELECT 1 FROM checkpoint WHERE ordinal = NEW.ordinal)
BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END;
CREATE TRIGGER record_revision_is_new BEFORE INSERT ON record_revision
WHEN EXISTS (SELECT 1 FROM record_revision WHERE kind = NEW.kind AND id = NEW.id AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'record_revision is append-only'); END;
`
