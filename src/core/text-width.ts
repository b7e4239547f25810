/**
 * Columns of a text on a terminal. Own code instead of a library because every command measures text and nearly none of it needs more
 * than a look: tables of emoji and a segmenter cost more to load than the rest of a small command together.
 */

/** Characters of one column that nothing joins or widens: letters, punctuation, arrows, lines, blocks, ticks. */
const PLAIN =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03ff\u0400-\u0482\u2010-\u2027\u2030-\u203a\u2190-\u2199\u2500-\u25a1\u25b2-\u25b5\u25bc-\u25bf\u25c6-\u25d3\u2713\u2717]*$/;
const ESC = "\u001b";
const BELL = "\u0007";
/** Colours and other CSI codes, and links (OSC). */
const ESCAPES = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\))`, "g");

/** Columns of `text` without its escape codes; wide characters count two, marks and controls none. Line ends count none. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const bare = text.includes(ESC) ? text.replace(ESCAPES, "") : text;
  if (PLAIN.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of careful().clusters.segment(bare)) width += clusterWidth(segment);
  return width;
}

interface Careful {
  readonly clusters: Intl.Segmenter;
  /** What is drawn at all. */
  readonly visible: RegExp;
  readonly emoji: RegExp;
  /** East Asian Width W and F (Unicode Standard Annex 11), without the emoji. */
  readonly wide: RegExp;
  /** Drawn in a column of its own behind the character that it belongs to. */
  readonly spacing: RegExp;
}

let made: Careful | undefined;

/** Made at the first text that is not plain. */
function careful(): Careful {
  made ??= {
    clusters: new Intl.Segmenter(),
    visible: /[^\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Cs}]/u,
    emoji:
      /(?!\p{RI})\p{Emoji_Presentation}|\p{RI}{2}|\p{Emoji}\ufe0f|[#*\d]\ufe0f?\u20e3|\p{Extended_Pictographic}.*\u200d.*\p{Extended_Pictographic}/su,
    wide: new RegExp(`[${WIDE}]`, "u"),
    spacing: /[\p{Mc}\uff00-\uffef]/gu,
  };
  return made;
}

const WIDE =
  "\\u1100-\\u115f\\u2329\\u232a\\u2630-\\u2637\\u268a-\\u268f\\u2e80-\\u303e\\u3041-\\u3247\\u3250-\\ua4c6\\ua960-\\ua97c\\uac00-\\ud7a3" +
  "\\uf900-\\ufaff\\ufe10-\\ufe19\\ufe30-\\ufe6b\\uff01-\\uff60\\uffe0-\\uffe6\\u{16fe0}-\\u{18df2}\\u{1aff0}-\\u{1b2fb}" +
  "\\u{1d300}-\\u{1d376}\\u{1f200}-\\u{1f265}\\u{20000}-\\u{3fffd}";

function clusterWidth(cluster: string): number {
  const { visible, emoji, wide, spacing } = careful();
  const start = cluster.search(visible);
  if (start < 0) return 0;
  if (emoji.test(cluster)) return 2;
  const drawn = cluster.slice(start);
  const [first = ""] = drawn;
  const marks = drawn.slice(first.length).match(spacing)?.length ?? 0;
  return (wide.test(first) ? 2 : 1) + marks;
}
