import { join } from 'node:path'

/** Where the park keeps things in its folder. */
export function parkFolders(folder: string) {
  return {
    /** ONNX files by version. */
    artifacts: join(folder, 'artifacts'),
    /** Frames and labels that the pipeline heard. */
    archive: join(folder, 'frames.bin'),
    runs: join(folder, 'runs'),
    datasets: join(folder, 'datasets'),
    history: join(folder, 'history'),
    state: join(folder, 'state.json'),
    webhooks: join(folder, 'webhooks.jsonl'),
  }
}
