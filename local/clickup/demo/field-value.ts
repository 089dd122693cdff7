import type { Random } from '../random.ts'
import type { Field, FieldValue } from '../world/types.ts'
import type { World } from '../world/world.ts'

const DAY = 86_400_000

/** Something that a person would enter; undefined for what cannot be entered. */
export function someFieldValue(world: World, field: Field, random: Random): FieldValue | undefined {
  switch (field.type) {
    case 'drop_down':
      return { kind: 'option', optionId: random.pick(field.options).id }
    case 'labels':
      return { kind: 'labels', optionIds: random.shuffle(field.options.map(({ id }) => id)).slice(0, random.int(1, 2)) }
    case 'date':
      return { kind: 'date', at: world.now() + random.int(-20, 60) * DAY }
    case 'number':
      return { kind: 'number', value: random.int(1, 21) }
    case 'currency':
      return { kind: 'number', value: random.int(100, 90_000) / 2 }
    case 'emoji':
      return { kind: 'number', value: random.int(1, 5) }
    case 'checkbox':
      return { kind: 'checkbox', checked: random.chance(0.7) }
    case 'users':
      return { kind: 'users', userIds: [random.pick(world.users()).id] }
    case 'tasks':
      return { kind: 'tasks', taskIds: [random.pick(world.store.tasks.ids())] }
    case 'manual_progress':
      return { kind: 'progress', current: random.int(0, 10) * 10 }
    case 'location':
      return { kind: 'location', lat: 52.52, lng: 13.405, address: `Lindenstraße ${random.int(1, 99)}, Berlin` }
    case 'email':
      return { kind: 'text', text: `desk${random.int(1, 99)}@customer.example` }
    case 'phone':
      return { kind: 'text', text: `+49 30 5550${random.int(100, 999)}` }
    case 'url':
      return { kind: 'text', text: `https://wiki.northwind.example/page/${random.int(1, 9_999)}` }
    case 'short_text':
    case 'text':
      return { kind: 'text', text: `Note ${random.int(1, 999)}` }
    case 'automatic_progress':
      return undefined
  }
}
