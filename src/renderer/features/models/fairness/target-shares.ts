/** Reads `cat=0.5, dog=0.5` (or percentages) for these classes; an objection where it cannot be meant, null where nothing is said. */
export function readShares(
  text: string,
  classes: readonly string[],
): { shares: Record<string, number> } | { objection: string } | null {
  if (text.trim() === '') return null
  const shares: Record<string, number> = {}
  for (const part of text.split(',')) {
    const at = part.lastIndexOf('=')
    const name = part.slice(0, at).trim()
    const given = part.slice(at + 1).trim()
    if (at < 0 || !classes.includes(name)) return { objection: `Say class=share; classes are ${classes.join(', ')}` }
    const value = given.endsWith('%') ? Number(given.slice(0, -1)) / 100 : Number(given)
    if (given === '' || !(value >= 0 && value <= 1)) return { objection: `The share of ${name} lies between 0 and 1` }
    shares[name] = value
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0)
  const isWhole = classes.every((name) => Object.hasOwn(shares, name))
  if (sum > 1.001 || (isWhole && sum < 0.999)) return { objection: `Shares add up to ${Number(sum.toFixed(3))}` }
  return { shares }
}
