/** Seeded randomness: everything that the fake decides comes from one seed, so that a run can be repeated. */
export type Random = {
  /** In [0, 1). */
  next(): number
  /** A whole number from min to max, both included. */
  int(min: number, max: number): number
  chance(probability: number): boolean
  /** @throws Error for an empty list */
  pick<T>(items: readonly T[]): T
  /** A key of `weights`, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  shuffle<T>(items: readonly T[]): T[]
  text(alphabet: string, length: number): string
  uuid(): string
  /**
   * An independent stream that depends on the seed and the label alone. A decision taken from a fork does not depend on
   * how many other decisions came before it, so concurrency cannot change it.
   */
  fork(label: string | number): Random
}

/** FNV-1a: spreads labels that differ in one character over the whole range. */
function hash(text: string, start: number): number {
  let value = start >>> 0
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return value
}

/** mulberry32: small, fast and even enough for a test's decisions; not for secrets. */
export function createRandom(seed: number): Random {
  const origin = seed >>> 0
  let state = origin

  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const text = (alphabet: string, length: number) => {
    let result = ''
    for (let index = 0; index < length; index++) result += alphabet.charAt(int(0, alphabet.length - 1))
    return result
  }

  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(0, items.length - 1)]
      if (item === undefined) throw new Error('Nothing to pick from.')
      return item
    },
    weighted: (weights) => pickWeighted(weights, next()),
    shuffle: (items) => {
      const result = items.map((item) => ({ item, order: next() }))
      return result.sort((a, b) => a.order - b.order).map(({ item }) => item)
    },
    text,
    uuid: () => {
      const hex = (length: number) => text('0123456789abcdef', length)
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${text('89ab', 1)}${hex(3)}-${hex(12)}`
    },
    fork: (label) => createRandom(hash(String(label), hash(String(origin), 0x811c9dc5))),
  }
}

function pickWeighted<K extends string>(weights: Readonly<Record<K, number>>, at: number): K {
  let total = 0
  for (const key in weights) total += weights[key]
  let rest = at * total
  for (const key in weights) {
    rest -= weights[key]
    if (rest < 0) return key
  }
  throw new Error('Nothing has a weight.')
}
