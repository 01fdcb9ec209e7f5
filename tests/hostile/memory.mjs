// Reads what no script of the page can read by itself: the memory of each wasm,
// and the strings of JavaScript's heap.

/** Does something with the list of all memories, in the page. */
async function withMemories(page, what, ...given) {
  const client = await page.context().newCDPSession(page);
  try {
    const { result } = await client.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
    const { objects } = await client.send("Runtime.queryObjects", { prototypeObjectId: result.objectId });
    const answer = await client.send("Runtime.callFunctionOn", {
      objectId: objects.objectId,
      functionDeclaration: String(what),
      arguments: given.map((value) => ({ value })),
      returnByValue: true,
    });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description);
    return answer.result.value;
  } finally {
    await client.detach();
  }
}

/** The whole memory of every wasm of the page. */
export async function memories(page) {
  const read = function () {
    return this.map(({ buffer }) => new Uint8Array(buffer).toBase64());
  };
  return (await withMemories(page, read)).map((text) => Buffer.from(text, "base64"));
}

/** Puts a text where nothing else stands, to see that a search finds it. */
export function plant(page, text) {
  const write = function (text) {
    for (const { buffer } of this) new Uint8Array(buffer).set(new TextEncoder().encode(text), buffer.byteLength - 64);
  };
  return withMemories(page, write, text);
}

/** All strings of JavaScript's heap, once its garbage is gone. */
export async function heapStrings(page) {
  const client = await page.context().newCDPSession(page);
  const parts = [];
  client.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => parts.push(chunk));
  for (let times = 0; times < 3; times += 1) await client.send("HeapProfiler.collectGarbage");
  await client.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await client.detach();
  return JSON.parse(parts.join("")).strings;
}
