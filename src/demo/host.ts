import type { InputOf, MethodName, OutputOf } from '../contract/api.ts'
import type { Target } from '../contract/finding.ts'
import type { Window } from '../contract/primitives.ts'
import type { ProgramFiles } from './programs/programs.ts'

/** A message pushed to the console, as its push route takes them. */
export interface PushRoute {
  readonly kind: 'samples' | 'labels' | 'telemetry'
  /** Deployment key, or device key for telemetry. */
  readonly key: string
}

/** The console as the demo uses it: through its own methods, by people of its own. */
export interface DemoHost {
  /** The park's folder inside the workspace. */
  readonly folder: string
  readonly programs: ProgramFiles
  readonly now: () => number
  /** Calls a method as a person, by login; null is a visitor. Role and shapes are checked as for a page. */
  call<M extends MethodName>(login: string | null, method: M, input: InputOf<M>): Promise<OutputOf<M>>
  /** Pushes messages at their own event times; resolves once they are durable, rejects when one was refused. */
  push(token: string, route: PushRoute, items: readonly object[]): Promise<void>
  /** Answers the scheduled monitors of a target for a span of the past; resolves with the number of answers. */
  backfill(target: Target, window: Window): Promise<number>
  readonly secrets: {
    get(name: string): Promise<string | undefined>
    put(name: string, value: string): Promise<void>
  }
  /** A line for the person who started the console. */
  announce(sentence: string): void
  /** A line for the log. */
  problem(sentence: string): void
}
