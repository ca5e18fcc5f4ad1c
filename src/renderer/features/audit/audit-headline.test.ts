import { describe, expect, it } from 'vitest'
import { auditHeadline } from './audit-headline.ts'

const checkpoint = { size: 1204, rootHash: 'a'.repeat(64), at: Date.UTC(2026, 10, 21, 14, 20), note: '' }
const verified = { isIntact: true, size: 1205, rootHash: 'a'.repeat(64), problem: null }

describe('auditHeadline', () => {
  it('claims nothing that was not checked', () => {
    expect(auditHeadline(3, null, null).status).toBe('unknown')
    expect(auditHeadline(1204, checkpoint, null)).toEqual({
      status: 'unknown',
      text: '1,204 entries are signed by the checkpoint of 2026-11-21 14:20 UTC. Verify the log to recompute every hash.',
    })
  })
  it('tells what is not signed yet', () => {
    expect(auditHeadline(1205, checkpoint, verified)).toEqual({
      status: 'ok',
      text: 'The log is intact: the service recomputed the hashes of all 1,205 entries. 1,204 entries are signed by the checkpoint of 2026-11-21 14:20 UTC; 1 newer waits for the next one.',
    })
  })
  it('puts a broken log before everything', () => {
    const broken = { ...verified, isIntact: false, problem: 'entry 17 was changed' }
    expect(auditHeadline(1204, checkpoint, broken)).toEqual({
      status: 'breach',
      text: 'The log is not intact: entry 17 was changed',
    })
  })
})
