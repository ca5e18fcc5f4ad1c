import type { DetailOf } from '../../contract/report.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf } from '../estimates.ts'
import { sayCount, sayEstimate } from '../wording.ts'

const evidenceOf = (test: string, pValue: number | null, adjustedPValue: number | null = null) => ({
  ...{ test, statistic: null, pValue, adjustedPValue, isExact: false },
})

/** What a detail says about trust, as findings that limits can be set on. */
export function trustFindings({ attributionDrift, envelope, drivers }: DetailOf<'explanation'>): AnswerFinding[] {
  const found: AnswerFinding[] = []
  if (attributionDrift !== undefined)
    found.push(
      findingOf({ metric: 'attributionNdcg' }, attributionDrift.ndcg, {
        status: attributionDrift.status,
        message: attributionDrift.sentence,
        evidence: evidenceOf('permutation', attributionDrift.pValue),
      }),
    )
  if (envelope !== undefined)
    found.push(
      findingOf({ metric: 'outOfEnvelopeShare' }, envelope.share, {
        status: envelope.status,
        message: envelope.sentence,
        evidence: { ...evidenceOf('beta-binomial', envelope.pValue), isExact: true },
      }),
    )
  for (const { column, correlation, pValue, adjustedPValue } of drivers?.columns ?? [])
    found.push(
      findingOf({ metric: 'driftPerformance', column }, correlation, {
        // A relation, not a fault: what follows from it a person decides.
        status: correlation.value === null ? 'insufficient' : 'ok',
        message: `Rank correlation of the drift of ${column} with the fall in performance is ${sayEstimate(correlation)}, n ${sayCount(correlation.n)} spans`,
        evidence: evidenceOf('rank correlation', pValue, adjustedPValue),
      }),
    )
  return found
}
