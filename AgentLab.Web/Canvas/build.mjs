// Bundles the canvas, its style and its layout worker: node build.mjs --out FOLDER [--minify] [--report]
import { build } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const out = resolve(process.argv.includes('--out') ? argument('--out') : join(here, '../wwwroot/js'));
const minify = process.argv.includes('--minify');
const options = {
  bundle: true, format: 'esm', target: 'es2022', sourcemap: minify ? false : 'linked', minify, legalComments: 'eof', logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' }, jsx: 'automatic', absWorkingDir: here,
};

// A map of an earlier build would not fit a minified bundle.
for (const name of ['canvas.js', 'canvas.css', 'canvas-layout.js']) rmSync(join(out, `${name}.map`), { force: true });
await Promise.all([
  build({ ...options, entryPoints: { canvas: 'src/index.tsx' }, outdir: out }),
  build({ ...options, entryPoints: { 'canvas-layout': 'src/layoutWorker.ts' }, outdir: out }),
]);
if (process.argv.includes('--report')) {
  for (const name of ['canvas.js', 'canvas.css', 'canvas-layout.js']) {
    const bytes = readFileSync(join(out, name));
    console.log(`${basename(name)}: ${(bytes.length / 1024).toFixed(1)} KB, ${(brotliCompressSync(bytes).length / 1024).toFixed(1)} KB brotli`);
  }
}
