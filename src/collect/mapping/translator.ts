import type { Mapping } from '../../contract/mapping.ts'
import type { Refusal } from '../decode-json.ts'
import { type CompiledMapping, compileMapping, type RawInput, type Translation } from './compile-mapping.ts'
import { MappingFault } from './mapping-fault.ts'

/** What the mappings of a connection make of a message: the parts of each, and how to explain what is refused of them. */
export interface Translated extends Translation {
  readonly mapping: Pick<CompiledMapping, 'explain'>
}

export interface Translator {
  /** One answer for each mapping whose topic fits; empty where none does. */
  translate(connectionId: string, message: RawInput): readonly Translated[]
  /** What a broker must be asked for, besides the documented topics. */
  filters(connectionId: string): readonly string[]
}

/**
 * Mappings in force, by connection. `mappingsOf` gives the enabled ones; the same array as long as nothing changed, because they
 * are compiled once for each array.
 */
export function createTranslator(mappingsOf: (connectionId: string) => readonly Mapping[]): Translator {
  const compiled = new WeakMap<readonly Mapping[], readonly CompiledMapping[]>()

  function compiledOf(connectionId: string): readonly CompiledMapping[] {
    const mappings = mappingsOf(connectionId)
    const known = compiled.get(mappings)
    if (known !== undefined) return known
    const made = mappings.flatMap(({ spec }) => {
      try {
        return [compileMapping(spec)]
      } catch (error) {
        // Checked before it was saved: one written by another version of the program, which this one cannot read, is left out.
        if (error instanceof MappingFault) return []
        throw error
      }
    })
    compiled.set(mappings, made)
    return made
  }

  return {
    translate(connectionId, message) {
      const translated: Translated[] = []
      for (const mapping of compiledOf(connectionId)) {
        const translation = mapping.translate(message)
        if (translation !== null) translated.push({ ...translation, mapping })
      }
      return translated
    },
    filters: (connectionId) => [...new Set(compiledOf(connectionId).map(({ pattern }) => pattern.filter))],
  }
}

/** Everything that was refused of one message in one sentence, because they share the message: it is kept once and replayed whole. */
export function summarise(refused: readonly Refusal[]): Refusal {
  // What is ahead of its time waits for it; anything else has to be mended, and comes first.
  const first = refused.find(({ aheadAt }) => aheadAt === undefined) ?? refused[0]
  const more = refused.length - 1
  if (more === 0) return first
  const reason = `${first.reason} (and ${more} more of this message)`.slice(0, 2000)
  if (first.aheadAt === undefined) return { code: first.code, reason }
  return { ...first, reason, aheadAt: refused.reduce((latest, { aheadAt = 0 }) => Math.max(latest, aheadAt), 0) }
}
