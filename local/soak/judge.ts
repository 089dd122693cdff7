import { compareStored } from '../check/compare.ts'
import { storedIn } from '../check/stored.ts'
import { TABLES } from '../virtual/aws/tables.ts'
import { CONNECTION } from '../virtual/environment.ts'
import type { Scene } from './scene.ts'
import { unknowableIn } from './unseen-lives.ts'

/** What is found when all has come to rest. */
export type Judged = { compared: number; lost: number; swept: number; violations: string[] }

/** Compares all that Hookline knows with all that happened, and what it promises of itself. */
export async function judge(scene: Scene): Promise<Judged> {
  const { machine, witness } = scene
  const { clickup, operator, items, published } = machine
  const reading = storedIn(
    { ledger: items(TABLES.ledger), tasks: items(TABLES.tasks) },
    { dynamo: operator.dynamo, table: TABLES.state },
    CONNECTION,
  )
  await scene.pass(1_000)
  const stored = await reading
  const { compared, missing, extra, lost, swept } = compareStored({
    ...{ stored, clickup, witness, userId: Number(clickup.userId), crashes: scene.crashes() > 0 },
    published: published.filter(({ detailType }) => detailType !== 'Task Expanded'),
    unknowable: unknowableIn(scene, stored),
  })
  const violations = [
    ...missing.map((line) => `missing: ${line}`),
    ...extra.map((line) => `extra: ${line}`),
    ...ofWebhooks(scene),
    ...ofWatermark(scene),
    ...ofDebts(scene),
  ]
  return {
    compared,
    lost: lost.length,
    swept: swept.length,
    violations,
  }
}

/** One webhook delivers, and its secret is known; one that was replaced may still stand beside it. */
function ofWebhooks({ machine }: Scene): string[] {
  const { webhooks, faults } = machine.clickup
  const { slots } = machine.signing()
  const known = new Map([slots.a, slots.b].flatMap((slot) => (slot ? [[slot.webhookId, slot.secret] as const] : [])))
  const all = [...webhooks.all()]
  const sound = all.filter(
    ({ id, status, events }) => status === 'active' && events.size > 1 && !faults.silentWebhooks.includes(id),
  )
  return [
    ...(sound.length === 0 ? ['no webhook delivers'] : []),
    ...(all.length > 2 ? [`${all.length} webhooks stand`] : []),
    ...all.flatMap(({ id, secret }) =>
      known.get(id) === secret ? [] : [`the secret of the webhook ${id} is not known`],
    ),
  ]
}

/** It has come past all that has happened. */
function ofWatermark(scene: Scene): string[] {
  const last = scene.machine.notices.findLast(({ watermark }) => watermark !== null)
  const at = last?.watermark ?? 0
  return at > scene.lastActAt() ? [] : [`the watermark is at ${at}, and the last act was at ${scene.lastActAt()}`]
}

/** Whatever was published without its task has been followed by it. */
function ofDebts({ machine: { published } }: Scene): string[] {
  const expanded = new Map<string, number>()
  for (const { detailType, taskId, at } of published)
    if (detailType === 'Task Expanded' && taskId !== null) expanded.set(taskId, at)
  const owed = published.filter(
    ({ degraded, taskId, at }) => degraded && taskId !== null && (expanded.get(taskId) ?? 0) < at,
  )
  return owed.length === 0 ? [] : [`${owed.length} changes are still owed their task`]
}
