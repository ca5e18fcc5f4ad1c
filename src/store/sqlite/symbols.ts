import type { Connection } from './database.ts'

/** Interned text: ids, class names and sources are written once and named by a small integer. */
export interface Symbols {
  /** Number of a text; made if need be. */
  ref(text: string): number
  /** Number of a text, null when it was never stored. */
  find(text: string): number | null
  text(ref: number): string
}

/** An append-only table of distinct texts with a cache in memory. Numbers never change, so the cache never ages. */
export function makeSymbols(connection: Connection, table: 'symbol' | 'layout', column: 'text' | 'names'): Symbols {
  const { db } = connection
  const byText = db.prepare<[string], number>(`SELECT ref FROM ${table} WHERE ${column} = ?`).pluck()
  const byRef = db.prepare<[number], string>(`SELECT ${column} FROM ${table} WHERE ref = ?`).pluck()
  const refs = new Map<string, number>()
  const texts = new Map<number, string>()
  const insert = db.readonly ? null : db.prepare<[string]>(`INSERT INTO ${table} (${column}) VALUES (?)`)
  connection.onRollback(() => {
    refs.clear()
    texts.clear()
  })

  function remember(ref: number, text: string): void {
    // A hostile source could send a new class name with each sample; the cache then starts anew.
    if (refs.size >= 50_000) {
      refs.clear()
      texts.clear()
    }
    refs.set(text, ref)
    texts.set(ref, text)
  }

  function find(text: string): number | null {
    const known = refs.get(text)
    if (known !== undefined) return known
    const stored = byText.get(text)
    if (stored === undefined) return null
    remember(stored, text)
    return stored
  }

  return {
    find,
    ref: (text) => {
      const known = find(text)
      if (known !== null) return known
      if (insert === null) throw new Error('A read-only workspace cannot take new names')
      const made = Number(insert.run(text).lastInsertRowid)
      remember(made, text)
      return made
    },
    text: (ref) => {
      const known = texts.get(ref)
      if (known !== undefined) return known
      const stored = byRef.get(ref)
      if (stored === undefined) throw new Error(`The ${table} table lacks ${ref}`)
      remember(ref, stored)
      return stored
    },
  }
}
