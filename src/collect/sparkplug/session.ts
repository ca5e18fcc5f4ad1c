import type { Refusal } from '../decode-json.ts'
import { toChannel } from '../names.ts'
import type { Route } from '../route.ts'
import { decodePayload, type Metric, numberOf, type Payload } from './decode-payload.ts'
import { encodeRebirth } from './encode-rebirth.ts'
import { commandTopic, nodeKey, readTopic, type SparkplugTopic } from './read-topic.ts'
import { WireFault } from './read-wire.ts'

/** What one message comes to for the intake: telemetry of one device, or why it was refused. */
export interface SparkplugReading {
  readonly route: Route
  readonly decoded: { readonly json: unknown; readonly refusal: null } | { readonly refusal: Refusal }
}

export interface SparkplugOptions {
  /** Sends a command to an edge node. */
  readonly publish: (topic: string, payload: Uint8Array) => void
}

interface Known {
  readonly name: string
  readonly datatype: number | null
}
interface EdgeNode {
  /** Number of the birth, which the will that belongs to it repeats. */
  bdSeq: number | null
  seq: number | null
  readonly aliases: Map<string, Known>
  /** Datatypes by device and name, for data that come by name without their type. */
  readonly types: Map<string, number>
  readonly devices: Set<string>
  askedAt: number
}

/** Edge nodes, and metrics of one, that are remembered; a sender may invent them without end. */
const maxNodes = 5000
const maxKnown = 20_000
/** A node is asked for a rebirth at most this often. */
const rebirthEveryMs = 10_000
/** Channel that says whether a node or device is there: 1 from its birth, 0 from its death. */
export const onlineChannel = 'online'

const isControl = (name: string) =>
  name === 'bdSeq' || name.startsWith('Node Control/') || name.startsWith('Device Control/')

/**
 * Follows the edge nodes of a broker as Sparkplug B 3.0 has it: births name metrics and their aliases, data use them, deaths end them.
 * A gap in the sequence, or an alias that no birth named, is told as a refusal, and the node is asked for a rebirth.
 */
export function createSparkplugSession({ publish }: SparkplugOptions) {
  const nodes = new Map<string, EdgeNode>()

  function nodeOf({ group, edge }: SparkplugTopic): EdgeNode {
    const id = `${group}/${edge}`
    let node = nodes.get(id)
    if (node === undefined) {
      if (nodes.size >= maxNodes) nodes.delete(nodes.keys().next().value as string)
      node = { bdSeq: null, seq: null, aliases: new Map(), types: new Map(), devices: new Set(), askedAt: 0 }
      nodes.set(id, node)
    }
    return node
  }

  function askForRebirth(topic: SparkplugTopic, node: EdgeNode, now: number): string {
    if (now - node.askedAt < rebirthEveryMs) return 'a rebirth was asked for'
    node.askedAt = now
    publish(commandTopic(topic), encodeRebirth(now))
    return 'a rebirth is asked for'
  }

  function learn(node: EdgeNode, device: string, metrics: readonly Metric[]) {
    for (const { name, alias, datatype } of metrics) {
      if (name === null) continue
      if (alias !== null && node.aliases.size < maxKnown) node.aliases.set(alias, { name, datatype })
      if (datatype !== null && node.types.size < maxKnown) node.types.set(`${device} ${name}`, datatype)
    }
  }

  /** Values by instant; `strange` is the first metric that nobody introduced. */
  function readValues(node: EdgeNode, device: string, { at, metrics }: Payload, now: number) {
    const byTime = new Map<number, Record<string, number>>()
    let strange: string | null = null
    for (const metric of metrics) {
      const known = metric.alias === null ? undefined : node.aliases.get(metric.alias)
      const name = metric.name ?? known?.name ?? null
      if (name === null) {
        strange ??= metric.alias === null ? 'a metric has neither name nor alias' : `alias ${metric.alias} is not known`
        continue
      }
      const datatype = metric.datatype ?? known?.datatype ?? node.types.get(`${device} ${name}`) ?? null
      const value = isControl(name) ? null : numberOf(metric, datatype)
      if (value === null) continue
      const instant = metric.at ?? at ?? now
      const values = byTime.get(instant) ?? {}
      byTime.set(instant, values)
      values[toChannel(name)] = value
    }
    return { byTime, strange }
  }

  /** A sequence that goes on, begins, or repeats the last message is in order. */
  function gapIn(node: EdgeNode, { seq }: Payload): { missing: number; fault: string } | null {
    const last = node.seq
    if (seq === null || seq < 0 || seq > 255) return null
    node.seq = seq
    if (last === null || seq === last || seq === (last + 1) % 256) return null
    const missing = (seq - last - 1 + 256) % 256
    return { missing, fault: `the sequence went from ${last} to ${seq}: ${missing} messages are missing` }
  }

  function readDeath(topic: SparkplugTopic, node: EdgeNode, payload: Payload, now: number): SparkplugReading[] {
    const bdSeq = payload.metrics.find(({ name }) => name === 'bdSeq')
    const said = bdSeq === undefined ? null : numberOf(bdSeq, bdSeq.datatype)
    // The will of an earlier connection, which a later birth has made void.
    if (topic.kind === 'NDEATH' && said !== null && node.bdSeq !== null && said !== node.bdSeq) return []
    const at = payload.at ?? now
    const gone = topic.kind === 'NDEATH' ? [topic.key, ...node.devices] : [topic.key]
    if (topic.kind === 'NDEATH') node.seq = null
    return gone.map((key) => ({
      route: { kind: 'telemetry', key },
      decoded: { json: { at, values: { [onlineChannel]: 0 } }, refusal: null },
    }))
  }

  function readLife(topic: SparkplugTopic, node: EdgeNode, payload: Payload, now: number): SparkplugReading[] {
    const { kind, key } = topic
    const route: Route = { kind: 'telemetry', key }
    const isBirth = kind === 'NBIRTH' || kind === 'DBIRTH'
    const faults: string[] = []
    let missing = 0
    if (kind === 'NBIRTH') {
      const bdSeq = payload.metrics.find(({ name }) => name === 'bdSeq')
      node.bdSeq = bdSeq === undefined ? null : numberOf(bdSeq, bdSeq.datatype)
      node.aliases.clear()
      node.types.clear()
      node.devices.clear()
      node.seq = payload.seq
    } else {
      const gap = gapIn(node, payload)
      if (gap !== null) {
        faults.push(gap.fault)
        missing = gap.missing
      }
    }
    if (kind === 'DBIRTH' && node.devices.size < maxNodes) node.devices.add(key)
    if (isBirth) learn(node, key, payload.metrics)
    const { byTime, strange } = readValues(node, key, payload, now)
    if (strange !== null) faults.push(strange)
    if (isBirth) {
      const at = payload.at ?? now
      byTime.set(at, { ...byTime.get(at), [onlineChannel]: 1 })
    }
    const elements = [...byTime].map(([at, values]) => ({ at, values }))
    const readings: SparkplugReading[] =
      elements.length > 0 ? [{ route, decoded: { json: elements, refusal: null } }] : []
    // The node numbers its messages and those of its devices together: what is missing is its loss.
    if (missing > 0)
      readings.push({
        route: { kind: 'telemetry', key: nodeKey(topic) },
        decoded: { json: { at: payload.at ?? now, lost: missing, values: {} }, refusal: null },
      })
    if (faults.length > 0) {
      const reason = `${faults.join('; ')}; ${askForRebirth(topic, node, now)}`
      readings.push({ route, decoded: { refusal: { code: 'wrong-shape', reason } } })
    }
    return readings
  }

  return {
    /** Null where the topic is none of a node or device; an empty list where there is nothing to store. */
    read(topicText: string, payload: Uint8Array, now: number): SparkplugReading[] | null {
      const topic = readTopic(topicText)
      if (topic === null) return null
      const node = nodeOf(topic)
      try {
        const decoded = decodePayload(payload)
        const isDeath = topic.kind === 'NDEATH' || topic.kind === 'DDEATH'
        if (topic.kind === 'DDEATH') gapIn(node, decoded)
        return isDeath ? readDeath(topic, node, decoded, now) : readLife(topic, node, decoded, now)
      } catch (error) {
        if (!(error instanceof WireFault)) throw error
        const reason = `no Sparkplug B payload: ${error.message}`
        return [{ route: { kind: 'telemetry', key: topic.key }, decoded: { refusal: { code: 'wrong-shape', reason } } }]
      }
    },
  }
}
export type SparkplugSession = ReturnType<typeof createSparkplugSession>
