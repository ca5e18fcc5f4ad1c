import { sayInstant, sayMany } from '../../../../analysis/wording.ts'
import type { SampleExplanation } from '../../../../contract/explanation.ts'
import type { KeptExplanation } from '../../../../contract/kept-explanation.ts'
import { type Block, table } from '../document.ts'
import { endSentence, part } from './blocks.ts'

const mostListed = 50
const words = {
  contributions: 'what pushed it',
  counterfactuals: 'what would change it',
  occlusion: 'where in the picture it lies',
} as const

function sayExplanation(found: SampleExplanation): string {
  if (found.kind === 'contributions')
    return found.contributions
      .slice(0, 3)
      .map(({ sentence }) => endSentence(sentence))
      .join(' ')
  if (found.kind === 'counterfactuals') return found.found[0]?.sentence ?? found.sentence
  return found.sentence
}

/** Predictions that people asked about, with the version and the engine that answered. */
export function singleExplanations(
  kept: readonly KeptExplanation[],
  names: { readonly person: (id: string) => string; readonly version: (id: string) => string },
): Block[] {
  if (kept.length === 0) return []
  const newest = [...kept].sort((a, b) => b.at - a.at).slice(0, mostListed)
  return part(
    'Single predictions that were explained',
    `${sayMany(kept.length, 'explanation')}, the newest first`,
    table(
      [
        ['Sample', 16],
        ['Asked', 24],
        ['Version, engine', 18],
        ['Answer', 42],
      ],
      newest.map(({ sampleId, what, at, askedBy, versionId, engine, explanation }) => [
        sampleId,
        `${words[what]}, ${sayInstant(at)} by ${askedBy === null ? 'the console' : names.person(askedBy)}`,
        `${names.version(versionId)}, ${engine}`,
        sayExplanation(explanation),
      ]),
      '',
    ),
  )
}
