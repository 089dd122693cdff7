import type { Lane } from './lane.ts'
import { isAlive, type Mark } from './room.ts'
import type { View } from './view.ts'

type Lease = { lane: Lane; calls: number; marks: readonly Mark[] }

/** The calls that one worker has reserved and not begun, by lane: what is reserved in one is not spent in another. */
export function createPool() {
  let leases: Lease[] = []
  const alive = (lease: Lease, { state, windows, now }: View) =>
    lease.marks.every((mark) => {
      const spec = windows.find(({ name }) => name === mark.name)
      return spec !== undefined && isAlive(mark, state.windows[mark.name] ?? null, spec, now)
    })
  const sum = (some: readonly Lease[]) => some.reduce((calls, lease) => calls + lease.calls, 0)

  return {
    put(lane: Lane, calls: number, marks: readonly Mark[]): void {
      leases.push({ lane, calls, marks })
    },
    /** Calls that may still be begun; what may not is forgotten. */
    atHand(lane: Lane, view: View): number {
      leases = leases.filter((lease) => lease.calls > 0 && alive(lease, view))
      return sum(leases.filter((lease) => lease.lane === lane))
    },
    take(lane: Lane, view: View): boolean {
      const lease = leases.find((each) => each.lane === lane && each.calls > 0 && alive(each, view))
      if (lease === undefined) return false
      lease.calls -= 1
      return true
    },
    /** All calls that were reserved, whatever may become of them. */
    held: (): number => sum(leases),
    drop(): void {
      leases = []
    },
  }
}
