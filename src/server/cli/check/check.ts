import { Command, Option } from 'commander'
import { monitorKind } from '../../../contract/finding.ts'
import { addToList } from '../options.ts'
import type { Output } from '../output.ts'
import { addWorkspaceOption } from '../workspace.ts'
import { addFileChecks } from './check-files.ts'
import type { CheckWorkspaceOptions } from './check-workspace.ts'

const workspaceHelp = `
Example:
  $ assay check workspace --workspace ~/.assay/workspace --deployment park-prod

Asks the enabled monitors of each deployment again, for their windows ending now, and judges the answers by its threshold set. Nothing
is written, so that the console may be running. Exit code 0: no number is past its limit; 1: one is, or no monitor had
enough to judge; 2: it could not be asked.`

/** `check`: a gate for pipelines, on files or on a workspace. */
export function createCheckCommand(output: Output): Command {
  const check = new Command('check').description('hold numbers against limits; ends with code 1 when one is broken')
  check.addHelpText(
    'after',
    `
Examples:
  $ assay check performance --data predictions.csv --label y_true --prediction y_pred --min accuracy=0.9
  $ assay check fairness --data predictions.csv --label y_true --prediction y_pred --group sex --max demographicParityDifference=0.1
  $ assay check workspace --workspace ./park

The questions are those of assay analyze; assay check <command> --help tells how limits are written and how numbers are held against
them. Exit code 0: all limits hold; 1: a limit is broken; 2: the question could not be asked.`,
  )
  addFileChecks(check, output)
  addWorkspaceOption(
    check
      .command('workspace', { isDefault: true })
      .description('the monitors and limits of deployments in a workspace'),
  )
    .argument('[question]')
    .option('--deployment <keys>', 'keys of the deployments; default: all in production', addToList)
    .addOption(
      new Option('--kind <kinds>', `only monitors of these kinds: ${monitorKind.options.join(', ')}`).argParser(
        addToList,
      ),
    )
    .option('--stored', 'judge the newest findings that the console has stored, and ask nothing')
    .option('--all', 'show the numbers that are well too')
    .option('--allow-insufficient', 'pass where nothing can be judged')
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText('after', workspaceHelp)
    .action(async (question: string | undefined, options: CheckWorkspaceOptions) => {
      const { checkWorkspace } = await import('./check-workspace.ts')
      await checkWorkspace(question, options, output)
    })
  return check
}
