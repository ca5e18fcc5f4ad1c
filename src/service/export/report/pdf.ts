import pdfmake from 'pdfmake'
import fontFiles from 'pdfmake/build/vfs_fonts.js'
import type { Content, TableCell } from 'pdfmake/interfaces.js'
import type { Block, Cell, Hallmark, ReportDocument } from './document.ts'
import { chartFont, drawChart } from './draw-chart.ts'

const colours = { ink: '#1b1f24', soft: '#5b6570', line: '#d5dae0', good: '#0b6b4f', bad: '#9c2f16', unsure: '#7a5a00' }
const words = { good: '+ ', bad: 'x ', unsure: '? ', plain: '' } as const
const stampColours = { certified: colours.good, refused: colours.bad, open: colours.soft } as const

const fonts = {
  normal: 'Roboto-Regular.ttf',
  bold: 'Roboto-Medium.ttf',
  italics: 'Roboto-Italic.ttf',
  bolditalics: 'Roboto-MediumItalic.ttf',
}

/** The files that the library holds in memory; its types leave them out for Node. */
type HeldFiles = { readonly virtualfs: { writeFileSync(name: string, content: Buffer): void } }
const heldFiles = (pdfmake as unknown as HeldFiles).virtualfs

/** Within the margins of the page, in points. */
const chartWidth = 440

/** A word longer than this would push a column out of the page. */
const longWord = /\S{24,}/g
/** Places where a long digest or name may break. */
const breakable = (text: string) => text.replace(longWord, (word) => word.replace(/(.{12})/g, '$1\u200b'))

function cellContent(cell: Cell): TableCell {
  if (typeof cell === 'string') return { text: breakable(cell), fontSize: 8 }
  const colour = cell.tone === 'plain' ? colours.ink : colours[cell.tone]
  return { text: `${words[cell.tone]}${breakable(cell.text)}`, fontSize: 8, color: colour, bold: true }
}

const factsContent = (rows: readonly (readonly [string, string])[]): Content => ({
  layout: 'noBorders',
  margin: [0, 2, 0, 8],
  table: {
    widths: [90, '*'],
    body: rows.map(([name, value]) => [
      { text: name, color: colours.soft, fontSize: 9 },
      { text: breakable(value), fontSize: 9 },
    ]),
  },
})

function tableContent({ columns, widths, rows }: Extract<Block, { kind: 'table' }>): Content {
  const total = widths.reduce((sum, width) => sum + width, 0)
  return {
    layout: 'lightHorizontalLines',
    margin: [0, 2, 0, 8],
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: widths.map((width) => `${((100 * width) / total).toFixed(2)}%`),
      body: [
        columns.map((name) => ({ text: name, color: colours.soft, fontSize: 8, bold: true })),
        ...rows.map((row) => row.map(cellContent)),
      ],
    },
  }
}

function blockContent(block: Block): Content {
  switch (block.kind) {
    case 'heading':
      return {
        text: block.text,
        bold: true,
        fontSize: [16, 12, 10][block.level - 1],
        margin: [0, [18, 12, 8][block.level - 1], 0, 4],
        headlineLevel: block.level,
        ...(block.level === 1 ? { pageBreak: 'before' as const, margin: [0, 0, 0, 6] } : {}),
      }
    case 'text':
      return { text: breakable(block.text), margin: [0, 0, 0, 4] }
    case 'facts':
      return factsContent(block.rows)
    case 'table':
      return tableContent(block)
    case 'chart':
      return { svg: drawChart(block.chart).svg, width: chartWidth, margin: [0, 2, 0, 8] }
  }
}

/** The stamp, drawn as a shield, beside what it says. */
function hallmarkContent({ status, word, lines }: Hallmark): Content {
  const colour = stampColours[status]
  const shield = '<path d="M33 3l26 9v20c0 15-11 25-26 31C18 57 7 47 7 32V12z" fill="none" stroke-width="3"/>'
  const stroke = {
    certified: '<path d="M20 33l9 9 17-19" fill="none" stroke-width="5"/>',
    refused: '<path d="M20 20l26 26M46 20L20 46" fill="none" stroke-width="5"/>',
    open: '',
  }[status]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 66 66" stroke="${colour}">${shield}${stroke}</svg>`
  return {
    margin: [0, 12, 0, 12],
    columnGap: 12,
    columns: [
      { svg, width: 56 },
      {
        stack: [
          { text: word.toUpperCase(), bold: true, fontSize: 13, color: colour },
          ...lines.map((line) => ({ text: breakable(line), fontSize: 9 })),
        ],
      },
    ],
  }
}

/**
 * The report as PDF. The same report gives the same bytes. Set in Roboto, which has Latin, Greek and Cyrillic letters; others show
 * as boxes here and are whole in the HTML. Fetches nothing and reads no files.
 */
export async function renderPdf(report: ReportDocument): Promise<Uint8Array> {
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy(() => false)
  for (const name of Object.values(fonts)) heldFiles.writeFileSync(name, Buffer.from(fontFiles[name], 'base64'))
  // Letters of charts are looked up by the name that a loaded font bears inside; as a file name it would be read from the disk.
  pdfmake.setFonts({ Roboto: fonts, [chartFont]: { normal: 'Roboto-Regular' } })
  const document = pdfmake.createPdf({
    info: { title: report.title, creationDate: new Date(report.createdAt), creator: 'Assay', producer: 'Assay' },
    language: 'en',
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 56],
    defaultStyle: { font: 'Roboto', fontSize: 10, color: colours.ink },
    footer: (page: number, pages: number): Content => ({
      margin: [48, 16, 48, 0],
      fontSize: 8,
      color: colours.soft,
      columns: [{ text: report.footer }, { text: `${page} / ${pages}`, alignment: 'right', width: 60 }],
    }),
    content: [
      { text: report.title, fontSize: 24, bold: true },
      { text: report.subtitle, color: colours.soft, margin: [0, 2, 0, 8] },
      ...report.hallmarks.map(hallmarkContent),
      factsContent(report.facts),
      ...report.blocks.map(blockContent),
    ],
  })
  return new Uint8Array(await document.getBuffer())
}
