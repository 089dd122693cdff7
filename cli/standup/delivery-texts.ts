import { isOver, type OccasionRecord, OUTPUTS, type OutputState } from '../../core/standup/deliver/record.ts'
import type { Outputs, SummarySettings } from '../../core/standup/settings.ts'
import type { Told } from '../../core/standup/tell.ts'
import { plain } from '../output/text.ts'
import { agoText, durationText, type TimeStyle, timeText } from '../output/time.ts'
import type { Due } from './occasion.ts'

/** Where a summary goes: `a comment on task 86c2k4x7q, Summary Created on the bus`. */
export function outputsText({ comment, field, event }: Outputs): string {
  return [
    ...(comment === undefined ? [] : [`a comment on task ${comment.task}`]),
    ...(field === undefined ? [] : [`the field ${plain(field.name)} of task ${field.task}`]),
    ...(event ? ['Summary Created on the bus'] : []),
  ].join(', ')
}

export const wouldGoText = ({ name, to }: SummarySettings, { day }: Due): string =>
  `Nothing was written. ${name} of ${day} goes to: ${outputsText(to)}.`

/** What is kept of a telling that was begun before. */
export function recordText({ name }: SummarySettings, { day }: Due, record: OccasionRecord, style: TimeStyle): string {
  const begun = `${timeText(record.openedAt, style)} (${agoText(record.openedAt, style.now)})`
  if (record.dropped !== null) return `${name} of ${day} was begun ${begun} and given up: ${plain(record.dropped)}.`
  if (!isOver(record)) return `${name} of ${day} was begun ${begun} and is not told yet: ${statesText(record.outputs)}.`
  return `${name} of ${day} was told already, ${begun}: ${statesText(record.outputs)}.`
}

function statesText(outputs: OccasionRecord['outputs']): string {
  const parts = OUTPUTS.flatMap((name) => {
    const state = outputs[name]
    return state === undefined ? [] : [`${name} ${stateText(state)}`]
  })
  return parts.join(', ') || 'to nobody'
}

function stateText(state: OutputState): string {
  switch (state.stage) {
    case 'done':
      return state.id === null ? 'done' : `done (${plain(state.id)})`
    case 'failed':
      return `failed: ${plain(state.reason)}`
    case 'sending':
      return 'sent, and nobody knows yet whether it was taken'
    case 'open':
      return 'yet to come'
  }
}

/** What came of a delivery: for people where it is done, as a failure where something is left to do. */
export function outcomeText(
  summary: SummarySettings,
  due: Due,
  told: Told,
  style: TimeStyle,
): { text: string | null; failure: string | null } {
  const which = `${summary.name} of ${due.day}`
  switch (told.kind) {
    case 'told': {
      const failed = Object.values(told.outputs).some(({ stage }) => stage === 'failed')
      const text = `Told ${which}: ${statesText(told.outputs)}.`
      return failed
        ? { text, failure: `${which} did not go everywhere: mend what is named above, or the config.` }
        : { text, failure: null }
    }
    case 'already':
      return told.record === null
        ? { text: null, failure: `${which} was told by another version of Hookline: update this one.` }
        : { text: recordText(summary, due, told.record, style), failure: null }
    case 'again': {
      const when = `in ${durationText(told.inSeconds * 1000)}`
      return {
        text: null,
        failure: `${which} is not told yet (${plain(told.reason)}): run it again ${when}, and it goes on where it stands.`,
      }
    }
    case 'late':
      return {
        text: null,
        failure: `${which} was due more than a day ago and is not told any more: --dry-run shows it.`,
      }
    case 'unknownName':
      return { text: null, failure: `There is no summary ${summary.name} in the config.` }
  }
}
