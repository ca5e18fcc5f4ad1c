import type { OutputOf } from '../../../contract/api.ts'
import type { Connection, ConnectionConfig, ConnectionState } from '../../../contract/connection.ts'
import type { EndpointProtocol } from '../../../contract/endpoint.ts'
import type { Headline } from '../../../contract/primitives.ts'
import type { ScrapePick } from '../../../contract/scrape.ts'
import { formatCount, formatDuration, formatPercent } from '../../widgets/format.ts'
import type { StatusKind } from '../../widgets/Status.tsx'

export type ConnectionRow = OutputOf<'connections.list'>[number]
export type ConnectionKind = ConnectionConfig['kind']

export const kindWords: Record<ConnectionKind, { word: string; does: string }> = {
  mqtt: { word: 'Broker (MQTT)', does: 'Predictions, labels and telemetry arrive from a broker.' },
  endpoint: { word: 'Inference endpoint', does: 'A model served over HTTP is probed and tested.' },
  ingest: { word: 'Push token (HTTP in)', does: 'A service pushes predictions, labels and telemetry.' },
  prometheus: { word: 'Metrics (Prometheus)', does: 'An exporter is scraped into channels of a device.' },
  folder: { word: 'Watched folder', does: 'Files of a folder on this machine are imported as they come.' },
  webhook: { word: 'Webhook', does: 'Alerts are sent as signed JSON.' },
  'http-action': { word: 'Pipeline or deployment system (HTTP)', does: 'Retrains, switches and rolls back over HTTP.' },
  'command-action': { word: 'Command on this machine', does: 'Retrains, switches and rolls back by a program.' },
}

export const protocolWords: Record<EndpointProtocol, string> = {
  'oip-v2': 'Open Inference Protocol v2 (KServe, Triton, MLServer, OpenVINO)',
  'tf-serving': 'TensorFlow Serving (REST)',
  torchserve: 'TorchServe',
  mlflow: 'MLflow (/invocations)',
  json: 'JSON of its own, by a template',
}

export const phaseWords: Record<ConnectionState['phase'], { status: StatusKind; word: string }> = {
  disabled: { status: 'unknown', word: 'Switched off' },
  connecting: { status: 'unknown', word: 'Connecting' },
  connected: { status: 'ok', word: 'Connected' },
  degraded: { status: 'warning', word: 'Degraded' },
  failed: { status: 'breach', word: 'Failed' },
}

const readWords = { value: '', rate: ', a second', mean: ', mean of the observations' } as const

/** What a scraped channel is made of. */
export function pickWords({ metric, labels, as, combine, factor, offset }: ScrapePick): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  const scale = factor === 1 && offset === 0 ? '' : `, times ${factor} plus ${offset}`
  const several = as === 'mean' ? '' : `; ${combine} of what matches`
  return `${metric}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}${readWords[as]}${scale}${several}`
}

/** Whether items come in through it. */
export const brings = (kind: ConnectionKind) =>
  kind === 'mqtt' || kind === 'ingest' || kind === 'prometheus' || kind === 'folder'

/** What a connection is doing now, in a sentence. */
export function stateSentence({ record, state }: Pick<ConnectionRow, 'record' | 'state'>): string {
  if (state.problem !== null) return state.problem
  if (state.phase === 'disabled') return 'It is switched off.'
  if (state.phase === 'connecting') return 'It is being opened.'
  const { kind } = record.config
  if (kind === 'endpoint') return probeSentence(state)
  if (brings(kind)) {
    const { received, lagMs, held = 0 } = state.counters
    if (received === 0) return 'It is open; nothing has come yet.'
    return `${formatCount(received)} items came${lagMs === null ? '' : `, the newest ${formatDuration(Math.max(0, lagMs))} after its event`}.${held === 0 ? '' : ` ${formatCount(held)} say to be of the future and are held apart.`}`
  }
  return kind === 'webhook' ? 'Alerts are sent to it.' : 'It is ready to be used.'
}

function probeSentence({ probe }: ConnectionState): string {
  if (probe === null) return 'It has not been probed yet.'
  const answer = probe.isReady ? 'ready' : 'not ready'
  const latency = probe.latencyMs === null ? '' : ` in ${formatDuration(probe.latencyMs)}`
  const errors =
    probe.errorShare === null
      ? ''
      : `; ${formatPercent(probe.errorShare)} of ${formatCount(probe.probes)} probes failed`
  return `It answers ${answer}${latency}${errors}.`
}

const rank: Record<ConnectionState['phase'], number> = {
  failed: 4,
  degraded: 3,
  connecting: 1,
  connected: 0,
  disabled: 0,
}

/** Whether everything that should flow flows. */
export function connectionsHeadline(rows: readonly ConnectionRow[]): Headline {
  if (rows.length === 0)
    return { status: 'unknown', text: 'Nothing is connected yet: connect a broker or an endpoint to begin.' }
  const enabled = rows.filter(({ record }) => record.isEnabled)
  const worst = [...enabled].sort((left, right) => rank[right.state.phase] - rank[left.state.phase])[0]
  const refused = enabled.reduce((sum, { state }) => sum + state.counters.refused, 0)
  const letters = refused === 0 ? '' : ` ${formatCount(refused)} items were refused; the dead letters tell why.`
  const held = enabled.reduce((sum, { state }) => sum + (state.counters.held ?? 0), 0)
  const apart = held === 0 ? '' : ` ${formatCount(held)} are held apart because they lie in the future.`
  const rest = `${letters}${apart}`
  const broken = enabled.filter(({ state }) => rank[state.phase] >= 3)
  if (worst === undefined) return { status: 'warning', text: 'Every connection is switched off.' }
  if (broken.length === 0) {
    const opening = enabled.filter(({ state }) => state.phase === 'connecting').length
    if (opening > 0)
      return { status: 'unknown', text: `${opening} of ${enabled.length} connections are being opened.${rest}` }
    return {
      status: 'ok',
      text: `${enabled.length === 1 ? 'The connection works' : `All ${enabled.length} connections work`}.${rest}`,
    }
  }
  const others =
    broken.length > 1 ? ` ${broken.length - 1} more ${broken.length === 2 ? 'has' : 'have'} a problem.` : ''
  return {
    status: worst.state.phase === 'failed' ? 'breach' : 'warning',
    text: `${worst.record.name}: ${sentence(stateSentence(worst))}${others}${rest}`,
  }
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

/** Where it leads, for lists. */
export function addressOf({ config }: Connection): string {
  switch (config.kind) {
    case 'mqtt':
      return `${config.url}, ${config.topicPrefix}/…`
    case 'endpoint':
      return `${config.url}, ${config.modelName}`
    case 'prometheus':
      return `${config.url}, ${config.deviceKey}`
    case 'folder':
      return `${config.path}, ${config.deploymentKey}`
    case 'webhook':
    case 'http-action':
      return config.url
    case 'command-action':
      return [config.program, ...config.args].join(' ')
    case 'ingest':
      return '/ingest/v1/…'
  }
}
