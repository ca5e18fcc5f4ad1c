import { sayCount, sayList, sayNumber, sayPValue, sayShare } from '../../../../analysis/wording.ts'
import type { DriftPart, MultivariateDrift, VerdictPanel } from '../../../../contract/drift-detail.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { type Block, table, text } from '../document.ts'
import { bars, cellOf, cellWithN, part, toned } from './blocks.ts'

const mostLevels = 8
const orDash = (value: number | null, say = sayNumber) => (value === null ? '-' : say(value))

/** The default rules of other tools on the same samples. */
const panelOf = (name: string, { sentence, rules }: VerdictPanel): Block[] =>
  part(
    `What other tools would say of ${name}`,
    sentence,
    table(
      [
        ['Rule', 18],
        ['Its number', 22],
        ['Fires', 14],
        ['Verdict', 12],
        ['Why', 34],
      ],
      rules.map(({ rule, measure, value, threshold, firesWhen, verdict, sentence: why }) => [
        rule,
        `${measure} ${orDash(value)}`,
        threshold === null ? '-' : `${firesWhen} ${sayNumber(threshold)}`,
        { text: verdict, tone: verdict === 'drift' ? 'bad' : verdict === 'no drift' ? 'good' : 'unsure' },
        why,
      ]),
      'No rule could be asked.',
    ),
  )

/** How much of a drift is one device, firmware, site or time of day. */
const fleetOf = (name: string, { by, levels, otherLevels, sentence }: DriftPart): Block[] =>
  part(
    `Drift of ${name} by ${by}`,
    sentence,
    table(
      [
        ['Level', 26],
        ['n', 12],
        ['Of the window', 14],
        ['Distance', 14],
        ['Without it', 14],
        ['Explains', 20],
      ],
      levels
        .slice(0, mostLevels)
        .map(({ level, n, share, distance, without, explained, standsOut }) => [
          level,
          sayCount(n),
          sayShare(share),
          orDash(distance),
          orDash(without),
          { text: explained === null ? '-' : sayShare(explained), tone: standsOut ? 'bad' : 'plain' },
        ]),
      'No level could be told apart.',
    ),
    ...(levels.length > mostLevels || otherLevels > 0
      ? [text(`${sayCount(Math.max(0, levels.length - mostLevels) + otherLevels)} more levels are not listed.`)]
      : []),
  )

/** All columns together: a classifier, and principal components. */
const togetherOf = ({ rows, domainClassifier, reconstruction }: MultivariateDrift): Block[] => [
  ...part(
    'All columns together',
    domainClassifier.sentence,
    table(
      [
        ['Question', 28],
        ['Verdict', 12],
        ['Value with interval', 26],
        ['Matters from', 12],
        ['Evidence', 22],
      ],
      [
        [
          'Can a classifier tell the window from the reference? Area under the ROC curve',
          toned(domainClassifier.status),
          cellWithN(domainClassifier.auc),
          sayNumber(domainClassifier.threshold),
          sayEvidence(domainClassifier),
        ],
        [
          `Do rows break the relations between columns? Shift of the error of ${sayCount(reconstruction.components)} principal components (${sayShare(reconstruction.explained)} of the variance), in deviations`,
          toned(reconstruction.status),
          cellWithN(reconstruction.shift),
          sayNumber(reconstruction.threshold),
          sayEvidence(reconstruction),
        ],
      ],
      '',
    ),
    text(
      `${sayCount(rows.reference)} rows of the reference and ${sayCount(rows.current)} of the window. ${reconstruction.sentence}`,
    ),
  ),
  ...bars(
    'Fall of the area when the column is shuffled',
    domainClassifier.top.map(({ column, importance }) => ({ name: column, value: importance, interval: null })),
    0,
  ),
]
const sayEvidence = ({ pValue, adjustedPValue }: { pValue: number | null; adjustedPValue: number | null }) => {
  const p = adjustedPValue ?? pValue
  return p === null ? 'not tested' : `${sayPValue(p)}${adjustedPValue === null ? '' : ', corrected'}`
}

/** Where everybody agrees that nothing has moved, seven rows say no more than one. */
const isDisputed = ({ verdict, panel }: DetailOf<'drift'>['features'][number]): boolean =>
  verdict.isDrifted || (panel?.rules.some((rule) => rule.verdict === 'drift') ?? false)

/** What drift is told of beyond its table of columns. */
export function driftParts({ features, multivariate, setApart }: DetailOf<'drift'>): Block[] {
  const settled = features.flatMap((each) => (each.panel !== undefined && !isDisputed(each) ? [each.name] : []))
  const moved = features.filter(({ population, verdict }) => population !== undefined && verdict.isDrifted)
  return [
    ...(setApart === undefined
      ? []
      : part(
          'Samples set apart',
          `${sayCount(setApart.n)} of ${sayCount(setApart.of)} samples were kept out, because a sensor behind them could not be trusted`,
          table(
            [
              ['Fault', 80],
              ['Samples', 20],
            ],
            setApart.faults.map(({ sentence, n }) => [sentence, sayCount(n)]),
            '',
          ),
        )),
    ...(moved.length === 0
      ? []
      : part(
          'What happened to the columns that drifted',
          '',
          table(
            [
              ['Column', 26],
              ['Of', 20],
              ['Reference', 18],
              ['Now', 18],
              ['Difference with interval', 18],
            ],
            moved.flatMap(({ name, population }) =>
              population === undefined
                ? []
                : [
                    [
                      name,
                      population.type === 'mean' ? 'mean' : `share of ${population.category}`,
                      cellOf({ ...population.reference, interval: null }),
                      cellOf({ ...population.current, interval: null }),
                      cellOf(population.difference),
                    ],
                  ],
            ),
            '',
          ),
        )),
    ...features.flatMap((feature) => [
      ...(feature.panel === undefined || !isDisputed(feature) ? [] : panelOf(feature.name, feature.panel)),
      ...(feature.parts ?? []).flatMap((each) => fleetOf(feature.name, each)),
    ]),
    ...(settled.length === 0 ? [] : [text(`Of ${sayList(settled, 30)} no rule of another tool says drift either.`)]),
    ...(multivariate === undefined ? [] : togetherOf(multivariate)),
  ]
}
