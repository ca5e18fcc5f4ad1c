/**
 * Files that came with samples, under a quota: which they are, and which rows of samples name them. A file that was removed keeps
 * its row, so that it can be said why it is gone; files of other use (models, data sets, evidence) are not here.
 */
export const sampleBlobs = `
CREATE TABLE sample_blob (
  ref INTEGER PRIMARY KEY AUTOINCREMENT,
  digest TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  is_reviewed INTEGER NOT NULL DEFAULT 0 CHECK (is_reviewed IN (0, 1)),
  removed_at INTEGER
) STRICT;
CREATE INDEX sample_blob_kept ON sample_blob (is_reviewed, ref) WHERE removed_at IS NULL;
CREATE TABLE sample_blob_use (
  row INTEGER NOT NULL,
  blob INTEGER NOT NULL REFERENCES sample_blob (ref),
  PRIMARY KEY (row, blob)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_blob_use_blob ON sample_blob_use (blob);
`
