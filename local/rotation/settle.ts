import type { Driver } from '../check/drive.ts'
import type { People } from '../check/people.ts'
import type { FakeClickUp } from '../clickup/server.ts'
import { until } from '../start/until.ts'
import type { Scale } from './settings.ts'

const DRAINED_WITHIN_MS = 600_000
const MARGIN_MS = 1_000
/** A read so soon after a deletion does not bring the task back, nor does a census believe its absence. */
const READ_LAG_MS = 5_500

/** Everything that was sent is worked off, the guard has been there, and what nobody was told of is found. */
export async function settle(given: {
  clickup: FakeClickUp
  driver: Driver
  people: People
  scale: Scale
  onDrained(): void
}): Promise<void> {
  const { clickup, driver, people, scale, onDrained } = given
  const passed = (ms: number) =>
    until(() => (Date.now() > people.lastAt() + ms ? true : undefined), { what: 'time to pass', deadlineMs: 60_000 })
  await clickup.idle()
  await driver.guardOnce()
  await driver.drained(DRAINED_WITHIN_MS)
  await passed(Math.max(scale.lateMs + MARGIN_MS, READ_LAG_MS))
  onDrained()
  await driver.sweep()
  await driver.census()
  await driver.sweep()
}
