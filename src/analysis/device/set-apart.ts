import type { DriftFeature } from '../../contract/report.ts'
import type { SensorFault, SetApart } from '../../contract/sensor-fault.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { sayList, sayMany } from '../wording.ts'

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Inputs by the channels that they are, by name: `accelerometer.x` is `accelerometerX`. */
export function inputsOf(columns: readonly string[], channels: readonly string[]): Map<string, string> {
  const byName = new Map(columns.map((column) => [plain(column), column]))
  return new Map(
    channels.flatMap((channel) => {
      const column = byName.get(plain(channel))
      return column === undefined ? [] : [[channel, column] as const]
    }),
  )
}

/** Faults that touch what samples rest on: of channels that are inputs, or of the whole device. */
export const faultsOfInputs = (faults: readonly SensorFault[], inputs: ReadonlyMap<string, string>): SensorFault[] =>
  faults.filter(({ channels }) => channels.length === 0 || channels.some((channel) => inputs.has(channel)))

/** Which samples may answer for which column. */
export interface GatedSamples {
  readonly setApart: SetApart
  /** 1 where a sample may answer for this column in this role; null where all may. */
  readonly keepFor: (name: string, role: DriftFeature['role']) => Uint8Array | null
}

/**
 * What faults take from samples: an input loses the samples of its own channel's faults, predictions and scores (which rest on all
 * inputs) those of any, and everything those of the whole device; other inputs and labels keep theirs. Null where no sample's
 * instant lies in a fault. A sample in several faults is counted with the first. O(n · faults).
 */
export function gateSamples(
  { at, n }: Pick<SampleTable, 'at' | 'n'>,
  faults: readonly SensorFault[],
  inputs: ReadonlyMap<string, string>,
): GatedSamples | null {
  if (at === null) return null
  const counts = faults.map(() => 0)
  let count = 0
  for (const instant of at) {
    const fault = faults.findIndex((span) => isIn(span, instant))
    if (fault < 0) continue
    counts[fault]++
    count++
  }
  if (count === 0) return null
  const keepOutside = (touching: readonly SensorFault[]) =>
    touching.length === 0 ? null : Uint8Array.from(at, (instant) => (touching.some((f) => isIn(f, instant)) ? 0 : 1))
  const ofDevice = faults.filter(({ channels }) => channels.length === 0)
  const touchingInput = (column: string) =>
    faults.filter(({ channels }) => channels.length === 0 || channels.some((channel) => inputs.get(channel) === column))
  return {
    setApart: {
      n: count,
      of: n,
      faults: faults.flatMap((fault, i) => (counts[i] === 0 ? [] : [{ ...fault, n: counts[i] }])),
    },
    keepFor: (name, role) =>
      keepOutside(role === 'feature' ? touchingInput(name) : role === 'label' ? ofDevice : faults),
  }
}

const isIn = ({ from, to }: SensorFault, instant: number) => instant >= from && instant <= to

/** The values of a column that may answer. */
export function keptOf(column: Column, keep: Uint8Array): Column {
  return column.type === 'numeric'
    ? { ...column, values: column.values.filter((_, i) => keep[i] === 1) }
    : { ...column, codes: column.codes.filter((_, i) => keep[i] === 1) }
}

/** `28 samples set apart: light stuck at 119.1 lx since …` */
export function saySetApart({ n, faults }: SetApart): string {
  const sentences = [...new Set(faults.map(({ sentence }) => sentence))]
  return `${sayMany(n, 'sample')} set apart: ${sayList(sentences, 3)}`
}
