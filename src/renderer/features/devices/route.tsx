import { Route, Routes } from 'react-router'
import { DeviceList } from './DeviceList.tsx'
import { DevicePage } from './DevicePage.tsx'

export function Component() {
  return (
    <Routes>
      <Route index element={<DeviceList />} />
      <Route path=":deviceId" element={<DevicePage />} />
    </Routes>
  )
}
