/** Rules about `merge.files`: what nobody but a person merges cannot be given to a rule (domain §20, table). */
import { type RuleReach, ruleReach } from "../../core/conflicts/rule-reach.ts";
import { cleanPath } from "../schema/paths.ts";
import type { Problem } from "../source/diagnostic.ts";
import { asList, asMap, own, type PlainMap, type TextAt, textsAt } from "../source/plain.ts";

/** Globs that match nothing that a rule may resolve. */
export function mergeFileProblems(root: PlainMap): readonly Problem[] {
  return reaches(root).flatMap(({ path, text, found: { reach, because } }) =>
    reach === "none"
      ? [
          {
            path,
            message: `no rule resolves "${text}" (${because}): only a person merges it`,
            hint: "Rules are for documents, such as CHANGELOG.md. Remove it, or write `resolve: person`.",
          },
        ]
      : [],
  );
}

/** Globs that match more than their rule has a say over. */
export function mergeFileWarnings(root: PlainMap): readonly Problem[] {
  return reaches(root).flatMap(({ path, text, found: { reach, because } }) =>
    reach === "some"
      ? [
          {
            path,
            message: `"${text}" may match more than documents (${because}): a person merges that all the same`,
            hint: "Name the files, such as CHANGELOG.md.",
          },
        ]
      : [],
  );
}

/** Every glob that is to be resolved without a person. */
function reaches(root: PlainMap): readonly (TextAt & { readonly found: RuleReach })[] {
  const files = asList(own(asMap(own(root, "merge")), "files"));
  return files.flatMap((file, index) => {
    const rule = asMap(file);
    const resolve = own(rule, "resolve");
    if (resolve !== "union" && resolve !== "tracker") return [];
    return textsAt(own(rule, "match"), ["merge", "files", index, "match"]).map((glob) => ({
      ...glob,
      found: ruleReach(cleanPath(glob.text)),
    }));
  });
}
