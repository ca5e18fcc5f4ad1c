import { qualify } from '../../analysis/qualification/qualify.ts'
import type { SchemaSpec } from '../../contract/model.ts'
import type { Store } from '../../store/store.ts'
import { verifyLog } from '../audit/verify-log.ts'
import { type MeasureFileOrder, measureFile } from '../blobs/measure-file.ts'
import { type ExplanationOrder, explainByFile } from '../explanations/explain-by-file.ts'
import { placeStoredSample, type SampleOrder } from '../explanations/place-sample.ts'
import { gatherExport } from '../export/gather.ts'
import type { ExportOrder } from '../export/order.ts'
import { encodeFile, type FileOrder, type MappedFileOrder, previewFile, readRows } from '../imports/read-file.ts'
import type { TaskContext, TaskRegistry } from '../jobs/task.ts'
import { inspectOnnx } from '../models/inspect-onnx.ts'
import { type BinningOrder, binReference } from '../models/reference-binning.ts'
import { type JudgeOrder, judgeStoredEvidence } from '../releases/judge-task.ts'
import { type RankOrder, rankSamples } from '../review/rank-samples.ts'
import { createAnalysisTasks } from './analysis-tasks.ts'
import { type BackTestOrder, backTest } from './back-test.ts'
import { createSliceTasks } from './slice-tasks.ts'

/** What tasks in a worker may use: the workspace, for reading alone. */
export interface TaskParts {
  readonly store: Store
}

/** Everything that runs in workers. Payloads and results cross by structured clone. */
export function createTasks(parts: TaskParts) {
  return {
    ...createAnalysisTasks(parts),
    ...createSliceTasks(parts),
    'explanations.ask': (order: ExplanationOrder, context: TaskContext) => explainByFile(parts, order, context),
    'explanations.envelope': (order: SampleOrder) => placeStoredSample(parts, order),
    'blobs.measure': (orders: readonly MeasureFileOrder[]) => orders.map(measureFile),
    'thresholds.backTest': (order: BackTestOrder, context: TaskContext) => backTest(parts, order, context),
    'models.inspectOnnx': (digest: string) => inspectOnnx(parts, digest),
    'models.binReference': (order: BinningOrder) => binReference(parts, order),
    'imports.preview': (order: FileOrder & { readonly schema: SchemaSpec | null }) => previewFile(parts, order),
    'imports.readRows': (order: MappedFileOrder) => readRows(parts, order),
    'imports.encodeFile': (order: MappedFileOrder) => encodeFile(parts, order),
    'review.rank': (order: RankOrder) => rankSamples(parts, order),
    'qualification.run': (_: null, context: TaskContext) => qualify(context),
    'audit.verify': (trustedKeyId: string | null, { cancellation }: TaskContext) =>
      verifyLog(parts.store, trustedKeyId, cancellation),
    'releases.judge': (order: JudgeOrder, context: TaskContext) => judgeStoredEvidence(parts.store, order, context),
    'audit.gatherExport': (order: ExportOrder & { readonly keyId: string }, context: TaskContext) =>
      gatherExport(parts.store, order, context),
  } satisfies TaskRegistry
}
export type Tasks = ReturnType<typeof createTasks>
