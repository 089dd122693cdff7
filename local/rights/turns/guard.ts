import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { loadWebhooks } from '../../../core/guard/state.ts'
import { signingSecretName } from '../../../core/platform/names.ts'
import { PK, stateKey } from '../../../core/platform/tables.ts'
import type { Stage } from '../stage.ts'
import { should, type Turn } from '../turn.ts'

const functions = ['guard'] as const
const stateOf = ({ system: { clients, details } }: Stage) => ({ dynamo: clients.dynamo, table: details.tables.state })

/** Lets the guard look until all is well. */
async function guarded(stage: Stage, reason = 'schedule'): Promise<void> {
  const { connection } = stage.system.details
  const since = Date.now()
  await stage.queues.send(stage.urlOf('guard'), JSON.stringify({ job: 'guard', connection: '*', reason }))
  await stage.workUntil(async () => {
    const report = (await loadWebhooks(stateOf(stage), connection))?.report
    if (report === null || report === undefined || report.at < since) return false
    should(report.verdict !== 'unknown', `the guard has learnt nothing: ${report.findings.join(' ')}`)
    return report.verdict === 'well'
  }, 'a webhook that is well')
}

export const GUARD_TURNS: readonly Turn[] = [
  {
    name: 'the guard finds all well',
    functions,
    play: (stage) => guarded(stage),
  },
  {
    name: 'the guard sets a suspended webhook right, and has what was missed swept',
    functions,
    async play(stage) {
      const { webhooks } = stage.clickup
      for (const webhook of webhooks.all()) webhooks.suspend(webhook)
      await guarded(stage)
      should(
        [...webhooks.all()].every(({ status }) => status === 'active'),
        'it is still suspended',
      )
    },
  },
  {
    name: 'the guard makes a webhook where there is none',
    functions,
    upsets: 'connection',
    async play(stage) {
      const { webhooks } = stage.clickup
      const { clients, details } = stage.system
      for (const webhook of [...webhooks.all()]) webhooks.remove(webhook)
      const empty = JSON.stringify({ v: 1, slots: {} })
      const SecretId = signingSecretName(details.stage, details.connection)
      await clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: empty }))
      const Key = { [PK]: stateKey(details.connection, 'webhooks') }
      await clients.dynamo.send(new DeleteCommand({ TableName: details.tables.state, Key }))
      await guarded(stage)
      should([...webhooks.all()].length === 1, 'there is no webhook')
    },
  },
  {
    name: 'the guard begins anew where what it had written down is none of ours',
    functions,
    upsets: 'connection',
    tolerates: ['What is stored of the webhooks is in a form that is not ours'],
    async play(stage) {
      const { clients, details } = stage.system
      const key = { [PK]: stateKey(details.connection, 'webhooks') }
      const TableName = details.tables.state
      await clients.dynamo.send(new PutCommand({ TableName, Item: { ...key, version: 'x', schemaVersion: 1 } }))
      await guarded(stage)
      const { Item } = await clients.dynamo.send(new GetCommand({ TableName, Key: key }))
      should(Item?.['version'] !== 'x', 'it still stands there')
    },
  },
]
