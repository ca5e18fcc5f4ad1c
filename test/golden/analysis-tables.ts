import { readFileSync } from 'node:fs'
import { categories, numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { readColumns, sharedUrl } from './shared.ts'

const numericAdult = new Set(['age', 'fnlwgt', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week'])

function adultTable(columns: Record<string, string[]>): SampleTable {
  return tableOf(
    Object.fromEntries(
      Object.entries(columns).map(([name, cells]) => [
        name,
        numericAdult.has(name) ? numbers(cells.map(Number)) : categories(cells),
      ]),
    ),
  )
}

/** Reference and current table of each pair of the golden drift numbers; `?` is a category of its own there. */
export function adultPairs(): Record<string, { readonly reference: SampleTable; readonly current: SampleTable }> {
  const train = readColumns('data/adult/adult_train.csv')
  const test = readColumns('data/adult/adult_test.csv')
  const all = Object.fromEntries(Object.keys(train).map((name) => [name, [...train[name], ...test[name]]]))
  const pick = (columns: Record<string, string[]>, keep: (row: number) => boolean) =>
    adultTable(
      Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells.filter((_, row) => keep(row))])),
    )
  return {
    adult_train_vs_test: { reference: adultTable(train), current: adultTable(test) },
    adult_age_lt40_vs_ge40: {
      reference: pick(all, (row) => Number(all.age[row]) < 40),
      current: pick(all, (row) => Number(all.age[row]) >= 40),
    },
    adult_small_500_vs_400: { reference: pick(train, (row) => row < 500), current: pick(test, (row) => row < 400) },
  }
}

export const roomChannels = ['Temperature', 'Humidity', 'Light', 'CO2', 'HumidityRatio'] as const

/** Minutes of one period of the room: readings, whether it was occupied, and when (taken as UTC). */
export function readRoom(file: 'datatraining' | 'datatest' | 'datatest2'): SampleTable {
  const [, ...rows] = readFileSync(sharedUrl(`data/occupancy/${file}.txt`), 'utf8')
    .trimEnd()
    .split(/\r?\n/)
  const cells = rows.map((row) => row.replaceAll('"', '').split(','))
  return tableOf(
    Object.fromEntries(roomChannels.map((name, i) => [name, numbers(cells.map((row) => Number(row[i + 2])))])),
    {
      at: Float64Array.from(cells, (row) => Date.parse(`${row[1].replace(' ', 'T')}Z`)),
      label: categories(cells.map((row) => row[7])),
    },
  )
}
