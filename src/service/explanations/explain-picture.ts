import type { EndpointClient, InferRow, InferValue } from '../../collect/endpoint.ts'
import type { SampleOcclusion } from '../../contract/explanation.ts'
import type { BlobStore } from '../../store/store.ts'
import { inferAll } from './endpoint-model.ts'
import { coverPicture } from './occlude.ts'
import type { SampleScene } from './sample-scene.ts'

/**
 * Where in a picture its prediction lies: the endpoint is asked about the picture with one patch after another covered, and what the score
 * of the predicted class loses is kept for each. A sentence where it cannot be done.
 */
export async function explainPicture(
  { sample, version }: SampleScene,
  blobs: Pick<BlobStore, 'get'>,
  client: EndpointClient,
  {
    budgetRows,
    signal,
    progress,
  }: {
    readonly budgetRows: number
    readonly signal: AbortSignal
    readonly progress: (fraction: number) => void
  },
): Promise<SampleOcclusion | string> {
  const { schema } = version
  const column = schema.columns.find(({ type, role }) => type === 'image' && role === 'input')?.name
  if (column === undefined) return 'the model takes no picture'
  const digest = sample.inputs[column]
  const bytes = typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) ? await blobs.get(digest) : null
  if (bytes === null) return 'its picture is not kept'
  const covered = coverPicture(bytes, budgetRows - 1)
  if (typeof covered === 'string') return covered
  const others: Record<string, InferValue> = {}
  for (const { name, role } of schema.columns)
    if (role === 'input' && name !== column) others[name] = sample.inputs[name] ?? null
  const rowOf = (picture: Uint8Array): InferRow => ({ ...others, [column]: picture })
  const [whole] = await inferAll(client, schema, [rowOf(bytes)], signal)
  const output = String(whole.prediction)
  const scoreOf = (scores: Readonly<Record<string, number>> | null) => scores?.[output]
  const score = scoreOf(whole.scores)
  if (score === undefined) return 'the endpoint gives no scores, so that nothing can be seen to fall'
  const losses: number[] = []
  const perStep = covered.columns
  for (let from = 0; from < covered.pictures.length; from += perStep) {
    const rows = covered.pictures.slice(from, from + perStep).map(rowOf)
    for (const { scores } of await inferAll(client, schema, rows, signal))
      losses.push(score - (scoreOf(scores) ?? score))
    progress((from + rows.length) / covered.pictures.length)
  }
  const askedRows = 1 + covered.pictures.length
  const largest = losses.reduce((best, loss, place) => (loss > losses[best] ? place : best), 0)
  const percent = Math.round(covered.patchShare * 100)
  return {
    ...{ kind: 'occlusion', column, output, score, columns: covered.columns, rows: covered.rows, losses },
    ...{ askedRows, budgetRows },
    sentence: `The endpoint was asked ${askedRows} times of at most ${budgetRows}, each time with another patch (${percent} % of each side) of the picture covered by its mean colour. The score of ${output}, ${score.toFixed(3)} for the whole picture, falls most where the patch covers its ${sayPlace(largest, covered)}: by ${losses[largest].toFixed(3)}.`,
  }
}

function sayPlace(place: number, { columns, rows }: { columns: number; rows: number }): string {
  const third = (at: number, of: number) => Math.min(2, Math.floor((3 * (at + 0.5)) / of))
  const down = ['upper', '', 'lower'][third(Math.floor(place / columns), rows)]
  const across = ['left', '', 'right'][third(place % columns, columns)]
  return [down, across].filter(Boolean).join(' ') || 'middle'
}
