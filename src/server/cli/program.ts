import { Command, CommanderError } from 'commander'
import { createAnalyzeCommand } from './analyze.ts'
import { createCheckCommand } from './check/check.ts'
import { createExportCommand } from './export.ts'
import { CliFault, Negative, oneLine } from './fault.ts'
import { createFleetCommand } from './fleet.ts'
import { createImportCommand } from './import/import.ts'
import { createMappingCommand } from './mapping.ts'
import type { Output } from './output.ts'
import { createQualifyCommand } from './qualify.ts'
import { createServeCommand } from './serve.ts'
import type { Surroundings } from './surroundings.ts'
import { createVerifyCommand } from './verify.ts'

const description = [
  'Assay monitors and governs deployed machine-learning models.',
  'Exit codes: 0 all is well; 1 a limit is broken, evidence does not verify, a mapping fails or the engine does not qualify; 2 the command could not be carried out, and one line on standard error says why. Answers go to standard output, everything else to standard error.',
].join('\n\n')

/** All commands; each loads its code when it is called. */
export function createProgram(surroundings: Surroundings): Command {
  const program = new Command('assay')
    .description(description)
    .addCommand(createServeCommand(surroundings, false))
    .addCommand(createServeCommand(surroundings, true))
    .addCommand(createImportCommand(surroundings))
    .addCommand(createAnalyzeCommand(surroundings))
    .addCommand(createCheckCommand(surroundings))
    .addCommand(createMappingCommand(surroundings))
    .addCommand(createFleetCommand(surroundings))
    .addCommand(createExportCommand(surroundings))
    .addCommand(createVerifyCommand(surroundings))
    .addCommand(createQualifyCommand(surroundings))
    .addHelpText(
      'after',
      `
Examples:
  $ assay demo
  $ assay analyze drift --reference train.csv --current today.csv
  $ assay check performance --data predictions.csv --label y_true --prediction y_pred --min accuracy=0.9

To begin: assay demo shows a console with a month of history; assay serve opens a workspace of your own; assay analyze needs neither.
assay <command> --help tells more.`,
    )
  settle(program, surroundings)
  return program
}

/** Gives every command the same way to fail and to write; commander would end the process. */
function settle(command: Command, output: Output): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => output.out(text),
      // Errors are told in one line by whoever catches them.
      writeErr: () => {},
      outputError: () => {},
    })
  for (const child of command.commands) settle(child, output)
}

/** Runs a command line and gives the code to exit with. Never rejects for what a caller can get wrong; a bug is told too, with its stack. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = createProgram(surroundings)
  if (words.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync([...words], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof Negative) return 1
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      const message =
        error.code === 'commander.help'
          ? `${words.join(' ')}: what of it is not said; assay ${words.join(' ')} --help tells`
          : error.message.replace(/^error: /, '')
      surroundings.err(`error: ${oneLine(message)}`)
      return 2
    }
    if (error instanceof CliFault) {
      surroundings.err(`error: ${oneLine(error.message)}`)
      return 2
    }
    surroundings.err(`error: this should not have happened: ${error instanceof Error ? error.stack : String(error)}`)
    return 2
  }
}
