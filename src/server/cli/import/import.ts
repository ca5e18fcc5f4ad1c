import { Command, Option } from 'commander'
import { addRequired, addToList } from '../options.ts'
import type { Surroundings } from '../surroundings.ts'
import { addWorkspaceOption } from '../workspace.ts'
import type { DatasetOptions, SamplesOptions } from './import-file.ts'

const collect = (text: string, before: string[] = []) => [...before, text]

function addRoleOptions(command: Command): Command {
  return addWorkspaceOption(command)
    .option('--label <column>', 'the true outcomes')
    .option('--prediction <column>', 'the predicted outcomes')
    .option('--score <class=column>', 'score of a class; may be repeated', collect)
    .option('--time <column>', 'when each row happened: ISO 8601 or epoch seconds or milliseconds, UTC')
    .option('--id <column>', 'the sample ids')
    .option('--latency <column>', 'milliseconds that the prediction took')
    .option('--feature <columns>', 'inputs, whatever they look like', addToList)
    .option('--group <columns>', 'columns by which fairness is measured', addToList)
    .option('--ignore <columns>', 'columns that are not taken', addToList)
    .option('--numeric <columns>', 'read these columns as numbers', addToList)
    .option('--categorical <columns>', 'read these columns as categories', addToList)
    .option('--dry-run', 'show how the columns would be read, and import nothing')
    .option('--json', 'print one JSON object')
}

const rolesHelp = `Roles that no option gives are inferred: from the schema of the model where there is one, then from names (id, timestamp, label,
prediction, score_cat …) and values. --dry-run shows them. Rows that cannot be read are reported; the others are taken.
The console must not have the workspace open.`

/** `import`: files into a workspace. */
export function createImportCommand(surroundings: Surroundings): Command {
  const command = new Command('import')
    .description('bring a file into a workspace: a dataset, samples or labels')
    .addHelpText(
      'after',
      `
Examples:
  $ assay import dataset train.csv --model cat-dog --role reference --workspace ./park
  $ assay import samples samples.csv --deployment park-prod --dry-run --workspace ./park

The model and its deployment must be there: make them in the console (assay serve). assay import <command> --help tells the options.`,
    )

  const dataset = addRoleOptions(
    command
      .command('dataset')
      .description('an immutable table: training, test, reference or a snapshot')
      .argument('<file>'),
  )
  addRequired(dataset, '--model <key>', 'key of the model that it belongs to')
    .option('--name <text>', 'name of the dataset; default: the file name')
    .addOption(
      new Option('--role <role>', 'what it is for')
        .choices(['training', 'test', 'reference', 'snapshot'])
        .default('test'),
    )
    .addOption(
      new Option('--create-model <task>', 'make the model if there is none of this key').choices([
        'binary',
        'multiclass',
        'regression',
      ]),
    )
    .addHelpText(
      'after',
      `\nExample:\n  $ assay import dataset test.csv --model cat-dog --role test --label animal --workspace ./park\n\n${rolesHelp}`,
    )
    .action(async (file: string, options: DatasetOptions) => {
      const { importDataset } = await import('./import-file.ts')
      await importDataset(file, options, surroundings)
    })

  for (const what of ['samples', 'labels'] as const) {
    const samples = addRoleOptions(
      command
        .command(what)
        .description(
          what === 'samples'
            ? 'predictions of a deployment, with or without labels'
            : 'labels for samples that are there or will come, matched by id',
        )
        .argument('<file>'),
    )
    addRequired(samples, '--deployment <key>', 'key of the deployment')
      .addHelpText(
        'after',
        `\nExample:\n  $ assay import ${what} ${what}.csv --deployment park-prod ${what === 'samples' ? '--time at --prediction predicted' : '--id sample --label animal'} --workspace ./park\n\n${rolesHelp}`,
      )
      .action(async (file: string, options: SamplesOptions) => {
        const { importSamples } = await import('./import-file.ts')
        await importSamples(what, file, options, surroundings)
      })
  }
  return command
}
