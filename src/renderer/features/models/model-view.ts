import { createContext, useContext } from 'react'
import type { HealthRow } from '../../../contract/api/workspace.ts'
import type { OutputOf } from '../../../contract/api.ts'
import type { Dataset, Deployment, Model, Version } from '../../../contract/model.ts'
import type { Window } from '../../../contract/primitives.ts'

/** What every tab of a model's page looks at. */
export type ModelView = {
  answer: OutputOf<'models.get'>
  model: Model
  versions: readonly Version[]
  datasets: readonly Dataset[]
  window: Window
  nowAt: number
}

/** A tab that needs something deployed. */
export type DeployedView = ModelView & {
  deployment: Deployment
  /** The version that the deployment runs. */
  version: Version
  health: HealthRow | null
}

export const ModelViewContext = createContext<ModelView | DeployedView | null>(null)

export function useModelView(): ModelView {
  const view = useContext(ModelViewContext)
  if (view === null) throw new Error('This belongs inside the page of a model')
  return view
}

/** Only for tabs that the page shows when there is a deployment. */
export function useDeployedView(): DeployedView {
  const view = useModelView()
  if (!('deployment' in view)) throw new Error('This tab is shown only for a deployment')
  return view as DeployedView
}
