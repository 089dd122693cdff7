import { invalid } from '../errors.ts'
import { type Item, isSet, kindOf, type Value } from '../values.ts'
import { type Given, type Used, usedNone } from './given.ts'
import { parseOperand } from './operands.ts'
import { type Path, parsePath, resolved, valueAt, withValueAt } from './paths.ts'
import { checkSource, parseSource, type Source, valueOfSource, wrongType } from './sources.ts'
import { syntaxError, type Tokens, tokensOf } from './tokens.ts'

type Action =
  | { kind: 'SET'; path: Path; source: Source }
  | { kind: 'REMOVE'; path: Path }
  | { kind: 'ADD' | 'DELETE'; path: Path; name: string }

export type Update = {
  /** The item as it becomes; every value is taken from the item as it was. */
  apply(item: Item, given: Given): Item
  check(given: Given): void
  used: Used
  paths: readonly Path[]
}

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const
type Section = (typeof SECTIONS)[number]

/** Reads an update once, for any number of items and values. */
export function parseUpdate(expression: string): Update {
  const tokens = tokensOf(expression)
  const used = usedNone()
  const actions: Action[] = []
  const seen = new Set<Section>()
  while (tokens.peek() !== undefined) {
    const section = SECTIONS.find((each) => tokens.take(each))
    if (section === undefined) throw syntaxError(tokens.next())
    if (seen.has(section)) throw invalid(`The "${section}" section can only be used once in an update expression;`)
    seen.add(section)
    do actions.push(parseAction(section, tokens, used))
    while (tokens.take(','))
  }
  actions.sort((a, b) => turnOf(a) - turnOf(b))
  const paths = actions.map(({ path }) => path)
  return {
    apply: (item, given) => apply(actions, item, given),
    check(given) {
      refuseOverlaps(paths.map((path) => resolved(path, given)))
      for (const action of actions) checkAction(action, given)
    },
    used,
    paths,
  }
}

/** Elements are added to a list from its end on, and removed from its end: so none moves before its turn. */
function turnOf({ kind, path }: Action): number {
  const last = path.at(-1)
  if (typeof last !== 'number') return 0
  return kind === 'REMOVE' ? Number.MAX_SAFE_INTEGER - last : last
}

function parseAction(section: Section, tokens: Tokens, used: Used): Action {
  const path = parsePath(tokens, used)
  if (section === 'REMOVE') return { kind: section, path }
  if (section === 'SET') {
    tokens.expect('=')
    return { kind: section, path, source: parseSource(tokens, used) }
  }
  const operand = parseOperand(tokens, used)
  if (operand.kind !== 'value') throw syntaxError(tokens.peek() ?? '<EOF>')
  return { kind: section, path, name: operand.name }
}

function refuseOverlaps(paths: readonly Path[]): void {
  for (const [i, a] of paths.entries()) {
    for (const b of paths.slice(i + 1)) {
      const [short, long] = a.length < b.length ? [a, b] : [b, a]
      if (short.every((step, at) => step === long[at])) throw invalid('Two document paths overlap with each other')
      const apart = short.findIndex((step, at) => step !== long[at])
      if (typeof short[apart] !== typeof long[apart]) throw invalid('Two document paths conflict with each other')
    }
  }
}

function checkAction(action: Action, given: Given): void {
  if (action.kind === 'SET') checkSource(action.source, given)
  if (action.kind === 'SET' || action.kind === 'REMOVE') return
  const value = given.values[action.name]
  const fits = isSet(value) || (typeof value === 'number' && action.kind === 'ADD')
  if (!fits) throw invalid(`Incorrect operand type for operator or function; operator: ${action.kind}`)
}

function apply(actions: readonly Action[], old: Item, given: Given): Item {
  const values = actions.map((action) => becomes(action, old, given))
  let item = old
  for (const [i, { path }] of actions.entries()) item = withValueAt(item, path, values[i], given)
  return item
}

/** What will be at the action's path; `undefined` for nothing. */
function becomes(action: Action, item: Item, given: Given): Value | undefined {
  if (action.kind === 'SET') return valueOfSource(action.source, item, given)
  if (action.kind === 'REMOVE') return undefined
  const old = valueAt(item, action.path, given)
  const operand = given.values[action.name]
  if (typeof operand === 'number') {
    if (old === undefined || typeof old === 'number') return (old ?? 0) + operand
  } else if (isSet(operand)) {
    if (old === undefined) return action.kind === 'ADD' ? operand : undefined
    if (isSet(old) && kindOf(old) === kindOf(operand)) return ofSets(action.kind, old, operand)
  }
  throw wrongType()
}

type Members = ReadonlySet<string | number>

function ofSets(kind: 'ADD' | 'DELETE', old: Members, operand: Members): Members | undefined {
  const members = kind === 'ADD' ? [...old, ...operand] : [...old].filter((each) => !operand.has(each))
  return members.length === 0 ? undefined : new Set(members)
}
