import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { Link, useSearchParams } from 'react-router'

/** The two halves of a policy: what is asked when, and which answers are acceptable. */
export function PolicyTabs({ value }: { value: 'limits' | 'monitors' }) {
  const [search] = useSearchParams()
  const target = search.get('target')
  const suffix = target === null ? '' : `?${new URLSearchParams({ target })}`
  return (
    <Tabs value={value} aria-label="Policies" sx={{ mb: 2, borderBottom: 1, borderColor: 'divider' }}>
      <Tab value="limits" label="Limits" component={Link} to={`/policies${suffix}`} />
      <Tab value="monitors" label="Monitors" component={Link} to={`/policies/monitors${suffix}`} />
    </Tabs>
  )
}
