/**
 * Halves of exchanges that wait for the other, and (without event) exchanges joined lately; the documented route that a dead
 * letter of another protocol can be given to again.
 */
export const halves = `
CREATE TABLE exchange_half (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  arrived_at INTEGER,
  connection_id TEXT,
  deployment_key TEXT,
  event BLOB
) STRICT;
ALTER TABLE dead_letter ADD COLUMN route TEXT;
`
