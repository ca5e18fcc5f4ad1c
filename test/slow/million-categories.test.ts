import { describe, expect, it } from 'vitest'
import { askAll, distinct, soundTable } from '../support/ask-all.ts'
import { expectSound } from '../support/expect-sound.ts'

const million = 1_000_000

describe('a million of what should be few', () => {
  it('categories of a group are asked everything', async () => {
    const answers = await askAll(soundTable(million, { group: distinct(million) }))
    for (const [question, answer] of Object.entries(answers)) expectSound(answer, question)
  })

  it('classes are not compared, and the reason is given', async () => {
    const ids = distinct(million)
    const answers = await askAll(soundTable(million, {}, { label: ids, prediction: ids }))
    for (const [question, answer] of Object.entries(answers)) expectSound(answer, question)
    for (const { headline } of [answers.performance, answers.bias])
      expect(headline).toEqual({
        status: 'insufficient',
        text: expect.stringContaining('1,000,002 classes occur and at most 1,000 can be compared'),
      })
  })
})
