/** Which numbers of a device's messages came, as ranges without a hole; and what a source itself says to have lost. */
export const sequences = `
CREATE TABLE sequence_range (
  device INTEGER NOT NULL REFERENCES symbol (ref),
  run INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  PRIMARY KEY (device, run, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE sequence_loss (
  device INTEGER NOT NULL REFERENCES symbol (ref),
  at INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;
`
