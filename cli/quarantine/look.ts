import type { Quarantined } from '../../core/quarantine/quarantined.ts'
import type { QuarantineQueues } from '../../core/quarantine/queue.ts'
import { isSelected, type Selection } from '../../core/quarantine/select.ts'
import { surveyQuarantine } from '../../core/quarantine/survey.ts'
import type { Io } from '../io.ts'
import { counted } from '../output/notes.ts'
import type { Target } from '../target.ts'

export async function queuesOf({ sqs, queues }: Target): Promise<QuarantineQueues> {
  const { deliveries, quarantine } = await queues()
  return { sqs, deliveries, quarantine }
}

export type Looked = { messages: Quarantined[]; about: number; looked: number; more: boolean }

/** The messages that are meant, as far as they can be seen; says so where there are more. */
export async function lookFor(io: Io, queues: QuarantineQueues, selection: Selection, most: number): Promise<Looked> {
  io.progress?.('Looking through the quarantine ...')
  const survey = await surveyQuarantine(queues, { most })
  io.progress?.(null)
  const { about, more } = survey
  if (more) io.note(`Only ${counted(most, 'message')} of about ${about} were looked at; --look looks at more.`)
  const messages = survey.messages.filter((each) => isSelected(each, selection))
  return { messages, about, looked: survey.messages.length, more }
}
