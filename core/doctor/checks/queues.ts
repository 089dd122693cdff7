import { sizeOf } from '../../status/queues.ts'
import { WAITING_MS } from '../../status/verdict.ts'
import { fail, pass, type Said, warn } from '../finding.ts'
import type { DoctorServices, Patient } from '../services.ts'

/** More than a bulk edit leaves behind for some minutes. */
const MANY = 10_000

/** Whether what comes in is worked off. */
export function queues({ status: { queues: stage } }: DoctorServices): Said {
  const waiting = sizeOf(stage.deliveries)
  const jobs = stage.jobs === null ? 0 : sizeOf(stage.jobs)
  const said = `${waiting} deliveries and ${jobs} jobs wait, as SQS counts.`
  return waiting > MANY
    ? warn(said, 'See docs/tuning.md: consumer.maxConcurrency, and the plan’s rate limit.')
    : pass(said)
}

/** Whether anything was set aside. */
export function quarantine({ status: { queues: stage } }: DoctorServices): Said {
  const messages = sizeOf(stage.quarantine)
  return messages === 0
    ? pass('Empty.')
    : fail(
        `${messages} ${messages === 1 ? 'message is' : 'messages are'} set aside.`,
        'See why with npx hookline quarantine list; mend the reason, then npx hookline quarantine redrive.',
      )
}

/** Whether deliveries may have been missed and are not accounted for. */
export function gaps({ status: { gaps: all, waitingSince } }: Patient, now: number): Said {
  const open = all.filter(({ to }) => to === null).length
  const unswept = all.filter(({ to, sweptAt }) => to !== null && sweptAt === null).length
  if (open + unswept > 0)
    return warn(
      `${open} open, ${unswept} not accounted for by a sweep yet.`,
      'See npx hookline gaps; npx hookline sync sweeps now.',
    )
  if (waitingSince !== null && now - waitingSince > WAITING_MS)
    return warn(
      'Deliveries have waited for longer than half an hour.',
      'See npx hookline status for what they wait for.',
    )
  return pass(all.length === 0 ? 'None.' : `All of ${all.length} are accounted for.`)
}
