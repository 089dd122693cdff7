import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { NOW } from './stack.ts'
import { HOUR, MINUTE } from './states.ts'
import { startTold, type ToldStack } from './told.ts'

let stack: ToldStack
beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC')
  stack = await startTold()
})
beforeEach(() => stack.configure(undefined))
afterAll(() => stack.close())

const shown = z.object({
  target: z.string(),
  name: z.null(),
  about: z.string(),
  scope: z.object({ connection: z.string(), lists: z.array(z.string()), spaces: z.array(z.string()) }),
  span: z.object({ from: z.number(), until: z.number(), timeZone: z.string() }),
  material: z.looseObject({
    ...{ facts: z.number(), tasks: z.number(), people: z.number(), unreadable: z.number() },
    totals: z.record(z.string(), z.number()),
  }),
  versions: z.array(
    z.object({
      prompt: z.string(),
      text: z.string(),
      facts: z.array(z.string()),
      summary: z.looseObject({ statements: z.array(z.looseObject({ text: z.string() })), by: z.looseObject({}) }),
    }),
  ),
})
const json = async (...args: string[]) => shown.parse(JSON.parse((await stack.hookline(['--json', ...args])).out))

describe('hookline standup', () => {
  it('tells what happened, by template where no model is configured, and writes nothing', async () => {
    const { status, out, err } = await stack.hookline([])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    for (const named of ['Fix the login', 'Move the database', 'Renew certificates', 'Spring mailing', 'Ada'])
      expect(out).toContain(named)
    expect(out).toMatch(/urgent/)
    expect(stack.comments()).toEqual([])
  })

  it('takes lists and spaces by name and by id, several of them too', async () => {
    const tasksOf = async (...args: string[]) => {
      const { material, scope } = await json(...args)
      return [material.tasks, scope.lists, scope.spaces]
    }
    expect(await tasksOf('--list', 'roadmap')).toEqual([3, ['901'], []])
    expect(await tasksOf('--space', '78')).toEqual([1, [], ['78']])
    expect(await tasksOf('--list', 'Roadmap', '--list', 'Campaign')).toEqual([4, ['901', '902'], []])
    expect(await stack.hookline(['--list', 'Sales'])).toMatchObject({
      status: 1,
      err: 'hookline: There is no list Sales: use one of Roadmap (901), Campaign (902).\n',
    })
    expect((await stack.hookline(['--connection', 'other'])).err).toContain('There is no connection other')
  })

  it('begins at the same time of the working day before, or when it is told to', async () => {
    const minute = Math.floor(NOW / MINUTE) * MINUTE
    expect((await json()).span).toEqual({ from: minute - 24 * HOUR, until: NOW, timeZone: 'UTC' })
    const totalsOf = async (...args: string[]) => (await json(...args)).material.totals
    expect(await totalsOf()).toMatchObject({ done: 2, priority: 1, time: 1, blocked: 1 })
    // What stands is told whenever it began.
    expect(await totalsOf('--since', '19h')).toMatchObject({ done: 0, priority: 0, time: 1, blocked: 1 })
    expect(await totalsOf('--since', '21h', '--until', '19h')).toMatchObject({ done: 2, priority: 1, time: 0 })
    expect(await stack.hookline(['--since', '1h', '--until', '2h'])).toMatchObject({
      status: 1,
      err: 'hookline: The time is empty: --since has to be before --until.\n',
    })
  })

  it('is one JSON object with the summary, what there was, and a text', async () => {
    const { target, material, versions, about } = await json()
    expect(target).toBe('local stack')
    expect(about).not.toBe('')
    expect(material).toMatchObject({ tasks: 4, people: 1, unreadable: 0 })
    const [version] = versions
    expect(version?.summary.by).toEqual({ kind: 'template', why: 'notConfigured' })
    expect(version?.text).toContain('Fix the login')
    // What is kept names nobody: names are looked up when it is shown.
    expect(JSON.stringify(version?.summary)).not.toMatch(/Fix the login|Ada/)
  })

  it('shows how it goes, and clears it away', async () => {
    const lines: (string | null)[] = []
    await stack.hookline([], { onProgress: (line) => lines.push(line) })
    expect(lines[0]).toBe('Reading what happened ...')
    expect(lines).toContainEqual(expect.stringMatching(/^Telling \d+ facts by v1 \.\.\.$/))
    expect(lines.at(-1)).toBeNull()
  })

  it.each([
    [['--day', '2026-09-09'], /--day goes with the name of a summary/],
    [['--yes'], /--yes goes with the name/],
    [['platform', '--list', 'Roadmap'], /what platform tells is in the config/],
    [['platform', '--prompt', 'v1,v2'], /say --dry-run, too/],
    [['--prompt', 'v1', '--template'], /cannot be used with/],
    [['--prompt', '../../etc/passwd'], /versions such as v1,v2/],
    [['platform', '--day', 'Monday'], /a day such as/],
  ])('refuses %j in one sentence', async (args, error) => {
    const { status, err, out } = await stack.hookline(args)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toMatch(error)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  it('says which prompts there are, and that a summary is not configured', async () => {
    expect((await stack.hookline(['--prompt', 'v9'])).err).toMatch(
      /^hookline: The prompt v9 cannot be used: .*There is v1\.\n$/,
    )
    expect((await stack.hookline(['platform'])).err).toMatch(/There is no summary platform: .* has none under standup/)
    stack.configure({ summaries: [{ name: 'platform', to: { event: true } }] })
    expect((await stack.hookline(['sales'])).err).toContain('there is platform')
  })
})
