import { type MeasureOf, type ScriptName, scriptName } from '../../contract/blob.ts'

/** What a text is compared with. */
export interface TextExpectation {
  /** Known words in lower case; null where nobody said which are known. */
  readonly vocabulary: ReadonlySet<string> | null
  /** Scripts that are expected; null where none was named. */
  readonly scripts: readonly ScriptName[] | null
}

const letters = /\p{L}/gu
const lettersOf: Record<ScriptName, RegExp> = {
  Latin: /(?=\p{L})\p{Script=Latin}/gu,
  Cyrillic: /(?=\p{L})\p{Script=Cyrillic}/gu,
  Greek: /(?=\p{L})\p{Script=Greek}/gu,
  Arabic: /(?=\p{L})\p{Script=Arabic}/gu,
  Hebrew: /(?=\p{L})\p{Script=Hebrew}/gu,
  Devanagari: /(?=\p{L})\p{Script=Devanagari}/gu,
  Bengali: /(?=\p{L})\p{Script=Bengali}/gu,
  Thai: /(?=\p{L})\p{Script=Thai}/gu,
  Hangul: /(?=\p{L})\p{Script=Hangul}/gu,
  Han: /(?=\p{L})\p{Script=Han}/gu,
  Kana: /(?=\p{L})[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
}
const word = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu

const countOf = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0

/** Words of a text in lower case: runs of letters and digits, joined by apostrophes and hyphens. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(word) ?? []

/**
 * Numbers that describe a text without understanding it.
 *
 * - `characters`: Unicode code points.
 * - `words`: runs of letters, marks and digits. Scripts that write no spaces (Han, Kana, Thai) give one word a run.
 * - `unknownShare`: share of words that the vocabulary lacks, in lower case; null without a vocabulary or without words.
 * - `script`: the Unicode script of most letters (the first of equals in the order of `scriptName`), `other` for one that is not
 *   told apart, `none` without letters. This is the script and not the language: French and English are both Latin.
 * - `mixedShare`: share of letters that are not of that script; null without letters.
 * - `foreignShare`: share of letters that are of none of the expected scripts; null without letters or expectation.
 *
 * The empty text has no characters and no words, and no shares. O(length). Scripts as in Unicode Standard Annex 24.
 */
export function describeText(
  text: string,
  { vocabulary, scripts }: TextExpectation,
): Record<Exclude<MeasureOf<'text'>, 'script'>, number | null> & { readonly script: string } {
  const words = wordsOf(text)
  const all = countOf(text, letters)
  const counts = scriptName.options.map((name) => [name, countOf(text, lettersOf[name])] as const)
  const named = counts.reduce((sum, [, count]) => sum + count, 0)
  const rest = all - named
  let [script, most]: readonly [string, number] = ['none', 0]
  for (const [name, count] of [...counts, ['other', rest] as const]) if (count > most) [script, most] = [name, count]
  const expected =
    scripts === null ? null : counts.reduce((sum, [name, count]) => sum + (scripts.includes(name) ? count : 0), 0)
  const unknown = vocabulary === null ? null : words.filter((each) => !vocabulary.has(each)).length
  let characters = 0
  for (const _ of text) characters++
  return {
    characters,
    words: words.length,
    unknownShare: unknown === null || words.length === 0 ? null : unknown / words.length,
    script,
    mixedShare: all === 0 ? null : 1 - most / all,
    foreignShare: expected === null || all === 0 ? null : 1 - expected / all,
  }
}
