import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConnection } from '../../core/status/connection.ts'
import { MINUTE, type Parts, startParts } from '../guard/support.ts'
import { BROUGHT, makeTokenRotating } from './token-support.ts'

let parts: Parts
beforeAll(async () => {
  parts = await startParts()
})
afterAll(() => parts.close())

test('tells how old the token is, how the rotations went and until when two webhooks stand', async () => {
  const rotating = await makeTokenRotating(parts)
  const { stage } = rotating
  const now = () => stage.clock.time
  const place = { client: parts.clients.secrets, stage: stage.stage }
  const read = async (secrets: Parameters<typeof readConnection>[3] = place) =>
    (await readConnection(stage.state, 'main', now(), secrets)).rotations

  const never = { signing: null, token: null, overlapUntil: null }
  expect(await read()).toEqual({ ...never, tokenSince: BROUGHT, signingChangedAt: expect.any(Number) })
  expect(await read(null)).toEqual({ ...never, tokenSince: null, signingChangedAt: null })
  // Whoever may not read the secrets is told all the rest.
  expect(await read({ ...place, stage: 'elsewhere' })).toEqual({ ...never, tokenSince: null, signingChangedAt: null })

  const { id } = parts.clickup.world.addUser({ username: 'Ann Meyer', email: 'ann@team.example', role: 2 })
  await rotating.bring(parts.clickup.issueToken(id), { takeover: true })
  const broughtAt = now()
  const run = await rotating.start()
  await rotating.takeAll(run)
  const overlapUntil = now() + 60 * MINUTE
  expect(await read()).toMatchObject({ token: { run, phase: 'done' }, tokenSince: broughtAt, overlapUntil })
  stage.clock.time = overlapUntil
  expect(await read()).toMatchObject({ overlapUntil: null })
})
