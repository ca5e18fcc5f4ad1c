import type { Target } from '../../contract/finding.ts'
import type { Window } from '../../contract/primitives.ts'

export const modelTabs = [
  'performance',
  'drift',
  'integrity',
  'fairness',
  'errors',
  'explanation',
  'samples',
  'lineage',
] as const
export type ModelTab = (typeof modelTabs)[number]

function withSearch(path: string, search: Record<string, string | undefined>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`
}

/** A fixed window as it stands in an address. */
export function windowSearch(window: Window | undefined): Record<string, string> {
  return window === undefined ? {} : { from: String(window.from), to: String(window.to) }
}

/** Addresses of pages, behind the hash. */
export const pathTo = {
  overview: () => '/overview',
  models: () => '/models',
  model: (id: string, tab: ModelTab = 'performance', at: { deploymentId?: string; window?: Window } = {}) =>
    withSearch(`/models/${id}/${tab}`, { deployment: at.deploymentId, ...windowSearch(at.window) }),
  sample: (modelId: string, deploymentId: string, sampleId: string) =>
    withSearch(`/models/${modelId}/samples`, { deployment: deploymentId, sample: sampleId }),
  version: (modelId: string, versionId: string) => withSearch(`/models/${modelId}/lineage`, { version: versionId }),
  devices: () => '/devices',
  device: (id: string) => `/devices/${id}`,
  alerts: () => '/alerts',
  alert: (id: string) => `/alerts/${id}`,
  releases: () => '/releases',
  release: (id: string) => `/releases/${id}`,
  review: (deploymentId?: string) => withSearch('/review', { deployment: deploymentId }),
  policies: (target?: Target) => withSearch('/policies', { target: target?.id }),
  connections: () => '/connections',
  connection: (id: string) => `/connections/${id}`,
  audit: () => '/audit',
  auditEntry: (index: number) => withSearch('/audit', { entry: String(index) }),
  settings: () => '/settings',
}

/** The page of what a finding or alert is about; a deployment needs the id of its model. */
export function pathOfTarget(target: Target, modelId: string | null): string {
  if (target.type === 'device') return pathTo.device(target.id)
  if (target.type === 'connection') return pathTo.connection(target.id)
  return modelId === null ? pathTo.models() : pathTo.model(modelId, 'performance', { deploymentId: target.id })
}
