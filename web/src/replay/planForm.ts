/** What the steps of a new replay ask for; the page's URL holds it all under these names. */
export const PLAN_FIELDS = [
  "stream",
  "as_of",
  "from",
  "to",
  "shards",
  "from_position",
  "where",
  "compact",
  "compact_key",
  "order_by",
  "tombstone",
  "tombstones",
  "target",
  "partition_key",
  "envelope",
  "dense",
  "overwrite",
  "skip_superseded",
  "skip_oversize",
  "allow_source",
  "set",
  "set_sql",
  "share",
  "max_rate",
  "max_records",
] as const;

export type PlanField = (typeof PLAN_FIELDS)[number];
export type PlanForm = Record<PlanField, string>;

export function planForm(parameters: URLSearchParams): PlanForm {
  return Object.fromEntries(PLAN_FIELDS.map((name) => [name, parameters.get(name) ?? ""])) as PlanForm;
}

/** The request that makes the plan. What was left empty is not in it, so the server's defaults hold. */
export function planBody(form: PlanForm): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const put = (name: string, value: unknown) => {
    if (value !== "" && value !== undefined) {
      body[name] = value;
    }
  };
  for (const name of ["stream", "target", "as_of", "from", "to", "where", "partition_key", "envelope"] as const) {
    put(name, form[name].trim());
  }
  put("shards", listOf(form.shards));
  put("from_position", listOf(form.from_position));
  put("set", pairsOf(form.set));
  put("set_sql", pairsOf(form.set_sql));
  for (const name of ["dense", "overwrite", "skip_superseded", "skip_oversize", "allow_source"] as const) {
    put(name, form[name] === "1" ? true : undefined);
  }
  put("max_records", numberOf(form.max_records));
  const pace = { ...optional("share", percentOf(form.share)), ...optional("max_rate", numberOf(form.max_rate)) };
  put("pace", Object.keys(pace).length > 0 ? pace : undefined);
  if (form.compact === "1") {
    body.compact = {
      ...optional("key", form.compact_key.trim()),
      ...optional("order_by", form.order_by.trim()),
      ...optional("tombstone", form.tombstone.trim()),
      ...(form.tombstone.trim() ? { tombstones: form.tombstones || "send" } : {}),
    };
  }
  return body;
}

function optional(name: string, value: unknown): Record<string, unknown> {
  return value === "" || value === undefined ? {} : { [name]: value };
}

function listOf(text: string): string[] | undefined {
  const items = text.split(/[\s,]+/).filter((item) => item !== "");
  return items.length > 0 ? items : undefined;
}

/** Lines of `name = text`; the text may hold further equals signs. */
function pairsOf(text: string): Record<string, string> | undefined {
  const pairs = text.split("\n").flatMap((line) => {
    const at = line.indexOf("=");
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

function numberOf(text: string): number | undefined {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
}

function percentOf(text: string): number | undefined {
  const number = numberOf(text);
  return number === undefined ? undefined : number / 100;
}
