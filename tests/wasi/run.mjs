/* Runs a WASI program: node tests/wasi/run.mjs PROGRAM */
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';
const wasi = new WASI({ version: 'preview1', args: process.argv.slice(2) });
const program = await WebAssembly.compile(await readFile(process.argv[2]));
process.exitCode = wasi.start(
    await WebAssembly.instantiate(program, wasi.getImportObject()));
