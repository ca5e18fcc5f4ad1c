/** Finds monitors, limits and alerts by what they are about, however many devices there are. */
export const targets = `
CREATE INDEX record_target ON record (kind, body ->> '$.target.id');
`
