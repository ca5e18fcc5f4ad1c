import type { Device } from '../contract/device.ts'
import type { Window } from '../contract/primitives.ts'
import type { Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

/** Points of one channel in order of time. */
export interface ChannelPoints {
  readonly at: Float64Array
  readonly value: Float64Array
}

export interface DeviceInput {
  readonly device: Device
  readonly channels: ReadonlyMap<string, ChannelPoints>
  readonly window: Window
  readonly now: number
}

export function analyzeDevice(_input: DeviceInput, _parameters: ParametersOf<'device'>): Answer<'device'> {
  throw new Error('under construction')
}
