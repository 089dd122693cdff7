import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NOW, run, type Stack, startStack } from './stack.ts'
import { GAP, HOUR, MINUTE, NOTHING_REPAIRED, putItem, saveGaps } from './states.ts'

let stack: Stack
beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startStack()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stack.close()
})

const gaps = (...args: string[]) => run(stack.cwd, ['gaps', ...args], 80)

const OPEN = {
  ...{ ...GAP, id: 'silent-2', cause: 'silent' as const, from: NOW - 30 * MINUTE, to: null, givenUp: null },
  ...{ detail: 'The webhook was active and delivered nothing.', repaired: NOTHING_REPAIRED, sweptAt: null },
}

test('each window tells when, why, what was done, what came back, what cannot, and whether all is accounted for', async () => {
  await saveGaps(stack, [OPEN, GAP])
  const { status, out, err } = await gaps()
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out.split('\n')).toEqual([
    'main  2026-09-09 21:26:40 to 2026-09-09 22:26:40 (1h)',
    'why            the webhook was suspended',
    'what           The webhook was suspended after 100 lost events. It was mended.',
    'given up       100 events, as ClickUp counts',
    'repaired       12 changes of 9 tasks, 2 time entries and 1 place',
    'lost for good  who made the 12 repaired changes and when exactly, unless a late',
    '               delivery says it; comments, descriptions and goals, of which no',
    '               listing tells; what a field was in between',
    'accounted for  all of it, 1h ago',
    '',
    'main  2026-09-09 23:56:40, still open after 30m',
    'why            the webhook was active and delivered nothing',
    'what           The webhook was active and delivered nothing.',
    'repaired       nothing so far',
    'lost for good  comments, descriptions and goals, of which no listing tells; what',
    '               a field was in between',
    'accounted for  not while it is open',
    '',
    '2 gaps, 1 still open, 1 not yet accounted for.',
    '',
  ])
})

test('the JSON is a list with everything of each', async () => {
  await saveGaps(stack, [GAP])
  expect(JSON.parse((await gaps('--json')).out)).toEqual([
    {
      ...{ connection: 'main', ...GAP },
      cannotBeRecovered: [
        { kind: 'actors', changes: 12 },
        { kind: 'unlisted', fields: ['comments', 'descriptions', 'goals'] },
        { kind: 'between' },
      ],
    },
  ])
})

test('--since leaves out what ended before, and never what is open', async () => {
  await saveGaps(stack, [{ ...OPEN, from: NOW - 9 * HOUR }, GAP, { ...GAP, id: 'x', from: NOW - HOUR, to: NOW - 1 }])
  const ids = async (since: string) =>
    JSON.parse((await gaps('--json', '--since', since)).out).map(({ id }: { id: string }) => id)
  expect(await ids('30m')).toEqual(['silent-2', 'x'])
  expect(await ids('2h')).toEqual(['silent-2', 'suspended-1', 'x'])
})

test('none is a sentence, and an empty list', async () => {
  expect((await gaps()).out).toBe('No delivery is known to have been missed (local stack).\n')
  expect((await gaps('--utc', '--since', '1h')).out).toMatch(/missed since 2026-09-09T23:26:40Z \(local stack\)\.\n$/)
  expect((await gaps('--json')).out).toBe('[]\n')
})

test('gaps of an earlier version are read, and what is none of ours is one sentence', async () => {
  await putItem(stack, 'gaps', { version: 1, gaps: [{ ...GAP, givenUp: undefined, unrecoverable: 4 }] })
  expect(JSON.parse((await gaps('--json')).out)).toMatchObject([{ id: GAP.id, givenUp: null }])
  await putItem(stack, 'gaps', { version: 1, gaps: [{ id: 4 }] })
  const { status, out, err } = await gaps()
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toMatch(/^hookline: What is stored of the gaps of main cannot be read [^\n]+\n$/)
  expect((await gaps('--connection', 'other')).err).toMatch(/^hookline: There is no connection other/)
})
