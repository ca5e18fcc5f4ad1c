import type { DemoHost } from '../host.ts'
import { PEOPLE } from './people.ts'

/** Alerts go to the keeper's pager as well as to the desktop. */
export async function notifyPager(host: DemoHost, pagerId: string): Promise<void> {
  const { login } = PEOPLE.administrator
  const { settings } = await host.call(login, 'settings.get', {})
  const { desktop, webhookIds } = settings.record.notifications
  if (webhookIds.includes(pagerId)) return
  await host.call(login, 'settings.update', {
    revision: settings.revision,
    changes: { notifications: { desktop, webhookIds: [...webhookIds, pagerId] } },
  })
}
