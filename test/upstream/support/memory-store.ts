import * as z from 'zod'
import type { Change, Path } from '../../../core/upstream/change.ts'
import { parseUpstream, type UpstreamStore } from '../../../core/upstream/store.ts'

type Item = Record<string, unknown>
const mapSchema = z.record(z.string(), z.unknown())

/** One item with conditional writes, as DynamoDB has them; `pause` is what a read or a write takes, on either way. */
export function createMemoryStore(pause: () => Promise<void> = async () => undefined) {
  let item: Item = {}
  const writes = { asked: 0, done: 0 }

  const valueAt = ([attribute, inside]: Path): unknown => {
    if (inside === undefined) return item[attribute]
    const map = mapSchema.safeParse(item[attribute])
    return map.success ? map.data[inside] : undefined
  }
  const put = (into: Item, [attribute, inside]: Path, value: unknown): Item => {
    if (inside === undefined) return { ...into, [attribute]: value }
    return { ...into, [attribute]: { ...mapSchema.parse(into[attribute]), [inside]: value } }
  }
  const holds = (condition: Change['when'][number]): boolean => {
    const value = valueAt(condition.path)
    if ('atMost' in condition) return typeof value === 'number' && value <= condition.atMost
    return condition.is === null ? value === undefined : value === condition.is
  }

  function apply({ set, add, remove, when }: Change): boolean {
    const paths = [...set.map(({ path }) => path), ...add.map(({ path }) => path), ...remove].map((path) =>
      path.join('.'),
    )
    if (paths.some((path, i) => paths.some((other, j) => i !== j && `${other}.`.startsWith(`${path}.`)))) {
      throw new Error(`Two document paths overlap with each other: ${paths.join(', ')}`)
    }
    if (!when.every(holds)) return false
    let next = item
    for (const { path, value } of set) next = put(next, path, value)
    for (const { path, by } of add) next = put(next, path, z.number().parse(valueAt(path)) + by)
    for (const [attribute] of remove) {
      const { [attribute]: _gone, ...rest } = next
      next = rest
    }
    item = next
    return true
  }

  const store: UpstreamStore = {
    async load() {
      await pause()
      const read = parseUpstream(structuredClone(item))
      await pause()
      return read
    },
    async apply(change) {
      writes.asked += 1
      await pause()
      const done = apply(structuredClone(change))
      if (done) writes.done += 1
      await pause()
      return done
    },
  }
  return { store, writes, state: () => parseUpstream(item) }
}
