/*
 * The findings of a report bear its id and their place in it, so that from any finding (and from any alert) one comes to the
 * whole answer behind it.
 */

const reportPrefix = 'rep_'
const findingPrefix = 'fnd_'

/** Ids of the findings of a report, in order. */
export const findingIdOf = (reportId: string, index: number): string =>
  `${findingPrefix}${reportId.slice(reportPrefix.length)}-${index}`

/** The report that a finding came from; null for a finding of another origin. */
export function reportIdOf(findingId: string): string | null {
  const match = /^fnd_([0-9A-Za-z]+)-\d+$/.exec(findingId)
  return match === null ? null : reportPrefix + match[1]
}

export const newReportId = (newId: (prefix: string) => string): string => newId('rep')
