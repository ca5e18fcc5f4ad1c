import type { Gate } from '../../../contract/release.ts'

export type GateOf<K extends Gate['kind']> = Extract<Gate, { kind: K }>

/** Fewer rows than this are not judged. */
export const minimumN = 30
