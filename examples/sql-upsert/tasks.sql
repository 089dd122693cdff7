-- The tasks as last read, one row each. A task that is gone stays, and `state` says so.
create table if not exists tasks (
  connection text not null,
  id text not null,
  state text not null,
  name text,
  status text,
  status_type text,
  priority text,
  list_id text,
  list_name text,
  space_id text,
  parent_id text,
  assignee_ids text[] not null,
  tags text[] not null,
  due_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  closed_at timestamptz,
  url text,
  -- The whole snapshot, for what has no column of its own: custom fields, watchers, dependencies.
  task jsonb not null,
  -- When ClickUp was read.
  as_of timestamptz not null,
  -- Grows with every newer snapshot: an older one never replaces it. `as_of` cannot tell, because a later reading of ClickUp
  -- may answer with an older state.
  version bigint not null,
  primary key (connection, id)
);
