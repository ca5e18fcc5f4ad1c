import CableOutlined from '@mui/icons-material/CableOutlined'
import FactCheckOutlined from '@mui/icons-material/FactCheckOutlined'
import HistoryEduOutlined from '@mui/icons-material/HistoryEduOutlined'
import LayersOutlined from '@mui/icons-material/LayersOutlined'
import NotificationsNoneOutlined from '@mui/icons-material/NotificationsNoneOutlined'
import RateReviewOutlined from '@mui/icons-material/RateReviewOutlined'
import SensorsOutlined from '@mui/icons-material/SensorsOutlined'
import SettingsOutlined from '@mui/icons-material/SettingsOutlined'
import SpaceDashboardOutlined from '@mui/icons-material/SpaceDashboardOutlined'
import TuneOutlined from '@mui/icons-material/TuneOutlined'
import type SvgIcon from '@mui/material/SvgIcon'
import type { ComponentType } from 'react'

type PageIcon = typeof SvgIcon

/** What `features/<page>/route.tsx` exports. A page with pages of its own puts `<Routes>` inside its component. */
export type PageModule = { Component: ComponentType }

export type Page = {
  /** First part of the address; the page owns everything below it. */
  path: string
  title: string
  icon: PageIcon
  /** Answers which question, for the palette. */
  keywords: string
  /** Absent while the page is not in the build. */
  load?: () => Promise<PageModule>
}

const modules = import.meta.glob<PageModule>('../features/*/route.tsx')

function page(path: string, title: string, icon: PageIcon, keywords: string): Page {
  return { path, title, icon, keywords, load: modules[`../features/${path}/route.tsx`] }
}

/** The ten pages, in the order of the rail; each is loaded on its first visit from `features/<path>/route.tsx`. */
export const pages: Page[] = [
  page('overview', 'Overview', SpaceDashboardOutlined, 'home status'),
  page('models', 'Models', LayersOutlined, 'performance drift integrity fairness errors explanation samples lineage'),
  page('devices', 'Devices', SensorsOutlined, 'telemetry sensors health fleet'),
  page('alerts', 'Alerts', NotificationsNoneOutlined, 'breach acknowledge action retrain roll back'),
  page('releases', 'Releases', FactCheckOutlined, 'test plan certify approve certificate'),
  page('review', 'Review', RateReviewOutlined, 'labels samples queue'),
  page('policies', 'Policies', TuneOutlined, 'thresholds monitors limits back-test'),
  page('connections', 'Connections', CableOutlined, 'brokers endpoints registries pipelines'),
  page('audit', 'Audit', HistoryEduOutlined, 'log proof export checkpoint'),
  page('settings', 'Settings', SettingsOutlined, 'people roles keys retention'),
]
