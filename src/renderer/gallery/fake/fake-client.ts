import type { EventName, InputOf, MethodName, OutputOf, PayloadOf } from '../../../contract/api.ts'
import { RpcError } from '../../../contract/rpc.ts'
import type { Role } from '../../../contract/user.ts'
import type { Job } from '../../../contract/workspace.ts'
import type { ReconnectingClient } from '../../rpc/reconnecting-client.ts'
import { labelBiasOfPark } from './fairness.ts'
import { governanceAnswers } from './governance/answers.ts'
import {
  columns,
  datasets,
  dayMs,
  deployments,
  deploymentTarget,
  devices,
  digestOf,
  findingOf,
  health,
  hourMs,
  knockAt,
  model,
  nowAt,
  overview,
  versions,
} from './park.ts'
import { drawPicture } from './picture.ts'
import { gaussian, generator } from './random.ts'
import { reportOf } from './reports.ts'
import { samples } from './samples.ts'
import { cohortSeries, cohorts, heatMapOf } from './slices.ts'

type Answers = { [M in MethodName]?: (input: InputOf<M>) => OutputOf<M> | Promise<OutputOf<M>> }

/** `empty`: nothing is watched; `failing`: every question is refused; `slow`: nothing ever answers. */
export type Mood = 'park' | 'empty' | 'failing' | 'slow'

const revisioned = <T>(record: T) => ({ revision: 1, record })

/** A service in memory that answers what pages ask about the made-up park. */
export function createFakeClient(mood: Mood, role: Role): ReconnectingClient {
  const listeners = new Map<EventName, Set<(payload: never) => void>>()
  const jobs: Job[] = []
  const publish = <E extends EventName>(event: E, payload: PayloadOf<E>) => {
    // Listeners were added under this very event.
    for (const listener of listeners.get(event) ?? []) (listener as (payload: PayloadOf<E>) => void)(payload)
  }

  function startJob(title: string): { jobId: string } {
    const job: Job = {
      id: `job_${jobs.length + 1}`,
      kind: 'gallery',
      title,
      state: 'running',
      progress: 0,
      message: 'reading samples',
      startedAt: Date.now(),
      finishedAt: null,
      problem: null,
      result: null,
    }
    jobs.unshift(job)
    const update = (changes: Partial<Job>) => {
      Object.assign(job, changes)
      publish('job.updated', { ...job })
    }
    const timer = setInterval(() => {
      if (job.finishedAt !== null) return clearInterval(timer)
      const progress = Math.min(1, (job.progress ?? 0) + 0.1)
      update(progress < 1 ? { progress } : { progress, state: 'succeeded', finishedAt: Date.now() })
    }, 300)
    return { jobId: job.id }
  }

  const base: Answers = {
    'session.state': () => ({
      workspaceName: 'Pet park Barcelona',
      isDemo: true,
      needsSetUp: false,
      user: {
        id: 'usr_1',
        login: 'quim',
        name: 'Quim Expert',
        roles: [role],
        keyId: digestOf(77),
        publicKeyPem: '',
        isDisabled: false,
        createdAt: nowAt - 60 * dayMs,
      },
      productVersion: '0.1.0',
      demoAccounts: [],
    }),
    'overview.get': () =>
      mood === 'empty'
        ? {
            ...overview,
            headline: {
              status: 'unknown',
              text: 'Nothing is watched yet: connect a broker or an endpoint, or import a file',
            },
            deployments: [],
            devices: [],
            connections: [],
            openAlerts: { critical: 0, warning: 0 },
            releasesInProgress: 0,
            storedSamples: 0,
          }
        : overview,
    'jobs.list': () => jobs.map((job) => ({ ...job })),
    'jobs.cancel': ({ id }) => {
      const job = jobs.find((each) => each.id === id)
      if (job === undefined) throw new RpcError('not-found', 'There is no such job')
      Object.assign(job, { state: 'cancelled', finishedAt: Date.now() })
      publish('job.updated', { ...job })
      return job
    },
    'alerts.list': () => ({ items: [], nextCursor: null, total: 0 }),
    'connections.list': () => [],
    'releases.list': () => [],
    'devices.list': () => ({
      nextCursor: null,
      total: devices.length,
      items: devices.map((row) => ({
        device: {
          id: row.target.id,
          key: row.key,
          name: row.name,
          site: 'Park',
          firmware: '2.1',
          tags: [],
          channels: [],
          createdAt: nowAt,
        },
        health: row,
        versions: { desired: null, reported: null, isAsDesired: null },
      })),
    }),
    'devices.names': () => devices.map(({ target, key, name }) => ({ id: target.id, key, name })),
    'devices.get': ({ id }) => ({
      device: revisioned({
        id,
        key: 'camera-1',
        name: 'camera-1',
        site: 'North gate',
        firmware: '2.1',
        tags: [],
        channels: [
          {
            name: 'temperature',
            unit: '°C',
            range: [-20, 85],
            limit: null,
            expectedEveryMs: 60_000,
            stuckAfterMs: null,
          },
          {
            name: 'accelerometer.x',
            unit: 'm/s²',
            range: [-40, 40],
            limit: null,
            expectedEveryMs: 60_000,
            stuckAfterMs: null,
          },
        ],
        createdAt: nowAt - 60 * dayMs,
      }),
      health: devices[0],
      versions: { desired: null, reported: null, isAsDesired: null },
      deployments: [{ id: 'dep_production', name: 'cat-dog' }],
    }),
    'models.list': () => (mood === 'empty' ? [] : [{ model, versions: versions.length, deployments: health }]),
    'models.get': ({ id }) => {
      if (id !== model.id) throw new RpcError('not-found', 'There is no such model')
      return {
        model: revisioned(model),
        versions: versions.map(revisioned),
        deployments: deployments.map(revisioned),
        health,
        datasets: datasets.map(revisioned),
        certifiedVersionIds: ['ver_130', 'ver_120'],
      }
    },
    'reports.latest': ({ kind, target }) => (target.id === deploymentTarget.id ? reportOf(kind) : null),
    'reports.run': ({ kind }) => startJob(`${kind} of cat-dog`),
    'thresholds.list': () => [
      revisioned({
        id: 'thr_1',
        target: deploymentTarget,
        version: 3,
        limits: [
          {
            kind: 'performance',
            subject: { metric: 'accuracy' },
            direction: 'below',
            warning: 0.92,
            breach: 0.9,
            upperBreach: null,
            persistence: { k: 2, of: 3 },
            severity: 'critical',
          },
        ],
        authorId: 'usr_1',
        reason: 'agreed with the park',
        backTest: {
          window: { from: nowAt - 90 * dayMs, to: nowAt },
          findings: 90,
          weeks: [],
          silenced: 0,
          added: 0,
          note: '',
        },
        isActive: true,
        createdAt: nowAt - 20 * dayMs,
      }),
    ],
    'datasets.labelBias': () => labelBiasOfPark,
    'cohorts.list': () => cohorts,
    'cohorts.series': ({ window, bucketMs = dayMs }) => cohortSeries(window, bucketMs),
    'errors.heatMap': ({ columns }) => heatMapOf(columns),
    'samples.nearest': () => ({
      lookedAt: 1204,
      nearest: samples.slice(3, 8).map((sample, i) => ({ sample, distance: 0.012 * (i + 1), isRight: i !== 2 })),
    }),
    'findings.list': ({ kind, window }) => ({
      items:
        kind === 'fairness'
          ? ['accuracyDifference', 'demographicParityDifference'].map((metric) =>
              findingOf('fairness', { metric, column: 'light' }, 0.2, { window }),
            )
          : [],
      nextCursor: null,
      total: null,
    }),
    'findings.series': ({ window, subject }) => {
      const random = generator(11)
      const days = Math.max(1, Math.round((window.to - window.from) / (6 * hourMs)))
      return Array.from({ length: days }, (_, index) => {
        const to = window.from + (index + 1) * 6 * hourMs
        const value = (to > knockAt ? 0.4 : 0.05) + 0.04 * random()
        return findingOf('drift', subject, value, {
          id: `fnd_${index}`,
          window: { from: to - dayMs, to },
          status: value > 0.2 ? 'breach' : 'ok',
          n: 5,
        })
      })
    },
    'performance.series': ({ window, bucketMs, metrics }) => {
      const random = generator(7)
      const buckets = Math.floor((window.to - window.from) / bucketMs)
      return {
        buckets: Array.from({ length: buckets }, (_, index) => {
          const from = window.from + index * bucketMs
          const value = (from >= knockAt ? 0.88 : 0.952) + 0.012 * gaussian(random)
          const n = 30 + Math.round(60 * random())
          const interval: [number, number] = [value - 0.03, Math.min(1, value + 0.02)]
          return {
            from,
            n: n * 3,
            labelled: n,
            metrics: Object.fromEntries(metrics.map((metric) => [metric, { value, n, interval }])),
            predictedShares: { cat: from >= knockAt ? 0.43 : 0.5, dog: from >= knockAt ? 0.57 : 0.5 },
          }
        }),
      }
    },
    'timeline.get': () => ({
      marks: [
        { at: knockAt, kind: 'device', title: 'accelerometer.x shifted', path: '/devices/dev_camera' },
        { at: nowAt - 4 * dayMs, kind: 'action', title: 'retrained', path: null },
      ],
      spans: [{ from: knockAt, to: nowAt, kind: 'breach', title: 'accuracy below its limit' }],
      verdict: {
        kind: 'sensor-fault' as const,
        since: knockAt,
        sentence:
          'Likely a sensor fault since 19 Nov 17:20 UTC: Accelerometer.x has shifted on camera-1, then Accuracy below 0.90 on cat-dog.',
        evidence: [
          { at: knockAt, role: 'cause' as const, title: 'Accelerometer.x has shifted on camera-1', path: null },
          { at: knockAt + 3_600_000, role: 'symptom' as const, title: 'Accuracy below 0.90 on cat-dog', path: null },
        ],
        ruledOut: ['drift of inputs that rest on a faulty sensor is no change of the world'],
      },
    }),
    'telemetry.series': ({ channels, window }) =>
      channels.map((channel) => {
        const at = Array.from({ length: 600 }, (_, index) => window.from + ((window.to - window.from) * index) / 600)
        return {
          channel,
          unit: channel === 'temperature' ? '°C' : 'm/s²',
          at,
          value: at.map((each) =>
            channel === 'temperature' ? 18 + 6 * Math.sin(each / 4e6) : each > knockAt ? -1.7 : 0.1,
          ),
          points: 6000,
          isDownsampled: true,
        }
      }),
    'samples.list': ({ limit = 100, cursor, filter = {}, window }) => {
      const matching = samples.filter(
        (sample) =>
          sample.at >= window.from &&
          sample.at < window.to &&
          (filter.prediction === undefined || sample.prediction === filter.prediction) &&
          (filter.label === undefined || sample.label === filter.label) &&
          (filter.isLabelled === undefined || (sample.label !== null) === filter.isLabelled) &&
          (filter.isError === undefined ||
            (sample.label !== null && (sample.label !== sample.prediction) === filter.isError)) &&
          (filter.column === undefined || String(sample.inputs[filter.column.name]) === filter.column.value),
      )
      const start = Number(cursor ?? 0)
      return {
        items: matching.slice(start, start + limit),
        nextCursor: start + limit < matching.length ? String(start + limit) : null,
        total: matching.length,
      }
    },
    'samples.get': ({ id }) => {
      const sample = samples.find((each) => each.id === id)
      if (sample === undefined) throw new RpcError('not-found', 'There is no such sample')
      return { sample, versionName: '1.3.0' }
    },
    'review.queue': ({ limit = 50, strategy }) =>
      samples
        .filter((sample) => sample.label === null)
        .slice(0, limit)
        .map((sample) => ({
          sample,
          reason: strategy === 'random' ? 'drawn at random' : 'the two classes score 0.51 and 0.49',
        })),
    'review.label': ({ labels }) => ({ applied: labels.length, unchanged: 0 }),
    'files.stage': async ({ isLast, offset, base64 }) => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      return { receivedBytes: offset + Math.floor(base64.length * 0.75), digest: isLast ? digestOf(9) : null }
    },
    'files.read': async ({ digest }) => {
      const base64 = await drawPicture(digest)
      return { base64, totalBytes: atob(base64).length, mediaType: 'image/png' }
    },
    'imports.preview': () => ({
      format: 'csv',
      columns: [
        { name: 'id', role: 'id', type: 'categorical' },
        { name: 'time', role: 'time', type: 'categorical' },
        ...columns.slice(1).map(({ name, type, isGroup }) => ({
          name,
          type,
          role: isGroup ? ('group' as const) : ('feature' as const),
        })),
        { name: 'prediction', role: 'prediction', type: 'categorical' },
        { name: 'p_dog', role: 'score', type: 'numeric', className: 'dog' },
      ],
      rows: samples
        .slice(0, 20)
        .map((sample) => [
          sample.id,
          new Date(sample.at).toISOString(),
          ...columns.slice(1).map(({ name }) => String(sample.inputs[name] ?? '')),
          String(sample.prediction),
          String(sample.scores?.dog.toFixed(3)),
        ]),
      rowCount: 20_000,
      errors: [
        { row: 17, column: 'brightness', message: 'this is not a number: "bright"' },
        { row: 4012, column: null, message: 'the row has 7 cells, the header 9' },
      ],
      errorCount: 2,
    }),
    'imports.dataset': () => startJob('Importing park.csv'),
    'imports.samples': () => startJob('Importing park.csv'),
  }

  const answers = { ...base, ...governanceAnswers(base, mood === 'empty') }

  const refuse = (method: MethodName): never => {
    throw new RpcError('unavailable', `${method} has no answer in the gallery`)
  }
  return {
    state: () => 'connected',
    opened: () => 1,
    onState: () => () => {},
    reopen: async () => {},
    close: () => {},
    async call(method, input) {
      if (mood === 'slow' && method !== 'session.state') return await new Promise(() => {})
      if (mood === 'failing' && method !== 'session.state') {
        throw new RpcError('unavailable', 'The database is busy: another program holds it open.')
      }
      const answer = answers[method] as ((given: InputOf<typeof method>) => OutputOf<typeof method>) | undefined
      return answer === undefined ? refuse(method) : await answer(input)
    },
    subscribe(event, listener) {
      const heard = listeners.get(event) ?? new Set()
      listeners.set(event, heard.add(listener as (payload: never) => void))
      return () => heard.delete(listener as (payload: never) => void)
    },
  }
}
