import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { cycleReport } from '../../core/report/cycle-report.ts'
import { binsOf } from '../../core/report/html/histogram.ts'
import { cyclePage } from '../../core/report/html/page.ts'
import { NOW, sample } from './support/sample.ts'

const { read, calendar, settings } = sample({ tasks: 150 })
const question = { by: 'list' as const, since: NOW - 90 * 86_400_000, until: NOW, generatedAt: NOW, settings }
const report = cycleReport([read], calendar, { ...question, scope: 'space <b>Product</b>' })
const page = cyclePage(report, calendar)
const { document } = parseHTML(page)

describe('the page', () => {
  it('has a plot and a table of the same for each question', () => {
    const titles = [...document.querySelectorAll('section')].map((section) => ({
      title: section.querySelector('h2')?.textContent,
      plot: section.querySelector('svg[role=img]')?.getAttribute('aria-label') ?? null,
      rows: section.querySelectorAll('tbody tr').length > 0,
    }))
    expect(titles.filter(({ plot }) => plot !== null)).toEqual([
      { title: 'Cycle time of each task', plot: 'Cycle time of each task', rows: true },
      { title: 'How many tasks took how long', plot: 'How many tasks took how long', rows: true },
      { title: 'Time in each status', plot: 'Time in each status', rows: true },
      { title: 'Tasks done by week', plot: 'Tasks done by week', rows: true },
    ])
  })

  it('draws what there is', () => {
    const [scatter, histogram] = document.querySelectorAll('svg[role=img]')
    expect(scatter?.querySelectorAll('circle')).toHaveLength(150)
    const { bars } = binsOf(report)
    expect(bars.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(150)
    expect([...(histogram?.querySelectorAll('rect') ?? [])]).toHaveLength(bars.length)
    const labels = [...(scatter?.querySelectorAll('text') ?? [])].map((text) => text.textContent)
    expect(labels.filter((label) => /^p(50|85|95) /.test(label ?? ''))).toHaveLength(3)
  })

  it('needs nothing from a network and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(|src=/i)
    expect(page).toContain("default-src 'none'")
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(document.querySelector('h1')?.textContent).toBe('Cycle time, space <b>Product</b>')
  })

  it('links to tasks and to nothing else', () => {
    const rows = read.rows.map((row, i) => (i === 0 ? { ...row, url: 'javascript:alert(1)' } : row))
    const other = cyclePage(cycleReport([{ ...read, rows }], calendar, { ...question, scope: 'x' }), calendar)
    expect(other).not.toContain('href="javascript')
    expect(other).toContain('href="https://app.clickup.com/t/t1"')
  })

  it('of nothing says so', () => {
    const empty = cyclePage(cycleReport([{ ...read, rows: [] }], calendar, { ...question, scope: 'x' }), calendar)
    expect(empty).toContain('Nothing to plot')
    expect(empty).toContain('What this takes for granted')
  })
})
