import { toKey } from '../names.ts'

const kinds = ['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH'] as const

/** What a Sparkplug B topic is about. */
export interface SparkplugTopic {
  readonly kind: (typeof kinds)[number]
  readonly group: string
  readonly edge: string
  /** Null for messages of the edge node itself. */
  readonly device: string | null
  /** Key under which the device is known here: group, node and device joined by dots. */
  readonly key: string
}

/** Key of the edge node that a message is of. */
export const nodeKey = ({ group, edge, key }: Pick<SparkplugTopic, 'group' | 'edge' | 'key'>) =>
  toKey(`${group}.${edge}`) ?? key

export const sparkplugFilter = (group: string) => `spBv1.0/${group}/#`

/** Reads `spBv1.0/<group>/<kind>/<edge node>[/<device>]`; null for commands, states of hosts and anything else. */
export function readTopic(topic: string): SparkplugTopic | null {
  const [namespace, group, named, edge, device, ...more] = topic.split('/')
  const kind = kinds.find((each) => each === named)
  if (namespace !== 'spBv1.0' || kind === undefined || !group || !edge || more.length > 0) return null
  if (kind.startsWith('D') !== Boolean(device)) return null
  const key = toKey([group, edge, ...(device ? [device] : [])].join('.'))
  return key === null ? null : { kind, group, edge, device: device ?? null, key }
}

export const isSparkplug = (topic: string) => topic.startsWith('spBv1.0/')
export const commandTopic = ({ group, edge }: SparkplugTopic) => `spBv1.0/${group}/NCMD/${edge}`
