import { PLANS } from '../../rate-limit.ts'
import { type Answer, ERRORS, ok } from '../answer.ts'
import { type Call, type Handler, isWorkspace } from '../call.ts'
import { accountOf, memberOf } from '../render/people.ts'
import { EMPTY_WORKSPACE } from './empty-workspace.ts'

function teams({ world, faults, caller }: Call): Answer {
  if (faults.workspaces === 'none') return ok({ teams: [] })
  const { id, name, color } = world.workspace
  const members = world.users().filter(({ disabled }) => !disabled || faults.disabledMembers === 'listed')
  const team = { id, name, color, avatar: null, members: members.map(memberOf) }
  const second = { ...EMPTY_WORKSPACE, avatar: null, members: [memberOf(caller)] }
  return ok({ teams: faults.workspaces === 'two' ? [team, second] : [team] })
}

function plan(call: Call): Answer {
  if (!isWorkspace(call)) return ERRORS.noAccess
  switch (call.faults.toldPlan) {
    case 'true':
      return ok({ plan_name: call.plan, plan_id: PLANS[call.plan].id })
    case 'unknown':
      return ok({ plan_name: 'Starlight', plan_id: 77 })
    case 'refused':
      return ERRORS.noAccess
  }
}

/** Who calls, and which workspaces there are. */
export const accountRoutes: Record<string, Handler> = {
  'GET /v2/user': (call) => ok({ user: accountOf(call.caller) }),
  'GET /v2/team': teams,
  'GET /v2/team/:team/plan': plan,
}
