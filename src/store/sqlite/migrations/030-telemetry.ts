/** Telemetry: hot points in key order, moved into blocks of times and values as they pile up. */
export const telemetry = `
CREATE TABLE series (
  ref INTEGER PRIMARY KEY,
  device INTEGER NOT NULL REFERENCES symbol (ref),
  channel TEXT NOT NULL,
  points INTEGER NOT NULL,
  hot INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_value REAL NOT NULL,
  UNIQUE (device, channel)
) STRICT;

CREATE TABLE telemetry_point (
  series INTEGER NOT NULL REFERENCES series (ref),
  at INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE telemetry_block (
  ref INTEGER PRIMARY KEY,
  series INTEGER NOT NULL REFERENCES series (ref),
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  points INTEGER NOT NULL,
  at BLOB NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE INDEX telemetry_block_time ON telemetry_block (series, last_at, first_at);
`
