import { Command } from 'commander'
import { addRequired } from './options.ts'
import type { Surroundings } from './surroundings.ts'
import { addWorkspaceOption, type WorkspaceOptions } from './workspace.ts'

export interface SavedOptions extends WorkspaceOptions {
  readonly connection?: string
  readonly json?: boolean
}
export interface TestOptions extends SavedOptions {
  readonly messages: string
  readonly topic?: string
  readonly ready?: boolean
}
export interface SaveOptions extends SavedOptions {
  readonly connection: string
  readonly as: string
  readonly reason: string
  readonly off?: boolean
}

const testHelp = `
Examples:
  $ mosquitto_sub -h broker -t 'plant/#' -C 20 -F '%j' > messages.jsonl
  $ assay mapping test plant.json --messages messages.jsonl
  $ assay mapping test aws-iot-shadow --ready --messages shadow.json --topic '$aws/things/box/shadow/update/accepted'

A line of the file is a message: {"topic": …, "payload": …} as mosquitto_sub writes it, or with --topic the bare payload.
What the mapping makes is held against the documented shape; columns of a version are checked by the intake. Nothing is stored. Exit
code 0: every message of the topic was mapped; 1: one was not, or none is of the topic; 2: it could not be tried.`

/** `mapping`: how messages of other shapes are read; tried on a file without a console. */
export function createMappingCommand(surroundings: Surroundings): Command {
  const mapping = new Command('mapping').description(
    'how messages of other systems become samples, labels or telemetry',
  )
  addWorkspaceOption(
    mapping.command('list').description('mappings saved in a workspace, and those ready to begin with'),
  )
    .option('--connection <key>', 'only those of this connection')
    .option('--json', 'print one JSON object instead of a table')
    .action(async (options: SavedOptions) => {
      const { listMappings } = await import('./mapping/saved-mappings.ts')
      await listMappings(options, surroundings)
    })
  addWorkspaceOption(mapping.command('show').description('one mapping as JSON, to be edited and saved or tested'))
    .argument('<name>', 'name of a saved mapping, or id of a ready one')
    .option('--connection <key>', 'where several connections have one of this name')
    .action(async (name: string, options: SavedOptions) => {
      const { showMapping } = await import('./mapping/saved-mappings.ts')
      await showMapping(name, options, surroundings)
    })
  const test = mapping
    .command('test')
    .description('show what a mapping makes of messages in a file')
    .argument('<spec>', 'file with a mapping as JSON')
  addRequired(test, '--messages <file>', 'messages, one a line')
    .option('--topic <topic>', 'topic of all messages, which are then bare payloads')
    .option('--ready', 'the argument is the id of a ready mapping instead of a file')
    .option('--json', 'print one JSON object instead of tables')
    .addHelpText('after', testHelp)
    .action(async (spec: string, options: TestOptions) => {
      const { testMapping } = await import('./mapping/test-mapping.ts')
      await testMapping(spec, options, surroundings)
    })
  const save = addWorkspaceOption(
    mapping
      .command('save')
      .description('save a mapping for a connection; one of the same name becomes its next version'),
  ).argument('<spec>', 'file with a mapping as JSON')
  addRequired(save, '--connection <key>', 'whose messages it reads')
  addRequired(save, '--as <login>', 'the person who answers for it')
  addRequired(save, '--reason <text>', 'why; it goes into the audit log')
    .option('--off', 'save it switched off')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nThe console must not have the workspace open.`)
    .action(async (spec: string, options: SaveOptions) => {
      const { saveMapping } = await import('./mapping/saved-mappings.ts')
      await saveMapping(spec, options, surroundings)
    })
  return mapping
}
