import type { NoModel } from '../statement.ts'

/**
 * How a recipe ended with one task. Only `again` is to be done again; all others are over, and the reasons among them are
 * sentences for whoever has written the recipe.
 */
export type RecipeOutcome =
  | { kind: 'done'; to: 'comment' | 'field'; by: 'model' | 'template' }
  /** It was done before, for the same occasion. */
  | { kind: 'already' }
  /** The field has that value already: nothing was written. */
  | { kind: 'stands' }
  /** Not now. `reason`: a sentence. */
  | { kind: 'again'; inSeconds: number; reason: string }
  /** There is no recipe of this name. */
  | { kind: 'unknownName' }
  /** The task is deleted or out of sight. */
  | { kind: 'gone' }
  /** The task is not in the recipe's status any more. */
  | { kind: 'left'; status: string | null }
  /** The task is in none of the recipe's places, or nothing is known of where it is. */
  | { kind: 'elsewhere' }
  /** Its round was due more than a day ago: the next one has been there since, or will be soon. */
  | { kind: 'late' }
  /** It came into the status so often within a day that something must go round in a circle. */
  | { kind: 'tooOften'; times: number }
  /** Nobody was there to choose: a template can tell, and cannot choose. */
  | { kind: 'noModel'; why: NoModel }
  /** The model has chosen nothing, or rested its choice on nothing that it was given. */
  | { kind: 'noChoice'; why: 'none' | 'uncited' }
  /** The task's list has no such field, or several. */
  | { kind: 'noField'; reason: string }
  /** The field is of a type that no recipe fills, or has no options to choose from. */
  | { kind: 'cannotFill'; reason: string }
  /** ClickUp does not take what was to be written. */
  | { kind: 'failed'; reason: string }
