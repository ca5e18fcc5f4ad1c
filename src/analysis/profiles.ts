import type { SchemaSpec } from '../contract/model.ts'
import type { Binning, Profile } from '../contract/profile.ts'
import type { SampleTable } from '../contract/table.ts'
import type { Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

export interface ProfileDriftInput {
  readonly reference: Profile
  readonly current: Profile
  readonly binning: Binning
  readonly schema: SchemaSpec | null
}

export function analyzeDriftFromProfiles(
  _input: ProfileDriftInput,
  _parameters: ParametersOf<'drift'>,
): Answer<'drift'> {
  throw new Error('under construction')
}

/** Sum of profiles of one deployment and version; null when there is none. */
export function mergeProfiles(_profiles: readonly Profile[]): Profile | null {
  throw new Error('under construction')
}

/** Profile of a whole table, as if its rows had been folded one by one. */
export function profileOfTable(_table: SampleTable, _schema: SchemaSpec | null, _binning: Binning): Profile {
  throw new Error('under construction')
}
