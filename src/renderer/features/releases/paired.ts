import { z } from 'zod'
import type { GateResult } from '../../../contract/release.ts'
import { formatNumber, formatSigned } from '../../widgets/format.ts'

const comparison = z.looseObject({
  comparison: z.looseObject({
    n: z.number().nullable(),
    difference: z.number(),
    interval: z.tuple([z.number(), z.number()]).nullable(),
    pValue: z.number().nullable(),
    method: z.string().nullable(),
    onlyProduction: z.number().optional(),
    onlyCandidate: z.number().optional(),
  }),
})

const methods: Readonly<Record<string, string>> = {
  mcnemar: 'McNemar’s exact test',
  'paired-t': 'Paired Student test',
  'paired-delong': 'Paired DeLong test',
  'paired-bootstrap': 'Paired bootstrap',
}

/** Candidate less production on the same rows, in words; null where a gate compares nothing. */
export function pairedOf(detail: GateResult['detail']): { text: string; explanation: string } | null {
  const parsed = comparison.safeParse(detail)
  if (!parsed.success) return null
  const { n, difference, interval, pValue, method, onlyProduction, onlyCandidate } = parsed.data.comparison
  const range = interval === null ? '' : ` (${formatSigned(interval[0], 2)} to ${formatSigned(interval[1], 2)})`
  const test = pValue === null ? '' : `, p ${pValue < 0.0001 ? '< 0.0001' : formatNumber(pValue, 2)}`
  const apart =
    onlyProduction === undefined || onlyCandidate === undefined
      ? ''
      : `; only the candidate is right on ${onlyCandidate}, only production on ${onlyProduction}`
  return {
    text: `candidate ${formatSigned(difference, 2)}${range}${test}`,
    explanation: `${methods[method ?? ''] ?? 'Difference'}${n === null ? '' : ` on ${n} rows that both answered`}${apart}`,
  }
}
