import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { claimCbpe } from './accounted/cbpe.ts'
import { type Claim, type Claims, leavesOf, miss } from './accounted/claims.ts'
import { claimClassification } from './accounted/classification.ts'
import { claimDrift } from './accounted/drift.ts'
import { claimFairness } from './accounted/fairness.ts'
import { claimRegression } from './accounted/regression.ts'
import { claimStreaming } from './accounted/streaming.ts'
import { isSharedPresent, readJson, sharedUrl } from './shared.ts'

/*
 * Every value of the folder of reference numbers, one after the other: reproduced to the stated digits, or defined otherwise on
 * purpose, with both numbers and the reason. A value that nothing here accounts for fails, and so does a claim about no value.
 */
const books: Readonly<Record<string, () => Claims | Promise<Claims>>> = {
  'cbpe.json': claimCbpe,
  'classification.json': claimClassification,
  'drift.json': claimDrift,
  'fairness.json': claimFairness,
  'regression.json': claimRegression,
  'streaming.json': claimStreaming,
}

const present = isSharedPresent()

describe.skipIf(!present)('every reference number', () => {
  it('is in a file that is accounted for', () => {
    const files = present ? readdirSync(sharedUrl('golden')).filter((name) => name.endsWith('.json')) : []
    expect(files.sort()).toEqual(Object.keys(books))
  })

  for (const [file, claim] of Object.entries(books)) {
    it(`${file}: reproduced, or named as different`, { timeout: 120_000 }, async () => {
      const claims = await claim()
      const wanted = leavesOf(readJson(`golden/${file}`))
      const tally = { reproduced: 0, differs: 0, described: 0 }
      const problems: string[] = []
      const differences = new Map<string, { count: number; example: string }>()
      for (const [path, want] of wanted) {
        const claim = claims.get(path)
        if (claim === undefined) {
          problems.push(`${path}: ${String(want)} is not accounted for`)
          continue
        }
        tally[claim.kind]++
        const problem = judge(claim, want)
        if (problem !== null) problems.push(`${path}: ${problem}`)
        if (claim.kind !== 'differs') continue
        const known = differences.get(claim.why)
        if (known) known.count++
        else
          differences.set(claim.why, {
            count: 1,
            example: `${path}: ${String(claim.ours)} here, ${String(want)} there`,
          })
      }
      const known = new Set(wanted.map(([path]) => path))
      for (const path of claims.keys()) if (!known.has(path)) problems.push(`${path}: no such value`)
      console.info(
        [
          `${file}: ${tally.reproduced} values reproduced, ${tally.differs} defined otherwise, ${tally.described} words`,
          ...[...differences].map(([why, { count, example }]) => `  ${count} × ${why} (${example})`),
        ].join('\n'),
      )
      expect(problems).toEqual([])
    })
  }
})

function judge(claim: Claim, want: string | number | boolean | null): string | null {
  if (claim.kind === 'reproduced') return miss(claim.got, want, claim.close)
  if (claim.kind === 'differs' && claim.followed !== null) return miss(claim.followed.got, want, claim.followed.close)
  return null
}
