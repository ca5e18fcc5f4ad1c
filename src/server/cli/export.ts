import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { CliFault } from './fault.ts'
import { suggest } from './near-matches.ts'
import type { OpenWorkspace } from './open-workspace.ts'
import { addRequired, addToList } from './options.ts'
import { writeJson } from './output.ts'
import type { Surroundings } from './surroundings.ts'
import { addWorkspaceOption, requireWorkspace, type WorkspaceOptions } from './workspace.ts'

interface ExportOptions extends WorkspaceOptions {
  readonly out: string
  readonly release?: string[]
  readonly model?: string
  readonly title?: string
  readonly reason: string
  readonly force?: boolean
  readonly json?: boolean
}

/** `export`: releases with all their evidence as one file that verifies itself. */
export function createExportCommand(surroundings: Surroundings): Command {
  const command = addWorkspaceOption(
    new Command('export').description('write releases with their evidence and log proofs to one file for an auditor'),
  )
  addRequired(command, '--out <file>', 'file to write')
  return addRequired(command, '--reason <text>', 'why; it goes into the audit log')
    .option('--release <ids>', 'ids of the releases; default: all', addToList)
    .option('--model <key>', 'all releases of this model')
    .option('--title <text>', 'title of the report')
    .option('--force', 'write over a file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `\nExample:\n  $ assay export --workspace ./park --model cat-dog --reason "audit of 2026" --out cat-dog.zip\n  $ assay verify cat-dog.zip\n\nThe console must not have the workspace open.`,
    )
    .action((options: ExportOptions) => exportReleases(options, surroundings))
}

async function exportReleases(options: ExportOptions, surroundings: Surroundings): Promise<void> {
  const path = requireWorkspace(options)
  const out = resolve(options.out)
  if (existsSync(out) && !options.force) throw new CliFault(`--out: ${out} exists already; --force writes over it`)
  const { withWorkspace } = await import('./open-workspace.ts')
  await withWorkspace(path, surroundings, async (workspace) => {
    const releaseIds = await chooseReleases(workspace, options)
    const title = options.title ?? (options.model === undefined ? 'Audit export' : `Audit export of ${options.model}`)
    const { jobId } = await workspace.call('audit.export', { releaseIds, title, reason: options.reason })
    const { result: digest } = await workspace.finish(jobId, (message) => surroundings.err(message))
    if (digest === null) throw new CliFault('the export has ended without a file')
    const bytes = await writeBlob(workspace, digest, out)
    if (options.json) writeJson(surroundings, { file: out, digest, bytes, releases: releaseIds })
    else surroundings.out(`${out}: ${bytes} bytes, SHA-256 ${digest}, releases ${releaseIds.join(', ')}\n`)
  })
}

async function chooseReleases({ call }: OpenWorkspace, { release, model }: ExportOptions): Promise<string[]> {
  const all = await call('releases.list', { modelId: null })
  const ids = all.map(({ record }) => record.id)
  for (const id of release ?? [])
    if (!ids.includes(id)) throw new CliFault(`--release: there is no release “${id}”${suggest(id, ids)}`)
  const models = await call('models.list', {})
  const wanted = models.find((known) => known.model.key === model)?.model.id
  if (model !== undefined && wanted === undefined) {
    const keys = models.map((known) => known.model.key)
    throw new CliFault(`--model: there is no model “${model}”${suggest(model, keys)}`)
  }
  const chosen = all
    .filter(({ record }) => release?.includes(record.id) ?? (wanted === undefined || record.modelId === wanted))
    .map(({ record }) => record.id)
  if (chosen.length === 0) throw new CliFault('there is no release to export')
  return chosen
}

/** Writes a stored file under a temporary name and gives it its own when it is whole. */
async function writeBlob({ call }: OpenWorkspace, digest: string, out: string): Promise<number> {
  const partial = `${out}.${process.pid}.partial`
  try {
    const file = await open(partial, 'wx')
    let offset = 0
    try {
      for (let total = 1; offset < total; ) {
        const { base64, totalBytes } = await call('files.read', { digest, offset })
        const bytes = Buffer.from(base64, 'base64')
        await file.appendFile(bytes)
        offset += bytes.length
        total = totalBytes
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, out)
    return offset
  } catch (error) {
    await rm(partial, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    throw code === undefined ? error : new CliFault(`--out: ${out} cannot be written: ${message}`)
  }
}
