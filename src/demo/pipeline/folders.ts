import { join } from 'node:path'

/** Where the park keeps things in its folder. */
export function parkFolders(folder: string) {
  return {
    /** ONNX files by version. */
    artifacts: join(folder, 'artifacts'),
    /** The newest frames and labels that the pipeline heard. */
    archive: join(folder, 'frames.bin'),
    /** Frames of the month before, which a training goes through again so that nothing old is forgotten. */
    memory: join(folder, 'memory.bin'),
    runs: join(folder, 'runs'),
    datasets: join(folder, 'datasets'),
    history: join(folder, 'history'),
    state: join(folder, 'state.json'),
    webhooks: join(folder, 'webhooks.jsonl'),
  }
}
