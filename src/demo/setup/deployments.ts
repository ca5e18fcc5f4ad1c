import type { Device } from '../../contract/device.ts'
import type { Deployment, Version } from '../../contract/model.ts'
import type { DemoHost } from '../host.ts'
import { BOX_CHANNELS } from '../park/channels.ts'
import { DEVICE_KEY, PRODUCTION_KEY, TEST_KEY } from '../park/names.ts'
import type { ParkConnections } from './connections.ts'
import type { RegisteredModels } from './models.ts'
import { PEOPLE } from './people.ts'

const operator = PEOPLE.operator.login
/** The keeper has labelled everything by then. */
const LABEL_DELAY_MS = 30_000

export async function ensureDevice(host: DemoHost): Promise<Device> {
  const named = (await host.call(operator, 'devices.names', {})).find(({ key }) => key === DEVICE_KEY)
  if (named) return (await host.call(operator, 'devices.get', { id: named.id })).device.record
  const { record } = await host.call(operator, 'devices.save', {
    id: null,
    revision: null,
    device: {
      key: DEVICE_KEY,
      name: 'Camera at the entrance',
      site: 'Parc de la Ciutadella, Barcelona',
      firmware: '2.4.1',
      tags: ['camera', 'outdoor'],
      channels: [...BOX_CHANNELS],
    },
  })
  return record
}

export interface ParkDeployments {
  readonly production: Deployment
  readonly test: Deployment
}

/** The pilot in production, fed by the camera; the version that is to follow it on the test server. */
export async function ensureDeployments(
  host: DemoHost,
  { model, first, released }: RegisteredModels,
  connections: ParkConnections,
  device: Device,
): Promise<ParkDeployments> {
  const known = (await host.call(operator, 'models.get', { id: model.id })).deployments
  async function ensure(
    place: Pick<Deployment, 'key' | 'name' | 'environment' | 'endpointId' | 'deviceId'>,
    version: Version,
  ): Promise<Deployment> {
    const found = known.find(({ record }) => record.key === place.key)
    if (found) return found.record
    const { record } = await host.call(operator, 'deployments.create', {
      ...place,
      modelId: model.id,
      versionId: version.id,
      labelDelayMs: LABEL_DELAY_MS,
      retention: { rawDays: 90, maxSamples: 2_000_000, profileDays: 730 },
    })
    return record
  }
  return {
    production: await ensure(
      {
        key: PRODUCTION_KEY,
        name: 'Cat or dog at the entrance',
        environment: 'production',
        endpointId: connections.production,
        deviceId: device.id,
      },
      first,
    ),
    test: await ensure(
      {
        key: TEST_KEY,
        name: 'Cat or dog, test',
        environment: 'test',
        endpointId: connections.test,
        deviceId: null,
      },
      released,
    ),
  }
}
