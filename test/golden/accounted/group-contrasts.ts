/** What sets the groups' values of one measure apart. */
export type GroupContrasts = {
  readonly min: number
  readonly max: number
  /** max − min, in the unit of the measure. */
  readonly difference: number
  /** min / max; null when both are 0. */
  readonly ratio: number | null
  readonly lowest: string
  readonly highest: string
}

/**
 * Extremes, difference and ratio of one measure over groups; groups where it is undefined (null) are left out.
 *
 * For measures that cannot be negative. Values alone: their uncertainty is asked elsewhere. Null when no group has a value. O(groups).
 */
export function contrastGroups(values: ReadonlyMap<string, number | null>): GroupContrasts | null {
  let lowest: [string, number] | null = null
  let highest: [string, number] | null = null
  for (const [name, value] of values) {
    if (value === null) continue
    if (lowest === null || value < lowest[1]) lowest = [name, value]
    if (highest === null || value > highest[1]) highest = [name, value]
  }
  if (lowest === null || highest === null) return null
  const [min, max] = [lowest[1], highest[1]]
  const ratio = max === 0 ? null : min / max
  return { min, max, difference: max - min, ratio, lowest: lowest[0], highest: highest[0] }
}

/** Each group's value divided by that of a privileged group (disparate impact); null where undefined or divided by 0. */
export function ratiosToGroup(
  values: ReadonlyMap<string, number | null>,
  privileged: string,
): ReadonlyMap<string, number | null> {
  const base = values.get(privileged) ?? null
  return new Map([...values].map(([name, value]) => [name, value === null || !base ? null : value / base]))
}
