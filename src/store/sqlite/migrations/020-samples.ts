/**
 * Samples: hot rows first, moved into columnar chunks later. Rows are keyed by a rising integer; long names are
 * interned in `symbol`. The ids of hot rows have no index on disk (random ones would cost four times the inserts): the one
 * writer keeps them in memory. Chunks carry sorted hashes of their ids and a Bloom filter over them.
 */
export const samples = `
CREATE TABLE symbol (ref INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE layout (ref INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE sample_row (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL) STRICT;
INSERT INTO sample_row VALUES (1, 1);

CREATE TABLE sample (
  row INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  version INTEGER NOT NULL REFERENCES symbol (ref),
  at INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  device INTEGER REFERENCES symbol (ref),
  seq INTEGER,
  latency_ms REAL,
  prediction_class INTEGER REFERENCES symbol (ref),
  prediction_value REAL,
  layout INTEGER NOT NULL REFERENCES layout (ref),
  data TEXT NOT NULL,
  CHECK ((prediction_class IS NULL) <> (prediction_value IS NULL))
) STRICT;
CREATE INDEX sample_time ON sample (deployment, at);

CREATE TABLE chunk (
  ref INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  version INTEGER NOT NULL REFERENCES symbol (ref),
  rows INTEGER NOT NULL,
  labelled INTEGER NOT NULL,
  min_at INTEGER NOT NULL,
  max_at INTEGER NOT NULL,
  min_row INTEGER NOT NULL,
  max_row INTEGER NOT NULL,
  filter BLOB NOT NULL
) STRICT;
CREATE INDEX chunk_time ON chunk (deployment, max_at);

CREATE TABLE chunk_column (
  ref INTEGER PRIMARY KEY,
  chunk INTEGER NOT NULL REFERENCES chunk (ref) ON DELETE CASCADE,
  name TEXT NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('none', 'f64', 'u32', 'd8', 'd16', 'd32', 'text')),
  dictionary TEXT,
  data BLOB NOT NULL,
  UNIQUE (chunk, name)
) STRICT;

-- The current label of every hot row, and of sealed rows whose label came after sealing.
CREATE TABLE label (
  row INTEGER PRIMARY KEY,
  class INTEGER REFERENCES symbol (ref),
  value REAL,
  at INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES symbol (ref),
  CHECK ((class IS NULL) <> (value IS NULL))
) STRICT;

CREATE TABLE waiting_label (
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  sample_id TEXT NOT NULL,
  class INTEGER REFERENCES symbol (ref),
  value REAL,
  at INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES symbol (ref),
  PRIMARY KEY (deployment, sample_id),
  CHECK ((class IS NULL) <> (value IS NULL))
) STRICT, WITHOUT ROWID;

-- Labels that another one replaced, or that came after a newer one.
CREATE TABLE label_history (
  ordinal INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  sample_id TEXT NOT NULL,
  class INTEGER REFERENCES symbol (ref),
  value REAL,
  at INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES symbol (ref)
) STRICT;
CREATE INDEX label_history_sample ON label_history (deployment, sample_id);

-- Raw samples before this instant are no longer complete.
CREATE TABLE retention_floor (deployment INTEGER PRIMARY KEY REFERENCES symbol (ref), at INTEGER NOT NULL) STRICT;

CREATE TABLE binning (version INTEGER PRIMARY KEY REFERENCES symbol (ref), body TEXT NOT NULL) STRICT;
CREATE TABLE profile (
  ref INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  version INTEGER NOT NULL REFERENCES symbol (ref),
  hour INTEGER NOT NULL,
  n INTEGER NOT NULL,
  labelled INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (deployment, hour, version)
) STRICT;
CREATE INDEX profile_activity ON profile (deployment, hour, n, labelled);
`
