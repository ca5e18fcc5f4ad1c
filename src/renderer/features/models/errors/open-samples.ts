import { useLocation, useNavigate } from 'react-router'
import type { SliceCondition } from '../../../../contract/error-slices.ts'
import type { Window } from '../../../../contract/primitives.ts'
import { pathTo } from '../../../data/paths.ts'
import { useDeployedView } from '../model-view.ts'
import { writeSlice } from '../samples/slice.ts'

/** Shows the wrong samples of a slice, in the window that it was found in. */
export function useOpenSlice(): (conditions: readonly SliceCondition[], window: Window) => void {
  const { model, deployment } = useDeployedView()
  const navigate = useNavigate()
  const { search } = useLocation()
  return (conditions, window) => {
    const query = new URLSearchParams(search)
    for (const [name, value] of Object.entries({
      deployment: deployment.id,
      from: String(window.from),
      to: String(window.to),
      slice: writeSlice(conditions),
      error: 'wrong',
    })) {
      query.set(name, value)
    }
    void navigate(`${pathTo.model(model.id, 'samples')}?${query}`)
  }
}
