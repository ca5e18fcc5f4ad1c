/** What became of dead letters that were given to the intake again. */
export const replays = `
ALTER TABLE dead_letter ADD COLUMN replayed_at INTEGER;
ALTER TABLE dead_letter ADD COLUMN replay_status TEXT CHECK (replay_status IN ('taken', 'refused'));
ALTER TABLE dead_letter ADD COLUMN replay_reason TEXT;
CREATE INDEX dead_letter_at ON dead_letter (at);
`
