/**
 * Names like a mistyped one, the nearest first: at most a third of its letters apart (upper and lower case are the same), or
 * beginning alike.
 */
export function nearMatches(wanted: string, names: readonly string[], most = 3): string[] {
  const lower = wanted.toLowerCase()
  return names
    .map((name) => ({ name, distance: distanceOf(lower, name.toLowerCase()) }))
    .filter(
      ({ name, distance }) =>
        // Something must be left of the name: “3” is not like “0”.
        (distance < Math.max(wanted.length, name.length) &&
          distance <= Math.ceil(Math.max(wanted.length, name.length) / 3)) ||
        (lower.length >= 3 && (name.toLowerCase().startsWith(lower) || lower.startsWith(name.toLowerCase()))),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name)
}

/** Insertions, deletions and replacements from one text to the other. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}

/** `; did you mean “income”?`, or what there is. */
export function suggest(wanted: string, names: readonly string[]): string {
  const near = nearMatches(wanted, names)
  if (near.length > 0) return `; did you mean ${near.map((name) => `“${name}”`).join(' or ')}?`
  const shown = names.slice(0, 12).join(', ')
  return names.length === 0 ? '' : `; there is ${shown}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`
}
