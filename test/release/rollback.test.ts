import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { createProgram } from '../../cli/main.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')
const TEXT = readFileSync(join(DOCS, 'rollback.md'), 'utf8')

const all = (pattern: RegExp) => [...TEXT.matchAll(pattern)].map(([, found = '']) => found)

it('gives commands that hookline understands', () => {
  const lines = all(/^\s*npx hookline ([^\n#]+)/gm)
  expect(lines.length).toBeGreaterThan(10)
  const io = { cwd: DOCS, colours: false, columns: 100, now: () => 0, write: () => undefined, note: () => undefined }
  for (const line of lines) {
    const program = createProgram(io)
    const ran: string[] = []
    const watch = (command: Command): void => {
      if (command.commands.length === 0) command.action(() => void ran.push(command.name()))
      command.commands.forEach(watch)
    }
    watch(program)
    const words = [...line.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
    program.parse(words, { from: 'user' })
    expect([line, ran.length]).toEqual([line, 1])
  }
})

it('links to files and headings that are there', () => {
  const headingsOf = (text: string) =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    )
  for (const link of all(/\]\((?!https?:)([^)]+)\)/g)) {
    const [file = '', anchor] = link.split('#')
    const path = file === '' ? 'rollback.md' : file
    expect([link, existsSync(join(DOCS, path))]).toEqual([link, true])
    if (anchor !== undefined) expect(headingsOf(readFileSync(join(DOCS, path), 'utf8'))).toContain(anchor)
  }
})
