const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Codes that are no characters of HTML, line breaks and tabs apart. */
const isControl = (code: number) =>
  (code < 32 && code !== 9 && code !== 10 && code !== 13) || (code > 126 && code < 160)

/** Text for HTML, in elements and quoted attributes alike. What is no character of HTML becomes a replacement mark. */
export function escapeHtml(words: string): string {
  let escaped = ''
  for (const character of words.toWellFormed())
    escaped += entities[character] ?? (isControl(character.charCodeAt(0)) ? '\ufffd' : character)
  return escaped
}
