import type { Finding } from '../contract/finding.ts'
import type { IntakeBatch, IntakeResult } from '../contract/intake.ts'
import type { Label } from '../contract/sample.ts'
import type { FindingStore, Put, RecordStore, SampleStore } from '../store/store.ts'
import type { Teller } from './feed.ts'

/** Records, and labels of a review, that have just been committed. */
export interface Commit {
  readonly puts: readonly Put[]
  readonly labels: readonly Label[]
}

/** A batch that has just become durable, with what the store made of it. */
export interface Append {
  readonly batch: IntakeBatch
  readonly result: IntakeResult
}

/** The same records, telling of every commit after it is durable and before the caller hears of it. */
export const tellCommits = (records: RecordStore, teller: Teller<Commit>): RecordStore => ({
  ...records,
  async commit(puts, audit, extra) {
    const result = await records.commit(puts, audit, extra)
    if (result.status === 'committed') teller.tell({ puts, labels: extra?.labels ?? [] })
    return result
  },
})

/** The same samples, telling of every batch after it is durable, whoever appends it. */
export const tellAppends = (samples: SampleStore, teller: Teller<Append>): SampleStore => ({
  ...samples,
  async append(batch) {
    const result = await samples.append(batch)
    teller.tell({ batch, result })
    return result
  },
})

/** The same findings, telling of those of every report after they are stored. */
export const tellFindings = (findings: FindingStore, teller: Teller<readonly Finding[]>): FindingStore => ({
  ...findings,
  async add(report, fresh) {
    await findings.add(report, fresh)
    teller.tell(fresh)
  },
})
