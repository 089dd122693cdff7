import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { inApp } from '../../../local/clickup/world/mutation.ts'
import { until } from '../../../local/start/until.ts'
import type { Scene, Stage } from '../support/stage.ts'

const MINUTE = 60_000

/** What people do, and nobody is told of. */
async function unheard(stage: Stage, act: (actor: ReturnType<typeof inApp>) => void): Promise<void> {
  const [person] = stage.clickup.world.users().filter(({ bot }) => !bot)
  if (person === undefined) throw new Error('The workspace is empty')
  stage.clickup.faults.lostChanges = 1
  act(inApp(person.id))
  stage.clickup.faults.lostChanges = 0
}

export const SYNC: Readonly<Record<string, Scene>> = {
  /** Sweeps begin and do not come to their end. */
  async SweepMissing(stage) {
    stage.clickup.faults.outage = { from: null, until: null, answer: 503 }
    const before = (await stage.driver.lastSweep())?.run
    // Its message goes when the scene is over: whoever sweeps next would wait for the run.
    await stage.alter('sweep', {})
    await stage.driver.beginSweep()
    await until(async () => ((await stage.driver.lastSweep())?.run === before ? undefined : true), {
      what: 'a sweep to begin',
      deadlineMs: 20_000,
    })
    await stage.pulse()
  },

  async SweepRepairsUnusual(stage) {
    await unheard(stage, (actor) => {
      for (const task of stage.tasks.slice(-12)) stage.clickup.world.rename(actor, task.id, `${task.name} again`)
    })
    await stage.driver.sweep()
  },

  async CensusHalted(stage) {
    await unheard(stage, (actor) => {
      for (const task of stage.tasks.slice(0, 15)) stage.clickup.world.deleteTask(actor, task.id)
    })
    await stage.driver.census()
  },

  async WatermarkOld(stage) {
    await stage.alter('sweep', { watermark: Date.now() - 31 * MINUTE })
    await stage.pulse()
  },

  /** What the queue of jobs has given up on. */
  async JobsFailed(stage) {
    const QueueUrl = stage.queue('Jobs/Failed').url
    await stage.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a job' }))
    await stage.stack.lookAtAlarms()
  },
}
