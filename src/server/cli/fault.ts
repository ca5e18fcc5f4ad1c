/** A mistake of whoever called, told in one line; the program then ends with code 2. */
export class CliFault extends Error {
  override readonly name = 'CliFault'
}

/** What a command ends with when it was carried out and the answer is no: a broken limit, evidence that does not verify. Code 1. */
export class Negative extends Error {
  override readonly name = 'Negative'
}

/** Any text as one line: line breaks and other control characters become blanks. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
