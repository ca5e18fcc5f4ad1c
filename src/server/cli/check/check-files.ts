import { type Command, Option } from 'commander'
import { type FileQuestion, fileQuestions, toJson } from '../analyze.ts'
import { CliFault, Negative } from '../fault.ts'
import { addCommonOptions, type CommonOptions, wholeNumber } from '../options.ts'
import { formatInterval, formatTable, formatValue, type Output, writeJson } from '../output.ts'
import type { Asked } from '../questions/asked.ts'
import { type GateLimit, type GateResult, type Judging, judgings, parseLimit } from './limits.ts'
import { decide } from './verdict.ts'

interface GateOptions extends CommonOptions {
  readonly max?: string[]
  readonly min?: string[]
  readonly judge: Judging
  readonly minN?: number
  readonly allowInsufficient?: boolean
}

/** A fact like a missing column needs no rows to be one. */
const minNOf: Record<string, number> = { integrity: 1 }
const defaultMinN = 30

const collect = (text: string, before: string[] = []) => [...before, text]

const examples: Record<string, string> = {
  drift: '--reference train.csv --current today.csv --max driftedShare=0.3 --max psi:age=0.2',
  performance:
    '--data predictions.csv --label y_true --prediction y_pred --min accuracy=0.9 --min recall=0.8 --judge strict',
  fairness:
    '--data predictions.csv --label y --prediction p --positive 1 --group race --max equalizedOddsDifference=0.1 --min accuracy:*=0.8',
  integrity: '--reference train.csv --current today.csv --max missingShare=0.05 --max unseenCategoryShare=0',
  compare: '--data predictions.csv --label y_true --prediction old --other new --min accuracy=-0.01 --judge lenient',
  errors: '--data predictions.csv --label y_true --prediction y_pred --max worstSliceErrorRate=0.25',
  stream: '--data errors.csv --value is_wrong --max alarms:sequentialRanks=0',
  telemetry: '--data temperature.csv --time timestamp --value value --max alarms=0',
}

const limitHelp = `Limits: metric=number, or metric:where=number for one column, class or group (where * is every one). Without a place a limit is on
the whole, or, for what is measured only by column, on each column. A wrong metric is refused with those there are.

How a number is held against its limit (--judge):
  value    the number itself
  strict   all of its interval: passes only what is proven to be good
  lenient  fails only what is proven to be bad: all of its interval, or the test behind it, is past the limit

A limit of which nothing can be judged (fewer rows than --min-n) fails too, unless --allow-insufficient. Exit code 0: all limits
hold; 1: a limit is broken; 2: the question could not be asked.`

/** The checks of files: the questions of `analyze`, with limits and an exit code. */
export function addFileChecks(check: Command, output: Output): void {
  for (const question of fileQuestions) {
    const command = check.command(question.name).description(`${question.summary}, against limits`)
    addCommonOptions(question.addOptions(command))
      .option('--max <metric=limit>', 'the metric may be at most this; may be repeated', collect)
      .option('--min <metric=limit>', 'the metric must be at least this; may be repeated', collect)
      .addOption(new Option('--judge <how>', 'how numbers are held against limits').choices(judgings).default('value'))
      .option(
        '--min-n <rows>',
        `numbers of fewer rows are not judged (default: ${minNOf[question.name] ?? defaultMinN})`,
        wholeNumber,
      )
      .option('--allow-insufficient', 'pass where nothing can be judged')
      .addHelpText('after', `\nExample:\n  $ assay check ${question.name} ${examples[question.name]}\n\n${limitHelp}`)
      .action((options: GateOptions) => checkFile(question, options, output))
    if (question.notes) command.addHelpText('after', `\n${question.notes}`)
  }
}

async function checkFile(question: FileQuestion, options: GateOptions, output: Output): Promise<void> {
  const limits = [
    ...(options.min ?? []).map((text) => parseLimit('min', text)),
    ...(options.max ?? []).map((text) => parseLimit('max', text)),
  ]
  if (limits.length === 0 && question.name === 'performance')
    throw new CliFault('check performance needs a limit: --min accuracy=0.9, --max mae=3 …')
  const asked = await question.ask(options as never)
  const verdict = limits.length > 0 ? judge(question, asked, limits, options) : byItself(asked, options)
  for (const note of asked.notes) output.err(note)
  if (options.json)
    writeJson(output, {
      passed: verdict.isPassed,
      sentence: verdict.sentence,
      judge: options.judge,
      results: verdict.results.map(resultJson),
      analysis: await toJson(question.name, asked),
    })
  else
    output.out(
      `${verdict.isPassed ? 'PASSED' : 'FAILED'}  ${question.name}: ${verdict.sentence}\n${textOf(verdict.results)}`,
    )
  if (!verdict.isPassed) throw new Negative()
}

function judge(question: FileQuestion, asked: Asked, limits: readonly GateLimit[], options: GateOptions) {
  return decide(limits, asked.measured, {
    judging: options.judge,
    minN: options.minN ?? minNOf[question.name] ?? defaultMinN,
    alpha: 'alpha' in asked.parameters && typeof asked.parameters.alpha === 'number' ? asked.parameters.alpha : 0.05,
    allowsInsufficient: options.allowInsufficient ?? false,
  })
}

/** Without limits the verdict of the analysis decides: a breach fails, and so does what cannot be judged. */
function byItself({ headline }: Asked, { allowInsufficient }: GateOptions) {
  const isInsufficient = headline.status === 'insufficient' || headline.status === 'unknown'
  return {
    isPassed: headline.status !== 'breach' && (!isInsufficient || allowInsufficient === true),
    results: [],
    sentence: headline.text,
  }
}

const resultJson = ({ metric, of, direction, limit, value, interval, n, pValue, outcome, note }: GateResult) => ({
  metric,
  of,
  direction,
  limit,
  value,
  interval,
  n,
  pValue,
  outcome,
  ...(note === undefined ? {} : { note }),
})

/** Worst first, so that a long list begins with what matters. */
function textOf(results: readonly GateResult[]): string {
  if (results.length === 0) return ''
  const rank = { breach: 0, insufficient: 1, ok: 2 }
  const rows = [...results]
    .sort((a, b) => rank[a.outcome] - rank[b.outcome])
    .map(({ metric, of, direction, limit, value, interval, n, outcome, note }) => [
      outcome,
      metric,
      of ?? '',
      formatValue(value),
      formatInterval(interval),
      String(n),
      `${direction === 'max' ? 'at most' : 'at least'} ${formatValue(limit)}`,
      note ?? '',
    ])
  return `\n${formatTable(
    [
      { title: 'verdict' },
      { title: 'metric' },
      { title: 'of' },
      { title: 'value', align: 'right' },
      { title: 'interval', align: 'right' },
      { title: 'n', align: 'right' },
      { title: 'limit' },
      { title: '' },
    ],
    rows,
  )}`
}
