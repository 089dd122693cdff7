import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { fileSink, standardOutput } from '../../cli/export/sink.ts'
import { TASKS } from '../../core/export/tasks.ts'
import { exportText } from '../../core/export/text.ts'
import { aChange, BIN, complete, startStack } from '../cli/stack.ts'
import { tasks } from './tasks-without-end.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-export-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = promisify(execFile)

test('hundreds of thousands of rows take no more memory than a few', async () => {
  const args = ['--expose-gc', join(import.meta.dirname, 'live-memory.ts'), folder, '600']
  const { stdout } = await run(process.execPath, args)
  const { rows, grown } = z.object({ rows: z.number(), grown: z.number() }).parse(JSON.parse(stdout))
  expect(rows).toBe(300_000)
  const bytes = statSync(join(folder, 'tasks.csv')).size
  expect(bytes).toBeGreaterThan(36e6)
  expect(grown).toBeLessThan(2e6)
})

test('two at once that were given one file spoil nothing: each is whole, and the later one stays', async () => {
  const [first, second] = await Promise.all([fileSink(folder, 'out'), fileSink(folder, 'out')])
  await first.write('first\n')
  await second.write('second, and longer\n')
  await first.write('more of the first\n')
  await first.commit()
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('first\nmore of the first\n')
  await second.write('its end\n')
  await second.commit()
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('second, and longer\nits end\n')
  expect(readdirSync(folder)).toEqual(['out'])
})

test('a reader that is slow is waited for', async () => {
  const taken: (() => void)[] = []
  const io = {
    ...{ note: () => undefined, columns: 80, colours: false, now: () => 0, cwd: folder, write: () => undefined },
    flushed: () => new Promise<void>((done) => void taken.push(done)),
  }
  const sink = standardOutput(io)
  let written = 0
  const all = (async () => {
    for await (const { text } of exportText(TASKS, tasks(3, 2), 'csv')) {
      await sink.write(text)
      written += 1
    }
  })()
  const turn = () => new Promise((done) => setImmediate(done))
  for (let expected = 0; expected < 4; expected += 1) {
    await turn()
    expect(written).toBe(expected)
    taken.shift()?.()
  }
  await all
  expect(written).toBe(4)
})

test('a reader that goes away ends it quietly, and the cursor stays where it was', async () => {
  const stack = await startStack()
  try {
    // More than a pipe holds.
    const long = 'x'.repeat(20_000)
    const [one, ...others] = Array.from({ length: 30 }, () => aChange({ field: 'content', before: null, after: long }))
    await complete(stack, one === undefined ? [] : [one, ...others])
    const piped = `'${process.execPath}' '${BIN}' export changes --cursor-file c | head -c 10; echo "\${PIPESTATUS[0]}"`
    const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
    const env = { PATH, NODE_COMPILE_CACHE, HOME: stack.cwd }
    const { stdout, stderr } = await run('bash', ['-c', piped], { cwd: stack.cwd, env })
    expect({ stdout, stderr }).toEqual({ stdout: `${'{"id":"000'.slice(0, 10)}0\n`, stderr: '' })
    expect(existsSync(join(stack.cwd, 'c'))).toBe(false)
  } finally {
    await stack.close()
  }
})
