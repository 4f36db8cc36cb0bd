import { SCENES } from '$lib/core/scene';

/** A number of a form; empty: none. What is no number is left for the schema to refuse. */
const number = (form: FormData, name: string): number | null => {
	const text = String(form.get(name) ?? '').trim();
	return text === '' ? null : Number(text);
};
const word = (form: FormData, name: string): string | null => String(form.get(name) ?? '').trim() || null;

/** How a screen is to be set, from its form: scenes by the number of their place, empty ones are not shown. */
export function read(form: FormData): Record<string, unknown> {
	const scenes = SCENES.map((kind) => ({ kind, place: number(form, `place.${kind}`) }))
		.filter((s): s is { kind: (typeof SCENES)[number]; place: number } => s.place !== null && s.place > 0)
		.sort((a, b) => a.place - b.place)
		.map((s) => s.kind);
	return {
		scenes,
		seconds: number(form, 'seconds'),
		paused: form.has('paused'),
		sector: word(form, 'sector'),
		province: word(form, 'province'),
		campaign: number(form, 'campaign'),
		diagonal: number(form, 'diagonal'),
		distance: number(form, 'distance'),
		sound: form.has('sound')
	};
}
