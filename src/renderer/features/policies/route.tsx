import { Route, Routes } from 'react-router'
import { MonitorsPage } from './monitors/MonitorsPage.tsx'
import { ThresholdsPage } from './thresholds/ThresholdsPage.tsx'

export function Component() {
  return (
    <Routes>
      <Route index element={<ThresholdsPage />} />
      <Route path="monitors" element={<MonitorsPage />} />
    </Routes>
  )
}
