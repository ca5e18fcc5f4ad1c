import { useEdit } from '../shared/use-edit.ts'
import type { SettingsSource } from './SettingsForm.tsx'

/** One part of the settings under change. Another section's saving raises the revision, which is no conflict for this one. */
export function useSettingsPart<T extends object>(
  source: SettingsSource,
  partOf: (settings: SettingsSource['record']) => T,
) {
  const part = partOf(source.record)
  const edit = useEdit<T>({ revision: source.revision, record: part }, part)
  const [baseText, partText] = [JSON.stringify(edit.base?.record), JSON.stringify(part)]
  return { ...edit, revision: baseText === partText ? source.revision : edit.revision }
}
