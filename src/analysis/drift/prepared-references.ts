import type { SchemaSpec } from '../../contract/model.ts'
import type { Binning, Profile } from '../../contract/profile.ts'
import type { SampleTable } from '../../contract/table.ts'
import { computeMoments, type Moments } from '../../stats/moments.ts'
import { finitePart, type SortedSample, sortSample } from '../../stats/sorted-sample.ts'
import { profileOfTable } from '../profile/of-table.ts'

/** Numbers as drift takes them: the finite ones in order, all others missing. */
export interface PreparedNumbers {
  readonly sample: SortedSample
  readonly moments: Moments
}

/** Sorts a column and takes its moments. O(n log n). */
export function prepareNumbers(values: Float64Array): PreparedNumbers {
  const { values: finite } = finitePart(sortSample(values))
  return { sample: { values: finite, missing: values.length - finite.length }, moments: computeMoments(finite) }
}

/**
 * What is costly to know of a reference, worked out at the first question and kept for the next as long as its table is: half
 * the work of exact drift, nearly all of drift from profiles. Needs as much memory again as the numeric columns asked for.
 */
export interface PreparedReferences {
  numbers(values: Float64Array): PreparedNumbers
  /** The table's profile in the bins of a version; the table must not change. */
  profile(table: SampleTable, schema: SchemaSpec, binning: Binning): Profile
}

/** Remembers by identity, so that what nobody holds any more is forgotten. */
export function createPreparedReferences(): PreparedReferences {
  const prepared = new WeakMap<Float64Array, PreparedNumbers>()
  const profiles = new WeakMap<SampleTable, { readonly binnedBy: string; readonly profile: Profile }>()
  return {
    numbers(values) {
      const known = prepared.get(values) ?? prepareNumbers(values)
      prepared.set(values, known)
      return known
    },
    profile(table, schema, binning) {
      // Bins may be set anew; they and the schema are small beside the table.
      const binnedBy = JSON.stringify([schema, binning])
      const known = profiles.get(table)
      if (known?.binnedBy === binnedBy) return known.profile
      const profile = profileOfTable(table, schema, binning)
      profiles.set(table, { binnedBy, profile })
      return profile
    },
  }
}
