import { uninterrupted } from '../../analysis/answer.ts'
import type { GateResult, TestPlan } from '../../contract/release.ts'
import type { Store } from '../../store/store.ts'
import type { TaskContext } from '../jobs/task.ts'
import { decodeEvidence } from './evidence/decode.ts'
import { judgeGates } from './judge/judge-gates.ts'

export interface JudgeOrder {
  readonly evidenceDigest: string
  readonly gates: TestPlan['gates']
}

/** Judges stored evidence; runs in a worker, since resampling takes its time. */
export async function judgeStoredEvidence(
  { blobs }: Pick<Store, 'blobs'>,
  { evidenceDigest, gates }: JudgeOrder,
  { cancellation, onProgress }: Pick<TaskContext, 'cancellation' | 'onProgress'> = uninterrupted,
): Promise<GateResult[]> {
  const bytes = await blobs.get(evidenceDigest)
  if (bytes === null) throw new Error('The evidence of the test run is not in the workspace')
  return judgeGates(decodeEvidence(bytes), { gates }, { cancellation, onProgress })
}
