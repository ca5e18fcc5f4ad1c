/** Finds what points to a report or a finding, so that an old one can be removed without reading all the others. */
export const findingsOfReports = `
CREATE INDEX finding_report ON finding (report);
CREATE INDEX latest_finding_of ON latest_finding (finding);
`
