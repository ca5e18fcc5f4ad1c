import { describe, expect, it } from 'vitest'
import { readShares } from './target-shares.ts'

const classes = ['cat', 'dog', 'a=b']

describe('declared shares', () => {
  it.each([
    ['', null],
    ['cat=0.5, dog=0.3, a=b=0.2', { shares: { cat: 0.5, dog: 0.3, 'a=b': 0.2 } }],
    ['cat=40 %', { shares: { cat: 0.4 } }],
    ['cat', { objection: 'Say class=share; classes are cat, dog, a=b' }],
    ['hen=0.5', { objection: 'Say class=share; classes are cat, dog, a=b' }],
    ['cat=2', { objection: 'The share of cat lies between 0 and 1' }],
    ['cat=', { objection: 'The share of cat lies between 0 and 1' }],
    ['cat=0.5, dog=0.3, a=b=0.1', { objection: 'Shares add up to 0.9' }],
    ['cat=0.9, dog=0.3', { objection: 'Shares add up to 1.2' }],
  ])('%j', (text, expected) => {
    expect(readShares(text, classes)).toEqual(expected)
  })
})
