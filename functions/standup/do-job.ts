import type { StandupJob } from '../../core/standup/job.ts'
import { beginRound } from '../../core/standup/recipes/round.ts'
import { runRecipe } from '../../core/standup/recipes/run.ts'
import type { StandupServices } from '../../core/standup/services.ts'
import { tellSummary } from '../../core/standup/tell.ts'
import { logRecipe, logSummary } from './log-outcome.ts'

/** When what has to wait is to be looked at again (ms since 1970), and why it waits, in a sentence. */
export type Again = { notBefore: number; reason: string }

/**
 * Does one job and says in one line of the log what came of it. Nothing of what was told is in the log.
 *
 * @returns null when it is over, with whatever came of it
 */
export async function doJob(job: StandupJob, services: StandupServices): Promise<Again | null> {
  const outcome = await outcomeOf(job, services)
  if (outcome.kind !== 'again') return null
  return { notBefore: services.clock.now() + outcome.inSeconds * 1_000, reason: outcome.reason }
}

async function outcomeOf(job: StandupJob, services: StandupServices) {
  const { log } = services
  switch (job.job) {
    case 'summary': {
      const told = await tellSummary(job.name, job.at, services)
      if (told.kind !== 'again') logSummary(job, told, services)
      return told
    }
    case 'recipe': {
      const { name, taskId, occasion } = job
      const outcome = await runRecipe({ name, taskId, occasion }, services)
      if (outcome.kind !== 'again') logRecipe(job, outcome, services)
      return outcome
    }
    case 'round': {
      const tasks = await beginRound(job.name, job.at, services)
      log.info('recipe', { name: job.name, at: job.at, outcome: 'begun', tasks })
      return { kind: 'begun' } as const
    }
  }
}
