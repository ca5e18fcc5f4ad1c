import { MappingFault } from './mapping-fault.ts'

/** A topic pattern, ready to be compared. */
export interface TopicPattern {
  /** What a broker is asked for: `+` and `#` where the pattern has variables. */
  readonly filter: string
  /** Names of its variables. */
  readonly variables: readonly string[]
  /** Values of the variables where the topic fits, else null. */
  match(topic: string): Readonly<Record<string, string>> | null
}

const variablePattern = /^\{([A-Za-z_][A-Za-z0-9_]{0,59})(\+?)\}$/

type Level =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' | 'rest'; readonly name: string | null }

function levelOf(part: string): Level {
  if (part === '+') return { kind: 'one', name: null }
  if (part === '#') return { kind: 'rest', name: null }
  const variable = variablePattern.exec(part)
  if (variable !== null) return { kind: variable[2] === '+' ? 'rest' : 'one', name: variable[1] }
  if (/[{}+#\0]/.test(part))
    throw new MappingFault(
      'topic',
      `“${part}” is no level: use a text, + or {name} for one level, # or {name+} at the end`,
    )
  return { kind: 'text', text: part }
}

/**
 * Compiles `sensors/{device}/state` or `v1/{path+}`. As at a broker, a wildcard in the first place does not take topics that begin
 * with `$`. Throws a MappingFault that says which level is wrong.
 */
export function compileTopicPattern(pattern: string): TopicPattern {
  const levels = pattern.split('/').map(levelOf)
  if (levels.slice(0, -1).some(({ kind }) => kind === 'rest'))
    throw new MappingFault('topic', '# and {name+} may stand at the end only')
  const names = levels.flatMap((level) => (level.kind !== 'text' && level.name !== null ? [level.name] : []))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new MappingFault('topic', `the variable {${twice}} stands twice`)
  const hasRest = levels.at(-1)?.kind === 'rest'
  const signs = { one: '+', rest: '#' } as const
  return {
    filter: levels.map((level) => (level.kind === 'text' ? level.text : signs[level.kind])).join('/'),
    variables: names,
    match(topic) {
      const parts = topic.split('/')
      if (hasRest ? parts.length < levels.length - 1 : parts.length !== levels.length) return null
      if (levels[0].kind !== 'text' && topic.startsWith('$')) return null
      const values: Record<string, string> = {}
      for (let index = 0; index < levels.length; index++) {
        const level = levels[index]
        if (level.kind === 'text') {
          if (parts[index] !== level.text) return null
        } else if (level.name !== null)
          values[level.name] = level.kind === 'one' ? parts[index] : parts.slice(index).join('/')
      }
      return values
    },
  }
}
