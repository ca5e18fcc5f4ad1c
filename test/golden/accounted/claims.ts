import { pValueError, relativeError } from '../shared.ts'

export type Leaf = number | string | boolean | null

/** How closely a value of the folder must be met. */
export type Closeness =
  | { readonly by: 'equal' }
  /** Relative error; absolute where the value is zero. */
  | { readonly by: 'relative'; readonly within: number }
  | { readonly by: 'absolute'; readonly within: number }
  /** Relative from 1e-10 upwards, below that relative on the logarithm. */
  | { readonly by: 'p' }

/** What the project says about one value of the folder. */
export type Claim =
  | { readonly kind: 'reproduced'; readonly got: Leaf; readonly close: Closeness }
  /**
   * The project defines it otherwise: its own value beside the reason. Where the other definition can be followed from the
   * project's functions it is followed, so that nothing but the definition differs.
   */
  | {
      readonly kind: 'differs'
      readonly ours: Leaf
      readonly why: string
      readonly followed: { readonly got: Leaf; readonly close: Closeness } | null
    }
  /** Not a result: words about where the numbers come from. */
  | { readonly kind: 'described'; readonly why: string }

export type Claims = Map<string, Claim>

export const equal: Closeness = { by: 'equal' }
/** The folder's own tolerance for statistics. */
export const close: Closeness = { by: 'relative', within: 1e-9 }
export const asP: Closeness = { by: 'p' }

/** Claims of one file under a path: `at('a', 'b').value('c', …)` claims a/b/c. */
export class Book {
  readonly claims: Claims
  readonly #path: readonly string[]

  constructor(claims: Claims = new Map(), path: readonly string[] = []) {
    this.claims = claims
    this.#path = path
  }

  at(...steps: readonly (string | number)[]): Book {
    return new Book(this.claims, [...this.#path, ...steps.map(String)])
  }

  value(name: string | number, got: Leaf | undefined, closeness: Closeness = close): void {
    this.#set(name, { kind: 'reproduced', got: got ?? null, close: closeness })
  }

  values(named: Readonly<Record<string, Leaf | undefined>>, closeness: Closeness = close): void {
    for (const [name, got] of Object.entries(named)) this.value(name, got, closeness)
  }

  list(name: string, got: ArrayLike<Leaf>, closeness: Closeness = equal): void {
    const inside = this.at(name)
    for (let i = 0; i < got.length; i++) inside.value(i, got[i], closeness)
  }

  differs(
    name: string,
    ours: Leaf | undefined,
    why: string,
    followed: { readonly got: Leaf; readonly close: Closeness } | null,
  ): void {
    this.#set(name, { kind: 'differs', ours: ours ?? null, why, followed })
  }

  described(name: string, why: string): void {
    this.#set(name, { kind: 'described', why })
  }

  #set(name: string | number, claim: Claim): void {
    const path = [...this.#path, String(name)].join('/')
    if (this.claims.has(path)) throw new Error(`claimed twice: ${path}`)
    this.claims.set(path, claim)
  }
}

/** Every value below a node with its path; an empty list or object counts as a value, lest it hide. */
export function leavesOf(node: unknown, path: readonly string[] = []): [path: string, value: Leaf][] {
  if (node === null || typeof node !== 'object') return [[path.join('/'), node as Leaf]]
  const entries = Object.entries(node)
  if (entries.length === 0) return [[path.join('/'), JSON.stringify(node)]]
  return entries.flatMap(([name, inside]) => leavesOf(inside, [...path, name]))
}

/** Null when a value meets the wanted one, a sentence otherwise. */
export function miss(got: Leaf, want: Leaf, closeness: Closeness): string | null {
  const sentence = `${String(got)} instead of ${String(want)}`
  if (closeness.by === 'equal' || typeof want !== 'number' || typeof got !== 'number')
    return Object.is(got, want) || (got === 0 && want === 0) ? null : sentence
  const error =
    closeness.by === 'p'
      ? pValueError(got, want)
      : closeness.by === 'relative'
        ? relativeError(got, want)
        : Math.abs(got - want)
  const within = closeness.by === 'p' ? 1e-9 : closeness.within
  return error <= within ? null : `${sentence} (${error.toExponential(1)} off, ${within.toExponential(0)} allowed)`
}
