import { FACT_KINDS, type FactKind, type Material } from '../material.ts'
import { dataOf, quoted } from '../say/data.ts'
import type { Draft } from './draft.ts'
import { nameText } from './name-text.ts'
import type { TaskLookup } from './refs.ts'
import { estimateTokens } from './tokens.ts'

/** What stands around the words of a fact and of a task in a line of the data. */
const LINE = '{t000} | f000 | reopened | at Thu 19 Nov 14:05 by {p00}'

/** By how much an estimate may be wrong before there is no use in trying again. */
const ROUNDS = 6
/** A share of the room with which it is as good as full. */
const FULL = 0.9
/** So that the next round comes out below the room rather than above it. */
const MARGIN = 0.95

/**
 * The material of as many facts as there is room for. What each takes is estimated, and what all together take is then looked at
 * as it will be printed: names are written there in escapes, which can be several times as long.
 */
export function capped(
  { drafts, taskOf, maxTokens }: { drafts: readonly Draft[]; taskOf: TaskLookup; maxTokens: number },
  materialOf: (some: readonly Draft[]) => Material,
): Material {
  let budget = maxTokens
  let fits: Material | null = null
  for (let round = 0; round < ROUNDS; round += 1) {
    const some = withinBudget(drafts, taskOf, budget)
    const material = materialOf(some)
    const tokens = estimateTokens(dataOf(material))
    if (tokens <= maxTokens || some.length === 0) {
      if (fits === null || material.facts.length > fits.facts.length) fits = material
      // Each was estimated on its own and generously: what is left over is given out once more.
      if (some.length === drafts.length || tokens > maxTokens * FULL || tokens === 0) return fits
      budget = Math.floor(budget * (maxTokens / tokens) * MARGIN)
    } else {
      if (fits !== null) return fits
      budget = Math.floor(Math.min(budget, tokens) * (maxTokens / tokens) * MARGIN)
    }
  }
  return fits ?? materialOf([])
}

/**
 * The facts for which there is room, in their order. Each kind has an equal share first, so that a day on which 500 tasks were done
 * does not hide the one that is blocked; what a kind leaves is then given to the others, in the order of the kinds.
 *
 * @param drafts in their order
 * @param budget in tokens
 */
function withinBudget(drafts: readonly Draft[], taskOf: TaskLookup, budget: number): Draft[] {
  const named = new Set<string>()
  const kept = new Set<Draft>()
  let left = budget
  /** A task's name is printed once, with the first fact that names it. */
  const costOf = (draft: Draft): number => {
    const ids = idsOf(draft)
    const names = ids.filter((id) => !named.has(id)).map((id) => lineOf(taskOf(id)))
    return estimateTokens([LINE, valuesOf(draft), ids.map(() => '{t000}, ').join(''), ...names].join(' '))
  }
  function take(kind: FactKind, most: number): void {
    let room = Math.min(most, left)
    for (const draft of drafts) {
      if (draft.kind !== kind || kept.has(draft)) continue
      const cost = costOf(draft)
      // In their order: the next one, which is smaller, is no more worth telling.
      if (cost > room) return
      for (const id of idsOf(draft)) named.add(id)
      kept.add(draft)
      room -= cost
      left -= cost
    }
  }
  const kinds = FACT_KINDS.filter((kind) => drafts.some((draft) => draft.kind === kind))
  for (const kind of kinds) take(kind, budget / kinds.length)
  for (const kind of kinds) take(kind, left)
  return drafts.filter((draft) => kept.has(draft))
}

const idsOf = (draft: Draft): string[] => [
  ...new Set([...(draft.taskId === null ? [] : [draft.taskId]), ...('tasks' in draft ? draft.tasks : [])]),
]

const lineOf = ({ task: { name, id, list }, status }: ReturnType<TaskLookup>): string =>
  [LINE, ...[name ?? id, list?.name ?? '', status ?? ''].map((text) => quoted(nameText(text, '')))].join(' | ')

/** Names of statuses, priorities and tags; and roughly the words of a span of time. */
function valuesOf(draft: Draft): string {
  const { changeIds: _changes, taskId: _task, order: _order, ...detail } = draft
  const texts = Object.values(detail).filter((value) => typeof value === 'string')
  return JSON.stringify(texts.map((text) => nameText(text, ''))) + ' '.repeat(40)
}
