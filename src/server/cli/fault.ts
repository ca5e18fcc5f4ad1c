/** A mistake of whoever called, told in one line; the program then ends with code 2. */
export class CliFault extends Error {
  override readonly name = 'CliFault'
}

/** Any text as one line: line breaks and other control characters become blanks. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
