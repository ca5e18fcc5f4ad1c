import { compile, TreeInterpreter } from '@jmespath-community/jmespath'
import type { FieldOrigin, FieldPick } from '../../contract/mapping.ts'
import type { Json } from '../../contract/primitives.ts'
import { describe } from '../decode-json.ts'
import { MappingFault } from './mapping-fault.ts'

/** One element of a message with what else a pick may ask for. */
export interface PickScene {
  readonly element: Json
  readonly variables: Readonly<Record<string, string>>
  readonly arrivedAt: number
  /** Fingerprint of this element of the message. */
  readonly digest: () => string
}

/** A value, or undefined where there is nothing. */
export type Pick = (scene: PickScene) => Json | undefined

/** How an origin is told to a person. */
export function originWords(origin: FieldOrigin): string {
  switch (origin.kind) {
    case 'path':
      return `\`${origin.path}\``
    case 'topic':
      return `{${origin.variable}} of the topic`
    case 'constant':
      return `the constant ${JSON.stringify(origin.value)}`
    case 'arrival':
      return 'the time of arrival'
    case 'digest':
      return 'the fingerprint of the message'
  }
}

/** Compiles a JMESPath. The result throws a MappingFault when evaluating fails (a function that is given the wrong type). */
export function compilePath(where: string, path: string): (value: Json) => Json | undefined {
  const broken = (error: unknown) => new MappingFault(where, `\`${path}\` is no JMESPath: ${(error as Error).message}`)
  let tree: ReturnType<typeof compile>
  try {
    tree = compile(path)
  } catch (error) {
    throw broken(error)
  }
  try {
    // Unknown functions and variables show only when they are run.
    TreeInterpreter.search(tree, null)
  } catch (error) {
    if (/unknown function|undefined variable/i.test((error as Error).message)) throw broken(error)
  }
  return (value) => {
    try {
      const found = TreeInterpreter.search(tree, value) as Json | undefined
      // Names that every object has by itself are not in the message.
      return found === null || typeof found === 'function' ? undefined : found
    } catch (error) {
      throw new MappingFault(where, `\`${path}\` failed: ${(error as Error).message.slice(0, 300)}`)
    }
  }
}

export function compileOrigin(where: string, origin: FieldOrigin, variables: readonly string[]): Pick {
  switch (origin.kind) {
    case 'path': {
      const evaluate = compilePath(where, origin.path)
      return ({ element }) => evaluate(element)
    }
    case 'topic': {
      const { variable } = origin
      if (!variables.includes(variable))
        throw new MappingFault(where, `the topic pattern has no variable {${variable}}`)
      return (scene) => scene.variables[variable]
    }
    case 'constant':
      return () => origin.value
    case 'arrival':
      return ({ arrivedAt }) => arrivedAt
    case 'digest':
      return ({ digest }) => digest()
  }
}

/** A number, where the value is one or is written as one. */
export function numberOf(value: Json): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** Units and words of one value; throws a MappingFault when units are asked of what is no number. */
export function adapt(pick: FieldPick, value: Json): Json {
  let adapted = value
  if (pick.translate !== undefined && (typeof value !== 'object' || value === null)) {
    const text = String(value)
    if (Object.hasOwn(pick.translate, text)) adapted = pick.translate[text]
  }
  if (pick.scale === undefined && pick.offset === undefined) return adapted
  const number = numberOf(adapted)
  if (number === null)
    throw new MappingFault(
      pick.to,
      `${originWords(pick.from)} gave ${describe(adapted)}, which has no units to convert`,
    )
  return number * (pick.scale ?? 1) + (pick.offset ?? 0)
}
