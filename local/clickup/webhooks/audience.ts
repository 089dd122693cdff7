import type { Emission, Place } from '../world/mutation.ts'
import type { World } from '../world/world.ts'
import type { Scope, Webhook } from './registry.ts'

/** The most specific location of a scope decides; a scope without any is the whole workspace. */
function covers(scope: Scope, place: Place): boolean {
  if (scope.taskId !== null) return scope.taskId === place.taskId
  if (scope.listId !== null) return scope.listId === place.listId
  if (scope.folderId !== null) return scope.folderId === place.folderId
  if (scope.spaceId !== null) return scope.spaceId === place.spaceId
  return true
}

/** ClickUp checks before each event that the webhook's maker may see the place, and is not disabled. */
function maySee(world: World, userId: number, place: Place): boolean {
  const user = world.store.users.get(userId)
  if (user === undefined || user.disabled || user.left) return false
  const space = place.spaceId === null ? undefined : world.store.spaces.get(place.spaceId)
  return space === undefined || world.isMember(space, userId)
}

/** Whether a webhook is to hear of an event. */
export const hears = (world: World, webhook: Webhook, emission: Emission): boolean =>
  webhook.status !== 'suspended' &&
  webhook.events.has(emission.event) &&
  emission.places.some((place) => covers(webhook.scope, place) && maySee(world, webhook.userId, place))
