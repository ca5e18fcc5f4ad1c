/** Sorted hashes of the ids of samples that retention removed while their profiles stay. */
export const retiredIds = `
CREATE TABLE retired_ids (
  ref INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES symbol (ref),
  min_at INTEGER NOT NULL,
  max_at INTEGER NOT NULL,
  hashes BLOB NOT NULL
) STRICT;
CREATE INDEX retired_ids_time ON retired_ids (deployment, max_at);
`
