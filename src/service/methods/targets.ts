import type { MonitorKind, Target } from '../../contract/finding.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Store } from '../../store/store.ts'
import { kindsOfTarget } from '../monitoring/ask.ts'

const recordKindOf = { deployment: 'deployment', device: 'device', connection: 'connection' } as const

/** The name of a target. Throws `not-found` when there is none. */
export async function requireTarget({ records }: Pick<Store, 'records'>, { type, id }: Target): Promise<string> {
  const item = await records.get(recordKindOf[type], id)
  if (item === null) throw new RpcError('not-found', `There is no such ${type === 'connection' ? 'endpoint' : type}`)
  return item.record.name
}

/** Throws `invalid-input` when a question cannot be asked of this kind of target. */
export function requireFittingKind(kind: MonitorKind, { type }: Target): void {
  const fitting = kindsOfTarget[type]
  if (!fitting.includes(kind))
    throw new RpcError('invalid-input', `A ${type} can be asked about ${fitting.join(', ')}, not about ${kind}`)
}
