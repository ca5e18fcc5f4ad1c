import { appendFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Route, readBody } from '../http/json-service.ts'
import { checkSignature } from '../http/signature.ts'

const KEPT = 100
const delivery = z.looseObject({ id: z.string(), event: z.string(), title: z.string() })

/**
 * The keeper's pager: `POST /webhook` takes signed notifications, writes each to a file of JSON lines, and drops repeats by
 * their id; `GET /webhook` lists the newest.
 */
export function createWebhookRoutes(parts: {
  readonly path: string
  readonly hmacKey: string
  readonly token: string
  readonly now: () => number
}): readonly Route[] {
  const { path, hmacKey, token, now } = parts
  const heard: z.infer<typeof delivery>[] = []
  return [
    {
      method: 'POST',
      path: /^\/webhook$/,
      token: null,
      async handle({ headers, text }) {
        checkSignature(headers, text, hmacKey, now())
        const message = readBody(text, delivery)
        if (heard.some(({ id }) => id === message.id)) return { status: 200, body: { repeated: true } }
        heard.push(message)
        if (heard.length > KEPT) heard.shift()
        await appendFile(path, `${JSON.stringify(message)}\n`)
        return { status: 200, body: { repeated: false } }
      },
    },
    {
      method: 'GET',
      path: /^\/webhook$/,
      token,
      handle: async () => ({ status: 200, body: { heard } }),
    },
  ]
}
