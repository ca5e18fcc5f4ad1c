import { sayCount, sayList, sayNumber, sayPValue, sayShare } from '../../../../analysis/wording.ts'
import type {
  AttributionDrift,
  Dependence,
  Dependences,
  DriftDrivers,
  EnvelopeSummary,
  GlobalAttribution,
} from '../../../../contract/explanation.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { type Block, chart, table, text } from '../document.ts'
import { barOf, bars, cellOf, cellWithN, endSentence, part, toned } from './blocks.ts'

const mostDependences = 4
const mostCurves = 12

const importancesOf = ({ importances, baseline, note }: DetailOf<'explanation'>): Block[] =>
  part(
    'Importance by column',
    `${endSentence(note)} Before shuffling: ${cellWithN(baseline)}`,
    ...bars(
      'importance',
      [...importances]
        .sort((a, b) => (b.importance.value ?? -1) - (a.importance.value ?? -1))
        .flatMap(({ column, importance }) => barOf(column, importance)),
      0,
    ),
  )

const attributionOf = (
  { columns, unit, output, rows, base, sentence }: GlobalAttribution,
  drift: AttributionDrift | undefined,
): Block[] =>
  part(
    'Contributions to single predictions (SHAP)',
    `${endSentence(sentence)} ${sayCount(rows)} samples, ${output === null ? 'each towards its prediction' : `towards ${output}`}; without any column the mean is ${sayNumber(base)}${drift === undefined ? '' : '; grey: in the reference'}`,
    ...bars(
      `mean size of the contribution, ${unit}`,
      columns.flatMap(({ column, meanAbsolute }) =>
        barOf(column, meanAbsolute, {
          reference: drift?.columns.find((each) => each.column === column)?.reference.value ?? null,
        }),
      ),
      0,
    ),
  )

const movedOf = ({ ndcg, threshold, pValue, status, sentence, columns }: AttributionDrift): Block[] =>
  part(
    'Does it rest on what it rested on?',
    sentence,
    table(
      [
        ['Likeness of the ranking (NDCG)', 40],
        ['Verdict', 20],
        ['Matters below', 20],
        ['Evidence', 20],
      ],
      [[cellWithN(ndcg), toned(status), sayNumber(threshold), sayPValue(pValue)]],
      '',
    ),
    table(
      [
        ['Column', 30],
        ['Reference', 25],
        ['Now', 25],
        ['Place', 20],
      ],
      columns.map(({ column, reference, current, placeBefore, placeNow }) => [
        column,
        cellOf(reference),
        cellOf(current),
        placeBefore === placeNow ? String(placeNow) : `${placeBefore}, now ${placeNow}`,
      ]),
      '',
    ),
  )

function dependenceOf({ column, grid, mean, low, high, curves }: Dependence, measure: string): Block[] {
  const isNumeric = grid.every((value) => typeof value === 'number')
  if (!isNumeric)
    return bars(
      `${measure}, by ${column}`,
      grid.map((value, i) => ({ name: String(value), value: mean[i], interval: [low[i], high[i]] })),
    )
  const at = (values: readonly number[]) => values.map((value, i) => [Number(grid[i]), value] as const)
  return [
    chart({
      type: 'lines',
      x: column,
      y: measure,
      lines: [
        ...curves
          .slice(0, mostCurves)
          .map((curve, i) => ({ name: `sample ${i + 1}`, points: at(curve), isReference: true })),
        { name: 'mean', points: at(mean), band: mean.map((_, i) => [low[i], high[i]] as const) },
      ],
    }),
  ]
}

const dependencesOf = ({ output, rows, askedRows, columns }: Dependences): Block[] =>
  part(
    'The prediction as one column moves',
    `Each of ${sayCount(rows)} samples asked again with the column set to every value in turn (${sayCount(askedRows)} made-up rows). The line is the mean (partial dependence), the band the middle four fifths of the samples, dashed lines are single samples (ICE)`,
    ...columns
      .slice(0, mostDependences)
      .flatMap((each) => dependenceOf(each, output === null ? 'prediction' : `probability of ${output}`)),
    ...(columns.length > mostDependences
      ? [
          text(
            `${sayList(columns.slice(mostDependences).map(({ column }) => column))} are in the data beside this report.`,
          ),
        ]
      : []),
  )

const envelopeOf = ({ share, level, threshold, status, sentence, furthest, referenceRows }: EnvelopeSummary): Block[] =>
  part(
    'Outside of what the reference shows',
    sentence,
    table(
      [
        ['Share outside', 40],
        ['Verdict', 20],
        ['Of the reference', 20],
        ['Matters from', 20],
      ],
      [[cellWithN(share), toned(status), `${sayShare(level)} of ${sayCount(referenceRows)}`, sayShare(threshold)]],
      '',
    ),
    ...(furthest.length === 0
      ? []
      : [
          table(
            [
              ['Sample furthest out', 36],
              ['Distance', 14],
              ['Evidence', 14],
              ['Most in', 36],
            ],
            furthest
              .slice(0, 5)
              .map(({ id, distance, pValue, reasons }) => [
                id ?? 'without an id',
                sayNumber(distance),
                sayPValue(pValue),
                reasons.map(({ column, part: of }) => `${column} (${sayShare(of)})`).join(', '),
              ]),
            '',
          ),
        ]),
  )

const driversOf = ({ columns, sentence }: DriftDrivers): Block[] =>
  part(
    'Drifts that go with a fall in performance',
    sentence,
    ...bars(
      'rank correlation of drift with the fall in performance',
      columns.flatMap(({ column, correlation }) => barOf(column, correlation)),
      0,
    ),
  )

/** What the decisions rest on. */
export function explanationReport(detail: DetailOf<'explanation'>): Block[] {
  const { importances, attribution, attributionDrift, dependence, envelope, drivers, remarks = [] } = detail
  return [
    ...(importances.length === 0 ? [] : importancesOf(detail)),
    ...(attribution === undefined ? [] : attributionOf(attribution, attributionDrift)),
    ...(attributionDrift === undefined ? [] : movedOf(attributionDrift)),
    ...(dependence === undefined || dependence.columns.length === 0 ? [] : dependencesOf(dependence)),
    ...(envelope === undefined ? [] : envelopeOf(envelope)),
    ...(drivers === undefined ? [] : driversOf(drivers)),
    ...remarks.map((remark) => text(endSentence(remark))),
  ]
}
