import { setFlagsFromString } from 'node:v8'

/**
 * Lets a heap grow by 40 % between collections of its old generation, where V8 would let it grow fourfold: messages that wait to
 * become durable grow old, and 100 MB of them would be kept for nothing (measured at 5,000 a second). For all threads of the process.
 */
export const limitHeaps = () => setFlagsFromString('--heap-growing-percent=40')
