import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createProgram } from '../cli/main.ts'
import { parseJson } from '../core/platform/json.ts'

const ROOT = join(import.meta.dirname, '..')
const FILES = [
  'README.md',
  'examples/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const { scripts: SCRIPTS } = z
  .looseObject({ scripts: z.record(z.string(), z.string()) })
  .parse(parseJson(textOf('package.json')))

/** Who is at a loss copies what stands here: it has to work as it is. */
describe.each(FILES)('%s', (file) => {
  const text = textOf(file)

  it('gives commands that hookline understands, with options that it has', () => {
    const lines = [...text.matchAll(/npx hookline ([^\n`#]+)/g)].map(([, line = '']) => line.trim())
    expect(lines.filter((line) => !isUnderstood(line))).toEqual([])
  })

  it('links to files that are there, and to headings in them', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    const broken = links.filter(([, to = '', anchor]) => {
      const target = to === '' ? file : join(dirname(file), to)
      if (!existsSync(join(ROOT, target))) return true
      return anchor !== undefined && !anchorsOf(textOf(target)).has(anchor)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it('names scripts of npm that are there', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => SCRIPTS[name] === undefined)).toEqual([])
  })
})

/** As GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-')
  return new Set([...headings].map(([, heading = '']) => anchorOf(heading)))
}

/** Whether a line runs one command, and is not refused. A command without anything behind it is a mention of it. */
function isUnderstood(line: string): boolean {
  const io = {
    ...{ cwd: ROOT, colours: false, columns: 100, now: () => 1_789_000_000_000 },
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
  // What the reader has to put in stands in capitals; the shell does the rest.
  const [command = ''] = line
    .replaceAll(/\bNAME\b/g, 'name')
    .replaceAll(/ N\b/g, ' 1')
    .replaceAll(/\$\([^)]*\)/g, '1')
    .split(/ (?:>|&&|\|) /)
  const words = command.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? []
  if (words.length === 1) return program.commands.some((each) => each.name() === words[0])
  try {
    program.parse(words, { from: 'user' })
  } catch {
    return false
  }
  return ran === 1
}
