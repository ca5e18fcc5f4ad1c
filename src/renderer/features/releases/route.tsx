import { Route, Routes } from 'react-router'
import { PlanPage } from './plans/PlanPage.tsx'
import { PlansPage } from './plans/PlansPage.tsx'
import { ReleaseList } from './ReleaseList.tsx'
import { ReleasePage } from './ReleasePage.tsx'

export function Component() {
  return (
    <Routes>
      <Route index element={<ReleaseList />} />
      <Route path="plans" element={<PlansPage />} />
      <Route path="plans/:planId" element={<PlanPage />} />
      <Route path=":releaseId" element={<ReleasePage />} />
    </Routes>
  )
}
