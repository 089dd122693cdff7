import type { SigningSecret } from '../../core/secrets/signing.ts'
import { CURRENT, holderOf, PENDING } from '../../core/secrets/versions.ts'
import type { Webhook } from '../clickup/webhooks/registry.ts'
import type { Ended } from './operator.ts'
import type { Way } from './settings.ts'
import type { SeenWebhook } from './webhooks-seen.ts'

/** A rotation that was asked for: null where its report never said that it had ended. */
export type Rotated = { way: Way; ended: Ended | null }

/** What stands when all is over. */
export type Standing = {
  /** At ClickUp. */
  webhooks: readonly Pick<Webhook, 'id' | 'secret' | 'status' | 'failCount'>[]
  signing: SigningSecret
  /** Labels of the signing secret by version id. */
  labels: ReadonlyMap<string, readonly string[]>
}

/** Every rotation has ended promoted, in the way that ClickUp allowed, and nothing of it is left over. */
export function judgeRotations(
  rotations: readonly Rotated[],
  expected: readonly Way[],
  seen: readonly SeenWebhook[],
  standing: Standing,
): string[] {
  const faults: string[] = []
  if (rotations.length !== expected.length)
    faults.push(`${rotations.length} rotations were begun, and there were to be ${expected.length}`)
  const inOrder = seen.toSorted((one, other) => one.seenFrom - other.seenFrom)
  if (inOrder.length !== expected.length + 1)
    faults.push(`there were ${inOrder.length} webhooks, and there were to be ${expected.length + 1}`)
  for (const [number, { way, ended }] of rotations.entries()) {
    const which = `rotation ${number + 1} (${way})`
    if (ended === null) faults.push(`${which} has not ended`)
    else if (ended.phase === 'failed') faults.push(`${which} has failed: ${ended.detail}`)
    else if (!ended.isPromoted) faults.push(`${which} has ended and was not promoted`)
    const [old, fresh] = [inOrder[number], inOrder[number + 1]]
    if (old === undefined || fresh === undefined) continue
    const stoodTogether = old.goneAt === null || old.goneAt > fresh.seenFrom
    if (stoodTogether !== (way === 'beside'))
      faults.push(`${which}: the two webhooks ${stoodTogether ? 'stood together' : 'did not stand together'}`)
  }
  return [...faults, ...leftovers(standing)]
}

function leftovers({ webhooks, signing, labels }: Standing): string[] {
  const faults: string[] = []
  const [webhook, ...more] = webhooks
  if (webhook === undefined || more.length > 0) faults.push(`${webhooks.length} webhooks stand at the end, and not one`)
  else if (webhook.status !== 'active' || webhook.failCount > 0)
    faults.push(`the webhook is ${webhook.status} after ${webhook.failCount} lost events`)
  const slots = (['a', 'b'] as const).flatMap((slot) => signing.slots[slot] ?? [])
  const [slot] = slots
  if (slots.length !== 1) faults.push(`${slots.length} slots have a secret at the end, and not one`)
  else if (slot?.state !== 'active' || slot.secret !== webhook?.secret || slot.webhookId !== webhook.id)
    faults.push('the secret that is stored is not that of the webhook that stands')
  const [current, pending] = [holderOf(labels, CURRENT), holderOf(labels, PENDING)]
  if (pending !== undefined && pending !== current)
    faults.push('AWSPENDING is on another version than AWSCURRENT: the next rotation would be refused')
  return faults
}
