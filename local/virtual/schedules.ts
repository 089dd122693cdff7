import type { Job } from '../../core/sync/job.ts'
import { SCHEDULES } from '../../infra/timing.ts'
import type { VirtualTime } from './time.ts'

const MINUTE = 60_000

/** What the template's schedules begin. */
type Scheduled = {
  sync(job: Omit<Job, 'connection'>): void
  guard(job: Omit<Job, 'connection'>): void
  pulse(): void
}

/** Begins jobs again and again, as the template's schedules do. Time never runs out of what is to happen then. */
export function startSchedules(time: VirtualTime, { sync, guard, pulse }: Scheduled): void {
  const every = (minutes: number, act: () => void) => {
    time.schedule(time.now() + minutes * MINUTE, () => {
      act()
      every(minutes, act)
    })
  }
  const scheduled = (job: Job['job'], everyMinutes: number) => ({ job, reason: 'schedule', everyMinutes }) as const
  const { sweepMinutes, censusMinutes, guardMinutes, pulseMinutes } = SCHEDULES
  every(sweepMinutes, () => sync(scheduled('sweep', sweepMinutes)))
  every(censusMinutes, () => sync(scheduled('census', censusMinutes)))
  every(guardMinutes, () => guard(scheduled('guard', guardMinutes)))
  every(pulseMinutes, pulse)
}
