import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../core/ledger/change.ts'
import { detailTypeOf } from '../../../core/publish/detail-types.ts'
import { type ChangeEvent, eventOf } from '../../../core/publish/event.ts'
import { recipesFor } from '../../../core/standup/recipes/match.ts'
import { recipePattern } from '../../../core/standup/recipes/pattern.ts'
import type { RecipeSettings } from '../../../core/standup/settings.ts'
import { type Snapshot, snapshotSchema, UNKNOWN_FIELDS } from '../../../core/tasks/snapshot.ts'
import { compilePattern } from '../../../local/aws/events/pattern.ts'
import { ANN, changeOf, hop, RECIPE, SELF } from './support.ts'

const AT = 1_789_000_000_000

const TASK: Snapshot = snapshotSchema.parse({
  ...UNKNOWN_FIELDS,
  ...{ id: '86a', name: 'Checkout', state: 'present', observedAt: AT, version: 1, incarnation: 0 },
  list: { id: '900', name: 'First' },
  locations: [{ id: '901', name: 'Second' }],
  space: { id: '80', name: 'Space' },
})

const event = (change: Change, task: Snapshot | null = TASK, selfId: string | null = SELF.id): ChangeEvent =>
  eventOf(change, { task, degraded: task === null, selfId, publishedAt: AT + 1_000 })

const into = (to: string, over: Partial<Change> = {}) => hop('86a', AT, 'to do', to, over)

const recipe = (over: Partial<RecipeSettings>): RecipeSettings => ({ ...RECIPE, ...over })

const isAsked = (over: Partial<RecipeSettings>, of: ChangeEvent = event(into('in progress'))) =>
  recipesFor(of, [recipe(over)]).length === 1

/** Whether the rule lets it through to the queue. */
const passes = (of: ChangeEvent, recipes: readonly RecipeSettings[]) => {
  const pattern = recipePattern(recipes)
  return (
    pattern !== null && compilePattern(pattern)({ source: 'hookline', 'detail-type': detailTypeOf(of), detail: of })
  )
}

describe('recipes on a status', () => {
  it('are asked for by a task that comes into it, whatever the case', () => {
    expect(isAsked({})).toBe(true)
    expect(isAsked({ on: { kind: 'status', status: ' IN PROGRESS' } })).toBe(true)
    expect(isAsked({}, event(hop('86a', AT, null, 'in progress')))).toBe(true)
    expect(isAsked({ on: { kind: 'status', status: 'in review' } })).toBe(false)
    expect(isAsked({ on: { kind: 'schedule', timeZone: 'UTC', days: ['mon'], at: '09:00' } })).toBe(false)
  })

  it('are not asked for by a task that was in it', () => {
    expect(isAsked({}, event(hop('86a', AT, 'in progress', 'In Progress')))).toBe(false)
    expect(isAsked({}, event(hop('86a', AT, 'in progress', 'to do')))).toBe(false)
  })

  it('are not asked for by ourselves, by a copy, or by the past', () => {
    expect(isAsked({}, event(into('in progress', { actor: SELF })))).toBe(false)
    expect(isAsked({}, event(into('in progress', { origin: 'backfill' })))).toBe(false)
    expect(isAsked({}, { ...event(into('in progress')), origin: 'replay' })).toBe(false)
    expect(isAsked({}, event(into('in progress', { origin: 'sweep', actor: null })))).toBe(true)
    expect(isAsked({}, event(into('in progress'), TASK, null))).toBe(true)
  })

  it('are not asked for by anything else that happens to a task', () => {
    const value = { name: 'in progress', type: 'custom' }
    for (const field of ['comment', 'custom_field', 'content', 'expansion', 'priority', 'tag'])
      expect(isAsked({}, event(changeOf('86a', AT, { field, after: value }))), field).toBe(false)
    expect(isAsked({}, event(into('in progress', { resource: { kind: 'list', id: '86a' } })))).toBe(false)
  })

  it('are those of the connection and of the places of the task', () => {
    expect(isAsked({ connection: 'other' })).toBe(false)
    expect(isAsked({ lists: ['900'] })).toBe(true)
    expect(isAsked({ lists: ['901'] })).toBe(true)
    expect(isAsked({ lists: ['902'] })).toBe(false)
    expect(isAsked({ lists: ['902'], spaces: ['80'] })).toBe(true)
    expect(isAsked({ spaces: ['81'] })).toBe(false)
  })

  it('are asked for where nobody knows yet where the task is', () => {
    const degraded = event(into('in progress', { listId: '900' }), null)
    expect(isAsked({ lists: ['900'] }, degraded)).toBe(true)
    expect(isAsked({ lists: ['902'] }, degraded)).toBe(true)
    expect(isAsked({ spaces: ['81'] }, degraded)).toBe(true)
    expect(isAsked({ lists: ['902'] }, event(into('in progress'), null))).toBe(true)
  })

  it('are not asked for by values of any other form', () => {
    for (const after of [null, 'in progress', { name: 7 }, ['in progress'], { omitted: 'too large' }])
      expect(isAsked({}, event(changeOf('86a', AT, { after })))).toBe(false)
  })
})

describe('the rule', () => {
  it('is none without a recipe on a status', () => {
    expect(recipePattern([])).toBeNull()
    expect(
      recipePattern([recipe({ on: { kind: 'schedule', timeZone: 'UTC', days: ['mon'], at: '09:00' } })]),
    ).toBeNull()
  })

  it('keeps away what concerns no recipe', () => {
    const passed = event(into('in progress'))
    expect(passes(passed, [RECIPE])).toBe(true)
    expect(passes(passed, [recipe({ on: { kind: 'status', status: 'done' } })])).toBe(false)
    expect(passes(passed, [recipe({ connection: 'other' })])).toBe(false)
    expect(passes(event(into('in progress', { actor: SELF })), [RECIPE])).toBe(false)
    expect(passes(event(into('in progress', { origin: 'backfill' })), [RECIPE])).toBe(false)
    expect(passes({ ...passed, origin: 'replay' }, [RECIPE])).toBe(false)
    expect(passes(event(changeOf('86a', AT, { field: 'comment', after: { name: 'in progress' } })), [RECIPE])).toBe(
      false,
    )
  })

  it('stays as long as a rule may be, however many statuses there are', () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      recipe({ name: `r${i}`, on: { kind: 'status', status: `a status of some length ${i}` } }),
    )
    expect(JSON.stringify(recipePattern(many)).length).toBeLessThanOrEqual(2048)
    expect(passes(event(into('a status of some length 199')), many)).toBe(true)
  })

  it('lets through all that any recipe is asked for by', () => {
    const names = fc.constantFrom('in progress', 'In Progress', 'review', 'DONE')
    const recipes = fc.array(
      fc.record({ status: names, connection: fc.constantFrom('main', 'other'), lists: fc.subarray(['900', '902']) }),
      { maxLength: 4 },
    )
    const changes = fc.record({
      to: names,
      from: fc.option(names),
      origin: fc.constantFrom('webhook', 'sweep', 'backfill'),
      actor: fc.constantFrom(null, ANN, SELF),
      field: fc.constantFrom('status', 'comment', 'custom_field'),
    })
    fc.assert(
      fc.property(recipes, changes, fc.constantFrom(null, SELF.id), fc.boolean(), (some, change, selfId, isRead) => {
        const all = some.map(({ status, ...over }, i) =>
          recipe({ name: `r${i}`, ...over, on: { kind: 'status', status } }),
        )
        const { from, to, ...over } = change
        const told = event(hop('86a', AT, from, to, over), isRead ? TASK : null, selfId)
        if (recipesFor(told, all).length > 0) expect(passes(told, all)).toBe(true)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})
