import type { ChannelPoints } from './points.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Silences of a channel that reports every `expectedEveryMs`: longer than `factor` times that, between two points, after the last one
 * and before the first one. `from` and `to` bound when it was expected to report. O(n).
 */
export function findGaps(
  { at }: ChannelPoints,
  expected: { readonly everyMs: number; readonly factor: number; readonly from: number; readonly to: number },
): Span[] {
  const longest = expected.everyMs * expected.factor
  const gaps: Span[] = []
  let last = expected.from
  for (let i = 0; i < at.length; i++) {
    if (at[i] > expected.to) break
    if (at[i] - last > longest) gaps.push({ from: last, to: at[i] })
    last = Math.max(last, at[i])
  }
  if (expected.to - last > longest) gaps.push({ from: last, to: expected.to })
  return gaps
}
