/** Rules about what a slot is given to do, and who does it. */
import { type Outline, type SlotOutline, slotsOf } from "../outline.ts";
import type { Problem } from "../source/diagnostic.ts";

/** Slots without work, without a role where one is needed, or with a pair that cannot work. */
export function workProblems(outline: Outline): readonly Problem[] {
  return slotsOf(outline).flatMap((slot) => [...briefProblems(slot), ...roleProblems(slot)]);
}

function briefProblems(slot: SlotOutline): readonly Problem[] {
  const has = (key: string) => Object.hasOwn(slot.map, key);
  if (has("brief") && has("brief_file")) {
    return [
      {
        path: [...slot.path, "brief_file"],
        atKey: true,
        message: "`brief` and `brief_file` exclude each other",
        hint: "Keep one of the two.",
      },
    ];
  }
  if (["brief", "brief_file", "title", "task"].some(has)) return [];
  return [
    {
      path: [...slot.path, "brief"],
      missing: true,
      message: "nothing says what the slot is to do",
      expected: "a `brief`",
    },
  ];
}

function roleProblems(slot: SlotOutline): readonly Problem[] {
  const { roles, makes, path } = slot;
  const names = roles.map((role) => role.text);
  const at = [...path, "role"];
  if (!Object.hasOwn(slot.map, "role")) {
    if (makes === undefined || makes === "commit") return [];
    return [
      {
        path: at,
        missing: true,
        message: "`role` is missing",
        expected: `a role, because the slot makes ${makes} and no commit`,
      },
    ];
  }
  if (names.length > 2)
    return [{ path: at, message: `${names.length} roles share one slot`, expected: "one role, or a pair" }];
  if (names.length === 2 && names.includes("user"))
    return [
      {
        path: at,
        message: "a person cannot be paired with an agent",
        hint: "Make it two slots, one `after` the other.",
      },
    ];
  if (names.length === 2 && names[0] === names[1])
    return [{ path: at, message: `the pair names ${names[0]} twice` }];
  if (Array.isArray(slot.map.role) && slot.map.role.length === 0)
    return [{ path: at, message: "`role` is an empty list", expected: "a role" }];
  if (names[0] === "user" && (makes === undefined || makes === "commit")) {
    return [
      {
        path: at,
        message: "a person's slot does not say which file it waits for",
        expected: "`makes` with an artifact type or a path",
      },
    ];
  }
  return [];
}
