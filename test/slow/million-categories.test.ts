import { describe, expect, it } from 'vitest'
import { askAll, distinct, soundTable } from '../support/ask-all.ts'
import { expectSound } from '../support/expect-sound.ts'

const million = 1_000_000
const classes = 100_000

describe('as many of a kind as rows', () => {
  it('a million categories of a group are asked everything', async () => {
    const answers = await askAll(soundTable(million, { group: distinct(million) }))
    for (const [question, answer] of Object.entries(answers)) expectSound(answer, question)
  })

  it('a hundred thousand classes are not compared, and the reason is given', async () => {
    const ids = distinct(classes)
    const answers = await askAll(soundTable(classes, {}, { label: ids, prediction: ids }))
    for (const [question, answer] of Object.entries(answers)) expectSound(answer, question)
    for (const { headline } of [answers.performance, answers.bias])
      expect(headline).toEqual({
        status: 'insufficient',
        text: expect.stringContaining('100,002 classes occur and at most 1,000 can be compared'),
      })
  })
})
