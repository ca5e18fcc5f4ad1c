import { Route, Routes } from 'react-router'
import { ConnectionList } from './ConnectionList.tsx'
import { ConnectionPage } from './ConnectionPage.tsx'

export function Component() {
  return (
    <Routes>
      <Route index element={<ConnectionList />} />
      <Route path=":connectionId" element={<ConnectionPage />} />
    </Routes>
  )
}
