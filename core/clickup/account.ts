import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { callsPerMinuteOf, planAnswer } from './plan.ts'
import { idSchema, nameText, numberSchema, userSchema } from './scalars.ts'

/** What a member may do: 1 owner, 2 admin, 3 member, 4 guest; `null` where ClickUp does not say. */
type Role = number | null

export type Workspace = {
  id: string
  name: string
  /** The role of the token's user in it. */
  role: Role
  members: number
}

/** Whom a token belongs to, and the workspaces that it sees. */
export type Account = { user: { id: string; name: string }; workspaces: Workspace[] }

const userAnswer = z.looseObject({ user: userSchema })
const teamsAnswer = z.looseObject({
  teams: z.array(
    z.looseObject({
      id: idSchema,
      name: nameText,
      members: z
        .array(z.looseObject({ user: z.looseObject({ id: idSchema, role: numberSchema.optional() }) }))
        .catch([]),
    }),
  ),
})

/** Whom a token belongs to. */
export async function readUser(clickup: Pick<ClickUp, 'get'>): Promise<Answer<Account['user']>> {
  const who = await clickup.get('/user', userAnswer)
  if (who.kind !== 'ok') return who
  const { id, username } = who.value.user
  return { ...who, value: { id, name: username ?? id } }
}

export async function readAccount(clickup: Pick<ClickUp, 'get'>): Promise<Answer<Account>> {
  const who = await readUser(clickup)
  if (who.kind !== 'ok') return who
  const where = await clickup.get('/team', teamsAnswer)
  if (where.kind !== 'ok') return where
  const user = who.value
  const workspaces = where.value.teams.map(({ id, name, members }) => ({
    id,
    name,
    role: members.find((member) => member.user.id === user.id)?.user.role ?? null,
    members: members.length,
  }))
  return { ...where, value: { user, workspaces } }
}

/** The plan's name and its rate limit; null where it is not told, or none that we know: then headers tell. */
export async function readPlan(
  clickup: Pick<ClickUp, 'get'>,
  workspaceId: string,
): Promise<{ name: string; callsPerMinute: number | null } | null> {
  const answer = await clickup.get(`/team/${segment(workspaceId)}/plan`, planAnswer)
  if (answer.kind !== 'ok') return null
  const { plan_name: name } = answer.value
  return { name, callsPerMinute: callsPerMinuteOf(name) }
}
