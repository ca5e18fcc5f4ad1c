import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { checkMapping } from '../../../collect/files.ts'
import type { OutputOf } from '../../../contract/api.ts'
import type { ColumnMapping, Dataset, Task } from '../../../contract/model.ts'
import type { Job } from '../../../contract/workspace.ts'
import { readDataFile } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import { type OpenWorkspace, withWorkspace } from '../open-workspace.ts'
import { formatTable, writeJson } from '../output.ts'
import type { Surroundings } from '../surroundings.ts'
import { requireWorkspace, type WorkspaceOptions } from '../workspace.ts'
import { assignRoles, type RoleOptions } from './roles.ts'
import { stageFile } from './stage-file.ts'

export interface ImportOptions extends WorkspaceOptions, RoleOptions {
  readonly dryRun?: boolean
  readonly json?: boolean
}
export interface DatasetOptions extends ImportOptions {
  readonly model: string
  readonly name?: string
  readonly role: Dataset['role']
  readonly createModel?: Task
}
export interface SamplesOptions extends ImportOptions {
  readonly deployment: string
}

type Models = OutputOf<'models.list'>
interface Prepared {
  readonly digest: string
  readonly fileName: string
  readonly columns: ColumnMapping[]
  readonly rows: number
}

/** Imports a file as a dataset of a model. */
export async function importDataset(file: string, options: DatasetOptions, surroundings: Surroundings): Promise<void> {
  await run(file, options, surroundings, async (workspace) => {
    const target = await findModel(workspace, options)
    const prepared = await prepare(workspace, file, options, target)
    const { digest, fileName, columns } = prepared
    const { model: key, name = fileName, role } = options
    return {
      prepared,
      start: async () => {
        const modelId = target.id ?? (await createModel(workspace, key, target.task))
        return await workspace.call('imports.dataset', { digest, fileName, modelId, name, role, columns })
      },
    }
  })
}

/** Imports a file as samples or labels of a deployment. */
export async function importSamples(
  what: 'samples' | 'labels',
  file: string,
  options: SamplesOptions,
  surroundings: Surroundings,
): Promise<void> {
  await run(file, options, surroundings, async (workspace) => {
    const { deploymentId, model } = await findDeployment(workspace, options.deployment)
    const prepared = await prepare(workspace, file, options, model)
    const { digest, fileName, columns } = prepared
    return {
      prepared,
      start: () => workspace.call('imports.samples', { digest, fileName, deploymentId, columns, what }),
    }
  })
}

async function run(
  file: string,
  options: ImportOptions,
  surroundings: Surroundings,
  order: (workspace: OpenWorkspace) => Promise<{ prepared: Prepared; start: () => Promise<{ jobId: string }> }>,
): Promise<void> {
  const path = requireWorkspace(options)
  // What is no table is told before anything is brought into the workspace.
  await readDataFile(file)
  await withWorkspace(path, surroundings, async (workspace) => {
    const { prepared, start } = await order(workspace)
    if (options.dryRun) return tell(prepared, null, options, surroundings)
    const { jobId } = await start()
    tell(prepared, await workspace.finish(jobId, (message) => surroundings.err(message)), options, surroundings)
  })
}

function tell({ columns, rows }: Prepared, job: Job | null, { json }: ImportOptions, surroundings: Surroundings): void {
  const said = job === null ? `${rows} rows would be read; nothing was imported` : job.message
  if (json) {
    writeJson(surroundings, { imported: job !== null, message: said, result: job?.result ?? null, rows, columns })
    return
  }
  const table = formatTable(
    [{ title: 'column' }, { title: 'role' }, { title: 'type' }, { title: 'class' }],
    columns.map(({ name, role, type, className }) => [name, role, type, className ?? '']),
  )
  surroundings.out(`${said}\n\n${table}`)
}

async function prepare(
  workspace: OpenWorkspace,
  file: string,
  options: ImportOptions,
  model: TargetModel,
): Promise<Prepared> {
  const fileName = basename(file)
  const digest = await stageFile(workspace, file, randomBytes(16).toString('hex'))
  const preview = await workspace.call('imports.preview', { digest, fileName, modelId: model.id })
  const columns = assignRoles(preview.columns, options).map((column) =>
    // Class codes look like numbers, and are not.
    model.task !== 'regression' && (column.role === 'label' || column.role === 'prediction')
      ? { ...column, type: 'categorical' as const }
      : column,
  )
  const fault = checkMapping({ columns: columns.map(({ name }) => name) }, columns)
  if (fault !== null) throw new CliFault(`${fileName}: ${fault}`)
  return { digest, fileName, columns, rows: preview.rowCount }
}

/** `id` is null when the model is to be made. */
interface TargetModel {
  readonly id: string | null
  readonly task: Task
}

async function findModel(
  workspace: OpenWorkspace,
  { model: key, createModel: task }: DatasetOptions,
): Promise<TargetModel> {
  const models: Models = await workspace.call('models.list', {})
  const known = models.find(({ model }) => model.key === key)
  if (known !== undefined) return known.model
  if (task !== undefined) return { id: null, task }
  const keys = models.map(({ model }) => model.key)
  throw new CliFault(
    `--model: there is no model “${key}”${suggest(key, keys)}${keys.length === 0 ? '; --create-model binary makes it' : ''}`,
  )
}

async function createModel({ call }: OpenWorkspace, key: string, task: Task): Promise<string> {
  const { record } = await call('models.create', { key, name: key, description: '', task })
  return record.id
}

async function findDeployment(workspace: OpenWorkspace, key: string) {
  const models: Models = await workspace.call('models.list', {})
  const rows = models.flatMap(({ model, deployments }) => deployments.map((row) => ({ model, row })))
  const found = rows.find(({ row }) => row.key === key)
  if (found === undefined) {
    const keys = rows.map(({ row }) => row.key)
    throw new CliFault(`--deployment: there is no deployment “${key}”${suggest(key, keys)}`)
  }
  return { deploymentId: found.row.target.id, model: found.model }
}
