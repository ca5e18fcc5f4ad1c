import { Command } from 'commander'
import type { Qualification, QualificationCase } from '../../contract/qualification.ts'
import { Negative } from './fault.ts'
import { formatTable, formatValue, writeJson } from './output.ts'
import type { Surroundings } from './surroundings.ts'
import { requireWorkspace, type WorkspaceOptions } from './workspace.ts'

interface QualifyOptions extends WorkspaceOptions {
  readonly json?: boolean
  readonly all?: boolean
}

/** `qualify`: the installed engine answers what is known, and is held to what its tests and intervals promise. */
export function createQualifyCommand(surroundings: Surroundings): Command {
  return new Command('qualify')
    .description(
      'examine the installed analysis engine: known answers, rejection rates without a difference, coverage of intervals',
    )
    .option('--workspace <folder>', 'folder of a workspace that keeps the result (default: none)')
    .option('--all', 'list every case, not only those that failed')
    .option('--json', 'print one JSON object with every case')
    .addHelpText(
      'after',
      `
Example:
  $ assay qualify --json > qualification.json

Without --workspace nothing is kept. With it the result is kept in the workspace and stamped into its reports and audit exports;
the console must not have the workspace open. Simulations are seeded: one engine on one machine gives one result.
Exit code 0: every case passed; 1: one failed, and it is named.`,
    )
    .action((options: QualifyOptions) => runQualify(options, surroundings))
}

async function runQualify(options: QualifyOptions, surroundings: Surroundings): Promise<void> {
  const result = options.workspace === undefined ? await examineHere() : await examineIn(options, surroundings)
  if (options.json) writeJson(surroundings, result)
  else surroundings.out(textOf(result, options.all ?? false))
  if (!result.isQualified) throw new Negative()
}

async function examineHere(): Promise<Qualification> {
  const [{ qualify }, { uninterrupted }, { describeMachine }] = await Promise.all([
    import('../../analysis/qualification/qualify.ts'),
    import('../../analysis/answer.ts'),
    import('../../service/methods/qualification.ts'),
  ])
  return { ...qualify(uninterrupted), at: Date.now(), machine: describeMachine() }
}

async function examineIn(options: QualifyOptions, surroundings: Surroundings): Promise<Qualification> {
  const path = requireWorkspace(options)
  const { withWorkspace } = await import('./open-workspace.ts')
  return await withWorkspace(path, surroundings, async ({ call, finish }) => {
    const { jobId } = await call('qualification.run', {})
    await finish(jobId, (message) => surroundings.err(message))
    const { result } = await call('qualification.get', {})
    if (result === null) throw new Error('the examination has left no result')
    return result
  })
}

const groups: Record<QualificationCase['group'], string> = {
  'known-answer': 'known answers',
  'null-calibration': 'rejection rates without a difference',
  coverage: 'coverage of intervals',
}

function textOf({ engine, machine, passed, total, isQualified, cases }: Qualification, all: boolean): string {
  const head = `${isQualified ? 'QUALIFIED' : 'NOT QUALIFIED'}  ${engine} on ${machine}: ${passed} of ${total} cases\n`
  const summary = formatTable(
    [{ title: 'group' }, { title: 'passed', align: 'right' }, { title: 'of', align: 'right' }],
    Object.entries(groups).map(([group, title]) => {
      const own = cases.filter((item) => item.group === group)
      return [title, String(own.filter(({ isPassed }) => isPassed).length), String(own.length)]
    }),
  )
  const shown = cases.filter(({ isPassed }) => all || !isPassed)
  if (shown.length === 0) return `${head}\n${summary}`
  const list = formatTable(
    [
      { title: 'verdict' },
      { title: 'subject' },
      { title: 'case' },
      { title: 'expected', align: 'right' },
      { title: 'got', align: 'right' },
      { title: 'passes within' },
      { title: 'source' },
    ],
    shown.map(({ isPassed, subject, name, expected, got, low, high, source }) => [
      ...[isPassed ? 'ok' : 'FAILED', subject, name, formatValue(expected), formatValue(got)],
      ...[`${formatValue(low)} to ${formatValue(high)}`, source],
    ]),
  )
  return `${head}\n${summary}\n${list}`
}
