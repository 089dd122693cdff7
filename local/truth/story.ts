import { createScenes, type Stage } from './scenes.ts'

const LOST = 0.1
const LATE = 0.1
/** The space that goes out of sight. */
const HIDDEN = 'Marketing'

export type Story = Stage & {
  /** Whether one webhook falls silent and tasks come back: else it is over in half a minute. */
  isWhole: boolean
  onStage(stage: string): void
}

/** What the log had come to at certain moments: numbers of changes. */
export type Chapters = { suspendedFrom: number; suspendedTo: number; sweeps: number; censuses: number }

/** Lets everything happen, and Hookline keep up; answers when what there is to repair should be repaired. */
export const play = (story: Story): Promise<Chapters> => (story.isWhole ? playWhole(story) : playShort(story))

async function playWhole(story: Story): Promise<Chapters> {
  const { clickup, driver, onStage } = story
  const { world, faults, log, webhooks } = clickup
  const scenes = createScenes(story)
  const { actor, does, unheard, wave } = scenes
  const [returning, resting] = scenes.alone()
  if (returning === undefined || resting === undefined) throw new Error('The workspace is empty')

  onStage('Reading what there is')
  await driver.backfill()
  await scenes.sweep()

  onStage('Losing some of what people do')
  await does(() => world.deleteTask(actor, returning.id))
  await unheard(() => world.deleteTask(actor, resting.id))
  faults.lostChanges = LOST
  await wave(0.15)
  // One in the middle of it, as by the clock.
  await driver.beginSweep()
  await wave(0.15)
  await clickup.idle()
  await scenes.lagged()
  await driver.drained()
  await does(() => world.restoreTask(actor, returning.id))
  await scenes.sweep()
  await scenes.census()

  onStage('Letting the webhook fall silent')
  faults.silentWebhooks = [...webhooks.all()].map(({ id }) => id)
  await unheard(() => world.restoreTask(actor, resting.id))
  // The first sweep sees it, unless the one before could not promise all until its time.
  for (let sweeps = 0; sweeps < 3; sweeps += 1) {
    await wave(0.015)
    await scenes.sweep()
    if (await driver.isReplaced()) break
  }
  await scenes.census()
  await driver.delivering()

  onStage('Delivering some of it late')
  await unheard(() => world.deleteTask(actor, returning.id))
  await wave(0.2)
  // Not before the sweep that finds it, however busy this machine is.
  faults.lateChanges = { share: LATE, ms: 35_000 }
  await wave(0.1)
  faults.lateChanges = { share: 0, ms: 0 }
  await scenes.sweep()
  await scenes.quiet()

  onStage('Suspending the webhook, and hiding a space')
  await wave(0.1)
  await scenes.quiet()
  const suspendedFrom = log.changes().length
  scenes.suspend()
  await scenes.hide(HIDDEN)
  await wave(0.06)
  await scenes.mend()
  const suspendedTo = log.changes().length

  onStage('Going on')
  await wave(0.2)
  await clickup.idle()
  await scenes.sweep()
  await scenes.census()
  await scenes.sweep()
  return { suspendedFrom, suspendedTo, ...scenes.counts }
}

async function playShort(story: Story): Promise<Chapters> {
  const { clickup, driver, onStage } = story
  const { faults, log } = clickup
  const scenes = createScenes(story)

  onStage('Reading what there is')
  await driver.backfill()

  onStage('Losing some of what people do, and delivering some of it late')
  faults.lostChanges = LOST
  faults.lateChanges = { share: LATE, ms: 9_000 }
  await scenes.wave(0.6)
  faults.lateChanges = { share: 0, ms: 0 }
  await scenes.sweep()
  await scenes.quiet()

  onStage('Suspending the webhook, and hiding a space')
  const suspendedFrom = log.changes().length
  scenes.suspend()
  await scenes.hide(HIDDEN)
  await scenes.wave(0.2)
  await scenes.mend()
  const suspendedTo = log.changes().length
  await scenes.wave(0.2)
  await clickup.idle()
  await scenes.sweep()
  await scenes.census()
  return { suspendedFrom, suspendedTo, ...scenes.counts }
}
