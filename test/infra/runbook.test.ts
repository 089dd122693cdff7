import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../cli/main.ts'
import { classify } from '../../core/clickup/faults.ts'
import { RUNBOOK, withAlarms } from '../../docs/generate-runbook.ts'
import { ALARMS } from '../../infra/alarms/index.ts'
import { QUERIES } from '../../infra/queries/index.ts'

const TEXT = readFileSync(RUNBOOK, 'utf8')
const headings = [...TEXT.matchAll(/^#{1,3} (.+)$/gm)].map(([, heading = '']) => heading)
const sections = TEXT.slice(0, TEXT.indexOf('## Saved queries\n'))

describe('docs/runbook.md', () => {
  it('is what npm run runbook writes', () => {
    expect(withAlarms(TEXT)).toBe(TEXT)
  })

  it('has a section for every alarm, and for nothing else', () => {
    const named = [...sections.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    expect(named).toEqual(ALARMS.map(({ name }) => name))
  })

  it('links to headings and files that are there', () => {
    const anchors = new Set(
      headings.map((heading) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
      ),
    )
    const links = [...TEXT.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(100)
    expect(links.filter((link) => link.startsWith('#') && !anchors.has(link.slice(1)))).toEqual([])
    const files = links.filter((link) => !link.startsWith('#')).map((link) => link.split('#')[0] ?? '')
    expect([...new Set(files)].filter((file) => !existsSync(join(dirname(RUNBOOK), file)))).toEqual([])
  })

  it('names alarms and queries alike nowhere, so that each anchor is one', () => {
    expect(new Set(headings.map((heading) => heading.toLowerCase())).size).toBe(headings.length)
  })

  it('lists each saved query that a step tells to run', () => {
    const known = new Set(QUERIES.map(({ name }) => name))
    for (const { name, runbook } of ALARMS) {
      const words = runbook.steps.join('\n').matchAll(/`([A-Z][A-Za-z]+)`/g)
      const run = [...words].map(([, word = '']) => word).filter((word) => known.has(word))
      expect([name, run.filter((query) => !runbook.queries?.includes(query))]).toEqual([name, []])
    }
  })

  it('and the troubleshooting name each code by which ClickUp says that the token is dead', () => {
    const codes = Array.from({ length: 200 }, (_, i) => String(i).padStart(3, '0')).filter((number) => {
      const text = JSON.stringify({ err: 'words', ECODE: `OAUTH_${number}` })
      const { kind } = classify({ status: 400, text, retryAt: 0 })
      return kind === 'tokenDead'
    })
    const troubles = readFileSync(join(dirname(RUNBOOK), 'troubleshooting.md'), 'utf8')
    for (const line of [
      ALARMS.find(({ name }) => name === 'TokenDead')?.runbook.causes.find((cause) => cause.includes('OAUTH_017')),
      troubles.split('\n').find((each) => each.includes('OAUTH_017')),
    ]) {
      const [first = ''] = line?.split('.') ?? []
      expect([...first.matchAll(/_(\d{3})/g)].map(([, number]) => number)).toEqual(codes)
    }
  })

  it('gives commands that hookline understands', () => {
    const lines = [...TEXT.matchAll(/npx hookline ([^`\n]+)`/g)].map(([, line = '']) => line)
    expect(new Set(lines).size).toBeGreaterThan(10)
    for (const line of new Set(lines)) expect([line, understood(line)]).toEqual([line, 1])
  })
})

/** How many commands a line runs: one, unless the program refuses it. */
function understood(line: string): number {
  const io = {
    ...{ cwd: dirname(RUNBOOK), colours: false, columns: 100, now: () => 1_789_000_000_000 },
    ...{ write: () => undefined, note: () => undefined },
  }
  const program = createProgram(io)
  let ran = 0
  const watch = (command: Command): void => {
    command.exitOverride()
    if (command.commands.length === 0) command.action(() => void ran++)
    command.commands.forEach(watch)
  }
  watch(program)
  const words = line.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? []
  try {
    program.parse(words, { from: 'user' })
  } catch {
    return 0
  }
  return ran
}
