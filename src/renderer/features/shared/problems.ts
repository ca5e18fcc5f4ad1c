import type { z } from 'zod'

/** What a schema finds wrong with a draft, by dotted path; the first problem of each path. */
export function problemsOf(schema: z.ZodType, draft: unknown): ReadonlyMap<string, string> {
  const parsed = schema.safeParse(draft)
  const found = new Map<string, string>()
  if (parsed.success) return found
  for (const issue of parsed.error.issues) {
    const path = issue.path.join('.')
    if (!found.has(path)) found.set(path, issue.message)
  }
  return found
}
