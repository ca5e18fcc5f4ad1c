import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { key, sha256 } from '../../contract/primitives.ts'
import { type Route, readBody } from '../http/json-service.ts'
import { Refusal } from '../http/refusal.ts'
import { checkSignature } from '../http/signature.ts'
import type { Registry } from '../pipeline/registry.ts'
import { loadVersion } from '../server/load-version.ts'

const rolloutShape = z.strictObject({
  deployment: key,
  version: z.string().min(1).max(64),
  /** SHA-256 of the artifact that is meant; the pipeline's file must be that one. */
  digest: z.union([sha256, z.literal('')]).default(''),
  reason: z.string().max(4000).default(''),
  correlationId: z.string().min(1).max(200),
})

interface Rollout {
  readonly id: string
  readonly correlationId: string
  readonly deployment: string
  readonly version: string
  state: 'running' | 'succeeded' | 'failed'
  message: string
}

/**
 * The deploy step over HTTP: `POST /deploy/rollouts`, signed, puts a named version in service at a deployment's server;
 * `GET /deploy/rollouts/<id>` tells how it ended. The same correlation id again is the same roll-out.
 */
export function createDeployRoutes(parts: {
  readonly registry: Registry
  readonly token: string
  readonly hmacKey: string
  /** The server of a deployment; undefined when there is no such deployment. */
  readonly serverOf: (deployment: string) => { readonly url: string; readonly token: string } | undefined
  /** Told what serves now. */
  readonly onServed: (deployment: string, version: string) => void
  readonly now: () => number
}): readonly Route[] {
  const { registry, token, hmacKey, serverOf, onServed, now } = parts
  const rollouts = new Map<string, Rollout>()
  let last: Promise<unknown> = Promise.resolve()

  async function carryOut(rollout: Rollout, digest: string): Promise<void> {
    const server = serverOf(rollout.deployment)
    const artifact = await registry.find(rollout.version)
    if (!server || !artifact) throw new Error(`the registry has no version ${rollout.version}`)
    if (digest !== '' && artifact.digest !== digest) {
      throw new Error(`the registry's ${rollout.version} is ${artifact.digest}, asked for was ${digest}`)
    }
    await loadVersion(server, rollout.version, artifact.path)
    onServed(rollout.deployment, rollout.version)
  }

  return [
    {
      method: 'POST',
      path: /^\/deploy\/rollouts$/,
      token,
      async handle({ headers, text }) {
        checkSignature(headers, text, hmacKey, now())
        const { deployment, version, digest, correlationId } = readBody(text, rolloutShape)
        const known = [...rollouts.values()].find((rollout) => rollout.correlationId === correlationId)
        if (known) return { status: 200, body: known }
        if (!serverOf(deployment)) throw new Refusal(404, `there is no deployment ${deployment}`)
        const rollout: Rollout = {
          id: `rollout-${randomUUID()}`,
          correlationId,
          deployment,
          version,
          state: 'running',
          message: `Loading ${version}`,
        }
        rollouts.set(rollout.id, rollout)
        // One after another: the version asked for last is the one that stays.
        last = last
          .then(() => carryOut(rollout, digest))
          .then(
            () => {
              rollout.state = 'succeeded'
              rollout.message = `${deployment} serves ${version}`
            },
            (error: unknown) => {
              rollout.state = 'failed'
              rollout.message = error instanceof Error ? error.message : String(error)
            },
          )
        return { status: 202, body: rollout }
      },
    },
    {
      method: 'GET',
      path: /^\/deploy\/rollouts\/([\w-]{1,80})$/,
      token,
      async handle({ params }) {
        const rollout = rollouts.get(params[0])
        if (!rollout) throw new Refusal(404, 'there is no such roll-out')
        return { status: 200, body: rollout }
      },
    },
  ]
}
