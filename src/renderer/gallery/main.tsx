import '@fontsource-variable/inter/wght.css'
import Box from '@mui/material/Box'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { HashRouter } from 'react-router'
import { App } from '../app/App.tsx'
import { pages } from '../app/routes.tsx'
import { Shell } from '../app/Shell.tsx'
import { type ShellInfo, ShellInfoContext } from '../app/shell-info.ts'
import { Hallmark } from '../widgets/Hallmark.tsx'
import { Headline } from '../widgets/Headline.tsx'
import { PageHeader } from '../widgets/PageHeader.tsx'
import { type WindowChoice, WindowPicker } from '../widgets/WindowPicker.tsx'
import { Charts } from './Charts.tsx'
import { nowAt, week } from './data.ts'
import { Widgets } from './Widgets.tsx'

/** Every widget and chart at once, for the eye and for the accessibility check; never part of the product's build. */
function Gallery() {
  const [choice, setChoice] = useState<WindowChoice>({ preset: '7d', window: week })
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <div>
        <PageHeader
          title="cat-dog"
          context="Models / cat-dog"
          mark={<Hallmark label="certified" onShowProof={() => {}} />}
          actions={<WindowPicker value={choice} onChange={setChoice} now={() => nowAt} />}
        />
        <Headline
          status="breach"
          text="cat-dog in production has drifted since 14:20, after a knock on camera-1; accuracy 0.91 (0.89 to 0.93), limit 0.90."
        />
      </div>
      <Charts />
      <Widgets />
    </Box>
  )
}

const info: ShellInfo = {
  workspaceName: 'Pet park Barcelona',
  connection: 'connected',
  user: { name: 'Q. Expert', role: 'QA expert' },
  openAlerts: 2,
  onSignOut: () => {},
}

const container = document.getElementById('root')
if (container === null) throw new Error('gallery/index.html has no element #root')

createRoot(container).render(
  <App>
    <ShellInfoContext value={info}>
      <HashRouter>
        <Shell pages={pages}>
          <Gallery />
        </Shell>
      </HashRouter>
    </ShellInfoContext>
  </App>,
)
