import type { z } from 'zod'
import type { httpActionConfig } from '../contract/connection.ts'
import type { Json } from '../contract/primitives.ts'
import { type ActionLog, createActionLog } from './action-log.ts'
import { type ActionOutcome, type SecretLookup, UnusableActionError, type WayOutDeps, waitFor } from './deps.ts'
import { valueAt } from './dot-path.ts'
import { authenticate, requireSecret } from './endpoint-auth.ts'
import { backoffMs, type Exchange, excerpt, exchange, type Reply, retryAfterMs } from './http-exchange.ts'
import { correlationHeader, signatureHeader, signBody } from './signature.ts'
import { lookupIn, renderBody, renderHeader, renderUrl, type VariableLookup } from './template.ts'

export type HttpActionConfig = z.infer<typeof httpActionConfig>

export interface HttpAction extends WayOutDeps {
  readonly config: HttpActionConfig
  readonly variables: Readonly<Record<string, string>>
  /** Sent in a header and as `{{correlationId}}`, so that a repeat can be recognised. */
  readonly correlationId: string
  readonly secrets: SecretLookup
  readonly signal: AbortSignal
  /** Each line as it is written, masked. */
  readonly onLog?: (line: string) => void
}

const maxStartAttempts = 5
const maxLostPolls = 5
const maxResultBytes = 65_536
/** One request of a polled action takes no longer: the work itself is waited for by polling. */
const requestTimeoutMs = 60_000
const reservedHeaders = /^(host|content-length|connection|transfer-encoding|x-assay-.*)$/i

interface Prepared {
  readonly url: string
  readonly headers: Record<string, string>
  readonly authHeaders: Record<string, string>
  readonly body: string
  readonly hmacKey: string | null
  readonly lookup: VariableLookup
  readonly secretTexts: string[]
}

/** Everything that can be refused before a byte leaves. */
async function prepare(action: HttpAction): Promise<Prepared> {
  const { config } = action
  const lookup = lookupIn({ ...action.variables, correlationId: action.correlationId })
  const auth = await authenticate(config.auth, action.secrets)
  const hmacKey = config.hmacSecret === null ? null : await requireSecret(action.secrets, config.hmacSecret)
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' }
  for (const [name, template] of Object.entries(config.headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new UnusableActionError(`"${name}" is not a header's name`)
    if (reservedHeaders.test(name)) throw new UnusableActionError(`The header ${name} cannot be chosen`)
    if (/[^\x20-\x7e]/.test(template))
      throw new UnusableActionError(`The header ${name} holds characters that a header cannot carry`)
    headers[name.toLowerCase()] = renderHeader(name, template, lookup)
  }
  // Rendered once with stand-ins, so that a wrong polling URL is refused before the work has begun.
  if (config.poll !== null) renderUrl(config.poll.url, (name) => (isReplyName(name) ? 'x' : lookup(name)))
  return {
    url: renderUrl(config.url, lookup),
    headers,
    authHeaders: auth.headers,
    body: renderBody(config.bodyTemplate, lookup),
    hmacKey,
    lookup,
    secretTexts: [...auth.secrets, ...(hmacKey === null ? [] : [hmacKey])],
  }
}

const replyPrefix = 'response.'
const isReplyName = (name: string) => name.startsWith(replyPrefix)

/** Names of the action's variables, and `response.<dot path>` into the reply that started the work. */
const withReply =
  (lookup: VariableLookup, reply: Json | undefined): VariableLookup =>
  (name) => {
    if (!isReplyName(name)) return lookup(name)
    const value = reply === undefined ? undefined : valueAt(reply, name.slice(replyPrefix.length))
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }

/**
 * Starts work in another system by one HTTP call and, where polling is configured, waits for its end.
 *
 * The call is repeated only when it surely did nothing: no connection was made, or it was answered 429 or 503 with
 * `Retry-After`; at most five times with jittered backoff. When it may have been received and no reply came, the outcome is
 * `unknown`: a person looks it up by the correlation id. Polls are repeatable, so up to four lost ones in a row are passed
 * over. The polling URL may use `{{response.<dot path>}}` of the first reply. Cancelling stops the watching, not the work.
 * `timeoutMs` bounds all of it. Never rejects for what the outside does; the log names every call, secrets masked.
 */
export async function startHttpAction(action: HttpAction): Promise<ActionOutcome> {
  let prepared: Prepared
  try {
    prepared = await prepare(action)
  } catch (error) {
    if (!(error instanceof UnusableActionError)) throw error
    const log = createActionLog({ secrets: [], now: action.now, onLog: action.onLog })
    log.add(`Not sent: ${error.message}`)
    return { state: 'failed', result: null, problem: error.message, log: log.text() }
  }
  const log = createActionLog({ secrets: prepared.secretTexts, now: action.now, onLog: action.onLog })
  const end = (state: ActionOutcome['state'], problem: string | null, result: Json | null = null): ActionOutcome => {
    log.add(problem === null ? 'Succeeded' : `${state === 'failed' ? 'Failed' : 'Outcome unknown'}: ${problem}`)
    return {
      state,
      result: fitResult(result, log),
      problem: problem === null ? null : log.mask(problem),
      log: log.text(),
    }
  }
  const run: Run = {
    action,
    prepared,
    log,
    lastTold: { asked: '', replied: '' },
    deadline: action.now() + action.config.timeoutMs,
    end,
  }
  const started = await start(run)
  if (started.type === 'ended') return started.outcome
  if (action.config.poll === null) return end('succeeded', null, started.reply.json ?? null)
  return poll(run, action.config.poll, started.reply)
}

interface Run {
  readonly action: HttpAction
  readonly prepared: Prepared
  readonly log: ActionLog
  /** What the log says last of a call. */
  lastTold: { readonly asked: string; readonly replied: string }
  readonly deadline: number
  readonly end: (state: ActionOutcome['state'], problem: string | null, result?: Json | null) => ActionOutcome
}

const remaining = (run: Run) => run.deadline - run.action.now()

/** False when the signal fired meanwhile. */
async function pause(run: Run, ms: number): Promise<boolean> {
  try {
    await (run.action.wait ?? waitFor)(ms, run.action.signal)
    return !run.action.signal.aborted
  } catch (error) {
    if (run.action.signal.aborted) return false
    throw error
  }
}

async function call(run: Run, method: string, url: string, body: string | null): Promise<Exchange> {
  const { action, prepared, log } = run
  const headers: Record<string, string> = {
    ...prepared.headers,
    ...prepared.authHeaders,
    [correlationHeader]: action.correlationId,
  }
  if (body === null) delete headers['content-type']
  else if (prepared.hmacKey !== null) headers[signatureHeader] = signBody(prepared.hmacKey, body, action.now())
  const timeoutMs = Math.max(
    1,
    action.config.poll === null ? remaining(run) : Math.min(requestTimeoutMs, remaining(run)),
  )
  const asked = `${method} ${url}${body === null ? '' : ` ${excerpt(log.mask(body))}`}`
  // What is asked again and again is told once, and a reply when it is news.
  if (asked !== run.lastTold.asked) log.add(asked)
  const result = await exchange({ fetch: action.fetch, method, url, headers, body, timeoutMs, signal: action.signal })
  const replied =
    result.type === 'reply'
      ? `${result.reply.status} ${excerpt(log.mask(result.reply.text))}`
      : `No reply: ${result.message}`
  if (asked !== run.lastTold.asked || replied !== run.lastTold.replied) log.add(replied)
  run.lastTold = { asked, replied }
  return result
}

const look = (run: Run) => `look for correlation id ${run.action.correlationId} there`

async function start(run: Run): Promise<{ type: 'started'; reply: Reply } | { type: 'ended'; outcome: ActionOutcome }> {
  const { action, prepared, end } = run
  const ended = (outcome: ActionOutcome) => ({ type: 'ended' as const, outcome })
  for (let attempt = 1; ; attempt += 1) {
    const result = await call(run, action.config.method, prepared.url, prepared.body)
    let waitMs: number | null = null
    let problem: string
    if (result.type === 'cancelled') {
      if (!result.wasSent) return ended(end('failed', 'It was cancelled before it was sent'))
      return ended(end('unknown', `It was cancelled after the call had left, so it may have begun; ${look(run)}`))
    }
    if (result.type === 'lost')
      return ended(end('unknown', `The call left but ${result.message}, so it may have begun; ${look(run)}`))
    if (result.type === 'unreached') {
      problem = `${new URL(prepared.url).host} was not reached: ${result.message}`
      waitMs = backoffMs(attempt, action.random)
    } else {
      const { reply } = result
      if (reply.status >= 200 && reply.status < 300) return { type: 'started', reply }
      problem = refusal(reply, run.log.mask)
      const asked = retryAfterMs(reply.retryAfter, action.now())
      if ((reply.status === 429 || reply.status === 503) && asked !== null) waitMs = asked + backoffMs(1, action.random)
      else if (reply.status >= 500)
        return ended(end('unknown', `${problem}; it may have begun all the same, ${look(run)}`))
    }
    if (waitMs === null) return ended(end('failed', problem))
    if (attempt >= maxStartAttempts) return ended(end('failed', `${problem} (tried ${attempt} times)`))
    if (waitMs >= remaining(run))
      return ended(end('failed', `${problem}; the next try would come after the time is up`))
    run.log.add(`Nothing was begun; trying again in ${Math.round(waitMs)} ms`)
    if (!(await pause(run, waitMs))) return ended(end('failed', 'It was cancelled before it was begun'))
  }
}

/** The text is masked before it is shortened, so that no half of a secret stays. */
function refusal(reply: Reply, mask: (text: string) => string): string {
  if (reply.status >= 300 && reply.status < 400)
    return `It answered with a redirect (${reply.status}${reply.location === null ? '' : ` to ${excerpt(mask(reply.location), 200)}`}): enter the final URL`
  const hint =
    reply.status === 401 || reply.status === 403
      ? ': check the credentials'
      : reply.status === 404
        ? ': check the URL'
        : reply.text === ''
          ? ''
          : `: ${excerpt(mask(reply.text), 200)}`
  return `It answered ${reply.status}${hint}`
}

async function poll(run: Run, config: NonNullable<HttpActionConfig['poll']>, first: Reply): Promise<ActionOutcome> {
  const { action, prepared, log, end } = run
  let url: string
  try {
    url = renderUrl(config.url, withReply(prepared.lookup, first.json))
  } catch (error) {
    if (!(error instanceof UnusableActionError)) throw error
    return end('unknown', `The work has begun, but cannot be watched: ${error.message}; ${look(run)}`)
  }
  let lost = 0
  let lastState = 'it gave no state'
  for (;;) {
    if (config.everyMs >= remaining(run)) {
      if (!(await pause(run, Math.max(0, remaining(run))))) return cancelled(run)
      const seconds = action.config.timeoutMs / 1000
      return end('unknown', `It had not ended after ${seconds} s (${lastState}); ${look(run)}`)
    }
    if (!(await pause(run, config.everyMs))) return cancelled(run)
    const result = await call(run, 'GET', url, null)
    if (result.type === 'cancelled') return cancelled(run)
    if (result.type !== 'reply' || result.reply.status < 200 || result.reply.status >= 300) {
      lost += 1
      const problem = result.type === 'reply' ? refusal(result.reply, log.mask) : result.message
      if (lost >= maxLostPolls)
        return end('unknown', `The work has begun, but its state cannot be read: ${problem}; ${look(run)}`)
      continue
    }
    lost = 0
    const state = result.reply.json === undefined ? undefined : valueAt(result.reply.json, config.statePath)
    if (state === undefined || state === null || typeof state === 'object') {
      lastState = `its reply has no state at "${config.statePath}"`
      log.add(capitalised(lastState))
      continue
    }
    const text = String(state)
    lastState = `its last state was "${excerpt(text, 100)}"`
    const hasSucceeded = config.succeeded.includes(text)
    if (!hasSucceeded && !config.failed.includes(text)) continue
    const value = resultOf(config.resultPath, result.reply.json, log)
    return hasSucceeded ? end('succeeded', null, value) : end('failed', `The other system says "${text}"`, value)
  }
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const cancelled = (run: Run) =>
  run.end('unknown', `It is no longer watched, because it was cancelled; the work may go on: ${look(run)}`)

function resultOf(path: string | null, reply: Json | undefined, log: ActionLog): Json | null {
  if (path === null || reply === undefined) return null
  const value = valueAt(reply, path)
  if (value === undefined) log.add(`The reply has no result at "${path}"`)
  return value ?? null
}

/** A result is kept when it is small; secrets that it echoes are masked. */
function fitResult(result: Json | null, log: ActionLog): Json | null {
  if (result === null) return null
  const text = log.mask(JSON.stringify(result))
  if (Buffer.byteLength(text) > maxResultBytes) {
    log.add(`The result of ${Buffer.byteLength(text)} bytes is larger than ${maxResultBytes} and was left out`)
    return null
  }
  try {
    return JSON.parse(text)
  } catch {
    log.add('The result repeated a secret and was left out')
    return null
  }
}
