import { expect, test } from 'vitest'
import { BREAKS } from '../../bench/storms/breaks.ts'
import type { Scenario } from '../../bench/storms/scenario.ts'
import { simulate } from '../../bench/storms/simulate.ts'
import { createWatch } from '../../bench/storms/watch.ts'
import { MINUTE, SECOND, USUAL_WEATHER } from '../../bench/storms/weather.ts'
import type { Faults } from '../../local/clickup/faults.ts'
import { createEditor } from '../../local/virtual/edits.ts'
import type { Run } from '../../local/virtual/run.ts'
import type { Line } from '../../local/virtual/telemetry.ts'
import type { Variation } from '../../local/virtual/variation.ts'

const START = Date.UTC(2026, 2, 2, 9)

type Storm = { tasks: number; changes: number; withinMs: number; faults?: Partial<Faults> }

/** So many changes of so many tasks in so long. */
const storm = ({ tasks, changes, withinMs, faults = {} }: Storm): Scenario => ({
  name: 'test',
  title: 'a test',
  clickup: { tasks, faults: { ...USUAL_WEATHER, ...faults } },
  longestMs: 60 * MINUTE,
  play({ time, clickup, random, startedAt, ...run }: Run) {
    const watch = createWatch(
      { time, clickup, random, startedAt, ...run },
      { within30sOf: 'catchUp', refusals: 'some' },
    )
    const editor = createEditor(clickup.world, random)
    for (let change = 0; change < changes; change++) {
      const id = random.pick(clickup.taskIds)
      time.schedule(startedAt + random.int(0, withinMs), () => editor.edit(id))
    }
    const { outage } = clickup.faults
    time.schedule(Math.max(startedAt + withinMs, outage?.until ?? 0), watch.quiet)
    return { isOver: watch.isOver, bounds: watch.common }
  },
})

const QUIET = storm({ tasks: 30, changes: 10, withinMs: 30 * SECOND })

async function figuresOf(scenario: Scenario, variation: Variation = {}, seed = 1) {
  const lines: Line[] = []
  const result = await simulate(scenario, { seed, variation, onLine: (line) => lines.push(line) })
  const value = (figure: string) => result.bounds.find((bound) => bound.figure === figure)?.value ?? Number.NaN
  return { result, value, lines }
}

test('the same seed makes the same run, line by line; another one another', async () => {
  const [a, b, c] = [await figuresOf(QUIET), await figuresOf(QUIET), await figuresOf(QUIET, {}, 2)]
  const told = ({ lines }: typeof a) => lines.map(({ level, message, fields }) => ({ level, message, fields }))
  expect(a.result.ok).toBe(true)
  expect(told(a).length).toBeGreaterThan(20)
  expect(told(a)).toEqual(told(b))
  expect(a.result.bounds).toEqual(b.result.bounds)
  expect(told(c)).not.toEqual(told(a))
})

test('an invocation that hangs is cut off, and what it worked on is worked on again', async () => {
  let isFirst = true
  const { result, value } = await figuresOf(QUIET, {
    fetch: (fetch) => (url, init) => {
      if (!isFirst) return fetch(url, init)
      isFirst = false
      return new Promise(() => undefined)
    },
  })
  expect(value('timedOutInvocations')).toBe(1)
  expect(value('lostChanges')).toBe(0)
  expect(value('wrongSnapshots')).toBe(0)
  expect(result.ok).toBe(false)
})

test('the usual way makes a call for every delivery', async () => {
  const result = await simulate(QUIET, { seed: 1, kind: 'naive' })
  const figure = (name: string) => result.bounds.find((bound) => bound.figure === name)?.value
  expect(figure('lostChanges')).toBe(0)
  expect(figure('apiCalls')).toBe(figure('deliveries'))
})

const BUSY = storm({ tasks: 150, changes: 150, withinMs: 30 * SECOND })
const HOT = storm({ tasks: 1, changes: 40, withinMs: 30 * SECOND })
const DOWN = storm({
  tasks: 30,
  changes: 30,
  withinMs: 5 * MINUTE,
  faults: { outage: { from: START, until: START + 15 * MINUTE, answer: 'disconnect' } },
})

/** What each comes to when nothing is broken. */
const whole = new Map<Scenario, ReturnType<typeof figuresOf>>()
function wholeOf(scenario: Scenario) {
  const known = whole.get(scenario) ?? figuresOf(scenario)
  whole.set(scenario, known)
  return known
}

test.each([
  ['elide', 'more calls', HOT, 'apiCalls'],
  ['wide', 'more calls', BUSY, 'apiCalls'],
  ['debounce', 'more calls', HOT, 'apiCalls'],
  ['breaker', 'more calls', DOWN, 'apiCalls'],
  ['defer', 'messages in quarantine', DOWN, 'quarantined'],
] as const)('without %s there are %s', async (broken, _what, scenario, figure) => {
  const usual = (await wholeOf(scenario)).value(figure)
  const without = (await figuresOf(scenario, BREAKS[broken])).value(figure)
  expect(without).toBeGreaterThan(usual * 1.5)
})

test('without budget there are refused calls', async () => {
  const single = { ...BREAKS.budget, reading: BREAKS.wide.reading }
  expect((await figuresOf(BUSY, { reading: single.reading })).value('rateLimited')).toBe(0)
  expect((await figuresOf(BUSY, single)).value('rateLimited')).toBeGreaterThan(0)
})
