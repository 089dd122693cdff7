import { describe, expect, test } from 'vitest'
import { BREAKS, type Break } from '../../local/soak/breaks.ts'
import type { Command } from '../../local/soak/command.ts'
import { readKept } from '../../local/soak/kept.ts'
import { play } from '../../local/soak/play.ts'
import { search } from '../../local/soak/search.ts'

const MINUTE = 60_000
const usual = { doubled: 0, reorderingMs: 500, late: 0, lateMs: MINUTE }

describe('whatever happens in any order', () => {
  test.each([2, 8])('what the seed %i makes of it leaves nothing missing and nothing extra', async (seed) => {
    const found = await search({ seed, most: 12, breaks: null, shrinkMs: 0 })
    expect(found).toMatchObject({ kind: 'held' })
    expect(found.kind === 'held' && found.played.compared).toBeGreaterThan(100)
  })

  test('what has failed once does not again', async () => {
    for (const { seed, commands, why } of await readKept()) {
      const { violations } = await play({ seed, commands })
      expect(violations, why).toEqual([])
    }
  })
})

/** What each break is found by, at the least. */
const FOUND: Record<Break, { commands: Command[]; by: RegExp }> = {
  sweep: { commands: [], by: /the watermark is at 0/ },
  guard: { commands: [{ kind: 'webhook', what: 'delete' }], by: /no webhook delivers/ },
  dedupe: {
    commands: [
      { kind: 'deliveries', ...usual, lost: 0, doubled: 1 },
      { kind: 'bulk', seed: 1, count: 5 },
    ],
    by: /published \d+ times/,
  },
  accounted: {
    commands: [
      { kind: 'deliveries', ...usual, lost: 0, late: 1, lateMs: 40 * MINUTE },
      { kind: 'bulk', seed: 1, count: 5 },
      // Something else is heard of, or the webhook would be taken for silent and replaced.
      { kind: 'deliveries', ...usual, lost: 0 },
      { kind: 'wait', ms: 18 * MINUTE },
      { kind: 'bulk', seed: 2, count: 5 },
      { kind: 'wait', ms: MINUTE },
      { kind: 'job', job: 'sweep' },
    ],
    by: /^extra: /,
  },
  order: {
    commands: [
      { kind: 'people', seed: 1, count: 6, everyMs: 2_000 },
      { kind: 'people', seed: 2, count: 8, everyMs: 30_000 },
    ],
    by: /^the snapshot of \w+ went back/,
  },
  breaker: {
    commands: [
      { kind: 'outage', minutes: 5, answer: '503' },
      { kind: 'people', seed: 1, count: 8, everyMs: 30_000 },
    ],
    by: /^\d+ calls while the breaker was open/,
  },
}

describe('what is broken on purpose is found', () => {
  const breaks: readonly Break[] = ['sweep', 'guard', 'dedupe', 'accounted', 'order', 'breaker']
  test('and these are all that can be broken', () => expect(Object.keys(BREAKS).sort()).toEqual([...breaks].sort()))
  test.each(breaks)('%s', async (name) => {
    const { commands, by } = FOUND[name]
    const broken = await play({ seed: 1, commands }, { breaks: name })
    expect(broken.violations).toEqual(expect.arrayContaining([expect.stringMatching(by)]))
  })
})
