/**
 * The program that an agent starts as its MCP server: carries lines between its standard streams and the socket that it is given, where
 * the tools are. Ends when either side ends.
 */
import { createConnection } from "node:net";

const socket = createConnection(process.argv[2] ?? "");
process.stdin.pipe(socket);
socket.pipe(process.stdout);
process.stdout.on("error", () => process.exit(0));
socket.on("error", (error) => {
  process.stderr.write(`the session's tools cannot be reached: ${error.message}\n`);
  process.exit(1);
});
socket.on("close", () => process.exit(0));
