/** One line of an exposition. */
export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** May be NaN or infinite. */
  readonly value: number
}

export interface Exposition {
  readonly series: Series[]
  /** Series in it, wanted or not. */
  readonly count: number
  /** Names in it, at most 5,000. */
  readonly names: ReadonlySet<string>
  readonly faults: { readonly line: number; readonly message: string }[]
  readonly faultCount: number
}

const nameAt = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelAt = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*|"(?:[^"\\]|\\.)*")[ \t]*(?:=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*)?(,?)/y
const escapes: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' }
const unquote = (text: string) =>
  text.includes('\\') ? text.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole) : text

const specials = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

function readNumber(text: string): number | null {
  const special = specials.get(text.toLowerCase())
  if (special !== undefined) return special
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}

/** Reads one line that is no comment; a text says what is wrong with it. */
function readLine(line: string): Series | string {
  nameAt.lastIndex = 0
  let name = nameAt.exec(line)?.[0] ?? ''
  let at = name.length
  const labels: Record<string, string> = Object.create(null)
  while (line[at] === ' ' || line[at] === '\t') at++
  if (line[at] === '{') {
    at++
    for (;;) {
      while (line[at] === ' ' || line[at] === '\t') at++
      if (line[at] === '}') break
      labelAt.lastIndex = at
      const label = labelAt.exec(line)
      if (label === null) return 'its labels cannot be read'
      const isQuoted = label[1].startsWith('"')
      const key = isQuoted ? unquote(label[1].slice(1, -1)) : label[1]
      // A quoted name without a value is the metric's own, in the newer form `{"my.metric", l="v"}`.
      if (label[2] === undefined) {
        if (!isQuoted || name !== '') return 'a label has no value'
        name = key
      } else labels[key] = unquote(label[2])
      at = labelAt.lastIndex
      if (label[3] === '' && line[at] !== '}') return 'its labels have no end'
    }
    at++
  }
  if (name === '') return 'it does not begin with the name of a metric'
  // What follows ` # ` is an exemplar.
  const [value, timestamp, ...more] = line
    .slice(at)
    .split(' # ', 1)[0]
    .trim()
    .split(/[ \t]+/)
  const number = readNumber(value)
  if (number === null) return value === '' ? 'it has no value' : `${JSON.stringify(value.slice(0, 40))} is no number`
  if (more.length > 0 || (timestamp !== undefined && readNumber(timestamp) === null))
    return 'something follows its value'
  return { name, labels: { ...labels }, value: number }
}

const listedFaults = 20

/**
 * Reads metrics in Prometheus' text format 0.0.4 (and the lines of OpenMetrics, whose names differ but whose lines do not). Series of
 * other names than those wanted are counted and left out; a bad line costs nothing but itself. Linear in the length of the text.
 */
export function parseExposition(text: string, isWanted: (name: string) => boolean): Exposition {
  const series: Series[] = []
  const names = new Set<string>()
  const faults: { line: number; message: string }[] = []
  let count = 0
  let faultCount = 0
  let number = 0
  for (let from = 0; from < text.length; ) {
    let to = text.indexOf('\n', from)
    if (to < 0) to = text.length
    const line = text.slice(from, to).trim()
    from = to + 1
    number++
    if (line === '' || line.startsWith('#')) continue
    const read = line.length > 100_000 ? 'it is longer than 100,000 characters' : readLine(line)
    if (typeof read === 'string') {
      faultCount++
      if (faults.length < listedFaults) faults.push({ line: number, message: read })
      continue
    }
    count++
    if (names.size < 5000) names.add(read.name)
    if (isWanted(read.name)) series.push(read)
  }
  return { series, count, names, faults, faultCount }
}
