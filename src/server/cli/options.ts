import { type Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import type { Task } from '../../contract/model.ts'
import { CliFault } from './fault.ts'
import { suggest } from './near-matches.ts'

/** Collects `a,b` and repeated options into one list. */
export const addToList = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
]

/** Splits `name=value` at the last equals sign that leaves both sides something. */
export function splitPair(text: string): [name: string, value: string] | null {
  const at = text.lastIndexOf('=')
  return at > 0 && at < text.length - 1 ? [text.slice(0, at), text.slice(at + 1)] : null
}

function addSetting(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It takes name=value.')
  let value: unknown = text.slice(at + 1)
  try {
    value = JSON.parse(text.slice(at + 1))
  } catch {
    // Plain text stands for itself.
  }
  const settings = structuredClone(before)
  const path = text.slice(0, at).split('.')
  let place = settings
  for (const part of path.slice(0, -1)) {
    if (!Object.hasOwn(place, part)) place[part] = Object.create(null)
    const next = place[part]
    if (typeof next !== 'object' || next === null) throw new InvalidArgumentError(`${part} is set twice.`)
    place = next as Record<string, unknown>
  }
  place[path[path.length - 1]] = value
  return settings
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It takes a whole number.')
  return value
}

export function portNumber(text: string): number {
  const value = wholeNumber(text)
  if (value > 65_535) throw new InvalidArgumentError('It takes a port, 0 to 65535.')
  return value
}

export interface CommonOptions {
  readonly columns?: string[]
  readonly ignore?: string[]
  readonly numeric?: string[]
  readonly categorical?: string[]
  readonly set?: Record<string, unknown>
  readonly json?: boolean
}

export interface OutcomeOptions {
  readonly data: string
  readonly label: string
  readonly prediction: string
  readonly score?: string[]
  readonly positive?: string
  readonly task?: Task
}

export interface PairOptions {
  readonly reference: string
  readonly current: string
}

/**
 * An option that must be given. Checked after unknown options, so that a mistyped one is named rather than missed; all that
 * are missing are told at once.
 */
export function addRequired(
  command: Command,
  flags: string,
  description: string,
  parse?: typeof addToList,
  unless: (options: Record<string, unknown>) => boolean = () => false,
  /** When it may be left out, as `but for a ranking`. */
  exception: string | null = null,
): Command {
  const said = `${description} (required${exception === null ? '' : `, ${exception}`})`
  if (parse === undefined) command.option(flags, said)
  else command.option(flags, said, parse)
  const { long } = command.options[command.options.length - 1]
  if (!requiredFlags.has(command)) {
    requiredFlags.set(command, [])
    command.hook('preAction', (called) => {
      const options = called.opts()
      const missing = (requiredFlags.get(called) ?? []).flatMap(({ flag, isFree }) =>
        options[flag.slice(2)] === undefined && !isFree(options) ? [flag] : [],
      )
      if (missing.length > 0) throw new CliFault(`${sayCommand(called)} needs ${missing.join(' and ')}`)
    })
  }
  requiredFlags.get(command)?.push({ flag: long ?? flags, isFree: unless })
  return command
}
const requiredFlags = new WeakMap<
  Command,
  { readonly flag: string; readonly isFree: (options: Record<string, unknown>) => boolean }[]
>()

/** `analyze drift` */
const sayCommand = (command: Command): string =>
  command.parent?.parent ? `${sayCommand(command.parent)} ${command.name()}` : command.name()

/** Options of every command that reads files. */
export const addCommonOptions = (command: Command): Command =>
  command
    .option('--numeric <columns>', 'read these columns as numbers, whatever they look like', addToList)
    .option('--categorical <columns>', 'read these columns as categories (codes that are numbers)', addToList)
    .option('--set <name=value>', 'set a parameter of the analysis, e.g. confidence=0.99; may be repeated', addSetting)
    .option('--json', 'print one JSON object instead of tables')

export const addFeatureOptions = (command: Command): Command =>
  command
    .option('--columns <columns>', 'look at these columns only; default: all but identifiers and times', addToList)
    .option('--ignore <columns>', 'leave these columns out', addToList)

export function addPairOptions(command: Command): Command {
  addRequired(command, '--reference <file>', 'what it is compared with: CSV, JSON Lines or Parquet')
  return addRequired(command, '--current <file>', 'the data in question')
}

export function addOutcomeOptions(command: Command): Command {
  addRequired(command, '--data <file>', 'CSV, JSON Lines or Parquet file with labels and predictions')
  addRequired(command, '--label <column>', 'column of the true outcomes')
  return addRequired(command, '--prediction <column>', 'column of the predicted outcomes')
}

export const addTaskOption = (command: Command, more: readonly string[] = []): Command =>
  command.addOption(
    new Option('--task <task>', 'what is predicted; default: told from the labels (see below)').choices([
      'binary',
      'multiclass',
      'regression',
      ...more,
    ]),
  )

/** Parses parameters of an analysis from `--set`; what is wrong is named. */
export function parseParameters<T extends z.ZodObject>(schema: T, settings: Record<string, unknown>): z.output<T> {
  const parsed = schema.safeParse(settings)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    throw new CliFault(
      `--set: there is no parameter “${issue.keys[0]}”${suggest(issue.keys[0], Object.keys(schema.shape))}`,
    )
  throw new CliFault(`--set ${issue.path.map(String).join('.')}: ${issue.message}`)
}
