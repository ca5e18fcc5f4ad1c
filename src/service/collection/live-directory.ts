import type { Directory, VersionFacts } from '../../collect/directory.ts'
import type { Connection } from '../../contract/connection.ts'
import type { Device } from '../../contract/device.ts'
import type { Mapping } from '../../contract/mapping.ts'
import type { Deployment, SchemaSpec, Version } from '../../contract/model.ts'
import { defaultBlobQuota, type WorkspaceSettings } from '../../contract/workspace.ts'
import type { Put, RecordStore } from '../../store/store.ts'

/** The intake's directory, kept in memory and current with every commit. */
export interface LiveDirectory extends Omit<Directory, 'registerDevice'> {
  /** Reads everything from the store. */
  load(): Promise<void>
  /** Takes over records that were just committed. */
  apply(puts: readonly Put[]): void
  connection(id: string): Connection | null
  connections(): Iterable<Connection>
  /** Names of the channels that a device declares; null when there is no such device. */
  channels(deviceId: string): ReadonlySet<string> | null
  timeBounds(): WorkspaceSettings['timeBounds']
  /** How much the files may take that come with samples. */
  blobQuota(): number
  /** Enabled mappings of a connection; the same array while none of them changes. */
  mappings(connectionId: string): readonly Mapping[]
  /** Those that are switched off: what they asked a broker for is to be given up. */
  disabledMappings(connectionId: string): readonly Mapping[]
}

const defaultTimeBounds: WorkspaceSettings['timeBounds'] = { maxFutureMs: 3_600_000, maxPastMs: 400 * 86_400_000 }

interface KnownDevice {
  readonly id: string
  readonly key: string
  readonly channels: ReadonlySet<string>
}

/** Everything that look-ups are answered from. */
function createShelves() {
  return {
    deployments: new Map<string, Deployment>(),
    deploymentIds: new Map<string, string>(),
    versions: new Map<string, VersionFacts>(),
    /** By `<model id>/<name>`. */
    versionIds: new Map<string, string>(),
    devices: new Map<string, KnownDevice>(),
    deviceIds: new Map<string, string>(),
    connections: new Map<string, Connection>(),
    mappings: new Map<string, Mapping>(),
    /** Enabled ones by connection, made when they are asked for. */
    enabledMappings: new Map<string, readonly Mapping[]>(),
    timeBounds: defaultTimeBounds,
    blobQuota: defaultBlobQuota,
  }
}
type Shelves = ReturnType<typeof createShelves>

export function createLiveDirectory(records: Pick<RecordStore, 'list'>): LiveDirectory {
  let shelves = createShelves()
  // Checks are compiled once per schema object, so a version keeps its object for as long as this lives.
  const schemas = new Map<string, SchemaSpec>()
  /** Commits during a load, which its lists may or may not hold. */
  let missed: Put[] | null = null

  function stableSchema({ id, schema }: Version): SchemaSpec {
    const known = schemas.get(id)
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(schema)) return known
    schemas.set(id, schema)
    return schema
  }

  function takeDevice(into: Shelves, device: Device): void {
    const before = into.devices.get(device.id)
    if (before !== undefined && before.key !== device.key) into.deviceIds.delete(before.key)
    const channels = new Set(device.channels.map(({ name }) => name))
    into.devices.set(device.id, { id: device.id, key: device.key, channels })
    into.deviceIds.set(device.key, device.id)
  }

  function take(into: Shelves, put: Put): void {
    switch (put.kind) {
      case 'deployment': {
        into.deployments.set(put.record.id, put.record)
        into.deploymentIds.set(put.record.key, put.record.id)
        break
      }
      case 'version': {
        const { id, modelId, name } = put.record
        into.versions.set(id, { versionId: id, schema: stableSchema(put.record) })
        into.versionIds.set(`${modelId}/${name}`, id)
        break
      }
      case 'device':
        takeDevice(into, put.record)
        break
      case 'connection':
        into.connections.set(put.record.id, put.record)
        break
      case 'mapping':
        into.mappings.set(put.record.id, put.record)
        into.enabledMappings.delete(put.record.connectionId)
        break
      case 'settings':
        into.timeBounds = put.record.timeBounds
        into.blobQuota = put.record.blobs?.quotaBytes ?? defaultBlobQuota
        break
    }
  }

  return {
    async load() {
      missed = []
      const fresh = createShelves()
      // Each list holds records of its own kind.
      for (const kind of ['settings', 'connection', 'mapping', 'version', 'device', 'deployment'] as const)
        for (const { record, revision } of await records.list(kind)) take(fresh, { kind, record, revision } as Put)
      for (const put of missed) take(fresh, put)
      missed = null
      shelves = fresh
    },
    apply(puts) {
      missed?.push(...puts)
      for (const put of puts) take(shelves, put)
    },
    deploymentId: (key) => shelves.deploymentIds.get(key) ?? null,
    version(deploymentId, name) {
      const deployment = shelves.deployments.get(deploymentId)
      if (deployment === undefined) return null
      const id = name === null ? deployment.versionId : shelves.versionIds.get(`${deployment.modelId}/${name}`)
      return id === undefined ? null : (shelves.versions.get(id) ?? null)
    },
    deviceId: (key) => shelves.deviceIds.get(key) ?? null,
    acceptsNewDevices(connectionId) {
      const config = shelves.connections.get(connectionId)?.config
      return config !== undefined && 'acceptsNewDevices' in config && config.acceptsNewDevices
    },
    connection: (id) => shelves.connections.get(id) ?? null,
    connections: () => shelves.connections.values(),
    channels: (deviceId) => shelves.devices.get(deviceId)?.channels ?? null,
    timeBounds: () => shelves.timeBounds,
    blobQuota: () => shelves.blobQuota,
    mappings(connectionId) {
      const known = shelves.enabledMappings.get(connectionId)
      if (known !== undefined) return known
      const enabled = [...shelves.mappings.values()].filter(
        (mapping) => mapping.connectionId === connectionId && mapping.isEnabled,
      )
      shelves.enabledMappings.set(connectionId, enabled)
      return enabled
    },
    disabledMappings: (connectionId) =>
      [...shelves.mappings.values()].filter((mapping) => mapping.connectionId === connectionId && !mapping.isEnabled),
  }
}
