import { Command } from 'commander'
import {
  addCommonOptions,
  addFeatureOptions,
  addOutcomeOptions,
  addPairOptions,
  addRequired,
  addTaskOption,
  addToList,
  type CommonOptions,
} from './options.ts'
import { formatHeadline, type Output, writeJson } from './output.ts'
import type { Asked } from './questions/asked.ts'
import type { PerformanceOptions } from './questions/performance.ts'
import type { RankingOptions } from './questions/ranking.ts'
import { taskRules, taskRulesWithRanking } from './task-rules.ts'

/** A question that can be asked of files: its options, and the code behind it, loaded when it is asked. */
export interface FileQuestion {
  readonly name: string
  readonly summary: string
  readonly addOptions: (command: Command) => Command
  readonly ask: (options: never) => Promise<Asked>
  /** Arguments of an example. */
  readonly example: string
  readonly notes?: string
}

const addText = (text: string, before: string[] = []) => [...before, text]
const addScore = (command: Command): Command =>
  command.option('--score <column>', 'score of the positive class; several classes: class=column, repeated', addText)
/** Options of performance: a ranking takes a query instead of a prediction. */
function addRankingOptions(command: Command): Command {
  addRequired(command, '--data <file>', 'CSV, JSON Lines or Parquet file with labels and predictions')
  addRequired(command, '--label <column>', 'column of the true outcomes; of a ranking, the relevance of each row')
  const isRanking = ({ task }: Record<string, unknown>) => task === 'ranking'
  addRequired(
    command,
    '--prediction <column>',
    'column of the predicted outcomes',
    undefined,
    isRanking,
    'but for a ranking',
  )
  return addTaskOption(command, ['ranking']).option(
    '--reference <file>',
    'labelled data to estimate performance from where labels are missing; --data may then have none',
  )
}
const addPlaces = (command: Command): Command =>
  command
    .option('--query <column>', 'ranking: the list that a row belongs to')
    .option('--k <places>', 'ranking: first places that are looked at, e.g. 10 or 1,3,10 (default: 10)', addToList)

const addPositive = (command: Command): Command => command.option('--positive <class>', 'the positive class')

export const fileQuestions: readonly FileQuestion[] = [
  {
    name: 'drift',
    summary: 'whether columns are distributed as in a reference',
    addOptions: (command) =>
      addFeatureOptions(addPairOptions(command))
        .option(
          '--panel',
          'lay the default rules of Evidently, NannyML, alibi-detect, deepchecks, whylogs, SageMaker and Azure beside each verdict',
        )
        .option(
          '--by <columns>',
          'take drift apart by these columns (device, firmware, site) or “time of day”',
          addToList,
        )
        .option('--time <column>', 'column of the times; with it drift is taken apart by time of day')
        .option('--multivariate', 'compare all columns together as well: a classifier and principal components'),
    ask: async (options) => (await import('./questions/drift.ts')).askDrift(options),
    example: '--reference train.csv --current today.csv',
    notes: `A column has drifted when the effect is above its threshold and a test that is corrected across columns agrees.
Parameters for --set: alpha, minimumN, bins, numericMeasure, categoricalMeasure, numericTest, categoricalTest, costlyUpTo,
thresholds.psi, thresholds.jensenShannon …, and for one column overrides.age.measure, overrides.age.threshold, overrides.age.test.
Measures: jensenShannon, psi, hellinger, totalVariation, kullbackLeibler; of numbers wassersteinNormed, ks, meanShift,
energyCoefficient; of categories cramersV, largestShareDifference.
Tests: auto; of numbers ks, cramerVonMises, andersonDarling, welch, categories; of categories chiSquare, g, fisher.`,
  },
  {
    name: 'performance',
    summary: 'how well predictions agree with labels',
    addOptions: (command) => addPlaces(addPositive(addScore(addRankingOptions(command)))),
    ask: async (options: PerformanceOptions | RankingOptions) =>
      options.task === 'ranking'
        ? (await import('./questions/ranking.ts')).askRanking(options)
        : (await import('./questions/performance.ts')).askPerformance(options),
    example: '--data predictions.csv --label y_true --prediction y_pred --score y_score',
    notes: `Parameters for --set: falsePositiveCost, falseNegativeCost (for the best threshold), confidence, calibrationBins, resamples, seed.

Of a ranking:
  $ assay analyze performance --task ranking --data results.csv --query search --label relevance --score y_score --k 5,10

${taskRulesWithRanking}`,
  },
  {
    name: 'compare',
    summary: 'whether one of two models is better on the same rows',
    addOptions: (command) =>
      addTaskOption(
        addPositive(
          addScore(
            addRequired(
              addOutcomeOptions(command),
              '--other <column>',
              'column of the predictions it is compared with',
            ),
          ),
        ),
      ).option('--other-score <column>', 'its scores, as --score', addText),
    ask: async (options) => (await import('./questions/compare.ts')).askComparison(options),
    example:
      '--data predictions.csv --label y_true --prediction old --other new --score old_score --other-score new_score',
    notes: `Differences are those of --other less those of --prediction. Accuracy is tested by McNemar's exact test; losses and areas by paired
tests of the rows' differences; the rest by a paired bootstrap, held against rows that exchange their predictions. The verdict is on accuracy, or the mean absolute error; other tests
are not corrected for each other.

${taskRules}`,
  },
  {
    name: 'fairness',
    summary: 'whether groups are treated alike',
    addOptions: (command) =>
      addTaskOption(
        addScore(
          addPositive(
            addRequired(
              addOutcomeOptions(command),
              '--group <columns>',
              'columns whose values make the groups, together when several',
              addToList,
            ),
          ),
        )
          .option(
            '--control <columns>',
            'compare groups within each level of these columns, and over all levels together',
            addToList,
          )
          .option(
            '--privileged <column=value>',
            'group by which the selection of others is measured; once for each group column; default: the largest group',
            (text: string, before: string[] = []) => [...before, text],
          )
          .option('--metric <metrics>', 'metrics to compare between groups besides the usual measures', addToList),
      ),
    ask: async (options) => (await import('./questions/fairness.ts')).askFairness(options),
    example: '--data predictions.csv --label y_true --prediction y_pred --positive 1 --group race,sex',
    notes: `Differences are the largest between any two groups; intervals hold for the pair that is found.
Metrics: selectionRate, baseRate, accuracy, truePositiveRate, falsePositiveRate, falseNegativeRate, trueNegativeRate, precision,
negativePredictiveValue, f1, balancedAccuracy; with --score also meanScore, calibrationBias, brier, logLoss, rocAuc.
Of a regression: mae, rmse, bias (predicted less actual), withinTolerance, meanPrediction, meanLabel; a difference matters from
maxDifference standard deviations of the labels on.
Parameters for --set: minimumGroupSize, tolerance (regression), confidence, maxDifference, minRatio, power, rateInterval (wilson, exact, bootstrap), resamples, seed.

${taskRules}`,
  },
  {
    name: 'bias',
    summary: 'what labels prefer before training, and predictions against a reference or declared shares',
    addOptions: (command) =>
      addPositive(
        addRequired(
          addRequired(command, '--data <file>', 'CSV, JSON Lines or Parquet file with labels'),
          '--label <column>',
          'column of the labels',
        ),
      )
        .option('--group <columns>', 'columns whose values make the groups, together when several', addToList)
        .option('--control <columns>', 'compare groups within each level of these columns as well', addToList)
        .option('--target-shares <class=share>', 'share that each class should have, as cat=0.5,dog=0.5', addToList)
        .option('--prediction <column>', 'column of predictions, to be held against --reference or --target-shares')
        .option('--reference <file>', 'file with the same prediction column'),
    ask: async (options) => (await import('./questions/bias.ts')).askBias(options),
    example: '--data train.csv --label y_true --group sex --control education --target-shares 0=0.5,1=0.5',
    notes: `Disparity of a group: its share of the rows without the label less its share of those with it.
Parameters for --set: minimumGroupSize, confidence, maxDifference, alpha, resamples, seed.`,
  },
  {
    name: 'integrity',
    summary: 'what is missing, of the wrong type, out of range, never seen before or repeated',
    addOptions: (command) => addFeatureOptions(addPairOptions(command)),
    ask: async (options) => (await import('./questions/integrity.ts')).askIntegrity(options),
    example: '--reference train.csv --current today.csv',
  },
  {
    name: 'errors',
    summary: 'where predictions are wrong more often than elsewhere',
    addOptions: (command) =>
      addTaskOption(addFeatureOptions(addOutcomeOptions(command))).option(
        '--heatmap <a,b>',
        'two columns: the error rate by their values',
        addToList,
      ),
    ask: async (options) => (await import('./questions/errors.ts')).askErrors(options),
    example: '--data predictions.csv --label y_true --prediction y_pred --ignore y_score',
    notes: `Slices are found on one part of the rows and confirmed on the other.
Parameters for --set: maxDepth, minLeaf, heldOutShare, alpha, errorThreshold (regression), seed.

${taskRules}`,
  },
  {
    name: 'telemetry',
    summary: 'which readings of a device are unusual, by those before them',
    addOptions: (command) => {
      addRequired(
        command,
        '--data <file>',
        'CSV, JSON Lines or Parquet file with one reading in each row, in order of time',
      )
      addRequired(command, '--time <column>', 'column of the times')
      return addRequired(command, '--value <column>', 'column of the readings')
    },
    ask: async (options) => (await import('./questions/telemetry.ts')).askTelemetry(options),
    example: '--data temperature.csv --time timestamp --value value',
    notes: `Each row gets a score in [0, 1] from that row and those before it alone: from 0.5 on a person should look. A change that lasts is
told once, at its onset. The first 100 readings only teach what is usual. Days and weeks are learned where times allow it.
Parameters for --set: alarmScore (0.5).`,
  },
  {
    name: 'stream',
    summary: 'where detectors of change fire along a stream of errors or numbers',
    addOptions: (command) => {
      addRequired(
        command,
        '--data <file>',
        'CSV, JSON Lines or Parquet file with one value in each row, in order of time',
      )
      addRequired(command, '--value <column>', 'column of the values: errors (0 or 1) or numbers')
      return command
        .option('--time <column>', 'column of the times, shown where a detector fired')
        .option('--detector <names>', 'these detectors only; default: all', addToList)
    },
    ask: async (options) => (await import('./questions/stream.ts')).askStream(options),
    example: '--data errors.csv --value is_wrong --time timestamp',
    notes: `Detectors: adwin, pageHinkley, kswin, ddm, eddm, hddmA, hddmW, cusum, ewma, sequentialMean, sequentialRanks. Each sees the row and those
before it alone; DDM and EDDM need errors, HDDM values in [0, 1]. Only the sequential tests bound their false alarms over any length.
Positions count from 0. Parameters for --set: warmUp, centre, deviation, seed, adwin.delta, pageHinkley.threshold, kswin.alpha,
ddm.driftLevel, eddm.driftShare, hddm.driftAlpha, cusum.limit, ewma.width, sequentialMean.limit, sequentialRanks.alpha …`,
  },
  {
    name: 'explanation',
    summary: 'what the answers of an ONNX model rest on',
    addOptions: (command) =>
      addTaskOption(
        addPositive(
          addFeatureOptions(
            addRequired(
              addRequired(
                command,
                '--data <file>',
                'CSV, JSON Lines or Parquet file with the columns that the model takes',
              ),
              '--model <file>',
              'the ONNX file',
            ),
          )
            .option(
              '--label <column>',
              'column of the true outcomes; without it, importance is of the model’s own answers',
            )
            .option(
              '--reference <file>',
              'rows whose values stand in for what is not known; default: the data themselves',
            )
            .option('--classes <names>', 'names of the classes in the order of the model’s scores', addToList),
        ),
      ),
    ask: async (options) => (await import('./questions/explanation.ts')).askExplanation(options),
    example: '--data today.csv --model model.onnx --label y_true',
    notes: `Importance by shuffling columns, contributions of columns to single predictions (SHAP: exact for linear models and trees, by asking
otherwise), and the mean prediction as one column moves. A model that takes one matrix gets the columns in the file's order.
Parameters for --set: repeats, maxRows, attributedRows, attributionMethod, backgroundRows, budgetRows, dependenceColumns, dependencePoints,
confidence, seed.`,
  },
]

/** `analyze`: the questions asked of files, without a workspace. */
export function createAnalyzeCommand(output: Output): Command {
  const analyze = new Command('analyze').description('ask a question of files; no workspace is needed').addHelpText(
    'after',
    `
Examples:
  $ assay analyze drift --reference train.csv --current today.csv
  $ assay analyze performance --data predictions.csv --label y_true --prediction y_pred

assay analyze <command> --help tells the options, the parameters and what the answer means. --json prints one object for programs.
assay check asks the same and ends with code 1 where a limit is broken.`,
  )
  for (const question of fileQuestions) {
    const command = analyze.command(question.name).description(question.summary)
    addCommonOptions(question.addOptions(command))
      .addHelpText('after', `\nExample:\n  $ assay analyze ${question.name} ${question.example}`)
      .action(async (options: CommonOptions) => {
        const asked = await question.ask(options as never)
        for (const note of asked.notes) output.err(note)
        if (options.json) writeJson(output, await toJson(question.name, asked))
        else output.out(`${formatHeadline(asked.headline)}\n${asked.text()}`)
      })
    if (question.notes) command.addHelpText('after', `\n${question.notes}`)
  }
  return analyze
}

/** The one object that `--json` prints. */
export async function toJson(question: string, asked: Asked): Promise<object> {
  const { engine } = await import('../../analysis/answer.ts')
  return {
    question,
    status: asked.headline.status,
    headline: asked.headline.text,
    ...asked.json,
    engine,
    parameters: asked.parameters,
    files: asked.files,
  }
}
