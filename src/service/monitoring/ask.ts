import { parametersOf } from '../../analysis/parameters.ts'
import type { Monitor, MonitorKind } from '../../contract/finding.ts'
import type { Json, Window } from '../../contract/primitives.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { WorkspaceSettings } from '../../contract/workspace.ts'
import type { ServiceContext } from '../context.ts'
import { explainByEndpoint } from '../explanations/question-by-endpoint.ts'
import type { RunOptions } from '../jobs/worker-pool.ts'
import type { Collection } from '../rooms.ts'
import type { Reply } from '../tasks/questions/question.ts'

/** Fields that the workspace's settings fill where a question leaves them out. */
const settled: Partial<Record<MonitorKind, readonly (keyof WorkspaceSettings['defaults'])[]>> = {
  drift: ['confidence', 'alpha', 'minimumN'],
  performance: ['confidence', 'minimumN'],
  integrity: ['confidence'],
  bias: ['confidence', 'alpha', 'minimumN'],
  fairness: ['confidence', 'minimumGroupSize'],
  errors: ['confidence', 'alpha'],
  explanation: ['confidence', 'alpha'],
  device: ['confidence'],
  endpoint: ['confidence'],
}

/**
 * The complete parameters of a question: what was given, then the workspace's settings, then the defaults of the analysis. Throws
 * an RpcError `invalid-input` that names each field that is wrong.
 */
export function completeParameters(
  kind: MonitorKind,
  given: Readonly<Record<string, Json>>,
  defaults: WorkspaceSettings['defaults'],
): Record<string, Json> {
  const fromSettings = Object.fromEntries((settled[kind] ?? []).map((name) => [name, defaults[name]]))
  const parsed = parametersOf[kind].safeParse({ ...fromSettings, ...given })
  // What has just been parsed from JSON, with defaults that are JSON.
  if (parsed.success) return parsed.data as Record<string, Json>
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: ['parameters', ...path.map(String)].join('.'),
    message,
  }))
  throw new RpcError('invalid-input', `${issues[0].path}: ${issues[0].message}`, { issues })
}

/** Questions that can be asked of each kind of target. */
export const kindsOfTarget: Readonly<Record<Monitor['target']['type'], readonly MonitorKind[]>> = {
  deployment: ['integrity', 'drift', 'performance', 'bias', 'fairness', 'errors', 'explanation'],
  device: ['device'],
  connection: ['endpoint'],
}

/** How long before its window a question about an endpoint looks for the last answer. */
const probesBeforeMs = 86_400_000

export type Asked = Pick<Monitor, 'kind' | 'target' | 'reference'> & {
  readonly window: Window
  /** Complete. */
  readonly parameters: Readonly<Record<string, Json>>
}

/** Asks the workers. Rejects when cancelled or when the analysis has a bug; what cannot be asked is a reply. */
export function createAsking(
  { store, workers, now }: Pick<ServiceContext, 'store' | 'workers' | 'now'>,
  collection: Pick<Collection, 'probes'> & Partial<Pick<Collection, 'endpointClient' | 'arrivalLags'>>,
): (asked: Asked, options?: RunOptions) => Promise<Reply> {
  return async (asked, options) => {
    const { kind, target, window } = asked
    const known = { from: Math.max(0, window.from - probesBeforeMs), to: window.to }
    const probes = kind === 'endpoint' && target.type === 'connection' ? collection.probes(target.id, known) : []
    const { endpointClient } = collection
    const arrivalLags = target.type === 'device' ? (collection.arrivalLags?.(target.id, window) ?? []) : []
    if (kind === 'explanation' && asked.parameters.asks === 'endpoint' && endpointClient !== undefined)
      return await explainByEndpoint({ store }, { endpointClient }, { ...asked, probes, now: now() }, options)
    return await workers.run('analysis.ask', { ...asked, probes, arrivalLags, now: now() }, options)
  }
}
