import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRecordingLog } from '../../../test/support/rpc.ts'
import { makeProfileFold } from '../../analysis/profile/fold.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { createProbeHistory } from './probe-history.ts'

it('remembers probes over a restart, each connection its own', async () => {
  const path = mkdtempSync(join(tmpdir(), 'assay-probes-'))
  const store = await openSqliteStore({ path, fold: makeProfileFold() })
  const at = Date.UTC(2026, 5, 1)
  const parts = { store, now: () => at + 10_000, log: createRecordingLog() }
  const before = createProbeHistory(parts)
  const ready = { at, isReady: true, latencyMs: 12.5, clockSkewMs: -40 }
  const silent = { at: at + 5000, isReady: false, latencyMs: null }
  await before.add('con_a', ready)
  await before.add('con_a', silent)
  await before.add('con_b', { ...ready, isReady: false })
  await before.add('con_a', { ...silent, at: at - 30 * 86_400_000 })

  const after = createProbeHistory(parts)
  const everything = { from: 0, to: at + 86_400_000 }
  expect(after.read('con_a', everything)).toEqual([])
  await after.load(['con_a', 'con_b', 'con_c'])
  expect(after.read('con_a', everything)).toEqual([ready, silent])
  expect(after.read('con_b', everything)).toEqual([{ ...ready, isReady: false }])
  await after.add('con_a', { ...ready, at: at + 20_000 })
  expect(after.read('con_a', { from: at + 1, to: at + 86_400_000 })).toEqual([silent, { ...ready, at: at + 20_000 }])
  await store.close()
  rmSync(path, { recursive: true })
})
