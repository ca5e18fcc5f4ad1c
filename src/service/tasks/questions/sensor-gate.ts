import { findSensorFaults } from '../../../analysis/device/gate.ts'
import { faultsOfInputs, inputsOf } from '../../../analysis/device/set-apart.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { SensorFault } from '../../../contract/sensor-fault.ts'
import type { Store } from '../../../store/store.ts'
import type { DeploymentScene } from './deployment-scene.ts'

/** Readings before the window that tell whether a sensor is stuck or repeats itself. */
const contextMs = 2 * 86_400_000
/** Most readings of a channel that are looked at, the newest. */
const mostPoints = 300_000

export interface InputFaults {
  readonly faults: readonly SensorFault[]
  /** Input columns by the channels that they are. */
  readonly inputs: ReadonlyMap<string, string>
}
const none: InputFaults = { faults: [], inputs: new Map() }

/** Stretches of the window in which the sensors behind a deployment's inputs could not be trusted; none without a device. */
export async function findInputFaults(store: Store, scene: DeploymentScene, now: number): Promise<InputFaults> {
  const { deployment, columns, window } = scene
  if (deployment.deviceId === null) return none
  const device = (await store.records.get('device', deployment.deviceId))?.record
  if (device === undefined) return none
  const inputs = inputsOf(
    columns,
    device.channels.map(({ name }) => name),
  )
  if (inputs.size === 0) return none
  const channels = new Map<string, { at: Float64Array; value: Float64Array }>()
  const seen = { from: Math.max(0, window.from - contextMs), to: window.to }
  // Channels that are no inputs are read too: physics takes several together.
  for (const { name } of device.channels)
    channels.set(
      name,
      await store.telemetry.read({ deviceId: device.id, channel: name, window: seen, limit: mostPoints }),
    )
  const faults = findSensorFaults({ device, channels, window, now }, parametersOf.device.parse({}))
  return { faults: faultsOfInputs(faults, inputs), inputs }
}
