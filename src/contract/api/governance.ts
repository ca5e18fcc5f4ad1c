import { z } from 'zod'
import { action } from '../alert.ts'
import { auditEntry, auditReceipt, checkpoint } from '../audit.ts'
import { connection, connectionConfig, connectionId, connectionState } from '../connection.ts'
import { deploymentId, modelId, versionId } from '../model.ts'
import { instant, pageOf, pageRequest, reason, recordId, sha256 } from '../primitives.ts'
import { revisioned } from '../records.ts'
import { certificate, gate, release, releaseId, signatureInput, testPlan, testPlanId, testRun } from '../release.ts'
import { command, everyone, query } from '../rpc.ts'
import { deadLetter, deadLetterFilter } from '../sample.ts'

const submitters = ['operator', 'product-owner', 'qa-expert', 'administrator'] as const
const signed = z.strictObject({ release: revisioned(release), receipt: auditReceipt })

export const governanceApi = {
  'connections.list': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.array(z.strictObject({ ...revisioned(connection).shape, state: connectionState })),
  }),
  /** `secrets` go to the secret store by name and are never returned. */
  'connections.save': command({
    roles: ['operator', 'administrator'],
    input: z.strictObject({
      id: connectionId.nullable(),
      revision: z.int().nullable(),
      connection: connection.omit({ id: true, createdAt: true }),
      secrets: z.record(z.string(), z.string().max(10_000)).default({}),
    }),
    output: revisioned(connection),
  }),
  'connections.setEnabled': command({
    roles: ['operator', 'administrator'],
    input: z.strictObject({ id: connectionId, revision: z.int(), isEnabled: z.boolean() }),
    output: revisioned(connection),
  }),
  /** Tries a configuration without saving it; says what is wrong in a sentence. */
  'connections.test': query({
    roles: ['operator', 'administrator'],
    input: z.strictObject({
      config: connectionConfig,
      secrets: z.record(z.string(), z.string().max(10_000)).default({}),
    }),
    output: z.strictObject({ isOk: z.boolean(), message: z.string(), facts: z.record(z.string(), z.string()) }),
  }),
  /** Makes a push token; the reply is the only time it is shown. */
  'connections.createIngestToken': command({
    roles: ['operator', 'administrator'],
    input: z.strictObject({
      key: connection.shape.key,
      name: connection.shape.name,
      acceptsNewDevices: z.boolean().default(false),
    }),
    output: z.strictObject({ connection: revisioned(connection), token: z.string() }),
  }),
  'deadLetters.list': query({
    roles: [...everyone],
    input: z.strictObject({
      connectionId: connectionId.nullable(),
      filter: deadLetterFilter.default({}),
      ...pageRequest.shape,
    }),
    output: pageOf(deadLetter),
  }),
  /**
   * Gives dead letters to the intake again, after a mapping or a registration was mended. What is taken is stored once, however
   * often this is done; what is refused again keeps its new reason.
   */
  'deadLetters.replay': command({
    roles: ['operator', 'qa-expert', 'administrator'],
    input: z.strictObject({
      /** Some of them, or all that match. */
      ids: z.array(z.int().min(1)).min(1).max(1000).nullable(),
      connectionId: connectionId.nullable(),
      filter: deadLetterFilter.default({}),
      /** What is still in the future is taken as so much earlier than it says: for a sender whose clock was ahead. */
      shiftMs: z
        .int()
        .min(0)
        .max(366 * 86_400_000)
        .optional(),
      reason,
    }),
    output: z.strictObject({
      taken: z.int(),
      refused: z.int(),
      /** The first reasons of those refused again. */
      reasons: z.array(z.strictObject({ id: z.int(), reason: z.string() })),
    }),
  }),
  /** Dead letters, or what is held apart, that nobody wants any more: they stay to be seen, and are not given again. */
  'deadLetters.discard': command({
    roles: ['operator', 'qa-expert', 'administrator'],
    input: z.strictObject({
      ids: z.array(z.int().min(1)).min(1).max(1000).nullable(),
      connectionId: connectionId.nullable(),
      filter: deadLetterFilter.default({}),
      reason,
    }),
    output: z.strictObject({ discarded: z.int() }),
  }),

  'testPlans.list': query({
    roles: [...everyone],
    input: z.strictObject({ modelId: modelId.nullable() }),
    output: z.array(revisioned(testPlan)),
  }),
  'testPlans.save': command({
    roles: ['qa-expert'],
    input: z.strictObject({
      id: testPlanId.nullable(),
      revision: z.int().nullable(),
      plan: testPlan
        .pick({ name: true, modelId: true, datasetId: true, validityDays: true })
        .extend({ gates: z.array(gate).min(1) }),
      reason,
    }),
    output: revisioned(testPlan),
  }),

  'releases.list': query({
    roles: [...everyone],
    input: z.strictObject({ modelId: modelId.nullable() }),
    output: z.array(z.strictObject({ ...revisioned(release).shape, modelName: z.string(), versionName: z.string() })),
  }),
  'releases.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: releaseId }),
    output: z.strictObject({
      release: revisioned(release),
      plan: revisioned(testPlan),
      runs: z.array(testRun),
      certificate: certificate.nullable(),
      actions: z.array(action),
      modelName: z.string(),
      versionName: z.string(),
      fromVersionName: z.string().nullable(),
      userNames: z.record(z.string(), z.string()),
      /** What the caller may do next, and for what they may not, why. */
      steps: z.array(
        z.strictObject({
          step: z.enum(['test', 'certify', 'refuse', 'approve', 'release', 'roll-back', 'withdraw']),
          isAllowed: z.boolean(),
          why: z.string(),
        }),
      ),
      receipts: z.array(
        z.strictObject({ action: z.string(), at: instant, actorName: z.string(), index: z.int(), leafHash: sha256 }),
      ),
    }),
  }),
  'releases.submit': command({
    roles: [...submitters],
    input: z.strictObject({
      modelId,
      versionId,
      testDeploymentId: deploymentId,
      productionDeploymentId: deploymentId,
      planId: testPlanId,
      reason,
    }),
    output: revisioned(release),
  }),
  'releases.runTests': command({
    roles: [...submitters],
    input: z.strictObject({ id: releaseId, revision: z.int() }),
    output: z.strictObject({ release: revisioned(release), jobId: recordId('job') }),
  }),
  /** Signs a certificate (or a refusal) on the newest test run that was shown. */
  'releases.certify': command({
    roles: ['qa-expert'],
    input: z.strictObject({
      id: releaseId,
      revision: z.int(),
      decision: z.enum(['certified', 'refused']),
      testRunId: recordId('trn'),
      signature: signatureInput,
    }),
    output: signed,
  }),
  'releases.approve': command({
    roles: ['product-owner'],
    input: z.strictObject({ id: releaseId, revision: z.int(), signature: signatureInput }),
    output: signed,
  }),
  'releases.release': command({
    roles: ['product-owner'],
    input: z.strictObject({ id: releaseId, revision: z.int(), connectionId, reason }),
    output: revisioned(release),
  }),
  'releases.rollBack': command({
    roles: ['product-owner'],
    input: z.strictObject({ id: releaseId, revision: z.int(), connectionId, reason }),
    output: revisioned(release),
  }),
  'releases.withdraw': command({
    roles: [...submitters],
    input: z.strictObject({ id: releaseId, revision: z.int(), reason }),
    output: revisioned(release),
  }),

  'audit.list': query({
    roles: [...everyone],
    input: z.strictObject({
      ...pageRequest.shape,
      action: z.string().nullable().default(null),
      subjectId: z.string().nullable().default(null),
      actorId: z.string().nullable().default(null),
    }),
    output: pageOf(z.strictObject({ entry: auditEntry, leafHash: sha256 })),
  }),
  'audit.checkpoint': query({ roles: [...everyone], input: z.strictObject({}), output: checkpoint.nullable() }),
  /** Proof that one entry is in the log of the newest checkpoint. */
  'audit.prove': query({
    roles: [...everyone],
    input: z.strictObject({ index: z.int().min(0) }),
    output: z.strictObject({
      entry: auditEntry,
      leafHash: sha256,
      checkpoint,
      path: z.array(sha256),
      isIncluded: z.boolean(),
    }),
  }),
  /** Recomputes every hash of the log. */
  'audit.verify': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.strictObject({ isIntact: z.boolean(), size: z.int(), rootHash: sha256, problem: z.string().nullable() }),
  }),
  /** Builds the one-file export; the job's result is the blob's digest. */
  'audit.export': command({
    roles: ['qa-expert', 'product-owner', 'administrator', 'viewer'],
    input: z.strictObject({ releaseIds: z.array(releaseId).min(1), title: z.string().min(1).max(200), reason }),
    output: z.strictObject({ jobId: recordId('job') }),
  }),
} as const
