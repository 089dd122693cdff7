import { expect, test } from 'vitest'
import * as z from 'zod'
import { type Break, HELP, parseOptions } from '../../local/truth/options.ts'
import { runCheck } from '../../local/truth/run.ts'

const count = z.number().int().nonnegative()
const lineSchema = z.looseObject({
  ...{ compared: count, lost: count, suspended: count, late: count, repaired: count, missing: count, extra: count },
})

/** The check with little to do, in this process. */
async function check(breaks: Break | null) {
  const out = { stdout: '', stderr: '' }
  const code = await runCheck(
    { seed: 1, changes: 60, json: true, breaks },
    {
      stdout: { write: (text) => (out.stdout += text) },
      stderr: { write: (text) => (out.stderr += text) },
    },
  )
  const lines = out.stdout.trimEnd().split('\n')
  return { code, lines, line: lineSchema.parse(JSON.parse(lines.at(-1) ?? '')), stderr: out.stderr }
}

test('what was lost, suspended or late is there at last, once', { timeout: 150_000 }, async () => {
  const { code, lines, line, stderr } = await check(null)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(lines).toHaveLength(1)
  expect(line).toMatchObject({ missing: 0, extra: 0 })
  for (const figure of ['compared', 'lost', 'suspended', 'late', 'repaired'] as const)
    expect(line[figure]).toBeGreaterThan(0)
})

test.each([
  [['--seed', 'one'], '--seed takes a whole number from 0 to 4294967295, not one'],
  [['--changes', '3'], '--changes takes a whole number from 40 to 20000, not 3'],
  [['--break', 'wind'], '--break knows sweep, guard and accounted, not wind'],
  [['--sed', '1'], "Unknown option '--sed'"],
])('%j is told in one sentence', (args, message) => {
  expect(parseOptions(args)).toEqual({ kind: 'wrong', message: `${message}. See npm run check:truth -- --help` })
})

test('--help names every option', () => {
  expect(parseOptions(['--help'])).toEqual({ kind: 'help' })
  for (const option of ['--seed', '--changes', '--json', '--break', 'sweep', 'guard', 'accounted'])
    expect(HELP).toContain(option)
})
