import { LOOK_AGAIN_MS } from '../../core/pause/gate.ts'
import type { StandupJob, StandupJobInput } from '../../core/standup/job.ts'
import { recipesFor } from '../../core/standup/recipes/match.ts'
import type { Lane } from '../../core/upstream/lane.ts'
import { type Again, doJob } from './do-job.ts'
import { messagesOf, type StandupMessage } from './messages.ts'
import type { Standup } from './services.ts'

/** Before the time-out: by then every call to ClickUp has ended, and what came of it can still be written down. */
const MARGIN_MS = 15_000

/** As long as the queue keeps a message: what has been put off for longer goes round in a circle. */
const LONGEST_PUT_OFF_MS = 14 * 86_400_000

/**
 * Does what a batch asks for, and says which messages stay. What has to wait is sent anew, so that a receive stands for a fault
 * and for nothing else.
 *
 * @param remainingMs after so long the function is cut off
 */
export async function run(event: unknown, standup: Standup, remainingMs: number) {
  const { clock, log } = standup
  const paused = (await standup.pause.look()).since !== null
  const deadline = clock.now() + remainingMs - Math.min(MARGIN_MS, remainingMs / 3)
  const failed: string[] = []
  for (const message of messagesOf(event)) {
    const { messageId } = message
    try {
      await work(message, { standup, deadline, paused })
    } catch (error) {
      log.error('A summary or a recipe failed and comes again', { job: jobsOf(message, standup)[0], error })
      failed.push(messageId)
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}

/** What has waited for long may as well wait a tenth of that again: nothing comes round every few seconds for two weeks. */
const patienceAfter = (waitedMs: number): number => Math.min(waitedMs / 10, LONGEST_PATIENCE_MS)
const LONGEST_PATIENCE_MS = 3_600_000

type Work = { standup: Standup; deadline: number; paused: boolean }

async function work(message: StandupMessage, { standup, deadline, paused }: Work): Promise<void> {
  const { clock, log } = standup
  if (message.asked === null) {
    // It would be none the next time either.
    log.error('A message on the standup queue is neither a job nor a change and was dropped')
    return
  }
  const jobs = jobsOf(message, standup)
  const [job, ...more] = jobs
  if (job === undefined) return
  const now = clock.now()
  const since = message.since ?? now
  if (now - since > LONGEST_PUT_OFF_MS) {
    log.error('A summary or a recipe had to wait for two weeks and was dropped', { job })
    return
  }
  const earliest = Math.max(message.notBefore, settledAt(job, standup))
  const wait = waitOf(earliest, now, paused)
  if (wait === null && more.length > 0) {
    // Each a message of its own: one that fails does no other again.
    await standup.sendJobs(jobs.map(inputOf))
    return
  }
  const again = wait ?? (await doJob(job, standup.servicesOf({ deadline, lane: laneOf(job) })))
  if (again === null) return
  const { reason } = again
  const notBefore = wait === null ? Math.max(again.notBefore, now + patienceAfter(now - since)) : again.notBefore
  await standup.sendJobs(jobs.map(inputOf), { notBefore, since, now: clock.now() })
  if (now >= earliest) log.info('A summary or a recipe was put off', { job, until: notBefore, reason })
}

/**
 * Somebody waits for a summary, and there are few of them. Recipes come by the thousand when somebody edits a whole list, and must not
 * take what the reading of live changes needs: they wait for the next window as a sweep does.
 */
const laneOf = ({ job }: StandupJob): Lane => (job === 'summary' ? 'write' : 'sweep')

/** As it stands in a message. */
const inputOf = (job: StandupJob): StandupJobInput =>
  job.job === 'recipe' ? job : { ...job, at: new Date(job.at).toISOString() }

function jobsOf({ asked }: StandupMessage, { settings }: Standup): StandupJob[] {
  if (asked === null) return []
  if (asked.kind === 'job') return [asked.job]
  const { resource, changeId: occasion } = asked.event
  return recipesFor(asked.event, settings.recipes).map(({ name }) => ({
    ...{ job: 'recipe', name, taskId: resource.id, occasion },
  }))
}

/**
 * When what was published before a time can be read: a change is on the bus a moment before the ledger has it, and its index a moment
 * later. Looked at earlier, it would be in no summary, because the next one begins where this one ends.
 */
const settledAt = (job: StandupJob, { settleMs }: Standup): number => (job.job === 'recipe' ? 0 : job.at + settleMs)

function waitOf(notBefore: number, now: number, paused: boolean): Again | null {
  if (now < notBefore) return { notBefore, reason: 'It is too early.' }
  return paused ? { notBefore: now + LOOK_AGAIN_MS, reason: 'Hookline is paused.' } : null
}
