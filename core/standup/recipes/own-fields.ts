import type { StandupSettings } from '../settings.ts'

type Field = { id: string; name: string }

/**
 * Whether a custom field of a connection is one that we fill: of recipes and of summaries. What stands in it is our own word,
 * so it is never a reason to do something and never material, whoever changed it last.
 */
export function ownFields(
  { recipes, summaries }: Pick<StandupSettings, 'recipes' | 'summaries'>,
  connection: string,
): (field: Field) => boolean {
  const names = [
    ...recipes.flatMap(({ connection: of, act }) => (of === connection && act.kind === 'field' ? [act.field] : [])),
    ...summaries.flatMap(({ connection: of, to }) =>
      of === connection && to.field !== undefined ? [to.field.name] : [],
    ),
  ]
  const own = new Set(names.map(folded))
  return ({ id, name }) => own.has(folded(id)) || own.has(folded(name))
}

const folded = (text: string) => text.trim().toLowerCase()
