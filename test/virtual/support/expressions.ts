import fc from 'fast-check'

/** A part of a request: an expression's text with the names and values that it uses. */
export type Part = { text: string; names: Record<string, string>; values: Record<string, unknown> }

/** Attribute paths, each step by a placeholder: a few, so that items have some of what is asked for. */
const PATHS = [['a'], ['b'], ['c'], ['list'], ['set'], ['map', 'x'], ['map', 'y'], ['map', 'deep', 'z']]
/** Where no item has anything, or something that is no map. */
const NOWHERE = [
  ['a', 'x'],
  ['absent', 'x'],
]

const number = fc.integer({ min: -50, max: 50 })
const text = fc.constantFrom('a', 'ab', 'abc', 'b', 'ba', '~')
// No `false`: dynalite finds it absent in an IN.
const scalar: fc.Arbitrary<unknown> = fc.oneof(number, text, fc.constant(true), fc.constant(null))

const set = fc.uniqueArray(number, { minLength: 1, maxLength: 4 }).map((each) => new Set(each))
const map = fc.record(
  { x: scalar, y: number, deep: fc.record({ z: scalar }, { requiredKeys: [] }) },
  { requiredKeys: ['deep'] },
)
const list = fc.array(fc.oneof(number, text), { maxLength: 3 })

export const itemArbitrary = fc
  .record({ a: scalar, b: scalar, c: number, list, set, map }, { requiredKeys: ['map', 'list'] })
  .map((item): Record<string, unknown> => ({ ...item }))

let count = 0
const fresh = (): string => `v${count++}`

function valued(value: unknown): Part {
  const name = `:${fresh()}`
  return { text: name, names: {}, values: { [name]: value } }
}

const pathOf = (steps: readonly string[]): Part => ({
  text: steps.map((step) => `#${step}`).join('.'),
  names: Object.fromEntries(steps.map((step) => [`#${step}`, step])),
  values: {},
})
const path = fc
  .oneof({ weight: 12, arbitrary: fc.constantFrom(...PATHS) }, { weight: 1, arbitrary: fc.constantFrom(...NOWHERE) })
  .map(pathOf)
// What is assigned from elsewhere is never added to as well: dynalite does not copy it, and changes both.
const scalarPath = fc.constantFrom(['a'], ['b'], ['map', 'x'], ['map', 'deep', 'z']).map(pathOf)
const addedPath = fc.constantFrom(['c'], ['c'], ['set'], ['map', 'y'], ['fresh']).map(pathOf)
const listElement: fc.Arbitrary<Part> = fc
  .constantFrom(0, 1)
  .map((index) => ({ text: `#list[${index}]`, names: { '#list': 'list' }, values: {} }))

/** Joins parts as a template literal says. */
const written = (strings: TemplateStringsArray, ...parts: Part[]): Part => ({
  text: strings.reduce((all, each, i) => `${all}${parts[i - 1]?.text ?? ''}${each}`),
  names: Object.assign({}, ...parts.map(({ names }) => names)),
  values: Object.assign({}, ...parts.map(({ values }) => values)),
})

const listed = (parts: readonly Part[]): Part =>
  parts.reduce((all, part) => (all.text === '' ? part : written`${all}, ${part}`), { text: '', names: {}, values: {} })

const keyword = (word: string): Part => ({ text: word, names: {}, values: {} })

const read = fc.oneof({ weight: 6, arbitrary: path }, { weight: 1, arbitrary: listElement })
const ordered = fc.oneof(number, text)

const comparison: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(read, fc.constantFrom('=', '<>'), scalar).map(([p, op, v]) => written`${p} ${keyword(op)} ${valued(v)}`),
  fc
    .tuple(read, fc.constantFrom('<', '<=', '>', '>='), ordered)
    .map(([p, op, v]) => written`${p} ${keyword(op)} ${valued(v)}`),
  fc.tuple(ordered, fc.constantFrom('<', '>='), read).map(([v, op, p]) => written`${valued(v)} ${keyword(op)} ${p}`),
  fc.tuple(read, ordered, ordered).map(([p, a, b]) => written`${p} BETWEEN ${valued(a)} AND ${valued(b)}`),
  fc
    .tuple(read, fc.array(scalar, { minLength: 1, maxLength: 3 }))
    .map(([p, among]) => written`${p} IN (${listed(among.map(valued))})`),
  fc
    .tuple(read, fc.constantFrom('attribute_exists', 'attribute_not_exists'))
    .map(([p, f]) => written`${keyword(f)}(${p})`),
  fc.tuple(read, fc.oneof(text, number)).map(([p, v]) => written`begins_with(${p}, ${valued(v)})`),
  fc.tuple(read, ordered).map(([p, v]) => written`contains(${p}, ${valued(v)})`),
  fc
    .tuple(read, fc.constantFrom('S', 'N', 'M', 'L', 'NS', 'NULL'))
    .map(([p, v]) => written`attribute_type(${p}, ${valued(v)})`),
  fc
    .tuple(read, fc.constantFrom('=', '<', '>='), fc.nat(3))
    .map(([p, op, v]) => written`size(${p}) ${keyword(op)} ${valued(v)}`),
)

/** Conditions up to a few levels deep. Whatever is combined stands in parentheses of its own or goes by precedence. */
export const conditionArbitrary: fc.Arbitrary<Part> = fc.letrec<{ any: Part; joined: Part }>((tie) => ({
  joined: fc
    .tuple(tie('any'), fc.constantFrom('AND', 'OR', 'and'), tie('any'), fc.boolean())
    .map(([a, op, b, inParentheses]) =>
      inParentheses ? written`NOT (${a} ${keyword(op)} ${b})` : written`${a} ${keyword(op)} ${b}`,
    ),
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    comparison.map((one) => written`NOT ${one}`),
    tie('joined'),
  ),
})).any

const source: fc.Arbitrary<Part> = fc.oneof(
  scalar.map(valued),
  scalarPath,
  fc.tuple(scalarPath, scalar).map(([p, v]) => written`if_not_exists(${p}, ${valued(v)})`),
  fc
    .tuple(
      scalarPath,
      fc.constantFrom('+', '-'),
      fc.oneof({ weight: 9, arbitrary: number }, { weight: 1, arbitrary: text }),
    )
    .map(([p, op, v]) => written`${p} ${keyword(op)} ${valued(v)}`),
  fc
    .tuple(scalarPath, number, number)
    .map(([p, start, more]) => written`if_not_exists(${p}, ${valued(start)}) + ${valued(more)}`),
  fc
    .tuple(fc.array(number, { maxLength: 2 }))
    .map(([more]) => written`list_append(#list, ${valued(more)})`)
    .map(withList),
  fc.constant({}).map(() => valued({})),
)

function withList(part: Part): Part {
  return { ...part, names: { ...part.names, '#list': 'list' } }
}

const section = (word: string, entry: fc.Arbitrary<Part>) =>
  fc.option(
    fc.array(entry, { minLength: 1, maxLength: 2 }).map((entries) => written`${keyword(word)} ${listed(entries)}`),
    { freq: 2 },
  )

/** Updates of up to four sections; paths may overlap, types may not fit: then both sides refuse. */
export const updateArbitrary: fc.Arbitrary<Part> = fc
  .tuple(
    section(
      'SET',
      fc.oneof(fc.tuple(path, source), fc.tuple(listElement, source)).map(([p, s]) => written`${p} = ${s}`),
    ),
    section('REMOVE', path),
    section(
      'ADD',
      fc
        .tuple(addedPath, fc.oneof({ weight: 3, arbitrary: number }, { weight: 1, arbitrary: set }))
        .map(([p, v]) => written`${p} ${valued(v)}`),
    ),
    section(
      'DELETE',
      fc.tuple(fc.constant(pathOf(['set'])), set).map(([p, v]) => written`${p} ${valued(v)}`),
    ),
  )
  .filter((sections) => sections.some((each) => each !== null))
  .map((sections) => sections.reduce<Part>((all, each) => (each === null ? all : written`${all} ${each}`), keyword('')))
