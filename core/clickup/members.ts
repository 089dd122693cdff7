import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import type { ClickUp } from './client.ts'
import { idSchema, nameText, numberSchema } from './scalars.ts'

const memberAnswer = z.looseObject({
  user: z.looseObject({
    id: idSchema,
    username: nameText.nullish(),
    email: nameText.nullish(),
    role: numberSchema.optional(),
  }),
})
const teamsAnswer = z.looseObject({
  teams: z.array(z.looseObject({ id: idSchema, members: z.array(z.unknown()).catch([]) })),
})

export type ListedMember = { id: string; name: string | null; email: string | null; role: number | null }

/** The people of a workspace; `noAccess` when the token does not see it. One that cannot be read is left out. */
export async function listMembers(clickup: Pick<ClickUp, 'get'>, workspaceId: string): Promise<Answer<ListedMember[]>> {
  const answer = await clickup.get('/team', teamsAnswer)
  if (answer.kind !== 'ok') return answer
  const team = answer.value.teams.find(({ id }) => id === workspaceId)
  if (team === undefined) return { kind: 'noAccess' }
  const members = team.members.flatMap((each) => {
    const { data } = memberAnswer.safeParse(each)
    if (data === undefined) return []
    const { id, username, email, role } = data.user
    return { id, name: username ?? null, email: email ?? null, role: role ?? null }
  })
  return { ...answer, value: members }
}
