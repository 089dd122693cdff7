import { until } from '../start/until.ts'
import { costOf } from './cost.ts'
import { changeSettings } from './redeploy.ts'
import type { Round } from './rounds.ts'
import type { Stage } from './stage.ts'
import { arrived, atRest, fire, sendAgain } from './tell.ts'

/** What one round came to, beside what it has written. */
export type Played = Round & {
  /** Questions that the model got. */
  asked: number
}

/**
 * Lets each summary be told, and once more as a queue may hand out its job twice.
 * @param hooks.beforeCopy what happens between the two
 */
export async function playRounds(
  stage: Stage,
  rounds: readonly Round[],
  { onRound, beforeCopy }: { onRound(line: string): void; beforeCopy(): void },
): Promise<readonly Played[]> {
  const { model, recorder, standup, prepared } = stage
  const played: Played[] = []
  await atRest(stage)
  for (const round of rounds) {
    onRound(`Telling the day: ${round.name}`)
    const { name, loses, capped } = round
    // As much as the day has cost so far, by what the model's server has told: nothing more fits under it.
    const dayUsd = costOf(model.requests()).usd
    if (capped) changeSettings(standup, (settings) => ({ ...settings, caps: { ...settings.caps, dayUsd } }))
    if (round.model === null) changeSettings(standup, (settings) => ({ ...settings, model: null }))
    else model.behave(round.model)
    if (loses !== undefined) recorder.lose(loses, `/task/${prepared.notesId}/comment`)
    const before = model.requests().length
    const at = await fire(stage, name)
    if (loses === undefined) await arrived(stage, round)
    else
      await until(() => (recorder.isToLose() ? undefined : true), {
        what: 'the write',
        deadlineMs: 30_000,
        everyMs: 50,
      })
    await atRest(stage)
    beforeCopy()
    await sendAgain(stage, name, at)
    await atRest(stage)
    played.push({ ...round, asked: model.requests().length - before })
  }
  onRound('Waiting for what nobody knows of')
  for (const round of rounds.filter(({ loses }) => loses !== undefined)) await arrived(stage, round)
  await atRest(stage)
  return played
}
