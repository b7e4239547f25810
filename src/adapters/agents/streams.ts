/** Reading what programs print. */

/** Calls back for every complete line, and for an unfinished last one at the end. */
export function lineReader(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (stream === null) return;
  const decoder = new TextDecoder();
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

/** Keeps the last characters of a stream; the result reads what has been kept so far. */
export function tailReader(stream: NodeJS.ReadableStream | null, keep = 4000): () => string {
  let tail = "";
  stream?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString("utf8")).slice(-keep);
  });
  return () => tail;
}
