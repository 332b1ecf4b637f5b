// Lines of JSON, as they come. In goes the body of an answer, out comes the value of each line once the line is whole.

/** @param {ReadableStream<Uint8Array>} body @param {(value: any) => void} onLine */
export async function readLines(body, onLine) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let begun = ""; // the line that has not ended
  const take = (line) => line.trim() !== "" && onLine(JSON.parse(line));
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (begun + decoder.decode(value, { stream: !done })).split("\n");
    begun = lines.pop();
    lines.forEach(take);
    if (done) break;
  }
  take(begun);
}
