import { Route, Routes } from 'react-router'
import { AlertList } from './AlertList.tsx'
import { AlertPage } from './AlertPage.tsx'

export function Component() {
  return (
    <Routes>
      <Route index element={<AlertList />} />
      <Route path=":alertId" element={<AlertPage />} />
    </Routes>
  )
}
