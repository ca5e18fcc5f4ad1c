/** The first and last id of a chunk by code unit, null where it was sealed earlier: ids that rise with time then need no filter. */
export const idRanges = `
ALTER TABLE chunk ADD COLUMN first_id TEXT;
ALTER TABLE chunk ADD COLUMN last_id TEXT;
`
