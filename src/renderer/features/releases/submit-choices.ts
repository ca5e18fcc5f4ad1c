import type { OutputOf } from '../../../contract/api.ts'
import type { Choice } from '../shared/ChoiceField.tsx'

type Wanted = { version?: string; test?: string; production?: string; plan?: string }

/**
 * What may be submitted of a model: versions that production does not run, newest first, with what each field begins with: the version
 * wanted or the one that the test deployment serves, and whatever there is only one of.
 */
export function submitChoices(
  model: OutputOf<'models.get'> | null,
  plans: OutputOf<'testPlans.list'>,
  wanted: Wanted,
): { versions: Choice[]; tests: Choice[]; productions: Choice[]; plans: Choice[]; chosen: Wanted } {
  const deployments = (model?.deployments ?? []).map(({ record }) => record)
  const versionName = (id: string) => model?.versions.find(({ record }) => record.id === id)?.record.name ?? id
  const place = (environment: 'test' | 'production') =>
    deployments
      .filter((each) => each.environment === environment)
      .map(({ id, name, versionId }) => ({ id, label: `${name} (${versionName(versionId)} runs)` }))
  const tests = place('test')
  const productions = place('production')
  const production = wanted.production ?? productions[0]?.id
  const running = deployments.find(({ id }) => id === production)?.versionId
  const versions = (model?.versions ?? [])
    .map(({ record }) => record)
    .filter(({ id }) => id !== running)
    .sort((left, right) => right.createdAt - left.createdAt)
    .map(({ id, name }) => ({ id, label: name }))
  const served = deployments.find(({ id }) => id === (wanted.test ?? tests[0]?.id))?.versionId
  const planChoices = plans.map(({ record, revision }) => ({
    id: record.id,
    label: `${record.name} (revision ${revision}, ${record.gates.length} gates)`,
  }))
  return {
    versions,
    tests,
    productions,
    plans: planChoices,
    chosen: {
      version: wanted.version ?? (versions.some(({ id }) => id === served) ? served : versions[0]?.id),
      test: wanted.test ?? tests[0]?.id,
      production,
      plan: wanted.plan ?? planChoices[0]?.id,
    },
  }
}
