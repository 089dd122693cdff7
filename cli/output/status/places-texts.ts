import type { ConnectionStatus } from '../../../core/status/connection.ts'
import { type Counts, placesOf, type SpaceSummary } from '../../../core/status/places.ts'
import { counted } from '../notes.ts'
import { plain } from '../text.ts'
import { agoText } from '../time.ts'
import type { Pen } from './level.ts'

/** So many spaces, and chosen folders of one, are told by name; --json tells all of them. */
const MOST = 8

/** What is listened to: spaces, folders, lists and tasks, together and by space. */
export function placesTexts({ record, hierarchy }: ConnectionStatus, { paint, style }: Pen): string[] {
  if (hierarchy === null) return ['not listed yet; the next sweep lists them']
  const { readAt, chosen, spaces } = placesOf(hierarchy, record?.selection)
  const heard = spaces.filter((space) => space.chosen && !space.archived)
  const left = spaces.filter((space) => !space.chosen && !space.archived).length
  const lines = [
    `${counted(chosen.spaces, 'space')}, ${countsText(chosen)}; listed ${agoText(readAt, style.now)}`,
    ...heard.slice(0, MOST).map((space) => spaceText(space)),
    ...(heard.length > MOST ? [paint('dim', `and ${counted(heard.length - MOST, 'more space')}`)] : []),
    ...(left > 0 ? [paint('dim', `${counted(left, 'space')} not chosen`)] : []),
  ]
  const gone = (record?.selection?.spaces ?? []).filter((id) => !spaces.some((space) => space.id === id))
  if (gone.length > 0) lines.push(paint('yellow', plain(`chosen and not seen: space ${gone.join(', ')}`)))
  return lines
}

const countsText = ({ folders, lists, tasks }: Counts) =>
  [counted(folders, 'folder'), counted(lists, 'list'), ...(tasks === null ? [] : [counted(tasks, 'task')])].join(', ')

function spaceText(space: SpaceSummary): string {
  const { id, name, within, listedAt } = space
  const some = within.filter(({ chosen }) => chosen)
  const part =
    some.length < within.length
      ? ` (only ${some
          .slice(0, MOST)
          .map((folder) => folder.name)
          .join(', ')})`
      : ''
  return plain(`${name} (${id}): ${listedAt === null ? 'not listed yet' : countsText(space)}${part}`)
}
