/** A picture of a screen, and what is wrong on it. */
export type Shot = { name: string; file: string; state: string; found: string[] };

const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** All pictures on one page, by state. */
export function html(shots: Shot[]): string {
	const states = [...new Set(shots.map((s) => s.state))];
	const figure = ({ name, file, found }: Shot) =>
		`<figure${found.length ? ' class="found"' : ''}><a href="${escape(file)}"><img loading="lazy" src="${escape(file)}" alt=""></a>` +
		`<figcaption>${escape(name)}${found.map((f) => `<br><b>${escape(f)}</b>`).join('')}</figcaption></figure>`;
	const part = (state: string) =>
		`<h2>${state}</h2><div>${shots
			.filter((s) => s.state === state)
			.map(figure)
			.join('\n')}</div>`;
	return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title>
<style>body{background:#777;color:#fff;font:13px sans-serif;margin:1rem}div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}
figure{margin:0;inline-size:20rem}img{inline-size:100%;max-block-size:24rem;object-fit:contain;object-position:top;background:#555}
.found{outline:3px solid #f2542d}</style>
<h1>${shots.length} pictures, ${new Date().toISOString().slice(0, 16)}Z</h1>
${states.map(part).join('\n')}</html>`;
}

export const table = (shots: Shot[]): string =>
	shots.flatMap(({ name, found }) => found.map((text) => `| ${name.padEnd(44)} | ${text}`)).join('\n');
