import { PLANS } from '../../rate-limit.ts'
import { ERRORS, ok } from '../answer.ts'
import { type Handler, isWorkspace } from '../call.ts'
import { accountOf, memberOf } from '../render/people.ts'

/** Who calls, and which workspace there is. */
export const accountRoutes: Record<string, Handler> = {
  'GET /v2/user': (call) => ok({ user: accountOf(call.caller) }),

  'GET /v2/team': ({ world }) => {
    const { id, name, color } = world.workspace
    return ok({ teams: [{ id, name, color, avatar: null, members: world.users().map(memberOf) }] })
  },

  'GET /v2/team/:team/plan': (call) =>
    isWorkspace(call) ? ok({ plan_name: call.plan, plan_id: PLANS[call.plan].id }) : ERRORS.noAccess,
}
