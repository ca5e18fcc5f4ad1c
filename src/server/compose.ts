import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { makeProfileFold } from '../analysis/profile/fold.ts'
import type { Finding, Target } from '../contract/finding.ts'
import type { Caller } from '../contract/user.ts'
import type { WorkspaceSettings } from '../contract/workspace.ts'
import { demoAccounts } from '../demo/setup/people.ts'
import { systemCaller } from '../rules/audit-entry.ts'
import { createActions } from '../service/actions/actions.ts'
import { createAuditLog } from '../service/audit/audit-log.ts'
import { createCollection } from '../service/collection/collection.ts'
import { writeMetrics } from '../service/collection/metrics-text.ts'
import type { ConsoleService, OpenConsole } from '../service/console-service.ts'
import type { ServiceContext } from '../service/context.ts'
import { createFeed } from '../service/feed.ts'
import { createFleet } from '../service/fleet/fleet.ts'
import { createJobHandlers } from '../service/jobs/job-handlers.ts'
import { createJobs } from '../service/jobs/jobs.ts'
import { createWorkerPool } from '../service/jobs/worker-pool.ts'
import { createActionHandlers } from '../service/methods/actions.ts'
import { createAlertHandlers } from '../service/methods/alerts.ts'
import { createAuditHandlers } from '../service/methods/audit.ts'
import { createConnectionHandlers } from '../service/methods/connections.ts'
import { createDatasetHandlers } from '../service/methods/datasets.ts'
import { createDeadLetterHandlers } from '../service/methods/dead-letters.ts'
import { createDeploymentHandlers } from '../service/methods/deployments.ts'
import { createDeviceHandlers } from '../service/methods/devices.ts'
import { createExplanationHandlers } from '../service/methods/explanations.ts'
import { createFileHandlers } from '../service/methods/files.ts'
import { createFindingHandlers } from '../service/methods/findings.ts'
import { createImportHandlers } from '../service/methods/imports.ts'
import { createMappingHandlers } from '../service/methods/mappings.ts'
import { createModelHandlers } from '../service/methods/models.ts'
import { createMonitorHandlers } from '../service/methods/monitors.ts'
import { createOverviewHandlers } from '../service/methods/overview.ts'
import { createPerformanceHandlers } from '../service/methods/performance.ts'
import { createQualificationHandlers } from '../service/methods/qualification.ts'
import { createReleaseHandlers } from '../service/methods/releases.ts'
import { createReportHandlers } from '../service/methods/reports.ts'
import { createReviewHandlers } from '../service/methods/review.ts'
import { createSampleHandlers } from '../service/methods/samples.ts'
import { createSettingsHandlers } from '../service/methods/settings.ts'
import { createSliceHandlers } from '../service/methods/slices.ts'
import { createTelemetryHandlers } from '../service/methods/telemetry.ts'
import { createTestPlanHandlers } from '../service/methods/test-plans.ts'
import { createThresholdHandlers } from '../service/methods/thresholds.ts'
import { createTimelineHandlers } from '../service/methods/timeline.ts'
import { createVersionHandlers } from '../service/methods/versions.ts'
import { createHealth } from '../service/monitoring/health.ts'
import { createMonitoring } from '../service/monitoring/monitoring.ts'
import { createReleases } from '../service/releases/releases.ts'
import type { Monitoring } from '../service/rooms.ts'
import { createAuditWatch } from '../service/rpc/audit-watch.ts'
import { createEventHub } from '../service/rpc/event-hub.ts'
import type { Handlers } from '../service/rpc/handlers.ts'
import { announceCommits } from '../service/rpc/record-events.ts'
import { createSessionHandlers } from '../service/session/session-handlers.ts'
import { createSessions } from '../service/session/sessions.ts'
import { createUserHandlers } from '../service/session/user-handlers.ts'
import { type Append, type Commit, tellAppends, tellCommits, tellFindings } from '../service/store-feeds.ts'
import type { Tasks } from '../service/tasks/tasks.ts'
import { openSqliteStoreWithWriter } from '../store/sqlite/writer/open-with-writer.ts'
import { demoOptionsOf, openDemo } from './demo-host.ts'
import { limitHeaps } from './limit-heaps.ts'
import { createRecordIds } from './record-ids.ts'
import type { WorkerPurpose } from './worker.ts'

const productVersion = '0.1.0'
/** What arrives lives shortly: room for it to die young costs less than moving it about. */
const writerLimits = { maxYoungGenerationSizeMb: 32 }

/** Opens a workspace and puts everything that works on it together. */
export const openConsole: OpenConsole = async ({
  workspacePath,
  isDemo,
  log,
  vault,
  workerEntry,
  isPassive = false,
}) => {
  limitHeaps()
  const now = Date.now
  const purposeOf = (purpose: WorkerPurpose['purpose']): WorkerPurpose => ({ workspacePath, purpose })
  const newId = createRecordIds({ now, random: randomBytes })
  const events = createEventHub({ log })
  const audit = createAuditWatch()
  const commits = createFeed<Commit>(log)
  const appends = createFeed<Append>(log)
  const findings = createFeed<readonly Finding[]>(log)
  const opened = await openSqliteStoreWithWriter({
    path: workspacePath,
    fold: makeProfileFold(),
    startWriter: () =>
      new Worker(workerEntry, { workerData: purposeOf('write'), execArgv: [], resourceLimits: writerLimits }),
  })
  const store = {
    ...opened,
    records: tellCommits(announceCommits(audit.watch(opened.records), events), commits),
    samples: tellAppends(opened.samples, appends),
    findings: tellFindings(opened.findings, findings),
  }
  const sessions = createSessions({ now, random: randomBytes })
  const jobs = createJobs({ events, log, now, newId })
  const workers = createWorkerPool<Tasks>({
    entry: workerEntry,
    // Two at least: a preview that somebody waits for must not queue behind a long analysis.
    size: Math.max(2, Math.min(4, availableParallelism() - 1)),
    workerData: purposeOf('compute'),
  })
  const intakeWorkers = createWorkerPool<Tasks>({
    ...{ entry: workerEntry, size: 1, workerData: purposeOf('compute') },
  })
  const accounts = { records: store.records, now, newId, random: randomBytes }

  const newSettings = (name: string): WorkspaceSettings => ({
    id: 'set_workspace',
    name,
    isDemo,
    logOrigin: `assay.local/${randomBytes(8).toString('hex')}`,
    defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
    notifications: { desktop: true, webhookIds: [] },
    timeBounds: { maxFutureMs: 3_600_000, maxPastMs: 400 * 86_400_000 },
    createdAt: now(),
  })
  const context: ServiceContext = {
    workspacePath,
    isDemo,
    store,
    vault,
    events,
    jobs,
    workers,
    intakeWorkers,
    log,
    now,
    newId,
    random: Math.random,
    fetch: globalThis.fetch,
    settings: async () => (await store.records.get('settings', 'set_workspace'))?.record ?? newSettings('Workspace'),
    accounts,
    commits,
    appends,
  }

  // Set once it is made: collection and monitoring need each other.
  const rooms: { monitoring: Monitoring | null } = { monitoring: null }
  const addDefaults = async (target: Target, caller: Caller) => rooms.monitoring?.addDefaults(target, caller)
  const collection = createCollection(context, { addDefaults: (target) => addDefaults(target, systemCaller) })

  // A demo tells a month in minutes: what comes is asked about sooner.
  const monitoring = createMonitoring(context, collection, { minimumIntervalMs: isDemo ? 10_000 : 60_000 })
  rooms.monitoring = monitoring
  const actions = createActions(context, collection, { environment: process.env })
  const health = createHealth(context)
  const { reportedVersion } = collection
  const fleet = createFleet({ ...{ store, health, reportedVersion, commits, appends, findings, now, log } })

  const auditLog = createAuditLog(context)

  const releases = createReleases(context, { collection, actions })

  const handlers: Handlers = {
    ...createSessionHandlers({ ...accounts, sessions, productVersion, demoAccounts, newSettings }),
    ...createUserHandlers({ ...accounts, sessions }),
    ...createAuditHandlers(context, auditLog),
    ...createTestPlanHandlers(context),
    ...createReleaseHandlers(context, releases),
    ...createJobHandlers({ jobs, records: context.store.records, now }),
    ...createConnectionHandlers({ context, collection, addDefaults }),
    ...createDeadLetterHandlers(context, collection),
    ...createMappingHandlers(context, collection),
    ...createModelHandlers(context, health),
    ...createVersionHandlers(context),
    ...createDeploymentHandlers({ context, addDefaults }),
    ...createDatasetHandlers(context),
    ...createSliceHandlers(context),
    ...createFileHandlers(context),
    ...createImportHandlers(context),
    ...createSampleHandlers(context),
    ...createExplanationHandlers(context, collection),
    ...createReviewHandlers(context),
    ...createSettingsHandlers(context),
    ...createQualificationHandlers(context),
    ...createOverviewHandlers(context, health, fleet, collection),
    ...createDeviceHandlers(context, health, fleet, monitoring),
    ...createTelemetryHandlers(context),
    ...createReportHandlers(context, monitoring),
    ...createFindingHandlers(context),
    ...createMonitorHandlers(context, monitoring),
    ...createThresholdHandlers(context, monitoring),
    ...createAlertHandlers(context, actions),
    ...createActionHandlers(context, actions),
    ...createPerformanceHandlers(context),
    ...createTimelineHandlers(context),
  }

  const startedAt = now()
  const service: ConsoleService = {
    handlers,
    events,
    sessions,
    audit,
    ingest: collection.ingest,
    async metrics() {
      const [connections, deadLetters, held, { databaseBytes }] = await Promise.all([
        store.records.list('connection'),
        store.intake.deadLetterCounts(),
        store.intake.heldCounts(),
        store.facts(),
      ])
      return writeMetrics({
        connections: connections.map(({ record }) => ({ record, state: collection.stateOf(record) })),
        ...{ deadLetters, held, databaseBytes, startedAt, memoryBytes: process.memoryUsage.rss() },
      })
    },
    async close() {
      const failures: unknown[] = []
      // Whatever fails to close, the rest is closed all the same: the workspace last.
      const all = [monitoring, jobs, releases, actions, collection, fleet, auditLog, workers, intakeWorkers, store]
      for (const part of all)
        try {
          await part.close()
        } catch (error) {
          failures.push(error)
          log.error({ error }, 'A part of the console did not close in good order')
        }
      if (failures.length > 0) throw failures[0]
    },
  }
  try {
    await auditLog.start()
    if (isPassive) return service
    await collection.start()
    await releases.start()
    await actions.start()
    await monitoring.start()
    // So that the first look at the devices need not wait for it.
    fleet.load().catch((error) => log.error({ error }, 'The devices could not be read'))
    if (!isDemo) return service
    const demo = await openDemo(
      { context, service, monitoring, workerEntry, announce: (sentence) => console.log(sentence) },
      demoOptionsOf(process.env),
    )
    return {
      ...service,
      async close() {
        try {
          await demo.close()
        } finally {
          await service.close()
        }
      },
    }
  } catch (error) {
    await service.close().catch(() => undefined)
    throw error
  }
}
