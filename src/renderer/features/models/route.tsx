import { Route, Routes } from 'react-router'
import { ModelPage } from './ModelPage.tsx'
import { ModelsPage } from './ModelsPage.tsx'

export function Component() {
  return (
    <Routes>
      <Route index element={<ModelsPage />} />
      <Route path=":modelId/:tab?" element={<ModelPage />} />
    </Routes>
  )
}
