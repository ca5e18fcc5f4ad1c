/** Reports, findings, and what intake counted and refused. */
export const findings = `
CREATE TABLE report (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  window_to INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX report_latest ON report (target, kind, window_to, ordinal);

CREATE TABLE finding (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  report INTEGER NOT NULL REFERENCES report (ordinal),
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  window_to INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX finding_series ON finding (target, kind, subject, window_to, ordinal);
CREATE INDEX finding_target ON finding (target, window_to, ordinal);
CREATE INDEX finding_time ON finding (window_to, ordinal);

CREATE TABLE latest_finding (
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  window_to INTEGER NOT NULL,
  finding INTEGER NOT NULL REFERENCES finding (ordinal),
  PRIMARY KEY (target, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  connection_id TEXT,
  source TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload BLOB NOT NULL,
  payload_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX dead_letter_connection ON dead_letter (connection_id, id);

CREATE TABLE dead_letter_count (
  connection_id TEXT NOT NULL,
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (connection_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_counter (
  connection_id TEXT PRIMARY KEY,
  received INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  repeated INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  last_at INTEGER,
  lag_ms INTEGER
) STRICT, WITHOUT ROWID;
`
