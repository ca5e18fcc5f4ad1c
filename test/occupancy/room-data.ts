import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the room's box measures, and with which unit. */
export const roomChannels = [
  { name: 'temperature', column: 'Temperature', unit: '°C' },
  { name: 'humidity', column: 'Humidity', unit: '%' },
  { name: 'light', column: 'Light', unit: 'lx' },
  { name: 'co2', column: 'CO2', unit: 'ppm' },
  { name: 'humidity-ratio', column: 'HumidityRatio', unit: 'kg/kg' },
] as const

export interface RoomMinute {
  /** UTC epoch milliseconds; the file's clock is taken as UTC. */
  readonly at: number
  /** In the order of `roomChannels`. */
  readonly values: readonly number[]
  readonly isOccupied: boolean
}

/**
 * Reads one of the room's files. Its header lacks the name of the first column, the row's number, and some files quote
 * numbers and dates.
 */
export function readRoomFile(folder: string, name: string): RoomMinute[] {
  const [header, ...lines] = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/)
  const names = ['row', ...cellsOf(header)]
  const places = roomChannels.map(({ column }) => names.indexOf(column))
  return lines.map((line) => {
    const cells = cellsOf(line)
    return {
      at: Date.parse(`${cells[names.indexOf('date')].replace(' ', 'T')}Z`),
      values: places.map((place) => Number(cells[place])),
      isOccupied: cells[names.indexOf('Occupancy')] === '1',
    }
  })
}

const cellsOf = (line: string) => line.split(',').map((cell) => cell.replaceAll('"', ''))
