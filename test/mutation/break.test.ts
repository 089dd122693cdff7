import { expect, it } from 'vitest'
import { runMutation } from './run.ts'

it('finds that nothing notices a change when the tests that speak of it are left out', async () => {
  const lane = {
    name: 'lane',
    mutate: ['core/upstream/lane.ts'],
    own: ['test/upstream/room.test.ts'],
    // It says nothing of lanes.
    others: ['test/upstream/rates.test.ts'],
  }
  const [lines, findings]: [string[], string[]] = [[], []]
  const output = {
    stdout: { write: (text: string) => lines.push(text) },
    stderr: { write: (text: string) => findings.push(text) },
  }
  const options = { seed: 1, subjects: [lane], json: true, breaks: 'tests' as const }
  expect(await runMutation(options, output)).toBe(1)
  const tried = expect.any(Number)
  expect(JSON.parse(lines.join(''))).toMatchObject({
    good: false,
    subjects: [{ name: 'lane', tried, noticed: 0, score: 0 }],
  })
  expect(findings.join('')).toContain('core/upstream/lane.ts')
}, 240_000)
