import { sayCount, sayInstant, sayMany, sayNumber } from '../../../../analysis/wording.ts'
import type { AnomalySpan } from '../../../../contract/anomaly.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { type Block, type Cell, chart, table } from '../document.ts'
import { part } from './blocks.ts'

type Channel = DetailOf<'device'>['channels'][number]
const hourMs = 3_600_000
const mostSpans = 10
const mostPoints = 240

/** What each channel's health loses, and to what. */
const scoresOf = (channels: readonly Channel[]): Block[] =>
  part(
    'Health in parts',
    'Of 100 for a channel of which nothing is wrong, and what each part takes',
    table(
      [
        ['Channel', 24],
        ['Score', 10],
        ['What it lost', 66],
      ],
      channels.flatMap(({ channel, score }) =>
        score === undefined
          ? []
          : [
              [
                channel,
                sayNumber(Math.round(score.value)),
                score.parts.length === 0
                  ? 'nothing'
                  : score.parts.map(({ lost, sentence }) => `${sayNumber(Math.round(lost))}: ${sentence}`).join('; '),
              ],
            ],
      ),
      '',
    ),
  )

const rowsOf = (name: string, spans: readonly AnomalySpan[]): Cell[][] =>
  spans
    .slice(-mostSpans)
    .map(({ from, to, score, reason }) => [name, `${sayInstant(from)} to ${sayInstant(to)}`, sayNumber(score), reason])

/** The course of the scores, each step of the window its highest. */
function courseOf(name: string, { from, stepMs, scores }: NonNullable<Channel['course']>): Block[] {
  const every = Math.max(1, Math.ceil(scores.length / mostPoints))
  const points = Array.from({ length: Math.ceil(scores.length / every) }, (_, i) => {
    const known = scores.slice(i * every, (i + 1) * every).filter((score) => score !== null)
    return known.length === 0 ? null : ([(i * every * stepMs) / hourMs, Math.max(...known)] as const)
  }).filter((point) => point !== null)
  return points.length < 2
    ? []
    : [
        chart({
          type: 'lines',
          x: `hours since ${sayInstant(from)}`,
          y: `unusual, 0 to 1: ${name}`,
          lines: [
            {
              name: 'a person should look',
              isReference: true,
              points: [
                [points[0][0], 0.5],
                [points[points.length - 1][0], 0.5],
              ],
            },
            { name: 'score', points },
          ],
        }),
      ]
}

/** What is wrong with a device, channel by channel. */
export function deviceReport({ channels, joint, faults = [] }: DetailOf<'device'>): Block[] {
  const found = channels.flatMap(({ channel, anomalies = [] }) => rowsOf(channel, anomalies))
  const together = joint === undefined ? [] : rowsOf(`${joint.channels.join(', ')} together`, joint.anomalies)
  const isScored = channels.some(({ anomalies }) => anomalies !== undefined) || joint !== undefined
  // The course of a channel of which nothing was unusual says nothing.
  const courses = channels.flatMap(({ channel, anomalies = [], course }) =>
    anomalies.length === 0 || course === undefined ? [] : courseOf(channel, course),
  )
  return [
    ...(channels.some(({ score }) => score !== undefined) ? scoresOf(channels) : []),
    ...(faults.length === 0
      ? []
      : part(
          'What the sensor gate does not let pass',
          `${sayMany(faults.length, 'stretch', 'stretches')} in which the sensors cannot be trusted`,
          table(
            [
              ['From', 24],
              ['To', 24],
              ['Fault', 52],
            ],
            faults.slice(-mostSpans).map(({ from, to, sentence }) => [sayInstant(from), sayInstant(to), sentence]),
            '',
          ),
        )),
    ...(isScored
      ? part(
          'Unusual stretches',
          `Each reading scored by those before it; a person should look from 0.5 on. ${sayCount(found.length + together.length)} are listed`,
          table(
            [
              ['Channel', 20],
              ['When', 34],
              ['Score', 10],
              ['Why', 36],
            ],
            [...found, ...together],
            'Nothing was unusual.',
          ),
          ...courses.slice(0, 4),
          ...(joint !== undefined && joint.anomalies.length > 0 ? courseOf('all channels together', joint.course) : []),
        )
      : []),
  ]
}
