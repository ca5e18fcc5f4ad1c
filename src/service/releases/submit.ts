import type { ParsedInputOf } from '../../contract/api.ts'
import type { Revisioned } from '../../contract/records.ts'
import type { Release } from '../../contract/release.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { ServiceContext } from '../context.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

const hasEnded = new Set<Release['state']>(['refused', 'superseded', 'rolled-back', 'withdrawn'])

/** Drafts a release, once everything that it names belongs together. */
export async function submitRelease(
  { store, now, newId }: Pick<ServiceContext, 'store' | 'now' | 'newId'>,
  input: ParsedInputOf<'releases.submit'>,
  caller: Caller,
): Promise<Revisioned<'release'>> {
  if (caller.userId === null) throw new RpcError('signed-out', 'Sign in first')
  const { records } = store
  const { modelId, versionId, planId, reason } = input
  const [model, version, plan, test, production] = await Promise.all([
    records.get('model', modelId),
    records.get('version', versionId),
    records.get('testPlan', planId),
    records.get('deployment', input.testDeploymentId),
    records.get('deployment', input.productionDeploymentId),
  ])
  if (model === null) throw new RpcError('not-found', 'There is no such model')
  if (version === null) throw new RpcError('not-found', 'There is no such version')
  if (plan === null) throw new RpcError('not-found', 'There is no such test plan')
  if (test === null || production === null) throw new RpcError('not-found', 'There is no such deployment')
  const objections: string[] = []
  const foreign = Object.entries({ version, plan, 'test deployment': test, 'production deployment': production })
    .filter(([, { record }]) => record.modelId !== modelId)
    .map(([what]) => what)
  if (foreign.length > 0) objections.push(`Of another model: ${foreign.join(', ')}`)
  if (test.record.environment !== 'test') objections.push(`${test.record.name} is not a test deployment`)
  if (production.record.environment !== 'production')
    objections.push(`${production.record.name} is not a production deployment`)
  if (test.record.endpointId === null)
    objections.push(`${test.record.name} has no endpoint through which it could be tested`)
  if (production.record.versionId === versionId)
    objections.push(`${production.record.name} runs ${version.record.name} already`)
  const others = await records.list('release', { link: 'productionDeploymentId', id: production.record.id })
  if (others.some(({ record }) => record.versionId === versionId && !hasEnded.has(record.state)))
    objections.push(`A release of ${version.record.name} to ${production.record.name} is under way already`)
  if (objections.length > 0) throw new RpcError('refused', `${objections.join('. ')}.`)

  const at = now()
  const record: Release = {
    ...input,
    id: newId('rel'),
    fromVersionId: production.record.versionId,
    state: 'draft',
    submittedBy: caller.userId,
    testRunIds: [],
    certificateId: null,
    certification: null,
    approval: null,
    actionIds: [],
    history: [{ state: 'draft', at, userId: caller.userId, reason }],
    createdAt: at,
  }
  const [revision] = await commitOrRefuse(
    records,
    [{ kind: 'release', record, revision: null }],
    draftOf(caller, at, {
      action: 'releases.submit',
      subject: { kind: 'release', id: record.id, name: `${model.record.name} ${version.record.name}` },
      reason,
      details: { versionId, planId, productionDeploymentId: production.record.id },
    }),
  )
  return { revision, record }
}
