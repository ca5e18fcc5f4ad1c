/**
 * Finds what an audit entry was written for. Records are written before their entry, so that the entry, when it comes, is looked up as
 * the one they wait for: without these, by reading every record and every revision at each commit.
 */
export const entriesOfRecords = `
CREATE INDEX record_entry ON record (audit_index);
CREATE INDEX record_revision_entry ON record_revision (audit_index);
`
