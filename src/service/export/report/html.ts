import type { Block, Cell, Hallmark, ReportDocument } from './document.ts'
import { drawChart } from './draw-chart.ts'
import { escapeHtml } from './escape.ts'

const style = `
:root{color-scheme:light;--ink:#1b1f24;--soft:#5b6570;--line:#d5dae0;--good:#0b6b4f;--bad:#9c2f16;--unsure:#7a5a00}
*{box-sizing:border-box}
body{font:14px/1.5 "Inter","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;color:var(--ink);max-width:62rem;margin:0 auto;padding:2rem 1.5rem}
header{border-bottom:2px solid var(--ink);padding-bottom:1.5rem;margin-bottom:1.5rem}
h1{font-size:1.5rem;margin:2.5rem 0 .75rem}
h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
header h1{font-size:2rem;margin:0}
header p{color:var(--soft);margin:.25rem 0 1rem}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.15rem 1rem;margin:.5rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}.unsure{color:var(--unsure);font-weight:600}
figure{margin:.5rem 0 1.25rem}
figure svg{width:42rem;max-width:100%;height:auto}
.hallmark{display:flex;gap:1rem;align-items:center;margin:1rem 0}
.hallmark svg{width:5rem;height:5rem;flex:none}
.hallmark strong{display:block;font-size:1.1rem;text-transform:uppercase;letter-spacing:.06em}
footer{border-top:1px solid var(--line);color:var(--soft);margin-top:3rem;padding-top:.75rem}
@media print{body{padding:0;max-width:none}h1,h2,h3{break-after:avoid}tr{break-inside:avoid}}
`

const signs = { good: '\u2713 ', bad: '\u2717 ', unsure: '? ', plain: '' } as const

function cellHtml(cell: Cell): string {
  if (typeof cell === 'string') return escapeHtml(cell)
  return `<span class="${cell.tone}">${signs[cell.tone]}${escapeHtml(cell.text)}</span>`
}

const factsHtml = (rows: readonly (readonly [string, string])[]) =>
  `<dl>${rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`

function tableHtml({ columns, widths, rows }: Extract<Block, { kind: 'table' }>): string {
  const total = widths.reduce((sum, width) => sum + width, 0)
  const shares = widths.map((width) => `<col style="width:${((100 * width) / total).toFixed(2)}%">`).join('')
  const head = columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`).join('\n')
  return `<table><colgroup>${shares}</colgroup><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`
    case 'facts':
      return factsHtml(block.rows)
    case 'table':
      return tableHtml(block)
    case 'chart':
      return `<figure>${drawChart(block.chart).svg}</figure>`
  }
}

const colours = { certified: '#0b6b4f', refused: '#9c2f16', open: '#5b6570' } as const
const strokes = {
  certified: '<path d="M20 33l9 9 17-19" fill="none" stroke-width="5"/>',
  refused: '<path d="M20 20l26 26M46 20L20 46" fill="none" stroke-width="5"/>',
  open: '',
} as const

/** The stamp: a shield, ticked where it was certified, crossed where it was refused. Its word says the same. */
function hallmarkHtml({ status, word, lines }: Hallmark): string {
  const colour = colours[status]
  const shield = '<path d="M33 3l26 9v20c0 15-11 25-26 31C18 57 7 47 7 32V12z" fill="none" stroke-width="3"/>'
  const picture = `<svg viewBox="0 0 66 66" role="img" aria-label="${escapeHtml(word)}" stroke="${colour}">${shield}${strokes[status]}</svg>`
  const said = lines.map(escapeHtml).join('<br>')
  return `<div class="hallmark">${picture}<div><strong style="color:${colour}">${escapeHtml(word)}</strong>${said}</div></div>`
}

/** One HTML file that needs nothing else and runs nothing: no scripts, no addresses, everything from outside escaped. */
export function renderHtml(report: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(report.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(report.title)}</h1>
<p>${escapeHtml(report.subtitle)}</p>
${report.hallmarks.map(hallmarkHtml).join('\n')}
${factsHtml(report.facts)}
</header>
<main>
${report.blocks.map(blockHtml).join('\n')}
</main>
<footer>${escapeHtml(report.footer)}</footer>
</body>
</html>
`
}
