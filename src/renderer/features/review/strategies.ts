import type { InputOf } from '../../../contract/api.ts'

export type Strategy = NonNullable<InputOf<'review.queue'>['strategy']>

/** How the queue is filled, and what the labels are then good for. */
export const strategies: Record<Strategy, { name: string; note: string }> = {
  uncertain: {
    name: 'Least certain',
    note: 'The model was least sure of these: their labels teach it most. They are harder than the rest, so accuracy among them says little about accuracy overall.',
  },
  unusual: {
    name: 'Most unusual',
    note: 'These look least like the reference: they show what has changed. Accuracy among them says little about accuracy overall.',
  },
  random: {
    name: 'Drawn at random',
    note: 'Drawn at random: only such labels give an honest estimate of accuracy, with an interval that narrows as you label. Label every one, the hard ones too.',
  },
  newest: {
    name: 'Newest first',
    note: 'The newest samples: to see what is happening now.',
  },
}

export function isStrategy(text: string | null): text is Strategy {
  return text !== null && Object.hasOwn(strategies, text)
}
