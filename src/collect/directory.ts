import type { SchemaSpec } from '../contract/model.ts'

/** A version as intake needs it: what its samples must look like. */
export interface VersionFacts {
  readonly versionId: string
  readonly schema: SchemaSpec
}

/**
 * What intake knows about the workspace: names from outside become ids. Look-ups are answered from memory, because
 * every message asks; whoever changes records keeps the answers current. `schema` objects should stay the same object while
 * a version is unchanged: checks are compiled once per object.
 */
export interface Directory {
  /** Id of the deployment with this key, null when there is none. */
  deploymentId(key: string): string | null
  /** The named version of the deployment's model, or with null the version that the deployment is recorded to run. */
  version(deploymentId: string, name: string | null): VersionFacts | null
  /** Id of the device with this key, null when there is none. */
  deviceId(key: string): string | null
  /** Whether telemetry through this connection may bring devices that nobody registered. */
  acceptsNewDevices(connectionId: string): boolean
  /** Registers a device under this key and returns its id; the same key twice gives the same id. */
  registerDevice(key: string, connectionId: string): Promise<string>
}
