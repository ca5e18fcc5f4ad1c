import { AsyncLocalStorage } from 'node:async_hooks'
import { createEventSink } from '../../collect/event-sink.ts'
import { createIngest } from '../../collect/ingest.ts'
import { createIntake } from '../../collect/intake.ts'
import { previewMapping } from '../../collect/mapping/preview-mapping.ts'
import { createTranslator } from '../../collect/mapping/translator.ts'
import { createMetricsSink } from '../../collect/otlp/metrics-sink.ts'
import { findByToken, type PushConnection, pushRaw, unauthorised } from '../../collect/push.ts'
import { createRecentMessages } from '../../collect/recent-messages.ts'
import { parseTopic } from '../../collect/route.ts'
import type { Target } from '../../contract/finding.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { createMeasureBlobs } from '../blobs/measure-blobs.ts'
import type { ServiceContext } from '../context.ts'
import type { Arrival, Collection } from '../rooms.ts'
import { draftOf } from '../session/commit.ts'
import type { Append, Commit } from '../store-feeds.ts'
import { createArrivalLags } from './arrival-lags.ts'
import { readArrivals } from './arrivals.ts'
import { createConnectionStates, isLive } from './connection-states.ts'
import { createDeviceRegistrar } from './device-registrar.ts'
import { createLiveDirectory } from './live-directory.ts'
import { createProbeHistory } from './probe-history.ts'
import { createHeldRelease } from './release-held.ts'
import { createReplay } from './replay-letters.ts'
import { createReportedVersions } from './reported-versions.ts'
import { createRunningConnections } from './running-connections.ts'
import { createUpkeep } from './upkeep.ts'

export interface CollectionOptions {
  /** Gives a device that registered itself its monitors and limits. */
  readonly addDefaults: (target: Target) => Promise<void>
}

/** Counters of busy connections are told to pages at most this often. */
const countersToldMs = 2_000
/** What is still to be stored when the console closes has so long. */
const closeMs = 5_000

/** Ways in: brokers, endpoints and pushes, all through one intake into the store. */
export function createCollection(context: ServiceContext, { addDefaults }: CollectionOptions): Collection {
  const { store, log, now } = context
  // Sources live longer than the call that happened to start them, and what they write is not counted with it.
  const outsideOfCalls = AsyncLocalStorage.snapshot()
  const listeners = new Set<(arrival: Arrival) => void>()
  const directory = createLiveDirectory(store.records)
  const probes = createProbeHistory({ store, now, log })
  const lags = createArrivalLags(now)
  const states = createConnectionStates({
    store,
    now,
    onChange: (connectionId) =>
      context.events.publish('data.changed', { targets: [connectionId], what: ['connections'] }),
  })
  const registrar = createDeviceRegistrar({
    records: store.records,
    directory,
    now,
    newId: context.newId,
    log,
    onRegistered: (id) => addDefaults({ type: 'device', id }),
  })
  const recent = createRecentMessages()
  const reported = createReportedVersions(store, now)
  const translator = createTranslator(directory.mappings)
  const intake = createIntake({
    append: (batch) => store.samples.append(batch),
    putBlob: (bytes) => store.blobs.putSample(bytes, { quotaBytes: directory.blobQuota(), now: now() }),
    resolve: { ...directory, registerDevice: registrar.register },
    now,
    timeBounds: directory.timeBounds,
    translator,
    measure: createMeasureBlobs(context.intakeWorkers, log),
    onMessage: ({ connectionId, source, route, payload }, at) =>
      recent.note(connectionId, { at, source, isDocumented: route !== null, payload }),
    onProblem(problem) {
      states.noteStorage(problem)
      if (problem === null) log.info({}, 'The workspace can be written again')
      else log.error({ problem }, 'Nothing that arrives can be stored; it is asked for again')
    },
  })
  const connections = createRunningConnections({
    context,
    directory,
    states,
    probes,
    intake,
    translator,
    onPossibleLoss(connectionId, text) {
      log.warn({ connectionId }, text)
      const name = directory.connection(connectionId)?.name ?? connectionId
      const draft = draftOf(systemCaller, now(), {
        action: 'system.possibleLoss',
        subject: { kind: 'connection', id: connectionId, name },
        details: { text },
      })
      store.records
        .commit([], draft)
        .catch((error) => log.error({ connectionId, error }, 'A possible loss is unrecorded'))
    },
  })
  const upkeep = createUpkeep({ store, now, log, blobQuota: directory.blobQuota })
  const replay = createReplay({
    ...{ intake, directory, connection: directory.connection, now },
    bodyOf: (id) => store.intake.deadLetterBody(id),
  })
  const heldRelease = createHeldRelease({ intake: store.intake, replay, timeBounds: directory.timeBounds, now, log })
  const push = createIngest({ intake, connections: pushConnections })
  const metrics = createMetricsSink({ intake })
  const events = createEventSink({ intake, directory, now, kept: store.intake.halves })
  const busy = new Set<string>()
  let busyTimer: NodeJS.Timeout | null = null

  function pushConnections(): PushConnection[] {
    const open: PushConnection[] = []
    for (const { id, isEnabled, config } of directory.connections())
      if (isEnabled && config.kind === 'ingest') open.push({ connectionId: id, tokenDigest: config.tokenDigest })
    return open
  }

  function tellCounters(): void {
    busyTimer = null
    context.events.publish('data.changed', { targets: [...busy], what: ['connections'] })
    busy.clear()
  }

  function tellArrivals(arrivals: readonly Arrival[]): void {
    if (arrivals.length === 0) return
    context.events.publish('data.changed', {
      targets: [...new Set(arrivals.flatMap(({ targets }) => targets.map(({ id }) => id)))],
      what: [...new Set(arrivals.map(({ what }) => what))],
    })
    for (const arrival of arrivals)
      for (const listener of listeners)
        try {
          listener(arrival)
        } catch (error) {
          log.error({ error }, 'A listener failed on an arrival')
        }
  }

  function takeAppend(append: Append): void {
    states.count(append)
    registrar.noteTelemetry(append.batch.telemetry)
    reported.noteSamples(append.batch.samples)
    lags.note(append.batch.telemetry)
    lags.note(append.batch.samples.map(({ sample }) => sample))
    lags.note(append.batch.ahead ?? [])
    for (const { connectionId } of append.batch.counters) busy.add(connectionId)
    if (busy.size > 0) busyTimer ??= setTimeout(tellCounters, countersToldMs)
    tellArrivals(readArrivals(append.batch, append.result))
  }

  function takeCommit({ puts, labels }: Commit): void {
    directory.apply(puts)
    for (const { kind, record } of puts) {
      if (kind === 'connection') void outsideOfCalls(() => connections.reload(record.id))
      // A broker is asked for the topics of its mappings.
      if (kind === 'mapping') void outsideOfCalls(() => connections.reload(record.connectionId))
      if (kind === 'action') states.noteAction(record)
      if (kind === 'settings') upkeep.tidySoon()
    }
    const labelled = Map.groupBy(labels, ({ deploymentId }) => deploymentId)
    tellArrivals(
      [...labelled].map(([id, { length }]) => ({
        targets: [{ type: 'deployment', id }],
        what: 'labels',
        count: length,
      })),
    )
  }

  const stopListening = [context.commits.listen(takeCommit), context.appends.listen(takeAppend)]

  return {
    async start() {
      await directory.load()
      await states.load()
      await reported.load()
      await events.start()
      await probes.load(
        [...directory.connections()].flatMap(({ id, config }) => (config.kind === 'endpoint' ? [id] : [])),
      )
      // Ways out keep the state of their last use.
      for (const { id, config } of directory.connections())
        if (isLive(config)) void outsideOfCalls(() => connections.reload(id))
      outsideOfCalls(upkeep.start)
      outsideOfCalls(heldRelease.start)
    },
    stateOf: (connection) => states.of(connection),
    reload: (connectionId) => outsideOfCalls(() => connections.reload(connectionId)),
    refreshDirectory: () => directory.load(),
    endpointClient: (connection) => connections.endpointClient(connection),
    probes: (connectionId, window) => probes.read(connectionId, window),
    arrivalLags: (deviceId, window) => lags.read(deviceId, window),
    probeFacts: (connectionId) => states.probeFacts(connectionId),
    mapping: {
      recent: recent.of,
      note: (connectionId, { source, payload }) => {
        const { config } = directory.connection(connectionId) ?? {}
        const isDocumented = config?.kind === 'mqtt' && parseTopic(config.topicPrefix, source) !== null
        recent.note(connectionId, { at: now(), source, isDocumented, payload })
        context.events.publish('data.changed', { targets: [connectionId], what: ['connections'] })
      },
      preview: (connectionId, spec) =>
        previewMapping(spec, recent.of(connectionId), {
          directory: { ...directory, registerDevice: registrar.register },
          timeBounds: directory.timeBounds,
        }),
    },
    reportedVersion: reported.of,
    replay,
    onArrival(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async ingest({ token, route, body, headers = {} }) {
      if (route.kind !== 'cloudevents' && route.kind !== 'metrics' && route.kind !== 'raw')
        return await push({ token, route: route.kind, key: route.key, body, contentType: 'application/json' })
      const connection = findByToken(token, pushConnections())
      if (connection === null) return unauthorised
      const { connectionId } = connection
      switch (route.kind) {
        case 'metrics':
          return await metrics(connectionId, body)
        case 'cloudevents':
          return await events.take(connectionId, route.key, headers, body)
        case 'raw':
          return await pushRaw(intake, connectionId, route.key, body)
      }
    },
    async close() {
      upkeep.stop()
      heldRelease.stop()
      events.close()
      // The intake first: what it still stores is acknowledged while the sources are there.
      await intake.close(closeMs)
      await connections.close()
      await registrar.close()
      for (const stop of stopListening) stop()
      if (busyTimer !== null) clearTimeout(busyTimer)
      listeners.clear()
    },
  }
}
