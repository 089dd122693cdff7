import { expect, test } from 'vitest'
import * as z from 'zod'
import { main } from '../../cli/main.ts'
import { costOf } from '../../core/cost/model.ts'

async function cost(args: string) {
  let [out, err] = ['', '']
  const status = await main(['cost', ...args.split(' ').filter((arg) => arg !== '')], {
    ...{ cwd: '/', colours: false, columns: 100, now: () => 1_789_000_000_000 },
    write: (text) => {
      out += text
    },
    note: (line) => {
      err += line
    },
  })
  return { status, out, err }
}

test('tells each line, fixed and variable, and what it comes to', async () => {
  const { status, out, err } = await cost('--events-per-day 10000 --batched 0.5 --connections 2 --own-key')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const expected = costOf({ eventsPerDay: 10_000, batchedShare: 0.5, connections: 2, logDays: 30, ownKey: true })
  for (const { name, perMonth } of [...expected.variable, ...expected.fixed])
    expect(out).toMatch(new RegExp(`^${name}.*${perMonth.toFixed(2)}$`, 'm'))
  expect(out).toMatch(new RegExp(`^all together.*${expected.perMonth.toFixed(2)}$`, 'm'))
  expect(out).toContain('Every plan of ClickUp bears that at once.')
  expect(out.split('\n').filter((text) => text.length > 130)).toEqual([])
})

test('says from which plan on nothing has to wait', async () => {
  const { out } = await cost('--events-per-day 200000')
  expect(out).toContain('On Free to Business tasks wait in that hour for a listing')
})

test('with --json is one object, with the same sums', async () => {
  const { out } = await cost('--events-per-day 1000 --json')
  const answer = z
    .looseObject({
      perMonth: z.number(),
      plans: z.array(z.looseObject({ plan: z.string() })),
      prices: z.looseObject({}),
    })
    .parse(JSON.parse(out))
  expect(answer.plans).toHaveLength(3)
  expect(answer.perMonth).toBeCloseTo(
    costOf({ eventsPerDay: 1_000, batchedShare: 0, connections: 1, logDays: 30, ownKey: false }).perMonth,
  )
})

test.each([
  ['', /required option '--events-per-day <number>' not specified/],
  ['--events-per-day many', /must be a number from 0 to 1000000000/],
  ['--events-per-day 10 --batched 2', /must be a number from 0 to 1\b/],
  ['--events-per-day 10 --connections 0', /must be a number from 1 to 100/],
])('hookline cost %s is misuse', async (args, reason) => {
  const { status, out, err } = await cost(args)
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toMatch(reason)
})
