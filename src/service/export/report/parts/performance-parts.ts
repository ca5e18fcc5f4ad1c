import { sayCount, sayInstant, sayMany, sayNumber, sayShare } from '../../../../analysis/wording.ts'
import type { EstimatedPerformance, RankedLists, ThresholdSweep } from '../../../../contract/performance-detail.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { type Block, chart, table } from '../document.ts'
import { cellOf, cellWithN, part, spell } from './blocks.ts'

type Detail = DetailOf<'performance'>
const mostEntries = 12
const mostGains = 10

function calibrationOf({ calibration, metrics }: Detail): Block[] {
  const error = metrics.calibrationError
  const said =
    error === undefined || error.value === null ? '' : `; scores lie ${cellOf(error)} from what comes true on the mean`
  const bins = calibration.filter(({ n }) => n > 0)
  return part(
    'Calibration',
    `Whether a score of 0.8 comes true eight times in ten; dashed, as it would${said}`,
    chart({
      type: 'lines',
      x: 'mean score',
      y: 'share that came true',
      lines: [
        {
          name: 'as it says',
          isReference: true,
          points: [
            [0, 0],
            [1, 1],
          ],
        },
        {
          name: 'observed',
          points: bins.map(({ meanScore, observed }) => [meanScore, observed]),
          ...(bins.every(({ interval }) => interval !== undefined) && {
            band: bins.map(({ interval, observed }) => interval ?? [observed, observed]),
          }),
        },
      ],
    }),
    table(
      [
        ['Scores', 30],
        ['n', 15],
        ['Mean score', 20],
        ['Came true', 35],
      ],
      bins.map(({ from, to, n, meanScore, observed, interval }) => [
        `${sayNumber(from)} to ${sayNumber(to)}`,
        sayCount(n),
        sayNumber(meanScore),
        cellOf({ value: observed, n, interval: interval ?? null }),
      ]),
      'No score has a label.',
    ),
  )
}

const gainsOf = (gains: NonNullable<Detail['gains']>): Block[] =>
  part(
    'Gains and lift',
    'How many of the positives are among the samples with the highest scores; dashed, as many as chance would find',
    chart({
      type: 'lines',
      x: 'share of samples, from the highest score down',
      y: 'share of positives found',
      lines: [
        {
          name: 'by chance',
          isReference: true,
          points: [
            [0, 0],
            [1, 1],
          ],
        },
        {
          name: 'by score',
          points: [[0, 0], ...gains.map(({ share, captured }) => [share, captured.value ?? 0] as const)],
        },
      ],
    }),
    table(
      [
        ['Highest scores', 25],
        ['Positives found', 45],
        ['Lift', 30],
      ],
      gains
        .filter((_, i) => gains.length <= mostGains || i % Math.ceil(gains.length / mostGains) === 0)
        .map(({ share, captured, lift }) => [sayShare(share), cellWithN(captured), cellOf(lift)]),
      'There are no scores.',
    ),
  )

const thresholdsOf = ({ costs, points, best, bestCost, currentCost }: ThresholdSweep): Block[] =>
  part(
    'Threshold and cost',
    `A false positive costs ${sayNumber(costs.falsePositive)} and a false negative ${sayNumber(costs.falseNegative)}. Cost is least at ${cellOf(best)}: ${cellOf(bestCost)} a sample, where the predictions made cost ${cellOf(currentCost)}, n ${sayCount(currentCost.n)}`,
    chart({
      type: 'lines',
      x: 'threshold',
      y: 'mean cost a sample',
      lines: [{ name: 'cost', points: points.map(({ threshold, cost }) => [threshold, cost]) }],
      ...(best.value !== null && { mark: best.value }),
    }),
  )

function estimatedOf({ method, note, leading, metrics, ledger, isSuspended, reason }: EstimatedPerformance): Block[] {
  const { scored, agreed, bias, entries } = ledger
  const record =
    scored === 0
      ? 'no estimate could be scored by labels yet'
      : `labels agreed ${sayCount(agreed)} of ${sayMany(scored, 'time')}, bias ${cellOf(bias)}`
  return part(
    'Estimated without labels',
    `${method === 'cbpe' ? 'From calibrated scores' : 'From how large errors are where'}: ${note} ${isSuspended ? `Suspended: ${reason ?? 'it failed'}.` : ''} Trust ledger: ${record}`,
    table(
      [
        ['Metric', 40],
        ['Estimate with interval', 60],
      ],
      Object.entries(metrics).map(([name, estimate]) => [spell(name), cellWithN(estimate)]),
      'Nothing could be estimated.',
    ),
    ...(entries.length === 0
      ? []
      : [
          table(
            [
              ['Window', 36],
              [`Estimated ${spell(leading)}`, 24],
              ['By labels', 24],
              ['Agrees', 16],
            ],
            entries
              .slice(-mostEntries)
              .map(({ window, estimated, realised, agrees }) => [
                `${sayInstant(window.from)} to ${sayInstant(window.to)}`,
                cellOf(estimated),
                cellOf(realised),
                { text: agrees ? 'yes' : 'no', tone: agrees ? 'good' : 'bad' },
              ]),
            '',
          ),
        ]),
  )
}

const rankingOf = ({ queryColumn, k, queries, withoutRelevant, leftOut, worst }: RankedLists): Block[] =>
  part(
    'Lists ranked worst',
    `${sayMany(queries, 'list')} by ${queryColumn}, ${sayCount(withoutRelevant)} without anything relevant, ${sayMany(leftOut, 'sample')} left out; intervals are of a bootstrap over whole lists`,
    table(
      [
        [queryColumn, 40],
        [`NDCG at ${k[0]}`, 20],
        ['Relevant', 20],
        ['Samples', 20],
      ],
      worst
        .slice(0, 10)
        .map(({ query, ndcg, relevant, items }) => [query, sayNumber(ndcg), sayCount(relevant), sayCount(items)]),
      'No list holds anything relevant.',
    ),
  )

/** What performance is told of beyond its metrics. */
export function performanceParts(detail: Detail): Block[] {
  const { calibration, gains, thresholds, estimated, fewLabels, ranking } = detail
  return [
    ...(calibration.some(({ n }) => n > 0) ? calibrationOf(detail) : []),
    ...(gains === undefined || gains.length === 0 ? [] : gainsOf(gains)),
    ...(thresholds === undefined || thresholds.points.length === 0 ? [] : thresholdsOf(thresholds)),
    ...(fewLabels === undefined
      ? []
      : part(
          'Accuracy from few labels',
          `${cellWithN(fewLabels.classical)} from the labels alone; ${cellOf(fewLabels.powered)} with the scores of ${sayCount(fewLabels.unlabelled)} samples without one, which holds where samples were drawn at random to be labelled`,
        )),
    ...(estimated === undefined ? [] : estimatedOf(estimated)),
    ...(ranking === undefined ? [] : rankingOf(ranking)),
  ]
}
