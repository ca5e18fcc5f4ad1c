import type { Connection, ConnectionState } from '../../contract/connection.ts'

export interface MetricsFacts {
  readonly connections: readonly { readonly record: Connection; readonly state: ConnectionState }[]
  readonly deadLetters: readonly {
    readonly connectionId: string | null
    readonly code: string
    readonly count: number
  }[]
  /** Letters that are held apart now. */
  readonly held: readonly { readonly connectionId: string | null; readonly count: number }[]
  readonly databaseBytes: number
  readonly memoryBytes: number
  readonly startedAt: number
}

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly values: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]
}

/** A label's value as the exposition format wants it. */
const quoted = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function writeFamily({ name, type, help, values }: Family): string {
  const lines = values.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${quoted(text)}"`)
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')
}

/** What has come in, for Prometheus: its text format, version 0.0.4. Times are seconds, as its naming rules want. */
export function writeMetrics(facts: MetricsFacts): string {
  const { connections } = facts
  const keyOf = new Map(connections.map(({ record }) => [record.id, record.key]))
  const labelsOf = ({ record }: MetricsFacts['connections'][number]) => ({
    connection: record.key,
    kind: record.config.kind,
  })
  const counted = (field: 'received' | 'stored' | 'repeated' | 'refused', help: string): Family => ({
    name: `assay_intake_${field}_total`,
    type: 'counter',
    help,
    values: connections.map((each) => [labelsOf(each), each.state.counters[field]]),
  })
  const measured = (
    name: string,
    help: string,
    read: (state: ConnectionState) => number | null | undefined,
  ): Family => ({
    name,
    type: 'gauge',
    help,
    values: connections.flatMap((each) => {
      const value = read(each.state)
      return value === null || value === undefined ? [] : [[labelsOf(each), value] as const]
    }),
  })
  const families: Family[] = [
    counted('received', 'Samples, labels and telemetry points that came, refused ones too.'),
    counted('stored', 'Those that were stored.'),
    counted('repeated', 'Those that were there already and changed nothing.'),
    counted('refused', 'Those that were refused and kept as dead letters.'),
    measured('assay_intake_lag_seconds', 'Arrival less event time of the newest element.', ({ counters }) =>
      counters.lagMs === null ? null : counters.lagMs / 1000,
    ),
    measured('assay_intake_last_timestamp_seconds', 'When the last element came.', ({ counters }) =>
      counters.lastAt === null ? null : counters.lastAt / 1000,
    ),
    measured('assay_connection_up', 'Whether the connection works.', ({ phase }) => Number(phase === 'connected')),
    measured('assay_endpoint_ready', 'Whether the endpoint was ready when it was last asked.', ({ probe }) =>
      probe === null ? null : Number(probe.isReady),
    ),
    measured('assay_endpoint_latency_seconds', 'How long the last answer took.', ({ probe }) =>
      probe === null || probe.latencyMs === null ? null : probe.latencyMs / 1000,
    ),
    {
      name: 'assay_dead_letters_total',
      type: 'counter',
      help: 'Refused messages and elements, by reason.',
      values: facts.deadLetters.map(({ connectionId, code, count }) => [
        { connection: connectionId === null ? '' : (keyOf.get(connectionId) ?? connectionId), code },
        count,
      ]),
    },
    {
      name: 'assay_held_apart',
      type: 'gauge',
      help: 'Messages and elements of the future that wait for their time.',
      values: facts.held.map(({ connectionId, count }) => [
        { connection: connectionId === null ? '' : (keyOf.get(connectionId) ?? connectionId) },
        count,
      ]),
    },
    {
      name: 'assay_database_bytes',
      type: 'gauge',
      help: 'Size of the database of the workspace.',
      values: [[{}, facts.databaseBytes]],
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Memory of the service.',
      values: [[{}, facts.memoryBytes]],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When the service started.',
      values: [[{}, facts.startedAt / 1000]],
    },
  ]
  return `${families.map(writeFamily).join('\n')}\n`
}
