import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { tokenSecretName } from '../../../core/platform/names.ts'
import { PK, stateKey } from '../../../core/platform/tables.ts'
import { loadReport } from '../../../core/rotation/report.ts'
import { CANDIDATE } from '../../../core/secrets/token.ts'
import { createVersions } from '../../../core/secrets/versions.ts'
import type { Stage } from '../stage.ts'
import { should, type Turn } from '../turn.ts'

const stateOf = ({ system: { clients, details } }: Stage) => ({ dynamo: clients.dynamo, table: details.tables.state })

async function rotated(stage: Stage, secret: 'signing' | 'token'): Promise<void> {
  await stage.rotate(secret)
  const report = await loadReport(stateOf(stage), stage.system.details.connection, secret)
  should(report?.phase === 'done', `the rotation is ${report?.phase}: ${report?.detail}`)
}

/** The operator brings the token of somebody else, as `hookline rotate token --takeover` does. */
async function bring(stage: Stage): Promise<void> {
  const { clients, details, connected } = stage.system
  const other = stage.clickup.world.users().find(({ id, bot }) => !bot && String(id) !== connected.user.id)
  if (other === undefined) throw new Error('The demo workspace has one user only')
  const document = { v: 1, token: stage.clickup.issueToken(other.id), since: Date.now(), takeover: true }
  const versions = createVersions(clients.secrets, tokenSecretName(details.stage, details.connection))
  await versions.put(JSON.stringify(document), [CANDIDATE])
}

/** A rotation of the signing secret ended with its process, after its webhook was made and before it was told of. */
async function leaveHalfDone(stage: Stage): Promise<void> {
  const { clients, details } = stage.system
  const { slot: from, webhookId: fromId, user } = stage.connected()
  const now = Date.now()
  const rotation = {
    ...{ run: 'of-nobody', since: now, until: now + 60_000, phase: 'making', way: 'instead' },
    ...{ from, fromId, fromUserId: user.id, to: from === 'a' ? 'b' : 'a', userId: user.id },
  }
  await clients.dynamo.send(
    new UpdateCommand({
      TableName: details.tables.state,
      Key: { [PK]: stateKey(details.connection, 'webhooks') },
      UpdateExpression: 'SET rotation = :rotation',
      ExpressionAttributeValues: { ':rotation': rotation },
    }),
  )
}

/** What is stored of webhooks is in a form of nobody's. */
async function scramble(stage: Stage, things: readonly string[] = ['webhooks', 'upstream']): Promise<void> {
  const { clients, details } = stage.system
  for (const thing of things)
    await clients.dynamo.send(
      new PutCommand({
        TableName: details.tables.state,
        Item: { [PK]: stateKey(details.connection, thing), version: 'x', 'window:minute': 'full', schemaVersion: 1 },
      }),
    )
}
const SCRAMBLED = ['What is stored of the webhooks is in a form that is not ours']

export const ROTATION_TURNS: readonly Turn[] = [
  {
    name: 'a signing secret is rotated beside the old one',
    functions: ['rotate-signing'],
    upsets: 'connection',
    play: (stage) => rotated(stage, 'signing'),
  },
  {
    name: 'a signing secret is rotated instead of the old one',
    functions: ['rotate-signing'],
    upsets: 'connection',
    async play(stage) {
      stage.clickup.faults.allowSecondWebhook = 'never'
      await rotated(stage, 'signing')
    },
  },
  {
    name: 'a signing secret is rotated where state is none of ours',
    functions: ['rotate-signing'],
    upsets: 'connection',
    tolerates: SCRAMBLED,
    async play(stage) {
      await scramble(stage)
      await rotated(stage, 'signing')
    },
  },
  {
    name: 'a token is tested and kept, where state is none of ours',
    functions: ['rotate-token'],
    upsets: 'state',
    async play(stage) {
      await scramble(stage, ['upstream'])
      await rotated(stage, 'token')
    },
  },
  {
    name: "another user's token makes the webhooks anew",
    functions: ['rotate-token'],
    upsets: 'connection',
    async play(stage) {
      await bring(stage)
      await rotated(stage, 'token')
    },
  },
  {
    name: "another user's token goes on where a rotation has died that made a webhook instead of the old one",
    functions: ['rotate-token'],
    upsets: 'connection',
    async play(stage) {
      await leaveHalfDone(stage)
      await bring(stage)
      await rotated(stage, 'token')
    },
  },
]
