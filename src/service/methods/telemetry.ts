import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** Telemetry for charts, thinned so that no peak is lost. A channel that never reported gives an empty series. */
export function createTelemetryHandlers({ store }: Pick<ServiceContext, 'store'>): HandlersOf<'telemetry'> {
  return {
    'telemetry.series': async ({ deviceId, channels, window, maxPoints }) => {
      const device = await store.records.get('device', deviceId)
      if (device === null) throw new RpcError('not-found', 'There is no such device')
      return await Promise.all(
        [...new Set(channels)].map(async (channel) => {
          const { at, value, points } = await store.telemetry.downsample({ deviceId, channel, window, maxPoints })
          const unit = device.record.channels.find(({ name }) => name === channel)?.unit ?? ''
          return { channel, unit, at, value, points, isDownsampled: points > at.length }
        }),
      )
    },
  }
}
