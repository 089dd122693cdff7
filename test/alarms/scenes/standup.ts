import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { until } from '../../../local/start/until.ts'
import { type Scene, SUMMARIES } from '../support/stage.ts'

export const STANDUP: Readonly<Record<string, Scene>> = {
  /** The provider of the model refuses, each time that it is asked. */
  async SummariesFailing(stage) {
    stage.model.behave('noRight')
    stage.after(() => stage.model.behave('good'))
    const before = stage.model.requests().length
    for (const name of SUMMARIES.slice(1)) await stage.tell(name)
    await until(() => stage.model.requests().length >= before + 3 || undefined, {
      what: 'the model to be asked three times',
      deadlineMs: 20_000,
      everyMs: 50,
    })
  },

  /** What the queue of summaries and recipes has given up on. */
  async StandupFailed(stage) {
    const QueueUrl = stage.queue('Standup/Jobs/Failed').url
    await stage.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a job' }))
    await stage.stack.lookAtAlarms()
  },
}
