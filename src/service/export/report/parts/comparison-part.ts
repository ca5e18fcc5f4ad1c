import { z } from 'zod'
import { sayCount, sayEstimate, sayPValue } from '../../../../analysis/wording.ts'
import type { GateResult } from '../../../../contract/release.ts'
import { type Block, table } from '../document.ts'
import { part } from './blocks.ts'

/** What a gate on a metric keeps of comparing candidate and production on the same rows. */
const compared = z.object({
  comparison: z.object({
    difference: z.number(),
    interval: z.tuple([z.number(), z.number()]).nullable(),
    pValue: z.number().nullable(),
    method: z.string(),
    n: z.int(),
    onlyProduction: z.int().optional(),
    onlyCandidate: z.int().optional(),
  }),
})

/** Candidate less production on the rows that both answered; nothing where no gate compared them. */
export function comparisonPart(gates: readonly GateResult[]): Block[] {
  const rows = gates.flatMap(({ title, detail }) => {
    const found = compared.safeParse(detail)
    if (!found.success) return []
    const { difference, interval, pValue, method, n, onlyProduction, onlyCandidate } = found.data.comparison
    return [
      [
        title,
        sayEstimate({ value: difference, interval }),
        sayCount(n),
        onlyProduction === undefined || onlyCandidate === undefined
          ? '-'
          : `${sayCount(onlyCandidate)} against ${sayCount(onlyProduction)}`,
        `${method}${pValue === null ? '' : `, ${sayPValue(pValue)}`}`,
      ],
    ]
  })
  return rows.length === 0
    ? []
    : part(
        'Candidate against production, on the same rows',
        'Candidate less production; of accuracy also how many rows only one of them had right',
        table(
          [
            ['Gate', 26],
            ['Difference with interval', 24],
            ['n', 10],
            ['Right alone', 18],
            ['Test', 22],
          ],
          rows,
          '',
        ),
      )
}
