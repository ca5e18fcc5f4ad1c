import { sayCount, sayMany, sayNumber, sayShare } from '../../../../analysis/wording.ts'
import type { FairnessFrame } from '../../../../contract/fairness-frame.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { type Block, table } from '../document.ts'
import { barOf, bars, cellOf, part, sayGroup, spell } from './blocks.ts'

type Detail = DetailOf<'fairness'>
type Part<K extends keyof FairnessFrame> = NonNullable<FairnessFrame[K]>
const mostShort = 4

/** Every metric by group, and the contrasts between groups. */
const framesOf = (frames: Part<'frames'>, { groups, numbers }: Detail): Block[] => [
  ...part(
    'Every metric over the groups',
    numbers?.matters == null
      ? ''
      : `A difference matters from ${sayNumber(numbers.matters)} on, by the deviation of the ${numbers.deviationOf}${numbers.tolerance === null ? '' : `; near enough is an error of at most ${sayNumber(numbers.tolerance)}`}`,
    table(
      [
        ['Metric', 20],
        ['Overall', 20],
        ['Largest difference', 22],
        ['Smallest ratio', 20],
        ['Fares worst', 18],
      ],
      frames.map(({ metric, overall, difference, ratio, worst }) => [
        spell(metric),
        cellOf(overall),
        cellOf(difference),
        cellOf(ratio),
        worst === null ? '-' : sayGroup(worst),
      ]),
      'No metric was asked for.',
    ),
  ),
  ...frames.slice(0, 1).flatMap(({ metric, overall, byGroup }) =>
    bars(
      `${spell(metric)}; grey: over all groups`,
      groups.flatMap(({ group, n, status }, i) =>
        byGroup[i] === undefined
          ? []
          : barOf(`${sayGroup(group)}, n ${sayCount(n)}`, byGroup[i], {
              reference: overall.value,
              isBad: status === 'breach',
            }),
      ),
    ),
  ),
]

const impactOf = ({ privileged, isNamed, ratios }: Part<'disparateImpact'>): Block[] =>
  part(
    'Selection against one group',
    `How often each group is selected, over ${sayGroup(privileged)}${isNamed ? '' : ', the largest group'}`,
    table(
      [
        ['Group', 50],
        ['Ratio with interval', 50],
      ],
      ratios.map(({ group, ratio }) => [sayGroup(group), cellOf(ratio)]),
      'No group could be compared.',
    ),
  )

function controlOf(
  { columns, levels, combined, coveredShare, leftOut }: Part<'control'>,
  measures: Detail['measures'],
) {
  const given = columns.join(' and ')
  return part(
    `Given ${given}`,
    `Groups compared within each level of ${given} and the contrasts combined, on ${sayShare(coveredShare)} of their rows: ${sayMany(levels.length, 'level')}${leftOut > 0 ? `, ${sayCount(leftOut)} more left out` : ''}`,
    table(
      [
        ['Measure', 40],
        [`Given ${given}`, 30],
        ['Over all rows', 30],
      ],
      Object.entries(combined).map(([name, estimate]) => [
        spell(name),
        cellOf(estimate),
        Object.hasOwn(measures, name) ? cellOf(measures[name]) : '-',
      ]),
      'Nothing could be compared.',
    ),
  )
}

const calibrationOf = (groups: Part<'calibration'>): Block[] =>
  part(
    'Calibration by group',
    'Observed share less mean score: above 0 the scores of a group are too low',
    table(
      [
        ['Group', 28],
        ['n', 10],
        ['Mean score', 18],
        ['Observed', 22],
        ['Difference', 22],
      ],
      groups.map(({ group, n, meanScore, observed, bias }) => [
        sayGroup(group),
        sayCount(n),
        cellOf(meanScore),
        cellOf(observed),
        cellOf(bias),
      ]),
      'No score has a label.',
    ),
  )

const powerOf = ({ difference, power, rates }: Part<'power'>, numbers: Detail['numbers']): Block[] =>
  part(
    'Could a gap have been seen?',
    `What it takes to find a difference of ${sayNumber(difference)}${numbers ? ` (of amounts: deviations of the ${numbers.deviationOf})` : ''} in ${sayShare(power)} of cases`,
    table(
      [
        ['Measure', 26],
        ['Needed a group', 16],
        ['In rows', 14],
        ['Groups that have fewer', 44],
      ],
      rates.map(({ metric, neededN, neededRows, short }) => [
        spell(metric),
        neededN === null ? 'unknown' : sayCount(neededN),
        neededRows === null ? '-' : sayCount(neededRows),
        short.length === 0
          ? 'none'
          : `${short
              .slice(0, mostShort)
              .map(({ group, n }) => `${sayGroup(group)} (${sayCount(n)})`)
              .join('; ')}${short.length > mostShort ? ` and ${short.length - mostShort} more` : ''}`,
      ]),
      '',
    ),
  )

/** What fairness is told of beyond its groups and measures. */
export function fairnessParts(detail: Detail): Block[] {
  const { frames, disparateImpact, control, calibration, power } = detail
  return [
    ...(frames === undefined || frames.length === 0 ? [] : framesOf(frames, detail)),
    ...(disparateImpact === undefined ? [] : impactOf(disparateImpact)),
    ...(control === undefined ? [] : controlOf(control, detail.measures)),
    ...(calibration === undefined || calibration.length === 0 ? [] : calibrationOf(calibration)),
    ...(power === undefined ? [] : powerOf(power, detail.numbers)),
  ]
}
