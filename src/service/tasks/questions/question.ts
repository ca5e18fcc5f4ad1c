import type { MonitorKind, Reference, Target } from '../../../contract/finding.ts'
import type { Json, Window } from '../../../contract/primitives.ts'
import type { Report } from '../../../contract/report.ts'
import type { ProbeRecord } from '../../rooms.ts'

/** A question as a worker is asked it; what the workspace holds it reads itself. */
export interface Question {
  readonly kind: MonitorKind
  readonly target: Target
  readonly window: Window
  readonly reference: Reference
  /** Complete: every default is filled in. */
  readonly parameters: Readonly<Record<string, Json>>
  /** Endpoints only: what the probes saw, in the window and for a time before it, which the running console alone knows. */
  readonly probes: readonly ProbeRecord[]
  /** Devices only: the least time from event to arrival, hour by hour, where the running console saw it. */
  readonly arrivalLags?: readonly number[]
  readonly now: number
}

/** `refused`: the question cannot be asked of this target, with a sentence that says why and what would help. */
export type Reply =
  | { readonly type: 'answered'; readonly report: Report }
  | { readonly type: 'refused'; readonly sentence: string }

/** Thrown where a question turns out not to be askable; becomes a refusal. */
export class UnaskableError extends Error {}
