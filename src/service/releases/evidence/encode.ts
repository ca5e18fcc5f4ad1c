import type { Evidence } from './shape.ts'

/**
 * Evidence as bytes, lines as documented in `shape.ts`. Numbers are written so that they read back as they were; fields stand in
 * the order in which they were built, so the same measurements give the same bytes.
 */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  const parts: Buffer[] = []
  let waiting: string[] = []
  let lines = 0
  const write = (line: object) => {
    waiting.push(JSON.stringify(line))
    lines += 1
    // Joined by the thousand: one text for all of it could exceed what a string may hold.
    if (waiting.length === 1000) flush()
  }
  const flush = () => {
    if (waiting.length > 0) parts.push(Buffer.from(`${waiting.join('\n')}\n`, 'utf8'))
    waiting = []
  }
  write({ header: evidence.header })
  for (const row of evidence.rows) write({ row })
  for (const repeat of evidence.repeats) write({ repeat })
  for (const perturbed of evidence.perturbed) write({ perturbed })
  for (const missing of evidence.missing) write({ missing })
  for (const request of evidence.requests) write({ request })
  write({ end: { lines } })
  flush()
  return Buffer.concat(parts)
}
