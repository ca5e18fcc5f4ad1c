/** Labels as they are written in a query: `mode="idle", cpu="0"`. */
export const writeLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(', ')

/** Reads `mode="idle", cpu=0`; null where something else stands. */
export function readLabels(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {}
  const pair = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))\s*(?:,|$)/y
  while (pair.lastIndex < text.length) {
    if (text.slice(pair.lastIndex).trim() === '') break
    const found = pair.exec(text)
    if (found === null) return null
    labels[found[1]] = found[2] === undefined ? found[3] : found[2].replace(/\\(.)/g, '$1')
  }
  return labels
}
