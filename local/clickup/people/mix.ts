/** What people do, and how often compared with one another. */
export const USUAL_MIX = {
  status: 340,
  assign: 120,
  unassign: 40,
  comment: 160,
  editComment: 30,
  trackTime: 80,
  editTime: 8,
  deleteTime: 4,
  priority: 60,
  addTag: 40,
  removeTag: 20,
  dueDate: 50,
  startDate: 12,
  estimate: 30,
  points: 10,
  field: 60,
  rename: 20,
  description: 20,
  newTask: 50,
  move: 25,
  otherList: 8,
  archive: 3,
  deleteTask: 4,
  restoreTask: 1,
  list: 6,
  folder: 3,
  space: 2,
  goal: 4,
  keyResult: 4,
} as const

export type ActName = keyof typeof USUAL_MIX
export type PlaceActName = 'list' | 'folder' | 'space' | 'goal' | 'keyResult'
export type TaskActName = Exclude<ActName, PlaceActName>
export type Mix = Readonly<Record<ActName, number>>
