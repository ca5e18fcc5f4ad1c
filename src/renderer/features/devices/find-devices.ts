import type { DeviceRow } from './fleet-headline.ts'

/** Devices in which every word occurs: in name, key, site, group, tags, firmware or version. Letters of either case. */
export function findDevices(rows: DeviceRow[], text: string): DeviceRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter(({ device, versions }) => {
    const { name, key, site, group = '', tags, firmware } = device
    const all = [name, key, site, group, ...tags, firmware ?? '', versions.reported?.name ?? '', versions.desired ?? '']
    const searched = all.join('\n').toLowerCase()
    return words.every((word) => searched.includes(word))
  })
}
