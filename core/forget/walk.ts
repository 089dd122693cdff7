/** What becomes of a value: `drop` takes it out of its list, and leaves `null` where it is a member. */
export type Verdict = { kind: 'keep' } | { kind: 'drop' } | { kind: 'replace'; by: unknown }

export const KEEP: Verdict = { kind: 'keep' }
export const DROP: Verdict = { kind: 'drop' }

/** Where a value stands: the key of the member that it is, or is an element of; null at the top. */
export type Place = { key: string | null; inList: boolean }

export type Rules = {
  /** Judged before what is in it. */
  object(value: Readonly<Record<string, unknown>>, place: Place): Verdict
  /** A text or a number. */
  scalar(value: string | number, place: Place): Verdict
  /** Whether a member goes altogether because of what it is called. */
  dropsKey(key: string): boolean
}

/** Deeper than anything that is stored: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_LEVELS = 40

/** The value as the rules leave it; the very same one where nothing had to change. */
export function rewritten(value: unknown, rules: Rules): unknown {
  const verdict = judged(value, rules, { key: null, inList: false }, 0)
  return verdict.kind === 'replace' ? verdict.by : verdict.kind === 'drop' ? null : value
}

function judged(value: unknown, rules: Rules, place: Place, level: number): Verdict {
  if (level > MAX_LEVELS) return KEEP
  if (typeof value === 'string' || typeof value === 'number') return rules.scalar(value, place)
  if (Array.isArray(value)) return inList(value, rules, place, level)
  if (!isObject(value)) return KEEP
  const verdict = rules.object(value, place)
  return verdict.kind === 'keep' ? inObject(value, rules, level) : verdict
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object'

function inList(list: readonly unknown[], rules: Rules, { key }: Place, level: number): Verdict {
  let isSame = true
  const left = list.flatMap((each) => {
    const verdict = judged(each, rules, { key, inList: true }, level + 1)
    isSame &&= verdict.kind === 'keep'
    return verdict.kind === 'keep' ? [each] : verdict.kind === 'replace' ? [verdict.by] : []
  })
  return isSame ? KEEP : { kind: 'replace', by: left }
}

function inObject(value: Readonly<Record<string, unknown>>, rules: Rules, level: number): Verdict {
  let isSame = true
  const members = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    if (rules.dropsKey(key)) {
      isSame = false
      return []
    }
    const verdict = judged(each, rules, { key, inList: false }, level + 1)
    if (verdict.kind === 'keep') return [[key, each]]
    isSame = false
    return [[key, verdict.kind === 'replace' ? verdict.by : null]]
  })
  return isSame ? KEEP : { kind: 'replace', by: Object.fromEntries(members) }
}
