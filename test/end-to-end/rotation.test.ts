import { expect, test } from 'vitest'
import * as z from 'zod'
import { type Break, HELP, parseOptions } from '../../local/rotation/options.ts'
import { runCheck } from '../../local/rotation/run.ts'
import { SHORT } from '../../local/rotation/settings.ts'

const count = z.number().int().nonnegative()
const lineSchema = z.looseObject({ requests: count, refused: count, secrets: count, wrong: z.array(z.string()) })

/** The check with little to do, in this process. */
async function check(breaks: Break | null) {
  const out = { stdout: '', stderr: '' }
  const code = await runCheck({ seed: 1, minutes: 2, json: true, breaks }, SHORT, {
    stdout: { write: (text) => (out.stdout += text) },
    stderr: { write: (text) => (out.stderr += text) },
  })
  const lines = out.stdout.trimEnd().split('\n')
  return { code, lines, line: lineSchema.parse(JSON.parse(lines.at(-1) ?? '')), stderr: out.stderr }
}

test('new signing secrets, beside the old ones and instead of them, cost nothing', { timeout: 150_000 }, async () => {
  const { code, lines, line, stderr } = await check(null)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(lines).toHaveLength(1)
  expect(line).toMatchObject({ refused: 0, secrets: 3, wrong: [], rotations: 2, missing: 0, extra: 0 })
  for (const figure of ['requests', 'compared', 'restarts', 'lost', 'repaired']) expect(line[figure]).toBeGreaterThan(0)
})

test.each([
  [['--seed', 'one'], '--seed takes a whole number from 0 to 4294967295, not one'],
  [['--minutes', '1'], '--minutes takes a whole number from 2 to 60, not 1'],
  [['--break', 'wind'], '--break knows overlap and cache, not wind'],
  [['--sed', '1'], "Unknown option '--sed'"],
])('%j is told in one sentence', (args, message) => {
  expect(parseOptions(args)).toEqual({ kind: 'wrong', message: `${message}. See npm run check:rotation -- --help` })
})

test('--help names every option', () => {
  expect(parseOptions(['--help'])).toEqual({ kind: 'help' })
  for (const option of ['--seed', '--minutes', '--json', '--break', 'overlap', 'cache']) expect(HELP).toContain(option)
})
