import { PK, stateKey } from '../../core/platform/tables.ts'
import { PLANS, type Plan } from '../clickup/rate-limit.ts'
import { TABLES } from './aws/tables.ts'
import { CONNECTION, ENDPOINT, SECRETS } from './environment.ts'
import type { World } from './functions.ts'
import { rotatorArn } from './rotations.ts'

/**
 * What `connect` leaves behind: a webhook, its secret, the token, and what is known of the connection.
 * @param hasWebhook whether the first webhook is made; else the guard has yet to make it
 */
export function connect({ aws, clickup, time }: World, plan: Plan, hasWebhook: boolean): void {
  const slots = hasWebhook ? { a: { ...clickup.connect(ENDPOINT), state: 'active' } } : {}
  aws.secrets.create(SECRETS.signing, rotatorArn('signing'), { v: 1, slots })
  aws.secrets.create(SECRETS.token, rotatorArn('token'), { v: 1, token: clickup.tokens.service })
  aws.dynamo.seed(TABLES.state, {
    [PK]: stateKey(CONNECTION, 'connection'),
    workspaceId: clickup.workspaceId,
    userId: clickup.userId,
    connectedAt: time.now(),
    callsPerMinute: PLANS[plan].callsPerMinute,
    schemaVersion: 1,
  })
}
